/**
 * Acts of the authority that leads a disclosure: who takes part in which role, the
 * embargo with parties that have no node of their own, and what such a party answered.
 * A peer answers for itself, by its own message.
 */
import { Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { instant } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { Acting } from '../../core/case/recorded.ts'
import {
  answerInvitation,
  expireInvitations,
  inviteParticipant,
  mayReceiveContent,
} from '../../core/disclosure/consent.ts'
import { participantOf } from '../../core/disclosure/disclosure-state.ts'
import { sendReport } from '../../core/disclosure/embargo-meeting.ts'
import {
  proposeEmbargo as decideProposal,
  rejectProposal as decideRejection,
} from '../../core/disclosure/embargo-start.ts'
import type { DisclosureEvent } from '../../core/disclosure/events.ts'
import { addParticipant as decideJoining, leaveEmbargo } from '../../core/disclosure/participant.ts'
import {
  acceptReport,
  closeReport,
  deferReport,
  invalidateReport,
  validateReport,
} from '../../core/disclosure/report.ts'
import { caseAct } from '../act.ts'
import type { Kernel } from '../kernel.ts'
import { reason } from './fields.ts'
import { hasReport } from './triage-acts.ts'

const party = Type.String({ minLength: 1, maxLength: 100 })
const oneOf = <T extends string>(words: readonly T[]) =>
  Type.Union(words.map((word) => Type.Literal(word)))

/** The roles that an officer gives; owner and manager of the case are its lead. */
export const GIVEN_ROLES = [
  'finder',
  'vendor',
  'deployer',
  'coordinator',
  'observer',
  'cveNumberingAuthority',
] as const

const common = { topic: 'disclosure', group: 'disclose' } as const

export const addParticipant = caseAct({
  ...common,
  name: 'addParticipant',
  input: Type.Object({
    participant: party,
    roles: Type.Array(oneOf(GIVEN_ROLES), { minItems: 1, maxItems: GIVEN_ROLES.length }),
  }),
  when: leads,
  decide: ({ disclosure }, input, acting) => decideJoining(disclosure, input, acting),
})

export const proposeEmbargo = caseAct({
  ...common,
  name: 'proposeEmbargo',
  input: Type.Object({
    participant: party,
    until: Type.String({ maxLength: 30 }),
    zone: Type.String({ maxLength: 60 }),
    justification: Type.Optional(Type.String({ maxLength: 2000 })),
  }),
  when: leads,
  prepare: async ({ kernel, input }) => ({
    ...(await speaker(kernel, input.participant)),
    embargoId: kernel.random.uuid(),
  }),
  decide: ({ disclosure }, input, acting, { isPeer, embargoId }) => {
    if (isPeer) return ownAnswer
    const until = instant(input.until, 'until')
    return decideProposal(disclosure, { ...input, until, embargoId }, acting)
  },
})

export const inviteParty = caseAct({
  ...common,
  name: 'inviteParty',
  input: Type.Object({
    participant: party,
    answerBy: Type.Optional(Type.String({ maxLength: 30 })),
  }),
  when: leads,
  prepare: ({ kernel, input }) => speaker(kernel, input.participant),
  decide: ({ disclosure }, { participant, answerBy }, acting, { isPeer }) => {
    if (isPeer) return ownAnswer
    const due = answerBy ? { answerBy: instant(answerBy, 'answerBy') } : {}
    const known = participantOf(disclosure, participant)
    if (!known) return refuse('unknownParticipant', mustJoin)
    return inviteParticipant(disclosure, { participant, roles: known.roles, ...due }, acting)
  },
})

export const recordEmbargoAnswer = caseAct({
  ...common,
  name: 'recordEmbargoAnswer',
  input: Type.Object({
    participant: party,
    embargoId: Type.String({ minLength: 1, maxLength: 100 }),
    answer: oneOf(['accept', 'decline'] as const),
    evidence: reason,
  }),
  when: (state, acting) => {
    const is = leads(state, acting)
    if (is.decision === 'refuse') return is
    return ['proposed', 'active', 'revise'].includes(state.disclosure.embargo)
      ? permit(null)
      : refuse('nothingToJoin', nothingToAnswer)
  },
  prepare: ({ kernel, input }) => speaker(kernel, input.participant),
  decide: ({ disclosure }, input, acting, { isPeer }) =>
    isPeer ? ownAnswer : answerInvitation(disclosure, input, acting),
})

export const recordSilence = caseAct({
  ...common,
  name: 'recordSilence',
  input: Type.Object({}),
  when: (state, acting) => {
    const is = leads(state, acting)
    if (is.decision === 'refuse') return is
    const silent = expireInvitations(state.disclosure, {}, acting)
    const isNobody = silent.decision === 'permit' && silent.value.length === 0
    return isNobody ? refuse('nobodyLate', nobodyLate) : permit(null)
  },
  decide: ({ disclosure }, _input, acting) => expireInvitations(disclosure, {}, acting),
})

export const rejectProposal = caseAct({
  ...common,
  name: 'rejectProposal',
  input: Type.Object({ reason }),
  when: (state, acting) => {
    const is = leads(state, acting)
    if (is.decision === 'refuse') return is
    return state.disclosure.proposals.length > 0
      ? permit(null)
      : refuse('noProposal', nothingToAnswer)
  },
  decide: ({ disclosure }, input, acting) => decideRejection(disclosure, input, acting),
})

export const recordLeaving = caseAct({
  ...common,
  name: 'recordLeaving',
  input: Type.Object({
    participant: party,
    keepsEmbargo: oneOf(['yes', 'no', 'notSaid'] as const),
    reason,
  }),
  when: leads,
  decide: ({ disclosure }, { keepsEmbargo, ...input }, acting) =>
    leaveEmbargo(disclosure, { ...input, keepsEmbargo: keepsEmbargo === 'yes' }, acting),
})

const REPORT_STEPS = {
  validate: validateReport,
  invalidate: invalidateReport,
  accept: acceptReport,
  defer: deferReport,
  close: closeReport,
}

/** What a party without a node did with the report; `receive` records that it was given to it. */
export const recordReportStep = caseAct({
  ...common,
  name: 'recordReportStep',
  input: Type.Object({
    participant: party,
    step: oneOf(['receive', 'validate', 'invalidate', 'accept', 'defer', 'close'] as const),
    reason,
  }),
  when: leads,
  prepare: ({ kernel, input }) => speaker(kernel, input.participant),
  decide: ({ disclosure }, { participant, step, reason }, acting, { isPeer }) => {
    if (isPeer) return ownAnswer
    if (step === 'receive') {
      return sendReport(disclosure, { sender: acting.authority, receiver: participant }, acting)
    }
    const mayHave = mayReceiveContent(disclosure, participant)
    const isTold = mayHave.decision === 'permit' || mayHave.why !== 'reportNotReceived'
    if (!isTold) return mayHave
    return REPORT_STEPS[step](disclosure, { participant, reason }, acting)
  },
})

/** One writer of a case's embargo and roles: the authority that leads it. */
function leads(state: CaseState, acting: Acting): Decision<null> {
  const report = hasReport(state)
  if (report.decision === 'refuse') return report
  return state.lead === acting.authority ? permit(null) : refuse('notTheLead', onlyTheLead)
}

async function speaker(kernel: Kernel, participant: string): Promise<{ readonly isPeer: boolean }> {
  return { isPeer: participant !== kernel.node.id && kernel.peers.find(participant) !== undefined }
}

const onlyTheLead = {
  rule: 'disclosure:leadWrites',
  text: 'the authority that leads the case keeps its roles and its embargo',
}
const mustJoin = {
  rule: 'disclosure:knownFirst',
  text: 'a party is added with its roles before it is invited',
}
const nothingToAnswer = {
  rule: 'disclosure:somethingToAnswer',
  text: 'no embargo is proposed or in force',
}
const nobodyLate = {
  rule: 'disclosure:nobodyLate',
  text: 'every invitation was answered or is still open',
}
const ownAnswer: Decision<readonly DisclosureEvent[]> = refuse('speaksForItself', {
  rule: 'disclosure:speaksForItself',
  text: 'this authority has a node and answers with a message of its own',
})
