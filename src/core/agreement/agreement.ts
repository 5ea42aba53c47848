/**
 * An agreement's state, folded from its events, and whether it is in force.
 *
 * One stream holds all versions of an agreement, so that at most one of them can be in
 * force. In force means: every party has signed the same digest, the start has come, the
 * sunset has not, nobody has suspended it and no notice of retirement has run out. Ask
 * `requireInForce` at every step, not only at the first. Signatures are checked before
 * they reach this file.
 */
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import {
  type AgreementEvent,
  isAgreementEvent,
  type PartySignature,
  type SuspensionCode,
} from './agreement-events.ts'
import type { CarveOut } from './clause.ts'
import { type Dispute, foldDispute } from './dispute.ts'
import type { AgreementDocument } from './document.ts'
import { type Departure, presentParties, withDeparture, withPartyLeft } from './membership.ts'
import {
  bound,
  changeText,
  hasBound,
  type OfferedText,
  withFirstText,
  withSignature,
  withText,
  withTexts,
} from './offered-texts.ts'

/** Names one exact text. */
export type AgreementRef = {
  readonly id: string
  readonly version: number
  readonly digest: string
}

export type AgreementPhase =
  | 'none'
  | 'drafted'
  | 'offered'
  | 'signing'
  | 'inForce'
  | 'suspended'
  | 'retiring'
  | 'withdrawn'
  | 'retired'
  | 'lapsed'

export type Suspension = {
  readonly party: string
  readonly code: SuspensionCode
  readonly reason: string
  readonly reviewAt: Instant
  /** null: the whole agreement. */
  readonly clauses: readonly string[] | null
}

/** A version whose place another one has taken. */
export type EarlierText = {
  readonly document: AgreementDocument
  readonly digest: string
  readonly signatures: readonly PartySignature[]
  readonly since: Instant
  readonly endedAt: Instant
}

export type AgreementState = {
  readonly phase: AgreementPhase
  /** The text that binds; before there is one, the text that is drafted or offered. */
  readonly document: AgreementDocument | null
  readonly digest: string | null
  readonly signatures: readonly PartySignature[]
  /** Since when this text is in force. */
  readonly since: Instant | null
  /**
   * Offered and not withdrawn, the newest last. An earlier one can only bind if everybody had
   * signed it before the later one was offered; then its last signature is still on its way.
   */
  readonly texts: readonly OfferedText[]
  readonly earlier: readonly EarlierText[]
  /** Digests of texts that were withdrawn or objected to: none of them comes back. */
  readonly gone: readonly string[]
  /** The highest number that a text ever had. */
  readonly lastVersion: number
  /** Signed by all, and not yet begun. */
  readonly successor: AgreementRef | null
  readonly suspensions: readonly Suspension[]
  /** The one that holds up the whole agreement; the first, if several do. */
  readonly suspension: Suspension | null
  readonly retirement: {
    readonly party: string
    readonly reason: string
    readonly endsAt: Instant
    readonly survivingDuties: readonly string[]
  } | null
  /** Single parties that gave notice of leaving, in that order. */
  readonly departures: readonly Departure[]
  readonly disputes: readonly Dispute[]
  readonly carveOuts: readonly {
    readonly clause: string
    readonly ground: CarveOut
    readonly at: Instant
  }[]
}

export const noAgreement: AgreementState = {
  phase: 'none',
  document: null,
  digest: null,
  signatures: [],
  since: null,
  texts: [],
  earlier: [],
  gone: [],
  lastVersion: 0,
  successor: null,
  suspensions: [],
  suspension: null,
  retirement: null,
  departures: [],
  disputes: [],
  carveOuts: [],
}

export function foldAgreement(
  state: AgreementState,
  recorded: Recorded<AgreementEvent>,
): AgreementState {
  const { event, at } = recorded
  if (!isAgreementEvent(event)) return state
  switch (event.type) {
    case 'agreementDrafted': {
      const { document, digest } = event
      return { ...state, phase: 'drafted', document, digest, lastVersion: document.version }
    }
    case 'agreementDraftDropped':
      return { ...state, phase: 'withdrawn' }
    case 'agreementOffered':
      return withFirstText(state, event, at)
    case 'agreementTextOffered':
      return withText(state, event, at)
    case 'agreementSigned':
    case 'agreementConsentedBySilence':
      return withSignature(state, event)
    case 'agreementOfferWithdrawn':
    case 'agreementObjected':
      return withTexts(
        { ...state, gone: [...state.gone, event.digest] },
        state.texts.filter(({ digest }) => digest !== event.digest),
      )
    case 'agreementOfferLapsed':
      return withTexts(
        state,
        changeText(state.texts, event.digest, (text) => ({ ...text, isOver: true })),
      )
    case 'agreementEnteredIntoForce':
      return standing(bound(state, event.digest, at))
    case 'agreementAmended':
      return standing(bound(state, event.successor.digest, at))
    case 'carveOutUsed': {
      const { clause, ground } = event
      return { ...state, carveOuts: [...state.carveOuts, { clause, ground, at }] }
    }
    default:
      return foldStanding(state, event, recorded)
  }
}

