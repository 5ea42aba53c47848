/**
 * How much one peer may ask at once, so that no peer holds the connections of the others.
 * Counted for peers whose signature was verified, in this process; what is more is answered
 * with 429 and comes again. One transaction is in flight a direction, so a second one at a
 * time is a repetition whose first answer was lost.
 */
export type Turns = {
  /** Ends the turn; `undefined`: there are too many of this peer under way. */
  take(peer: string, kind: 'transaction' | 'other'): (() => void) | undefined
}

const AT_ONCE_MAX = { transaction: 2, other: 8 } as const

export function peerTurns(): Turns {
  const underWay = new Map<string, number>()
  return {
    take(peer, kind) {
      const key = `${kind} ${peer}`
      const count = underWay.get(key) ?? 0
      if (count >= AT_ONCE_MAX[kind]) return undefined
      underWay.set(key, count + 1)
      return () => {
        const left = (underWay.get(key) ?? 1) - 1
        if (left > 0) underWay.set(key, left)
        else underWay.delete(key)
      }
    },
  }
}
