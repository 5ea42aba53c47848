import assert from 'node:assert/strict'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import type { SequencerParts } from '../../src/adapters/postgres/log/sequencer-parts.ts'
import { unavailable } from '../../src/base/errors.ts'
import { formatSignedNote } from '../../src/proof/signed-note.ts'
import { KEY_TYPE } from '../../src/proof/vkey.ts'
import { checkFiles, type LogNode, publicCheckpoint, withLogNode } from '../support/log-node.ts'
import { comityError, flipped } from '../support/merkle.ts'
import { logSigner, signedHead, testSigner } from '../support/test-log.ts'

/** A log of `size` entries whose sequencer has stopped. */
async function grown(node: LogNode, size: number): Promise<void> {
  const sequencer = await node.start()
  await node.accept(size)
  await sequencer.flush()
  await sequencer.stop()
}

async function changeRows(node: LogNode, statement: string): Promise<void> {
  await node.database.connection().execute(async (connection) => {
    await sql.raw('alter table log_entry disable trigger all').execute(connection)
    await sql.raw(statement).execute(connection)
    await sql.raw('alter table log_entry enable trigger all').execute(connection)
  })
}

const kinds = ({ troubles }: LogNode) => troubles.map(({ kind }) => kind)
const file = ({ directory }: LogNode, path: string) => join(directory, path)

/** Each fault hits the step from 5 entries to 8; the process would end, and start again. */
const FATAL: Record<
  string,
  {
    before?: (node: LogNode) => Promise<unknown>
    after?: (node: LogNode) => Promise<unknown>
    overrides?: () => Partial<SequencerParts>
  }
> = {
  'a tile cannot be written': {
    before: (node) => mkdir(file(node, 'tile/0/000.p/8.epoch-2.tmp')),
    after: (node) => rm(file(node, 'tile/0/000.p/8.epoch-2.tmp'), { recursive: true }),
  },
  'a bundle cannot be written': {
    before: (node) => mkdir(file(node, 'tile/entries/000.p/8.epoch-2.tmp')),
    after: (node) => rm(file(node, 'tile/entries/000.p/8.epoch-2.tmp'), { recursive: true }),
  },
  'the signature is wrong': {
    overrides: () => ({ signer: { ...logSigner, sign: () => new Uint8Array(64) } }),
  },
  'the head cannot be written': {
    before: ({ database }) =>
      sql`alter table log_head add constraint fault check (size < 8)`.execute(database),
    after: ({ database }) => sql`alter table log_head drop constraint fault`.execute(database),
  },
  'the checkpoint row cannot be written': {
    before: ({ database }) =>
      sql`alter table log_checkpoint add constraint fault check (size < 8)`.execute(database),
    after: ({ database }) =>
      sql`alter table log_checkpoint drop constraint fault`.execute(database),
  },
}

for (const [fault, { before, after, overrides }] of Object.entries(FATAL)) {
  test(`${fault}: nothing is signed, and a restart goes on`, () =>
    withLogNode(async (node) => {
      await grown(node, 5)
      const faulty = await node.start(overrides?.() ?? {})
      await before?.(node)
      await node.accept(3)
      await faulty.flush()
      assert.deepEqual(kinds(node), ['fatal'], fault)
      assert.equal((await publicCheckpoint(node)).treeSize, 5)
      await after?.(node)
      const healthy = await node.start()
      await healthy.flush()
      await checkFiles(node, 8)
      assert.deepEqual(kinds(node), ['fatal'])
    }))
}

test('a signer out of reach delays the head and stops nothing; the next round signs', () =>
  withLogNode(async (node) => {
    await grown(node, 5)
    let outages = 3
    const sign = async (message: Uint8Array) => {
      if (outages-- > 0) throw unavailable('the key service does not answer')
      return logSigner.sign(message)
    }
    const sequencer = await node.start({ signer: { ...logSigner, sign } })
    await node.accept(3)
    await sequencer.flush()
    assert.ok(kinds(node).length > 0 && kinds(node).every((kind) => kind === 'warning'))
    while (outages >= 0) await sequencer.flush()
    assert.equal((await publicCheckpoint(node)).treeSize, 8)
    await sequencer.stop()
    await checkFiles(node, 8)
  }))

