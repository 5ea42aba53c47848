/** Acts of calling back, of confirming that nothing is left, and of asking before passing on. */
import { Type } from '@sinclair/typebox'
import { toBase64 } from '../../base/bytes.ts'
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import type { CaseEvent, CaseState } from '../../core/case/case.ts'
import { dischargeInCase } from '../../core/case/discharge-in-case.ts'
import { findDuty } from '../../core/release/follow-duties.ts'
import { heldIn } from '../../core/release/handling.ts'
import { heldContent } from '../../core/release/held.ts'
import { answerOnward, askOnward } from '../../core/release/onward.ts'
import { permittedRelease } from '../../core/release/release.ts'
import {
  DELETION_DUTY,
  type DeletionStatement,
  withdrawRelease as decideWithdrawal,
  mayConfirmDeletion,
} from '../../core/release/retraction.ts'
import { retractionInput } from '../../wire/retraction-statement.ts'
import { caseAct, type Step } from '../act.ts'
import { agreementStateOf } from '../agreements.ts'
import { sendAnswer, sendWhenLogged } from '../erasure/send-logged.ts'
import { destroyWithHandOvers } from '../hand-over-file.ts'
import { nameOfCase } from '../joint-case.ts'
import { erasePassedOn, tellRecipient } from '../retract.ts'
import { id, reason } from './fields.ts'

const exchanging = { topic: 'release', group: 'exchange', stepUp: true } as const

/** The causes that an officer states; the others follow from a challenge, a person, a job. */
const OFFICERS_CAUSES = ['error', 'breach', 'challengeUpheld', 'consentWithdrawn'] as const

export const withdrawRelease = caseAct({
  name: 'withdrawRelease',
  ...exchanging,
  input: Type.Object({
    releaseId: id,
    cause: Type.Union(OFFICERS_CAUSES.map((cause) => Type.Literal(cause))),
    reason,
  }),
  when: ({ releases }) =>
    releases.permitted.some(({ withdrawn }) => withdrawn === null)
      ? permit(null)
      : none('nothingReleased', 'retraction:open', 'nothing was released that still counts'),
  decide: (state, input, acting) => decideWithdrawal(state.releases, input, acting),
  finish: async ({ kernel, unit, stream, state, input }) => {
    await tellRecipient({ kernel, unit, stream }, state, input.releaseId, input.cause)
    return undefined
  },
})

/** The recipient's officer made sure that nothing is left; the node signs it for the peer. */
export const confirmDeletion = caseAct({
  name: 'confirmDeletion',
  ...exchanging,
  input: Type.Object({ releaseId: id, proof: reason }),
  when: ({ releases }) =>
    releases.retractions.some(({ confirmation }) => confirmation === null)
      ? permit(null)
      : none('nothingRetracted', 'retraction:none', 'no peer called a release back'),
  secondPerson: (state, input) =>
    state.releases.received.some(
      (one) =>
        (input === undefined || one.releaseId === input.releaseId) && isHeld(state, one.releaseId),
    )
      ? takesTwo
      : undefined,
  prepare: (step) => statementOf(step),
  decide: (state, input, acting, statement): Decision<readonly CaseEvent[]> => {
    const may = mayConfirmDeletion(state.releases, input)
    if (may.decision === 'refuse') return may
    if (!statement) return none('notRetracted', 'retraction:none', 'this was not called back')
    const duty = { releaseId: input.releaseId, dutyId: DELETION_DUTY }
    const found = findDuty(state.releases, duty)
    const isOpen = 'duty' in found && found.duty.dischargedAt === null
    const { proof } = input
    const destroyed = isOpen ? dischargeInCase(state, { ...duty, proof }, acting) : permit([])
    if (destroyed.decision === 'refuse') return destroyed
    return permit([...destroyed.value, { type: 'retractionConfirmed', proof, ...statement }])
  },
  finish: async ({ kernel, caseId, unit, stream, state, input }, statement) => {
    const { releaseId } = input
    for (const exhibitId of broughtBy(state, releaseId)) {
      await destroyWithHandOvers(kernel, state, exhibitId)
    }
    await kernel.receivedViews.destroy({ caseId, releaseId })
    await erasePassedOn(unit, state, releaseId)
    const retraction = state.releases.retractions.find((one) => one.releaseId === releaseId)
    if (!statement || !retraction) return undefined
    const answer = { to: retraction.from, type: 'retractionDone', statement }
    await sendAnswer(unit, { stream, state }, answer)
    if (retraction.cause === 'erased') await sendWhenLogged(unit, stream, 'retractionConfirmed')
    return undefined
  },
})

