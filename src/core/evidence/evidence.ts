/**
 * Exhibits in a case's history: sealed, redacted, received, and every act of
 * custody with the digest of the bytes it was done to.
 *
 * An exhibit's parts (the turns of a transcript) each have a salted commitment;
 * `partsRoot` is their Merkle root. A redacted copy keeps the root of its
 * original. These events hold digests and roots, never content; computing and
 * checking them is done elsewhere.
 */
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import { foldHolds, type HoldEvent, type LegalHold } from './legal-holds.ts'
import { foldOrders, type OrderEvent, type ProtectiveOrder } from './protective-orders.ts'

export const CUSTODY_ACTS = [
  'collected',
  'received',
  'opened',
  'copied',
  'redacted',
  'released',
  'destroyed',
] as const
export type CustodyAct = (typeof CUSTODY_ACTS)[number]

/** A part that the copy does not show. `part` counts from 0. */
export type Redaction = { readonly part: number; readonly reason: string }

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
}

export type EvidenceEvent =
  | ({ readonly type: 'exhibitSealed' } & ExhibitFacts)
  | ({
      readonly type: 'exhibitRedacted'
      readonly derivedFrom: string
      readonly redactions: readonly Redaction[]
    } & ExhibitFacts)
  | ({
      readonly type: 'exhibitReceived'
      /** Node id. */
      readonly from: string
      readonly releaseId: string
      /** The sender's exhibit that this is a copy of; null: the original itself. */
      readonly derivedFrom: string | null
      readonly redactions: readonly Redaction[]
    } & ExhibitFacts)
  | {
      readonly type: 'custodyRecorded'
      readonly exhibitId: string
      readonly act: CustodyAct
      /** Officer id, or node id where a machine acted. */
      readonly by: string
      readonly purpose: string
      readonly digest: string
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

export type CustodyEvent = {
  readonly act: CustodyAct
  readonly by: string
  readonly purpose: string
  readonly digest: string
  readonly at: Instant
}

export type Derivation = Omit<
  Extract<EvidenceEvent, { type: 'derivationVerified' }>,
  'type' | 'exhibitId'
> & { readonly verifiedAt: Instant }

export type Exhibit = ExhibitFacts & {
  readonly origin: 'sealedHere' | 'redactedHere' | 'received'
  readonly from: string | null
  readonly releaseId: string | null
  readonly derivedFrom: string | null
  readonly redactions: readonly Redaction[]
  readonly custody: readonly CustodyEvent[]
  readonly derivation: Derivation | null
  readonly isDestroyed: boolean
}

export type EvidenceState = {
  readonly exhibits: readonly Exhibit[]
  readonly orders: readonly ProtectiveOrder[]
  readonly holds: readonly LegalHold[]
}

export const noEvidence: EvidenceState = { exhibits: [], orders: [], holds: [] }

const EVIDENCE_EVENTS: Readonly<Record<EvidenceEvent['type'], true>> = {
  exhibitSealed: true,
  exhibitRedacted: true,
  exhibitReceived: true,
  custodyRecorded: true,
  derivationVerified: true,
  protectiveOrderRecorded: true,
  protectiveOrderLifted: true,
  legalHoldPlaced: true,
  legalHoldLifted: true,
}

export function isEvidenceEvent(event: { readonly type: string }): event is EvidenceEvent {
  return Object.hasOwn(EVIDENCE_EVENTS, event.type)
}

export function foldEvidence(
  state: EvidenceState,
  recorded: Recorded<EvidenceEvent>,
): EvidenceState {
  const { event, at } = recorded
  switch (event.type) {
    case 'exhibitSealed':
      return withExhibit(state, { ...NEW, ...factsOf(event), origin: 'sealedHere' })
    case 'exhibitRedacted': {
      const { derivedFrom, redactions } = event
      const facts = factsOf(event)
      return withExhibit(state, {
        ...NEW,
        ...facts,
        derivedFrom,
        redactions,
        origin: 'redactedHere',
      })
    }
    case 'exhibitReceived': {
      const { type: _, ...received } = event
      return withExhibit(state, { ...NEW, ...received, origin: 'received' })
    }
    case 'custodyRecorded': {
      const { exhibitId, act, by, purpose, digest } = event
      return changeExhibit(state, exhibitId, (exhibit) => ({
        ...exhibit,
        custody: [...exhibit.custody, { act, by, purpose, digest, at }],
        isDestroyed: exhibit.isDestroyed || act === 'destroyed',
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
    default:
      return state
  }
}

export function exhibitOf(state: EvidenceState, exhibitId: string): Exhibit | undefined {
  return state.exhibits.find((exhibit) => exhibit.exhibitId === exhibitId)
}

const NEW = {
  from: null,
  releaseId: null,
  derivedFrom: null,
  redactions: [],
  custody: [],
  derivation: null,
  isDestroyed: false,
}

function factsOf(event: ExhibitFacts): ExhibitFacts {
  const { exhibitId, name, mediaType, sizeBytes, digest, partsRoot, parts } = event
  return { exhibitId, name, mediaType, sizeBytes, digest, partsRoot, parts }
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
