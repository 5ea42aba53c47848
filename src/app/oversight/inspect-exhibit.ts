/**
 * Oversight reads an exhibit: by a statute on record that gives it the content, in an
 * inspection of this very case. The watched authority is not asked; the look is an act of
 * custody that it sees.
 */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import { recordCustody } from '../../core/evidence/decide-evidence.ts'
import { exhibitOf } from '../../core/evidence/evidence.ts'
import { contentMandate } from '../../core/oversight/oversight.ts'
import { caseAct } from '../act.ts'
import { id } from '../acts/fields.ts'
import { readOversight } from './oversight-act.ts'

export const inspectExhibit = caseAct({
  name: 'inspectExhibit',
  topic: 'evidence',
  group: 'inspect',
  stepUp: true,
  input: Type.Object({ exhibitId: id }),
  when: ({ evidence }) =>
    evidence.exhibits.length > 0
      ? permit(null)
      : refuse('noExhibit', { rule: 'evidence:exhibit', text: 'this case has no exhibit' }),
  prepare: async ({ kernel, caseId, acting: { officer } }) =>
    contentMandate(await readOversight(kernel), { caseId, officer }),
  decide: (state, { exhibitId }, acting, found) => {
    if (!found) {
      const text =
        'no inspection of this case by you is open under a mandate that gives access to content'
      return refuse('noContentMandate', { rule: 'oversight:contentMandate', text })
    }
    const { mandate, inspection } = found
    const purpose = `Inspection ${inspection.inspectionId} under ${mandate.statute}, ${mandate.article}`
    const digest = exhibitOf(state.evidence, exhibitId)?.digest ?? ''
    return recordCustody(state.evidence, { exhibitId, act: 'opened', purpose, digest }, acting)
  },
  after: ({ kernel, input }) => kernel.exhibits.open(input.exhibitId),
})
