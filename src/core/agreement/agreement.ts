/**
 * An agreement's history: its events, its state and whether it is in force.
 *
 * Each party keeps its own stream of the same agreement. In force means: every
 * party has signed the same digest, the start has come, the sunset has not, and
 * nobody has suspended it. Ask `requireInForce` at every step, not only at the
 * first. Signatures are checked before they reach this file.
 */
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import type { AgreementDocument } from './document.ts'

export type AgreementPhase =
  | 'none'
  | 'drafted'
  | 'offered'
  | 'signing'
  | 'inForce'
  | 'suspended'
  | 'amended'
  | 'retired'
  | 'lapsed'

/** Names one exact text. */
export type AgreementRef = {
  readonly id: string
  readonly version: number
  readonly digest: string
}

export type PartySignature = {
  /** Node id of the party. */
  readonly party: string
  readonly officer: string
  readonly digest: string
  /** Base64 over the digest, by the party's message key. */
  readonly signature: string
  readonly simulated: boolean
}

export type AgreementEvent =
  | {
      readonly type: 'agreementDrafted'
      readonly document: AgreementDocument
      readonly digest: string
    }
  | { readonly type: 'agreementOffered'; readonly digest: string; readonly offeredBy: string }
  | ({ readonly type: 'agreementSigned' } & PartySignature)
  | { readonly type: 'agreementEnteredIntoForce'; readonly digest: string }
  | {
      readonly type: 'agreementSuspended'
      readonly party: string
      readonly reason: string
      readonly reviewAt: Instant
    }
  | { readonly type: 'agreementResumed'; readonly party: string; readonly reason: string }
  | { readonly type: 'agreementAmended'; readonly successor: AgreementRef }
  | { readonly type: 'agreementRetired'; readonly party: string; readonly reason: string }
  | { readonly type: 'agreementLapsed'; readonly reason: 'sunset' | 'notSignedInTime' }

export type AgreementState = {
  readonly phase: AgreementPhase
  readonly document: AgreementDocument | null
  readonly digest: string | null
  readonly signatures: readonly PartySignature[]
  readonly suspension: { readonly party: string; readonly reviewAt: Instant } | null
  readonly successor: AgreementRef | null
}

export const noAgreement: AgreementState = {
  phase: 'none',
  document: null,
  digest: null,
  signatures: [],
  suspension: null,
  successor: null,
}

type Transition = { readonly from: readonly AgreementPhase[]; readonly to: AgreementPhase }

/** Which event is possible in which phase. */
export const AGREEMENT_TRANSITIONS: Readonly<Record<AgreementEvent['type'], Transition>> = {
  agreementDrafted: { from: ['none'], to: 'drafted' },
  agreementOffered: { from: ['drafted'], to: 'offered' },
  agreementSigned: { from: ['offered', 'signing'], to: 'signing' },
  agreementEnteredIntoForce: { from: ['signing'], to: 'inForce' },
  agreementSuspended: { from: ['inForce'], to: 'suspended' },
  agreementResumed: { from: ['suspended'], to: 'inForce' },
  agreementAmended: { from: ['inForce', 'suspended'], to: 'amended' },
  agreementRetired: { from: ['inForce', 'suspended'], to: 'retired' },
  agreementLapsed: {
    from: ['drafted', 'offered', 'signing', 'inForce', 'suspended'],
    to: 'lapsed',
  },
}

export function isAgreementEvent(event: { readonly type: string }): event is AgreementEvent {
  return Object.hasOwn(AGREEMENT_TRANSITIONS, event.type)
}

export function foldAgreement(
  state: AgreementState,
  { event }: Recorded<AgreementEvent>,
): AgreementState {
  if (!isAgreementEvent(event)) return state
  const next = { ...state, phase: AGREEMENT_TRANSITIONS[event.type].to }
  switch (event.type) {
    case 'agreementDrafted':
      return { ...next, document: event.document, digest: event.digest }
    case 'agreementSigned': {
      const { type: _, ...signature } = event
      return { ...next, signatures: [...state.signatures, signature] }
    }
    case 'agreementSuspended':
      return { ...next, suspension: { party: event.party, reviewAt: event.reviewAt } }
    case 'agreementResumed':
      return { ...next, suspension: null }
    case 'agreementAmended':
      return { ...next, successor: event.successor }
    default:
      return next
  }
}

export function isInForce(state: AgreementState, now: Instant): boolean {
  return requireInForce(state, now).decision === 'permit'
}

/** The document with its reference if it binds at `now`; else why it does not. */
export function requireInForce(
  state: AgreementState,
  now: Instant,
): Decision<
  { readonly document: AgreementDocument; readonly ref: AgreementRef },
  'agreementNotInForce'
> {
  const { document, digest, phase } = state
  if (document === null || digest === null) {
    return notInForce('agreement:none', 'there is no agreement')
  }
  if (phase !== 'inForce') {
    return notInForce(`agreement:${phase}`, `the agreement is not in force: it is ${phase}`)
  }
  if (now < document.validFromAt) {
    return notInForce('agreement:start', `the agreement starts at ${document.validFromAt}`)
  }
  if (now >= document.sunsetAt) {
    return notInForce('agreement:sunset', `the agreement ended at ${document.sunsetAt}`)
  }
  const ref = { id: document.id, version: document.version, digest }
  const rule = { rule: 'agreement:inForce', text: `agreement in force until ${document.sunsetAt}` }
  return permit({ document, ref }, rule)
}

function notInForce(rule: string, text: string) {
  const because: Because = { rule, text }
  return refuse('agreementNotInForce' as const, because)
}
