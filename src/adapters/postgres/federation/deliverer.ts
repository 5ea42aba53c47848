/**
 * The deliverer: for each peer a loop that delivers what is waiting, in order,
 * and waits with growing pauses while the peer is down. Nothing is lost when the
 * process ends: all that counts is in the database.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { ComityError } from '../../../base/errors.ts'
import { type DeliveryDeps, type DeliveryOutcome, deliverOnce } from './delivery.ts'
import { deliverInFlow, type FlowOptions } from './flow.ts'
import { breakLeases, dropLeases } from './lease.ts'

export type DelivererDeps = DeliveryDeps & {
  /** Faults that are nobody's message: shown to operators, never to peers. */
  readonly report: (error: unknown) => void
  /** How often the database is looked at without having been woken. */
  readonly pollMs?: number
  readonly backOff?: BackOff
}

export type BackOff = { readonly firstMs: number; readonly capMs: number }

export type Deliverer = {
  start(): void
  /** Ends what is in the air, gives the leases back. */
  stop(): Promise<void>
  /** Something was queued for this peer, or for any of them: deliver it now. */
  wake(destination?: string): void
  /** An operator has removed what had stopped the channel. */
  resume(destination: string): Promise<void>
  /** One step, for tests and simulations. */
  deliverOnce(destination: string): Promise<DeliveryOutcome>
}

const DEFAULT_BACK_OFF: BackOff = { firstMs: 250, capMs: 30_000 }
const ALARM_AFTER_ATTEMPTS = 8

type Loop = { wake(): void; readonly done: Promise<void> }

export function createDeliverer(deps: DelivererDeps): Deliverer {
  const loops = new Map<string, Loop>()
  const ending = new AbortController()
  let watching: Promise<void> | undefined

  const wake = (destination?: string) => {
    if (watching === undefined || ending.signal.aborted) return
    if (destination === undefined) for (const loop of loops.values()) loop.wake()
    else ensureLoop(destination).wake()
  }
  const ensureLoop = (destination: string): Loop => {
    const loop = loops.get(destination) ?? startLoop(deps, destination, ending.signal)
    loops.set(destination, loop)
    return loop
  }
  return {
    wake,
    start() {
      watching ??= watchPeers(deps, ensureLoop, ending.signal)
    },
    async stop() {
      ending.abort()
      await Promise.all([watching, ...[...loops.values()].map(({ done }) => done)])
      await dropLeases(deps.db, deps.holder)
    },
    async resume(destination) {
      await deps.db
        .updateTable('fed_out_channel')
        .set({ stopped_reason: null })
        .where('destination', '=', destination)
        .execute()
      wake(destination)
    },
    deliverOnce: (destination) => deliverOnce(deps, destination),
  }
}

/** A peer that was pinned while we run gets its loop at the next look. */
async function watchPeers(
  deps: DelivererDeps,
  ensureLoop: (destination: string) => Loop,
  signal: AbortSignal,
): Promise<void> {
  let hasTakenOver = false
  while (!signal.aborted) {
    try {
      if (!hasTakenOver) await breakLeases(deps.db)
      hasTakenOver = true
      for (const { node } of await deps.peers.peers()) ensureLoop(node)
    } catch (error) {
      deps.report(error)
    }
    await pause(deps.pollMs ?? 2_000, signal)
  }
}

function startLoop(deps: DelivererDeps, destination: string, ending: AbortSignal): Loop {
  let bell = new AbortController()
  const run = async () => {
    let attempts = 0
    const onDelivered = () => {
      attempts = 0
    }
    while (!ending.aborted) {
      bell = new AbortController()
      const outcome = await attempt(deps, destination, { signal: ending, onDelivered })
      attempts = outcome.kind === 'later' ? attempts + 1 : 0
      if (outcome.kind === 'later' && attempts === ALARM_AFTER_ATTEMPTS) {
        deps.alarm({ kind: 'peer-unreachable', peer: destination, attempts })
      }
      const pauseMs = pauseAfter(deps, outcome, attempts)
      // While a peer is down a new message is no reason to knock again at once.
      const isAwakenable = outcome.kind === 'idle' || outcome.kind === 'stopped'
      await pause(pauseMs, isAwakenable ? AbortSignal.any([ending, bell.signal]) : ending)
    }
  }
  return { wake: () => bell.abort(), done: run() }
}

async function attempt(
  deps: DelivererDeps,
  destination: string,
  options: FlowOptions,
): Promise<DeliveryOutcome> {
  try {
    return await deliverInFlow(deps, destination, options)
  } catch (error) {
    const isOutage = error instanceof ComityError && error.code === 'unavailable'
    if (!isOutage && !options.signal.aborted) deps.report(error)
    return { kind: 'later', afterMs: 0, reason: isOutage ? 'unreachable' : 'fault' }
  }
}

function pauseAfter(deps: DelivererDeps, outcome: DeliveryOutcome, attempts: number): number {
  if (outcome.kind === 'delivered' || outcome.kind === 'rewound') return 0
  const pollMs = deps.pollMs ?? 2_000
  if (outcome.kind !== 'later') return pollMs
  const { firstMs, capMs } = deps.backOff ?? DEFAULT_BACK_OFF
  const fullMs = Math.min(capMs, firstMs * 2 ** Math.min(attempts - 1, 30))
  // Half fixed, half random: peers that fell together do not knock together.
  const [byte = 0] = deps.random.bytes(1)
  return Math.max(outcome.afterMs, fullMs / 2 + (fullMs / 2) * (byte / 255))
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return
  await wait(ms, undefined, { signal }).catch(() => {})
}
