/**
 * Changes of the ring: a successor, a revocation, an end. Nothing is destroyed that
 * may still be needed; what cannot be done safely is refused with what to do first.
 */
import { malformed } from '../../base/errors.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { FileStore } from './file-store.ts'
import {
  type AddedPurpose,
  currentKey,
  isKept,
  keysFor,
  messageKeyId,
  type Purpose,
  type Ring,
  type RingKey,
  writeRing,
} from './key-ring.ts'
import { type KeyPlace, makeKey, ringIn } from './open-keys.ts'

/** Longer than a reader may keep a node document. */
export const LEAD_MS = 8 * DAY_MS
export const OVERLAP_MS = 30 * DAY_MS
const VALID_MS = 400 * DAY_MS

export type KeyChange = { readonly ring: Ring; readonly changed: readonly RingKey[] }

/**
 * Makes the next key of a purpose. Both are published at once; others accept both
 * from `from` for 30 days more, and the node keeps an old identity 30 days longer.
 *
 * @throws ComityError `malformed`, with what to do instead
 */
export async function rotateKey(
  place: KeyPlace,
  purpose: Purpose,
  { now, from }: { readonly now: Instant; readonly from: Instant },
): Promise<KeyChange> {
  requireRotatable(purpose)
  const store = place.store(place.folder)
  try {
    const ring = await ringIn(place, store)
    const current = currentKey(ring, purpose, now)
    const [newest] = keysFor(ring, purpose)
    if (newest !== current) {
      throw malformed(`${purpose}-${newest?.generation} is already waiting to take over`, {
        reason: 'rotation-under-way',
      })
    }
    if (from < now) throw malformed('a key cannot begin in the past', { field: 'from' })
    const made = await makeKey(store, purpose, current.generation + 1)
    const next = { ...made, ...intervalOf(purpose, from) }
    const former = { ...current, ...endOf(purpose, from) }
    const keys = [...ring.keys.map((key) => (key === current ? former : key)), next]
    await writeRing(place.folder, { ...ring, keys })
    return { ring: { ...ring, keys }, changed: [former, next] }
  } finally {
    await store.close()
  }
}

/** Makes the first key of a purpose that the node has not yet. @throws ComityError `malformed` */
export async function addKey(place: KeyPlace, purpose: AddedPurpose): Promise<KeyChange> {
  const store = place.store(place.folder)
  try {
    const ring = await ringIn(place, store)
    if (keysFor(ring, purpose).length > 0) {
      throw malformed(`the node has a ${purpose} key already`, { reason: 'key-there' })
    }
    const made = await makeKey(store, purpose, 1)
    const keys = [...ring.keys, made]
    await writeRing(place.folder, { ...ring, keys })
    return { ring: { ...ring, keys }, changed: [made] }
  } finally {
    await store.close()
  }
}

/**
 * Says that a key no longer counts. The node must have another one that counts now:
 * a key that signs its own revocation would be believed by nobody, and rightly.
 */
export async function revokeKey(
  place: KeyPlace,
  name: string,
  given: {
    readonly now: Instant
    readonly at: Instant
    readonly reason: 'compromised' | 'lost' | 'superseded'
  },
): Promise<KeyChange> {
  const { now, at, reason } = given
  const store = place.store(place.folder)
  try {
    const ring = await ringIn(place, store)
    const found = ring.keys.find((key) => namesOf(ring, key).includes(name))
    if (!found || (found.purpose !== 'message' && found.purpose !== 'encryption')) {
      throw malformed('message and encryption keys are revoked by a notice; see comity keys list', {
        field: 'key',
        reason: 'no-such-key',
      })
    }
    if (found.revoked) throw malformed('it is revoked already', { reason: 'revoked-already' })
    if (at > now) throw malformed('a revocation cannot begin in the future', { field: 'at' })
    const revoked: RingKey = { ...found, revoked: { at, reason } }
    const keys = ring.keys.map((key) => (key === found ? revoked : key))
    requireAnother({ ...ring, keys }, found.purpose, now)
    await writeRing(place.folder, { ...ring, keys })
    return { ring: { ...ring, keys }, changed: [revoked] }
  } finally {
    await store.close()
  }
}

