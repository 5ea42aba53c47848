/** What was made public in words, newest change first: advisories and safety notices. */
import type { Instant } from '../../../base/time.ts'

export type TextFilter = {
  readonly kind: string
  readonly sector: string
  readonly severity: string
  readonly state: string
  readonly textLang: string
}

export type AdvisoriesModel = {
  readonly filter: TextFilter
  /** What each filter offers. */
  readonly choices: Readonly<Record<keyof TextFilter, readonly string[]>>
  /** Of all that there is, before the filter. */
  readonly total: number
  readonly advisories: readonly {
    readonly id: string
    readonly kind: 'advisory' | 'safetyNotice'
    readonly title: string
    readonly lang: string
    readonly severity: string
    readonly sectors: readonly string[]
    readonly version: number
    readonly isWithdrawn: boolean
    readonly publishedAt: Instant
    readonly revisedAt: Instant
    readonly isDemonstration: boolean
  }[]
}
