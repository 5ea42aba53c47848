/** Acts of joint work on a case: playbooks, the review at the end, support, task forces, lineage. */
import { Type } from '@sinclair/typebox'
import { utf8 } from '../../base/bytes.ts'
import { type Json, parseJson } from '../../base/canonical-json.ts'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import { calendarDate, instant } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { participantOf } from '../../core/disclosure/disclosure-state.ts'
import {
  addReviewAction as decideAction,
  answerSupport as decideAnswer,
  closeCase as decideClosing,
  endTaskForce as decideEnd,
  formTaskForce as decideForming,
  changeItem as decideItem,
  offerSupport as decideOffer,
  recordAfterAction as decideReview,
  startPlaybook as decideStart,
} from '../../core/joint/decide-joint.ts'
import { ITEM_STEPS, type JointEvent, SUPPORT_KINDS } from '../../core/joint/events.ts'
import {
  COMPONENT_KINDS,
  checkLineage,
  EDGE_KINDS,
  type Lineage,
  type LineageComponent,
  type NotCarried,
  typedId,
} from '../../core/joint/lineage.ts'
import { reviewFacts } from '../../core/joint/review-facts.ts'
import { readLineage } from '../../wire/inputs/lineage.ts'
import { findPlaybook, playbooks } from '../../wire/playbooks.ts'
import { askingAbout, decideCaseAccess, thoseWhoMay } from '../access.ts'
import { caseAct, type Step } from '../act.ts'
import { foldCaseStream } from '../case-stream.ts'
import { oneOf } from './coordination-lead.ts'
import { id, reason } from './fields.ts'

const words = Type.String({ minLength: 1, maxLength: 4000 })
const line = Type.String({ minLength: 1, maxLength: 200 })
const day = Type.String({ maxLength: 10 })
const time = Type.String({ maxLength: 30 })
const party = Type.String({ minLength: 1, maxLength: 100 })
const common = { topic: 'joint', group: 'note' } as const
const DOCUMENT_LENGTH_MAX = 500_000

export const startPlaybook = caseAct({
  ...common,
  name: 'startPlaybook',
  input: Type.Object({ playbook: oneOf(playbooks.map((one) => one.id)), officer: id }),
  prepare: async (step) => ({
    mayNot: await whyNotOwner(step, step.input.officer),
    runId: step.kernel.random.uuid(),
    itemIds: playbooks.flatMap(({ items }) => items.map(() => step.kernel.random.uuid())),
  }),
  decide: ({ joint }, { playbook: name, officer }, acting, { mayNot, ...ids }) => {
    const playbook = findPlaybook(name)
    if (!playbook) return refuse('unknownPlaybook', unknownPlaybook)
    return mayNot ?? decideStart(joint, { playbook, officer, ...ids }, acting)
  },
})

export const changePlaybookItem = caseAct({
  ...common,
  name: 'changePlaybookItem',
  input: Type.Object({
    itemId: id,
    step: oneOf(ITEM_STEPS),
    officer: Type.Optional(id),
    authority: Type.Optional(party),
    dueAt: Type.Optional(time),
    reason: Type.Optional(Type.String({ maxLength: 2000 })),
  }),
  when: ({ joint }) =>
    joint.playbooks.length > 0 ? permit(null) : refuse('noPlaybook', noPlaybook),
  prepare: async (step) => ({
    mayNot: step.input.officer ? await whyNotOwner(step, step.input.officer) : undefined,
  }),
  decide: (state, input, acting, { mayNot }) => {
    if (mayNot) return mayNot
    const { itemId, step, officer = null, authority = null, dueAt, reason: why = null } = input
    if (authority !== null && !takesPart(state, acting, authority)) return notHere()
    const due = dueAt === undefined ? null : instant(dueAt, 'dueAt')
    return decideItem(state.joint, { itemId, step, officer, authority, dueAt: due, reason: why })
  },
})

/** A disclosure or an enforcement has something to look back at. */
const hasCourse = (state: CaseState): Decision<null> =>
  state.triage.report !== null ||
  state.disclosure.participants.length > 0 ||
  state.enforcement.operator !== null
    ? permit(null)
    : refuse('nothingToReview', nothingToReview)

export const recordAfterAction = caseAct({
  ...common,
  name: 'recordAfterAction',
  input: Type.Object({ wentWell: words, wentLate: words, lessons: words }),
  when: hasCourse,
  prepare: async ({ kernel, state, stream, acting }) => ({
    reviewId: kernel.random.uuid(),
    facts: reviewFacts(state, stream.history as Parameters<typeof reviewFacts>[1], acting.now),
  }),
  decide: ({ joint }, input, _acting, made) => decideReview(joint, { ...input, ...made }),
})

