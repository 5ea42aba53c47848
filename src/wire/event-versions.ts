/**
 * Versions of events. What was signed and committed to stays as it was written; what
 * is folded is the same event in today's form, by the steps in the table below.
 *
 * An event of the first version carries no mark. Later ones are stored with a member
 * `eventVersion`, which nothing inside `core` ever sees. A step must be total: it gets
 * whatever a node has signed, and it may add and rename, but never decide.
 */
import { malformed } from '../base/errors.ts'
import { firstRevisionOf } from './advisory-versions.ts'

type AnyEvent = { readonly type: string }
type OldEvent = AnyEvent & { readonly [member: string]: unknown }

/** From one version to the next. */
export type Upcaster = (old: OldEvent) => OldEvent

/** By type: the first step takes version 1 to 2, and so on. */
export type Upcasters = ReadonlyMap<string, readonly Upcaster[]>

export const UPCASTERS: Upcasters = new Map<string, readonly Upcaster[]>([
  // Version 2 says in whose place. Before, that was not recorded.
  ['rosterProposed', [(old) => ({ inPlaceOf: null, ...old })]],
  // Version 2 says which clocks the officer leaves out. Before, nobody could.
  ['lawPackSignedOff', [(old) => ({ excepted: [], ...old })]],
  // Version 2 says which version of the advisory it is. Before, there was one.
  ['advisoryPublished', [(old) => ({ revision: firstRevisionOf(old['document']), ...old })]],
])

/** As it is written: with its version, where that is not the first. */
export function versionedEvent(event: AnyEvent, upcasters: Upcasters = UPCASTERS): AnyEvent {
  const steps = upcasters.get(event.type) ?? []
  if (steps.length === 0) return event
  const versioned: OldEvent = { ...event, eventVersion: steps.length + 1 }
  return versioned
}

/**
 * As it is folded.
 *
 * @throws ComityError `malformed` if the version is none, or newer than this software
 */
export function todaysEvent(stored: AnyEvent, upcasters: Upcasters = UPCASTERS): AnyEvent {
  const steps = upcasters.get(stored.type) ?? []
  const { eventVersion, ...event } = stored as OldEvent
  if (eventVersion === undefined && steps.length === 0) return stored
  const version = versionOf(eventVersion)
  if (version > steps.length + 1) {
    const text = `version ${version} of ${stored.type} is newer than this Comity: use a later one`
    throw malformed(text, { field: 'eventVersion', reason: 'newer-event' })
  }
  return steps.slice(version - 1).reduce((old, step) => step(old), event as OldEvent)
}

function versionOf(stored: unknown): number {
  if (stored === undefined) return 1
  if (Number.isSafeInteger(stored) && (stored as number) > 1) return stored as number
  throw malformed('an event has a version that is none', { field: 'eventVersion' })
}
