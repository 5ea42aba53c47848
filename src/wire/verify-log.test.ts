/** Copies of logs and exports: whole ones hold, and whatever is changed is named. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import {
  type Files,
  headBytes,
  logFiles,
  memoryCopy,
  readFiles,
  sampleEntry,
  sampleExport,
  sampleNode,
  world,
} from '../../test/support/log-copies.ts'
import { seededRandom } from '../../test/support/seeded-random.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { writeLogExport } from '../adapters/log-export/write-export.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { textFromUtf8, utf8 } from '../base/bytes.ts'
import { parseJson } from '../base/canonical-json.ts'
import { ComityError } from '../base/errors.ts'
import { instant } from '../base/time.ts'
import { type Policy, parsePolicy } from '../proof/policy.ts'
import { hashLeaf, rootOf } from '../proof/tree-hash.ts'
import { batchLogEntry } from './intake/filing.ts'
import type { Report } from './package/report.ts'
import { readOpening } from './verify-file.ts'
import { verifyLogFolder } from './verify-log.ts'

const policy = parsePolicy(nodePrimitives, world.policy)
/** Without a line that could be lost unseen. */
const strict = parsePolicy(
  nodePrimitives,
  utf8(textFromUtf8(world.policy).replace('any albion sierra', 'all albion sierra')),
)

const sampleEntries = (count: number) => Array.from({ length: count }, (_, i) => sampleEntry(i))
const verify = (files: ReadonlyMap<string, Uint8Array>, by: Policy | undefined = policy) =>
  verifyLogFolder(nodePrimitives, memoryCopy(files), { policy: by })
const named = ({ checks }: Report) => checks.flatMap((one) => one.failures.map(({ file }) => file))

function changed(files: Files, edit: (files: Files) => void): Files {
  const copy: Files = new Map([...files].map(([path, bytes]) => [path, bytes.slice()]))
  edit(copy)
  return copy
}

function flip(path: string, at: number) {
  return (files: Files) => {
    const bytes = files.get(path)
    assert.ok(bytes, path)
    bytes[at] = (bytes[at] ?? 0) ^ 1
  }
}

test('whole logs of all kinds of sizes hold', async () => {
  for (const size of [0, 1, 2, 255, 256, 257, 512, 1000, 65_536 + 300]) {
    const report = await verify(logFiles(sampleEntries(size)))
    assert.deepEqual(named(report), [], String(size))
    assert.equal(report.verdict, 'verified')
    const entries = report.checks.find(({ id }) => id === 'entries')
    assert.equal(entries?.detail, `${size} entries were hashed again`)
  }
})

test('every byte of a small log, flipped in turn, is found in its file', async () => {
  const files = logFiles(sampleEntries(3))
  let flips = 0
  for (const [path, bytes] of files) {
    for (let at = 0; at < bytes.length; at++) {
      const report = await verify(changed(files, flip(path, at)), strict)
      assert.equal(report.verdict, 'failed', `${path} ${at}`)
      assert.deepEqual([...new Set(named(report))], [path], `${path} ${at}`)
      flips += 1
    }
  }
  assert.ok(flips > 1000)
})

test('a changed file of a large log is named alone, wherever it stands', async () => {
  const files = logFiles(sampleEntries(65_536 + 300))
  const random = seededRandom(7)
  const paths = [...files.keys()].filter((path) => path !== 'checkpoint')
  const chosen = ['tile/2/000.p/1', 'tile/1/000', 'tile/1/001.p/1', 'tile/0/257.p/44']
  while (chosen.length < 8) chosen.push(random.pick(paths))
  for (const path of chosen) {
    const at = random.below(files.get(path)?.length ?? 1)
    const report = await verify(changed(files, flip(path, at)))
    assert.deepEqual(named(report), [path])
  }
})

