/**
 * A state machine as a table of transitions, after the Vultron protocol.
 *
 * A transition that is not in the table does not exist. Saying the same state
 * again is bookkeeping and no transition.
 */
export type Transition<State extends string, Trigger extends string> = {
  readonly trigger: Trigger
  readonly source: State
  readonly dest: State
}

export type Machine<State extends string, Trigger extends string> = readonly Transition<
  State,
  Trigger
>[]

/** Where `trigger` leads from `source`; undefined if the machine has no such transition. */
export function destination<State extends string, Trigger extends string>(
  machine: Machine<State, Trigger>,
  source: State,
  trigger: Trigger,
): State | undefined {
  return machine.find((row) => row.source === source && row.trigger === trigger)?.dest
}
