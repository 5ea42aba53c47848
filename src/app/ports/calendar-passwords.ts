/**
 * Passwords of calendar programs, which cannot bring a passkey: one for each officer, kept
 * as a hash, for the feed of clocks and nothing else. An account that ends or is suspended
 * loses it, and so does one from which a role or a copied passkey is taken.
 */
import type { CalendarDate, Instant } from '../../base/time.ts'
import type { Tries } from './sign-in.ts'

export type CalendarPassword = {
  readonly madeAt: Instant
  /** The last day in the authority's zone on which it opened the feed. */
  readonly lastUsedOn: CalendarDate | undefined
}

export type CalendarPasswords = {
  /** Takes the place of the one before. It is returned once and is nowhere else; `undefined`: no such account is in use. */
  make(officerId: string): Promise<string | undefined>
  /** Asks the same of the database whoever is named, and compares in constant time. */
  isRight(officerId: string, password: string): Promise<boolean>
  markUsed(officerId: string, on: CalendarDate): Promise<void>
  of(officerId: string): Promise<CalendarPassword | undefined>
  revoke(officerId: string): Promise<void>
  /** Apart from those of signing in: a program with an old password bars nobody from that. */
  readonly tries: Tries
}
