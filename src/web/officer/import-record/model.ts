/** A record of another system: the file, what of it would be carried, and its admission. */
import type { Because } from '../../../base/decision.ts'
import type { AdmittedReport } from '../../../core/triage/admitted-report.ts'
import type { NotCarried } from '../../../wire/inputs/source.ts'

export type ImportRecordModel = {
  readonly formToken: string
  readonly refused?: readonly Because[]
  /** Why the file cannot be read, and where. */
  readonly fault?: { readonly reason: string; readonly at: string; readonly text: string }
  readonly shown?: {
    readonly draftId: string
    readonly format: string
    readonly title: string
    readonly hasNoTitle: boolean
    readonly report: RecordView
    readonly notCarried: readonly NotCarried[]
    /** How many more there are than are shown. */
    readonly more: number
  }
}

export type RecordView = Pick<AdmittedReport, 'title' | 'description'> & {
  readonly identifiers: readonly string[]
  readonly developers: readonly string[]
  readonly deployers: readonly string[]
  readonly systems: readonly string[]
  readonly references: readonly string[]
  readonly isPublic: boolean
}

const SHOWN_MAX = 200

export function recordView(report: AdmittedReport, isPublic: boolean): RecordView {
  const { title, description, identifiers, affected, references } = report
  const { reportId, vulnerabilityId } = identifiers
  return {
    title,
    description,
    identifiers: [reportId, vulnerabilityId].filter((one) => typeof one === 'string'),
    developers: affected.developers ?? [],
    deployers: affected.deployers ?? [],
    systems: (affected.artifacts ?? []).map(({ name }) => name),
    references: (references ?? []).map(({ url }) => url),
    isPublic,
  }
}

/** A long list is cut on the page, and the page says by how much. */
export function shownNotCarried(all: readonly NotCarried[]) {
  return { notCarried: all.slice(0, SHOWN_MAX), more: Math.max(0, all.length - SHOWN_MAX) }
}
