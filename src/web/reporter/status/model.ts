/** What a holder of a code sees of their report. Never who handles it, never when they last looked. */
import type { CalendarDate } from '../../../base/time.ts'
import type { Due } from '../../officer/case/model.ts'
import type { FileRow, LawSource } from '../../parts.ts'

export type ReporterClock = {
  readonly name: string
  readonly state: string
  readonly due?: Due
  readonly source: LawSource
}

export type StatusModel = {
  /** Sent back to fetch the files; it is in no address. */
  readonly code: string
  readonly state: string
  readonly filedOn: CalendarDate
  readonly level: string
  readonly steps: readonly {
    readonly step: string
    readonly on: CalendarDate
    readonly text?: string
  }[]
  readonly clocks: readonly ReporterClock[]
  readonly messages: readonly { readonly on: CalendarDate; readonly text: string }[]
  readonly files: readonly FileRow[]
  readonly stage: string
  readonly escalation?: { readonly body: string; readonly address: string }
}
