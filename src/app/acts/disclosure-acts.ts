/** Acts of coordinated disclosure: embargo, the report's own states, progress, invitations. */
import { Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, instant } from '../../base/time.ts'
import type { CaseEvent, CaseState } from '../../core/case/case.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { isVendorLetter } from '../../core/disclosure/case-state.ts'
import {
  answerInvitation as decideAnswer,
  inviteParticipant,
} from '../../core/disclosure/consent.ts'
import { participantOf, stateAfter } from '../../core/disclosure/disclosure-state.ts'
import { endEmbargo as decideEnd, expireEmbargo } from '../../core/disclosure/embargo-end.ts'
import {
  setEmbargoEnd as decideEmbargoEnd,
  refuseEmbargo as decideRefusal,
  proposeEmbargo,
} from '../../core/disclosure/embargo-start.ts'
import type { DisclosureEvent } from '../../core/disclosure/events.ts'
import { recordProgress as decideProgress } from '../../core/disclosure/progress.ts'
import {
  acceptReport,
  closeReport,
  deferReport,
  invalidateReport,
  validateReport,
} from '../../core/disclosure/report.ts'
import type { ContentOf } from '../../wire/exchange/contents.ts'
import { caseAct, type Step } from '../act.ts'
import { coordinationStub } from '../case-record.ts'
import { nameOfCase } from '../joint-case.ts'
import { agreementWith } from '../release-basis.ts'
import {
  decideRelease,
  type PreparedRelease,
  prepareForRelease,
  sendRelease,
} from '../release-to-peer.ts'
import { reason, rightsReasons } from './fields.ts'
import { hasReport } from './triage-acts.ts'

/** Whoever took the lead over works with what was released to it. */
const hasReportOrLead = (state: CaseState) => (state.tookLead ? permit(null) : hasReport(state))

export const setEmbargoEnd = caseAct({
  name: 'setEmbargoEnd',
  topic: 'disclosure',
  group: 'disclose',
  input: Type.Object({
    until: Type.String({ maxLength: 30 }),
    zone: Type.String({ maxLength: 60 }),
    ground: reason,
    justification: Type.Optional(Type.String({ maxLength: 2000 })),
  }),
  when: hasReportOrLead,
  decide: (state, input, acting) =>
    decideEmbargoEnd(state.disclosure, { ...input, until: instant(input.until, 'until') }, acting),
})

export const refuseEmbargo = caseAct({
  name: 'refuseEmbargo',
  topic: 'disclosure',
  group: 'disclose',
  input: Type.Object({
    ground: Type.Union(
      (
        ['alreadyPublic', 'exploitPublic', 'attacksObserved', 'fixDeployed', 'notSought'] as const
      ).map((ground) => Type.Literal(ground)),
    ),
    reason: Type.Optional(Type.String({ maxLength: 2000 })),
  }),
  when: hasReportOrLead,
  decide: (state, input, acting) => decideRefusal(state.disclosure, input, acting),
})

export const decideOnReport = caseAct({
  name: 'decideOnReport',
  topic: 'disclosure',
  group: 'disclose',
  input: Type.Object({
    step: Type.Union(
      (['validate', 'invalidate', 'accept', 'defer', 'close'] as const).map((one) =>
        Type.Literal(one),
      ),
    ),
    reason: Type.Optional(Type.String({ maxLength: 2000 })),
  }),
  when: hasReportOrLead,
  decide: (state, { step, ...rest }, acting) => {
    const steps = {
      validate: validateReport,
      invalidate: invalidateReport,
      accept: acceptReport,
      defer: deferReport,
      close: closeReport,
    }
    const command = { participant: acting.authority, ...rest }
    const decided = steps[step](state.disclosure, command, acting)
    const ends =
      step === 'close' && decided.decision === 'permit' && state.lead === acting.authority
    return ends && !isLookedBackAt(state.joint, rest.reason)
      ? refuse('noReview', reviewFirst)
      : decided
  },
})

/** As when a case closes: by a review, or with the reason why nobody looks back. */
function isLookedBackAt({ reviews, closed }: CaseState['joint'], why = ''): boolean {
  return reviews.length > 0 || closed !== null || why.trim() !== ''
}

