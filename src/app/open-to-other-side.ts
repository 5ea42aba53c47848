/** What an operator, or its counsel, has open at its seat at this moment. */
import type { Admission } from '../core/access/case-access.ts'
import { documentsOf } from '../core/access/documents.ts'
import type { CaseState } from '../core/case/case.ts'
import type { Appealed } from '../core/rights/appeals.ts'
import { answeringRole } from '../core/rights/statements.ts'
import { caseRecord } from './case-record.ts'

/** What an operator or counsel can claim over, challenge and appeal at this moment. */
export function openToOtherSide(state: CaseState, admission: Admission) {
  const role = answeringRole(state, admission)
  if (role !== 'respondent' && role !== 'respondentCounsel') return undefined
  const { person } = admission
  return {
    exhibitIds: documentsOf(state.access, admission, 'exhibits'),
    categories: Object.keys(caseRecord(state)),
    challengeable: state.rights.claims
      .filter((one) => one.person === person && one.outcome === 'rejected' && !one.challenge)
      .map(({ claimId }) => claimId),
    appealable: appealable(state, person),
  }
}

export type OpenToOtherSide = NonNullable<ReturnType<typeof openToOtherSide>>

function appealable({ enforcement, rights }: CaseState, person: string): readonly Appealed[] {
  const measures = enforcement.measures.filter(({ takenAt }) => takenAt !== null)
  const claims = rights.claims.filter((one) => one.person === person && one.outcome === 'rejected')
  return [
    ...measures.map(({ measureId }) => ({ kind: 'measure' as const, id: measureId })),
    ...claims.map(({ claimId }) => ({ kind: 'claim' as const, id: claimId })),
  ]
}
