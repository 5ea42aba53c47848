import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { addPendingAll } from '../../src/adapters/postgres/log/pending.ts'
import {
  consistencyFromTiles,
  inclusionFromTiles,
  openTiles,
} from '../../src/adapters/postgres/log/tile-reader.ts'
import { toBase64 } from '../../src/base/bytes.ts'
import { instantFromMs } from '../../src/base/time.ts'
import { verifyConsistency } from '../../src/proof/consistency.ts'
import { rootFromInclusion } from '../../src/proof/inclusion.ts'
import { checkFiles, publicCheckpoint, withLogNode } from '../support/log-node.ts'
import { naiveRoots, numberedLeaves } from '../support/merkle.ts'

const leaves = numberedLeaves(815)
const naive = naiveRoots(leaves)

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
    const proof = await inclusionFromTiles(openTiles(nodePrimitives, node.directory), 300, 512)
    const leaf = leaves[300] as Uint8Array
    assert.deepEqual(rootFromInclusion(nodePrimitives, leaf, proof, 512), naive(0, 512))
    for (const older of [1, 255, 257, 512]) {
      verifyConsistency(
        nodePrimitives,
        { treeSize: older, rootHash: naive(0, older) },
        { treeSize: 815, rootHash: naive(0, 815) },
        await consistencyFromTiles(nodePrimitives, node.directory, older, 815),
      )
    }
  }))

test('more entries than one transaction or one signature takes are all taken in', () =>
  withLogNode(async (node) => {
    const sequencer = await node.start()
    await node.accept(17_000)
    await sequencer.flush()
    await checkFiles(node, 17_000)
    const rows = await node.database.selectFrom('log_checkpoint').select('size').execute()
    assert.equal(rows.length, 3, 'the empty tree, a full step, the rest')
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
    assert.deepEqual(
      node.troubles.map(({ kind }) => kind),
      ['fatal'],
    )
    await old.flush()
    assert.equal((await publicCheckpoint(node)).treeSize, 2)
    await young.flush()
    await checkFiles(node, 4)
  }))

test('files that are gone are derived again, with the same bytes', () =>
  withLogNode(async (node) => {
    const first = await node.start()
    await node.accept(600)
    await first.flush()
    await first.stop()
    const checkpoint = await readFile(join(node.directory, 'checkpoint'))
    for (const lost of ['tile', 'checkpoint', 'tile/entries/002.p/88', 'tile/1']) {
      await rm(join(node.directory, lost), { recursive: true })
      const again = await node.start()
      await again.flush()
      await again.stop()
      await checkFiles(node, 600)
      assert.deepEqual(await readFile(join(node.directory, 'checkpoint')), checkpoint)
    }
    assert.deepEqual(node.troubles, [])
  }))

test('entries that were accepted in bulk have the bytes, hashes and places they were given', () =>
  withLogNode(async (node) => {
    const sizes = [1, 300, 65_535, 2, 150]
    const pending = sizes.map((size, index) => ({
      id: randomUUID(),
      batch: 'ordinary' as const,
      ready: index !== 3,
      entry: new Uint8Array(size).fill(index),
      at: instantFromMs(Date.now() + index),
    }))
    await node.database.transaction().execute((tx) => addPendingAll(tx, pending))
    const sequencer = await node.start()
    await sequencer.flush()
    const rows = await node.database.selectFrom('log_entry').selectAll().orderBy('seq').execute()
    const ready = pending.filter((one) => one.ready)
    assert.deepEqual(
      rows.map(({ pending_id }) => pending_id),
      ready.map(({ id }) => id),
    )
    assert.deepEqual(
      rows.map(({ entry }) => new Uint8Array(entry)),
      ready.map(({ entry }) => entry),
    )
    assert.deepEqual(
      rows.map(({ accepted_at }) => accepted_at.toISOString()),
      ready.map(({ at }) => at),
    )
    await checkFiles(node, 4)
    assert.deepEqual(node.troubles, [])
  }))
