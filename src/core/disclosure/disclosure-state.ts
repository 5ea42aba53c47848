/**
 * The state of a disclosure, folded from its events. Pages read it; decide
 * functions get it. It holds what one node knows: a peer's own stream may be ahead.
 */
import type { Because } from '../../base/decision.ts'
import { invariant } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import { type CaseState, isVendorLetter } from './case-state.ts'
import type {
  ConsentChanged,
  DisclosureEvent,
  DisclosureRole,
  EmbargoChanged,
  EmbargoEnding,
  EmbargoRefusalGround,
  EmbargoTerms,
  ParticipantSpoke,
  ProductJustification,
  ProductStatusStated,
  ProductStatusWord,
  ProgressChanged,
} from './events.ts'
import { destination } from './machine.ts'
import {
  type ConsentState,
  type EmbargoState,
  type PublicLetter,
  type PublicState,
  publicMachine,
  type ReportState,
  type VendorState,
  vendorMachine,
} from './machines.ts'

export type Participant = {
  readonly id: string
  readonly roles: readonly DisclosureRole[]
  readonly reportState: ReportState
  /** Each party is bound by its own consent only: `signatory` binds. */
  readonly consent: ConsentState
  readonly answerBy: Instant | null
  /** True if the last decline was silence, not a no. */
  readonly isTimedOut: boolean
  /** When the consent last changed; null if it never did. */
  readonly consentAt: Instant | null
  /** Ids of the terms this party consented to, the latest last. */
  readonly consentedTo: readonly string[]
  /** It left, and gets nothing more; whether it said that it will keep the embargo. */
  readonly left: { readonly at: Instant; readonly keepsEmbargo: boolean } | null
  /** Moves for vendors only. */
  readonly vendorState: VendorState
}

export type ProductStatus = {
  readonly participant: string
  readonly product: string
  readonly status: ProductStatusWord
  readonly justification: ProductJustification | null
  readonly evidence: string
  readonly at: Instant
}

export type Spoken = Omit<ParticipantSpoke, 'type'> & { readonly at: Instant }

export type FactClaim = {
  readonly claimId: string
  readonly letter: PublicLetter
  readonly participant: string
  readonly evidence: string
  readonly at: Instant
  readonly decided: {
    readonly outcome: 'adopted' | 'rejected'
    readonly reason: string
    readonly at: Instant
  } | null
}

export type DisclosureState = {
  readonly receivedAt: Instant | null
  readonly participants: readonly Participant[]
  readonly publicState: PublicState
  readonly embargo: EmbargoState
  /** The end set by the authority that leads, before anyone agreed to it. */
  readonly embargoEnd: {
    readonly until: Instant
    readonly zone: string
    readonly ground: string
    readonly justification: string | null
  } | null
  /** Why no end was set, if that was the right step. */
  readonly embargoRefusal: {
    readonly why: EmbargoRefusalGround
    readonly because: readonly Because[]
    readonly at: Instant
  } | null
  /** Terms in force; after an embargo ended, the last ones. */
  readonly terms: EmbargoTerms | null
  /** Open proposals, earliest end first. */
  readonly proposals: readonly EmbargoTerms[]
  readonly ended: { readonly why: EmbargoEnding; readonly at: Instant } | null
  /** One for each vendor and product: its latest word. */
  readonly products: readonly ProductStatus[]
  /** What participants claim of the public facts, decided or held. They change nothing else. */
  readonly claims: readonly FactClaim[]
  /** What parties without a node said at their own seats. */
  readonly spoken: readonly Spoken[]
  /** Ids of terms that this authority proposed to a lead elsewhere. */
  readonly proposedHere: readonly string[]
}

export const initialDisclosure: DisclosureState = {
  receivedAt: null,
  participants: [],
  publicState: 'pxa',
  embargo: 'none',
  embargoEnd: null,
  embargoRefusal: null,
  terms: null,
  proposals: [],
  ended: null,
  products: [],
  claims: [],
  spoken: [],
  proposedHere: [],
}

export function foldDisclosure(
  state: DisclosureState,
  recorded: Recorded<DisclosureEvent>,
): DisclosureState {
  return applyDisclosure(state, recorded.event, recorded.at)
}

/** The fold without the envelope, for decisions that need several steps. */
function applyDisclosure(
  state: DisclosureState,
  event: DisclosureEvent,
  at: Instant,
): DisclosureState {
  switch (event.type) {
    case 'reportReceived':
      return { ...state, receivedAt: state.receivedAt ?? at }
    case 'participantJoined':
      return { ...state, participants: joined(state.participants, event.participant, event.roles) }
    case 'reportStateChanged':
      return withParticipant(state, event.participant, { reportState: event.to })
    case 'reportReopened':
      return withParticipant(state, event.participant, { reportState: 'received' })
    case 'embargoEndSet': {
      const { until, zone, ground, justification = null } = event
      return { ...state, embargoEnd: { until, zone, ground, justification } }
    }
    case 'embargoEndRefused':
      return { ...state, embargoRefusal: { why: event.why, because: event.because, at } }
    case 'embargoChanged':
      return embargoChanged(state, event, at)
    case 'consentChanged':
      return consentChanged(state, event, at)
    case 'participantLeft':
      return withParticipant(state, event.participant, {
        left: { at, keepsEmbargo: event.keepsEmbargo },
      })
    case 'progressChanged':
      return progressChanged(state, event)
    case 'publicFactClaimed': {
      const { type: _, ...claim } = event
      return { ...state, claims: [...state.claims, { ...claim, at, decided: null }] }
    }
    case 'publicFactDecided': {
      const { claimId, outcome, reason } = event
      const decided = { outcome, reason, at }
      const claims = state.claims.map((one) =>
        one.claimId === claimId ? { ...one, decided } : one,
      )
      return { ...state, claims }
    }
    case 'productStatusStated':
      return { ...state, products: stated(state.products, event, at) }
    case 'termsProposed':
      return { ...state, proposedHere: [...state.proposedHere, event.terms.embargoId] }
    case 'participantSpoke': {
      const { type: _, ...said } = event
      return { ...state, spoken: [...state.spoken, { ...said, at }] }
    }
    default:
      // The case's stream holds events of other areas too.
      return state
  }
}

