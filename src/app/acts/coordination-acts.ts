/**
 * Acts of the authority that leads a disclosure: who takes part in which role, the
 * embargo with parties that have no node of their own, and what such a party answered.
 * A peer answers for itself, by its own message.
 */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import { instant } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import {
  answerInvitation,
  expireInvitations,
  inviteParticipant,
} from '../../core/disclosure/consent.ts'
import { participantOf } from '../../core/disclosure/disclosure-state.ts'
import { sendReport } from '../../core/disclosure/embargo-meeting.ts'
import {
  proposeEmbargo as decideProposal,
  rejectProposal as decideRejection,
} from '../../core/disclosure/embargo-start.ts'
import type { DisclosureEvent } from '../../core/disclosure/events.ts'
import { addParticipant as decideJoining, leaveEmbargo } from '../../core/disclosure/participant.ts'
import { isReason } from '../../core/disclosure/reason.ts'
import {
  acceptReport,
  closeReport,
  deferReport,
  invalidateReport,
  validateReport,
} from '../../core/disclosure/report.ts'
import { rules } from '../../core/disclosure/rules.ts'
import { PROPOSALS_MAX } from '../../core/disclosure/seat.ts'
import { caseAct } from '../act.ts'
import { isInvited, nameOfCase } from '../joint-case.ts'
import { askPeers, peersInCase, standingIntent, tellLeaving, tellPeers } from '../tell-terms.ts'
import { common, hasLeft, isPeerHere, leads, oneOf, party, speaker } from './coordination-lead.ts'
import {
  hasTheRoles,
  inviteAnew,
  leadStays,
  manyOpen,
  mustJoin,
  nobodyLate,
  nothingToAnswer,
  ownAct,
  ownAnswer,
  peersAreInvited,
} from './coordination-reasons.ts'
import { tellEnd } from './disclosure-acts.ts'
import { reason } from './fields.ts'

/** The roles that an officer gives; owner and manager of the case are its lead. */
export const GIVEN_ROLES = [
  'finder',
  'vendor',
  'deployer',
  'coordinator',
  'observer',
  'cveNumberingAuthority',
] as const

export const addParticipant = caseAct({
  ...common,
  name: 'addParticipant',
  input: Type.Object({
    participant: party,
    roles: Type.Array(oneOf(GIVEN_ROLES), { minItems: 1, maxItems: GIVEN_ROLES.length }),
  }),
  when: leads,
  prepare: ({ kernel, input }) => speaker(kernel, input.participant),
  decide: ({ disclosure }, input, acting, { isPeer }) => {
    const known = participantOf(disclosure, input.participant)
    if (isPeer && !known) return refuse('invitedByMessage', peersAreInvited)
    const isNew = input.roles.some((role) => !known?.roles.includes(role))
    return isNew ? decideJoining(disclosure, input, acting) : refuse('rolesKnown', hasTheRoles)
  },
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
  prepare: async ({ kernel, input, state }) => ({
    ...(await speaker(kernel, input.participant)),
    embargoId: kernel.random.uuid(),
    peers: peersInCase(kernel, state),
  }),
  decide: ({ disclosure }, input, acting, { isPeer, peers, embargoId }) => {
    if (isPeer) return ownAnswer
    if (hasLeft(disclosure, input.participant)) return refuse('hasLeft', inviteAnew)
    if (disclosure.proposals.length >= PROPOSALS_MAX) return refuse('tooManyProposals', manyOpen)
    const until = instant(input.until, 'until')
    const proposed = decideProposal(disclosure, { ...input, until, embargoId }, acting)
    if (proposed.decision === 'refuse') return proposed
    const asked = askPeers(disclosure, peers, proposed.value, acting)
    return permit([...proposed.value, ...asked], ...proposed.because)
  },
  finish: async (step, { peers }) => {
    await tellPeers(step, peers, openIntent(step.state))
    return undefined
  },
})

const openIntent = ({ disclosure }: CaseState) =>
  disclosure.embargo === 'revise' ? 'revise' : 'propose'