const reviewFirst = {
  rule: 'joint:noReview',
  text: 'record an after-action review first, or give as the reason why nobody looks back',
}

export const recordProgress = caseAct({
  name: 'recordProgress',
  topic: 'disclosure',
  group: 'disclose',
  input: Type.Object({
    letter: Type.Union((['V', 'F', 'D', 'P', 'X', 'A'] as const).map((one) => Type.Literal(one))),
    participant: Type.Optional(Type.String({ maxLength: 100 })),
    evidence: reason,
  }),
  when: hasReportOrLead,
  prepare: async ({ state: { disclosure } }) => ({
    hadEmbargo: ['proposed', 'active', 'revise'].includes(disclosure.embargo),
  }),
  decide: (state, input, acting) => decideProgress(state.disclosure, input, acting),
  finish: async (step, { hadEmbargo }) => {
    const { state, input } = step
    const hasEnded = hadEmbargo && ['none', 'exited'].includes(state.disclosure.embargo)
    const why = { P: 'alreadyPublic', X: 'exploitPublic', A: 'attacksObserved' } as const
    const { letter } = input
    if (hasEnded && !isVendorLetter(letter)) await tellEnd(step, why[letter])
    return undefined
  },
})

/**
 * Invites a peer: a stub release under the agreement, and, where an embargo end
 * was set, the terms that the peer is asked to consent to.
 */
export const inviteToCase = caseAct({
  name: 'inviteToCase',
  topic: 'disclosure',
  group: 'exchange',
  stepUp: true,
  proposedOn: 'secondOfficerMissing',
  input: Type.Object({
    peer: Type.String({ maxLength: 100 }),
    ...rightsReasons,
  }),
  when: (state) => (state.triage.decided ? hasReport(state) : refuse('notTriaged', triageFirst)),
  prepare: async (step): Promise<{ release: PreparedRelease; embargoId: string }> => {
    const { input, kernel, state } = step
    const release = await prepareForRelease(step, {
      kind: 'stub',
      recipient: input.peer,
      purpose: 'coordinatedDisclosure',
      legalBasis: input.legalBasis,
      categories: ['coordinationStub'],
      answers: input,
      record: { coordinationStub: coordinationStub(state) },
    })
    return { release, embargoId: kernel.random.uuid() }
  },
  decide: (state, { peer }, acting, { release, embargoId }) => {
    const invited = decideInvitation(state, peer, embargoId, acting)
    if (invited.decision === 'refuse') return invited
    const released = decideRelease(state, acting, release)
    if (released.decision === 'refuse') return released
    return permit([...released.value, ...invited.value], ...released.because, ...invited.because)
  },
  finish: async (step, { release }) => {
    const { state, input, stream, acting } = step
    const participant = participantOf(state.disclosure, input.peer)
    const terms = state.disclosure.terms ?? state.disclosure.proposals[0] ?? null
    return sendRelease(step, release, 'invitation', {
      caseId: nameOfCase({ stream, state }),
      terms,
      answerBy: participant?.answerBy ?? addMs(acting.now, 7 * DAY_MS),
    })
  },
})

const triageFirst = {
  rule: 'disclosure:triageFirst',
  text: 'a priority is decided before others are asked to take part',
}

function decideInvitation(
  state: CaseState,
  peer: string,
  embargoId: string,
  acting: Acting,
): Decision<readonly CaseEvent[]> {
  const roles = ['coordinator'] as const
  const { disclosure } = state
  if (disclosure.embargoEnd === null || disclosure.embargo === 'exited') {
    if (participantOf(disclosure, peer)) return refuse('alreadyInvited', alreadyInvited)
    return permit<CaseEvent[]>([{ type: 'participantJoined', participant: peer, roles }])
  }
  const proposed = proposal(state, embargoId, acting)
  if (proposed.decision === 'refuse') return proposed
  const next = stateAfter(disclosure, proposed.value, acting.now)
  const invited = inviteParticipant(next, { participant: peer, roles }, acting)
  if (invited.decision === 'refuse') return invited
  return permit([...proposed.value, ...invited.value], ...invited.because)
}

