/**
 * A second implementation of redactable values, straight from the text of
 * protocol/spec/redacted-record.md on node:crypto, to compare with.
 */
import { createHash, createHmac } from 'node:crypto'
import { canonicalText, type Json } from '../../src/base/canonical-json.ts'
import { segmentsOf } from '../../src/proof/text-segments.ts'
import { naiveLeaf, naiveRoot } from './merkle.ts'

const hmac = (key: Uint8Array, content: Json) =>
  new Uint8Array(createHmac('sha256', key).update(canonicalText(content)).digest())
const seedFor = (seed: Uint8Array, ...label: Json[]) => hmac(seed, ['seed', label])

/** What stands in the record for a part, in hex. */
export function naivePart(value: Json, seed: Uint8Array): string {
  return Buffer.from(joined('part', [naiveValue(value, seed)])).toString('hex')
}

function naiveValue(value: Json, seed: Uint8Array): Uint8Array {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0
  if (typeof value === 'string' && value !== '') {
    const segments = segmentsOf(value)
    return joined(
      'text',
      segments.map((text, i) => hmac(seedFor(seed, 'segment', i), ['segment', text])),
    )
  }
  if (value === null || typeof value !== 'object' || isEmpty) return hmac(seed, ['scalar', value])
  if (Array.isArray(value)) {
    return joined(
      'list',
      value.map((item: Json, i) => naiveValue(item, seedFor(seed, 'item', i))),
    )
  }
  const members = Object.entries(value).map(([name, item]) =>
    joined('member', [
      hmac(seedFor(seed, 'name', name), ['name', name]),
      naiveValue(item as Json, seedFor(seed, 'member', name)),
    ]),
  )
  return joined('object', members.sort(Buffer.compare))
}

function joined(kind: string, children: readonly Uint8Array[]): Uint8Array {
  const root = Buffer.from(naiveRoot(children.map(naiveLeaf))).toString('hex')
  const text = `comity-redactable-1/${kind}\n${root}`
  return new Uint8Array(createHash('sha256').update(text).digest())
}
