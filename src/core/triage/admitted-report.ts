/**
 * A report as an officer admitted it into a case: the domain's own shape, whatever
 * format it came in. It holds everything the format said, so that the same record
 * can be written again, and it is read as an allegation, never as a finding.
 *
 * `null`, an absent member and an empty list are three different things here: what
 * the source said is kept.
 */
import type { Json } from '../../base/canonical-json.ts'

export type LocalText = {
  /** As the source writes it: AVID uses ISO 639-3 (`eng`), a portal BCP 47 (`en`). */
  readonly language: string
  readonly text: string
}

export type Artifact = {
  /** AVID knows Dataset, Model and System. */
  readonly kind: string
  readonly name: string
}

export type ReportReference = {
  readonly kind?: string | null
  readonly label?: string | null
  /** Often, but not always, a web address. */
  readonly url: string
}

/** One result of a test: AVID's named metric, or a scorer with one value. */
export type Measurement = {
  readonly name?: string | null
  readonly features?: Json
  readonly method?: { readonly kind?: string | null; readonly name?: string | null } | null
  readonly results?: Json
  readonly scorer?: string | null
  readonly statistic?: string | null
  readonly value?: Json
}

export type AvidAssessment = {
  readonly vulnerabilityId?: string | null
  readonly riskDomains?: readonly string[] | null
  /** Full strings such as `E0101: Group fairness`; the code before the colon counts. */
  readonly effects?: readonly string[] | null
  readonly lifecycleStages?: readonly string[] | null
  readonly taxonomyVersion?: string | null
}

export type CvssAssessment = {
  readonly version?: string | null
  readonly vector?: string | null
  readonly baseScore?: number | null
  readonly baseSeverity?: string | null
  /** The vector's metrics spelled out, in CVSS's own names. */
  readonly metrics?: { readonly [name: string]: Json }
}

export type WeaknessAssessment = {
  readonly weaknessId?: string | null
  readonly text?: string | null
  readonly language?: string | null
}

export type OdinAssessment = {
  readonly socialImpact?: string | null
  readonly jailbreaks?:
    | readonly {
        readonly category?: string | null
        readonly strategy?: string | null
        readonly technique?: string | null
      }[]
    | null
}

export type AtlasAssessment = {
  readonly tactic?: string | null
  readonly technique?: string | null
  readonly text?: string | null
}

export type ImpactAssessments = {
  readonly avid?: AvidAssessment | null
  readonly atlas?: readonly AtlasAssessment[] | null
  readonly cvss?: CvssAssessment | null
  readonly cwe?: readonly WeaknessAssessment[] | null
  readonly odin?: OdinAssessment | null
}

/** A member of the source that the domain has no word for, kept where it was. */
export type Extension = {
  /** JSON pointer (RFC 6901) into the source. */
  readonly pointer: string
  readonly value: Json
}

/** Something a reader should notice; the value itself is kept. */
export type Remark = {
  readonly pointer: string
  readonly remark: 'outsideEnumeration' | 'notACalendarDate'
}

/** What the reporter chose and answered in a guided form, as filed. */
export type StatedReport = {
  readonly kind: string
  readonly sector?: string
  /** By the question's id; texts, or the chosen ones of several. */
  readonly answers?: { readonly [question: string]: string | readonly string[] }
  /** The same in words, where an officer took them over by hand. */
  readonly further?: string
}

export type AdmittedReport = {
  readonly kind: 'report' | 'vulnerability'
  readonly source: {
    /** `AVID` for a public database's record, `portal` for one filed at a node. */
    readonly format: string
    readonly formatVersion: string
  }
  readonly identifiers: {
    readonly reportId?: string | null
    readonly vulnerabilityId?: string | null
  }
  readonly title: LocalText
  readonly description: LocalText
  readonly affected: {
    readonly developers?: readonly string[] | null
    readonly deployers?: readonly string[] | null
    readonly artifacts?: readonly Artifact[] | null
  }
  readonly problem: {
    /** Where the record comes from, e.g. `CVE Entry`. */
    readonly origin: string
    /** What it is, e.g. `Advisory`. */
    readonly nature?: string | null
  }
  readonly measurements?: readonly Measurement[] | null
  readonly references?: readonly ReportReference[] | null
  /** Reports that a vulnerability rests on. */
  readonly links?:
    | readonly {
        readonly reportId: string
        readonly nature?: string | null
        readonly name?: string | null
      }[]
    | null
  readonly impact?: ImpactAssessments | null
  readonly credits?: readonly LocalText[] | null
  readonly reportedOn?: string | null
  readonly publishedOn?: string | null
  readonly lastModifiedOn?: string | null
  /** What the reporter said at a portal; absent if nobody was asked. */
  readonly statedPublic?: boolean
  readonly stated?: StatedReport
  readonly extensions: readonly Extension[]
  readonly remarks: readonly Remark[]
}

/**
 * What shows that a report is public already: web addresses it refers to and the
 * dates of its publication. At a portal the reporter's own answer decides, since
 * a reference may be to a document about the product only.
 */
export function publicSources(report: AdmittedReport): readonly string[] {
  const addresses = (report.references ?? []).map(({ url }) => url).filter(isWebAddress)
  if (report.statedPublic === false) return []
  if (report.statedPublic === true) return ['the reporter says so', ...addresses]
  if (report.source.format === 'portal') return []
  const dated = [
    report.reportedOn ? `reported on ${report.reportedOn}` : '',
    report.publishedOn ? `published on ${report.publishedOn}` : '',
  ]
  return [...addresses, ...dated.filter((text) => text !== '')]
}

export function isAlreadyPublic(report: AdmittedReport): boolean {
  return publicSources(report).length > 0
}

export function isWebAddress(url: string): boolean {
  return /^https?:\/\/[^\s/]+/i.test(url)
}
