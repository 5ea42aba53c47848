import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { comityError } from '../../test/support/merkle.ts'
import { naivePart } from '../../test/support/naive-tree.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { toBase64, toHex } from '../base/bytes.ts'
import type { Json } from '../base/canonical-json.ts'
import { hiddenParts, hiddenPlaces } from './hidden-places.ts'
import { type HideTarget, hideInTree, openedLevel } from './hide-in-tree.ts'
import { hashOfPart, newBudget, TREE_LEAVES_MAX } from './redactable-tree.ts'
import {
  hideInRecord,
  type RedactedPart,
  redactRecord,
  rootFromRedactedRecord,
  treeRecord,
  verifyRedactedRecord,
} from './redacted-record.ts'
import { segmentsAround, segmentsOf } from './text-segments.ts'
import { hashFromCopy, type MemberCopy, type SegmentCopy, type TreeCopy } from './tree-copy.ts'

const why = { ground: 'thirdPerson', reason: 'names a bystander' }
const seedOf = (n: number) => new Uint8Array(32).fill(n)
const report = {
  speaker: 'user',
  person: { name: 'Ines Invented', age: 34 },
  text: 'Please call Ines Invented tomorrow.',
  tags: ['a', 'b', 'c'],
  none: null,
  empty: [],
}
const sealed = treeRecord([report, 'a second part'], [seedOf(1), seedOf(2)])
const root = rootFromRedactedRecord(nodePrimitives, sealed)
const verify = (parts: readonly RedactedPart[]) =>
  verifyRedactedRecord(nodePrimitives, { parts }, root)
const hide = (...targets: Omit<HideTarget, 'ground' | 'reason'>[]) =>
  hideInRecord(
    nodePrimitives,
    sealed,
    targets.map((target) => ({ part: 0, inside: { ...target, ...why } })),
  )

// Segments

test('texts are cut after white space and into short pieces', () => {
  const table: [string, string[]][] = [
    ['', []],
    ['one', ['one']],
    ['one two', ['one ', 'two']],
    ['one \n\t two', ['one \n\t ', 'two']],
    [' one', [' ', 'one']],
    ['internationalisation', ['internationalisa', 'tion']],
    ['漢字仮名交', ['漢字仮名', '交']],
    ['a漢字仮名', ['a漢字仮名']],
    ['\u3000漢', ['\u3000', '漢']],
    ['😀😀😀😀😀', ['😀😀😀😀', '😀']],
  ]
  for (const [text, segments] of table) assert.deepEqual(segmentsOf(text), segments, text)
})

test('segments are the text, and each is one segment by itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const segments = segmentsOf(text)
      assert.equal(segments.join(''), text)
      for (const segment of segments) assert.deepEqual(segmentsOf(segment), [segment])
    }),
  )
})

test('a stretch is rounded outwards to whole segments', () => {
  const segments = segmentsOf('call Ines Invented now')
  const table: [number, number, object | undefined][] = [
    [5, 18, { from: 1, to: 3 }],
    [6, 7, { from: 1, to: 2 }],
    [4, 5, { from: 0, to: 1 }],
    [4, 6, { from: 0, to: 2 }],
    [0, 22, { from: 0, to: 4 }],
    [7, 7, undefined],
    [22, 30, undefined],
  ]
  for (const [start, end, span] of table) {
    assert.deepEqual(segmentsAround(segments, start, end), span, `${start}-${end}`)
  }
})

// What verifies

test('the root is the one that another implementation computes', () => {
  const table: Json[] = [
    report,
    'text of words',
    '',
    [],
    {},
    null,
    0,
    -1.5,
    true,
    [[['x']]],
    { a: {} },
  ]
  for (const [index, value] of table.entries()) {
    const node = hashFromCopy(nodePrimitives, { value, seed: toBase64(seedOf(index)) }, newBudget())
    const found = toHex(hashOfPart(nodePrimitives, node))
    assert.equal(found, naivePart(value, seedOf(index)), JSON.stringify(value))
  }
})

test('any set of hidden places verifies, twice in a row too, and is not in the copy', () => {
  const targets: HideTarget[] = placesOf(report).map((path) => ({ path, ...why }))
  fc.assert(
    fc.property(fc.subarray(targets), fc.subarray(targets), fc.boolean(), (a, b, withName) => {
      const parts = (list: HideTarget[]) =>
        list.map((inside) => ({ part: 0, inside: { ...inside, withName } }))
      const once = hideInRecord(nodePrimitives, sealed, parts(a))
      verify(JSON.parse(JSON.stringify(once)).parts)
      // What the first copy no longer shows cannot be named again.
      const left = b.filter(({ path }) => !a.some((it) => isPrefix(it.path, path)))
      verify(hideInRecord(nodePrimitives, once, parts(left)).parts)
    }),
    { numRuns: 150 },
  )
})

