/**
 * The parts of the rights in a case that have files of their own: consents, authorisations,
 * remedies, letters with affected persons, and what the other side claims, offers and
 * appeals. Joined here, so that the fold of the area reads like a list.
 */
import type { Recorded } from '../case/recorded.ts'
import type { AppealPeriod } from './appeal-period.ts'
import {
  type Appeal,
  type Commitment,
  foldOtherSide,
  isOtherSideEvent,
  OTHER_SIDE_EVENTS,
  type OtherSideEvent,
} from './appeals.ts'
import {
  AUTHORISATION_EVENTS,
  type Authorisation,
  type AuthorisationEvent,
  foldAuthorisations,
  isAuthorisationEvent,
} from './authorisations.ts'
import { CLAIM_EVENTS, type Claim, type ClaimEvent, foldClaims, isClaimEvent } from './claims.ts'
import {
  CONSENT_EVENTS,
  type Consent,
  type ConsentEvent,
  foldConsents,
  isConsentEvent,
} from './consents.ts'
import {
  CORRESPONDENCE_EVENTS,
  type CorrespondenceEvent,
  foldCorrespondence,
  isCorrespondence,
  type PersonMessage,
} from './correspondence.ts'
import {
  foldRemedies,
  isRemedyEvent,
  REMEDY_EVENTS,
  type Remedy,
  type RemedyEvent,
} from './remedies.ts'

export type PartEvent =
  | ConsentEvent
  | AuthorisationEvent
  | RemedyEvent
  | CorrespondenceEvent
  | ClaimEvent
  | OtherSideEvent

export type RightsParts = {
  readonly consents: readonly Consent[]
  readonly authorisations: readonly Authorisation[]
  readonly remedies: readonly Remedy[]
  readonly messages: readonly PersonMessage[]
  readonly claims: readonly Claim[]
  readonly commitments: readonly Commitment[]
  readonly appeals: readonly Appeal[]
  readonly appealPeriods: readonly AppealPeriod[]
}

export const noParts: RightsParts = {
  consents: [],
  authorisations: [],
  remedies: [],
  messages: [],
  claims: [],
  commitments: [],
  appeals: [],
  appealPeriods: [],
}

export const PART_EVENTS: Readonly<Record<PartEvent['type'], true>> = {
  ...CONSENT_EVENTS,
  ...AUTHORISATION_EVENTS,
  ...REMEDY_EVENTS,
  ...CORRESPONDENCE_EVENTS,
  ...CLAIM_EVENTS,
  ...OTHER_SIDE_EVENTS,
}

export function isPartEvent(event: { readonly type: string }): event is PartEvent {
  return Object.hasOwn(PART_EVENTS, event.type)
}

export function foldPart<State extends RightsParts>(
  state: State,
  { event, at }: Pick<Recorded<PartEvent>, 'event' | 'at'>,
): State {
  if (isConsentEvent(event)) {
    return { ...state, consents: foldConsents(state.consents, { event, at }) }
  }
  if (isAuthorisationEvent(event)) {
    return { ...state, authorisations: foldAuthorisations(state.authorisations, { event, at }) }
  }
  if (isRemedyEvent(event)) {
    return { ...state, remedies: foldRemedies(state.remedies, { event, at }) }
  }
  if (isCorrespondence(event)) {
    return { ...state, messages: foldCorrespondence(state.messages, { event, at }) }
  }
  if (isClaimEvent(event)) return { ...state, claims: foldClaims(state.claims, { event, at }) }
  return isOtherSideEvent(event) ? foldOtherSide(state, { event, at }) : state
}
