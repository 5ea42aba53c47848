/** Acts on how long exhibits are kept. Nothing here destroys: that does the clock. */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import { instant } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import {
  DISPOSAL_OUTCOMES,
  appraiseExhibits as decideAppraisal,
  setDisposalClass as decideClass,
} from '../../core/evidence/retention.ts'
import { disposalClassOf } from '../../wire/disposal-classes.ts'
import { caseAct } from '../act.ts'
import { id, reason } from './fields.ts'
import { exhibitsIn, scopeFields } from './records-acts.ts'

const keeping = { topic: 'records', group: 'keepRecords' } as const

export const setDisposalClass = caseAct({
  name: 'setDisposalClass',
  ...keeping,
  input: Type.Object({
    ...scopeFields,
    classId: Type.String({ maxLength: 60 }),
    /** The end of the matter, for classes that count from it. */
    startsAt: Type.Optional(Type.String({ maxLength: 30 })),
    reason,
  }),
  decide: ({ evidence }, input, acting) => {
    const startsAt = input.startsAt === undefined ? null : instant(input.startsAt, 'startsAt')
    const disposalClass = disposalClassOf(input.classId)
    const exhibits = exhibitsIn(input)
    return decideClass(
      evidence,
      { exhibits, disposalClass, startsAt, reason: input.reason },
      acting,
    )
  },
})

export const appraiseExhibits = caseAct({
  name: 'appraiseExhibits',
  ...keeping,
  stepUp: true,
  input: Type.Object({
    exhibits: Type.Array(id, { minItems: 1, maxItems: 200 }),
    outcome: Type.Union(DISPOSAL_OUTCOMES.map((one) => Type.Literal(one))),
    archive: Type.Optional(Type.String({ maxLength: 300 })),
    reason,
  }),
  secondPerson: () => ({
    rule: 'disposal:appraisal',
    text: 'what becomes of exhibits is appraised by two persons',
  }),
  when: hasExhibits,
  decide: ({ evidence }, { archive = null, ...input }, acting) =>
    decideAppraisal(evidence, { ...input, archive }, acting),
})

function hasExhibits({ evidence }: CaseState) {
  if (evidence.exhibits.some(({ isDestroyed }) => !isDestroyed)) return permit(null)
  const text = 'this case holds no exhibit'
  return refuse('noExhibit', { rule: 'evidence:exhibit', text })
}