test('a copy keeps neither the hidden words, nor their name, nor a seed that leads to them', () => {
  const copy = hide(
    { path: ['person'], withName: true },
    { path: ['text'], span: { from: 2, to: 4 } },
    { path: ['tags', 1] },
  )
  const text = JSON.stringify(copy)
  for (const hidden of ['Ines', 'Invented', 'person', '"b"', '"age"']) {
    assert(!text.includes(hidden), hidden)
  }
  assert(!text.includes(toBase64(seedOf(1))))
  assert(text.includes('Please ') && text.includes('tomorrow.') && text.includes('"c"'))
  verify(copy.parts)
  // Members stand in the order of their hashes, which the test does not foresee.
  const places = hiddenPlaces(copy).map(({ part, at: place }) => `${part}${place}`)
  assert.deepEqual(places.map((place) => place.replace(/members\/\d/, 'members/n')).sort(), [
    '0/members/n',
    '0/members/n/node/list/1',
    '0/members/n/node/text/2',
  ])
})

test('a part left out as a whole looks the same, flat or tree', () => {
  const flat = redactRecord(nodePrimitives, [report], [seedOf(1)], () => false)
  const tree = hideInRecord(nodePrimitives, treeRecord([report], [seedOf(1)]), [{ part: 0 }])
  assert.deepEqual(Object.keys(flat.parts[0] ?? {}), Object.keys(tree.parts[0] ?? {}))
  assert.notDeepEqual(flat, tree)
  assert.deepEqual(hiddenParts(tree), [0])
  verify(hideInRecord(nodePrimitives, sealed, [{ part: 1 }]).parts)
})

test('a flat part that spells out a tree is another part', () => {
  const node = { value: 5, seed: toBase64(seedOf(3)) }
  const tree = rootFromRedactedRecord(nodePrimitives, { parts: [{ tree: node }] })
  const flat = redactRecord(nodePrimitives, [['scalar', 5]], [seedOf(3)])
  assert.notDeepEqual(rootFromRedactedRecord(nodePrimitives, flat), tree)
})

// What does not

test('any change of a copy is seen', () => {
  const copy = hide({ path: ['text'], span: { from: 1, to: 3 } }, { path: ['tags', 0] })
  const other = hide({ path: ['person', 'age'] })
  const places = leavesOf(copy as unknown as Json)
  const values = [...new Set(leavesOf(other as unknown as Json).map(({ value }) => value))]
  const isFree = (path: readonly string[]) => ['ground', 'reason'].includes(path.at(-1) ?? '')
  fc.assert(
    fc.property(
      fc.constantFrom(...places.filter(({ path }) => !isFree(path))),
      fc.constantFrom<Json>(...values, 'x', '', 0, null, toBase64(seedOf(9))),
      ({ path, value }, changed) => {
        fc.pre(changed !== value)
        const forged = replaced(copy as unknown as Json, path, changed) as { parts: RedactedPart[] }
        assert.throws(() => verify(forged.parts), /.*/, `${path.join('/')} ${String(changed)}`)
      },
    ),
    { numRuns: 400 },
  )
})

const copy = hide(
  { path: ['tags', 0] },
  { path: ['none'], withName: true },
  { path: ['text'], span: { from: 1, to: 2 } },
)
const tree = (copy.parts[0] as { tree: { members: MemberCopy[] } }).tree
const at = (name: string) => tree.members.findIndex((it) => 'name' in it && it.name === name)
const named = (name: string) => tree.members[at(name)] as { name: string; node: TreeCopy }
const withTree = (changed: TreeCopy) => [{ tree: changed }, copy.parts[1] as RedactedPart]
const withNode = (name: string, node: TreeCopy) =>
  withTree({ members: tree.members.with(at(name), { ...named(name), node } as MemberCopy) })
const tags = (named('tags').node as { list: TreeCopy[] }).list
const text = (named('text').node as { text: SegmentCopy[] }).text
const hiddenOne = tags[0] as TreeCopy
const [m0, m1] = tree.members as [MemberCopy, MemberCopy]

