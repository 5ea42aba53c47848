/**
 * Exhibits in a case's history: sealed, redacted, received, and every act of
 * custody with the digest of the bytes it was done to.
 *
 * An exhibit's parts (the turns of a transcript) each have a salted commitment;
 * `partsRoot` is their Merkle root. A redacted copy keeps the root of its
 * original. A file is one part that nobody can leave out; its root is the SHA-256 of
 * its plaintext. These events hold digests and roots, never content; computing and
 * checking them is done elsewhere.
 *
 * What was sent is not accepted: an officer of the receiving authority accepts it or
 * says why not, and the sender records that answer.
 */
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { AdmittedRole, AnsweringRole } from '../access/rules.ts'
import type { Recorded } from '../case/recorded.ts'
import { foldHolds, type HoldEvent, type LegalHold } from './legal-holds.ts'
import type { PageTransform } from './page-transform.ts'
import { foldOrders, type OrderEvent, type ProtectiveOrder } from './protective-orders.ts'
import {
  type AskedOfUs,
  type ConsultationEvent,
  foldConsultations,
  isConsultationEvent,
} from './records-consultation.ts'
import {
  foldRecordsRequests,
  isRecordsRequestEvent,
  type RecordsRequest,
  type RecordsRequestEvent,
} from './records-request.ts'
import { foldRetention, noRetention, type Retention, type RetentionEvent } from './retention.ts'
import type { Scrub } from './scrub.ts'
import { foldTransfers, type Transfer, type TransferEvent } from './transfer.ts'

export const CUSTODY_ACTS = [
  'collected',
  'received',
  'opened',
  'copied',
  'redacted',
  'released',
  'destroyed',
  'downloaded',
  'previewed',
  'accepted',
  'rejected',
] as const
export type CustodyAct = (typeof CUSTODY_ACTS)[number]

/** In which place somebody looks who does not handle the case; absent: an officer of the case. */
export type LookingAs = AdmittedRole | AnsweringRole | 'oversight'

/** What the copy does not show. `part` counts from 0. */
export type Redaction = {
  readonly part: number
  readonly reason: string
  readonly ground?: string
  /** Where inside the part, as a pointer into the copy; absent: the whole part. */
  readonly at?: string
}

/** Hidden words that stand where the copy shows them, and why that is in order. No words here. */
export type LeftoversAnswered = { readonly places: readonly string[]; readonly reason: string }

/** Whoever reviews has the original, and has made the copy again from it. */
export type RedactionReview = {
  readonly outcome: 'approved' | 'returned'
  readonly reason: string
  /** The copy made again is the same. */
  readonly isSame: boolean
}

export type ExhibitFacts = {
  readonly exhibitId: string
  readonly name: string
  readonly mediaType: string
  /** Size of the sealed bytes. */
  readonly sizeBytes: number
  /** SHA-256 of the sealed bytes, lower-case hex. */
  readonly digest: string
  /** Merkle root over the parts' commitments, lower-case hex. */
  readonly partsRoot: string
  /** Number of parts, redacted ones included. */
  readonly parts: number
  /** Of an exhibit that is a file and not a list of parts. */
  readonly file?: FileFacts
}

/** The plaintext of a file: SHA-256, lower-case hex. */
export type FileFacts = { readonly digest: string; readonly sizeBytes: number }

export const ACKNOWLEDGEMENTS = ['accepted', 'rejected'] as const
export type Acknowledgement = (typeof ACKNOWLEDGEMENTS)[number]

export type EvidenceEvent =
  | ({
      readonly type: 'exhibitSealed'
      /** Of a scrubbed copy, with what was taken out of its original. */
      readonly derivedFrom?: string
      readonly scrub?: Scrub
    } & ExhibitFacts)
  | ({
      readonly type: 'exhibitRedacted'
      readonly derivedFrom: string
      readonly redactions: readonly Redaction[]
      /** Of a copy in pictures, whose parts are made and have a root of their own. */
      readonly transform?: PageTransform
      readonly leftovers?: LeftoversAnswered
      /** It leaves only when somebody else has compared it with the original. */
      readonly wantsReview?: true
      /** In whose place it was made, where that was by a delegation. */
      readonly inPlaceOf?: string
    } & ExhibitFacts)
  | ({ readonly type: 'redactionReviewed'; readonly exhibitId: string } & RedactionReview)
  | ({
      readonly type: 'exhibitReceived'
      /** Node id. */
      readonly from: string
      readonly releaseId: string
      /** The sender's exhibit that this is a copy of; null: the original itself. */
      readonly derivedFrom: string | null
      readonly redactions: readonly Redaction[]
      /** Of a scrubbed copy: what it was made of at the sender, and by what. */
      readonly lineage?: Lineage
    } & ExhibitFacts)
  | {
      readonly type: 'custodyRecorded'
      readonly exhibitId: string
      readonly act: CustodyAct
      /** Officer id, or node id where a machine acted. */
      readonly by: string
      readonly purpose: string
      readonly digest: string
      readonly capacity?: LookingAs
    }
  | {
      readonly type: 'derivationVerified'
      readonly exhibitId: string
      readonly partsRoot: string
      /** The log entry that commits to the root: log origin and place. */
      readonly origin: string
      readonly leafIndex: number
      readonly treeSize: number
      /** Parts whose opening was recomputed. */
      readonly shownParts: readonly number[]
      readonly redactedParts: readonly number[]
    }
  | OrderEvent
  | HoldEvent
  | RetentionEvent
  | RecordsRequestEvent
  | ConsultationEvent
  | TransferEvent
  | {
      /** What arrived was accepted by an officer here, or not. */
      readonly type: 'exhibitAcknowledged'
      readonly exhibitId: string
      readonly releaseId: string
      readonly answer: Acknowledgement
      /** Of a rejection. */
      readonly reason: string | null
      readonly digest: string
    }
  | {
      /** The peer's answer to what this authority sent. */
      readonly type: 'exhibitAnswerReceived'
      /** Node id. */
      readonly from: string
      readonly releaseId: string
      readonly answer: Acknowledgement
      readonly reason: string | null
      readonly digest: string
    }

