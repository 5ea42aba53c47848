/**
 * What falls due in a case beside its clocks and the duties of its releases, as rows for
 * lists across cases. Pure.
 */
import { addMs, DAY_MS, type Instant, utcDateOf } from '../base/time.ts'
import type { CaseState } from '../core/case/case.ts'
import type { DeskState } from '../core/desk/desk-events.ts'
import type { ReporterAppeal } from '../core/disclosure/recognition-state.ts'
import {
  EXEMPTION_GROUNDS,
  type ItemDecision,
  type RecordsRequest,
} from '../core/evidence/records-request.ts'
import type { PlaybookRun } from '../core/joint/joint-state.ts'
import type { Remedy } from '../core/rights/remedies.ts'
import { extendedClock, type FilingClock, stoppedOn } from '../core/triage/filing-clocks.ts'
import type { TriageState } from '../core/triage/triage.ts'
import type { Projection } from './ports/projection.ts'

type DueRow = Projection['dues'][number]

export function dueRows(state: CaseState): readonly DueRow[] {
  const { evidence, rights, disclosure, recognition, triage, desk, joint } = state
  return [
    ...reporterRows(triage, desk),
    ...recognition.appeals.flatMap((appeal) => appealRows(appeal, desk)),
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
    ...joint.playbooks.flatMap(playbookRows),
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

/** The acknowledgement is given by admitting the report; what else is owed waits for an answer. */
function reporterRows({ owed, filingId }: TriageState, desk: DeskState): readonly DueRow[] {
  const base = { ...PLAIN, kind: 'reporterFeedback' } as const
  const feedback = owed.filter(({ kind }) => kind.endsWith('/feedback')).slice(0, 1)
  const told = desk.answers.map(({ kind, at }) => ({ kind, on: utcDateOf(at) }))
  const rows = feedback.flatMap((promised) => {
    const clock = extendedClock(promised, told, extensionOf(promised))
    const dueAt = addMs(`${clock.dueOn}T00:00:00.000Z` as Instant, DAY_MS)
    const given = desk.answers.find(({ kind }) => stops(clock, kind))
    const row = { ...base, subjectId: filingId ?? '', dueAt, doneAt: given?.at ?? null }
    return filingId === null ? [] : [{ ...row, isToConfirm: true }]
  })
  return [...rows, ...desk.retaliations.map((one) => protectionRow(one, desk))]
}

const extensionOf = ({ kind, extendsTo }: FilingClock) =>
  extendsTo ? [{ kind, ...extendsTo }] : []

const stops = (clock: FilingClock, kind: string) =>
  stoppedOn(clock, [{ kind, on: clock.dueOn }]) !== null

/** An answer about protection stops it if it came after the reporter's word. */
function protectionRow(
  { messageId, dueAt, reportedAt }: DeskState['retaliations'][number],
  { answers }: DeskState,
): DueRow {
  const given = answers.find(({ kind, at }) => kind === 'protection' && at >= reportedAt)
  return { ...PLAIN, kind: 'protection', subjectId: messageId, dueAt, doneAt: given?.at ?? null }
}

/** Until it is decided; then, where an answer is owed, until the reporter has one. */
function appealRows(
  { appealId: subjectId, dueAt, decided }: ReporterAppeal,
  { answers }: DeskState,
): readonly DueRow[] {
  const base = { ...PLAIN, subjectId }
  const row = { ...base, kind: 'reporterAppeal', dueAt, doneAt: decided?.at ?? null } as const
  if (!decided?.answerBy) return [row]
  const { at: since, answerBy } = decided
  const given = answers.find(({ at, kind }) => at >= since && ANSWERS.includes(kind))
  const owed = { ...base, kind: 'appealAnswer', dueAt: answerBy } as const
  return [row, { ...owed, doneAt: given?.at ?? null }]
}

/** To ask for more is no answer. */
const ANSWERS: readonly string[] = ['feedback', 'outcome', 'closed']

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

/** What another authority does has its day here too, and nobody here who owns it. */
function playbookRows({ items }: PlaybookRun): readonly DueRow[] {
  return items.map(({ itemId: subjectId, officer: owner, dueAt, state, changedAt }) => ({
    ...{ ...PLAIN, kind: 'playbookItem', subjectId, owner, dueAt },
    doneAt: state === 'open' ? null : changedAt,
  }))
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