/**
 * Destroys what the node no longer keeps: identities past their date and, where the
 * caller has seen that nothing is under them any more, former column keys.
 */
export async function retireKeys(
  place: KeyPlace,
  { now, columnKeys }: { readonly now: Instant; readonly columnKeys: boolean },
): Promise<KeyChange> {
  const store = place.store(place.folder)
  try {
    const ring = await ringIn(place, store)
    const changed: RingKey[] = []
    const keys = ring.keys.map((key) => {
      const ends = key.purpose === 'column' && columnKeys && key !== currentKey(ring, 'column', now)
      const isPast = key.purpose === 'encryption' && !isKept(key, now)
      if (!(ends && isKept(key, now)) && !isPast) return key
      const ended = { ...key, opensUntil: key.opensUntil ?? now }
      changed.push(ended)
      return ended
    })
    if (changed.length > 0) await writeRing(place.folder, { ...ring, keys })
    // After the ring: a file without a place in it is litter, a place without its file is a loss.
    for (const { ref } of changed) await store.forget(ref)
    return { ring: { ...ring, keys }, changed }
  } finally {
    await store.close()
  }
}

/**
 * Moves keys from plain files to sealed ones of the same folder. The plain files go last;
 * a run that was cut short is refused by the next, with both still there.
 */
export async function sealKeys(
  place: KeyPlace,
  stores: { readonly plain: FileStore; readonly sealed: FileStore },
): Promise<KeyChange> {
  const { plain, sealed } = stores
  const ring = await ringIn(place, plain)
  if (ring.keys.some((key) => key.ref === sealed.refOf(key.purpose, key.generation))) {
    throw malformed('the keys are sealed already', { reason: 'sealed-already' })
  }
  const keys: RingKey[] = []
  for (const key of ring.keys) {
    const ref = sealed.refOf(key.purpose, key.generation)
    // What was retired has a place in the ring and no file any more.
    if (await plain.holds(key.ref)) await sealed.keepSecret(ref, await plain.openSecret(key.ref))
    keys.push({ ...key, ref })
  }
  await writeRing(place.folder, { ...ring, keys })
  for (const { ref } of ring.keys) await plain.forget(ref)
  return { ring: { ...ring, keys }, changed: keys }
}

function requireRotatable(purpose: Purpose): void {
  if (purpose !== 'log') return
  throw malformed(
    'a log is pinned by its key: a new key is a new log with a signed notice, see comity keys ceremony log',
    { field: 'purpose', reason: 'log-key' },
  )
}

function requireAnother(ring: Ring, purpose: Purpose, now: Instant): void {
  try {
    currentKey(ring, purpose, now)
  } catch {
    throw malformed(
      `there would be no ${purpose} key left that counts: first comity keys rotate ${purpose} --from now`,
      { reason: 'last-key' },
    )
  }
}

function intervalOf(purpose: Purpose, from: Instant) {
  if (purpose === 'column') return { validFrom: null, validUntil: null }
  return { validFrom: from, validUntil: addMs(from, VALID_MS) }
}

function endOf(purpose: Purpose, from: Instant): Partial<RingKey> {
  switch (purpose) {
    case 'encryption':
      return { validUntil: addMs(from, OVERLAP_MS), opensUntil: addMs(from, 2 * OVERLAP_MS) }
    case 'column':
      return {}
    // Nobody accepts two witnesses under one name: the successor begins where it ends.
    case 'witness':
    case 'witnessMlDsa44':
      return { validUntil: from }
    default:
      return { validUntil: addMs(from, OVERLAP_MS) }
  }
}

export function namesOf(ring: Ring, key: RingKey): readonly string[] {
  const short = `${key.purpose}-${key.generation}`
  if (key.purpose === 'message') return [short, messageKeyId(ring.node, key.generation)]
  return key.purpose === 'encryption' ? [short, key.public] : [short]
}
