/**
 * Who is let into a case, in the case's own history: its classification, the officers
 * who are assigned, the people who were admitted, and for what it may be used. Events,
 * state and fold.
 *
 * A person appears as the id of an account and nothing else. A case that holds none
 * of these events is open, is nobody's in particular, and may be used for everything.
 */
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import type { OrderForAccess } from '../evidence/protective-orders.ts'
import {
  type DocumentEvent,
  foldDocuments,
  isDocumentEvent,
  type SharedDocument,
} from './documents.ts'
import { foldGuests, type Guest, type GuestEvent, isGuestEvent } from './guests.ts'
import { foldProposals, isProposalEvent, type Proposal, type ProposalEvent } from './proposal.ts'
import type { AdmittedRole, Classification, Purpose, SharedPart } from './rules.ts'

export type CaseAccessEvent =
  | {
      readonly type: 'caseClassified'
      readonly classification: Classification
      readonly reason: string
    }
  | { readonly type: 'officerAssigned'; readonly officer: string; readonly reason: string }
  | OfficerBarred
  | { readonly type: 'officerBarLifted'; readonly officer: string; readonly reason: string }
  | { readonly type: 'officerUnassigned'; readonly officer: string; readonly reason: string }
  | ({ readonly type: 'personAdmitted'; readonly reason: string } & Admission)
  | GuestEvent
  | DocumentEvent
  | {
      /** Somebody with an account looked at what is shared, as `guestViewed` says of a guest. */
      readonly type: 'sharedViewed'
      readonly person: string
      readonly capacity: AdmittedRole
      readonly sees: readonly SharedPart[]
      /** Id of the document that was taken away; absent: the page. */
      readonly documentId?: string
    }
  | { readonly type: 'personRemoved'; readonly person: string; readonly reason: string }
  | {
      readonly type: 'purposesDeclared'
      readonly purposes: readonly Purpose[]
      /** As law packs name them. Empty: the legal order does not matter. */
      readonly legalOrders: readonly string[]
      readonly reason: string
    }
  | ProposalEvent

/** Whom the reporter named, or whom somebody keeps out: no role and no tie opens the case to it. */
export type OfficerBarred = {
  readonly type: 'officerBarred'
  readonly officer: string
  readonly ground: 'namedByReporter' | 'other'
  readonly reason: string
}

/** A person from outside, or an auditor, with what it may see and until when. */
export type Admission = {
  readonly person: string
  readonly capacity: AdmittedRole
  readonly sees: readonly SharedPart[]
  /** The legal order from which the person comes, as law packs name it. */
  readonly legalOrder: string
  readonly until: Instant
  /** The participant of the disclosure in whose name the person speaks; absent: nobody's. */
  readonly speaksFor?: string
}

/** `documentId`: of what was taken away; null: the page. */
export type Look = { readonly at: Instant; readonly documentId: string | null }

export type CaseAccessState = {
  readonly classification: Classification
  readonly assigned: readonly string[]
  /** Absent: nobody is kept out. */
  readonly barred?: readonly string[]
  readonly admitted: readonly Admission[]
  /** Everybody who was ever let in by a link and a code, and when they looked. */
  readonly guests: readonly Guest[]
  /** Which single documents are shared with whom; an admission that ends takes its own along. */
  readonly documents: readonly SharedDocument[]
  /** When people with an account looked, the last times. */
  readonly views: readonly { readonly person: string; readonly looks: readonly Look[] }[]
  /** Null: never declared, so none is excluded. */
  readonly purposes: readonly Purpose[] | null
  readonly legalOrders: readonly string[]
  readonly proposals: readonly Proposal[]
}

export const openAccess: CaseAccessState = {
  classification: 'open',
  assigned: [],
  admitted: [],
  guests: [],
  documents: [],
  views: [],
  purposes: null,
  legalOrders: [],
  proposals: [],
}

/** A case as far as access looks at it. */
export type CaseForAccess = Omit<
  CaseAccessState,
  'proposals' | 'guests' | 'documents' | 'views'
