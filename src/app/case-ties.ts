/** What lists across cases ask of one: who handled it, with whom, under what, what waits. */
import { isUuid } from '../base/ids.ts'
import type { CaseState } from '../core/case/case.ts'
import { isLedHere } from '../core/disclosure/lead.ts'
import { isMatch } from '../core/triage/matching.ts'
import type { Projection } from './ports/projection.ts'

type Tie = Projection['ties'][number]

/** Each tie once. */
export function caseTies(state: CaseState): readonly Tie[] {
  const { disclosure, releases, rights, handlers } = state
  const received = releases.received.map(({ from }) => from)
  const released = releases.permitted.map(({ recipient }) => recipient)
  const peers = [
    state.lead,
    ...disclosure.participants.map(({ id }) => id),
    ...received,
    ...released,
  ]
  const agreements = [...releases.permitted, ...releases.received].flatMap(({ agreement }) =>
    agreement ? [agreement.id] : [],
  )
  const reviewers = rights.reviews.flatMap(({ reviewer, outcome }) =>
    reviewer !== null && outcome === null ? [reviewer] : [],
  )
  // Whom a period was passed to sees it in the own work, like a handler.
  const deputies = state.desk.escalations.map(({ deputy }) => deputy)
  return [
    ...ties('handler', [...handlers, ...deputies].filter(isUuid)),
    ...ties('peer', peers),
    ...ties('agreement', agreements),
    ...ties('reviewer', reviewers),
    ...ties('awaits', awaited(state)),
    ...ties('holdReview', heldUntil(state)),
    ...ties('matchable', matchable(state)),
  ]
}

/** Peers for which identifiers of this case were approved. Whether they still are is asked when they are used. */
function matchable({ releases }: CaseState): string[] {
  return releases.permitted.filter(isMatch).map(({ recipient }) => recipient)
}

/** `day/id`, so that the words sort by day. */
function heldUntil({ evidence }: CaseState): string[] {
  return evidence.holds
    .filter(({ lifted }) => lifted === null)
    .map(({ reviewAt, holdId }) => `${reviewAt}/${holdId}`)
}

function awaited(state: CaseState): string[] {
  const { invitation, assistance, access, evidence, leadOffer } = state
  const isAsked = assistance.items.some(
    ({ side, answer }) => side === 'requested' && answer === null,
  )
  const waits = invitation && invitation.answer === null ? ['invitation'] : []
  // One that has expired stays listed: time passes without an event. Readers look at it.
  const isProposed = access.proposals.some(({ answer }) => answer === null)
  const isConsulted = evidence.consultations.some(({ answer }) => answer === null)
  return [
    ...waits,
    ...(isAsked ? ['assistance'] : []),
    ...(isConsulted ? ['consultation'] : []),
    // The authority that leads is the one that offered it.
    ...(leadOffer !== null && !isLedHere(state) ? ['lead'] : []),
    ...(isProposed ? ['proposal'] : []),
  ]
}

function ties(kind: Tie['kind'], values: readonly string[]): Tie[] {
  return [...new Set(values)].map((value) => ({ kind, value }))
}
