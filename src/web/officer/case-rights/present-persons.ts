/** Affected persons: notices, challenges, remedies, consents and letters. Pure. */
import { moneyWords } from '../../../core/law/money.ts'
import type { Consent } from '../../../core/rights/consents.ts'
import { isNoticeDelayed } from '../../../core/rights/notice.ts'
import { mustTellAt } from '../../../core/rights/notice-timers.ts'
import { type Remedy, retractionSteps } from '../../../core/rights/remedies.ts'
import type { AffectedPerson } from '../../../core/rights/rights.ts'
import { personName } from '../case/present-measures.ts'
import type { ConsentRow, PersonsPart, RemedyRow } from './model.ts'
import { type RightsView, reviewOf, reviewRow } from './rights-view.ts'

type NoticeRow = PersonsPart['notices'][number]

export function personsPart(view: RightsView): PersonsPart {
  const { persons, remedies, consents } = view.read.state.rights
  return {
    notices: persons.map((person) => noticeRow(view, person)),
    challenges: challengeRows(view),
    remedies: remedies.map((remedy) => remedyRow(view, remedy)),
    consents: consents.map((consent) => consentRow(view, consent)),
    letters: waitingLetters(view),
  }
}

function noticeRow(view: RightsView, person: AffectedPerson): NoticeRow {
  const { personId, delay } = person
  const { events, state } = view.read
  const notices = state.rights.notices.filter((notice) => notice.personId === personId)
  const recordedAt = events.find(
    ({ event }) => event.type === 'affectedPersonRecorded' && event.personId === personId,
  )?.at
  const dueAt = mustTellAt(person) ?? recordedAt
  return {
    person: personName(personId),
    state: noticeState(view, person, notices),
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(delay === null ? {} : { delay: delayOf(view, personId, delay) }),
    sent: notices.map(({ sentAt, channel }) => ({ at: sentAt, channel })),
  }
}

function noticeState(
  { now }: RightsView,
  person: AffectedPerson,
  notices: readonly { readonly challengeIds: readonly string[] }[],
): NoticeRow['state'] {
  if (notices.some(({ challengeIds }) => challengeIds.length > 0)) return 'challenged'
  if (notices.length > 0) return 'sent'
  if (isNoticeDelayed(person, now)) return 'delayed'
  // Whose notice was delayed once is told the moment the delay ends.
  return person.delay === null ? 'due' : 'overdue'
}

function delayOf(
  { read, names }: RightsView,
  personId: string,
  { ground, reviewAt, dueAt, liftedAt }: NonNullable<AffectedPerson['delay']>,
): NonNullable<NoticeRow['delay']> {
  const said = read.events.findLast(
    ({ event }) => event.type === 'noticeDelayed' && event.personId === personId,
  )?.event
  const review = reviewOf(read, 'delay', personId)
  return {
    ground,
    reason: said?.type === 'noticeDelayed' ? said.reason : '',
    reviewAt,
    until: dueAt,
    ...(liftedAt === null ? {} : { liftedAt }),
    ...(review ? { review: reviewRow(review, names) } : {}),
  }
}

function challengeRows({ read, names }: RightsView): PersonsPart['challenges'] {
  const { notices } = read.state.rights
  return read.events.flatMap(({ event, at }) => {
    if (event.type !== 'noticeChallenged') return []
    const notice = notices.find(({ noticeId }) => noticeId === event.noticeId)
    const review = reviewOf(read, 'challenge', event.challengeId)
    return [
      {
        person: notice ? personName(notice.personId) : event.noticeId,
        at,
        text: event.ground,
        state: review ? (review.outcome ?? 'inReview') : 'received',
        ...(review ? { review: reviewRow(review, names) } : {}),
      },
    ]
  })
}

function remedyRow({ read, names, now }: RightsView, remedy: Remedy): RemedyRow {
  const { kind, text, responsible, dueAt, doneAt, proof, compensation, reports } = remedy
  const { rights, releases } = read.state
  const notice = rights.notices.find(({ challengeIds }) =>
    challengeIds.includes(remedy.challengeId),
  )
  const steps = retractionSteps(remedy, releases.permitted)
  return {
    kind,
    ...(notice ? { person: personName(notice.personId) } : {}),
    text,
    responsible: names.officer(responsible),
    state: doneAt !== null ? 'done' : dueAt <= now ? 'late' : 'ordered',
    dueAt,
    ...(compensation ? { amount: amountOf(compensation) } : {}),
    reports,
    steps: steps.map(({ recipient, askedAt, confirmedAt }) => ({
      recipient: names.authority(recipient).name,
      ...(askedAt === null ? {} : { askedAt }),
      ...(confirmedAt === null ? {} : { confirmedAt }),
    })),
    ...(doneAt === null ? {} : { done: { at: doneAt, proof: proof ?? '' } }),
    followUp: followUpOf(remedy, now),
  }
}

function amountOf({ amountMinor, currency }: NonNullable<Remedy['compensation']>): string {
  return moneyWords({ minor: BigInt(amountMinor), currency })
}

function followUpOf(
  { followUp, followUpAt, doneAt }: Remedy,
  now: RightsView['now'],
): RemedyRow['followUp'] {
  if (followUp) return { state: followUp.finding, at: followUp.at, text: followUp.text }
  const isLate = doneAt !== null && followUpAt <= now
  return { state: isLate ? 'late' : 'ahead', at: followUpAt }
}

function consentRow({ names }: RightsView, consent: Consent): ConsentRow {
  const { personId, state, covers, question, givenAt, how, shownBy, endedAt } = consent
  return {
    person: personName(personId),
    state,
    recipients: covers.recipients.map((id) => names.authority(id).name),
    categories: covers.categories,
    purposes: covers.purposes,
    ...(question === null ? {} : { question }),
    ...(givenAt === null ? {} : { given: { at: givenAt, how: how ?? '', shownBy: shownBy ?? '' } }),
    ...(endedAt === null ? {} : { endedAt }),
  }
}

function waitingLetters({ read }: RightsView): PersonsPart['letters'] {
  const { messages } = read.state.rights
  return messages.flatMap(({ personId, isFromPerson, text, at }, index) => {
    const isAnswered = messages
      .slice(index + 1)
      .some((later) => later.personId === personId && !later.isFromPerson)
    return isFromPerson && !isAnswered ? [{ person: personName(personId), at, text }] : []
  })
}
