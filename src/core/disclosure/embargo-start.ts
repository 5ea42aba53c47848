/**
 * How an embargo begins: its end is set or refused before a report is valid, then
 * it is proposed. It holds once a party other than its proposer accepts; each
 * party is bound by its own consent only (consent.ts).
 */
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { DAY_MS, type Instant, msOf } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import { type DisclosureState, participantOf } from './disclosure-state.ts'
import { teardown } from './embargo-end.ts'
import type {
  ConsentChanged,
  DisclosureEvent,
  EmbargoRefusalGround,
  EmbargoTerms,
  PublicGround,
} from './events.ts'
import { destination } from './machine.ts'
import { consentMachine, embargoMachine } from './machines.ts'
import { isReason } from './reason.ts'
import { noStep, rules } from './rules.ts'

const EMBARGO_MAX_MS = 365 * DAY_MS
const EMBARGO_LONG_MS = 90 * DAY_MS

export type SetEmbargoEnd = {
  readonly until: Instant
  /** IANA zone in which people read `until`. */
  readonly zone: string
  /** Why an embargo is needed, in words for the record. */
  readonly ground: string
  /** Needed for more than 90 days: at least ten characters. */
  readonly justification?: string
}
export type EndTermsWhy = 'endNotInFuture' | 'endTooFar' | 'justificationMissing'

/** Sets the end that the leading authority plans, before anyone agreed to it. */
export function setEmbargoEnd(
  state: DisclosureState,
  command: SetEmbargoEnd,
  acting: Acting,
): Decision<readonly DisclosureEvent[], PublicGround | EndTermsWhy | 'alreadyDecided'> {
  requireZone(command.zone)
  const bar = publicBar(state)
  if (bar !== undefined) return bar
  if (state.embargoEnd !== null || state.embargoRefusal !== null) {
    return refuse('alreadyDecided', rules.endDecided)
  }
  const tooLong = termsBar(command, acting)
  if (tooLong !== undefined) return tooLong
  return permit([{ type: 'embargoEndSet', ...command }], rules.endInFuture, rules.endWithinYear)
}

export type RefuseEmbargo = {
  readonly ground: EmbargoRefusalGround
  /** Needed with `notSought`: at least ten characters. */
  readonly reason?: string
}

/** Records that no end is set, and the rule. The ground must be borne out by the case. */
export function refuseEmbargo(
  state: DisclosureState,
  { ground, reason }: RefuseEmbargo,
  _acting: Acting,
): Decision<readonly DisclosureEvent[], 'notBorneOut' | 'reasonMissing' | 'alreadyDecided'> {
  if (state.embargoEnd !== null || state.embargoRefusal !== null) {
    return refuse('alreadyDecided', rules.endDecided)
  }
  if (ground === 'notSought' && !isReason(reason)) {
    return refuse('reasonMissing', rules.evidenceNeeded)
  }
  if (!holds(state, ground)) return refuse('notBorneOut', rules.endBorneOut)
  const because: Because[] = [rules[ground]]
  if (reason !== undefined) because.push({ rule: 'disclosure.statedReason', text: reason })
  return permit([{ type: 'embargoEndRefused', why: ground, because }], ...because)
}

export type ProposeEmbargo = {
  readonly participant: string
  readonly embargoId: string
  readonly until: Instant
  readonly zone: string
  readonly justification?: string
}
export type ProposeWhy =
  | PublicGround
  | EndTermsWhy
  | 'fixDeployed'
  | 'unknownParticipant'
  | 'reportNotLive'
  | 'embargoOver'

/**
 * Proposes an embargo, or a revision of the one in force. Whoever proposes
 * consents to the proposal. The first revision makes every consent lapse.
 */
export function proposeEmbargo(
  state: DisclosureState,
  command: ProposeEmbargo,
  acting: Acting,
): Decision<readonly DisclosureEvent[], ProposeWhy> {
  requireZone(command.zone)
  const bar =
    publicBar(state) ??
    startBar(state, command.participant) ??
    termsBar(command, acting) ??
    fixReadyBar(state, command)
  if (bar !== undefined) return bar
  const from = state.embargo
  const to = destination(embargoMachine, from, 'propose')
  if (to === undefined) return refuse('embargoOver', noStep(rules.embargoOver, from, 'propose'))
  const { embargoId, until, zone, justification } = command
  const terms: EmbargoTerms = { embargoId, until, zone }
  const lapses = from === 'active' ? lapsesOf(state) : []
  return permit(
    [
      {
        type: 'embargoChanged',
        event: 'propose',
        from,
        to,
        terms,
        participant: command.participant,
        ...(isReason(justification) ? { reason: justification } : {}),
      },
      ...lapses,
      ...proposerConsent(state, command, lapses),
    ],
    rules.ownConsent,
  )
}

/**
 * One that takes part wants other terms and asks the lead, which alone opens a proposal. What
 * bars it here would bar it there too.
 */
export function wishForTerms(
  state: DisclosureState,
  { participant, embargoId, until, zone, justification }: ProposeEmbargo,
  acting: Acting,
): Decision<readonly DisclosureEvent[], ProposeWhy | 'reasonMissing'> {
  requireZone(zone)
  if (!justification || !isReason(justification)) {
    return refuse('reasonMissing', rules.evidenceNeeded)
  }
  const bar = publicBar(state) ?? termsBar({ until, justification }, acting)
  if (bar !== undefined) return bar
  if (participantOf(state, participant)?.reportState === 'closed') {
    return refuse('reportNotLive', rules.reportNotLive)
  }
  if (state.embargo === 'exited') {
    return refuse('embargoOver', noStep(rules.embargoOver, state.embargo, 'propose'))
  }
  const terms = { embargoId, until, zone }
  const wished = { type: 'termsProposed', terms, reason: justification } as const
  return permit([wished], rules.ownConsent, rules.shortestFirst)
}

