/** Acts on remedies after an upheld challenge, and letters to the person whom they are for. */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import { instant } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import { answerPerson as decideAnswer } from '../../core/rights/correspondence.ts'
import { OWN_DATA_GROUNDS, ownDataOf } from '../../core/rights/own-data.ts'
import {
  finishRemedy as decideFinish,
  followUpRemedy as decideFollowUp,
  orderRemedy as decideOrder,
  giveOwnData as decideOwnData,
  reportRemedy as decideReport,
  REMEDY_KINDS,
  type Remedy,
  retractionSteps,
} from '../../core/rights/remedies.ts'
import { caseAct } from '../act.ts'
import { retractReleases } from '../retract.ts'
import { id, reason } from './fields.ts'

const ofPersons = { topic: 'rights', group: 'handle' } as const
const AMOUNT_MAX = 1_000_000_000_000

/** Money is decided by two people; a retraction calls everything back at once. */
export const orderRemedy = caseAct({
  name: 'orderRemedy',
  ...ofPersons,
  input: Type.Object({
    challengeId: id,
    kind: Type.Union(REMEDY_KINDS.map((kind) => Type.Literal(kind))),
    text: reason,
    responsible: id,
    dueAt: Type.String({ maxLength: 30 }),
    followUpAt: Type.String({ maxLength: 30 }),
    amountMinor: Type.Optional(Type.Integer({ minimum: 1, maximum: AMOUNT_MAX })),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
    releaseIds: Type.Optional(Type.Array(id, { maxItems: 100 })),
  }),
  when: ({ rights }) =>
    rights.reviews.some((one) => one.subject.kind === 'challenge' && one.outcome === 'upheld')
      ? permit(null)
      : refuse('notUpheld', { rule: 'remedy:notUpheld', text: 'no challenge was upheld' }),
  secondPerson: (_state, input) =>
    input && input.kind !== 'compensate'
      ? undefined
      : { rule: 'fourEyes:compensation', text: 'compensation is decided by two people' },
  prepare: async ({ kernel, input }) => ({
    remedyId: kernel.random.uuidByTime(),
    responsible: await kernel.people.officer(input.responsible),
  }),
  decide: (state, input, acting, { remedyId, responsible }) => {
    if (!responsible) return refuse('unknownOfficer', unknownOfficer)
    const { amountMinor, currency, releaseIds = [], ...facts } = input
    const dates = {
      dueAt: instant(input.dueAt, 'dueAt'),
      followUpAt: instant(input.followUpAt, 'followUpAt'),
    }
    const amount =
      amountMinor === undefined || currency === undefined
        ? {}
        : { compensation: { amountMinor, currency } }
    const command = { ...facts, ...dates, ...amount, remedyId, releaseIds }
    const released = state.releases.permitted.map(({ releaseId }) => releaseId)
    return decideOrder(state.rights, command, released, acting)
  },
  finish: async (step, { remedyId }) => {
    const { state, acting } = step
    const { releaseIds = [], text: reason } =
      state.rights.remedies.find((one) => one.remedyId === remedyId) ?? {}
    const withdraw = { releaseIds, cause: 'challengeUpheld', reason: reason ?? '' } as const
    return { remedyId, calledBack: await retractReleases(step, state, withdraw, acting) }
  },
})

const unknownOfficer = {
  rule: 'remedy:responsible',
  text: 'an officer of this authority answers for a remedy',
}

export const reportRemedy = caseAct({
  name: 'reportRemedy',
  ...ofPersons,
  input: Type.Object({ remedyId: id, text: reason }),
  when: hasOpenRemedy,
  decide: (state, input, acting) => decideReport(state.rights.remedies, input, acting),
})

