/**
 * Whose sealing key is which, and the roster that reports are sealed to.
 *
 * The history is kept: a report sealed to an old roster can still be opened by those
 * who stood in it, until it is sealed again. Which key an officer really holds cannot
 * be known here; a second person compares the fingerprint.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import type { IntakeLayer, KeyKeeping, SealingKeyEvent, SealingRoster } from './events.ts'

export type SealingKey = {
  readonly officer: string
  readonly recipient: string
  readonly kept: KeyKeeping
  /** Why it is not used any more; null while it is. */
  readonly ended: 'lost' | 'replaced' | 'left' | null
}

export type RosterVersion = {
  readonly entries: SealingRoster
  readonly digest: string
  /** Version of the event in the authority stream. */
  readonly version: number
  readonly at: Instant
}

export type SealingKeys = {
  readonly keys: readonly SealingKey[]
  /** The last one holds. */
  readonly rosters: readonly RosterVersion[]
}

export const noSealingKeys: SealingKeys = { keys: [], rosters: [] }

export function foldSealingKeys(
  state: SealingKeys,
  { event, version, at }: Recorded<SealingKeyEvent>,
): SealingKeys {
  switch (event.type) {
    case 'sealingKeyAnnounced': {
      const { officer, recipient, kept } = event
      const before = endedFor(state.keys, officer, 'replaced')
      return { ...state, keys: [...before, { officer, recipient, kept, ended: null }] }
    }
    case 'sealingKeyEnded':
      return { ...state, keys: endedFor(state.keys, event.officer, event.why) }
    case 'sealingRosterSet': {
      const { entries, digest } = event
      return { ...state, rosters: [...state.rosters, { entries, digest, version, at }] }
    }
    default:
      return state
  }
}

/** The key that an officer uses now. */
export function keyOf({ keys }: SealingKeys, officer: string): SealingKey | undefined {
  return keys.find((key) => key.officer === officer && key.ended === null)
}

export function currentRoster({ rosters }: SealingKeys): RosterVersion | undefined {
  return rosters.at(-1)
}

export function recipientsOf(entries: SealingRoster, layer: IntakeLayer): string[] {
  return entries.filter((entry) => entry.layer === layer).map(({ recipient }) => recipient)
}

/** Officers whose keys an older roster names and the current one does not: they can still open. */
export function formerHolders(state: SealingKeys, digest: string): readonly string[] {
  const now = currentRoster(state)?.entries.map(({ recipient }) => recipient) ?? []
  const old = state.rosters.find((roster) => roster.digest === digest)?.entries ?? []
  return old.flatMap(({ holder, recipient }) =>
    'officer' in holder && !now.includes(recipient) ? [holder.officer] : [],
  )
}

export type AnnounceKey = { readonly recipient: string; readonly kept: KeyKeeping }

/** An officer states the public part of an own key. It is used once a roster names it. */
export function announceKey(
  state: SealingKeys,
  { recipient, kept }: AnnounceKey,
  { officer }: Pick<Acting, 'officer'>,
): Decision<readonly SealingKeyEvent[], 'keyKnown'> {
  if (state.keys.some((key) => key.recipient === recipient)) {
    const text = 'this key was announced before; a key that was ended is not used again'
    return refuse('keyKnown', { rule: 'sealing:key-once', text })
  }
  return permit([{ type: 'sealingKeyAnnounced', officer, recipient, kept }])
}

/** The key is lost, or its holder leaves. Reports that only it opened stay shut. */
export function endKey(
  state: SealingKeys,
  officer: string,
  why: 'lost' | 'left',
): Decision<readonly SealingKeyEvent[], 'noKey'> {
  const key = keyOf(state, officer)
  if (!key) return refuse('noKey', { rule: 'sealing:key', text: 'there is no key to end' })
  return permit([{ type: 'sealingKeyEnded', officer, recipient: key.recipient, why }])
}

function endedFor(
  keys: readonly SealingKey[],
  officer: string,
  why: NonNullable<SealingKey['ended']>,
): SealingKey[] {
  return keys.map((key) =>
    key.officer === officer && key.ended === null ? { ...key, ended: why } : key,
  )
}
