/** Acts for affected persons: recording them, delaying and sending notice, reviewing. */
import { Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { instant } from '../../base/time.ts'
import { whyTwoLetIn } from '../../core/access/steer-case.ts'
import type { CaseEvent, CaseState } from '../../core/case/case.ts'
import {
  DELAY_GROUNDS,
  delayNotice as decideDelay,
  liftDelay as decideLifting,
  sendNotice as decideNotice,
  recordAffectedPerson as decidePerson,
} from '../../core/rights/notice.ts'
import { REMEDY_KINDS } from '../../core/rights/remedies.ts'
import {
  assignReview as decideAssignment,
  decideReview as decideOnReview,
  openReview,
} from '../../core/rights/review.ts'
import { caseAct } from '../act.ts'
import { id, reason } from './fields.ts'

const ground = Type.Union(Object.keys(DELAY_GROUNDS).map((one) => Type.Literal(one)))

export const recordAffectedPerson = caseAct({
  name: 'recordAffectedPerson',
  topic: 'rights',
  group: 'handle',
  input: Type.Object({ contact: Type.String({ minLength: 1, maxLength: 2000 }) }),
  prepare: async ({ kernel, stream, input }) => {
    const personId = kernel.random.uuid()
    await kernel.personsAffected.add({ id: personId, caseId: stream.id, contact: input.contact })
    return personId
  },
  decide: (state, _input, acting, personId) => decidePerson(state.rights, { personId }, acting),
  finish: async (_step, personId) => ({ personId }),
})

export const delayNotice = caseAct({
  name: 'delayNotice',
  topic: 'rights',
  group: 'handle',
  input: Type.Object({
    personId: id,
    ground,
    reason,
    reviewAt: Type.String({ maxLength: 30 }),
    dueAt: Type.String({ maxLength: 30 }),
  }),
  when: hasPerson,
  decide: (state, input, acting) => {
    const dates = {
      reviewAt: instant(input.reviewAt, 'reviewAt'),
      dueAt: instant(input.dueAt, 'dueAt'),
    }
    return decideDelay(state.rights, { ...input, ...dates }, acting)
  },
})

/** The ground no longer holds: the person is told at once. */
export const liftDelay = caseAct({
  name: 'liftDelay',
  topic: 'rights',
  group: 'handle',
  input: Type.Object({ personId: id, reason }),
  when: hasPerson,
  decide: (state, input, acting) => decideLifting(state.rights, input, acting),
})

/** Asks an independent reviewer whether a delay may go on; the clock asks by itself too. */
export const askDelayReview = caseAct({
  name: 'askDelayReview',
  topic: 'rights',
  group: 'handle',
  input: Type.Object({ personId: id }),
  when: ({ rights }) =>
    rights.persons.some(({ delay }) => delay && !delay.lifted)
      ? permit(null)
      : refuse('notDelayed', { rule: 'notice:notDelayed', text: 'no notice is delayed' }),
  prepare: async ({ kernel }) => kernel.random.uuidByTime(),
  decide: (state, { personId }, acting, reviewId) => {
    const subject = { kind: 'delay', id: personId } as const
    const caseHandlers = [...state.handlers, ...state.rights.noticeOfficers]
    return openReview(state.rights, { reviewId, subject, covers: null, caseHandlers }, acting)
  },
})

/** Sends the notice; the code with which the person opens it comes back once. */
export const sendNotice = caseAct({
  name: 'sendNotice',
  topic: 'rights',
  group: 'handle',
  input: Type.Object({
    personId: id,
    channel: Type.Union(
      (['post', 'email', 'inPerson'] as const).map((channel) => Type.Literal(channel)),
    ),
    /** Recipients that the notice does not name for now. */
    withheldRecipients: Type.Optional(
      Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20 }),
    ),
    withheldGround: Type.Optional(ground),
    withheldReason: Type.Optional(reason),
  }),
  when: hasPerson,
  prepare: async ({ kernel }) => kernel.random.uuid(),
  decide: (state, input, acting, noticeId) => {
    const { personId, channel, withheldRecipients: recipients = [] } = input
    const { withheldGround = '', withheldReason = '' } = input
    const withholds = { recipients, ground: withheldGround, reason: withheldReason }
    const command = { personId, channel, noticeId, remedies: REMEDIES }
    const isWithholding = recipients.length > 0 || withheldGround !== ''
    return decideNotice(state.rights, isWithholding ? { ...command, withholds } : command, acting)
  },
  finish: async ({ kernel, input }, noticeId) => ({
    noticeId,
    code: await kernel.personsAffected.newCode(input.personId),
  }),
})

/** Catalogue keys of the remedies that every notice names. */
const REMEDIES = ['challengeHere', 'complainToSupervisor', 'courtRemedy']

/** A review lets its reviewer see the case: into a confidential one by two persons. */
export const assignReview = caseAct({
  name: 'assignReview',
  topic: 'rights',
  group: 'assignReview',
  input: Type.Object({ reviewId: id, reviewer: id }),
  when: hasOpenReview,
  secondPerson: ({ access }, input) =>
    input && access.assigned.includes(input.reviewer) ? undefined : whyTwoLetIn(access),
  decide: (state, input, acting) => decideAssignment(state.rights, input, acting),
})

/** One reviewer decides reviews that belong together, with one reason. */
export const decideReview = caseAct({
  name: 'decideReview',
  topic: 'rights',
  group: 'decideReview',
  input: Type.Object({
    reviewIds: Type.Array(id, { minItems: 1, maxItems: 10 }),
    outcome: Type.Union(
      (['approved', 'rejected', 'upheld', 'dismissed'] as const).map((one) => Type.Literal(one)),
    ),
    reason,
    remedy: Type.Optional(Type.String({ maxLength: 2000 })),
    /** Of an upheld challenge: which kinds of remedy officers then plan. */
    remedies: Type.Optional(
      Type.Array(Type.Union(REMEDY_KINDS.map((kind) => Type.Literal(kind))), {
        maxItems: REMEDY_KINDS.length,
      }),
    ),
  }),
  when: hasOpenReview,
  decide: (state, { reviewIds, outcome, reason, remedy, remedies = [] }, acting) => {
    const events: CaseEvent[] = []
    for (const reviewId of reviewIds) {
      const command = { reviewId, outcome, reason, remedy: remedy ?? null, remedies }
      const decided = decideOnReview(state.rights, command, acting)
      if (decided.decision === 'refuse') return decided
      events.push(...decided.value)
    }
    return permit(events)
  },
})

function hasPerson({ rights }: CaseState): Decision<null> {
  if (rights.persons.length > 0) return permit(null)
  const text = 'no affected person is recorded'
  return refuse('noPerson', { rule: 'rights:person', text })
}

function hasOpenReview({ rights }: CaseState): Decision<null> {
  if (rights.reviews.some(({ outcome }) => outcome === null)) return permit(null)
  const text = 'no review is open'
  return refuse('noReview', { rule: 'rights:review', text })
}
