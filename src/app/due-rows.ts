/**
 * What falls due in a case beside its clocks and the duties of its releases, as rows for
 * lists across cases. Pure.
 */
import type { CaseState } from '../core/case/case.ts'
import {
  EXEMPTION_GROUNDS,
  type ItemDecision,
  type RecordsRequest,
} from '../core/evidence/records-request.ts'
import type { Remedy } from '../core/rights/remedies.ts'
import type { Projection } from './ports/projection.ts'

type DueRow = Projection['dues'][number]

export function dueRows({ evidence, rights, disclosure }: CaseState): readonly DueRow[] {
  return [
    ...evidence.requests.map(recordsRow),
    ...evidence.consultations.map(({ consultationId, answerBy, answer }) => ({
      ...PLAIN,
      kind: 'consultation' as const,
      subjectId: consultationId,
      dueAt: answerBy,
      doneAt: answer?.at ?? null,
    })),
    ...rights.remedies.flatMap(remedyRows),
    ...embargoAnswers(disclosure),
  ]
}

/** The earliest answer that is waited for about the embargo; one row, as all answer one thing. */
function embargoAnswers({ participants, proposals, terms }: CaseState['disclosure']) {
  const about = proposals[0] ?? terms
  const [first] = participants
    .flatMap(({ consent, answerBy }) => (consent === 'invited' && answerBy ? [answerBy] : []))
    .sort()
  if (!about || first === undefined) return []
  const subjectId = about.embargoId
  return [{ ...PLAIN, kind: 'embargoAnswer' as const, subjectId, dueAt: first, doneAt: null }]
}

const PLAIN = { isToConfirm: false, owner: null, grounds: [] }

function recordsRow({ requestId, dueAt, dueBasis, answered, items }: RecordsRequest): DueRow {
  return {
    ...PLAIN,
    kind: 'records',
    subjectId: requestId,
    dueAt,
    isToConfirm: dueBasis.kind === 'citation',
    doneAt: answered?.at ?? null,
    grounds: answered ? groundsOf(items) : [],
  }
}

/** Each once. A word that is none of the list, from before there was one, is another law. */
function groundsOf(items: readonly ItemDecision[]): readonly string[] {
  const codes = items.flatMap(({ exemption }) => (exemption ? [exemption.code] : []))
  const known = codes.map((code) => EXEMPTION_GROUNDS.find((one) => one === code) ?? 'otherLaw')
  return [...new Set(known)].sort()
}

/** The look afterwards falls due only once there is something to look at. */
function remedyRows(remedy: Remedy): readonly DueRow[] {
  const { remedyId: subjectId, responsible: owner, dueAt, followUpAt, doneAt, followUp } = remedy
  const base = { ...PLAIN, subjectId, owner }
  const ordered = { ...base, kind: 'remedy', dueAt, doneAt } as const
  if (doneAt === null) return [ordered]
  const heldAt = followUp?.finding === 'held' ? followUp.at : null
  return [ordered, { ...base, kind: 'followUp', dueAt: followUpAt, doneAt: heldAt }]
}
