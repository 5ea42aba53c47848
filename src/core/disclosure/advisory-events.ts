/**
 * What a case makes public, version by version: advisories, and safety notices for the
 * people who use or are affected by a system. Nothing here is ever taken out of the
 * history: what no longer holds gets a version that says so. JSON values only.
 */
import type { Json } from '../../base/canonical-json.ts'
import type { CreditRole } from './recognition-events.ts'

/** Why there is a version. `first` is the first one; nothing follows `withdrawal`. */
export const REVISION_KINDS = [
  'first',
  'clarification',
  'correction',
  'newAffected',
  'fixAvailable',
  'withdrawal',
] as const
export type RevisionKind = (typeof REVISION_KINDS)[number]

export const ADVISORY_SEVERITIES = ['notRated', 'low', 'medium', 'high', 'critical'] as const
export type AdvisorySeverity = (typeof ADVISORY_SEVERITIES)[number]

/** How the named product stands, in the words of CSAF. */
export const PRODUCT_STANDINGS = [
  'known_affected',
  'under_investigation',
  'fixed',
  'known_not_affected',
] as const
export type ProductStanding = (typeof PRODUCT_STANDINGS)[number]

/** Sectors of the lexicon, `vocabulary/comity-lexicon.json`, without their group. */
export const SECTORS = [
  'biometrics',
  'infrastructure',
  'education',
  'employment',
  'public-services',
  'finance',
  'health',
  'law-enforcement',
  'migration',
  'justice',
  'transport',
  'media',
  'consumer',
  'software',
  'defence',
  'other',
] as const
export type Sector = (typeof SECTORS)[number]

/** In which a text is written; BCP 47. Texts from before may have others. */
export const PUBLIC_LANGUAGES = [
  'en',
  'fr',
  'de',
  'es',
  'ar',
  'it',
  'pt',
  'pl',
  'uk',
  'zh',
  'ja',
  'ko',
] as const

type PublicText = {
  /** BCP 47, of the text. */
  readonly lang: string
  readonly title: string
  /** Product or system, as its users know it. */
  readonly product: string
  readonly severity: AdvisorySeverity
  readonly sectors: readonly Sector[]
}

export type AdvisoryContent = PublicText & {
  readonly is: 'advisory'
  readonly summary: string
  readonly vendor: string
  /** E.g. `before 4.2`; null: all versions, or not known. */
  readonly versionRange: string | null
  readonly status: ProductStanding
  /** For those who run the product. */
  readonly remediation: string
  /** In plain words, for those who use it. */
  readonly forUsers: string | null
  /** Who agreed to be named. Absent: nobody. */
  readonly credits?: readonly AdvisoryCredit[]
}

export type AdvisoryCredit = { readonly name: string; readonly roles: readonly CreditRole[] }

/** Short, in plain words, without technical detail. */
export type SafetyNoticeContent = PublicText & {
  readonly is: 'safetyNotice'
  readonly whatHappens: string
  readonly whoIsConcerned: string
  readonly whatToDo: string
  /** Where people get help. */
  readonly help: string | null
}

export type Revision<Content> = {
  /** 1 for the first, then without gaps. Its day is the time of the event. */
  readonly number: number
  readonly kind: RevisionKind
  /** What changed and why, for readers. */
  readonly summary: string
  readonly content: Content
}

/** The next version as it would be published. A later draft takes its place. */
export type AdvisoryDrafted = {
  readonly type: 'advisoryDrafted'
  readonly trackingId: string
  readonly revision: Revision<AdvisoryContent | SafetyNoticeContent>
}
export type AdvisoryDraftDropped = {
  readonly type: 'advisoryDraftDropped'
  readonly trackingId: string
}
/** A version of an advisory went out; a first one, or one that revises or withdraws it. */
export type AdvisoryPublished = {
  readonly type: 'advisoryPublished'
  readonly trackingId: string
  /** SHA-256 of the canonical document, lower-case hex. */
  readonly digest: string
  /** The CSAF document as published with this version. */
  readonly document: Json
  readonly revision: Revision<AdvisoryContent>
}
export type SafetyNoticePublished = {
  readonly type: 'safetyNoticePublished'
  readonly trackingId: string
  readonly revision: Revision<SafetyNoticeContent>
}

export type AdvisoryEvent =
  | AdvisoryDrafted
  | AdvisoryDraftDropped
  | AdvisoryPublished
  | SafetyNoticePublished

const ADVISORY_EVENTS: Readonly<Record<AdvisoryEvent['type'], true>> = {
  advisoryDrafted: true,
  advisoryDraftDropped: true,
  advisoryPublished: true,
  safetyNoticePublished: true,
}

export function isAdvisoryEvent(event: { readonly type: string }): event is AdvisoryEvent {
  return Object.hasOwn(ADVISORY_EVENTS, event.type)
}
