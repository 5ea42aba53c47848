/**
 * `comity eval embargo`: proposals, answers and case events with their times → what each
 * did, and how embargo, consents and states stand. Silence and ends that come between
 * two lines happen at their own instants.
 */
import type { Json } from '../../base/canonical-json.ts'
import type { Decision } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { expireInvitations } from '../../core/disclosure/consent.ts'
import {
  type DisclosureState,
  initialDisclosure,
  isUnderEmbargo,
  stateAfter,
} from '../../core/disclosure/disclosure-state.ts'
import { expireEmbargo } from '../../core/disclosure/embargo-end.ts'
import type { DisclosureEvent } from '../../core/disclosure/events.ts'
import { STEPS, type Told, when } from './embargo-steps.ts'
import { type Line, objectIn, textIn } from './fields.ts'

export const EMBARGO_STEPS_MAX = 1000

/**
 * `{"events":[{"at","type",…}], "until"?}` → `{"steps":[…], "embargo","endsAt",…}`.
 *
 * @throws ComityError `malformed` that names the step
 */
export function evalEmbargo(input: Json): Json {
  const line = objectIn(input)
  const events = line['events']
  if (!Array.isArray(events) || events.length > EMBARGO_STEPS_MAX) {
    throw malformed(`not a list of at most ${EMBARGO_STEPS_MAX} steps`, { field: 'events' })
  }
  const steps: Json[] = []
  let told: Told = { state: initialDisclosure, siblings: null }
  let last: Instant | undefined
  for (const [index, item] of events.entries()) {
    const place = `events/${index}`
    const step = objectIn(item, place)
    const now = when(step, 'at', place)
    if (last !== undefined && now < last) {
      throw malformed('steps are not in the order of time', { field: `${place}/at` })
    }
    last = now
    told = { ...told, state: whatFellDue(told.state, now, steps) }
    told = take(told, step, now, place, steps)
  }
  const end = line['until'] === undefined ? last : when(line, 'until', '')
  if (end !== undefined && last !== undefined && end < last) {
    throw malformed('the end is before the last step', { field: 'until' })
  }
  return { steps, ...standing(end ? whatFellDue(told.state, end, steps) : told.state) }
}

function take(told: Told, step: Line, now: Instant, place: string, steps: Json[]): Told {
  const type = textIn(step, 'type', `${place}/type`)
  const taking = Object.hasOwn(STEPS, type) ? STEPS[type] : undefined
  if (taking === undefined) throw malformed('not a known step', { field: `${place}/type` })
  const { decision, siblings = told.siblings } = taking(told, step, actingAt(now), place)
  const state = after(told.state, decision, now)
  steps.push(answer(now, type, decision, state))
  return { state, siblings }
}

/** Silence and ends, each at its own instant, the earliest first. */
function whatFellDue(before: DisclosureState, now: Instant, steps: Json[]): DisclosureState {
  let state = before
  for (let due = nextDue(state); due !== undefined && due.at <= now; due = nextDue(state)) {
    const decide = due.type === 'silence' ? expireInvitations : expireEmbargo
    const decision = decide(state, {}, actingAt(due.at))
    state = after(state, decision, due.at)
    steps.push(answer(due.at, due.type, decision, state))
  }
  return state
}

type Due = { readonly at: Instant; readonly type: 'silence' | 'expiry' }

function nextDue(state: DisclosureState): Due | undefined {
  const answers = state.participants
    .filter(({ consent, answerBy }) => consent === 'invited' && answerBy !== null)
    .map(({ answerBy }): Due => ({ at: answerBy as Instant, type: 'silence' }))
  const end = isUnderEmbargo(state) ? state.terms?.until : lastProposal(state)
  const all: readonly Due[] =
    end === undefined ? answers : [...answers, { at: end, type: 'expiry' }]
  return all.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))[0]
}

function lastProposal(state: DisclosureState): Instant | undefined {
  return state.embargo === 'proposed' ? state.proposals.at(-1)?.until : undefined
}

function after(
  state: DisclosureState,
  decision: Decision<readonly DisclosureEvent[]>,
  now: Instant,
): DisclosureState {
  return decision.decision === 'permit' ? stateAfter(state, decision.value, now) : state
}

function answer(
  at: Instant,
  type: string,
  decision: Decision<readonly DisclosureEvent[]>,
  state: DisclosureState,
): Json {
  return {
    at,
    type,
    decision: decision.decision,
    ...(decision.decision === 'refuse' ? { why: decision.why } : {}),
    because: decision.because.map(({ rule, text }) => ({ rule, text })),
    embargo: state.embargo,
    endsAt: endOf(state),
  }
}

function endOf(state: DisclosureState): Instant | null {
  return isUnderEmbargo(state) ? (state.terms?.until ?? null) : null
}

function standing(state: DisclosureState): { [key: string]: Json } {
  return {
    embargo: state.embargo,
    endsAt: endOf(state),
    terms: state.terms && isUnderEmbargo(state) ? { ...state.terms } : null,
    proposals: state.proposals.map(({ embargoId, until, zone }) => ({ embargoId, until, zone })),
    ended: state.ended && { ...state.ended },
    public: state.publicState,
    participants: state.participants.map((each) => ({
      id: each.id,
      roles: [...each.roles],
      report: each.reportState,
      consent: each.consent,
      answerBy: each.answerBy,
      timedOut: each.isTimedOut,
      vendor: each.roles.includes('vendor') ? each.vendorState : null,
      left: each.left && { ...each.left },
    })),
  }
}

function actingAt(now: Instant): Acting {
  return { officer: 'eval', roles: [], authority: 'eval', now }
}
