/**
 * A draw that anybody can hold again: which places of a list are picked, given the
 * randomness of a public beacon that nobody knew when the list was fixed.
 *
 * Each place gets the hash of randomness and place; the lowest hashes are picked. No
 * place can be preferred by whoever writes the list, as its digest was logged before.
 */
import { concatBytes, toHex, utf8 } from '../base/bytes.ts'
import { canonicalBytes } from '../base/canonical-json.ts'
import { invariant } from '../base/errors.ts'
import type { Hashing } from './primitives.ts'

/** SHA-256 over the list as canonical JSON, lower-case hex. */
export function drawListDigest({ sha256 }: Hashing, list: readonly string[]): string {
  return toHex(sha256(concatBytes(utf8('comity/draw-list/v1\n'), canonicalBytes(list))))
}

/**
 * @param size how many to pick, at most `length`
 * @returns places from 0, in the order in which they are drawn
 */
export function drawnPlaces(
  { sha256 }: Hashing,
  randomness: Uint8Array,
  { listDigest, length, size }: { listDigest: string; length: number; size: number },
): readonly number[] {
  invariant(size >= 1 && size <= length, 'a draw picks from what is there')
  const seed = concatBytes(utf8(`comity/draw/v1\n${listDigest}\n`), randomness)
  const ticket = (place: number) => toHex(sha256(concatBytes(seed, utf8(`${place}`))))
  return Array.from({ length }, (_, place) => ({ place, ticket: ticket(place) }))
    .sort((a, b) => (a.ticket < b.ticket ? -1 : 1))
    .slice(0, size)
    .map(({ place }) => place)
}