> & {
  readonly caseId: string
  /** Names of the operator and of the companies that the report names, for conflicts of interest. */
  readonly operators: readonly string[]
  /** Node ids of the authorities that take part. */
  readonly authorities: readonly string[]
  /** To whom a review in this case was assigned. */
  readonly reviewers: readonly string[]
  /** Protective orders not lifted; absent only in rows of lists, which open no exhibit. */
  readonly orders?: readonly OrderForAccess[]
}

const CASE_ACCESS_EVENTS: ReadonlySet<string> = new Set([
  'caseClassified',
  'officerAssigned',
  'officerUnassigned',
  'officerBarred',
  'officerBarLifted',
  'personAdmitted',
  'personRemoved',
  'purposesDeclared',
  'sharedViewed',
])

export function isCaseAccessEvent(event: { readonly type: string }): event is CaseAccessEvent {
  if (CASE_ACCESS_EVENTS.has(event.type)) return true
  return isGuestEvent(event) || isProposalEvent(event) || isDocumentEvent(event)
}

export function foldCaseAccess(
  state: CaseAccessState,
  recorded: Recorded<CaseAccessEvent>,
): CaseAccessState {
  const { event } = recorded
  if (isProposalEvent(event)) {
    return { ...state, proposals: foldProposals(state.proposals, { ...recorded, event }) }
  }
  if (isGuestEvent(event)) {
    return withGuest(state, { ...recorded, event })
  }
  if (isDocumentEvent(event)) {
    return { ...state, documents: foldDocuments(state.documents, event) }
  }
  switch (event.type) {
    case 'caseClassified':
      return classified(state, event.classification)
    case 'officerAssigned':
      return { ...state, assigned: [...without(state.assigned, event.officer), event.officer] }
    case 'officerBarred': {
      const { officer } = event
      const barred = [...without(state.barred ?? [], officer), officer]
      return { ...state, barred, assigned: without(state.assigned, officer) }
    }
    case 'officerBarLifted':
      return { ...state, barred: without(state.barred ?? [], event.officer) }
    case 'officerUnassigned':
      return { ...state, assigned: without(state.assigned, event.officer) }
    case 'personAdmitted': {
      const { type: _, reason: __, ...admission } = event
      const others = state.admitted.filter(({ person }) => person !== admission.person)
      return { ...state, admitted: [...others, admission] }
    }
    case 'personRemoved': {
      const isOther = ({ person }: { readonly person: string }) => person !== event.person
      const { admitted, documents } = state
      return { ...state, admitted: admitted.filter(isOther), documents: documents.filter(isOther) }
    }
    case 'sharedViewed':
      return {
        ...state,
        views: withLook(state.views, event.person, {
          at: recorded.at,
          documentId: event.documentId ?? null,
        }),
      }
    case 'purposesDeclared':
      return { ...state, purposes: event.purposes, legalOrders: event.legalOrders }
    default:
      return state
  }
}

function withGuest(state: CaseAccessState, recorded: Recorded<GuestEvent>): CaseAccessState {
  const { event } = recorded
  const guests = foldGuests(state.guests, recorded)
  if (event.type === 'guestViewed') return { ...state, guests }
  const { person, sees, legalOrder, until, speaksFor } = event
  const admission: Admission = {
    ...{ person, sees, legalOrder, until, capacity: 'guest' },
    ...(speaksFor === undefined ? {} : { speaksFor }),
  }
  return { ...state, guests, admitted: [...state.admitted, admission] }
}

/** One person's word let a guest in; into a confidential case that is not enough. */
function classified(state: CaseAccessState, classification: Classification): CaseAccessState {
  if (classification !== 'confidential') return { ...state, classification }
  const guests = new Set(state.guests.map(({ person }) => person))
  const isNoGuest = ({ person }: { readonly person: string }) => !guests.has(person)
  const admitted = state.admitted.filter(isNoGuest)
  return { ...state, classification, admitted, documents: state.documents.filter(isNoGuest) }
}

/** As many as the state keeps of each person; the history keeps all. */
const VIEWS_KEPT = 100

function withLook(views: CaseAccessState['views'], person: string, look: Look) {
  const before = views.find((one) => one.person === person)?.looks ?? []
  const others = views.filter((one) => one.person !== person)
  return [...others, { person, looks: [...before, look].slice(-VIEWS_KEPT) }]
}

const without = (ids: readonly string[], id: string) => ids.filter((one) => one !== id)
