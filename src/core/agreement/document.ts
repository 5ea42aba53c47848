/**
 * The agreement document: what the parties sign, as data that a lawyer can read.
 *
 * Every clause has its text beside the few values that the release decision
 * reads, so that the words and the rule can be compared. A clause that this
 * version does not understand permits nothing (see release/compile-agreement.ts).
 * The document says nothing about who has signed it; that is its stream.
 */
import { type Bytes, concatBytes, utf8 } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import type { Instant } from '../../base/time.ts'
import type { Clause, ClauseKind, Tlp } from './clause.ts'

export type AgreementDocument = {
  /** UUIDv7; the same for all versions. */
  readonly id: string
  readonly version: number
  readonly title: string
  readonly parties: readonly AgreementParty[]
  readonly purposes: readonly Purpose[]
  readonly categories: readonly DataCategory[]
  readonly clauses: readonly Clause[]
  readonly transferInstruments: readonly TransferInstrument[]
  /** Of whatever no handling clause names. */
  readonly handling: { readonly tlp: Tlp }
  readonly retention: { readonly clause: string; readonly deleteAfterDays: number }
  readonly onwardTransfer: { readonly clause: string; readonly allowed: 'never' | 'withConsent' }
  /** Waives the review beforehand, never the agreement itself; null: no emergency clause. */
  readonly emergencyClause: {
    readonly clause: string
    readonly postReviewWithinHours: number
  } | null
  /** BCP 47 tags in which requests are accepted. */
  readonly languageRule: { readonly clause: string; readonly accepted: readonly string[] }
  /** The cosigning quorum, a C2SP tlog-policy file. */
  readonly quorum: string
  readonly validFromAt: Instant
  readonly reviewAt: Instant
  /** From this instant on the agreement permits nothing. */
  readonly sunsetAt: Instant
}

export type AgreementParty = {
  /** Node id, e.g. `meridia.example`. */
  readonly node: string
  readonly name: string
  /** The legal order that binds the party, as law packs name it: `EU`, `GB`, `US-CA`. */
  readonly legalOrder: string
  /** Message keys pinned by the signatures: id and fingerprint (lower-case hex of SHA-256). */
  readonly messageKeys: readonly { readonly id: string; readonly fingerprint: string }[]
}

export type Purpose = {
  readonly id: string
  readonly text: string
  /** Term of the Data Privacy Vocabulary, if one fits. */
  readonly iri: string | null
}

export type DataCategory = {
  readonly id: string
  readonly text: string
  /** Term of the Data Privacy Vocabulary, if one fits. */
  readonly iri?: string
  readonly releasable: boolean
  /** Holds personal data: leaves for another legal order only under a transfer instrument. */
  readonly personal: boolean
  /** Trade or official secrets: law packs rule on its way abroad apart from personal data. */
  readonly confidential?: true
  readonly reviewRequired: boolean
}

/** In the manner of GDPR art. 45, 46(2)(a), 46(3)(b) and 49; a treaty of other legal orders. */
export const TRANSFER_KINDS = [
  'adequacy',
  'bindingInstrument',
  'administrativeArrangement',
  'treaty',
  'derogation',
] as const
export type TransferKind = (typeof TRANSFER_KINDS)[number]

export type TransferInstrument = {
  /** Legal orders, not parties. One direction. */
  readonly from: string
  readonly to: string
  readonly kind: TransferKind
  readonly authorisation: string
  /** Calendar date of the authorisation, `YYYY-MM-DD`. */
  readonly authorisedOn: string
  /** The last day on which it serves; absent: as long as the agreement. */
  readonly validUntil?: string
  /** Ids of the categories that it serves; absent: all. */
  readonly categories?: readonly string[]
  /** Made up for an exercise or a demonstration. */
  readonly simulated: boolean
}

/** What a party's signature and every release name: hash these bytes with SHA-256. */
export function agreementDigestInput(document: AgreementDocument): Bytes {
  return concatBytes(utf8('comity/agreement/v1\n'), canonicalBytes(document))
}

export function partyOf(document: AgreementDocument, node: string): AgreementParty | undefined {
  return document.parties.find((party) => party.node === node)
}

export function clauseOfKind(document: AgreementDocument, kind: ClauseKind): Clause | undefined {
  return document.clauses.find((clause) => clause.kind === kind)
}
