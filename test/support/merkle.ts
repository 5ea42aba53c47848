/**
 * A second, naive implementation of the Merkle tree (RFC 9162, section 2.1),
 * straight from the text on createHash, to compare with; and small helpers for
 * tests of proofs.
 */
import { createHash } from 'node:crypto'
import { utf8 } from '../../src/base/bytes.ts'
import { ComityError, type ErrorCode } from '../../src/base/errors.ts'

export function naiveLeaf(entry: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update('\u0000').update(entry).digest())
}

export function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  return naiveRoots(leaves)(0, leaves.length)
}

/** The root over the leaves `start` to `end - 1`; remembers what it has computed. */
export function naiveRoots(leaves: readonly Uint8Array[]) {
  const known = new Map<string, Uint8Array>()
  const rootOf = (start: number, end: number): Uint8Array => {
    const root = known.get(`${start}-${end}`) ?? compute(start, end)
    known.set(`${start}-${end}`, root)
    return root
  }
  const compute = (start: number, end: number): Uint8Array => {
    if (start === end) return new Uint8Array(createHash('sha256').digest())
    if (end - start === 1) return leaves[start] as Uint8Array
    const middle = start + 2 ** (Math.ceil(Math.log2(end - start)) - 1)
    const hash = createHash('sha256').update('\u0001')
    return new Uint8Array(hash.update(rootOf(start, middle)).update(rootOf(middle, end)).digest())
  }
  return rootOf
}

/** Leaf hashes of the entries "0", "1", "2", … */
export function numberedLeaves(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => naiveLeaf(utf8(String(i))))
}

/** For assert.throws: an error of ours with this code, and reason if given. */
export function comityError(code?: ErrorCode, reason?: string) {
  return (error: unknown): boolean =>
    error instanceof ComityError &&
    (code === undefined || error.code === code) &&
    (reason === undefined || error.reason === reason)
}

/** The bytes with one bit turned. */
export function flipped(bytes: Uint8Array, index: number, bit = 0): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes)
  copy[index] = (copy[index] ?? 0) ^ (1 << bit)
  return copy
}
