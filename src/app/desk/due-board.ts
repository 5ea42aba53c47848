/**
 * What falls due across cases beside legal clocks: answers to requests for records and to
 * consultations about them, remedies, looks after remedies, and the duties that this
 * authority owes after a release. Only what is still open and has a day, the next first.
 */
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { listFilter } from '../access.ts'
import type { Kernel } from '../kernel.ts'
import type { DueKind, DueRow } from '../ports/registers.ts'
import { dutyBoard } from './duty-board.ts'

export const DUE_NEARNESS = ['passed', 'day', 'week', 'later'] as const
export type DueNearness = (typeof DUE_NEARNESS)[number]

export type BoardDue = Omit<DueRow, 'kind'> & {
  readonly kind: DueKind | 'duty'
  readonly nearness: DueNearness
}

export async function dueBoard(kernel: Kernel, acting: Acting): Promise<readonly BoardDue[]> {
  const { now } = acting
  const [dues, duties] = await Promise.all([
    kernel.registers.dues(await listFilter(kernel, acting)),
    dutyBoard(kernel, acting, { side: 'owedByUs' }),
  ])
  const owed = duties.flatMap(({ dueAt, dischargedAt, releaseId, ...row }) =>
    dueAt === null || dischargedAt !== null
      ? []
      : [
          {
            ...caseOf(row),
            kind: 'duty' as const,
            subjectId: releaseId,
            dueAt,
            isToConfirm: false,
          },
        ],
  )
  return [...dues, ...owed]
    .map((row) => ({ ...row, nearness: nearnessOf(row.dueAt, now) }))
    .sort((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : 0))
}

type OfCase = Pick<DueRow, 'caseId' | 'caseTitle' | 'caseOpenedAt'>

function caseOf({ caseId, caseTitle, caseOpenedAt }: OfCase): OfCase {
  return { caseId, caseTitle, caseOpenedAt }
}

export function nearnessOf(dueAt: Instant, now: Instant): DueNearness {
  if (dueAt <= now) return 'passed'
  if (dueAt <= addMs(now, DAY_MS)) return 'day'
  return dueAt <= addMs(now, 7 * DAY_MS) ? 'week' : 'later'
}
