/**
 * Steps of a report at one participant. Each participant speaks for itself; who
 * may act for a participant is decided before these functions are called.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import {
  type DisclosureState,
  isUnderEmbargo,
  participantOf,
  stateAfter,
} from './disclosure-state.ts'
import { teardown } from './embargo-end.ts'
import type { DisclosureEvent, DisclosureRole, ReportStateChanged } from './events.ts'
import { destination } from './machine.ts'
import { type ReportTrigger, reportMachine } from './machines.ts'
import { withCoordinator } from './participant.ts'
import { publicStep } from './progress.ts'
import { noStep, rules } from './rules.ts'

export type ReceiveReport = {
  readonly participant: string
  readonly roles: readonly DisclosureRole[]
  /** Where the report is public already; empty if it is not known to be. */
  readonly publicSources?: readonly string[]
}
export type ReportStep = { readonly participant: string; readonly reason?: string }
export type ReportWhy = 'unknownParticipant' | 'stepNotInMachine'

/**
 * A participant gets the report. A vendor is aware from then on; a report with
 * public sources makes the case public from then on.
 */
export function receiveReport(
  state: DisclosureState,
  { participant, roles, publicSources = [] }: ReceiveReport,
  acting: Acting,
): Decision<readonly DisclosureEvent[], 'alreadyReceived'> {
  const known = participantOf(state, participant)
  if (known !== undefined && known.reportState !== 'start') {
    return refuse('alreadyReceived', rules.reportMachine)
  }
  const events: DisclosureEvent[] = [
    { type: 'reportReceived', participant },
    { type: 'participantJoined', participant, roles: withCoordinator(roles) },
    { type: 'reportStateChanged', participant, event: 'receive', from: 'start', to: 'received' },
  ]
  const isVendor = roles.includes('vendor') || known?.roles.includes('vendor')
  if (isVendor && (known === undefined || known.vendorState === 'vfd')) {
    const evidence = 'received the report'
    events.push({ type: 'progressChanged', letter: 'V', participant, evidence })
  }
  if (publicSources.length > 0 && state.publicState.startsWith('p')) {
    const evidence = `public at ${publicSources.join(', ')}`
    events.push(...publicStep(stateAfter(state, events, acting.now), 'P', evidence))
    events.push(...teardown(stateAfter(state, events, acting.now), 'alreadyPublic'))
  }
  return permit(events)
}

/** Refused until an embargo end was set or its refusal recorded (Vultron DUR-07-004). */
export function validateReport(
  state: DisclosureState,
  command: ReportStep,
  _acting: Acting,
): Decision<readonly DisclosureEvent[], ReportWhy | 'embargoEndMissing'> {
  const step = reportStep(state, command, 'validate')
  if (step.decision === 'refuse') return step
  if (state.embargoEnd === null && state.embargoRefusal === null && state.terms === null) {
    return refuse('embargoEndMissing', rules.embargoEndFirst)
  }
  return permit(step.value, rules.embargoEndFirst)
}

export function invalidateReport(
  state: DisclosureState,
  command: ReportStep,
  _acting: Acting,
): Decision<readonly DisclosureEvent[], ReportWhy> {
  return reportStep(state, command, 'invalidate')
}

export function acceptReport(
  state: DisclosureState,
  command: ReportStep,
  _acting: Acting,
): Decision<readonly DisclosureEvent[], ReportWhy> {
  return reportStep(state, command, 'accept')
}

export function deferReport(
  state: DisclosureState,
  command: ReportStep,
  _acting: Acting,
): Decision<readonly DisclosureEvent[], ReportWhy> {
  return reportStep(state, command, 'defer')
}

/** Refused while an embargo is in force: hold the report at deferred or invalid instead. */
export function closeReport(
  state: DisclosureState,
  command: ReportStep,
  _acting: Acting,
): Decision<readonly DisclosureEvent[], ReportWhy | 'embargoInForce'> {
  const step = reportStep(state, command, 'close')
  if (step.decision === 'permit' && isUnderEmbargo(state)) {
    return refuse('embargoInForce', rules.openWhileInForce)
  }
  return step
}

function reportStep(
  state: DisclosureState,
  { participant, reason }: ReportStep,
  event: ReportTrigger,
): Decision<readonly DisclosureEvent[], ReportWhy> {
  const from = participantOf(state, participant)?.reportState
  if (from === undefined) return refuse('unknownParticipant', rules.known)
  const to = destination(reportMachine, from, event)
  if (to === undefined) {
    return refuse('stepNotInMachine', noStep(rules.reportMachine, from, event))
  }
  const changed: ReportStateChanged = { type: 'reportStateChanged', participant, event, from, to }
  return permit([reason === undefined ? changed : { ...changed, reason }])
}
