/**
 * The priority of a report: a decision table computes it from named inputs, a
 * named person accepts it or overrules it with a reason.
 */
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import { isReason } from '../case/reason.ts'
import type { Acting } from '../case/recorded.ts'
import type { AdmittedReport } from './admitted-report.ts'
import {
  type DecisionTable,
  type DecisionValue,
  evaluateTable,
  foreignInputs,
  type PathStep,
  type TableInputs,
} from './decision-table.ts'

export type PriorityComputed = {
  readonly type: 'priorityComputed'
  readonly table: string
  readonly version: string
  readonly inputs: TableInputs
  /** Key of the one outcome; null if inputs that are not known leave it open. */
  readonly outcome: string | null
  /** All outcomes that the inputs leave, from low to high. */
  readonly outcomes: readonly DecisionValue[]
  /** All outcomes of the table, among which a person may choose. */
  readonly choices: readonly DecisionValue[]
  readonly path: readonly PathStep[]
}

export type PriorityDecided = {
  readonly type: 'priorityDecided'
  readonly decision: 'accepted' | 'overruled'
  readonly outcome: string
  readonly reason: string
  readonly computedOutcome: string | null
}

export type ComputePriority = { readonly table: DecisionTable; readonly inputs: TableInputs }

export function computePriority(
  state: { readonly report: AdmittedReport | null },
  { table, inputs }: ComputePriority,
  _acting: Acting,
): Decision<readonly PriorityComputed[], 'noReport' | 'unknownInput'> {
  if (state.report === null) {
    return refuse('noReport', { rule: 'triage.reportFirst', text: 'A report is admitted first.' })
  }
  const foreign = foreignInputs(table, inputs)
  if (foreign.length > 0) {
    const text = `The table ${table.id} ${table.version} has no input ${foreign.join(', ')}.`
    return refuse('unknownInput', { rule: 'triage.tableInputs', text })
  }
  const { outcomes, path } = evaluateTable(table, inputs)
  const [only] = outcomes
  const computed: PriorityComputed = {
    type: 'priorityComputed',
    table: table.id,
    version: table.version,
    inputs,
    outcome: outcomes.length === 1 && only !== undefined ? only.key : null,
    outcomes: outcomes.map(named),
    choices: table.outcome.values.map(named),
    path,
  }
  return permit([computed], {
    rule: 'triage.tableLookup',
    text: 'The outcome is the row of the table that has these inputs.',
    source: table.source,
  })
}

/** An event keeps the words of the choice, not the help that stands beside it. */
const named = ({ key, name }: DecisionValue): DecisionValue => ({ key, name })

export type DecidePriority = {
  readonly decision: 'accepted' | 'overruled'
  /** The outcome chosen; with `accepted` it may be left out. */
  readonly outcome?: string
  /** With `overruled` at least ten characters. */
  readonly reason: string
}
export type DecidePriorityWhy =
  | 'personNeeded'
  | 'notComputed'
  | 'outcomeOpen'
  | 'notTheComputedOutcome'
  | 'sameOutcome'
  | 'unknownOutcome'
  | 'reasonMissing'

export function decidePriority(
  state: { readonly computed: PriorityComputed | null },
  { decision, outcome, reason }: DecidePriority,
  acting: Acting,
): Decision<readonly PriorityDecided[], DecidePriorityWhy> {
  if (acting.roles.length === 0) return refuse('personNeeded', priorityRules.person)
  if (state.computed === null) return refuse('notComputed', priorityRules.computedFirst)
  const { outcome: computedOutcome, choices } = state.computed
  const chosen = outcome ?? (decision === 'accepted' ? computedOutcome : null)
  const why =
    decision === 'accepted'
      ? acceptBar(computedOutcome, chosen)
      : overruleBar(computedOutcome, chosen, reason)
  if (why !== undefined) return refuse(why, priorityRules[why])
  if (chosen === null || !choices.some((choice) => choice.key === chosen)) {
    return refuse('unknownOutcome', priorityRules.unknownOutcome)
  }
  return permit(
    [{ type: 'priorityDecided', decision, outcome: chosen, reason, computedOutcome }],
    priorityRules.person,
  )
}

function acceptBar(computed: string | null, chosen: string | null) {
  if (computed === null) return 'outcomeOpen'
  return chosen === computed ? undefined : 'notTheComputedOutcome'
}

function overruleBar(computed: string | null, chosen: string | null, reason: string) {
  if (chosen !== null && chosen === computed) return 'sameOutcome'
  return isReason(reason) ? undefined : 'reasonMissing'
}

const priorityRules = {
  person: { rule: 'triage.personDecides', text: 'A score advises; a named person decides.' },
  computedFirst: { rule: 'triage.computedFirst', text: 'A table computes a priority first.' },
  outcomeOpen: {
    rule: 'triage.outcomeOpen',
    text: 'Inputs that are not known leave several outcomes; a person chooses one with a reason.',
  },
  notTheComputedOutcome: {
    rule: 'triage.acceptIsSame',
    text: 'Accepting takes the computed outcome; another one overrules it.',
  },
  sameOutcome: {
    rule: 'triage.overruleDiffers',
    text: 'The computed outcome is accepted, not overruled.',
  },
  unknownOutcome: { rule: 'triage.tableOutcomes', text: 'The table has no such outcome.' },
  reasonMissing: {
    rule: 'triage.overruleReason',
    text: 'Overruling needs a reason of at least ten characters.',
  },
} as const satisfies Record<string, Because>
