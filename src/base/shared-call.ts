/**
 * One question for many askers: whoever asks while a call runs shares the next one with all
 * others who wait. Nobody gets the answer of a call that began before they asked, so it is
 * never older than their question.
 */
export function sharedCall<T>(call: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  let next: Promise<T> | undefined
  const begin = (): Promise<T> => {
    next = undefined
    const mine = call().finally(() => {
      if (running === mine) running = undefined
    })
    running = mine
    return mine
  }
  return () => {
    if (running === undefined) return begin()
    // A call that failed tells its own askers.
    next ??= running.then(begin, begin)
    return next
  }
}

/** The same, apart for each key; nothing is kept of a key that nobody asks about. */
export function sharedCallBy<T>(call: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const asked = new Map<string, { readonly ask: () => Promise<T>; waiting: number }>()
  return async (key) => {
    const one = asked.get(key) ?? { ask: sharedCall(() => call(key)), waiting: 0 }
    asked.set(key, one)
    one.waiting += 1
    try {
      return await one.ask()
    } finally {
      one.waiting -= 1
      if (one.waiting === 0) asked.delete(key)
    }
  }
}