const FORGED: Record<string, readonly RedactedPart[]> = {
  'a member dropped': withTree({ members: tree.members.slice(1) }),
  'a member added': withTree({ members: [...tree.members, m0] }),
  'a member moved': withTree({ members: tree.members.with(0, m1).with(1, m0) }),
  'a hidden member added': withTree({ members: [...tree.members, hiddenOne as MemberCopy] }),
  'a name that stands twice': withTree({ members: [...tree.members, named('text') as MemberCopy] }),
  'names of two members swapped': withTree({
    members: tree.members
      .with(at('text'), { ...named('text'), name: 'speaker' } as MemberCopy)
      .with(at('speaker'), { ...named('speaker'), name: 'text' } as MemberCopy),
  }),
  'an item dropped': withNode('tags', { list: tags.slice(1) }),
  'an item added': withNode('tags', { list: [...tags, hiddenOne] }),
  'items in another order': withNode('tags', { list: tags.toReversed() }),
  'seeds of two items swapped': withNode('tags', {
    list: [
      hiddenOne,
      { value: 'b', seed: (tags[2] as { seed: string }).seed },
      { value: 'c', seed: (tags[1] as { seed: string }).seed },
    ],
  }),
  'a segment dropped': withNode('text', { text: text.slice(0, -1) }),
  'a hidden segment dropped': withNode('text', { text: text.filter((it) => 'shown' in it) }),
  'a hidden segment added': withNode('text', {
    text: text.map((it) => ('shown' in it ? it : { ...it, hidden: [...it.hidden, ...it.hidden] })),
  }),
  'a list shown as an object': withTree({ list: [tree as TreeCopy] }),
  'a hidden item shown as an empty list': withNode('tags', {
    list: tags.with(0, { value: [], seed: toBase64(seedOf(0)) }),
  }),
  'the part shown as flat': [
    { part: report, salt: toBase64(seedOf(1)) },
    copy.parts[1] as RedactedPart,
  ],
  'the parts swapped': copy.parts.toReversed(),
  'nothing in a list': withNode('tags', { list: [] }),
  'two segments in one': withNode('text', {
    text: [{ shown: 'Please call ', seed: (text[0] as { seed: string }).seed }, ...text.slice(2)],
  }),
  'hidden without a reason': withNode('tags', {
    list: tags.with(0, { ...hiddenOne, reason: ' ' } as TreeCopy),
  }),
  'hidden without a ground': withNode('tags', {
    list: tags.with(0, { ...hiddenOne, ground: '' } as TreeCopy),
  }),
  'shown and hidden at once': withNode('tags', {
    list: tags.with(0, { ...hiddenOne, ...tags[1] } as TreeCopy),
  }),
  'a member that nobody knows': withNode('tags', {
    list: tags.with(0, { ...hiddenOne, note: 'x' } as unknown as TreeCopy),
  }),
}

verify(copy.parts)
for (const [name, parts] of Object.entries(FORGED)) {
  test(`refused: ${name}`, () => {
    assert.throws(() => verify(parts), { name: 'ComityError' })
  })
}

test('a place that the copy does not show cannot be hidden', () => {
  const targets: Omit<HideTarget, 'ground' | 'reason'>[] = [
    { path: ['nobody'] },
    { path: ['tags', 3] },
    { path: ['tags', 'length'] },
    { path: ['person', 'name', 0] },
    { path: ['none', 'x'] },
    { path: ['toString'] },
    { path: ['text'], span: { from: 0, to: 99 } },
    { path: ['text'], span: { from: 2, to: 2 } },
    { path: ['tags'], span: { from: 0, to: 1 } },
  ]
  for (const target of targets) {
    assert.throws(() => hide(target), comityError('malformed'), JSON.stringify(target))
  }
  assert.throws(() => hideInRecord(nodePrimitives, sealed, [{ part: 7 }]), comityError('malformed'))
  const flat = redactRecord(nodePrimitives, [report], [seedOf(1)])
  assert.throws(
    () => hideInRecord(nodePrimitives, flat, [{ part: 0, inside: { path: ['text'], ...why } }]),
    comityError('malformed'),
  )
})

test('a copy that is too large or too deep is refused before it costs much', () => {
  const wide = Array.from({ length: TREE_LEAVES_MAX + 1 }, () => 0)
  const deep = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`)
  const nested = Array.from({ length: 40 }).reduce<TreeCopy>((node) => ({ list: [node] }), {
    value: 1,
    seed: toBase64(seedOf(1)),
  })
  for (const value of [wide, deep]) {
    const parts = treeRecord([value], [seedOf(1)])
    assert.throws(() => rootFromRedactedRecord(nodePrimitives, parts), comityError('malformed'))
  }
  assert.throws(() => verify([{ tree: nested }]), comityError('malformed'))
})

test('opening a level changes nothing of the hash', () => {
  const node = { value: report, seed: toBase64(seedOf(1)) }
  const hash = (it: TreeCopy) => toHex(hashFromCopy(nodePrimitives, it, newBudget()))
  assert.equal(hash(openedLevel(nodePrimitives, node)), hash(node))
  const tags = hideInTree(nodePrimitives, node, [{ path: ['tags'], ...why }])
  assert.equal(hash(tags), hash(node))
})

type Path = readonly (string | number)[]

function placesOf(value: Json, path: Path = []): readonly Path[] {
  if (value === null || typeof value !== 'object') return [path]
  const inner = Object.entries(value).flatMap(([key, item]) =>
    placesOf(item as Json, [...path, Array.isArray(value) ? Number(key) : key]),
  )
  return path.length === 0 ? inner : [path, ...inner]
}

const isPrefix = (short: Path, long: Path) => short.every((step, index) => long[index] === step)

function leavesOf(value: Json, path: readonly string[] = []): { path: string[]; value: Json }[] {
  if (value === null || typeof value !== 'object') return [{ path: [...path], value }]
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item as Json, [...path, key]))
}

function replaced(value: Json, [key, ...rest]: readonly string[], changed: Json): Json {
  if (key === undefined) return changed
  const copied = structuredClone(value) as Record<string, Json>
  copied[key] = replaced(copied[key] as Json, rest, changed)
  return copied as Json
}
