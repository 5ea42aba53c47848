/** Erasing a whole case: proofs stay, and nobody can show what they were about. */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import { invariant } from '../../base/errors.ts'
import { mayEraseCase, standsAgainst } from '../../core/erasure/erase-case.ts'
import { ERASURE_GROUNDS } from '../../core/erasure/erasure.ts'
import { caseAct } from '../act.ts'
import { eraseCase as erase } from '../erasure/erase-case.ts'
import { watchedNow } from '../oversight/watched-now.ts'

const takesTwo = {
  rule: 'erasure:takesTwo',
  text: 'nothing brings an erased case back: a second person approves exactly that',
}

export const eraseCase = caseAct({
  name: 'eraseCase',
  topic: 'records',
  group: 'keepRecords',
  stepUp: true,
  input: Type.Object({
    ground: Type.Union(ERASURE_GROUNDS.map((one) => Type.Literal(one))),
    law: Type.String({ minLength: 1, maxLength: 300 }),
    orderedBy: Type.String({ minLength: 1, maxLength: 200 }),
  }),
  secondPerson: () => takesTwo,
  when: (state, acting) => {
    const [first] = standsAgainst(state, acting)
    return first ? refuse(first.why, ...first.because) : permit(null)
  },
  prepare: ({ kernel, unit, caseId }) => watchedNow(kernel, unit, caseId),
  // The stream ends with it, so it is recorded elsewhere.
  decide: (state, input, acting, watched) => {
    if (watched.length > 0) return refuse('overseen', ...watched)
    const may = mayEraseCase(state, input, acting)
    return may.decision === 'refuse' ? may : permit([])
  },
  finish: async ({ kernel, unit, stream, state, acting, proposedBy, input }) => {
    invariant(proposedBy, 'a second person approves')
    const place = { kernel, unit, stream, state, acting, proposedBy: proposedBy.officer }
    return erase(place, input)
  },
})
