/**
 * Links by which people without an account look at what one case shares with them. A
 * link is an id; the code that goes with it is told another way and kept as a hash.
 * Whether the admission still holds is not known here: the case says it at every look.
 */
import type { Instant } from '../../base/time.ts'

export type NewGuest = {
  readonly caseId: string
  /** As the case's history calls the guest. */
  readonly person: string
  readonly name: string
  readonly days: number
}

/** All times are wire time. */
export type GuestLink = {
  readonly id: string
  readonly caseId: string
  readonly person: string
  readonly name: string
  readonly expiresAt: Instant
  /** 0: the code was typed wrong too often, and nothing brings it back. */
  readonly triesLeft: number
  readonly isEnded: boolean
}

export type Guests = {
  /** Returns the code, which is nowhere else. */
  make(guest: NewGuest): Promise<{ readonly linkId: string; readonly code: string }>
  /** Uses up a try; a right code gives it back. */
  acceptCode(linkId: string, typed: string): Promise<GuestLink | undefined>
  /** For an hour. Ends the session that the link had. Returns its secret, which is nowhere else. */
  openSession(linkId: string): Promise<string>
  /** Of a live session of this very link. Uses up one of its looks. */
  look(linkId: string, secret: string): Promise<GuestLink | undefined>
  /** As `look`, and uses up none: for the pictures of a page that a look has opened. */
  present(linkId: string, secret: string): Promise<GuestLink | undefined>
  closeSession(linkId: string, secret: string): Promise<void>
  /** For ever. */
  end(linkId: string): Promise<void>
  of(caseId: string): Promise<readonly GuestLink[]>
}
