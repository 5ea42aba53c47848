/** What the node does by the clock: intake batches, tidying the exchange, comparing its heads. */
import type { Kernel } from '../app/kernel.ts'
import { HOUR_MS, MINUTE_MS, utcDateOf } from '../base/time.ts'
import type { Exchange } from './exchange.ts'
import { reportFault } from './report.ts'

export const RECONCILE_MS = 10 * MINUTE_MS

export type Job = {
  readonly name: string
  readonly intervalMs: number
  readonly run: () => Promise<void>
  /** Of a job that begins more than it waits for: when all of it is over. */
  readonly ended?: () => Promise<void>
}

export function startJobs(
  kernel: Kernel,
  exchange: Exchange,
  more: readonly Job[],
): { stop(): Promise<void> } {
  const timers = [
    atBeat(kernel.intake.batchIntervalMs, 'intake-batch', () => kernel.filings.closeBatch()),
    every(HOUR_MS, 'drafts-expire', () =>
      kernel.filings.deleteOldDrafts(utcDateOf(kernel.clocks.wireNow())),
    ),
    every(HOUR_MS, 'exchange-tidy', () => exchange.inbox().tidy()),
    every(RECONCILE_MS, 'exchange-reconcile', () => exchange.reconcile()),
    ...more.map(({ name, intervalMs, run }) => every(intervalMs, name, run)),
  ]
  return {
    async stop() {
      await Promise.all(timers.map((stop) => stop()))
      await Promise.all(more.map(({ ended }) => ended?.()))
    },
  }
}

/**
 * Runs again only after the last run ended; a failure is reported and tried again.
 * What comes back ends it, after a run that is under way.
 */
function every(intervalMs: number, name: string, job: () => Promise<void>): () => Promise<void> {
  return again(() => intervalMs, name, job)
}

/**
 * In the middle of each interval of the world's time: neither how long a run took nor when the
 * node was started moves the next one.
 */
function atBeat(intervalMs: number, name: string, job: () => Promise<void>): () => Promise<void> {
  return again(() => msToBeat(Date.now(), intervalMs), name, job)
}

/** At least 1: a timer that fires a little early does not run twice in one interval. */
export function msToBeat(nowMs: number, intervalMs: number): number {
  const half = Math.floor(intervalMs / 2)
  const sinceBeat = (nowMs + intervalMs - half) % intervalMs
  return intervalMs - sinceBeat
}

function again(waitMs: () => number, name: string, job: () => Promise<void>): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  let isStopped = false
  const run = async () => {
    try {
      await job()
    } catch (error) {
      reportFault('job-failed', error, { job: name })
    }
    if (!isStopped) plan()
  }
  const plan = () => {
    timer = setTimeout(() => {
      running = run()
    }, waitMs())
  }
  plan()
  return () => {
    isStopped = true
    clearTimeout(timer)
    return running
  }
}
