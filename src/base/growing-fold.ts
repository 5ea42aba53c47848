/**
 * The fold of a history that only grows at its end: what was folded before is not folded
 * again. Remembered for as long as the very array lives, and for another one only if that
 * was said to begin with it.
 */
export function growingFold<State, Entry>(
  step: (state: State, entry: Entry) => State,
  start: State,
): (history: readonly Entry[]) => State {
  const known = new WeakMap<
    readonly Entry[],
    { readonly length: number; readonly last: Entry | undefined; readonly state: State }
  >()
  continued.push((history, past) => {
    const before = known.get(past as readonly Entry[])
    if (before) known.set(history as readonly Entry[], before)
  })
  return (history) => {
    const before = known.get(history)
    const goesOn = before !== undefined && history[before.length - 1] === before.last
    let state = goesOn ? before.state : start
    for (let at = goesOn ? before.length : 0; at < history.length; at += 1) {
      state = step(state, history[at] as Entry)
    }
    known.set(history, { length: history.length, last: history.at(-1), state })
    return state
  }
}

const continued: ((history: readonly unknown[], past: readonly unknown[]) => void)[] = []

/** A longer history, of which each fold goes on from what it knows of the shorter one. */
export function grown<Entry>(past: readonly Entry[], more: readonly Entry[]): readonly Entry[] {
  const history = [...past, ...more]
  for (const goOn of continued) goOn(history, past)
  return history
}