export type CustodyEvent = {
  readonly act: CustodyAct
  readonly by: string
  readonly purpose: string
  readonly digest: string
  readonly at: Instant
  readonly capacity?: LookingAs
}

export type Derivation = Omit<
  Extract<EvidenceEvent, { type: 'derivationVerified' }>,
  'type' | 'exhibitId'
> & { readonly verifiedAt: Instant }

/** The original that stays at its authority, by its plaintext, and what made the copy. */
export type Lineage = FileFacts & Pick<Scrub, 'tool' | 'version'>

export type Exhibit = ExhibitFacts & {
  readonly origin: 'sealedHere' | 'redactedHere' | 'received'
  readonly from: string | null
  readonly releaseId: string | null
  readonly derivedFrom: string | null
  readonly redactions: readonly Redaction[]
  readonly transform?: PageTransform
  readonly scrub?: Scrub
  readonly lineage?: Lineage
  readonly leftovers?: LeftoversAnswered
  readonly wantsReview?: true
  /** Officer id, of a copy that wants a review. */
  readonly redactedBy?: string
  /** In whose place that officer made it, where that was by a delegation. */
  readonly redactedInPlaceOf?: string
  readonly review?: RedactionReview & { readonly by: string; readonly at: Instant }
  readonly custody: readonly CustodyEvent[]
  readonly derivation: Derivation | null
  /** The answer of this authority to what arrived; null: not yet, or not sent to it. */
  readonly acknowledged: Acknowledged | null
  readonly isDestroyed: boolean
}

export type Acknowledged = {
  readonly answer: Acknowledgement
  readonly reason: string | null
  readonly at: Instant
  /** Officer id here; node id of a peer that answered. */
  readonly by: string
}

/** A peer's answer to a release of an exhibit. */
export type PeerAnswer = Acknowledged & { readonly releaseId: string; readonly digest: string }

export type EvidenceState = {
  readonly exhibits: readonly Exhibit[]
  readonly peerAnswers: readonly PeerAnswer[]
  readonly orders: readonly ProtectiveOrder[]
  readonly holds: readonly LegalHold[]
  readonly retention: Retention
  /** Under public-records law. */
  readonly requests: readonly RecordsRequest[]
  /** What peers ask about content of this authority, for requests of theirs. */
  readonly consultations: readonly AskedOfUs[]
  /** Files that follow a release, from peers and to them. */
  readonly transfers: readonly Transfer[]
}

export const noEvidence: EvidenceState = {
  exhibits: [],
  peerAnswers: [],
  orders: [],
  holds: [],
  retention: noRetention,
  requests: [],
  consultations: [],
  transfers: [],
}

type OwnEvent = Exclude<EvidenceEvent, RecordsRequestEvent | ConsultationEvent>

const EVIDENCE_EVENTS: Readonly<Record<OwnEvent['type'], true>> = {
  exhibitSealed: true,
  exhibitRedacted: true,
  redactionReviewed: true,
  exhibitReceived: true,
  custodyRecorded: true,
  derivationVerified: true,
  protectiveOrderRecorded: true,
  protectiveOrderLifted: true,
  legalHoldPlaced: true,
  legalHoldLifted: true,
  disposalClassSet: true,
  exhibitsAppraised: true,
  exhibitAcknowledged: true,
  exhibitAnswerReceived: true,
  exhibitAnnounced: true,
  exhibitTransferEnded: true,
}

export function isEvidenceEvent(event: { readonly type: string }): event is EvidenceEvent {
  const isOwn = Object.hasOwn(EVIDENCE_EVENTS, event.type)
  return isOwn || isRecordsRequestEvent(event) || isConsultationEvent(event)
}

