/** Who is thanked in public. Says nothing of the case, of the report, or of the day. */
import type { CreditRole } from '../../core/disclosure/recognition-events.ts'

export type ThanksRow = {
  readonly creditId: string
  readonly name: string
  readonly roles: readonly CreditRole[]
  /** `2026-11`. Shown once that month is over. */
  readonly month: string
}

export type ThanksPage = {
  /** The latest first. */
  readonly years: readonly number[]
  /** Of the year: by month, then by name. */
  readonly rows: readonly ThanksRow[]
  readonly total: number
}

export type Thanks = {
  /** `before`: the month that runs, of which nothing is shown yet. */
  page(asked: {
    readonly before: string
    readonly year: number | undefined
    readonly skip: number
    readonly limit: number
  }): Promise<ThanksPage & { readonly year: number | undefined }>
  find(creditId: string, before: string): Promise<ThanksRow | undefined>
}