export function stateAfter(
  state: DisclosureState,
  events: readonly DisclosureEvent[],
  at: Instant,
): DisclosureState {
  return events.reduce((sofar, event) => applyDisclosure(sofar, event, at), state)
}

export function participantOf(state: DisclosureState, id: string): Participant | undefined {
  return state.participants.find((participant) => participant.id === id)
}

export function isUnderEmbargo(state: DisclosureState): boolean {
  return state.embargo === 'active' || state.embargo === 'revise'
}

/** Bound by the embargo in force. Whoever did not consent is not. */
export function isBoundByEmbargo(state: DisclosureState, participant: string): boolean {
  return isUnderEmbargo(state) && participantOf(state, participant)?.consent === 'signatory'
}

export function caseStateOf(state: DisclosureState, participant: Participant): CaseState {
  return `${participant.vendorState}${state.publicState}`
}

function joined(
  participants: readonly Participant[],
  id: string,
  roles: readonly DisclosureRole[],
): readonly Participant[] {
  const known = participants.find((participant) => participant.id === id)
  if (known !== undefined) {
    const union = [...new Set([...known.roles, ...roles])]
    return participants.map((each) => (each === known ? { ...known, roles: union } : each))
  }
  const fresh: Participant = {
    id,
    roles,
    reportState: 'start',
    consent: 'noEmbargo',
    answerBy: null,
    isTimedOut: false,
    consentAt: null,
    consentedTo: [],
    left: null,
    vendorState: 'vfd',
  }
  return [...participants, fresh]
}

function withParticipant(
  state: DisclosureState,
  id: string,
  change: Partial<Participant>,
): DisclosureState {
  invariant(participantOf(state, id), 'a participant joins before anything else')
  const participants = state.participants.map((each) =>
    each.id === id ? { ...each, ...change } : each,
  )
  return { ...state, participants }
}

function consentChanged(
  state: DisclosureState,
  { participant, event, to, answerBy, why, embargoId }: ConsentChanged,
  at: Instant,
): DisclosureState {
  const changed = withParticipant(state, participant, {
    consent: to,
    answerBy: answerBy ?? null,
    isTimedOut: why === 'timedOut',
    consentAt: at,
    ...(event === 'reset' || event === 'decline' ? { consentedTo: [] } : {}),
    ...(event === 'accept' || event === 'invite' ? { left: null } : {}),
  })
  const isYes = event === 'accept' && embargoId !== undefined
  return isYes ? withYes(changed, participant, embargoId) : changed
}

/** A party that is not named, in events of former versions, is not known to have said yes. */
function withYes(
  state: DisclosureState,
  id: string | undefined,
  embargoId: string,
): DisclosureState {
  if (id === undefined) return state
  const before = participantOf(state, id)?.consentedTo ?? []
  const others = before.filter((known) => known !== embargoId)
  return withParticipant(state, id, { consentedTo: [...others, embargoId] })
}

function embargoChanged(
  state: DisclosureState,
  { event, to, terms, why, participant }: EmbargoChanged,
  at: Instant,
): DisclosureState {
  const next = { ...state, embargo: to }
  switch (event) {
    case 'propose': {
      invariant(terms, 'a proposal has terms')
      const others = state.proposals.filter((each) => each.embargoId !== terms.embargoId)
      const open = { ...next, proposals: [...others, terms].sort(byEnd) }
      return withYes(open, participant, terms.embargoId)
    }
    case 'accept':
      invariant(terms, 'an acceptance has terms')
      return withYes({ ...next, terms, proposals: [] }, participant, terms.embargoId)
    case 'reject':
      return { ...next, proposals: [] }
    case 'terminate':
      return { ...next, proposals: [], ended: { why: why ?? 'agreed', at } }
  }
}

function stated(
  products: readonly ProductStatus[],
  { participant, product, status, justification: why, evidence }: ProductStatusStated,
  at: Instant,
): readonly ProductStatus[] {
  const isSame = (one: ProductStatus) => one.participant === participant && one.product === product
  const others = products.filter((one) => !isSame(one))
  return [...others, { participant, product, status, justification: why ?? null, evidence, at }]
}

function byEnd(a: EmbargoTerms, b: EmbargoTerms): number {
  return a.until < b.until ? -1 : a.until > b.until ? 1 : 0
}

function progressChanged(
  state: DisclosureState,
  { letter, participant }: ProgressChanged,
): DisclosureState {
  if (!isVendorLetter(letter)) {
    const publicState = destination(publicMachine, state.publicState, letter)
    invariant(publicState, 'each of P, X and A happens once')
    return { ...state, publicState }
  }
  const vendor = participant === undefined ? undefined : participantOf(state, participant)
  const vendorState = vendor && destination(vendorMachine, vendor.vendorState, letter)
  invariant(vendor && vendorState, 'a vendor takes the steps V, F and D in order')
  return withParticipant(state, vendor.id, { vendorState })
}
