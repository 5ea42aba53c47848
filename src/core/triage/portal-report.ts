/** A report filed at a node's portal, in the domain's shape. Holds nothing about the reporter. */
import type { AdmittedReport, Artifact, ReportReference, StatedReport } from './admitted-report.ts'

export type PortalReport = {
  readonly reportId: string
  /** BCP 47. */
  readonly language: string
  readonly title: string
  readonly description: string
  readonly developers: readonly string[]
  readonly deployers: readonly string[]
  readonly artifacts: readonly Artifact[]
  readonly references: readonly ReportReference[]
  /** Calendar date of filing in the node's zone. */
  readonly reportedOn: string
  /** The reporter's own answer. */
  readonly isPublic: boolean | undefined
  /** The kind of its form, and what that form asked besides. */
  readonly stated?: StatedReport | undefined
}

export function reportFromPortal(filed: PortalReport): AdmittedReport {
  const { language } = filed
  return {
    kind: 'report',
    source: { format: 'portal', formatVersion: '1' },
    identifiers: { reportId: filed.reportId },
    title: { language, text: filed.title },
    description: { language, text: filed.description },
    affected: {
      developers: filed.developers,
      deployers: filed.deployers,
      artifacts: filed.artifacts,
    },
    problem: { origin: 'Third-party Report', nature: 'Issue' },
    references: filed.references,
    reportedOn: filed.reportedOn,
    ...(filed.isPublic === undefined ? {} : { statedPublic: filed.isPublic }),
    ...(filed.stated === undefined ? {} : { stated: filed.stated }),
    extensions: [],
    remarks: [],
  }
}
