/** Who is thanked in public, a page of one year. */
import type { CreditRole } from '../../../core/disclosure/recognition-events.ts'

export type ThanksModel = {
  /** The latest first. */
  readonly years: readonly number[]
  /** Undefined: nobody is named yet. */
  readonly year: number | undefined
  readonly page: number
  readonly pages: number
  readonly lines: readonly {
    readonly creditId: string
    readonly name: string
    readonly roles: readonly CreditRole[]
    /** In the reader's language, with the year. */
    readonly month: string
  }[]
}
