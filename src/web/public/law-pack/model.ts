/** One version of a law pack with all of its entries, where each was read, and its history. */
import type { Because } from '../../../base/decision.ts'
import type { CalendarDate, Instant } from '../../../base/time.ts'

/** Where a value was read. `source` counts from 1 into the instrument's list. */
export type LawReading = {
  readonly article: string
  readonly source: number
  /** The pack's evidence mark: `P`, `S` or `R`. */
  readonly evidence: string
  readonly quote?: string
  /** The entry holds a number and no quote that the number was compared with. */
  readonly isNumberUnquoted: boolean
}

export type LawEntry = {
  /** Within the instrument. */
  readonly id: string
  /** What it says, value by value, in words. */
  readonly fields: readonly { readonly field: string; readonly text: string }[]
  readonly reading?: LawReading
}

export type LawPeriod = LawEntry & {
  readonly name: string
  /** What sets it off, in the pack's words. */
  readonly trigger?: string
  readonly values: readonly string[]
  /** Today, knowing nothing of a case. */
  readonly standing: string
  /** Why it does not bind; empty where it does. */
  readonly because: readonly Because[]
  /** An officer left it out of the sign-off. */
  readonly isExcepted: boolean
}

export type LawGroup = {
  readonly kind: string
  readonly entries: readonly LawEntry[]
}

export type LawInstrument = {
  readonly id: string
  readonly name: string
  readonly citation: string
  readonly status: string
  readonly url?: string
  readonly sources: readonly string[]
  readonly warnings: readonly string[]
  readonly periods: readonly LawPeriod[]
  /** Everything else that it holds, kind by kind. */
  readonly groups: readonly LawGroup[]
}

export type LawSignOff = {
  /** `none` until two officers have signed this version off. */
  readonly kind: 'simulated' | 'signed' | 'none'
  readonly officers: number
  readonly at?: Instant
}

export type LawVersion = {
  readonly version: string
  readonly validFrom: CalendarDate
  /** The first day on which it is no longer valid. */
  readonly validTo?: CalendarDate
  readonly sha256: string
  readonly isShown: boolean
}

export type LawPackContent = {
  readonly id: string
  readonly title: string
  readonly jurisdiction: string
  readonly version: string
  readonly status: string
  readonly asOf: CalendarDate
  readonly validFrom: CalendarDate
  readonly validTo?: CalendarDate
  readonly sha256: string
  readonly signOff: LawSignOff
  readonly instruments: readonly LawInstrument[]
  /** What differs from the version before, one line each. */
  readonly changes?: { readonly since: string; readonly texts: readonly string[] }
}

export type LawPackModel = {
  readonly pack: LawPackContent
  /** Oldest first. */
  readonly versions: readonly LawVersion[]
}
