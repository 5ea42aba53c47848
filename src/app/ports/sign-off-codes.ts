/** One-time codes with which an officer signs off a law pack from the files on their own machine. */
import type { Instant } from '../../base/time.ts'

export type SignOffCodes = {
  /** For ten minutes of wire time, and for this pack alone. `code` is shown once and kept nowhere. */
  make(officer: string, pack: string): Promise<{ code: string; expiresAt: Instant }>
  /** Uses it up, whatever follows; `undefined` if it is unknown, used or too old. */
  use(code: string): Promise<SignOffCode | undefined>
}

export type SignOffCode = {
  readonly officer: string
  readonly pack: string
  /** When the officer got it, right after a strong proof. */
  readonly madeAt: Instant
}