const small = logFiles(sampleEntries(300))
const cases: readonly [string, (files: Files) => void, string][] = [
  ['a missing bundle', (files) => files.delete('tile/entries/000'), 'tile/entries/000'],
  ['a missing tile', (files) => files.delete('tile/0/000'), 'tile/0/000'],
  ['a missing partial tile', (files) => files.delete('tile/1/000.p/1'), 'tile/1/000.p/1'],
  [
    'a tile of a longer log',
    (files) => files.set('tile/0/002', new Uint8Array(8192)),
    'tile/0/002',
  ],
  ['a wider tile', (f) => f.set('tile/0/001.p/45', new Uint8Array(45 * 32)), 'tile/0/001.p/45'],
  ['a stranger', (files) => files.set('tile/0/000.bak', new Uint8Array(1)), 'tile/0/000.bak'],
  ['a level too many', (f) => f.set('tile/2/000.p/1', new Uint8Array(32)), 'tile/2/000.p/1'],
  [
    'an earlier width of other hashes',
    (f) => f.set('tile/0/000.p/7', new Uint8Array(224)),
    'tile/0/000.p/7',
  ],
  [
    'an earlier width that is cut',
    (f) => f.set('tile/0/000.p/7', new Uint8Array(223)),
    'tile/0/000.p/7',
  ],
  [
    'an earlier bundle of other entries',
    (f) => f.set('tile/entries/001.p/2', new Uint8Array(9)),
    'tile/entries/001.p/2',
  ],
]

test('what is missing or too much is named', async () => {
  assert.equal((await verify(small)).verdict, 'verified')
  for (const [what, edit, path] of cases) {
    const report = await verify(changed(small, edit))
    assert.deepEqual([...new Set(named(report))], [path], what)
    assert.equal(report.verdict, 'failed', what)
  }
})

test('earlier widths that are beginnings are right', async () => {
  const files = changed(small, (all) => {
    all.set('tile/0/000.p/7', all.get('tile/0/000')?.slice(0, 224) as Uint8Array)
    const bundle = all.get('tile/entries/001.p/44') as Uint8Array
    all.set('tile/entries/001.p/2', bundle.slice(0, (bundle.length / 44) * 2))
  })
  assert.deepEqual(named(await verify(files)), [])
})

test('a copy without bundles holds as far as it goes, and says so', async () => {
  const files = changed(small, (all) => {
    for (const path of all.keys()) if (path.startsWith('tile/entries/')) all.delete(path)
  })
  const report = await verify(files)
  assert.equal(report.verdict, 'verified')
  assert.deepEqual(report.about, [['entries', 'not checked: no entry bundles are in this copy']])
  assert.ok(!report.checks.some(({ id }) => id === 'entries'), 'no tick for what was not done')
})

test('entries of intake batches have their form, with and without the scripts that sealed', async () => {
  const times = { tag: new Uint8Array(16), wireNow: instant('2026-11-22T17:30:00.000Z') }
  const tags = [new Uint8Array(32).fill(9), new Uint8Array(32)]
  const batch = { leaves: [new Uint8Array(32)], tags }
  const entries = [[], ['b'.repeat(64)], ['b'.repeat(64), 'a'.repeat(64)]].map((scripts) =>
    batchLogEntry(nodePrimitives, { ...batch, scripts }, times),
  )
  assert.deepEqual(named(await verify(logFiles(entries))), [])
})

test('entries of another form are named by their number', async () => {
  const entries = sampleEntries(4)
  const text = textFromUtf8(sampleEntry(2))
  for (const wrong of [
    text.replace('2026-11-22T17Z', '2026-02-30T17Z'),
    text.replace('"v":1', '"v":2'),
    text.replace('{', '{"a":"a name",'),
    text.replace(',"v"', ', "v"'),
    text.replace('"v"', `"tags":["${'A'.repeat(43)}=","${'0'.repeat(43)}="],"v"`),
    text.replace('"tag"', `"scripts":["${'a'.repeat(64)}"],"tag"`),
    text
      .replace('"v"', `"tags":["${'A'.repeat(43)}="],"v"`)
      .replace('"tag"', `"scripts":["${'b'.repeat(64)}","${'a'.repeat(64)}"],"tag"`),
    '',
  ]) {
    entries[2] = utf8(wrong)
    const report = await verify(logFiles(entries))
    const failures = report.checks.find(({ id }) => id === 'entries')?.failures
    assert.match(failures?.[0]?.message ?? '', /^entry 2: /, wrong)
  }
})

test('a head of another history is told from a changed file', async () => {
  const leaves = sampleEntries(5).map((entry) => hashLeaf(nodePrimitives, entry))
  const other = { treeSize: 5, rootHash: rootOf(nodePrimitives, leaves.toReversed()) }
  const files = logFiles(sampleEntries(5)).set('checkpoint', headBytes(other))
  const report = await verify(files)
  assert.deepEqual(named(report), ['checkpoint'])
})

