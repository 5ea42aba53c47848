/** The ladder of measures, people's rights, and every refusal with its reasons. Pure. */
import type { ReadCase } from '../../../app/read-case.ts'
import type { Because } from '../../../base/decision.ts'
import { LADDER } from '../../../core/enforcement/ladder.ts'
import type { RefusalRow } from '../../parts.ts'
import type { CaseModel, Measures, Rights } from './model.ts'
import type { CaseView } from './present-case.ts'

type LadderRow = Measures['ladder'][number]

/** Rungs up to the order are always shown; higher ones once something happened there. */
const SHOWN_RUNGS = 4

export function measureRows(view: CaseView): Measures {
  const { enforcement } = view.read.state
  const hearing = hearingOf(view)
  if (!enforcement.operator) return { ladder: [] }
  const rows = LADDER.map((rung) => rungRow(view, rung.code, rung.number))
  return {
    operator: enforcement.operator.name,
    ladder: rows.filter(({ rung, state }) => rung <= SHOWN_RUNGS || state !== 'notReached'),
    ...(hearing ? { hearing } : {}),
  }
}

function rungRow({ read, names }: CaseView, code: string, number: number): LadderRow {
  const { enforcement } = read.state
  const measure = enforcement.measures.findLast(({ rung }) => rung === code)
  const decided = read.events.findLast(
    ({ event }) => RUNG_EVENTS.has(event.type) && 'rung' in event && event.rung === code,
  )
  const reason = decided && 'reason' in decided.event ? decided.event.reason : undefined
  const row = { rung: number, measure: code }
  const why = decided ? { decisionId: String(decided.version), at: decided.at } : {}
  if (measure) {
    const people = [measure.proposedBy, measure.approvedBy].filter((id) => id !== null)
    const state = measure.takenAt ? 'made' : 'planned'
    const by = people.map((id) => names.actor(id))
    return { ...row, ...why, state, by, reason: measure.reason }
  }
  if (enforcement.skipped.some(({ rung }) => rung === code)) {
    return { ...row, ...why, state: 'skipped', by: [], ...(reason ? { reason } : {}) }
  }
  const isRefused = enforcement.refusals.some(({ rung }) => rung === code)
  return { ...row, ...(isRefused ? why : {}), state: isRefused ? 'refused' : 'notReached', by: [] }
}

const RUNG_EVENTS: ReadonlySet<string> = new Set([
  'measureTaken',
  'measureProposed',
  'measureRefused',
  'rungSkipped',
])

function hearingOf({ read }: CaseView): Measures['hearing'] | undefined {
  const hearing = read.state.enforcement.hearings.at(-1)
  if (!hearing) return undefined
  const { opensAt, endsAt, representations } = hearing
  const changedAt = read.state.changedAt ?? opensAt
  return {
    state: changedAt < endsAt ? 'open' : 'ended',
    opensAt,
    endsAt,
    submissions: representations,
  }
}

export function rightsOf(view: CaseView): Rights {
  const { persons, notices } = view.read.state.rights
  return {
    notices: persons.map(({ personId, delay }) => {
      const sent = notices.find((notice) => notice.personId === personId)
      const recorded = view.read.events.find(
        ({ event }) => event.type === 'affectedPersonRecorded' && event.personId === personId,
      )
      const state = sent
        ? sent.challengeIds.length > 0
          ? 'challenged'
          : 'sent'
        : delay && !delay.lifted
          ? 'delayed'
          : 'due'
      const dueAt = delay?.dueAt ?? recorded?.at
      return {
        person: personName(personId),
        state,
        due: { at: dueAt as CaseModel['openedAt'] },
        ...(delay
          ? { delayedBecause: { rule: `notice:${delay.ground}`, text: delayText(view, personId) } }
          : {}),
        ...(sent ? { sentAt: sent.sentAt } : {}),
      }
    }),
    challenges: challengesOf(view),
  }
}

/** By reference: who it is stands in the vault, not in the case. */
export function personName(personId: string): string {
  return `Person ${personId.slice(0, 8)}`
}

function delayText({ read }: CaseView, personId: string): string {
  const found = read.events.findLast(
    ({ event }) => event.type === 'noticeDelayed' && event.personId === personId,
  )
  return found?.event.type === 'noticeDelayed' ? found.event.reason : ''
}

function challengesOf({ read, names }: CaseView): Rights['challenges'] {
  const { reviews } = read.state.rights
  return read.events.flatMap(({ event, at }) => {
    if (event.type !== 'noticeChallenged') return []
    const review = reviews.find(
      ({ subject }) => subject.kind === 'challenge' && subject.id === event.challengeId,
    )
    const outcome = [review?.reason, review?.remedy].filter(Boolean).join(' ')
    return [
      {
        id: event.challengeId,
        at,
        state: review ? (review.outcome ?? 'inReview') : 'received',
        text: event.ground,
        ...(review?.reviewer ? { reviewer: names.officer(review.reviewer) } : {}),
        ...(outcome ? { outcome } : {}),
      },
    ]
  })
}

export function refusalRows({ read, names }: CaseView): readonly RefusalRow[] {
  return read.events.flatMap((recorded) => {
    const refused = refusalOf(recorded.event)
    if (!refused) return []
    const { at, version } = recorded
    return [{ ...refused, at, by: names.causeOf(recorded), decisionId: String(version) }]
  })
}

type Refused = { readonly act: string; readonly why: string; readonly because: readonly Because[] }

export function refusalOf(event: ReadCase['events'][number]['event']): Refused | undefined {
  switch (event.type) {
    case 'actRefused':
      return { act: event.act, why: event.why, because: event.because }
    case 'measureRefused':
      return { act: event.rung, why: event.why, because: event.because }
    case 'embargoEndRefused':
      return { act: 'setEmbargoEnd', why: event.why, because: event.because }
    case 'releaseDecided':
      return event.decision === 'refuse'
        ? { act: 'releaseToPeer', why: event.why ?? 'refused', because: event.because }
        : undefined
    default:
      return undefined
  }
}
