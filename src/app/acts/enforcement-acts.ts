/** Acts of enforcement, from naming the operator to proposing a fine. Two humans decide. */
import { Type } from '@sinclair/typebox'
import { toHex } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { AccessDecision } from '../../core/access/decide-access.ts'
import { decideForProposer, requireProposer } from '../../core/access/second-person.ts'
import { type CaseEvent, type CaseState, caseForAccess } from '../../core/case/case.ts'
import type { Recorded } from '../../core/case/recorded.ts'
import {
  openHearing as decideHearing,
  recommendMeasure as decideRecommendation,
  receiveRepresentation as decideRepresentation,
  skipRung as decideSkip,
  agreeDecisionTree as decideTree,
  warn as decideWarning,
  refusalEvent,
} from '../../core/enforcement/climb-ladder.ts'
import {
  approveOrder as decideApproval,
  proposeOrder as decideOrder,
} from '../../core/enforcement/decide-measure.ts'
import { RUNG_CODES, type RungCode } from '../../core/enforcement/ladder.ts'
import { nameOperator as decideOperator } from '../../core/enforcement/operator.ts'
import { hearingPeriod } from '../../core/law/hearing.ts'
import { accessContext } from '../access.ts'
import { caseAct, type Step } from '../act.ts'
import { id, reason } from './fields.ts'

const rung = Type.Union(RUNG_CODES.map((code) => Type.Literal(code)))

export const nameOperator = caseAct({
  name: 'nameOperator',
  topic: 'enforcement',
  group: 'enforce',
  input: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 200 }),
    role: Type.Union(
      (['provider', 'deployer', 'importer', 'distributor', 'platform'] as const).map((one) =>
        Type.Literal(one),
      ),
    ),
    invented: Type.Boolean(),
  }),
  prepare: async ({ kernel, state }) => ({
    operatorId: kernel.random.uuidByTime(),
    inventedOnly: kernel.node.profile !== 'production',
    namesInReport: namesIn(state),
  }),
  decide: (state, input, acting, prepared) =>
    decideOperator(state.enforcement, { ...input, ...prepared }, acting),
})

function namesIn({ triage }: CaseState): readonly string[] {
  const affected = triage.report?.affected
  const artifacts = (affected?.artifacts ?? []).map(({ name }) => name)
  const names = [...(affected?.developers ?? []), ...(affected?.deployers ?? []), ...artifacts]
  return names.filter((name) => typeof name === 'string' && name.trim() !== '')
}

export const agreeDecisionTree = caseAct({
  name: 'agreeDecisionTree',
  topic: 'enforcement',
  group: 'enforce',
  input: Type.Object({ treeId: Type.String({ maxLength: 60 }) }),
  prepare: async ({ kernel, input }) => {
    const tree = kernel.vocabulary.decisionTrees.find(({ treeId }) => treeId === input.treeId)
    if (!tree) return undefined
    const digest = toHex(kernel.primitives.sha256(canonicalBytes(tree)))
    return { tree, digest, simulated: kernel.node.profile !== 'production' }
  },
  decide: (state, _input, acting, prepared) =>
    prepared
      ? decideTree(state.enforcement, prepared, acting)
      : refuse('unknownTree', {
          rule: 'enforcement:unknownTree',
          text: 'there is no such decision tree',
        }),
})

export const recommendMeasure = caseAct({
  name: 'recommendMeasure',
  topic: 'enforcement',
  group: 'enforce',
  input: Type.Object({
    inputs: Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 60 })),
  }),
  when: hasOperator,
  decide: (state, input, acting) => decideRecommendation(state.enforcement, input, acting),
})

export const warnOperator = caseAct({
  name: 'warnOperator',
  topic: 'enforcement',
  group: 'enforce',
  input: Type.Object({ basis: reason, reason }),
  when: hasOperator,
  prepare: async ({ kernel }) => kernel.random.uuidByTime(),
  decide: (state, input, acting, measureId) =>
    decideWarning(state.enforcement, { ...input, measureId }, acting),
  refused: (_state, _acting, measureId, refusal) => [refusalEvent('warning', measureId, refusal)],
})

const SKIP_GROUNDS = [
  'immediateActionNeeded',
  'cessationByCommitmentsUnlikely',
  'noCommitmentsProposedInTime',
  'commitmentsInsufficient',
  'commitmentsNotImplemented',
  'wilfulConduct',
  'imminentHarm',
  'urgency',
] as const

export const skipRung = caseAct({
  name: 'skipRung',
  topic: 'enforcement',
  group: 'enforce',
  input: Type.Object({
    rung,
    ground: Type.Union(SKIP_GROUNDS.map((ground) => Type.Literal(ground))),
    reason,
  }),
  when: hasOperator,
  decide: (state, input, acting) => decideSkip(state.enforcement, input, acting),
})

