/**
 * Every stored byte of a small log is flipped in turn, in its files and in its rows. After
 * each, a sequencer starts and is given one more entry: it refuses to start, freezes, or
 * signs the right tree; a wrong one is never signed.
 */
import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { nodePrimitives } from '../../../src/adapters/node-primitives.ts'
import { utf8 } from '../../../src/base/bytes.ts'
import { ComityError } from '../../../src/base/errors.ts'
import { type Checkpoint, verifyCheckpoint } from '../../../src/proof/checkpoint.ts'
import { parseSignedNote } from '../../../src/proof/signed-note.ts'
import { hashLeaf } from '../../../src/proof/tree-hash.ts'
import { faultRandom, rounds, told } from '../../support/fault-run.ts'
import { checkFiles, type LogNode, publicCheckpoint, withLogNode } from '../../support/log-node.ts'
import { rewindable, unguarded } from '../../support/log-rewind.ts'
import { naiveRoots } from '../../support/merkle.ts'
import { logSigner } from '../../support/test-log.ts'

const SIZE = 5
/** One in so many bytes in the short set; all in the long one. */
const ONE_IN = rounds(24, 1)

type Outcome = 'refused' | 'frozen' | 'fatal' | 'signed'

/** A log of two checkpoints, so that a partial tile is left that nobody needs any more. */
async function smallLog(node: LogNode): Promise<void> {
  for (const count of [3, SIZE - 3]) {
    const sequencer = await node.start()
    await node.accept(count)
    await sequencer.flush()
    await sequencer.stop()
  }
}

const leaf = (n: number) => hashLeaf(nodePrimitives, utf8(String(n)))
const rightRoot = naiveRoots(Array.from({ length: SIZE + 1 }, (_, n) => leaf(n)))

async function startAndAppend(node: LogNode): Promise<Outcome> {
  const before = node.troubles.length
  const pending = utf8(String(SIZE))
  const row = {
    id: crypto.randomUUID(),
    entry: pending,
    leaf_hash: leaf(SIZE),
    created_at: new Date(),
  }
  await node.database.insertInto('log_pending').values(row).execute()
  try {
    const sequencer = await node.start()
    await sequencer.flush()
    await sequencer.stop()
  } catch (error) {
    assert(error instanceof ComityError, String(error))
    return 'refused'
  }
  const [first] = node.troubles.slice(before)
  assert.notEqual(first?.kind, 'warning', first?.message ?? '')
  return (first?.kind ?? 'signed') as Outcome
}

/** Whatever happened, no signature that can be found here is under a wrong root. */
async function requireNoWrongRoot(node: LogNode, outcome: Outcome, what: string): Promise<void> {
  const rows = await node.database.selectFrom('log_checkpoint').select('signed_note').execute()
  const signed = rows.flatMap(({ signed_note }) => checkpointIn(new Uint8Array(signed_note)))
  for (const { treeSize, rootHash } of signed)
    assert.deepEqual(rootHash, rightRoot(0, treeSize), what)
  assert.equal(
    signed.some(({ treeSize }) => treeSize > SIZE),
    outcome === 'signed',
    what,
  )
  if (outcome !== 'signed') return
  const { treeSize, rootHash } = await publicCheckpoint(node)
  assert.deepEqual([treeSize, rootHash], [SIZE + 1, rightRoot(0, SIZE + 1)], what)
}

/** None if the note was spoiled. */
function checkpointIn(note: Uint8Array): Checkpoint[] {
  try {
    return [verifyCheckpoint(nodePrimitives, parseSignedNote(note), [logSigner.key])]
  } catch (error) {
    assert(error instanceof ComityError, String(error))
    return []
  }
}

async function filesIn(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = found.filter((entry) => entry.isFile())
  return files.map(({ parentPath, name }) => join(parentPath, name).slice(directory.length + 1))
}

test('every byte of every file: named, or not needed, and nothing wrong is signed', () =>
  withLogNode(async (node) => {
    await smallLog(node)
    const rewind = await rewindable(node)
    const random = faultRandom(1)
    const seen = new Map<string, Set<Outcome>>()
    let flips = 0
    for (const path of (await filesIn(node.directory)).sort()) {
      const file = join(node.directory, path)
      const bytes = await readFile(file)
      for (let at = 0; at < bytes.length; at++) {
        if (random.below(ONE_IN) > 0) continue
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8))
        await writeFile(file, changed)
        const what = `byte ${at} of ${path}`
        const outcome = await startAndAppend(node)
        await requireNoWrongRoot(node, outcome, what)
        if (outcome === 'signed' && !OUTDATED.has(path)) await checkFiles(node, SIZE + 1)
        seen.set(path, (seen.get(path) ?? new Set()).add(outcome))
        flips += 1
        await rewind.back()
      }
    }
    for (const [path, outcomes] of seen) {
      const allowed = OUTDATED.has(path) ? ['signed'] : ['refused', 'frozen']
      assert(outcomes.size > 0)
      for (const outcome of outcomes) assert(allowed.includes(outcome), `${path}: ${outcome}`)
    }
    await rewind.forget()
    told('bytes of log files flipped', flips)
  }))

