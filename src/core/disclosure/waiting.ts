/**
 * What waits for whom in a disclosure, and since when. Pure, from the state and the history
 * that made it. It is a reading for people: nothing is decided by it.
 */
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import { heldClaims } from './claims.ts'
import { type DisclosureState, isUnderEmbargo, type Participant } from './disclosure-state.ts'

export const WAITING = [
  'embargoEnd',
  'proposal',
  'embargoOver',
  'claim',
  'inviteAnew',
  'giveReport',
  'embargoAnswer',
  'noAnswer',
  'judgeReport',
  'acceptReport',
  'productStatus',
  'fix',
] as const
export type WaitingFor = (typeof WAITING)[number]

export type Waiting = {
  readonly what: WaitingFor
  /** Who has the next step. */
  readonly whom: string
  /** About which participant, where the lead waits to do something for it. */
  readonly about: string | null
  readonly since: Instant | null
  readonly dueAt: Instant | null
}

type Happened = Recorded<{ readonly type: string }>

/** Steps of the lead first, then of the participants in the order in which they joined. */
export function waitingIn(
  state: DisclosureState,
  lead: string,
  history: readonly Happened[],
  now: Instant,
): readonly Waiting[] {
  const active = state.participants.filter(
    ({ left, reportState }) => left === null && reportState !== 'closed',
  )
  return [
    ...ofCase(state, lead, history, now),
    ...active.flatMap((one) => ofLead(state, lead, one, history)),
    ...active.flatMap((one) => ofParticipant(state, one, history, now)),
  ]
}

function ofCase(
  state: DisclosureState,
  lead: string,
  history: readonly Happened[],
  now: Instant,
): readonly Waiting[] {
  const own = state.participants.find(({ id }) => id === lead)
  const isUndecided =
    state.embargoEnd === null && state.embargoRefusal === null && state.terms === null
  const items: Waiting[] = []
  const add = (what: WaitingFor, since: Instant | null, dueAt: Instant | null = null) =>
    items.push({ what, whom: lead, about: null, since, dueAt })
  if (own?.reportState === 'received' && isUndecided) add('embargoEnd', state.receivedAt)
  if (state.proposals.length > 0) {
    add(
      'proposal',
      lastAt(history, ({ event }) => isProposal(event)),
    )
  }
  const end = isUnderEmbargo(state) ? (state.terms?.until ?? null) : null
  if (end !== null && end <= now) add('embargoOver', end, end)
  const claims = heldClaims(state).map(
    ({ participant, at }): Waiting => ({
      ...{ what: 'claim', whom: lead, about: participant, since: at, dueAt: null },
    }),
  )
  return [...items, ...claims]
}

/** What the lead has to do before this participant can go on. */
function ofLead(
  state: DisclosureState,
  lead: string,
  { id, consent, consentAt, reportState, roles, consentedTo }: Participant,
  history: readonly Happened[],
): readonly Waiting[] {
  if (id === lead) return []
  const item = (what: WaitingFor, since: Instant | null): Waiting => ({
    ...{ what, whom: lead, about: id, since, dueAt: null },
  })
  const isFree = state.embargo === 'none' || state.embargo === 'exited'
  const isOffered = isUnderEmbargo(state) || state.embargo === 'proposed'
  if (consent === 'lapsed' && state.proposals.length > 0) return [item('inviteAnew', consentAt)]
  if (consent === 'noEmbargo' && isOffered) return [item('inviteAnew', joinedAt(history, id))]
  const mayHaveIt = isFree || consentedTo.length > 0
  const isAsked = roles.some((role) => WORKING.includes(role))
  return reportState === 'start' && mayHaveIt && isAsked
    ? [item('giveReport', consentAt ?? joinedAt(history, id))]
    : []
}

/** Roles that judge the report; a finder has done so, an observer only looks on. */
const WORKING: readonly string[] = ['vendor', 'deployer', 'coordinator']

function ofParticipant(
  state: DisclosureState,
  { id, roles, consent, consentAt, answerBy, reportState, vendorState, isTimedOut }: Participant,
  history: readonly Happened[],
  now: Instant,
): readonly Waiting[] {
  const item = (
    what: WaitingFor,
    since: Instant | null,
    dueAt: Instant | null = null,
  ): Waiting => ({
    ...{ what, whom: id, about: null, since, dueAt },
  })
  const items: Waiting[] = []
  if (consent === 'invited') {
    const isLate = answerBy !== null && answerBy <= now
    items.push(item(isLate ? 'noAnswer' : 'embargoAnswer', consentAt, answerBy))
  }
  if (consent === 'declined' && isTimedOut) items.push(item('noAnswer', consentAt))
  const stepAt = lastAt(history, ({ event }) => isOf(event, 'reportStateChanged', id))
  const isWorking = roles.some((role) => WORKING.includes(role))
  if (isWorking && reportState === 'received') items.push(item('judgeReport', stepAt))
  if (isWorking && reportState === 'valid') items.push(item('acceptReport', stepAt))
  if (!roles.includes('vendor') || vendorState === 'vfd') return items
  const said = state.products.filter(({ participant }) => participant === id)
  const awareAt = lastAt(history, ({ event }) => isOf(event, 'progressChanged', id))
  if (said.length === 0) items.push(item('productStatus', awareAt))
  const needsFix = said.length === 0 || said.some(({ status }) => status === 'affected')
  if (vendorState === 'Vfd' && reportState === 'accepted' && needsFix) {
    items.push(item('fix', stepAt))
  }
  return items
}

function lastAt(history: readonly Happened[], is: (one: Happened) => boolean): Instant | null {
  return history.findLast(is)?.at ?? null
}

function joinedAt(history: readonly Happened[], participant: string): Instant | null {
  return history.find(({ event }) => isOf(event, 'participantJoined', participant))?.at ?? null
}

function isOf(event: { readonly type: string }, type: string, participant: string): boolean {
  return event.type === type && (event as { participant?: string }).participant === participant
}

function isProposal(event: { readonly type: string }): boolean {
  return event.type === 'embargoChanged' && (event as { event?: string }).event === 'propose'
}
