/**
 * Entry bundles (C2SP tlog-tiles): up to 256 entries, each after its length in
 * two bytes, big-endian.
 */
import { concatBytes } from '../base/bytes.ts'
import { invariant, malformed } from '../base/errors.ts'

const ENTRY_SIZE_MAX = 65_535

export function formatEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...entries.flatMap((entry) => [lengthOf(entry), entry]))
}

/** @throws ComityError `malformed` if the bytes are not exactly `count` entries. */
export function parseEntryBundle(bytes: Uint8Array, count: number): Uint8Array[] {
  const entries: Uint8Array[] = []
  let offset = 0
  while (offset < bytes.length) {
    const [high, low] = bytes.subarray(offset, offset + 2)
    const end = offset + 2 + (high ?? 0) * 256 + (low ?? 0)
    if (low === undefined || end > bytes.length)
      throw malformed('bundle is cut', { field: 'bundle' })
    entries.push(bytes.subarray(offset + 2, end))
    offset = end
  }
  if (entries.length !== count) throw malformed('bundle has a wrong count', { field: 'bundle' })
  return entries
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  invariant(length <= ENTRY_SIZE_MAX, 'an entry has at most 65,535 bytes')
  return Uint8Array.of(Math.floor(length / 256), length % 256)
}
