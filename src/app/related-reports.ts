/**
 * Other cases of this node whose reports may be about the same thing, for whoever reads
 * the case: only cases that this person may read count. No peer is asked.
 */

import { isUuid } from '../base/ids.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { AdmittedReport } from '../core/triage/admitted-report.ts'
import { compareReports, fingerprint, type Match, matchTextOf } from '../core/triage/duplicates.ts'
import { decideCaseAccess, listCases } from './access.ts'
import { caseStream, foldCaseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'

/** The newest cases are compared; older ones are found by search. */
export const COMPARED_MAX = 200
const SHOWN_MAX = 10
const READ: Parameters<typeof decideCaseAccess>[2] = { name: 'read', group: 'read' }

export type RelatedReport = {
  readonly caseId: string
  readonly title: string
  readonly match: Match
}

/** Likely duplicates first. */
export async function relatedReports(
  kernel: Kernel,
  {
    caseId,
    report,
    acting,
  }: {
    readonly caseId: string
    readonly report: AdmittedReport
    readonly acting: Acting
  },
): Promise<readonly RelatedReport[]> {
  const rows = (await listCases(kernel, acting))
    .filter(({ id }) => id !== caseId)
    .sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1))
    .slice(0, COMPARED_MAX)
  const found: RelatedReport[] = []
  // One after another: a page that is looked at must not take all connections.
  for (const { id, title } of rows) {
    const match = await matchWith(kernel, { report, otherCaseId: id, acting })
    if (match && match.likeness !== 'none') found.push({ caseId: id, title, match })
  }
  return found.sort((a, b) => rankOf(b.match) - rankOf(a.match)).slice(0, SHOWN_MAX)
}

/** Undefined: no such case, one closed to this person, or one without a report. */
export async function matchWith(
  kernel: Kernel,
  {
    report,
    otherCaseId,
    acting,
  }: {
    readonly report: AdmittedReport
    readonly otherCaseId: string
    readonly acting: Acting
  },
): Promise<Match | undefined> {
  if (!isUuid(otherCaseId)) return undefined
  const stream = await kernel.streams.read(otherCaseId)
  if (stream?.kind !== 'case') return undefined
  const access = await decideCaseAccess(kernel, otherCaseId, READ, acting)
  if (access.decision === 'refuse') return undefined
  const { history } = await caseStream(kernel, otherCaseId)
  const other = foldCaseStream(history).triage.report
  if (other === null) return undefined
  return compareReports(fingerprint(matchTextOf(report)), fingerprint(matchTextOf(other)))
}

function rankOf({ likeness, textLikeness = 0 }: Match): number {
  return (likeness === 'same' ? 2 : 1) + textLikeness / 2
}
