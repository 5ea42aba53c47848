/**
 * When the log is told that something waits: soon after a single act, so that its receipt is
 * sealed at once; once a second while acts keep coming, because each round costs flushes of
 * the disk and a request to every witness.
 */
export type LogWaker = {
  wake(): void
  stop(): void
}

const SOON_MS = 100
const BUSY_MS = 1000
const BUSY_PER_SECOND = 30

export function logWaker(
  flush: () => void,
  { now, setTimer, clearTimer }: LogWakerClock = real,
): LogWaker {
  let timer: unknown
  let calls = 0
  let flushedAt = Number.NEGATIVE_INFINITY
  let pauseMs = SOON_MS

  const run = () => {
    timer = undefined
    // Of the time since the last round: a burst after a quiet hour is no load.
    const seconds = (now() - flushedAt) / 1000
    pauseMs = calls > BUSY_PER_SECOND * seconds ? BUSY_MS : SOON_MS
    flushedAt = now()
    calls = 0
    flush()
  }
  return {
    wake() {
      calls += 1
      timer ??= setTimer(run, pauseMs)
    },
    stop: () => clearTimer(timer),
  }
}

export type LogWakerClock = {
  now(): number
  setTimer(run: () => void, ms: number): unknown
  clearTimer(timer: unknown): void
}

const real: LogWakerClock = {
  now: () => performance.now(),
  setTimer: (run, ms) => setTimeout(run, ms).unref(),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
}
