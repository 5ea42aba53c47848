/**
 * Writes redacted copies, good and bad ones, each bad one named by what was done to
 * it: `protocol/vectors/redaction/*.json`. Each file is a line of `comity eval
 * redaction` with its verdict. Seeds are fixed and public. `--check` only compares.
 */
import { nodePrimitives } from '../src/adapters/node-primitives.ts'
import { toBase64 } from '../src/base/bytes.ts'
import type { HideTarget } from '../src/proof/hide-in-tree.ts'
import { newBudget } from '../src/proof/redactable-tree.ts'
import {
  commitmentOf,
  type HidePart,
  hideInRecord,
  type RedactedRecord,
  redactRecord,
  rootFromRedactedRecord,
  treeRecord,
} from '../src/proof/redacted-record.ts'
import { eachMember } from './each-member.ts'
import { jsonText, writeOrCheck } from './generated-files.ts'

const seed = (n: number) => new Uint8Array(32).fill(n)
const turns = [
  {
    speaker: 'user',
    person: { name: 'Ines Invented', age: 34 },
    text: 'Please call Ines Invented tomorrow.',
    tags: ['health', 'minor', 'urgent'],
  },
  { speaker: 'companion', text: 'I will not.' },
  'an aside',
]
const seeds = turns.map((_, index) => seed(index + 1))
const sealed = treeRecord(turns, seeds)
const why = { ground: 'thirdPerson', reason: 'names a person who is not concerned' }
const inside = (target: Omit<HideTarget, 'ground' | 'reason'>, part = 0): HidePart => {
  return { part, inside: { ...target, ...why } }
}
const hide = (...targets: HidePart[]) => hideInRecord(nodePrimitives, sealed, targets)
const rootOfRecord = (record: RedactedRecord) =>
  toBase64(rootFromRedactedRecord(nodePrimitives, record))
const root = rootOfRecord(sealed)
const commitments = sealed.parts.map((part, index) =>
  toBase64(commitmentOf(nodePrimitives, part, index, newBudget())),
)
const copy = hide(
  inside({ path: ['person'], withName: true }),
  inside({ path: ['text'], span: { from: 2, to: 4 } }),
  inside({ path: ['tags', 1] }),
  { part: 2 },
)
const flat = redactRecord(nodePrimitives, turns, seeds, (index) => index !== 1)

// biome-ignore lint/suspicious/noExplicitAny: what is spoiled here has no type on purpose
type Loose = any
type Change = (copy: Loose) => unknown

const good = (says: string, record: RedactedRecord, of: object = { root }) => {
  return { says, verdict: 'verified', input: { ...of, copy: record } }
}
const bad = (says: string, change: Change, of: object = { root }) => {
  const changed = structuredClone(copy) as unknown
  change(changed)
  return { says, verdict: 'refused', input: { ...of, copy: changed } }
}

const members = (it: Loose): Loose[] => it.parts[0].tree.members
const member = (it: Loose, name: string) => members(it).find((each) => each.name === name)
const hiddenMember = (it: Loose) => members(it).find((each) => each.hidden !== undefined)
const text = (it: Loose): Loose[] => member(it, 'text').node.text
const tags = (it: Loose): Loose[] => member(it, 'tags').node.list

