/**
 * What a CSAF document of ours says, in our words: one shape for CSAF 2.0 and 2.1 and
 * for all forms of document. `csaf-writer.ts` writes it, `csaf-reader.ts` reads it
 * back, `csaf-rules.ts` says which form it fits. One vulnerability a document.
 */
import type { Instant } from '../base/time.ts'

export const CSAF_VERSIONS = ['2.0', '2.1'] as const
export type CsafVersion = (typeof CSAF_VERSIONS)[number]

/**
 * `vulnerabilityReport` is handed to one recipient and is never served. The deprecated
 * form is what 2.1 calls an advisory of 2.0 that names no product known to be affected.
 */
export const CSAF_FORMS = [
  'securityAdvisory',
  'deprecatedSecurityAdvisory',
  'vex',
  'vulnerabilityReport',
  'withdrawn',
] as const
export type CsafForm = (typeof CSAF_FORMS)[number]

export type CsafShape = { readonly version: CsafVersion; readonly form: CsafForm }

export const STANDINGS = [
  'known_affected',
  'under_investigation',
  'fixed',
  'known_not_affected',
] as const
export type Standing = (typeof STANDINGS)[number]

/** Why a product is not affected, in words of CSAF (section 3.2.3.5 of 2.0). */
export const FLAGS = [
  'component_not_present',
  'inline_mitigations_already_exist',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_not_present',
] as const
export type Flag = (typeof FLAGS)[number]

/** Those that both versions of the standard have. */
export const REMEDIES = [
  'mitigation',
  'workaround',
  'vendor_fix',
  'no_fix_planned',
  'none_available',
] as const
export type Remedy = (typeof REMEDIES)[number]

export type CsafProduct = {
  readonly vendor: string
  readonly name: string
  /** `vers:…` or plain words; null: all versions, or not known. */
  readonly versionRange: string | null
  readonly standing: Standing
  /** What to do; of one that is not affected why it is not. */
  readonly action: string | null
  /** Which kind of remedy the action is, of one that is affected or under investigation. */
  readonly remedy: Remedy
  /** Of one that is not affected. */
  readonly flag: Flag | null
}

export const NOTE_CATEGORIES = [
  'description',
  'details',
  'faq',
  'general',
  'legal_disclaimer',
  'summary',
] as const

export type CsafNote = {
  readonly category: (typeof NOTE_CATEGORIES)[number]
  readonly title: string
  readonly text: string
}

export type CsafRevision = {
  readonly number: string
  readonly date: Instant
  readonly summary: string
}

export const INVOLVED_PARTIES = ['coordinator', 'discoverer', 'other', 'user', 'vendor'] as const
export const INVOLVED_STATUS = [
  'completed',
  'contact_attempted',
  'disputed',
  'in_progress',
  'not_contacted',
  'open',
] as const

export type CsafInvolvement = {
  readonly party: (typeof INVOLVED_PARTIES)[number]
  readonly status: (typeof INVOLVED_STATUS)[number]
  readonly date: Instant
}

/** For whom a private report is, and how it may be handled. */
export type CsafSharing = {
  /** Lower-case UUID v4 of the group. */
  readonly groupId: string
  readonly recipient: string
  readonly tlp: 'AMBER' | 'AMBER+STRICT' | 'RED'
}

/** `summary`: for what. */
export type CsafThanks = { readonly names: readonly string[]; readonly summary?: string }

export type CsafAdvisory = {
  readonly trackingId: string
  readonly title: string
  /** BCP 47. */
  readonly lang: string
  readonly publisher: { readonly name: string; readonly namespace: string }
  readonly status: 'final' | 'interim'
  /** At least one, ascending; the number of the last is the version of the document. */
  readonly revisions: readonly CsafRevision[]
  /** At least one; the first also describes the vulnerability. */
  readonly notes: readonly CsafNote[]
  readonly severity: string | null
  readonly products: readonly CsafProduct[]
  readonly cve: string | null
  readonly ids: readonly { readonly system: string; readonly text: string }[]
  /** Web addresses only. */
  readonly references: readonly { readonly summary: string; readonly url: string }[]
  readonly acknowledgements: readonly CsafThanks[]
  /** Why it no longer holds; such a document names no product and no vulnerability. */
  readonly withdrawn: string | null
  /** Of a private report only. */
  readonly sharing: CsafSharing | null
  /** When it is or will be public: the end of the embargo, in a private report. */
  readonly disclosureAt: Instant | null
  readonly involvements: readonly CsafInvolvement[]
}

export const CVE_ID = /^CVE-[0-9]{4}-[0-9]{4,}$/

/** RFC 3986 characters only: the schema's `uri` format takes no spaces or quotes. */
export function isWebAddress(url: string): boolean {
  return /^https?:\/\/(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/.test(url)
}

/** A range that CSAF 2.1 takes as one (section on branches, `product_version_range`). */
export function isVersRange(range: string): boolean {
  return /^vers:[a-z.\-+]+\/[^\s]*[<>!*][^\s]*$/.test(range)
}

/** The name of a document's file (CSAF 2.0, section 5.1). */
export function csafFileName(trackingId: string): string {
  return `${trackingId.toLowerCase().replaceAll(/[^+\-a-z0-9]+/g, '_')}.json`
}

const VEX_ENDING = '-VEX'

/** The VEX form of an advisory is a document of its own. */
export const vexId = (trackingId: string) => `${trackingId}${VEX_ENDING}`
export const isVexId = (trackingId: string) => trackingId.endsWith(VEX_ENDING)