test('a bit that flips in memory is noticed by the second look, before signing', () =>
  withLogNode(async (node) => {
    await grown(node, 5)
    let isFaulty = false
    const sha256 = (bytes: Uint8Array) => {
      const hash = nodePrimitives.sha256(bytes)
      return isFaulty && bytes.length === 65 ? flipped(hash, 3, 2) : hash
    }
    const faulty = await node.start({ primitives: { ...nodePrimitives, sha256 } })
    await faulty.flush()
    isFaulty = true
    await node.accept(3)
    await faulty.flush()
    assert.deepEqual(kinds(node), ['fatal'])
    const signed = await node.database.selectFrom('log_checkpoint').select('size').execute()
    assert.deepEqual(signed.map(({ size }) => size).sort(), ['0', '5'])
  }))

test('a key store that is away is only waited for', () =>
  withLogNode(async (node) => {
    await grown(node, 5)
    let isAway = true
    const sign = (message: Uint8Array) => {
      if (isAway) throw new Error('key store is away')
      return logSigner.sign(message)
    }
    const sequencer = await node.start({ signer: { ...logSigner, sign } })
    await node.accept(3)
    await sequencer.flush()
    assert(kinds(node).length > 0 && kinds(node).every((kind) => kind === 'warning'))
    const tries = kinds(node).length
    for (let n = 0; n < 20; n++) await node.database.selectFrom('log_head').select('size').execute()
    assert.equal(kinds(node).length, tries, 'it is tried again at the next beat, not at once')
    isAway = false
    await sequencer.flush()
    await checkFiles(node, 8)
  }))

test('a checkpoint that cannot be published is published later', () =>
  withLogNode(async (node) => {
    await grown(node, 5)
    const sequencer = await node.start()
    await rm(file(node, 'checkpoint'))
    await mkdir(file(node, 'checkpoint'))
    await node.accept(3)
    await sequencer.flush()
    assert(kinds(node).length > 0 && kinds(node).every((kind) => kind === 'warning'))
    await rm(file(node, 'checkpoint'), { recursive: true })
    await sequencer.flush()
    await checkFiles(node, 8)
  }))

const other = testSigner(logSigner.key.name, KEY_TYPE.ed25519, new Uint8Array(32).fill(3))
const OTHER_ROOT = new Uint8Array(32).fill(7)

async function flipInFile(node: LogNode, path: string): Promise<void> {
  await writeFile(file(node, path), flipped(await readFile(file(node, path)), 5))
}

/** What is found wrong at the start, or in the next round, and must never be signed over. */
const FREEZES: Record<string, (node: LogNode) => Promise<unknown>> = {
  'the public checkpoint is larger': (node) =>
    writeFile(
      file(node, 'checkpoint'),
      formatSignedNote(signedHead({ treeSize: 301, rootHash: OTHER_ROOT })),
    ),
  'the public checkpoint has another root': (node) =>
    writeFile(
      file(node, 'checkpoint'),
      formatSignedNote(signedHead({ treeSize: 300, rootHash: OTHER_ROOT })),
    ),
  'the public checkpoint is smaller, with another root': (node) =>
    writeFile(
      file(node, 'checkpoint'),
      formatSignedNote(signedHead({ treeSize: 0, rootHash: OTHER_ROOT })),
    ),
  'the public checkpoint is smaller, and was never signed': (node) =>
    writeFile(
      file(node, 'checkpoint'),
      formatSignedNote(signedHead({ treeSize: 299, rootHash: OTHER_ROOT })),
    ),
  'a tile at the right edge has a flipped bit': (node) => flipInFile(node, 'tile/0/001.p/44'),
  'a higher tile has a flipped bit': (node) => flipInFile(node, 'tile/1/000.p/1'),
  'the last bundle has a flipped bit': (node) => flipInFile(node, 'tile/entries/001.p/44'),
  'an older full tile has a flipped bit, and others are gone': async (node) => {
    await flipInFile(node, 'tile/0/000')
    await rm(file(node, 'tile/0/001.p'), { recursive: true })
  },
  'a tile ahead of the head has other bytes': async (node) => {
    await mkdir(file(node, 'tile/0/001.p'), { recursive: true })
    await writeFile(file(node, 'tile/0/001.p/45'), new Uint8Array(45 * 32))
  },
  'an entry of the last bundle has changed': (node) =>
    changeRows(node, `update log_entry set entry = 'x' where seq = 299`),
  'the newest entry and its hash have changed': (node) =>
    changeRows(
      node,
      `update log_entry set entry = 'x', leaf_hash = sha256('\\x0078') where seq = 299`,
    ),
  'an entry is gone': (node) => changeRows(node, 'delete from log_entry where seq = 3'),
  'the head row has another root': ({ database }) =>
    database.updateTable('log_head').set({ root: OTHER_ROOT }).execute(),
  'the head row has another size': ({ database }) =>
    database.updateTable('log_head').set({ size: 299, published_size: 299 }).execute(),
  'an accepted entry does not have its hash': ({ database }) =>
    database.updateTable('log_pending').set({ leaf_hash: OTHER_ROOT }).execute(),
}