const takesTwo: Because = {
  rule: 'retraction:destroys',
  text: 'it destroys what was received: a second person approves exactly that',
}

async function statementOf({
  kernel,
  state,
  input,
  acting,
}: Step<{ readonly releaseId: string }>): Promise<DeletionStatement | undefined> {
  const { releaseId } = input
  const retraction = state.releases.retractions.find((one) => one.releaseId === releaseId)
  if (!retraction) return undefined
  const { keyId: key, sign } = kernel.keys.messageSigner()
  const parties = { releasedBy: retraction.from, party: kernel.node.id }
  const confirmedAt = acting.now
  const bytes = await sign(retractionInput({ releaseId, ...parties, confirmedAt }))
  return { releaseId, confirmedAt, key, signature: toBase64(bytes) }
}

/** What it brought, with all copies made of it here. */
function broughtBy({ releases, evidence }: CaseState, releaseId: string): readonly string[] {
  const held = heldContent(releases, evidence.exhibits).find((one) => one.releaseId === releaseId)
  return held?.exhibitIds ?? []
}

function isHeld(state: CaseState, releaseId: string): boolean {
  const release = state.releases.received.find((one) => one.releaseId === releaseId)
  const brought = broughtBy(state, releaseId)
  const isThere = ({ exhibitId, isDestroyed }: { exhibitId: string; isDestroyed: boolean }) =>
    brought.includes(exhibitId) && !isDestroyed
  return release?.destroyedAt === null || state.evidence.exhibits.some(isThere)
}

export const askOnwardConsent = caseAct({
  name: 'askOnwardConsent',
  ...exchanging,
  input: Type.Object({
    releaseId: id,
    recipient: Type.String({ maxLength: 100 }),
    purpose: Type.String({ maxLength: 60 }),
    reason,
  }),
  when: ({ releases }) =>
    releases.received.length > 0
      ? permit(null)
      : none('nothingHeld', 'onward:held', 'nothing of a peer is held in this case'),
  prepare: async ({ kernel }) => kernel.random.uuidByTime(),
  decide: (state, input, acting, requestId) =>
    askOnward(state.releases, { requestId, ...input }, acting),
  finish: async ({ unit, stream, state, input }, requestId) => {
    const held = state.releases.received.find(({ releaseId }) => releaseId === input.releaseId)
    if (!held) return undefined
    const name = nameOfCase({ stream, state })
    await unit.send({
      destination: held.from,
      type: 'onwardConsentRequest',
      objectId: name,
      agreement: held.agreement.digest,
      content: { caseId: name, requestId, ...input },
    })
    return { requestId }
  },
})

export const answerOnwardConsent = caseAct({
  name: 'answerOnwardConsent',
  ...exchanging,
  input: Type.Object({
    requestId: id,
    answer: Type.Union([Type.Literal('consent'), Type.Literal('refuse')]),
    reason,
  }),
  when: ({ releases }) =>
    releases.onward.some(({ side, answer }) => side === 'originator' && answer === null)
      ? permit(null)
      : none('nothingAsked', 'onward:open', 'no peer asks to pass something on'),
  prepare: async ({ kernel, state, input }) => {
    const asked = state.releases.onward.find(({ requestId }) => requestId === input.requestId)
    const release = asked && permittedRelease(state.releases, asked.releaseId)
    const agreement = release?.agreement && (await agreementStateOf(kernel, release.agreement.id))
    const held = heldContent(state.releases, state.evidence.exhibits)
    return { document: agreement?.document ?? null, inside: release ? heldIn(held, release) : [] }
  },
  decide: (state, input, _acting, ground) => answerOnward(state.releases, input, ground),
  finish: async ({ unit, stream, state, input }) => {
    const asked = state.releases.onward.find(({ requestId }) => requestId === input.requestId)
    if (!asked) return undefined
    await unit.send({
      destination: asked.peer,
      type: 'onwardConsentAnswer',
      objectId: stream.id,
      agreement: null,
      content: {
        caseId: nameOfCase({ stream, state }),
        requestId: input.requestId,
        answer: input.answer,
      },
    })
    return undefined
  },
})

function none(why: string, rule: string, text: string): Decision<never> {
  return refuse(why, { rule, text })
}
