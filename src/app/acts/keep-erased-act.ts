/** What was erased where it came from is kept here, on a ground that the law of this node gives. */
import { Type } from '@sinclair/typebox'
import { toBase64 } from '../../base/bytes.ts'
import { permit, refuse } from '../../base/decision.ts'
import type { CaseState } from '../../core/case/case.ts'
import { KEPT_GROUNDS, type KeptStatement, mayKeep } from '../../core/release/retraction.ts'
import { keptInput } from '../../wire/retraction-statement.ts'
import { caseAct } from '../act.ts'
import { sendAnswer, sendWhenLogged } from '../erasure/send-logged.ts'
import { id } from './fields.ts'

export const keepErased = caseAct({
  name: 'keepErased',
  topic: 'release',
  group: 'exchange',
  stepUp: true,
  input: Type.Object({
    releaseId: id,
    answer: Type.Union([Type.Literal('partial'), Type.Literal('refused')]),
    ground: Type.Union(KEPT_GROUNDS.map((ground) => Type.Literal(ground))),
    law: Type.String({ minLength: 1, maxLength: 300 }),
  }),
  secondPerson: () => ({
    rule: 'retraction:keeps',
    text: 'it keeps what its origin erased: a second person approves exactly that',
  }),
  when: (state) =>
    keepable(state).length > 0
      ? permit(null)
      : refuse('notErased', {
          rule: 'retraction:notErased',
          text: 'no peer has erased what it released here',
        }),
  prepare: async ({ kernel, state, input, acting }): Promise<KeptStatement | undefined> => {
    const retraction = keepable(state).find(({ releaseId }) => releaseId === input.releaseId)
    if (!retraction) return undefined
    const { keyId: key, sign } = kernel.keys.messageSigner()
    const parties = { releasedBy: retraction.from, party: kernel.node.id }
    const bytes = await sign(keptInput({ ...input, ...parties, answeredAt: acting.now }))
    return { ...input, answeredAt: acting.now, key, signature: toBase64(bytes) }
  },
  decide: ({ releases, evidence }, input, _acting, statement) => {
    const hasHold = evidence.holds.some(({ lifted }) => lifted === null)
    const may = mayKeep(releases, input, hasHold)
    if (may.decision === 'refuse') return may
    return permit(statement ? [{ type: 'retractionKept', ...statement }] : [])
  },
  finish: async ({ unit, stream, state, input }, statement) => {
    const to = state.releases.retractions.find(({ releaseId }) => releaseId === input.releaseId)
    if (!statement || !to) return undefined
    await sendAnswer(unit, { stream, state }, { to: to.from, type: 'erasureAnswer', statement })
    await sendWhenLogged(unit, stream, 'retractionKept')
    return undefined
  },
})

function keepable({ releases }: CaseState) {
  return releases.retractions.filter(
    ({ cause, confirmation, kept }) => cause === 'erased' && !confirmation && !kept,
  )
}
