/**
 * Whether a node document may take the place of the pinned one by itself: a successor
 * that the pinned keys sign, and that contradicts nothing which the pinned one says.
 *
 * What a permit shows: whoever holds a key that counts wants it so. A stolen key can
 * sign a successor as well, so people are shown every one. What may not change by
 * itself is what people vouched for: name, legal order, world, witness, and a log
 * that no accepted notice leads to.
 */

import { canonicalText } from '../../base/canonical-json.ts'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { ComityError } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import type { Verified } from '../../base/verified.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { messageKeysOf, type NodeDocument, verifyNodeDocument } from './node-document.ts'

export const RENEWAL_REFUSALS = {
  malformed: 'it is no node document of that node',
  'key-unknown': 'no key of the pinned document signed it',
  'key-revoked': 'a key that was revoked signed it',
  'key-validity': 'a key whose time is over, or has not begun, signed it',
  signature: 'its signature is wrong',
  'too-old': 'it was issued more than seven days ago, or in the future',
  older: 'the pinned document was issued after it',
  forked: 'it contradicts what the pinned document says of keys or revocations',
  'no-overlap': 'the encryption key that is pinned is neither listed nor revoked',
  'log-key': 'it names a log that no accepted notice leads to',
  facts: 'the name, the legal order, the world or the witness changed',
  'closed-logs':
    'its closed logs are not those of the pinned document and those that notices closed since',
  address: 'it moves the node to an address without encryption, or to another path',
} as const

/** What it changes: a revocation, which key is used, or something that can wait. */
export type RenewalKind = 'revocation' | 'key' | 'other'

export type WhyNotRenewed = keyof typeof RENEWAL_REFUSALS

/** `undefined`: it says what the pinned one says. */
export type Renewal = Decision<Verified<NodeDocument> | undefined, WhyNotRenewed>

export type RenewalContext = {
  /** Real time. */
  readonly now: Instant
  /** Whether accepted notices lead from one log key to the other. */
  readonly leadsTo: (fromLogKey: string, toLogKey: string) => boolean
}

export function judgeRenewal(
  primitives: Primitives,
  pinned: NodeDocument,
  bytes: Uint8Array,
  { now, leadsTo }: RenewalContext,
): Renewal {
  let offered: Verified<NodeDocument>
  try {
    const by = { node: pinned.node, pinned: messageKeysOf(pinned), now }
    offered = verifyNodeDocument(primitives, bytes, by)
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    return no(isRefusal(error.reason) ? error.reason : 'malformed')
  }
  if (withoutTime(offered) === withoutTime(pinned)) return permit(undefined)
  if (offered.issuedAt <= pinned.issuedAt) return no('older')
  if (contradicts(pinned, offered, now)) return no('forked')
  if (!overlaps(pinned, offered)) return no('no-overlap')
  const isSameLog = offered.logKey === pinned.logKey
  if (!isSameLog && !leadsTo(pinned.logKey, offered.logKey)) return no('log-key')
  if (!closesAsSaid(pinned, offered, leadsTo)) return no('closed-logs')
  if (factsOf(offered) !== factsOf(pinned) || changesSecondWitness(pinned, offered)) {
    return no('facts')
  }
  if (!isSafeMove(pinned, offered)) return no('address')
  return permit(offered, { rule: 'renewal:signed', text: 'a key of the pinned document signed it' })
}

function no(why: WhyNotRenewed) {
  return refuse(why, { rule: `renewal:${why}`, text: RENEWAL_REFUSALS[why] })
}

function isRefusal(reason: string | undefined): reason is WhyNotRenewed {
  return reason !== undefined && Object.hasOwn(RENEWAL_REFUSALS, reason)
}

/** All but when it was signed: a node signs the same facts anew all the time. */
function withoutTime({ issuedAt: _, ...document }: NodeDocument): string {
  return canonicalText(document)
}

function contradicts(pinned: NodeDocument, offered: NodeDocument, now: Instant): boolean {
  const keys = new Map(offered.messageKeys.map((key) => [key.id, key]))
  const isKeyChanged = pinned.messageKeys.some((before) => {
    const after = keys.get(before.id)
    const isOver = before.validUntil < now
    // One that is long over may be left out, and never comes back.
    if (after === undefined) return !isOver
    const isLonger = after.validUntil > before.validUntil
    return after.key !== before.key || after.validFrom !== before.validFrom || (isOver && isLonger)
  })
  const revoked = new Map(offered.revocations?.map(({ key, at }) => [key, at]))
  const leftOut = new Set(pinned.messageKeys.flatMap(({ id }) => (keys.has(id) ? [] : [id])))
  const isTakenBack = (pinned.revocations ?? []).some(
    ({ key, at }) => !leftOut.has(key) && revoked.get(key) !== at,
  )
  return isKeyChanged || isTakenBack
}

/** What was sealed to the pinned recipient must still find its way, or be said to be void. */
function overlaps(pinned: NodeDocument, offered: NodeDocument): boolean {
  const { encryptionRecipient: before } = pinned
  return (
    offered.encryptionRecipient === before ||
    (offered.encryptionRecipients ?? []).some(({ recipient }) => recipient === before) ||
    (offered.revocations ?? []).some(({ key }) => key === before)
  )
}

function factsOf({ name, legalOrder, exercise, witnessKey }: NodeDocument): string {
  return canonicalText({ name, legalOrder, exercise: exercise ?? null, witnessKey })
}

/** One may be added: it counts nowhere until people put it into a policy. */
function changesSecondWitness(pinned: NodeDocument, offered: NodeDocument): boolean {
  const { witnessKeyMlDsa44: before } = pinned
  return before !== undefined && before !== offered.witnessKeyMlDsa44
}

/** The list only grows, by the logs between the pinned one and the one that is named now. */
function closesAsSaid(
  { closedLogs: before = [], logKey: pinnedLog }: NodeDocument,
  { closedLogs: after = [], logKey }: NodeDocument,
  leadsTo: RenewalContext['leadsTo'],
): boolean {
  if (canonicalText(after.slice(0, before.length)) !== canonicalText(before)) return false
  const added = after.slice(before.length).map((closed) => closed.logKey)
  if (added.length === 0) return true
  const way = [...added, logKey]
  return added[0] === pinnedLog && added.every((key, at) => leadsTo(key, way[at + 1] as string))
}

/** A document without encryption names the reader's own machine; a path is free text. */
function isSafeMove({ endpoints: before }: NodeDocument, { endpoints }: NodeDocument): boolean {
  return (['federation', 'log', 'web'] as const).every((name) => {
    const address = endpoints[name]
    if (address === undefined || address === before[name]) return true
    return !address.startsWith('http:') && pathOf(address) === pathOf(before[name] ?? '')
  })
}

const pathOf = (address: string) => address.replace(/^https?:\/\/[^/]*/, '')

export function renewalKind(pinned: NodeDocument, offered: NodeDocument): RenewalKind {
  const revoked = new Set(pinned.revocations?.map(({ key }) => key))
  if (offered.revocations?.some(({ key }) => !revoked.has(key))) return 'revocation'
  const known = new Set(pinned.messageKeys.map(({ id }) => id))
  const isKey =
    offered.messageKeys.some(({ id }) => !known.has(id)) ||
    offered.encryptionRecipient !== pinned.encryptionRecipient ||
    offered.logKey !== pinned.logKey
  return isKey ? 'key' : 'other'
}