export const addReviewAction = caseAct({
  ...common,
  name: 'addReviewAction',
  input: Type.Object({ text: line, officer: id, dueOn: day }),
  when: ({ joint }) => (joint.reviews.length > 0 ? permit(null) : refuse('noReview', noReview)),
  prepare: async (step) => ({
    mayNot: await whyNotOwner(step, step.input.officer),
    taskId: step.kernel.random.uuid(),
  }),
  decide: ({ joint }, input, _acting, { mayNot, taskId }) =>
    mayNot ?? decideAction(joint, { ...input, taskId, dueOn: calendarDate(input.dueOn, 'dueOn') }),
  finish: async ({ unit, stream, input, acting }, { taskId }) => {
    const { text: title, officer: assignee } = input
    const dueOn = calendarDate(input.dueOn, 'dueOn')
    const made = { createdBy: acting.officer, createdAt: acting.now }
    await unit.addTask({ id: taskId, caseId: stream.id, title, assignee, dueOn, ...made })
    return { taskId }
  },
})

export const closeCase = caseAct({
  ...common,
  name: 'closeCase',
  group: 'handle',
  input: Type.Object({ withoutReview: Type.Optional(Type.String({ maxLength: 2000 })) }),
  when: (state) =>
    state.joint.closed === null ? hasCourse(state) : refuse('alreadyClosed', closedAlready),
  decide: ({ joint }, { withoutReview = null }) => decideClosing(joint, { reason: withoutReview }),
})

export const offerSupport = caseAct({
  ...common,
  name: 'offerSupport',
  input: Type.Object({ from: party, kind: oneOf(SUPPORT_KINDS), text: words }),
  prepare: async ({ kernel }) => ({ offerId: kernel.random.uuid() }),
  decide: (state, input, acting, { offerId }) =>
    takesPart(state, acting, input.from)
      ? decideOffer(state.joint, { ...input, offerId })
      : notHere(),
})

export const answerSupport = caseAct({
  ...common,
  name: 'answerSupport',
  input: Type.Object({ offerId: id, answer: oneOf(['accepted', 'declined'] as const), reason }),
  when: ({ joint }) =>
    joint.offers.some(({ answered }) => answered === null)
      ? permit(null)
      : refuse('noOffer', noOffer),
  decide: ({ joint }, input) => decideAnswer(joint, input),
})

export const formTaskForce = caseAct({
  ...common,
  name: 'formTaskForce',
  group: 'steer',
  input: Type.Object({
    name: line,
    mandate: words,
    lead: id,
    officers: Type.Array(id, { maxItems: 50, uniqueItems: true }),
    participants: Type.Array(party, { maxItems: 50, uniqueItems: true }),
    startsOn: day,
    endsOn: day,
  }),
  prepare: async (step) => {
    const { lead, officers } = step.input
    const known = (await step.kernel.people.officers()).map((one) => one.id)
    return {
      isUnknown: [lead, ...officers].some((one) => !known.includes(one)),
      taskForceId: step.kernel.random.uuid(),
    }
  },
  decide: (state, input, acting, { isUnknown, taskForceId }) => {
    if (isUnknown) return refuse('unknownOfficer', unknownOfficer)
    if (!input.participants.every((one) => takesPart(state, acting, one))) return notHere()
    const startsOn = calendarDate(input.startsOn, 'startsOn')
    const endsOn = calendarDate(input.endsOn, 'endsOn')
    const force = { ...input, taskForceId, startsOn, endsOn, homeCaseId: null }
    return decideForming(state.joint, force)
  },
})

export const endTaskForce = caseAct({
  ...common,
  name: 'endTaskForce',
  group: 'steer',
  input: Type.Object({ taskForceId: id, reason }),
  when: ({ joint }) =>
    joint.taskForces.some(({ ended }) => ended === null)
      ? permit(null)
      : refuse('noTaskForce', noTaskForce),
  decide: ({ joint }, input) => decideEnd(joint, input),
  finish: async ({ unit, state, input, acting }) => {
    const { taskForceId, reason: why } = input
    const found = state.joint.taskForces.find((one) => one.taskForceId === taskForceId)
    for (const other of [...(found?.otherCases ?? [])].sort()) {
      const stream = await unit.open(other)
      if (stream?.kind !== 'case') continue
      const decided = decideEnd(foldCaseStream(stream.history).joint, { taskForceId, reason: why })
      if (decided.decision === 'permit') await stream.append(decided.value, acting.officer)
    }
    return undefined
  },
})

/** The same task force on another case: its words are copied, its end follows from there. */
export const joinTaskForce = caseAct({
  ...common,
  name: 'joinTaskForce',
  group: 'steer',
  input: Type.Object({ homeCaseId: id, taskForceId: id }),
  prepare: async ({ kernel, caseId, input, acting }) => {
    const { homeCaseId } = input
    if (!isUuid(homeCaseId) || homeCaseId === caseId) return { found: undefined }
    const home = await kernel.streams.read(homeCaseId)
    if (home?.kind !== 'case') return { found: undefined }
    const action = { name: 'joinTaskForce', group: 'steer' } as const
    const may = await decideCaseAccess(kernel, homeCaseId, action, acting)
    if (may.decision === 'refuse') return { found: undefined }
    const { taskForces } = foldCaseStream(home.history).joint
    return { found: taskForces.find((one) => one.taskForceId === input.taskForceId && !one.ended) }
  },
  decide: ({ joint }, { homeCaseId }, _acting, { found }) => {
    if (!found || found.homeCaseId !== null) return refuse('noTaskForce', noTaskForceThere)
    const { ended: _, otherCases: __, ...formed } = found
    return decideForming(joint, { ...formed, participants: [], homeCaseId })
  },
  finish: async ({ unit, caseId, input, acting }) => {
    const { homeCaseId, taskForceId } = input
    const home = await unit.open(homeCaseId)
    const added: JointEvent = { type: 'taskForceCaseAdded', taskForceId, caseId }
    await home?.append([added], acting.officer)
    return undefined
  },
})