for (const [fault, damage] of Object.entries(FREEZES)) {
  test(`${fault}: the log freezes, for good, and is still served`, () =>
    withLogNode(async (node) => {
      await grown(node, 300)
      await node.accept(1)
      await damage(node)
      const before = await readFile(file(node, 'checkpoint'))
      const sequencer = await node.start()
      await sequencer.flush()
      await sequencer.stop()
      assert.deepEqual(kinds(node), ['frozen'])
      const again = await node.start()
      await again.flush()
      assert.deepEqual(kinds(node), ['frozen', 'frozen'])
      assert.equal(node.troubles[0]?.message, node.troubles[1]?.message)
      assert.deepEqual(await readFile(file(node, 'checkpoint')), before)
      const largest = await node.database
        .selectFrom('log_checkpoint')
        .select((select) => select.fn.max('size').as('size'))
        .executeTakeFirstOrThrow()
      assert.equal(largest.size, '300')
    }))
}

test('a lost database does not start over', () =>
  withLogNode(async (node) => {
    const shown = signedHead({ treeSize: 4, rootHash: OTHER_ROOT })
    await writeFile(file(node, 'checkpoint'), formatSignedNote(shown))
    const sequencer = await node.start()
    await node.accept(1)
    await sequencer.flush()
    assert.deepEqual(kinds(node), ['frozen'])
  }))

const REFUSED: Record<
  string,
  { damage?: (node: LogNode) => Promise<unknown>; overrides?: Partial<SequencerParts> }
> = {
  'the public checkpoint is no note': {
    damage: (node) => writeFile(file(node, 'checkpoint'), 'x'),
  },
  'another key signed the public checkpoint': {
    damage: (node) => {
      const head = { treeSize: 5, rootHash: OTHER_ROOT }
      return writeFile(
        file(node, 'checkpoint'),
        formatSignedNote(signedHead(head, { signer: other })),
      )
    },
  },
  'the log has another key now': { overrides: { signer: other } },
  'the database holds another log': {
    overrides: {
      origin: 'x.example/ledger',
      signer: testSigner('x.example/ledger', KEY_TYPE.ed25519, new Uint8Array(32)),
    },
  },
}

for (const [fault, { damage, overrides }] of Object.entries(REFUSED)) {
  test(`${fault}: the sequencer does not start, until someone has looked`, () =>
    withLogNode(async (node) => {
      await grown(node, 5)
      const before = await readFile(file(node, 'checkpoint'))
      await damage?.(node)
      await assert.rejects(node.start(overrides), comityError('unavailable'))
      await writeFile(file(node, 'checkpoint'), before)
      const sequencer = await node.start()
      await node.accept(1)
      await sequencer.flush()
      await checkFiles(node, 6)
    }))
}

test('rows of the log refuse to be changed', () =>
  withLogNode(async (node) => {
    await grown(node, 2)
    for (const statement of [
      `update log_entry set entry = 'x'`,
      'delete from log_entry',
      `update log_checkpoint set root = root`,
      'delete from log_checkpoint where size = 2',
    ]) {
      await assert.rejects(sql.raw(statement).execute(node.database), /append-only/, statement)
    }
  }))
