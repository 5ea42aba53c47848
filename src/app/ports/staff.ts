/**
 * Accounts beside their sign-in: names of everybody who ever had one, closing and
 * opening them, and the notes that events of the authority stream name by digest.
 */
import type { Role } from '../../core/case/recorded.ts'
import type { SaltedNote } from '../../core/people/note.ts'

export type Account = {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  /** Closed: nobody signs in to it, and nothing is sealed to it any more. */
  readonly isClosed: boolean
}

/** How a provider's account is told from a passkey among somebody's means. */
export const PROVIDER_MEANS = 'provider:'

/** Something in a person's hands. Whoever hands it over reads no case: only how much of it there is. */
export type OpenWork = {
  /** `roster`: new reports are still sealed to this person. */
  readonly kind: 'task' | 'review' | 'assignment' | 'roster'
  readonly caseId: string | null
}

export type Staff = {
  /** Leavers too: what they signed keeps their name. */
  everyone(): Promise<readonly Account[]>
  setRoles(officer: string, roles: readonly Role[]): Promise<void>
  /** Ends every session and sign-in of the account at once. Doing it again changes nothing. */
  close(officer: string): Promise<void>
  /** A suspended account stays closed. */
  reopen(officer: string): Promise<void>
  /** Closes the account until it is confirmed. */
  suspend(officer: string): Promise<void>
  suspended(): Promise<readonly Account[]>
  /** Opens a suspended account again, with these means of signing in and no others. */
  confirm(officer: string, means: readonly string[]): Promise<void>
  /** What the account can sign in with: ids of passkeys, and of providers with their prefix. */
  meansOf(officer: string): Promise<readonly string[]>
  /** After this nobody can sign in this person's name again, this node included. */
  destroySigningKey(officer: string): Promise<void>
  openWork(officer: string): Promise<readonly OpenWork[]>
  /** Gives the open tasks to somebody else; returns how many there were. */
  handOverTasks(from: string, to: string): Promise<number>
  /** Keeps a note under its digest, lower-case hex. */
  keepNote(digest: string, note: SaltedNote): Promise<void>
  notes(): Promise<ReadonlyMap<string, SaltedNote>>
}
