/** What an operator, or its counsel, has open at its seat at this moment. */
import { utcDateOf } from '../base/time.ts'
import type { Admission } from '../core/access/case-access.ts'
import { documentsOf } from '../core/access/documents.ts'
import type { CaseState } from '../core/case/case.ts'
import { appealPeriodOf } from '../core/rights/appeal-period.ts'
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
    appealable: appealable(state, person).map((against) => ({
      ...against,
      untilOn: appealPeriodOf(state.rights.appealPeriods, against)?.untilOn ?? null,
    })),
  }
}

export type OpenToOtherSide = NonNullable<ReturnType<typeof openToOtherSide>>

function appealable(state: CaseState, person: string): readonly Appealed[] {
  return appealableDecisions(state)
    .filter(({ against, by }) => against.kind === 'measure' || by === person)
    .map(({ against }) => against)
}

/** Every decision here that can be appealed; `by`: whose claim it was about. */
export function appealableDecisions({ enforcement, rights }: CaseState) {
  const measures = enforcement.measures.flatMap(({ measureId: id, takenAt }) =>
    takenAt === null
      ? []
      : [{ against: { kind: 'measure' as const, id }, madeOn: utcDateOf(takenAt), by: null }],
  )
  const claims = rights.claims.flatMap(({ claimId: id, outcome, decidedAt, person: by }) =>
    outcome !== 'rejected' || decidedAt === null
      ? []
      : [{ against: { kind: 'claim' as const, id }, madeOn: utcDateOf(decidedAt), by }],
  )
  return [...measures, ...claims]
}
