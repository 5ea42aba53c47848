/** The law packs in use: every number with its article, source and evidence mark. */
import type { Because } from '../../../base/decision.ts'
import type { CalendarDate, Instant } from '../../../base/time.ts'

/** Where a value was read. `source` counts from 1 into the instrument's list. */
export type LawReading = {
  readonly article: string
  readonly source: number
  /** The pack's evidence mark: `P`, `S` or `R`. */
  readonly evidence: string
  readonly quote?: string
}

export type LawPeriod = LawReading & {
  readonly name: string
  /** What sets it off, in the pack's words. */
  readonly trigger?: string
  readonly values: readonly string[]
  readonly plus?: string
  /** Today, knowing nothing of a case. */
  readonly standing: string
  /** Why it does not bind; empty where it does. */
  readonly because: readonly Because[]
}

export type LawPower = LawReading & {
  readonly measure: string
  readonly authority: string
  readonly conditions: readonly string[]
  readonly isCourtNeeded: boolean
}

export type LawModel = {
  readonly packs: readonly {
    readonly id: string
    readonly title: string
    readonly jurisdiction: string
    readonly version: string
    readonly asOf: CalendarDate
    readonly sha256: string
    readonly signOff: {
      /** `none` until two officers have signed this version off. */
      readonly kind: 'simulated' | 'signed' | 'none'
      readonly officers: number
      readonly at?: Instant
    }
    readonly instruments: readonly {
      readonly id: string
      readonly name: string
      readonly citation: string
      readonly status: string
      readonly url?: string
      readonly sources: readonly string[]
      readonly periods: readonly LawPeriod[]
      readonly powers: readonly LawPower[]
    }[]
  }[]
}
