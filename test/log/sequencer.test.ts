import assert from 'node:assert/strict'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import {
  consistencyFromTiles,
  inclusionFromTiles,
} from '../../src/adapters/postgres/log/tile-reader.ts'
import { textFromUtf8, toBase64 } from '../../src/base/bytes.ts'
import { verifyCheckpoint } from '../../src/proof/checkpoint.ts'
import { verifyConsistency } from '../../src/proof/consistency.ts'
import { parseEntryBundle } from '../../src/proof/entry-bundle.ts'
import { rootFromInclusion } from '../../src/proof/inclusion.ts'
import { formatSignedNote, parseSignedNote } from '../../src/proof/signed-note.ts'
import { tilePath } from '../../src/proof/tile-path.ts'
import { bundlesBetween, tilesBetween } from '../../src/proof/tiles.ts'
import { type LogNode, withLogNode } from '../support/log-node.ts'
import { flipped, naiveLeaf, naiveRoots, numberedLeaves } from '../support/merkle.ts'
import { logSigner, signedHead } from '../support/test-log.ts'

const leaves = numberedLeaves(1200)
const naive = naiveRoots(leaves)

async function publicCheckpoint({ directory }: LogNode) {
  const note = parseSignedNote(await readFile(join(directory, 'checkpoint')))
  return verifyCheckpoint(nodePrimitives, note, [logSigner.key])
}

/** The public files alone, checked against the entries "0", "1", … by other code. */
async function checkFiles(node: LogNode, size: number): Promise<void> {
  const checkpoint = await publicCheckpoint(node)
  assert.equal(checkpoint.treeSize, size)
  assert.deepEqual(checkpoint.rootHash, naive(0, size))
  for (const { level, index, width } of tilesBetween(0, size)) {
    assert(level !== 'entries')
    const bytes = await readFile(join(node.directory, tilePath({ level, index, width })))
    const span = 256 ** level
    const hashes = Array.from({ length: width }, (_, i) => {
      const start = (index * 256 + i) * span
      return naive(start, start + span)
    })
    assert.deepEqual(new Uint8Array(bytes), new Uint8Array(Buffer.concat(hashes)))
  }
  for (const bundle of bundlesBetween(0, size)) {
    const bytes = await readFile(join(node.directory, tilePath(bundle)))
    for (const [i, entry] of parseEntryBundle(bytes, bundle.width).entries()) {
      assert.deepEqual(naiveLeaf(entry), leaves[bundle.index * 256 + i])
    }
  }
}

const frozen = ({ troubles }: LogNode) =>
  troubles.filter(({ kind }) => kind === 'frozen').map(({ message }) => message)

test('a new log publishes its empty tree', () =>
  withLogNode(async (node) => {
    const sequencer = await node.start()
    await sequencer.flush()
    const checkpoint = await publicCheckpoint(node)
    assert.equal(checkpoint.treeSize, 0)
    assert.equal(toBase64(checkpoint.rootHash), '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')
    assert.deepEqual(node.troubles, [])
  }))

test('entries get gap-free places and right files, across tile edges and restarts', () =>
  withLogNode(async (node) => {
    let size = 0
    for (const count of [1, 2, 252, 1, 1, 255, 300, 3]) {
      const sequencer = await node.start()
      await node.accept(count)
      await sequencer.flush()
      size += count
      await checkFiles(node, size)
      await sequencer.stop()
    }
    assert.deepEqual(node.troubles, [])
    const proof = await inclusionFromTiles(nodePrimitives, node.directory, 300, 512)
    assert.deepEqual(
      rootFromInclusion(nodePrimitives, leaves[300] as Uint8Array, proof, 512),
      naive(0, 512),
    )
    for (const older of [1, 255, 257, 512]) {
      verifyConsistency(
        nodePrimitives,
        { treeSize: older, rootHash: naive(0, older) },
        { treeSize: 815, rootHash: naive(0, 815) },
        await consistencyFromTiles(nodePrimitives, node.directory, older, 815),
      )
    }
  }))

test('an idle round writes nothing', () =>
  withLogNode(async (node) => {
    const sequencer = await node.start()
    await node.accept(3)
    await sequencer.flush()
    await rm(join(node.directory, 'checkpoint'))
    await sequencer.flush()
    assert(!(await readdir(node.directory)).includes('checkpoint'))
  }))

test('entries that are not ready wait', () =>
  withLogNode(async (node) => {
    const sequencer = await node.start()
    await node.accept(2)
    await node.accept(1, { ready: false })
    await sequencer.flush()
    assert.equal((await publicCheckpoint(node)).treeSize, 2)
    await node.database.updateTable('log_pending').set({ ready: true }).execute()
    await sequencer.flush()
    await checkFiles(node, 3)
  }))

test('whoever is replaced changes nothing any more', () =>
  withLogNode(async (node) => {
    const old = await node.start()
    await node.accept(2)
    await old.flush()
    const young = await node.start()
    await node.accept(2)
    await old.flush()
    assert.equal(node.troubles[0]?.kind, 'fatal')
    await old.flush()
    assert.equal((await publicCheckpoint(node)).treeSize, 2)
    await young.flush()
    await checkFiles(node, 4)
    assert.equal(node.troubles.length, 1)
  }))

test('after a crash between any two steps the log goes on, with the same bytes', () =>
  withLogNode(async (node) => {
    const crashes: { after: string; undo: () => Promise<unknown> }[] = [
      { after: 'numbering', undo: async () => {} },
      { after: 'tiles and bundles', undo: async () => {} },
      {
        after: 'moving the head',
        undo: () => node.database.updateTable('log_head').set({ published_size: 0 }).execute(),
      },
    ]
    let size = 0
    for (const { undo } of crashes) {
      const first = await node.start()
      await node.accept(130)
      await first.flush()
      await first.stop()
      size += 130
      const before = await readFile(join(node.directory, 'checkpoint'))
      await undo()
      await rm(join(node.directory, 'checkpoint'))
      const second = await node.start()
      await second.flush()
      assert.deepEqual(await readFile(join(node.directory, 'checkpoint')), before)
      await second.stop()
      await checkFiles(node, size)
    }
    assert.deepEqual(node.troubles, [])
  }))
