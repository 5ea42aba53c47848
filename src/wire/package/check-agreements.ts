/**
 * The agreements that the case relies on: the signed text, every party's signature
 * with a key that the text itself pins, and whether it was in force at each release.
 */
import { fromBase64, toHex } from '../../base/bytes.ts'
import { canonicalText } from '../../base/canonical-json.ts'
import { unverified } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import { stepBar } from '../../core/agreement/admit-step.ts'
import {
  type AgreementRef,
  type AgreementState,
  foldAgreement,
  noAgreement,
  requireInForce,
  requireNamed,
} from '../../core/agreement/agreement.ts'
import {
  type AgreementEvent,
  type AgreementStep,
  isAgreementEvent,
  isAgreementStep,
} from '../../core/agreement/agreement-events.ts'
import { dueEvents, signAgreement } from '../../core/agreement/decide-agreement.ts'
import { agreementDigestInput, partyOf } from '../../core/agreement/document.ts'
import { type OfferedText, openText, unsigned } from '../../core/agreement/offered-texts.ts'
import { type AttestationEvent, isAttestationEvent } from '../../core/attestation/attestation.ts'
import type { AuthorityState } from '../../core/authority/authority.ts'
import type { CaseEvent } from '../../core/case/case.ts'
import type { Recorded } from '../../core/case/recorded.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { agreementSignatureInput, agreementStepInput } from '../agreement-statement.ts'
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

type Looking = {
  readonly primitives: Primitives
  readonly agreement: string
  readonly state: AgreementState
  readonly keysOf: KeysOf
}

function requireStep(
  primitives: Primitives,
  agreement: string,
  state: AgreementState,
  { event, by, at }: Recorded<AgreementEvent | AttestationEvent>,
  keysOf: KeysOf,
): void {
  // See check-attestations.ts.
  if (isAttestationEvent(event)) return
  if (!isAgreementEvent(event)) throw unverified('an event of an unknown type')
  const looking = { primitives, agreement, state, keysOf }
  if (isAgreementStep(event)) {
    requireSignedStep(looking, event)
    return
  }
  switch (event.type) {
    case 'agreementDrafted':
      requirePhase(state, event.type, ['none', 'drafted'])
      requireText(looking, event)
      break
    case 'agreementOffered':
      requirePhase(state, event.type, ['drafted'])
      requireSameText(state, event.digest)
      break
    case 'agreementSigned':
    case 'agreementConsentedBySilence':
      if (by !== event.officer && by !== event.party) {
        throw unverified(`the signature was entered by ${by}`)
      }
      requirePartySignature(looking, event, at)
      break
    case 'agreementEnteredIntoForce':
    case 'agreementAmended':
    case 'agreementOfferLapsed':
    case 'agreementPartyLeft':
    case 'agreementRetired':
    case 'agreementLapsed':
      requireDue(state, event, at)
      break
    default:
  }
}

function requirePhase({ phase }: AgreementState, type: string, from: readonly string[]): void {
  if (from.includes(phase)) return
  throw unverified(`${type} is not possible while the agreement is ${phase}`)
}

function requireText(
  { primitives, agreement }: Looking,
  { document, digest }: Pick<OfferedText, 'document' | 'digest'>,
): void {
  const computed = toHex(primitives.sha256(agreementDigestInput(document)))
  if (computed !== digest) throw unverified('the digest is not that of the text')
  if (document.id !== agreement) throw unverified('the text is of another agreement')
}

function requireSameText(state: AgreementState, digest: string): void {
  if (digest !== state.digest) throw unverified('the event is about another text')
}

/** Of what signatures or time have brought, it must be the next. */
function requireDue(state: AgreementState, event: AgreementEvent, at: Instant): void {
  const [due] = dueEvents(state, at)
  if (due && canonicalText(due) === canonicalText(event)) return
  const text = openText(state)
  const absent = event.type === 'agreementEnteredIntoForce' && text && unsigned(text)[0]
  if (absent) throw unverified(`${absent} has not signed`)
  if ('digest' in event) requireSameText(state, event.digest)
  throw unverified(`${event.type} is not possible while the agreement is ${state.phase}`)
}

/** A step of a party, by one of its keys, at most a little later than it says. */
function requireSignedStep(looking: Looking, step: AgreementStep): void {
  const { primitives, agreement, state, keysOf } = looking
  const bar = stepBar(state, step)
  if (bar) throw unverified(bar.because[0]?.text ?? 'the step is not possible')
  if (step.type === 'agreementTextOffered') requireText(looking, step)
  if (!step.statement) throw unverified('nobody signed the step')
  const { officer, at, signature } = step.statement
  const input = agreementStepInput({ agreement, officer, at, step })
  const bytes = fromBase64(signature, 'signature')
  const keys = keysOf(step.party)
  if (keys.some(({ publicKey }) => primitives.verifyEd25519(publicKey, input, bytes))) return
  throw unverified(`the signature of ${step.party} is wrong`)
}

type Signed = Extract<AgreementEvent, { type: 'agreementSigned' | 'agreementConsentedBySilence' }>

function requirePartySignature(
  { primitives, agreement, state, keysOf }: Looking,
  { type, ...signed }: Signed,
  now: Instant,
): void {
  if (type === 'agreementSigned') {
    requireForm(AgreementSignatureForm, { type, ...signed } as never, '')
  }
  const acting = { now, officer: '', roles: [], authority: '' }
  const allowed = signAgreement(state, signed, acting)
  if (allowed.decision === 'refuse') throw unverified(allowed.because[0]?.text ?? allowed.why)
  const { party, digest, signature, signedAt } = signed
  const text = state.texts.find((one) => one.digest === digest)
  const pinned = text ? partyOf(text.document, party)?.messageKeys : undefined
  if (!pinned) throw unverified(`${party} is no party`)
  const keys = keysOf(party).filter(({ id, publicKey }) => {
    const fingerprint = toHex(primitives.sha256(publicKey))
    return pinned.some((each) => each.id === id && each.fingerprint === fingerprint)
  })
  if (keys.length === 0) throw unverified(`no known key of ${party} is one that the text pins`)
  const silence = type === 'agreementConsentedBySilence' ? { bySilence: true as const } : {}
  const stamped = signedAt === undefined ? {} : { signedAt }
  const input = agreementSignatureInput({ agreement, digest, party, ...stamped, ...silence })
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
        requireReliance(agreements, ref, { at, mayBeEarlier: event.type === 'releaseReceived' })
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

/** What was received may name the text whose place another one took while it was on its way. */
function requireReliance(
  agreements: Agreements,
  ref: AgreementRef,
  { at, mayBeEarlier }: { readonly at: Instant; readonly mayBeEarlier: boolean },
) {
  const history = agreements.get(ref.id)
  if (!history) throw unverified('the agreement that it names is not in the package')
  const state = history.filter((recorded) => recorded.at <= at).reduce(foldAgreement, noAgreement)
  const isCurrent = state.digest === ref.digest && state.document?.version === ref.version
  if (!isCurrent && !mayBeEarlier) throw unverified('it names another text of the agreement')
  const force = isCurrent ? requireInForce(state, at) : requireNamed(state, ref, at)
  if (force.decision === 'permit') return
  if (force.why === 'anotherAgreement') throw unverified('it names another text of the agreement')
  throw unverified(force.because[0]?.text ?? 'the agreement was not in force')
}