export const importLineage = caseAct({
  ...common,
  name: 'importLineage',
  input: Type.Object({ document: Type.String({ minLength: 2, maxLength: DOCUMENT_LENGTH_MAX }) }),
  prepare: async ({ kernel, input }) => {
    const lineageId = kernel.random.uuid()
    return { ...readLineage(documentOf(input.document)), lineageId }
  },
  decide: ({ joint }, _input, _acting, read) => recorded(joint.lineage, read),
})

export const addLineage = caseAct({
  ...common,
  name: 'addLineage',
  input: Type.Object({
    kind: oneOf(COMPONENT_KINDS),
    name: line,
    line: Type.Optional(oneOf(EDGE_KINDS)),
    other: Type.Optional(Type.String({ maxLength: 500 })),
  }),
  prepare: async ({ kernel }) => ({ lineageId: kernel.random.uuid() }),
  decide: ({ joint }, { kind, name, line: edge, other }, _acting, { lineageId }) => {
    const component: LineageComponent = { id: typedId(kind, name), kind, name, version: null }
    const isNew = !joint.lineage.components.some((one) => one.id === component.id)
    const added = {
      components: isNew ? [component] : [],
      edges: edge && other ? [edgeOf(component, edge, other)] : [],
    }
    return recorded(joint.lineage, { ...added, lineageId, source: 'form', notCarried: [] })
  },
})

/** An organisation deploys or distributes the other one; everything else is derived from it. */
function edgeOf(
  { id: own, kind }: LineageComponent,
  edge: (typeof EDGE_KINDS)[number],
  other: string,
) {
  return kind === 'organisation'
    ? { from: other, kind: edge, to: own }
    : { from: own, kind: edge, to: other }
}

function recorded(
  before: Lineage,
  read: Lineage & {
    readonly lineageId: string
    readonly source: string
    readonly notCarried: readonly NotCarried[]
  },
) {
  const checked = checkLineage(before, read)
  if (checked.decision === 'refuse') return checked
  const { lineageId, source, components, edges, notCarried } = read
  const event = { lineageId, source, components, edges, notCarried }
  return permit([{ type: 'lineageRecorded' as const, ...event }])
}

/** @throws ComityError `malformed` */
function documentOf(document: string): Json {
  try {
    return parseJson(utf8(document))
  } catch {
    throw malformed('the text is no JSON', { field: 'document', reason: 'not-json' })
  }
}

/** Whoever is to do something must be able to see the case. */
async function whyNotOwner(
  { kernel, caseId, state, acting }: Step<unknown>,
  officer: string,
): Promise<Decision<never> | undefined> {
  const asking = await askingAbout(kernel, caseId, acting)
  const may = thoseWhoMay(state, { name: 'workOnItem', group: 'note' }, [officer], asking)
  return may.length > 0 ? undefined : refuse('ownerMayNot', ownerMayNot)
}

function takesPart({ disclosure, lead }: CaseState, { authority }: Acting, who: string): boolean {
  if (who === authority || who === lead) return true
  const found = participantOf(disclosure, who)
  return found !== undefined && found.left === null
}

function notHere() {
  return refuse('notInTheCase', notInTheCase)
}

const unknownPlaybook = { rule: 'joint:playbook', text: 'there is no such playbook' }
const noPlaybook = { rule: 'joint:playbook', text: 'no playbook has been started in this case' }
const noReview = { rule: 'joint:review', text: 'no after-action review has been recorded' }
const noOffer = { rule: 'joint:offer', text: 'no offer of support waits for an answer' }
const noTaskForce = { rule: 'joint:taskForce', text: 'no task force works on this case' }
const noTaskForceThere = {
  rule: 'joint:taskForce',
  text: 'there is no such task force at work in a case that you may steer',
}
const closedAlready = { rule: 'joint:alreadyClosed', text: 'the case is closed already' }
const unknownOfficer = { rule: 'joint:officer', text: 'there is no such officer here' }
const nothingToReview = {
  rule: 'joint:course',
  text: 'the case has no report, no participant and no operator to look back at',
}
const ownerMayNot = {
  rule: 'joint:owner',
  text: 'this person may not work on this case: give access first, or name somebody else',
}
const notInTheCase = {
  rule: 'joint:participant',
  text: 'this authority or party does not take part in the case',
}
