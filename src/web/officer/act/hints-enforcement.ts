/** Hints for enforcement: what the ladder, the agreed tree and open hearings leave to choose. Pure. */
import { type EnforcementState, takenMeasure } from '../../../core/enforcement/enforcement.ts'
import { LADDER, type Rung } from '../../../core/enforcement/ladder.ts'
import type { Choice } from '../../form/field-spec.ts'
import { readable } from '../../words.ts'
import {
  dayOf,
  filled,
  type HintContext,
  type HintsOf,
  merged,
  oneOf,
  plain,
  shortId,
  widget,
  worded,
} from './hint-context.ts'
import { fineText } from './hints-fines.ts'

/** A demonstration acts against invented operators only. */
const nameOperator: HintsOf = ({ node }) =>
  node.profile !== 'production' ? filled({ invented: 'true' }) : {}

const agreeDecisionTree: HintsOf = ({ vocabulary }) =>
  oneOf(
    'treeId',
    vocabulary.decisionTrees.map(({ treeId, title }) => plain(treeId, title)),
  )

/** Without a tree nothing is asked, and the answer says why. */
const recommendMeasure: HintsOf = ({ read }) => {
  const inputs = Object.entries(read.state.enforcement.tree?.inputs ?? {})
  const choices = inputs.map(([name, values]) => [
    name,
    values.map((value) => plain(value, readable(value))),
  ])
  return {
    records: { inputs: Object.fromEntries(choices) },
    labels: Object.fromEntries(inputs.map(([name]) => [`inputs.${name}`, readable(name)])),
  }
}

const skipRung: HintsOf = ({ read: { state } }) => {
  const { skipped } = state.enforcement
  const rungs = openRungs(
    state.enforcement,
    ({ code, skip }) => skip.skip === 'recorded' && !skipped.some(({ rung }) => rung === code),
  )
  const grounds = new Set(rungs.flatMap(({ skip }) => skip.grounds))
  return merged(
    oneOf('rung', worded('skipRung', 'rung', codesOf(rungs))),
    oneOf('ground', worded('skipRung', 'ground', [...grounds])),
  )
}

const openHearing: HintsOf = ({ read: { state } }) => {
  const rungs = openRungs(state.enforcement, ({ hearing }) => hearing !== null)
  return oneOf('rung', worded('openHearing', 'rung', codesOf(rungs)), codesOf(rungs)[0])
}

const recordRepresentation: HintsOf = (context) => oneOf('measureId', hearings(context))

/** A rung for which nobody was heard is offered too: the refusal names the rule. */
const proposeOrder: HintsOf = (context) => {
  const { enforcement } = context.read.state
  const rungs = codesOf(openRungs(enforcement, isOrder))
  const heard = enforcement.hearings.at(-1)?.rung ?? enforcement.recommendation?.rung
  const measures = hearings(context)
  return merged(
    oneOf('rung', worded('proposeOrder', 'rung', rungs), heard),
    oneOf('measureId', measures),
    measures.length > 0 ? widget('measureId', 'select') : {},
  )
}

const NO_ORDERS: readonly string[] = ['warning', 'fine', 'periodicPenalty']

function isOrder({ code, twoOfficers, handOver }: Rung): boolean {
  return twoOfficers && !handOver && !NO_ORDERS.includes(code)
}

const approveMeasure: HintsOf = ({ read, officers }) => {
  const nameOf = (id: string) => officers.find((officer) => officer.id === id)?.name ?? id
  const open = read.state.enforcement.measures.filter(({ takenAt }) => takenAt === null)
  return oneOf(
    'measureId',
    open.map(({ measureId, rung, reason, proposedBy, fine }) => {
      const text = `${readable(rung)}, proposed by ${nameOf(proposedBy)}`
      return plain(measureId, text, fine === null ? reason : `${fineText(fine)} ${reason}`)
    }),
  )
}

const stampOrder: HintsOf = (context) => oneOf('measureId', orders(context))

const attachOrderSignature: HintsOf = (context) =>
  merged(oneOf('measureId', orders(context)), widget('file', 'file'))

/** Orders that were made, each with the digest that a signature outside must be over. */
function orders({ read: { state } }: HintContext): readonly Choice[] {
  return state.enforcement.measures.flatMap(({ measureId, rung, reason, takenAt }) =>
    takenAt === null ? [] : [plain(measureId, `${readable(rung)}, made ${dayOf(takenAt)}`, reason)],
  )
}

/** Hearings on measures that nobody has proposed yet. */
function hearings({ read: { state } }: HintContext): readonly Choice[] {
  const { hearings, measures } = state.enforcement
  return hearings
    .filter(({ measureId }) => measures.every((measure) => measure.measureId !== measureId))
    .map(({ measureId, rung, endsAt, representations }) => {
      const text = `${readable(rung)}, hearing until ${dayOf(endsAt)} (${shortId(measureId)})`
      return plain(measureId, text, `${representations} statements of the operator`)
    })
}

function openRungs(state: EnforcementState, fits: (rung: Rung) => boolean): readonly Rung[] {
  return LADDER.filter((rung) => fits(rung) && !takenMeasure(state, rung.code))
}

const codesOf = (rungs: readonly Rung[]): readonly string[] => rungs.map(({ code }) => code)

export const enforcementHints = {
  nameOperator,
  agreeDecisionTree,
  recommendMeasure,
  skipRung,
  openHearing,
  recordRepresentation,
  proposeOrder,
  approveMeasure,
  stampOrder,
  attachOrderSignature,
}
