/**
 * Turns for worker processes: so many run at once on this machine, a few more wait, and
 * whoever comes when the queue is full, or has waited too long, is told to try again.
 *
 * It bounds memory and processes, not what one worker does in its turn. Whoever holds a
 * turn and waits for another of the same turns can be refused; nobody waits for ever.
 */
import { unavailable } from '../base/errors.ts'
import { SECOND_MS } from '../base/time.ts'

export type WorkerTurns = {
  /**
   * Gives the turn back by calling what it returns; calling it again changes nothing.
   * @throws ComityError `unavailable` with reason `busy`
   */
  take(): Promise<() => void>
}

export type TurnLimits = {
  readonly atOnce: number
  readonly waiting: number
  readonly waitMs: number
}

/** Work with a time limit of its own: a page that is drawn, a record that is redacted. */
export const SHORT_TURNS: TurnLimits = { atOnce: 4, waiting: 24, waitMs: 30 * SECOND_MS }
/** Streams last as long as whoever reads or sends them; they hold up nobody else's pages. */
export const STREAM_TURNS: TurnLimits = { atOnce: 6, waiting: 12, waitMs: 20 * SECOND_MS }

export function workerTurns({ atOnce, waiting, waitMs }: TurnLimits): WorkerTurns {
  const queue: (() => void)[] = []
  let running = 0

  function begun(): () => void {
    running += 1
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      running -= 1
      queue.shift()?.()
    }
  }

  return {
    take() {
      if (running < atOnce) return Promise.resolve(begun())
      if (queue.length >= waiting) return Promise.reject(busy())
      return new Promise((resolve, reject) => {
        const enter = () => {
          clearTimeout(alarm)
          resolve(begun())
        }
        const alarm = setTimeout(() => {
          queue.splice(queue.indexOf(enter), 1)
          reject(busy())
        }, waitMs)
        queue.push(enter)
      })
    },
  }
}

const busy = () =>
  unavailable('too many exhibits are in work at this moment; try again shortly', { reason: 'busy' })

/** Of this process: a node has one, whichever of its doors asks. */
export const shortTurns = workerTurns(SHORT_TURNS)
export const streamTurns = workerTurns(STREAM_TURNS)