export const finishRemedy = caseAct({
  name: 'finishRemedy',
  ...ofPersons,
  input: Type.Object({ remedyId: id, proof: reason }),
  when: hasOpenRemedy,
  decide: (state, input, acting) => {
    const { remedies } = state.rights
    const remedy = remedies.find(({ remedyId }) => remedyId === input.remedyId)
    const steps = remedy ? retractionSteps(remedy, state.releases.permitted) : []
    return decideFinish(remedies, { ...input, steps }, acting)
  },
})

/** What the officer leaves in goes to the person's page; the rest is named as left out. */
export const giveOwnData = caseAct({
  name: 'giveOwnData',
  ...ofPersons,
  input: Type.Object({
    remedyId: id,
    /** Category to what the person gets of it, with the data of others taken out. */
    parts: Type.Record(
      Type.String({ maxLength: 60 }),
      Type.String({ minLength: 1, maxLength: 20_000 }),
    ),
    withheld: Type.Optional(reason),
    /** Of a section that is not given at all: the kind of ground, and provision with reason. */
    withheldGrounds: Type.Optional(
      Type.Record(
        Type.String({ maxLength: 60 }),
        Type.Union(OWN_DATA_GROUNDS.map((one) => Type.Literal(one))),
      ),
    ),
    withheldReasons: Type.Optional(Type.Record(Type.String({ maxLength: 60 }), reason)),
  }),
  when: ({ rights }) =>
    rights.remedies.some((one) => one.kind === 'access' && one.doneAt === null)
      ? permit(null)
      : refuse('noAccess', { rule: 'remedy:access', text: 'no access to own data is ordered' }),
  decide: (state, { remedyId, parts, withheld, ...kept }, { now }) => {
    const given = Object.entries(parts).map(([category, text]) => ({ category, text }))
    const { withheldGrounds = {}, withheldReasons = {} } = kept
    const withheldParts = Object.entries(withheldGrounds).map(([category, ground]) => {
      return { category, ground, reason: withheldReasons[category] ?? '' }
    })
    const command = { remedyId, parts: given, withheld: withheld ?? null, withheldParts }
    const personId = personOfRemedy(state, remedyId)
    const held = personId === undefined ? [] : ownDataOf(state, personId, now)
    return decideOwnData(state.rights.remedies, command, held)
  },
})

/** Undefined where there is no such remedy. */
export function personOfRemedy({ rights }: CaseState, remedyId: string): string | undefined {
  const remedy = rights.remedies.find((one) => one.remedyId === remedyId)
  const notice = rights.notices.find(
    ({ challengeIds }) => remedy && challengeIds.includes(remedy.challengeId),
  )
  return notice?.personId
}

export const followUpRemedy = caseAct({
  name: 'followUpRemedy',
  ...ofPersons,
  input: Type.Object({
    remedyId: id,
    finding: Type.Union([Type.Literal('held'), Type.Literal('notHeld')]),
    text: reason,
  }),
  when: ({ rights }) =>
    rights.remedies.some(isWaitingForLook)
      ? permit(null)
      : refuse('nothingDone', { rule: 'remedy:followUp', text: 'no remedy waits to be looked at' }),
  decide: (state, input, acting) => decideFollowUp(state.rights.remedies, input, acting),
})

const isWaitingForLook = ({ doneAt, followUp }: Remedy) =>
  doneAt !== null && followUp?.finding !== 'held'

export const answerPerson = caseAct({
  name: 'answerPerson',
  ...ofPersons,
  input: Type.Object({ personId: id, text: reason }),
  when: ({ rights }) =>
    rights.notices.length > 0
      ? permit(null)
      : refuse('notTold', { rule: 'message:notTold', text: 'nobody has a page yet' }),
  prepare: async ({ kernel }) => kernel.random.uuid(),
  decide: (state, input, acting, messageId) =>
    decideAnswer(state.rights, { ...input, messageId }, acting),
})

function hasOpenRemedy({ rights }: CaseState) {
  if (rights.remedies.some(({ doneAt }) => doneAt === null)) return permit(null)
  return refuse('noRemedy', { rule: 'remedy:open', text: 'no remedy is open' })
}
