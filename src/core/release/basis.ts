/**
 * What the release decision reads: the case and its agreement as they stand at that
 * moment, and what an officer asks for. Whoever decides or previews fills the same
 * basis, so that both see the same.
 *
 * Nothing is looked up while it is decided. What nobody knows is not in the lists, and
 * a check that misses something it needs refuses.
 */
import type { Json } from '../../base/canonical-json.ts'
import type { Because } from '../../base/decision.ts'
import type { CalendarDate, Instant } from '../../base/time.ts'
import type { AgreementState } from '../agreement/agreement.ts'
import type { HandlingCode, ReleaseKind, Tlp } from '../agreement/clause.ts'
import type { DataPath } from '../law/data-paths.ts'
import type { Side } from '../people/standing.ts'
import type { RightsState } from '../rights/rights.ts'
import type { ReleaseState } from './release.ts'

/** Everything of the case and its agreement that the decision reads. */
export type ReleaseBasis = {
  readonly releases: ReleaseState
  readonly agreement: AgreementState
  readonly rights: RightsState
  readonly embargo: {
    /** Vultron's embargo states. */
    readonly state: 'none' | 'proposed' | 'active' | 'revise' | 'exited'
    /** Node ids of the participants who accepted. */
    readonly signatories: readonly string[]
  }
  /** Officers with an open conflict of interest in this case, with its operator or the recipient. */
  readonly conflicted: readonly string[]
} & Safeguards

/** What else may bar a release. Each list is empty until something is recorded. */
export type Safeguards = {
  /** What the packs say of data from the sender's legal order to the recipient's. */
  readonly law: readonly DataPath[]
  /** The authority's own calendar date: the day of transfer instruments. */
  readonly today: CalendarDate | null
  /** In force at this moment. */
  readonly orders: readonly BindingOrder[]
  readonly consents: readonly PersonConsent[]
  readonly authorisations: readonly Authorisation[]
  /** Of content that came from a peer. */
  readonly held: readonly HeldContent[]
  /** Ids of clauses in a dispute that suspends them. */
  readonly disputed: readonly string[]
  /** Who proposed exactly this release, where a second officer now approves it. */
  readonly proposedBy: Side | null
}

export const NO_SAFEGUARDS: Safeguards = {
  law: [],
  today: null,
  orders: [],
  consents: [],
  authorisations: [],
  held: [],
  disputed: [],
  proposedBy: null,
}

/** A protective order of a court or authority that is in force. */
export type BindingOrder = {
  readonly orderId: string
  /** Who made it, and what it says in a sentence. */
  readonly text: string
  /** Absent: of every exhibit. */
  readonly exhibitIds?: readonly string[]
  /** Absent: of every category. */
  readonly categories?: readonly string[]
  /** Node ids of those who may have it all the same. */
  readonly mayReceive: readonly string[]
}

/** What one person answered; a consent that was withdrawn is `withdrawn`, never absent. */
export type PersonConsent = {
  readonly consentId: string
  readonly categories: readonly string[]
  /** Node ids; absent: whoever is a party. */
  readonly recipients?: readonly string[]
  readonly state: 'given' | 'refused' | 'withdrawn'
}

/** Of a court or of another body outside the authority. */
export type Authorisation = {
  readonly authorisationId: string
  readonly categories: readonly string[]
  /** Node id. */
  readonly recipient: string
  readonly validUntilAt: Instant
  /** Who gave it, for the file. */
  readonly because: Because
}

/** Content of a peer that this case holds: it stays the originator's to give away. */
export type HeldContent = {
  /** Node id. */
  readonly originator: string
  /** The release that brought it. */
  readonly releaseId: string
  /** As the originator named them. */
  readonly categories: readonly string[]
  /** Exhibits here that hold it, copies included. */
  readonly exhibitIds: readonly string[]
  readonly tlp: Tlp | null
  readonly codes: readonly HandlingCode[]
  /** Node ids to which the originator consented. */
  readonly consentedTo: readonly string[]
  readonly isRetracted: boolean
}

/** Regulation (EU) 2023/1543, art. 3(18), names these threats; a model here, not a basis. */
export const EMERGENCY_THREATS = [
  'life',
  'physicalIntegrity',
  'safety',
  'criticalInfrastructure',
] as const
export type EmergencyThreat = (typeof EMERGENCY_THREATS)[number]

export type PrepareRelease = {
  readonly releaseId: string
  readonly kind: ReleaseKind
  readonly recipient: string
  readonly purpose: string
  /** Citation or IRI. */
  readonly legalBasis: string
  readonly categories: readonly string[]
  /** The exhibit that leaves, if one does: an approval is for this very one. */
  readonly exhibitId?: string
  /** The case record by category; it may hold more than is asked for. */
  readonly record: { readonly [category: string]: Json }
  readonly rightsTestId: string | null
  /** Waives review and second officer beforehand under an emergency clause, nothing else. */
  readonly emergency: { readonly threat: EmergencyThreat; readonly reason: string } | null
  /** SHA-256 of the compiled `documentInEffect`, lower-case hex. */
  readonly policyDigest: string
}
