/** The law packs in use, one line each; a page of its own holds each pack's entries. */
import type { CalendarDate } from '../../../base/time.ts'
import type { LawSignOff } from '../law-pack/model.ts'

export type LawModel = {
  readonly packs: readonly {
    readonly id: string
    readonly title: string
    readonly jurisdiction: string
    readonly version: string
    readonly asOf: CalendarDate
    readonly sha256: string
    readonly signOff: LawSignOff
    readonly instruments: readonly string[]
    readonly clocks: number
  }[]
}