/** All open proposals fall. An embargo in force stands with its old terms. */
export function rejectProposal(
  state: DisclosureState,
  { reason }: { readonly reason: string },
  _acting: Acting,
): Decision<readonly DisclosureEvent[], 'noProposal' | 'reasonMissing'> {
  if (!isReason(reason)) return refuse('reasonMissing', rules.evidenceNeeded)
  if (state.embargo === 'proposed') return permit(teardown(state, 'rejected', reason))
  if (state.embargo !== 'revise') {
    return refuse('noProposal', noStep(rules.embargoMachine, state.embargo, 'reject'))
  }
  const rejected: DisclosureEvent = {
    type: 'embargoChanged',
    event: 'reject',
    from: 'revise',
    to: 'active',
    why: 'rejected',
    reason,
  }
  return permit([rejected, ...consentsThatStand(state)], rules.oldTermsStand)
}

/** Whoever consented to the terms that stand is bound by them again. */
function consentsThatStand(state: DisclosureState): readonly ConsentChanged[] {
  const embargoId = state.terms?.embargoId
  if (embargoId === undefined) return []
  return state.participants
    .filter(
      ({ consent, consentedTo }) => ASKED_ANEW.includes(consent) && consentedTo.includes(embargoId),
    )
    .map(({ id, consent: from }) => ({
      type: 'consentChanged',
      participant: id,
      event: 'accept',
      from,
      to: 'signatory',
      embargoId,
    }))
}

/** By a revision, answered or not. */
const ASKED_ANEW: readonly string[] = ['lapsed', 'invited']

/** The fact that forbids an embargo, as a refusal that names its rule; undefined if none. */
export function publicBar(state: DisclosureState): Refusal<PublicGround> | undefined {
  if (state.publicState.includes('P')) return refuse('alreadyPublic', rules.alreadyPublic)
  if (state.publicState.includes('X')) return refuse('exploitPublic', rules.exploitPublic)
  if (state.publicState.includes('A')) return refuse('attacksObserved', rules.attacksObserved)
  return undefined
}

function startBar(
  state: DisclosureState,
  proposer: string,
): Refusal<'fixDeployed' | 'unknownParticipant' | 'reportNotLive'> | undefined {
  const participant = participantOf(state, proposer)
  if (participant === undefined) return refuse('unknownParticipant', rules.known)
  const isRevision = state.embargo === 'active' || state.embargo === 'revise'
  if (participant.reportState === 'closed') return refuse('reportNotLive', rules.reportNotLive)
  if (isRevision) return undefined
  if (holds(state, 'fixDeployed')) return refuse('fixDeployed', rules.fixDeployed)
  const isDead = participant.reportState === 'invalid' || participant.reportState === 'deferred'
  return isDead ? refuse('reportNotLive', rules.reportNotLive) : undefined
}

/** Brief and explained, once a vendor has a fix. A revision is judged by the parties alone. */
function fixReadyBar(
  state: DisclosureState,
  { justification }: ProposeEmbargo,
): Refusal<'justificationMissing'> | undefined {
  const isStart = state.embargo === 'none' || state.embargo === 'proposed'
  const hasFix = state.participants.some(({ vendorState }) => vendorState.includes('F'))
  if (!isStart || !hasFix || isReason(justification)) return undefined
  return refuse('justificationMissing', rules.briefAfterFix)
}

function termsBar(
  { until, justification }: Pick<SetEmbargoEnd, 'until' | 'justification'>,
  acting: Acting,
): Refusal<EndTermsWhy> | undefined {
  const lengthMs = msOf(until) - msOf(acting.now)
  if (lengthMs <= 0) return refuse('endNotInFuture', rules.endInFuture)
  if (lengthMs > EMBARGO_MAX_MS) return refuse('endTooFar', rules.endWithinYear)
  if (lengthMs > EMBARGO_LONG_MS && !isReason(justification)) {
    return refuse('justificationMissing', rules.longNeedsReason)
  }
  return undefined
}

function holds(state: DisclosureState, ground: EmbargoRefusalGround): boolean {
  switch (ground) {
    case 'alreadyPublic':
      return state.publicState.includes('P')
    case 'exploitPublic':
      return state.publicState.includes('X')
    case 'attacksObserved':
      return state.publicState.includes('A')
    case 'fixDeployed':
      return state.participants.some((each) => each.vendorState === 'VFD')
    case 'notSought':
      return true
  }
}

/** The consents that a first revision makes lapse. */
export function lapsesOf(state: DisclosureState): readonly ConsentChanged[] {
  return state.participants
    .filter((participant) => participant.consent === 'signatory')
    .map(({ id }) => ({
      type: 'consentChanged',
      participant: id,
      event: 'revise',
      from: 'signatory',
      to: 'lapsed',
    }))
}

function proposerConsent(
  state: DisclosureState,
  { participant: proposer, embargoId }: ProposeEmbargo,
  lapses: readonly ConsentChanged[],
): readonly ConsentChanged[] {
  const hasLapsed = lapses.some((lapse) => lapse.participant === proposer)
  const from = hasLapsed ? 'lapsed' : (participantOf(state, proposer)?.consent ?? 'noEmbargo')
  const to = destination(consentMachine, from, 'accept')
  if (to === undefined) return []
  return [{ type: 'consentChanged', participant: proposer, event: 'accept', from, to, embargoId }]
}

/** A fixed offset is no zone: people's clocks change. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    return false
  }
  return !/^[+-]/.test(zone)
}

function requireZone(zone: string): void {
  if (!isZone(zone)) throw malformed('not a time zone', { field: 'zone', reason: 'unknown-zone' })
}