const alreadyInvited = {
  rule: 'disclosure:inviteOnce',
  text: 'this authority was invited already',
}

/** The first invitation proposes the embargo whose end was set; later ones join it. */
function proposal(
  { disclosure }: CaseState,
  embargoId: string,
  acting: Acting,
): Decision<readonly DisclosureEvent[]> {
  const { embargo, embargoEnd } = disclosure
  if (embargo !== 'none' || embargoEnd === null) return permit([])
  const { until, zone, justification } = embargoEnd
  return proposeEmbargo(
    disclosure,
    {
      participant: acting.authority,
      embargoId,
      until,
      zone,
      ...(justification === null ? {} : { justification }),
    },
    acting,
  )
}

/**
 * The invited authority's own answer, in its own stream, told to the lead. The
 * lead hears yes or no; the reason stays here, since it is no release.
 */
export const answerInvitation = caseAct({
  name: 'answerInvitation',
  topic: 'disclosure',
  group: 'exchange',
  input: Type.Object({
    answer: Type.Union([Type.Literal('accept'), Type.Literal('decline')]),
    reason,
  }),
  when: ({ invitation }) => {
    if (invitation && invitation.answer === null) return permit(null)
    const text = invitation ? 'the invitation was answered' : 'nobody invited this authority'
    return refuse('noOpenInvitation', { rule: 'disclosure:answerOnce', text })
  },
  decide: (state, { answer, reason }, acting) => {
    const answered = { type: 'invitationAnswered', answer, reason } as const
    const terms = state.invitation?.terms
    if (!terms) return permit<CaseEvent[]>([answered])
    const { embargoId } = terms
    const own = { participant: acting.authority, answer, embargoId }
    const consent = decideAnswer(state.disclosure, own, acting)
    if (consent.decision === 'refuse') return consent
    return permit<CaseEvent[]>([answered, ...consent.value], ...consent.because)
  },
  finish: async (step) => {
    const { unit, state, input, kernel } = step
    const caseId = nameOfCase(step)
    await unit.send({
      destination: state.lead,
      type: 'invitationAnswer',
      objectId: caseId,
      agreement: (await agreementWith(kernel, state.lead)).digest,
      content: {
        caseId,
        answer: input.answer,
        embargoId: state.invitation?.terms?.embargoId ?? null,
      },
    })
    return undefined
  },
})

/** Ends the embargo: by agreement, because of a fix, or because its end has come. */
export const endEmbargo = caseAct({
  name: 'endEmbargo',
  topic: 'disclosure',
  group: 'disclose',
  input: Type.Object({
    reason: Type.Union(
      (['expired', 'fixReady', 'fixDeployed', 'agreed'] as const).map((one) => Type.Literal(one)),
    ),
    explanation: Type.Optional(Type.String({ maxLength: 2000 })),
  }),
  when: ({ disclosure }) =>
    ['active', 'revise', 'proposed'].includes(disclosure.embargo)
      ? permit(null)
      : refuse('noEmbargoInForce', {
          rule: 'disclosure:embargoMachine',
          text: 'no embargo is in force',
        }),
  decide: (state, input, acting) =>
    input.reason === 'expired'
      ? expireEmbargo(state.disclosure, {}, acting)
      : decideEnd(state.disclosure, { ...input, reason: input.reason }, acting),
  finish: async (step) => {
    await tellEnd(step, step.input.reason)
    return undefined
  },
})

type EndReason = ContentOf<'embargoEnded'>['reason']

/** Tells every participant with a node, whether it has accepted or not. */
export async function tellEnd(
  { unit, state, stream, kernel }: Pick<Step<unknown>, 'unit' | 'state' | 'stream' | 'kernel'>,
  reason: EndReason,
): Promise<void> {
  for (const { id } of state.disclosure.participants) {
    if (id === kernel.node.id || !kernel.peers.find(id)) continue
    const caseId = nameOfCase({ stream, state })
    const content = { caseId, reason }
    const agreement = (await agreementWith(kernel, id)).digest
    await unit.send({
      destination: id,
      type: 'embargoEnded',
      objectId: caseId,
      agreement,
      content,
    })
  }
}
