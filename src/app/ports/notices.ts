/**
 * Notices by mail: who wants them, and what waits to be sent. A mail says how much
 * waits and where to sign in; never what, and about whom.
 */
import type { CalendarDate, Instant } from '../../base/time.ts'

export type Preference = {
  readonly officer: string
  readonly address: string
  /** Hour of the authority's day; null: no daily digest. */
  readonly digestHour: number | null
  /** At once when something is due within a day, or was passed on to this officer. */
  readonly isUrgentWanted: boolean
}

export type PreferenceState = Preference & {
  readonly digestOn: CalendarDate | null
  readonly urgentAt: Instant | null
  /** Digest of what the last urgent notice was about, lower-case hex. */
  readonly urgentDigest: string | null
  /** Day of the last notice that nobody is on duty. */
  readonly rosterOn: CalendarDate | null
}

export type Mail = {
  readonly officer: string
  readonly address: string
  readonly subject: string
  readonly text: string
  /** Not before; wire time. */
  readonly sendAt: Instant
}

/** What makes the same notice not go out again. */
export type NoticeMark =
  | { readonly digestOn: CalendarDate }
  | { readonly urgentAt: Instant; readonly urgentDigest: string }
  | { readonly rosterOn: CalendarDate }
  | Record<string, never>

/** A wish whose address nobody has confirmed yet. */
export type WaitingWish = {
  readonly address: string
  readonly expiresAt: Instant
  readonly triesLeft: number
}

export type Notices = {
  /** Only what was confirmed. */
  preference(officer: string): Promise<Preference | undefined>
  setPreference(preference: Preference): Promise<void>
  /** With what waits for its code. */
  clearPreference(officer: string): Promise<void>
  /**
   * Keeps a wish until its code comes back, and queues the mail that carries the code, to
   * the address itself. False: the last code was sent less than a minute ago.
   */
  askCode(
    wish: Preference,
    now: Instant,
    mailWith: (code: string) => Pick<Mail, 'subject' | 'text'>,
  ): Promise<boolean>
  waitingWish(officer: string, now: Instant): Promise<WaitingWish | undefined>
  /** The wish that the code confirms, which counts from now on. Uses up a try. */
  confirmCode(officer: string, typed: string, now: Instant): Promise<boolean>
  preferences(): Promise<readonly PreferenceState[]>
  /** The mail and its mark together or not at all. */
  queue(mail: Mail, mark: NoticeMark): Promise<void>
}

/** What the administrator configured; undefined where the node sends no mail. */
export type NoticeRules = {
  readonly domains: readonly string[] | undefined
  readonly intakeDelayMs: number
  readonly escalation: { readonly withinDays: number; readonly silentDays: number } | undefined
}
