/** The law packs in use: every number with its article, source and evidence mark. */
import type { CalendarDate } from '../../../base/time.ts'
import type { LawSource } from '../../parts.ts'

export type LawModel = {
  readonly packs: readonly {
    readonly id: string
    readonly title: string
    readonly jurisdiction: string
    readonly version: string
    readonly sha256: string
    readonly signOff: {
      readonly kind: 'simulated' | 'signed' | 'none'
      readonly by?: string
      readonly on?: CalendarDate
    }
    readonly entries: readonly {
      readonly name: string
      readonly value: string
      readonly standing: string
      readonly source: LawSource
    }[]
  }[]
}