/** Opens the hearing whose end the law pack counts; the measure's id comes back. */
export const openHearing = caseAct({
  name: 'openHearing',
  topic: 'enforcement',
  group: 'enforce',
  input: Type.Object({ rung }),
  when: hasOperator,
  prepare: async ({ kernel, acting }) => {
    const { packs, holidaysOf } = await kernel.law.context()
    const ownId = kernel.law.ownPackId()
    const own = packs.find((pack) => pack.id === ownId)
    const period = own && hearingPeriod(own, acting.now, holidaysOf, { zone: kernel.node.zone })
    return { measureId: kernel.random.uuidByTime(), period }
  },
  decide: (state, input, acting, { measureId, period }) => {
    if (!period) return refuse('noHearingPeriod', noHearingPeriod)
    const steps = period.steps.map((step) => ({ at: step.at, reason: step.rule }))
    const hearing = { measureId, rung: input.rung as RungCode, endsAt: period.earliest, steps }
    return decideHearing(state.enforcement, hearing, acting)
  },
  finish: async (_step, { measureId, period }) => ({ measureId, endsAt: period?.earliest }),
})

const noHearingPeriod = {
  rule: 'hearing',
  text: 'the law pack of this authority names no hearing period, and none is inferred',
}

export const recordRepresentation = caseAct({
  name: 'recordRepresentation',
  topic: 'enforcement',
  group: 'enforce',
  input: Type.Object({ measureId: id, summary: reason }),
  when: hasOperator,
  decide: (state, { measureId, summary }, acting) =>
    decideRepresentation(state.enforcement, { measureId, summary, exhibitId: null }, acting),
})

/** Proposes an order. `measureId` is that of its hearing. */
export const proposeOrder = caseAct({
  name: 'proposeOrder',
  topic: 'enforcement',
  group: 'enforce',
  stepUp: true,
  input: Type.Object({ measureId: Type.Optional(id), rung, basis: reason, reason }),
  when: hasOperator,
  prepare: async ({ kernel, input }) => ({
    measureId: input.measureId ?? kernel.random.uuidByTime(),
    rung: input.rung as RungCode,
  }),
  decide: (state, input, acting, { measureId, rung }) =>
    decideOrder(
      state.enforcement,
      { measureId, rung, basis: input.basis, reason: input.reason, urgency: null },
      acting,
    ),
  refused: (_state, _acting, { measureId, rung }, refusal) => [
    refusalEvent(rung, measureId, refusal),
  ],
  finish: async (_step, { measureId }) => ({ measureId }),
})

/** The second officer's act: makes the measure. */
export const approveMeasure = caseAct({
  name: 'approveMeasure',
  topic: 'enforcement',
  group: 'enforce',
  stepUp: true,
  input: Type.Object({ measureId: id }),
  when: ({ enforcement }, { officer }) => {
    const open = enforcement.measures.filter(({ takenAt }) => takenAt === null)
    if (open.some(({ proposedBy }) => proposedBy !== officer)) return permit(null)
    const text = open.length
      ? 'two officers decide: the proposer does not approve'
      : 'no measure waits for approval'
    return refuse('nothingToApprove', { rule: 'enforcement:secondOfficerRequired', text })
  },
  prepare: (step) => measureProposerMay(step),
  decide: (state, input, acting, proposerMay) => {
    const decided = decideApproval(state.enforcement, input, acting)
    if (decided.decision === 'refuse' || !proposerMay) return decided
    return requireProposer(acting, proposerMay) ?? decided
  },
})

/** Whether whoever proposed the measure could still propose it; undefined: there is none. */
async function measureProposerMay({
  kernel,
  caseId,
  state,
  stream,
  input: { measureId },
  acting,
}: Step<{ readonly measureId: string }>): Promise<AccessDecision | undefined> {
  const history = stream.history as readonly Recorded<CaseEvent>[]
  const found = history.find(
    ({ event }) => event.type === 'measureProposed' && event.measureId === measureId,
  )
  if (!found) return undefined
  const measure = state.enforcement.measures.find((one) => one.measureId === measureId)
  const name = measure?.fine ? 'imposeFine' : 'proposeOrder'
  return decideForProposer({
    proposed: { proposedBy: found.by, proposedAt: found.at },
    action: { name, group: 'enforce' },
    resource: caseForAccess(caseId, state),
    context: await accessContext(kernel),
    acting,
  })
}

export function hasOperator({ enforcement }: CaseState): Decision<null> {
  if (enforcement.operator) return permit(null)
  const text = 'no operator is named yet'
  return refuse('noOperator', { rule: 'enforcement:noOperator', text })
}
