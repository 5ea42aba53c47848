/** Acts on the duties that travel with releases. */
import { Type } from '@sinclair/typebox'
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import type { CaseState } from '../../core/case/case.ts'
import { dischargeInCase } from '../../core/case/discharge-in-case.ts'
import { withCopies } from '../../core/evidence/protective-orders.ts'
import {
  answerDischarge,
  DELETING,
  type DutyRef,
  reportBreach as decideBreach,
  findDuty,
} from '../../core/release/follow-duties.ts'
import { DELETION_DUTY } from '../../core/release/retraction.ts'
import { DUTY_ANSWERS, type TrackedDuty } from '../../core/release/tracked-duty.ts'
import { caseAct } from '../act.ts'
import { disputeBreach, tellOfDuty } from '../follow-duties.ts'
import { destroyWithHandOvers } from '../hand-over-file.ts'
import { erasePassedOn } from '../retract.ts'
import { id, reason } from './fields.ts'

const duty = { releaseId: id, dutyId: Type.String({ maxLength: 200 }) }
const ofDuties = { topic: 'release', group: 'exchange' } as const

/**
 * With proof, and a message to the other side. To delete or to give back destroys what
 * was received, so it takes a second person.
 */
export const dischargeDuty = caseAct({
  name: 'dischargeDuty',
  ...ofDuties,
  stepUp: true,
  input: Type.Object({
    ...duty,
    proof: reason,
    /** Id of the notice, or of the message or hand-over by which it was given back. */
    shownBy: Type.Optional(Type.String({ maxLength: 60 })),
  }),
  secondPerson: ({ releases }, input) => {
    const found = input && findDuty(releases, input)
    if (found && 'duty' in found) return destroys(found.duty.kind) ? takesTwo : undefined
    const all = releases.received.flatMap(({ duties }) => duties)
    return input === undefined && all.some(({ kind }) => destroys(kind)) ? takesTwo : undefined
  },
  when: (state, acting) =>
    some(state, (one) => one.owedBy === acting.authority && isToDischarge(one))
      ? permit(null)
      : nothing('owed', 'this authority owes no duty here that is still open'),
  decide: (state, input, acting) =>
    input.dutyId === DELETION_DUTY ? confirmedOnly : dischargeInCase(state, input, acting),
  finish: async (step) => {
    const { releaseId } = step.input
    const before = step.state.releases.received.find((one) => one.releaseId === releaseId)
    const { duty: done } = requireDuty(step.state, step.input)
    if (before && destroys(done.kind)) {
      for (const exhibitId of destroyedOf(step.state, releaseId)) {
        await destroyWithHandOvers(step.kernel, step.state, exhibitId)
      }
      if (before.viewCommitment) {
        await step.kernel.receivedViews.destroy({ caseId: step.caseId, releaseId })
        await erasePassedOn(step.unit, step.state, releaseId)
      }
    }
    const messageId = await tellOfDuty(step, step.input, 'dutyDischarge')
    return { ...(messageId ? { messageId } : {}) }
  },
})

const confirmedOnly = refuse('wrongProof', {
  rule: 'duty:wrongProof',
  text: 'it was called back: confirm the deletion instead, which is signed',
})

export const answerDutyDischarge = caseAct({
  name: 'answerDutyDischarge',
  ...ofDuties,
  input: Type.Object({
    ...duty,
    answer: Type.Union(DUTY_ANSWERS.map((answer) => Type.Literal(answer))),
    reason,
  }),
  when: (state, acting) =>
    some(state, (one) => one.owedBy !== acting.authority && isUnanswered(one))
      ? permit(null)
      : nothing('answer', 'no other authority said that it discharged a duty'),
  decide: ({ releases }, input, acting) => answerDischarge(releases, input, acting),
  finish: (step) => told(tellOfDuty(step, step.input, 'dutyAnswer')),
})

/** For a breach that no day shows. Overdue duties are recorded by the clock. */
export const reportBreach = caseAct({
  name: 'reportBreach',
  ...ofDuties,
  input: Type.Object({ ...duty, reason }),
  when: (state) =>
    some(state, (one) => one.breach === null)
      ? permit(null)
      : nothing('breach', 'no duty travels with a release of this case'),
  decide: ({ releases }, input, acting) => decideBreach(releases, input, acting),
  finish: async (step) => {
    await disputeBreach(step, step.input, step.acting)
    return told(tellOfDuty(step, step.input, 'dutyBreach'))
  },
})

async function told(sent: Promise<string | undefined>): Promise<object> {
  const messageId = await sent
  return messageId ? { messageId } : {}
}

const destroys = (kind: TrackedDuty['kind']) => DELETING.includes(kind)

/** What the release brought, with every copy made of it, as far as the history says it is gone. */
function destroyedOf({ evidence }: CaseState, releaseId: string): readonly string[] {
  const { exhibits } = evidence
  const brought = exhibits.filter((exhibit) => exhibit.releaseId === releaseId)
  const all = withCopies(
    exhibits,
    brought.map(({ exhibitId }) => exhibitId),
  )
  return exhibits
    .filter(({ exhibitId, isDestroyed }) => isDestroyed && all.includes(exhibitId))
    .map(({ exhibitId }) => exhibitId)
}

/** A review discharges its duty itself; it is asked here only where that was contested. */
const isToDischarge = ({ kind, discharge, dischargedAt }: TrackedDuty) =>
  dischargedAt === null && (kind !== 'postReview' || discharge !== null)

const takesTwo: Because = {
  rule: 'duty:destroys',
  text: 'it destroys what was received: a second person approves exactly that',
}

function requireDuty({ releases }: CaseState, ref: DutyRef) {
  const found = findDuty(releases, ref)
  if ('decision' in found) throw new Error('a discharged duty is there')
  return found
}

const isUnanswered = ({ discharge, answer }: TrackedDuty) => discharge !== null && answer === null

function some({ releases }: CaseState, is: (duty: TrackedDuty) => boolean): boolean {
  return [...releases.permitted, ...releases.received].some(({ duties }) => duties.some(is))
}

function nothing(rule: string, text: string): Decision<null> {
  return refuse('nothingThere', { rule: `duty:${rule}`, text })
}
