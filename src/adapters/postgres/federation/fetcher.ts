/**
 * The way in of a node that cannot be called: it asks each peer every few seconds
 * what waits, takes it as if it had been pushed, and brings the receipts back.
 *
 * One that dies in between loses nothing: the peer gives the same transaction again,
 * and the inbox the same receipts, without a second effect.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { ComityError } from '../../../base/errors.ts'
import type { ExchangePeer } from '../../../wire/exchange/node-document.ts'
import { idOf, positionOfChannel, type ReconcileDeps } from './channels.ts'
import { problemCode } from './peer-answer.ts'

export type FetcherDeps = ReconcileDeps & {
  readonly pollMs: number
  readonly report: (error: unknown) => void
}

export type FetchOutcome =
  | { readonly kind: 'fetched' }
  | { readonly kind: 'idle' }
  /** The peer does not answer, or answers nothing that counts. */
  | { readonly kind: 'later'; readonly reason: string }
  /** It will not go on by itself. */
  | { readonly kind: 'stopped'; readonly reason: string }

export type Fetcher = {
  start(): void
  stop(): Promise<void>
  /** One step, for tests and simulations. */
  fetchOnce(peer: string): Promise<FetchOutcome>
}

const ALARM_AFTER_ATTEMPTS = 8
/** While a peer is down it is asked ever more rarely, at last every eighth time. */
const SKIPPED_MAX = 7

type Course = { failures: number; skip: number; alarmed?: string | undefined }

export function createFetcher(deps: FetcherDeps): Fetcher {
  const ending = new AbortController()
  const underWay = new Map<string, Promise<void>>()
  const courses = new Map<string, Course>()
  let polling: Promise<void> | undefined

  const look = async () => {
    for (const peer of await deps.peers.peers()) {
      // Two nodes that cannot be called have no way to each other.
      if (peer.outboundOnly || underWay.has(peer.node)) continue
      const course = courses.get(peer.node) ?? { failures: 0, skip: 0 }
      courses.set(peer.node, course)
      if (course.skip-- > 0) continue
      const drained = drain(deps, peer, course, ending.signal).catch(deps.report)
      underWay.set(
        peer.node,
        drained.finally(() => underWay.delete(peer.node)),
      )
    }
  }
  const poll = async () => {
    while (!ending.signal.aborted) {
      await look().catch(deps.report)
      await wait(deps.pollMs, undefined, { signal: ending.signal }).catch(() => {})
    }
  }
  return {
    start() {
      polling ??= poll()
    },
    async stop() {
      ending.abort()
      await polling
      await Promise.all(underWay.values())
    },
    async fetchOnce(node) {
      const peer = await deps.peers.peer(node)
      if (peer === undefined) return { kind: 'stopped', reason: 'peer-unknown' }
      return fetchOnce(deps, peer)
    },
  }
}

async function drain(
  deps: FetcherDeps,
  peer: ExchangePeer,
  course: Course,
  ending: AbortSignal,
): Promise<void> {
  let outcome: FetchOutcome
  do outcome = await attempt(deps, peer, ending)
  while (outcome.kind === 'fetched' && !ending.aborted)
  if (ending.aborted) return
  course.failures = outcome.kind === 'later' ? course.failures + 1 : 0
  course.skip = Math.min(SKIPPED_MAX, Math.max(0, 2 ** Math.min(course.failures, 8) / 2 - 1))
  if (course.failures === ALARM_AFTER_ATTEMPTS) {
    deps.alarm({ kind: 'peer-unreachable', peer: peer.node, attempts: course.failures })
  }
  const reason = outcome.kind === 'stopped' ? outcome.reason : undefined
  if (reason !== undefined && reason !== course.alarmed) {
    deps.alarm({ kind: 'fetch-stopped', peer: peer.node, reason })
  }
  if (outcome.kind !== 'later') course.alarmed = reason
}

async function attempt(
  deps: FetcherDeps,
  peer: ExchangePeer,
  signal: AbortSignal,
): Promise<FetchOutcome> {
  try {
    return await fetchOnce(deps, peer, signal)
  } catch (error) {
    const isOutage = error instanceof ComityError && error.code === 'unavailable'
    if (!isOutage && !signal.aborted) deps.report(error)
    return { kind: 'later', reason: isOutage ? 'unreachable' : 'fault' }
  }
}

/** @throws ComityError `unavailable` if peer or database cannot be reached */
async function fetchOnce(
  deps: FetcherDeps,
  peer: ExchangePeer,
  signal?: AbortSignal,
): Promise<FetchOutcome> {
  const { epoch, seq, link } = await positionOfChannel(deps, peer.node, peer.node)
  const place = `epoch=${epoch}&seq=${seq + 1}&link=${link}`
  const path = `/federation/v1/channels/${peer.node}/${deps.node}/next?${place}`
  const answer = await deps.call(peer, { method: 'GET', path }, signal)
  if (answer.isVerified && answer.response.status === 404) return { kind: 'idle' }
  const failed = failureOf(answer)
  if (failed !== undefined) return failed
  const taken = await take(deps, peer, new Uint8Array(answer.response.body))
  return 'kind' in taken ? taken : bringReceipts(deps, peer, taken, signal)
}

type Taken = { readonly id: string; readonly receipts: Uint8Array }

async function take(
  { inbox }: FetcherDeps,
  { node }: ExchangePeer,
  body: Uint8Array,
): Promise<Taken | FetchOutcome> {
  try {
    const id = idOf(body)
    const answer = await inbox.receive({ origin: node, id, body })
    if (answer.kind === 'receipts') return { id, receipts: answer.body }
    return { kind: 'stopped', reason: answer.kind === 'conflict' ? answer.code : answer.kind }
  } catch (error) {
    if (!(error instanceof ComityError) || error.code === 'unavailable') throw error
    return { kind: 'stopped', reason: error.reason ?? error.code }
  }
}

async function bringReceipts(
  deps: FetcherDeps,
  peer: ExchangePeer,
  { id, receipts }: Taken,
  signal?: AbortSignal,
): Promise<FetchOutcome> {
  const path = `/federation/v1/transactions/${id}/receipts`
  const answer = await deps.call(peer, { method: 'PUT', path, body: receipts }, signal)
  // It has them already, from an attempt whose answer was lost.
  if (answer.isVerified && answer.response.status === 404) return { kind: 'fetched' }
  return failureOf(answer) ?? { kind: 'fetched' }
}

function failureOf({
  response,
  isVerified,
}: Awaited<ReturnType<FetcherDeps['call']>>): FetchOutcome | undefined {
  const { status } = response
  if (!isVerified) return { kind: 'later', reason: `http-${status}-unsigned` }
  if (status === 200) return undefined
  if (status === 429 || status >= 500) return { kind: 'later', reason: `http-${status}` }
  return { kind: 'stopped', reason: problemCode(response) ?? `http-${status}` }
}
