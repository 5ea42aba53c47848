/**
 * Whether an officer gets a notice now, and which one. A digest once a day at the
 * hour that the officer chose, in the authority's zone; an urgent one when something
 * new is pressing, at most once an hour.
 */
import { type CalendarDate, HOUR_MS, type Instant, msOf } from '../../base/time.ts'
import { localDate, localHour } from './local-time.ts'

export type NoticeWish = {
  readonly digestHour: number | null
  readonly isUrgentWanted: boolean
  readonly digestOn: CalendarDate | null
  readonly urgentAt: Instant | null
  readonly urgentDigest: string | null
}

export type WorkFacts = {
  /** Of everything that waits; nothing waits: no mail. */
  readonly total: number
  readonly urgent: number
  /** Names what is pressing, without saying it. */
  readonly urgentDigest: string
}

export type NoticeDue =
  | { readonly kind: 'digest'; readonly digestOn: CalendarDate }
  | { readonly kind: 'urgent'; readonly urgentAt: Instant; readonly urgentDigest: string }

/** `now`: wire time. An urgent notice goes before a digest. */
export function decideNotice(
  wish: NoticeWish,
  { total, urgent, urgentDigest }: WorkFacts,
  now: Instant,
  zone: string,
): NoticeDue | undefined {
  const isNew = urgent > 0 && urgentDigest !== wish.urgentDigest
  const isQuiet = wish.urgentAt === null || msOf(now) - msOf(wish.urgentAt) >= HOUR_MS
  if (wish.isUrgentWanted && isNew && isQuiet)
    return { kind: 'urgent', urgentAt: now, urgentDigest }
  const { digestHour, digestOn } = wish
  if (digestHour === null || total === 0) return undefined
  const today = localDate(now, zone)
  const isHour = localHour(now, zone) >= digestHour
  return isHour && digestOn !== today ? { kind: 'digest', digestOn: today } : undefined
}