/** Partial tiles of an earlier size: kept for readers who still hold its checkpoint. */
const OUTDATED = new Set(['tile/0/000.p/3', 'tile/entries/000.p/3'])

type Field = { readonly table: string; readonly key: string; readonly column: string }
/** What the order and content of the log do not depend on; the sequencer goes on rightly. */
const BESIDE = new Set([
  'log_entry.pending_id',
  'log_entry.accepted_at',
  'log_head.published_size',
  'log_head.epoch',
  'log_checkpoint.signed_note',
])

test('every byte of every row: named, or beside the log, and nothing wrong is signed', () =>
  withLogNode(async (node) => {
    await smallLog(node)
    const rewind = await rewindable(node)
    const random = faultRandom(2)
    let flips = 0
    for (const field of await fields(node)) {
      for (const [how, value] of await changes(node, field)) {
        if (random.below(ONE_IN) > 0) continue
        const { table, key, column } = field
        const what = `${table}.${column} of ${key}: ${how}`
        const change = `update ${table} set ${column} = ${value} where ${key}`
        const isTaken = await isTakenByDatabase(node, change)
        const outcome = isTaken ? await startAndAppend(node) : 'refused'
        await requireNoWrongRoot(node, outcome, what)
        const isBeside = BESIDE.has(`${table}.${column}`) || isOlderCheckpoint(field)
        if (!isBeside) assert(['refused', 'frozen'].includes(outcome), `${what}: ${outcome}`)
        flips += 1
        await rewind.back()
      }
    }
    await rewind.forget()
    told('fields and bytes of log rows changed', flips)
  }))

/** False: a constraint of the table refuses the value. */
async function isTakenByDatabase({ database }: LogNode, change: string): Promise<boolean> {
  try {
    await unguarded(database, [change])
    return true
  } catch (error) {
    assert.match(String((error as { code?: string }).code), /^23/)
    return false
  }
}

/** The row of a head that another has followed is asked only when somebody shows that size. */
const isOlderCheckpoint = ({ table, key }: Field) =>
  table === 'log_checkpoint' && key !== `size = ${SIZE}`

async function fields({ database }: LogNode): Promise<Field[]> {
  const found: Field[] = []
  const keys = { log_entry: 'seq', log_head: 'origin', log_checkpoint: 'size' } as const
  const columns = {
    log_entry: ['seq', 'pending_id', 'entry', 'leaf_hash', 'accepted_at'],
    log_head: ['origin', 'next_seq', 'size', 'root', 'signed_note', 'published_size', 'epoch'],
    log_checkpoint: ['size', 'root', 'signed_note'],
  } as const
  for (const table of ['log_entry', 'log_head', 'log_checkpoint'] as const) {
    const key = keys[table]
    const { rows } = await sql<{ key: string }>`
      select ${sql.ref(key)}::text as key from ${sql.table(table)} order by 1`.execute(database)
    for (const row of rows) {
      const condition = table === 'log_head' ? `origin = '${row.key}'` : `${key} = ${row.key}`
      found.push(...columns[table].map((column) => ({ table, key: condition, column })))
    }
  }
  return found
}

/** New values of a field as SQL: each byte with a flipped bit, a number beside it, another text. */
async function changes({ database }: LogNode, field: Field): Promise<[string, string][]> {
  const { table, key, column } = field
  const { rows } = await sql<{ type: string }>`
    select pg_typeof(${sql.ref(column)})::text as type
    from ${sql.table(table)} where ${sql.raw(key)}`.execute(database)
  const { type } = rows[0] ?? { type: '' }
  if (type === 'bigint')
    return [
      ['+1', `${column} + 1`],
      ['-1', `${column} - 1`],
    ]
  if (type === 'uuid') return [['another', 'gen_random_uuid()']]
  if (type === 'text') return [['another', `overlay(${column} placing 'x' from 1 for 1)`]]
  if (type.startsWith('timestamp')) return [['a day later', `${column} + interval '1 day'`]]
  const length = await bytesIn(database, field)
  return Array.from({ length }, (_, at) => [
    `byte ${at}`,
    `set_byte(${column}, ${at}, get_byte(${column}, ${at}) # ${2 ** (at % 8)})`,
  ])
}

async function bytesIn(database: LogNode['database'], { table, key, column }: Field) {
  const { rows } = await sql<{ length: number }>`
    select octet_length(${sql.ref(column)}) as length
    from ${sql.table(table)} where ${sql.raw(key)}`.execute(database)
  return rows[0]?.length ?? 0
}