test('daily checkpoints are earlier heads of the same tree', async () => {
  const stamp = 'time-stamps/2026-11-21.checkpoint'
  const head = (entries: Uint8Array[]) => {
    const leaves = entries.map((entry) => hashLeaf(nodePrimitives, entry))
    return headBytes({ treeSize: leaves.length, rootHash: rootOf(nodePrimitives, leaves) })
  }
  const good = changed(small, (files) => files.set(stamp, head(sampleEntries(270))))
  assert.deepEqual(named(await verify(good)), [])
  for (const entries of [sampleEntries(271).slice(1), sampleEntries(301)]) {
    const report = await verify(changed(small, (files) => files.set(stamp, head(entries))))
    assert.deepEqual(named(report), [stamp])
  }
})

test('without a policy nothing is proven; under another one it fails; a folder without a log is none', async () => {
  assert.equal((await verify(small, undefined)).verdict, 'verified', 'default policy')
  const report = await verifyLogFolder(nodePrimitives, memoryCopy(small), { policy: undefined })
  assert.equal(report.verdict, 'unanchored')
  const others = parsePolicy(nodePrimitives, utf8('quorum none\n'))
  assert.equal((await verify(small, others)).verdict, 'failed')
  await assert.rejects(verify(new Map([['README', utf8('')]])), ComityError)
})

const folder = temporaryFolder()
const out = join(folder, 'out')
let exported: Files
before(async () => {
  await sampleExport(folder, out)
  exported = readFiles(out)
})

test('the export of a node with a closed and an open log holds, by the first log alone', async () => {
  const report = await verify(exported)
  assert.deepEqual(
    report.checks.flatMap(({ failures }) => failures),
    [],
  )
  assert.equal(report.verdict, 'verified')
  assert.deepEqual(report.about, [
    ['node', 'meridia.example'],
    ['logs', '2'],
  ])
})

test('bytes of an export, flipped in turn, are found in their file', async () => {
  const random = seededRandom(8)
  for (const [path, bytes] of exported) {
    const all = Array.from({ length: bytes.length }, (_, at) => at)
    const chosen = bytes.length > 120 ? all.filter(() => random.chance(120 / bytes.length)) : all
    for (const at of chosen) {
      let files: readonly string[]
      try {
        const report = await verify(changed(exported, flip(path, at)))
        assert.notEqual(report.verdict, 'verified', `${path} ${at}`)
        files = named(report)
      } catch (error) {
        assert.ok(error instanceof ComityError, `${path} ${at}: ${error}`)
        files = [path]
      }
      assert.ok(files.includes(path), `${path} ${at}: ${files}`)
    }
  }
})

test('what is dropped from an export, or added, is named', async () => {
  for (const path of exported.keys()) {
    const files = changed(exported, (all) => all.delete(path))
    const said = await verify(files).then(named, (error: ComityError) => [
      error.field,
      error.message,
    ])
    assert.ok(said.length > 0, path)
  }
  for (const path of [
    'notes.txt',
    'documents/00000002.json',
    'ledger/3/checkpoint',
    'ledger/1/x',
  ]) {
    const report = await verify(changed(exported, (all) => all.set(path, utf8('x'))))
    assert.ok(named(report).includes(path), path)
  }
})

test('the copy of a closed log holds with the key that its node published, and not without', async () => {
  const prefix = 'ledger/1/'
  const own = [...exported].filter(([path]) => path.startsWith(prefix))
  const files = new Map(own.map(([path, bytes]) => [path.slice(prefix.length), bytes]))
  const [document] = [...exported].filter(([path]) => path.startsWith('documents/'))
  const key = readOpening(parseJson(document?.[1] ?? new Uint8Array()))
  const held = await verifyLogFolder(nodePrimitives, memoryCopy(files), { policy, key })
  assert.equal(held.verdict, 'verified')
  assert.match(held.checks.at(-1)?.detail ?? '', /followed by meridia\.example\/ledger\/2/)
  assert.deepEqual(named(await verify(files)), ['log-notice'])
  const notice = changed(files, (all) =>
    all.set('checkpoint', logFiles(sampleEntries(4)).get('checkpoint') as Uint8Array),
  )
  const other = await verifyLogFolder(nodePrimitives, memoryCopy(notice), { policy, key })
  assert.ok(named(other).includes('log-notice'))
})

test('an export of another history than its own proofs saw is not verified', async () => {
  const other = temporaryFolder()
  const node = await sampleNode(join(other, 'node'), 6)
  const { documents } = await sampleNode(join(other, 'same'), 4, 'other')
  const forged = join(other, 'forged')
  await writeLogExport({ ...node, documents, out: forged })
  const report = await verify(readFiles(forged))
  assert.deepEqual(named(report), ['documents/00000009.json'])
})
