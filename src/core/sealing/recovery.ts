/**
 * Recovery of an escrow key by M of N named people. Every step is an event; the key
 * itself comes together only in the requester's browser, so nothing here ever sees it.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import type { EscrowMade, EscrowShare, RecoveryRequested, SealingWorkEvent } from './events.ts'
import { keyOf, type SealingKeys } from './sealing-keys.ts'

const THRESHOLD_MIN = 2
export const SHARES_MAX = 16
const REQUEST_MS = 3 * DAY_MS
const GROUND_MIN = 20

export type GivenShare = { readonly index: number; readonly sealed: string | null }

export type RecoveryRequest = RecoveryRequested & {
  readonly by: string
  /** Case time. */
  readonly at: Instant
  readonly given: readonly GivenShare[]
  readonly state: 'open' | 'ready' | 'completed' | 'cancelled' | 'expired'
}

export type Recovery = {
  readonly sets: readonly EscrowMade[]
  readonly requests: readonly RecoveryRequest[]
}

export function foldRecovery(
  history: readonly Recorded<SealingWorkEvent>[],
  now: Instant,
): Recovery {
  const sets = history.flatMap(({ event }) => (event.type === 'escrowMade' ? [event] : []))
  const requests = history.flatMap(({ event, by, at }) =>
    event.type === 'recoveryRequested' ? [requestOf({ ...event, by, at }, sets, history, now)] : [],
  )
  return { sets, requests }
}

function requestOf(
  request: RecoveryRequested & Pick<RecoveryRequest, 'by' | 'at'>,
  sets: readonly EscrowMade[],
  history: readonly Recorded<SealingWorkEvent>[],
  now: Instant,
): RecoveryRequest {
  const own = history
    .map(({ event }) => event)
    .filter((event) => 'requestId' in event && event.requestId === request.requestId)
  const given = own.flatMap((event) =>
    event.type === 'recoveryShareGiven' ? [{ index: event.index, sealed: event.sealed }] : [],
  )
  const set = sets.find(({ setId }) => setId === request.setId)
  const has = (type: SealingWorkEvent['type']) => own.some((event) => event.type === type)
  const state = has('recoveryCompleted')
    ? 'completed'
    : has('recoveryCancelled')
      ? 'cancelled'
      : now >= request.until
        ? 'expired'
        : given.length >= (set?.threshold ?? Number.POSITIVE_INFINITY)
          ? 'ready'
          : 'open'
  return { ...request, given, state }
}

/** Checks what an officer's browser, or the command line, made. */
export function makeEscrow(
  state: Recovery,
  made: Omit<EscrowMade, 'type'>,
  officers: readonly string[],
): Decision<readonly SealingWorkEvent[], 'escrowFaulty' | 'escrowKnown'> {
  const { setId, recipient, threshold, shares } = made
  if (state.sets.some((set) => set.setId === setId || set.recipient === recipient)) {
    const text = 'this set of shares is recorded already'
    return refuse('escrowKnown', { rule: 'escrow:once', text })
  }
  const faulty = (rule: string, text: string) =>
    refuse('escrowFaulty', { rule: `escrow:${rule}`, text })
  if (threshold < THRESHOLD_MIN || threshold > shares.length) {
    return faulty('threshold', 'at least two shares are needed, and at most all of them')
  }
  if (shares.length > SHARES_MAX) return faulty('size', `there are at most ${SHARES_MAX} shares`)
  if (shares.some(({ index }, at) => index !== at + 1)) {
    return faulty('numbers', 'shares are numbered from 1 without a gap')
  }
  if (new Set(shares.map(({ digest }) => digest)).size < shares.length) {
    return faulty('repeated', 'two shares are the same')
  }
  const holders = shares.map(({ holder }) => holderText(holder))
  if (new Set(holders).size < holders.length) {
    return faulty('holders', 'nobody holds two shares')
  }
  if (shares.some(({ holder }) => 'officer' in holder && !officers.includes(holder.officer))) {
    return faulty('officer', 'a share is for somebody who is no officer of this authority')
  }
  if (shares.some(({ holder, sealed }) => 'person' in holder && sealed !== null)) {
    return faulty('person', 'a share of a person outside is printed, not sealed')
  }
  return permit([{ type: 'escrowMade', setId, recipient, threshold, shares }])
}

const holderText = (holder: EscrowShare['holder']) =>
  'officer' in holder ? `officer ${holder.officer}` : `person ${holder.person.trim().toLowerCase()}`

export type RequestRecovery = {
  readonly requestId: string
  readonly setId: string
  readonly ground: string
  readonly now: Instant
}