const vectors = {
  'valid-all-shown': good('the record as it was sealed', sealed),
  'valid-field-item-span-part': good('a field, an item, two words and a part are hidden', copy, {
    root,
    commitments,
  }),
  'valid-flat': good('parts without a tree, one left out', flat, { root: rootOfRecord(flat) }),
  'name-changed': bad('a shown name was changed', (it) => {
    member(it, 'speaker').name = 'Speaker'
  }),
  'value-changed': bad('a shown value was changed', (it) => {
    member(it, 'speaker').node.value = 'companion'
  }),
  'word-changed': bad('a shown word was changed', (it) => {
    text(it)[0].shown = 'Kindly '
  }),
  'word-moved': bad('two shown words changed places', (it) => {
    text(it).splice(0, 2, text(it)[1], text(it)[0])
  }),
  'words-joined': bad('two segments are given as one', (it) => {
    text(it).splice(0, 2, { ...text(it)[0], shown: text(it)[0].shown + text(it)[1].shown })
  }),
  'hidden-word-dropped': bad('one of two hidden words is no longer there', (it) => {
    text(it)
      .find((each) => each.hidden)
      .hidden.pop()
  }),
  'hidden-word-added': bad('a hidden word was added', (it) => {
    const run = text(it).find((each) => each.hidden)
    run.hidden.push(run.hidden[0])
  }),
  'item-dropped': bad('an item of a list is no longer there', (it) => tags(it).pop()),
  'item-added': bad('an item was added', (it) => tags(it).push(tags(it)[0])),
  'items-swapped': bad('items changed places', (it) => tags(it).reverse()),
  'seeds-swapped': bad('the seeds of two items were swapped', (it) => {
    const [first, , third] = tags(it)
    tags(it)[0] = { ...first, seed: third.seed }
    tags(it)[2] = { ...third, seed: first.seed }
  }),
  'hidden-item-shown': bad('a hidden item is shown with a guess', (it) => {
    tags(it)[1] = { value: 'minor', seed: toBase64(seed(9)) }
  }),
  'member-dropped': bad('a hidden field is no longer there', (it) => {
    members(it).splice(members(it).indexOf(hiddenMember(it)), 1)
  }),
  'member-added': bad('a field was added', (it) => {
    members(it).push({ ...member(it, 'speaker'), name: 'note' })
  }),
  'name-twice': bad('a name stands twice', (it) => members(it).push(member(it, 'speaker'))),
  'members-not-in-order': bad('fields are not in the order of their hashes', (it) => {
    members(it).reverse()
  }),
  'part-dropped': bad('a part left out is no longer there', (it) => it.parts.pop(), {
    root,
    commitments,
  }),
  'part-added': bad('a part was added', (it) => it.parts.push(it.parts[2]), { commitments }),
  'parts-swapped': bad('parts changed places', (it) => it.parts.reverse(), { commitments }),
  'part-shown-and-hidden': bad('a part is shown and left out at once', (it) => {
    it.parts[1].commitment = commitments[1]
  }),
  'list-for-object': bad('an object is given as a list', (it) => {
    it.parts[0].tree = { list: members(it).map((each) => each.node ?? each) }
  }),
  'flat-for-tree': bad('a part of the tree form is given as flat', (it) => {
    it.parts[1] = { part: turns[1], salt: toBase64(seeds[1] as Uint8Array) }
  }),
  'reason-missing': bad('what is hidden has no reason', (it) => {
    delete hiddenMember(it).reason
  }),
  'reason-empty': bad('the reason is empty', (it) => {
    hiddenMember(it).reason = ' '
  }),
  'ground-not-a-code': bad('the ground is not a code', (it) => {
    hiddenMember(it).ground = 'third person'
  }),
  'hash-too-short': bad('a hash has 31 bytes', (it) => {
    hiddenMember(it).hidden = toBase64(new Uint8Array(31))
  }),
  'seed-too-long': bad('a seed has 33 bytes', (it) => {
    tags(it)[0].seed = toBase64(new Uint8Array(33))
  }),
  'nothing-in-a-list': bad('a list holds nothing', (it) => {
    member(it, 'tags').node.list = []
  }),
  'stranger-in-a-node': bad('a node has a member that nobody knows', (it) => {
    tags(it)[0].note = 'x'
  }),
  'root-of-another': bad('the root is that of another record', () => {}, {
    root: rootOfRecord(flat),
  }),
}

const bent = eachMember(copy).map(({ name, says, made }) => [
  `each-${name}`,
  { says, verdict: 'refused', input: { root, copy: made } },
])

await writeOrCheck(
  'protocol/vectors/redaction',
  new Map(
    [...Object.entries(vectors), ...bent].map(([name, value]) => [`${name}.json`, jsonText(value)]),
  ),
)
