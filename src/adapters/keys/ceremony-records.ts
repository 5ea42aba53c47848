/**
 * Records of key ceremonies, one file each in the key folder: public parts only. The
 * next start puts them into the authority stream, and so into the log.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBase64, toHex, utf8 } from '../../base/bytes.ts'
import { canonicalBytes, parseJson } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { instant } from '../../base/time.ts'
import type { KeyCeremonyEvent } from '../../core/authority/key-ceremony.ts'
import { nodePrimitives } from '../node-primitives.ts'
import type { RingKey } from './key-ring.ts'
import { readPrivate, syncFolder, writePrivate } from './private-files.ts'

const FILE = /^ceremony-[0-9TZ.-]+\.json$/
const FUNCTION = /^[A-Za-z][A-Za-z .-]{1,59}$/

export async function recordCeremony(folder: string, held: KeyCeremonyEvent): Promise<string> {
  const file = join(folder, `ceremony-${held.heldAt.replaceAll(':', '-')}.json`)
  await writePrivate(file, canonicalBytes(held))
  await syncFolder(folder)
  return file
}

/** Oldest first. @throws ComityError `malformed` */
export async function readCeremonies(folder: string): Promise<readonly KeyCeremonyEvent[]> {
  const names = (await readdir(folder)).filter((name) => FILE.test(name)).sort()
  const held: KeyCeremonyEvent[] = []
  for (const name of names) held.push(parseCeremony(await readPrivate(join(folder, name)), name))
  return held
}

function parseCeremony(bytes: Uint8Array, name: string): KeyCeremonyEvent {
  const value = parseJson(bytes) as unknown as KeyCeremonyEvent
  const isOne =
    value.type === 'keyCeremonyHeld' && Array.isArray(value.present) && Array.isArray(value.keys)
  if (!isOne) throw malformed(`${name} is no record of a ceremony`, { reason: 'ceremony' })
  requirePresent(value.present)
  instant(value.heldAt)
  return value
}

/** @throws ComityError `malformed` unless two different functions are named */
export function requirePresent(present: readonly string[]): void {
  const known = new Set(present.map((each) => each.toLowerCase()))
  if (present.length === 2 && known.size === 2 && present.every((each) => FUNCTION.test(each)))
    return
  throw malformed(
    'two people are there: name the function of each, e.g. administrator and oversight',
    {
      field: 'present',
      reason: 'two-people',
    },
  )
}

export function ceremonyKey(key: RingKey): KeyCeremonyEvent['keys'][number] {
  return { key: `${key.purpose}-${key.generation}`, fingerprint: fingerprintOf(key) }
}

/** What the two people read aloud to each other. */
export function fingerprintOf(key: RingKey): string {
  if (key.purpose === 'column') return key.public
  const bytes = key.purpose === 'encryption' ? utf8(key.public) : fromBase64(key.public, key.ref)
  return toHex(nodePrimitives.sha256(bytes))
}
