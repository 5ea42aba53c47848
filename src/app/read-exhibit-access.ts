/**
 * Who may read an exhibit, as every act and every page that reads one asks it: the one
 * decision about access, with the protective orders on that exhibit, and whether its
 * originator called it back.
 */
import { type Decision, type Refusal, refuse } from '../base/decision.ts'
import type { Action, Grant } from '../core/access/decide-access.ts'
import type { CaseState } from '../core/case/case.ts'
import { heldContent } from '../core/release/held.ts'
import { type Asking, decideOnCase } from './access.ts'

/** Of a control: yes if there is an exhibit that the person may read. */
export function decideOnReading(
  state: CaseState,
  action: Action,
  asking: Asking,
  exhibitId: string | undefined,
): Decision<Grant> {
  if (exhibitId !== undefined) return decideOnCase(state, { ...action, exhibitId }, asking)
  const each = state.evidence.exhibits.map(({ exhibitId: one }) =>
    decideOnCase(state, { ...action, exhibitId: one }, asking),
  )
  const permitted = each.find(({ decision }) => decision === 'permit')
  return permitted ?? each[0] ?? decideOnCase(state, action, asking)
}

/** What its originator called back is read by nobody, and nothing is made from it. */
export function calledBack(
  { releases, evidence }: CaseState,
  exhibitId: string,
): Refusal | undefined {
  const held = heldContent(releases, evidence.exhibits)
  const found = held.find(
    ({ isRetracted, exhibitIds }) => isRetracted && exhibitIds.includes(exhibitId),
  )
  if (!found) return undefined
  const text = `${found.originator} called this back: delete it, and confirm that`
  return refuse('contentRetracted', { rule: `held:${found.releaseId}`, text })
}
