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