export function requestRecovery(
  state: Recovery,
  keys: SealingKeys,
  { requestId, setId, ground, now }: RequestRecovery,
  { officer }: Pick<Acting, 'officer'>,
): Decision<readonly SealingWorkEvent[], 'unknownSet' | 'noGround' | 'noKey' | 'requestOpen'> {
  if (!state.sets.some((set) => set.setId === setId)) {
    return refuse('unknownSet', { rule: 'recovery:set', text: 'there is no such set of shares' })
  }
  if (ground.trim().length < GROUND_MIN) {
    const text = 'the ground says in a sentence why the key is needed'
    return refuse('noGround', { rule: 'recovery:ground', text })
  }
  if (state.requests.some((one) => one.setId === setId && isLive(one))) {
    const text = 'a request for this set is open'
    return refuse('requestOpen', { rule: 'recovery:one-request', text })
  }
  const key = keyOf(keys, officer)
  if (!key) {
    const text = 'the holders seal their shares to your key: make one first'
    return refuse('noKey', { rule: 'recovery:own-key', text })
  }
  const { recipient } = key
  const until = addMs(now, REQUEST_MS)
  return permit([{ type: 'recoveryRequested', requestId, setId, ground, recipient, until }])
}

type RequestWhy =
  | 'unknownRequest'
  | 'requestOver'
  | 'notHolder'
  | 'shareGiven'
  | 'tooFewShares'
  | 'notRequester'

export type GiveShare = { readonly requestId: string } & GivenShare

/**
 * A holder gives the own share, sealed to the requester. A share of a person outside is
 * typed at the requester's desk: the requester records it, with nothing in it.
 */
export function giveShare(
  state: Recovery,
  { requestId, index, sealed }: GiveShare,
  { officer }: Pick<Acting, 'officer'>,
): Decision<readonly SealingWorkEvent[], RequestWhy> {
  const found = liveRequest(state, requestId)
  if (found.decision === 'refuse') return found
  const { request, set } = found.value
  const share = set.shares.find((one) => one.index === index)
  const isOwn = share && 'officer' in share.holder && share.holder.officer === officer
  const isAtDesk = share && 'person' in share.holder && request.by === officer && sealed === null
  if (!isAtDesk && !(isOwn && sealed !== null)) {
    const text = 'only whoever holds a share gives it'
    return refuse('notHolder', { rule: 'recovery:holder', text })
  }
  if (request.given.some((one) => one.index === index)) {
    const text = `share ${index} was given already`
    return refuse('shareGiven', { rule: 'recovery:share-once', text })
  }
  return permit([{ type: 'recoveryShareGiven', requestId, index, sealed }])
}

export function cancelRecovery(
  state: Recovery,
  command: {
    readonly requestId: string
    readonly reason: string
    /** By the rules of access: whose request it is does not matter then. */
    readonly mayCancelAny: boolean
  },
  { officer }: Pick<Acting, 'officer'>,
): Decision<readonly SealingWorkEvent[], RequestWhy> {
  const { requestId, reason, mayCancelAny } = command
  const found = liveRequest(state, requestId)
  if (found.decision === 'refuse') return found
  const { request, set } = found.value
  const isHolder = set.shares.some(
    ({ holder }) => 'officer' in holder && holder.officer === officer,
  )
  if (!isHolder && request.by !== officer && !mayCancelAny) {
    const text = 'a holder of a share, the requester or oversight cancels a request'
    return refuse('notHolder', { rule: 'recovery:cancel', text })
  }
  return permit([{ type: 'recoveryCancelled', requestId, reason }])
}

export function completeRecovery(
  state: Recovery,
  requestId: string,
  { officer }: Pick<Acting, 'officer'>,
): Decision<readonly SealingWorkEvent[], RequestWhy> {
  const found = liveRequest(state, requestId)
  if (found.decision === 'refuse') return found
  const { request, set } = found.value
  if (request.by !== officer) {
    const text = 'only whoever asked for the key puts it together'
    return refuse('notRequester', { rule: 'recovery:requester', text })
  }
  if (request.given.length < set.threshold) {
    const text = `${request.given.length} of ${set.threshold} shares were given`
    return refuse('tooFewShares', { rule: 'recovery:threshold', text })
  }
  return permit([{ type: 'recoveryCompleted', requestId }])
}

type Live = { readonly request: RecoveryRequest; readonly set: EscrowMade }

function liveRequest(
  { requests, sets }: Recovery,
  requestId: string,
): Decision<Live, 'unknownRequest' | 'requestOver'> {
  const request = requests.find((one) => one.requestId === requestId)
  const set = sets.find(({ setId }) => setId === request?.setId)
  if (!request || !set) {
    return refuse('unknownRequest', { rule: 'recovery:request', text: 'there is no such request' })
  }
  return isLive(request) ? permit({ request, set }) : over(request.state)
}

const isLive = ({ state }: RecoveryRequest) => state === 'open' || state === 'ready'

function over(state: RecoveryRequest['state']): Refusal<'requestOver'> {
  return refuse('requestOver', { rule: `recovery:${state}`, text: `the request is ${state}` })
}
