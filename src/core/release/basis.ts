/**
 * What the release decision reads: the case and its agreement as they stand at that
 * moment, and what an officer asks for. Whoever decides or previews fills the same
 * basis, so that both see the same.
 *
 * Nothing is looked up while it is decided. What nobody knows is not in the lists, and
 * a check that misses something it needs refuses.
 */
import type { Json } from '../../base/canonical-json.ts'
import type { AgreementState } from '../agreement/agreement.ts'
import type { HandlingCode, ReleaseKind, Tlp } from '../agreement/clause.ts'
import type { ConditionAnswers } from '../agreement/threshold.ts'
import type { EvidenceState } from '../evidence/evidence.ts'
import type { DataPath } from '../law/data-paths.ts'
import type { Side } from '../people/standing.ts'
import type { RightsState } from '../rights/rights.ts'
import type { Duty, ReleaseState, Together } from './release.ts'

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
    /** Node ids of those who left the case; absent: nobody. */
    readonly left?: readonly string[]
    /** Of those who accepted, who has no report yet, as the lead knows it; absent: nobody. */
    readonly withoutReport?: readonly string[]
  }
  /** Officers with an open conflict of interest in this case, with its operator or the recipient. */
  readonly conflicted: readonly string[]
} & Safeguards

/** What else may bar a release. */
export type Safeguards = {
  readonly law: TransferLaw
  /** Exhibits with their lineage, and protective orders. */
  readonly evidence: Pick<EvidenceState, 'exhibits' | 'orders'>
  /** Of content that came from a peer. */
  readonly held: readonly HeldContent[]
  /** Ids of clauses in a dispute that suspends them. */
  readonly disputed: readonly string[]
  /** Who proposed exactly this release, where a second officer now approves it. */
  readonly proposedBy: Side | null
  /** Not real cases: only there does a simulated transfer instrument carry anything. */
  readonly isExercise: boolean
}

/** From the sender's legal order to the recipient's. */
export type TransferLaw = {
  /** False inside one legal order, the members of a union included. */
  readonly isAbroad: boolean
  /** Empty abroad too, where no pack of one of the two is loaded. */
  readonly paths: readonly DataPath[]
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
  /** Absent: it came before labels did, and is treated like the narrowest that can travel. */
  readonly handling?: Handling
  /** What it brought with it; lasting ones and a day of deletion go on with it. */
  readonly duties: readonly Duty[]
  /** To whom the originator consented that it goes, and for what. */
  readonly consentedTo: readonly OnwardConsent[]
  readonly isRetracted: boolean
}

/** `recipient`: node id. A consent for one purpose is none for another. */
export type OnwardConsent = { readonly recipient: string; readonly purpose: string }

/** How a release is marked: the narrowest label of what it holds, and all codes. */
export type Handling = { readonly tlp: Tlp; readonly codes: readonly HandlingCode[] }

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
  /** Where one act decides on several cases. */
  readonly together?: Together
  /** The release of a peer whose content goes on, if that is what leaves. */
  readonly passesOn?: string
  /** The case record by category, or what the peer showed; it may hold more than is asked for. */
  readonly record: { readonly [category: string]: Json }
  readonly rightsTestId: string | null
  /** Waives review and second officer beforehand under an emergency clause, nothing else. */
  readonly emergency: { readonly threat: EmergencyThreat; readonly reason: string } | null
  /** SHA-256 of the compiled `documentInEffect`, lower-case hex. */
  readonly policyDigest: string
  /** Of clauses that permit under a condition; absent: none holds. */
  readonly conditions?: ConditionAnswers
}