export function foldEvidence(
  state: EvidenceState,
  recorded: Recorded<EvidenceEvent>,
): EvidenceState {
  const { event, at } = recorded
  if (isRecordsRequestEvent(event)) {
    return { ...state, requests: foldRecordsRequests(state.requests, { ...recorded, event }) }
  }
  if (isConsultationEvent(event)) {
    const consultations = foldConsultations(state.consultations, { ...recorded, event })
    return { ...state, consultations }
  }
  switch (event.type) {
    case 'exhibitSealed':
      return withExhibit(state, {
        ...{ ...NEW, ...factsOf(event), origin: 'sealedHere' },
        ...(event.scrub && { derivedFrom: event.derivedFrom ?? null, scrub: event.scrub }),
      })
    case 'exhibitRedacted': {
      const { derivedFrom, redactions, transform, leftovers, wantsReview, inPlaceOf } = event
      return withExhibit(state, {
        ...{ ...NEW, ...factsOf(event), derivedFrom, redactions, origin: 'redactedHere' },
        ...(transform && { transform }),
        ...(leftovers && { leftovers }),
        ...(wantsReview && { wantsReview, redactedBy: recorded.by }),
        ...(wantsReview && inPlaceOf && { redactedInPlaceOf: inPlaceOf }),
      })
    }
    case 'redactionReviewed': {
      const { type: _, exhibitId, ...review } = event
      const reviewed = { ...review, by: recorded.by, at: recorded.at }
      return changeExhibit(state, exhibitId, (it) => ({ ...it, review: reviewed }))
    }
    case 'exhibitReceived': {
      const { type: _, ...received } = event
      return withExhibit(state, { ...NEW, ...received, origin: 'received' })
    }
    case 'custodyRecorded': {
      const { type: _, exhibitId, ...handled } = event
      return changeExhibit(state, exhibitId, (exhibit) => ({
        ...exhibit,
        custody: [...exhibit.custody, { ...handled, at }],
        isDestroyed: exhibit.isDestroyed || event.act === 'destroyed',
      }))
    }
    case 'derivationVerified': {
      const { type: _, exhibitId, ...derivation } = event
      const verified = { ...derivation, verifiedAt: at }
      return changeExhibit(state, exhibitId, (it) => ({ ...it, derivation: verified }))
    }
    case 'protectiveOrderRecorded':
    case 'protectiveOrderLifted':
      return { ...state, orders: foldOrders(state.orders, { ...recorded, event }) }
    case 'legalHoldPlaced':
    case 'legalHoldLifted':
      return { ...state, holds: foldHolds(state.holds, { ...recorded, event }) }
    case 'disposalClassSet':
    case 'exhibitsAppraised':
      return { ...state, retention: foldRetention(state.retention, { ...recorded, event }) }
    case 'exhibitAcknowledged': {
      const { exhibitId, answer, reason } = event
      const acknowledged = { answer, reason, at, by: recorded.by }
      return changeExhibit(state, exhibitId, (it) => ({ ...it, acknowledged }))
    }
    case 'exhibitAnnounced':
    case 'exhibitTransferEnded':
      return { ...state, transfers: foldTransfers(state.transfers, { ...recorded, event }) }
    case 'exhibitAnswerReceived': {
      const { from, releaseId, answer, reason, digest } = event
      const one = { releaseId, digest, answer, reason, at, by: from }
      return { ...state, peerAnswers: [...state.peerAnswers, one] }
    }
    default:
      return state
  }
}

export function exhibitOf(
  state: Pick<EvidenceState, 'exhibits'>,
  exhibitId: string,
): Exhibit | undefined {
  return state.exhibits.find((exhibit) => exhibit.exhibitId === exhibitId)
}

/** The exhibit whose sealing fixed the root of this one; pages have a root of their own. */
export function rootedIn(state: Pick<EvidenceState, 'exhibits'>, exhibit: Exhibit): Exhibit {
  const source = exhibit.derivedFrom === null ? undefined : exhibitOf(state, exhibit.derivedFrom)
  return source && !exhibit.transform && !exhibit.scrub ? rootedIn(state, source) : exhibit
}

const NEW = {
  from: null,
  releaseId: null,
  derivedFrom: null,
  redactions: [],
  custody: [],
  derivation: null,
  acknowledged: null,
  isDestroyed: false,
}

function factsOf(event: ExhibitFacts): ExhibitFacts {
  const { exhibitId, name, mediaType, sizeBytes, digest, partsRoot, parts, file } = event
  const facts = { exhibitId, name, mediaType, sizeBytes, digest, partsRoot, parts }
  return file ? { ...facts, file } : facts
}

function withExhibit(state: EvidenceState, exhibit: Exhibit): EvidenceState {
  return { ...state, exhibits: [...state.exhibits, exhibit] }
}

function changeExhibit(
  state: EvidenceState,
  exhibitId: string,
  change: (exhibit: Exhibit) => Exhibit,
): EvidenceState {
  const isIt = (exhibit: Exhibit) => exhibit.exhibitId === exhibitId
  return { ...state, exhibits: changeWhere(state.exhibits, isIt, change) }
}