/** Suspension, retirement, lapse, disputes: what holds up a text that binds. */
function foldStanding(
  state: AgreementState,
  event: AgreementEvent,
  { at }: Recorded<AgreementEvent>,
): AgreementState {
  switch (event.type) {
    case 'agreementSuspended': {
      const { party, reason, reviewAt, code = 'other', clauses = null } = event
      const others = state.suspensions.filter((one) => one.party !== party)
      const suspensions = [...others, { party, reason, reviewAt, code, clauses }]
      return standing({ ...state, suspensions })
    }
    case 'agreementResumed': {
      const suspensions = state.suspensions.filter(({ party }) => party !== event.party)
      return standing({ ...state, suspensions })
    }
    case 'agreementRetirementNotified': {
      const { party, reason, endsAt, survivingDuties } = event
      return standing({ ...state, retirement: { party, reason, endsAt, survivingDuties } })
    }
    case 'agreementLeavingNotified':
      return withDeparture(state, event)
    case 'agreementPartyLeft':
      return withPartyLeft(state, event.party)
    case 'agreementRetired':
      return { ...state, phase: 'retired' }
    case 'agreementLapsed': {
      const texts = hasBound(state)
        ? state.texts
        : state.texts.map((it) => ({ ...it, isOver: true }))
      return { ...state, phase: 'lapsed', texts }
    }
    case 'clauseDisputeOpened':
    case 'clauseDisputeStepTaken':
    case 'clauseDisputeResolved':
      return { ...state, disputes: foldDispute(state.disputes, event, at) }
    default:
      return state
  }
}

const BINDS: readonly AgreementPhase[] = ['inForce', 'suspended', 'retiring']

/** A suspension shows before a retirement, because it permits less. */
function standing(state: AgreementState): AgreementState {
  if (!BINDS.includes(state.phase)) return state
  const suspension = state.suspensions.find(({ clauses }) => clauses === null) ?? null
  const phase = suspension ? 'suspended' : state.retirement ? 'retiring' : 'inForce'
  return { ...state, phase, suspension }
}

export function isInForce(state: AgreementState, now: Instant): boolean {
  return requireInForce(state, now).decision === 'permit'
}

type Binding = { readonly document: AgreementDocument; readonly ref: AgreementRef }

/**
 * The document, without the parties that have left, and its reference if it binds at `now`;
 * else why it does not.
 */
export function requireInForce(
  state: AgreementState,
  now: Instant,
): Decision<Binding, 'agreementNotInForce'> {
  const { document, digest, phase, retirement } = state
  if (document === null || digest === null) {
    return notInForce('agreement:none', 'there is no agreement')
  }
  if (phase !== 'inForce' && phase !== 'retiring') {
    return notInForce(`agreement:${phase}`, `the agreement is not in force: it is ${phase}`)
  }
  if (now < document.validFromAt) {
    return notInForce('agreement:start', `the agreement starts at ${document.validFromAt}`)
  }
  if (now >= document.sunsetAt) {
    return notInForce('agreement:sunset', `the agreement ended at ${document.sunsetAt}`)
  }
  if (retirement && now >= retirement.endsAt) {
    return notInForce('agreement:retired', `the agreement was retired at ${retirement.endsAt}`)
  }
  const present = presentParties(document, state, now)
  if (present.parties.length < 2) {
    return notInForce('agreement:parties', 'fewer than two parties are left')
  }
  const ref = { id: document.id, version: document.version, digest }
  const rule = { rule: 'agreement:inForce', text: `agreement in force until ${document.sunsetAt}` }
  return permit({ document: present, ref }, rule)
}

/** How long what was on its way when a version changed still counts under the version it names. */
const ON_THE_WAY_MS = 7 * DAY_MS

/**
 * For whatever comes from a peer: the text that it names, if that is the one in force, or
 * the one whose place it took a short while ago. The agreement itself must be in force.
 * Nothing is ever sent under an earlier text.
 */
export function requireNamed(
  state: AgreementState,
  named: AgreementRef,
  now: Instant,
): Decision<Binding, 'agreementNotInForce' | 'anotherAgreement'> {
  const force = requireInForce(state, now)
  if (force.decision === 'refuse') return force
  const isNamed = ({ id, version, digest }: AgreementRef) =>
    id === named.id && version === named.version && digest === named.digest
  if (isNamed(force.value.ref)) return force
  const earlier = state.earlier.find(({ document: { id, version }, digest }) =>
    isNamed({ id, version, digest }),
  )
  if (earlier && now < addMs(earlier.endedAt, ON_THE_WAY_MS)) {
    const rule = { rule: 'agreement:onTheWay', text: `sent before version ${named.version} ended` }
    return permit({ document: presentParties(earlier.document, state, now), ref: named }, rule)
  }
  return refuse('anotherAgreement', {
    rule: 'agreement:anotherText',
    text: 'another text of the agreement is in force than the one that is named',
  })
}

function notInForce(rule: string, text: string) {
  const because: Because = { rule, text }
  return refuse('agreementNotInForce' as const, because)
}
