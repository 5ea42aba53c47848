/**
 * The authority stream: with which keys this node and its officers sign, and which
 * peers it has pinned.
 *
 * It is what ties every other signature to a name. It proves nothing by itself: a
 * reader trusts these keys only because the events are in the log, as the witnesses
 * of a policy saw it. It holds officers' ids and roles, and nothing else about them.
 */
import type { Json } from '../../base/canonical-json.ts'
import type { Instant } from '../../base/time.ts'
import type { Recorded, Role } from '../case/recorded.ts'
import { isPeopleEvent, type PeopleEvent } from '../people/events.ts'
import type { SealingKeyEvent } from '../sealing/events.ts'
import type { KeyCeremonyEvent } from './key-ceremony.ts'

/** A signed node document, as far as this file reads it. */
export type PublishedDocument = {
  readonly document: {
    readonly node: string
    readonly name: string
    readonly messageKeys: readonly ListedKey[]
    readonly logKey: string
    readonly [member: string]: Json | undefined
  }
  readonly signature: { readonly keyId: string; readonly value: string }
}

export type ListedKey = {
  readonly id: string
  readonly alg: 'ed25519'
  /** Base64. */
  readonly key: string
  readonly validFrom: Instant
  readonly validUntil: Instant
}

export type AuthorityEvent =
  | { readonly type: 'nodeDocumentPublished'; readonly document: PublishedDocument }
  | {
      readonly type: 'officerEnrolled'
      readonly officer: string
      /** Ed25519, base64. A second enrolment replaces the key and the roles. */
      readonly publicKey: string
      readonly roles: readonly Role[]
    }
  | { readonly type: 'officerLeft'; readonly officer: string }
  /** By an administrator, who compared its fingerprint. */
  | { readonly type: 'peerPinned'; readonly node: string; readonly document: PublishedDocument }
  /** By itself: a key of the document before signed the one that follows it. */
  | {
      readonly type: 'peerDocumentRenewed'
      readonly node: string
      readonly document: PublishedDocument
    }
  | SealingKeyEvent
  | KeyCeremonyEvent
  | PeopleEvent

/** One officer with one key, from `enrolledAt` until `leftAt`, both in case time. */
export type Enrolment = {
  readonly officer: string
  readonly publicKey: string
  readonly roles: readonly Role[]
  readonly enrolledAt: Instant
  /** Version of the enrolling event: its place in the log bounds when it was made. */
  readonly version: number
  readonly leftAt: Instant | null
}

export type AuthorityState = {
  /** In the order in which they were published; the last one holds. */
  readonly documents: readonly PublishedDocument[]
  /** Every listing of a key in any of the documents: a later one may extend its validity. */
  readonly messageKeys: readonly ListedKey[]
  readonly enrolments: readonly Enrolment[]
  /** All documents of a peer, the newest last: old signatures stay verifiable. */
  readonly peers: readonly {
    readonly node: string
    readonly documents: readonly PublishedDocument[]
  }[]
}

export const noAuthority: AuthorityState = {
  documents: [],
  messageKeys: [],
  enrolments: [],
  peers: [],
}

const AUTHORITY_EVENTS: Readonly<Record<Exclude<AuthorityEvent, PeopleEvent>['type'], true>> = {
  nodeDocumentPublished: true,
  officerEnrolled: true,
  officerLeft: true,
  peerPinned: true,
  peerDocumentRenewed: true,
  keyCeremonyHeld: true,
  sealingKeyAnnounced: true,
  sealingKeyEnded: true,
  sealingRosterSet: true,
}

export function isAuthorityEvent(event: { readonly type: string }): event is AuthorityEvent {
  return Object.hasOwn(AUTHORITY_EVENTS, event.type) || isPeopleEvent(event)
}

export function foldAuthority(
  state: AuthorityState,
  { event, at, version }: Recorded<AuthorityEvent>,
): AuthorityState {
  switch (event.type) {
    case 'nodeDocumentPublished': {
      const documents = [...state.documents, event.document]
      const messageKeys = [...state.messageKeys, ...event.document.document.messageKeys]
      return { ...state, documents, messageKeys }
    }
    case 'officerEnrolled': {
      const { officer, publicKey, roles } = event
      const enrolment = { officer, publicKey, roles, enrolledAt: at, version, leftAt: null }
      return { ...state, enrolments: [...ended(state, officer, at), enrolment] }
    }
    case 'accountConfirmed':
    case 'officerRolesChanged': {
      const holding = state.enrolments.findLast(
        ({ officer, leftAt }) => officer === event.officer && leftAt === null,
      )
      if (!holding) return state
      const changed = { ...holding, roles: event.roles, enrolledAt: at, version }
      return { ...state, enrolments: [...ended(state, event.officer, at), changed] }
    }
    case 'officerLeft':
      return { ...state, enrolments: ended(state, event.officer, at) }
    case 'peerPinned':
    case 'peerDocumentRenewed': {
      const { node, document } = event
      const before = state.peers.find((peer) => peer.node === node)?.documents ?? []
      const others = state.peers.filter((peer) => peer.node !== node)
      return { ...state, peers: [...others, { node, documents: [...before, document] }] }
    }
    default:
      return state
  }
}

/** The enrolment that held for this officer at that case time; the newest, if two meet there. */
export function enrolmentOf(
  { enrolments }: AuthorityState,
  officer: string,
  at: Instant,
): Enrolment | undefined {
  return enrolments.findLast(
    (one) =>
      one.officer === officer && one.enrolledAt <= at && (one.leftAt === null || at <= one.leftAt),
  )
}

/** True if this id was ever an officer's: such an event is never the node's own. */
export function wasOfficer({ enrolments }: AuthorityState, id: string): boolean {
  return enrolments.some(({ officer }) => officer === id)
}

function ended({ enrolments }: AuthorityState, officer: string, at: Instant): Enrolment[] {
  return enrolments.map((one) =>
    one.officer === officer && one.leftAt === null ? { ...one, leftAt: at } : one,
  )
}
