/**
 * The agreements that the case relies on: the signed text, every party's signature
 * with a key that the text itself pins, and whether it was in force at each release.
 */
import { fromBase64, toHex } from '../../base/bytes.ts'
import { unverified } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import {
  AGREEMENT_TRANSITIONS,
  type AgreementEvent,
  type AgreementRef,
  type AgreementState,
  foldAgreement,
  isAgreementEvent,
  noAgreement,
  requireInForce,
} from '../../core/agreement/agreement.ts'
import { agreementDigestInput, partyOf } from '../../core/agreement/document.ts'
import { type AttestationEvent, isAttestationEvent } from '../../core/attestation/attestation.ts'
import type { AuthorityState } from '../../core/authority/authority.ts'
import type { CaseEvent } from '../../core/case/case.ts'
import type { Recorded } from '../../core/case/recorded.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { agreementSignatureInput } from '../agreement-statement.ts'
import { requireForm } from '../exchange/form.ts'
import type { MessageKey } from '../http-signature.ts'
import { ownMessageKeys, peerMessageKeys } from './check-authority.ts'
import { historyOf, type PackageContent, type PackageStream, streamPath } from './content.ts'
import { AgreementSignatureForm } from './forms.ts'
import type { Checking } from './report.ts'

type KeysOf = (party: string) => readonly MessageKey[]
type Agreements = ReadonlyMap<string, readonly Recorded<AgreementEvent>[]>

export function checkAgreements(
  primitives: Primitives,
  content: PackageContent,
  authority: AuthorityState,
  checking: Checking,
): void {
  const { node } = content.facts
  const keysOf: KeysOf = (party) =>
    party === node ? ownMessageKeys(authority, node) : peerMessageKeys(authority, party)
  const streams = content.streams.filter(({ kind }) => kind === 'agreement')
  for (const stream of streams) checkAgreement(primitives, stream, keysOf, checking)
  const agreements = new Map(
    streams.map((stream) => [stream.id, historyOf<AgreementEvent>(stream)] as const),
  )
  const relied = checkReliance(content, agreements, checking)
  checking.found(`${streams.length} agreements; ${relied} steps relied on one in force`)
}

function checkAgreement(
  primitives: Primitives,
  stream: PackageStream,
  keysOf: KeysOf,
  checking: Checking,
): void {
  const file = streamPath(stream.id)
  checking.looked(file)
  let state = noAgreement
  for (const recorded of historyOf<AgreementEvent>(stream)) {
    const next = checking.attempt(
      file,
      () => {
        requireStep(primitives, stream.id, state, recorded, keysOf)
        return foldAgreement(state, recorded)
      },
      recorded.version,
    )
    // What follows a step that is not lawful would be judged from a wrong state.
    if (next === undefined) return
    state = next
  }
}

function requireStep(
  primitives: Primitives,
  streamId: string,
  state: AgreementState,
  { event, by }: Recorded<AgreementEvent | AttestationEvent>,
  keysOf: KeysOf,
): void {
  // See check-attestations.ts.
  if (isAttestationEvent(event)) return
  if (!isAgreementEvent(event)) throw unverified('an event of an unknown type')
  if (!AGREEMENT_TRANSITIONS[event.type].from.includes(state.phase)) {
    throw unverified(`${event.type} is not possible while the agreement is ${state.phase}`)
  }
  if (event.type === 'agreementDrafted') {
    const digest = toHex(primitives.sha256(agreementDigestInput(event.document)))
    if (digest !== event.digest) throw unverified('the digest is not that of the text')
    if (event.document.id !== streamId) throw unverified('the text is of another agreement')
    return
  }
  if ('digest' in event && event.digest !== state.digest) {
    throw unverified('the event is about another text')
  }
  if (event.type === 'agreementSigned') {
    requireForm(AgreementSignatureForm, event as never, '')
    if (by !== event.officer && by !== event.party) {
      throw unverified(`the signature was entered by ${by}`)
    }
    requirePartySignature(primitives, streamId, state, event, keysOf)
  }
  if (event.type === 'agreementEnteredIntoForce') {
    const signed = new Set(state.signatures.map(({ party }) => party))
    const absent = state.document?.parties.find((party) => !signed.has(party.node))
    if (absent) throw unverified(`${absent.node} has not signed`)
  }
}

function requirePartySignature(
  primitives: Primitives,
  agreement: string,
  { document }: AgreementState,
  { party, digest, signature }: Extract<AgreementEvent, { type: 'agreementSigned' }>,
  keysOf: KeysOf,
): void {
  const pinned = document ? partyOf(document, party)?.messageKeys : undefined
  if (!pinned) throw unverified(`${party} is no party`)
  const keys = keysOf(party).filter(({ id, publicKey }) => {
    const fingerprint = toHex(primitives.sha256(publicKey))
    return pinned.some((each) => each.id === id && each.fingerprint === fingerprint)
  })
  if (keys.length === 0) throw unverified(`no known key of ${party} is one that the text pins`)
  const input = agreementSignatureInput({ agreement, digest, party })
  const bytes = fromBase64(signature, 'signature')
  if (keys.some(({ publicKey }) => primitives.verifyEd25519(publicKey, input, bytes))) return
  throw unverified(`the signature of ${party} is wrong`)
}

/** Every step that moved information names an agreement of the package, in force at that time. */
function checkReliance(
  content: PackageContent,
  agreements: Agreements,
  checking: Checking,
): number {
  const stream = content.streams.find(({ kind }) => kind === 'case')
  if (!stream) return 0
  const file = streamPath(stream.id)
  const decided = new Map<string, AgreementRef>()
  let relied = 0
  for (const { event, at, version } of historyOf<CaseEvent>(stream)) {
    checking.attempt(
      file,
      () => {
        const ref = reliance(event, decided)
        if (ref === undefined) return
        requireReliance(agreements, ref, at)
        relied += 1
      },
      version,
    )
  }
  return relied
}

function reliance(event: CaseEvent, decided: Map<string, AgreementRef>): AgreementRef | undefined {
  if (event.type === 'releaseReceived') return event.agreement
  if (event.type === 'releaseSent') {
    const ref = decided.get(event.releaseId)
    if (ref) return ref
    throw unverified('a release was sent that was not permitted')
  }
  if (event.type !== 'releaseDecided' || event.decision !== 'permit') return undefined
  if (event.agreement === null) throw unverified('a release was permitted without an agreement')
  decided.set(event.releaseId, event.agreement)
  return event.agreement
}

function requireReliance(
  agreements: Agreements,
  { id, digest, version }: AgreementRef,
  at: Instant,
) {
  const history = agreements.get(id)
  if (!history) throw unverified('the agreement that it names is not in the package')
  const state = history.filter((recorded) => recorded.at <= at).reduce(foldAgreement, noAgreement)
  if (state.digest !== digest || state.document?.version !== version) {
    throw unverified('it names another text of the agreement')
  }
  const force = requireInForce(state, at)
  if (force.decision === 'refuse') {
    throw unverified(force.because[0]?.text ?? 'the agreement was not in force')
  }
}