export const inviteParty = caseAct({
  ...common,
  name: 'inviteParty',
  input: Type.Object({
    participant: party,
    answerBy: Type.Optional(Type.String({ maxLength: 30 })),
  }),
  when: leads,
  prepare: async ({ kernel, input, state }) => ({
    ...(await speaker(kernel, input.participant)),
    isInvited: isInvited(state, input.participant),
  }),
  decide: ({ disclosure }, { participant, answerBy }, acting, { isPeer, isInvited }) => {
    if (isPeer && !isInvited) return refuse('invitedByMessage', peersAreInvited)
    if (participant === acting.authority) return refuse('ownAuthority', ownAct)
    const due = answerBy ? { answerBy: instant(answerBy, 'answerBy') } : {}
    const known = participantOf(disclosure, participant)
    if (!known) return refuse('unknownParticipant', mustJoin)
    return inviteParticipant(disclosure, { participant, roles: known.roles, ...due }, acting)
  },
  finish: async (step, { isPeer }) => {
    const isOpen = step.state.disclosure.proposals.length > 0
    const intent = isOpen ? openIntent(step.state) : 'join'
    await tellPeers(step, isPeer ? [step.input.participant] : [], intent)
    return undefined
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
  prepare: async ({ kernel, input, state }) => ({
    ...(await speaker(kernel, input.participant)),
    peers: peersInCase(kernel, state),
    before: state.disclosure,
  }),
  decide: ({ disclosure }, { evidence, ...input }, acting, { isPeer, peers }) => {
    if (isPeer) return ownAnswer
    if (hasLeft(disclosure, input.participant)) return refuse('hasLeft', inviteAnew)
    if (!isReason(evidence)) return refuse('evidenceMissing', rules.evidenceNeeded)
    const answered = answerInvitation(disclosure, input, acting)
    if (answered.decision === 'refuse') return answered
    const told = answered.value.map((event) => withEvidence(event, input, evidence))
    const hasLapsed = told.some((event) => event.type === 'consentChanged' && event.to === 'lapsed')
    const asked = hasLapsed ? askPeers(disclosure, peers, told, acting) : []
    return permit([...told, ...asked], ...answered.because)
  },
  finish: async (step, { peers, before }) => {
    const intent = standingIntent(before, step.state.disclosure)
    if (intent) await tellPeers(step, peers, intent)
    return undefined
  },
})

/** An answer, and what it puts in force, say what they rest on; what else follows does not. */
function withEvidence(
  event: DisclosureEvent,
  { participant, answer }: { readonly participant: string; readonly answer: string },
  evidence: string,
): DisclosureEvent {
  if (event.type === 'embargoChanged' && event.event === 'accept') {
    return { ...event, reason: evidence }
  }
  const isAnswer = event.type === 'consentChanged' && event.event === answer
  return isAnswer && event.participant === participant ? { ...event, evidence } : event
}

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
  finish: async (step) => {
    // Of a first proposal, which falls; after a revision the old terms stand.
    const { embargo } = step.state.disclosure
    if (embargo === 'none') await tellEnd(step, 'agreed')
    if (embargo === 'active') await tellPeers(step, peersInCase(step.kernel, step.state), 'reject')
    return undefined
  },
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
    input.participant === acting.authority
      ? refuse('ownAuthority', leadStays)
      : leaveEmbargo(disclosure, { ...input, keepsEmbargo: keepsEmbargo === 'yes' }, acting),
  finish: async (step) => {
    const { participant, keepsEmbargo } = step.input
    const left = { participant, keepsEmbargo: keepsEmbargo === 'yes' }
    const { kernel, state, stream } = step
    // A party without a node has no name that others know.
    const isKnown = isPeerHere(kernel, participant)
    await tellLeaving(
      step,
      nameOfCase({ stream, state }),
      left,
      isKnown ? peersInCase(kernel, state) : [],
    )
    return undefined
  },
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
    if (participant === acting.authority) return refuse('ownAuthority', ownAct)
    if (!isReason(reason)) return refuse('reasonMissing', rules.evidenceNeeded)
    if (step !== 'receive') return REPORT_STEPS[step](disclosure, { participant, reason }, acting)
    const parties = { sender: acting.authority, receiver: participant }
    const given = sendReport(disclosure, parties, acting)
    if (given.decision === 'refuse') return given
    const told = given.value.map((event) =>
      event.type === 'reportStateChanged' ? { ...event, reason } : event,
    )
    return permit(told, ...given.because)
  },
})
