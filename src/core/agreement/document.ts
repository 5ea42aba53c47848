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
  readonly handling: { readonly tlp: 'CLEAR' | 'GREEN' | 'AMBER' | 'AMBER+STRICT' | 'RED' }
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
  readonly releasable: boolean
  /** Holds personal data: leaves for another legal order only under a transfer instrument. */
  readonly personal: boolean
  readonly reviewRequired: boolean
}

export type TransferInstrument = {
  /** Legal orders, not parties. One direction. */
  readonly from: string
  readonly to: string
  readonly kind: 'adequacy' | 'administrativeArrangement' | 'treaty' | 'derogation'
  readonly authorisation: string
  /** Calendar date of the authorisation, `YYYY-MM-DD`. */
  readonly authorisedOn: string
  /** Made up for an exercise or a demonstration. */
  readonly simulated: boolean
}

const RELEASE_KINDS = ['stub', 'case', 'exhibit'] as const
/** A stub says only that a case exists and asks to coordinate. */
export type ReleaseKind = (typeof RELEASE_KINDS)[number]

export const DUTY_KINDS = ['deleteBy', 'noOnwardTransfer', 'notifyPerson', 'reportUse'] as const
export type AgreedDuty =
  | { readonly kind: 'deleteBy' | 'notifyPerson' | 'reportUse'; readonly withinDays: number }
  | { readonly kind: 'noOnwardTransfer' }

type ClauseText = { readonly id: string; readonly text: string }

/** What the release decision reads of a clause, by `kind`. */
export type Clause = ClauseText &
  (
    | {
        readonly kind: 'permitRelease'
        readonly categories: readonly string[]
        readonly purposes: readonly string[]
        readonly releaseKinds: readonly ReleaseKind[]
        /** Ids of the duty clauses that travel with what this clause permits. */
        readonly duties: readonly string[]
      }
    | { readonly kind: 'forbidRelease'; readonly categories: readonly string[] }
    | { readonly kind: 'requireTransferInstrument' }
    | { readonly kind: 'duty'; readonly duty: AgreedDuty }
    /** Cited by the rules that hold for every agreement. */
    | { readonly kind: 'requireRightsTest' | 'requireReview' | 'requireEmbargoConsent' }
    /** Binds people; nothing in it for a machine to decide. */
    | { readonly kind: 'statement' }
  )

export type ClauseKind = Clause['kind']

/** The members that each kind of clause may have besides `id`, `text` and `kind`. */
export const CLAUSE_MEMBERS: Readonly<Record<ClauseKind, readonly string[]>> = {
  permitRelease: ['categories', 'purposes', 'releaseKinds', 'duties'],
  forbidRelease: ['categories'],
  requireTransferInstrument: [],
  duty: ['duty'],
  requireRightsTest: [],
  requireReview: [],
  requireEmbargoConsent: [],
  statement: [],
}

/** True if a machine can decide by this clause: known kind, no member or duty it cannot read. */
export function isUnderstood(clause: Clause): boolean {
  if (!Object.hasOwn(CLAUSE_MEMBERS, clause.kind)) return false
  const known = new Set(['id', 'text', 'kind', ...CLAUSE_MEMBERS[clause.kind]])
  if (Object.keys(clause).some((member) => !known.has(member))) return false
  if (clause.kind === 'permitRelease') {
    return clause.releaseKinds.every((kind) => RELEASE_KINDS.includes(kind))
  }
  return clause.kind !== 'duty' || isDutyUnderstood(clause.duty)
}

function isDutyUnderstood(duty: AgreedDuty): boolean {
  if (!DUTY_KINDS.includes(duty.kind)) return false
  const members = Object.keys(duty).sort().join()
  return members === (duty.kind === 'noOnwardTransfer' ? 'kind' : 'kind,withinDays')
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
