/** Messages about the case: headers that the node signed, receipts that peers signed. */
import { unverified } from '../../base/errors.ts'
import type { AuthorityState } from '../../core/authority/authority.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { Release } from '../../core/release/release.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { linkOf, requireSoundHeader } from '../exchange/message-header.ts'
import { outcomeOf } from '../exchange/receipt.ts'
import { DOMAIN, verifyValue } from '../exchange/signed.ts'
import { ownMessageKeys, peerMessageKeys } from './check-authority.ts'
import { CHANNEL, type PackageContent } from './content.ts'
import type { ChannelLine } from './forms.ts'
import type { Checking } from './report.ts'

export function checkChannel(
  primitives: Primitives,
  content: PackageContent,
  { authority, state }: { readonly authority: AuthorityState; readonly state: CaseState },
  checking: Checking,
): void {
  const { channel, facts } = content
  if (channel.length > 0) checking.looked(CHANNEL)
  const objects = [facts.caseId, state.leadCaseId]
  const places = new Set<string>()
  for (const [index, line] of channel.entries()) {
    checking.attempt(
      CHANNEL,
      () => {
        const { destination, epoch, seq, objectId } = line.header
        const place = `${destination}/${epoch}/${seq}`
        if (places.has(place)) throw unverified('two messages have one number')
        places.add(place)
        if (!objects.includes(objectId)) throw unverified('a message is about something else')
        requireHeader(primitives, line, facts.node, authority)
        requireReceipt(primitives, line, authority)
      },
      index + 1,
    )
  }
  for (const release of state.releases.permitted) {
    checking.attempt(CHANNEL, () => requireAccounted(release, channel))
  }
  const receipted = channel.filter(({ receipt }) => receipt !== null).length
  checking.found(`${channel.length} messages, ${receipted} with a signed receipt of the peer`)
}

function requireHeader(
  primitives: Primitives,
  { header, headerSignature }: ChannelLine,
  node: string,
  authority: AuthorityState,
): void {
  requireSoundHeader(header, 'header')
  if (header.origin !== node) throw unverified('the message is of another node')
  const by = { node, messageKeys: ownMessageKeys(authority, node) }
  verifyValue(primitives, DOMAIN.header, header, headerSignature, by)
}

function requireReceipt(
  primitives: Primitives,
  { header, receipt: signed }: ChannelLine,
  authority: AuthorityState,
): void {
  if (signed === null) return
  const { receipt, signature } = signed
  const isAbout =
    receipt.origin === header.origin &&
    receipt.destination === header.destination &&
    receipt.epoch === header.epoch &&
    receipt.seq === header.seq &&
    receipt.link === linkOf(primitives, header)
  if (!isAbout) throw unverified('a receipt is for another message')
  const by = {
    node: header.destination,
    messageKeys: peerMessageKeys(authority, header.destination),
    at: receipt.at,
  }
  verifyValue(primitives, DOMAIN.receipt, receipt, signature, by)
}

/** A release that the case calls received by the peer has the peer's receipt here. */
function requireAccounted(release: Release, channel: readonly ChannelLine[]): void {
  const { messageId, receipt, releaseId, recipient, agreement } = release
  const line = channel.find(({ header }) => header.id === messageId)
  if (line) {
    const { header } = line
    if (header.destination !== recipient || header.agreement !== (agreement?.digest ?? null)) {
      throw unverified(`the message of release ${releaseId} has another recipient or agreement`)
    }
  }
  if (receipt === null) return
  const signed = line?.receipt
  if (!signed) throw unverified(`the peer\u2019s receipt for release ${releaseId} is missing`)
  const decisions: string[] = [signed.receipt.decision, outcomeOf(signed.receipt)]
  if (!decisions.includes(receipt.status)) {
    throw unverified(`the peer\u2019s receipt for release ${releaseId} says something else`)
  }
}
