/** Sealed files on a disk that runs full: a refusal that leaves nothing, and all of it later. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderBlobs } from '../../../src/adapters/blobs/folder-blobs.ts'
import { faultRandom, rounds, told } from '../../support/fault-run.ts'
import { loopDisk, whyNoDisk } from '../../support/loop-disk.ts'
import { comityError } from '../../support/merkle.ts'

const ROUNDS = rounds(4, 60)
const DISK_MB = 16
const MB = 2 ** 20

async function* partsOf(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024)
}

test('a sealed file that finds no room is refused, leaves nothing, and is kept when there is room', {
  skip: whyNoDisk() ?? false,
}, async () => {
  const disk = await loopDisk(DISK_MB)
  const random = faultRandom(70)
  const folder = join(disk.folder, 'exhibits')
  const blobs = folderBlobs(folder)
  const first = randomBytes(MB)
  const { digest: kept } = await blobs.keep(partsOf(first))
  for (let round = 0; round < ROUNDS; round++) {
    await disk.fill(random.below(MB))
    const bytes = randomBytes(2 * MB + random.below(MB))
    const digest = createHash('sha256').update(bytes).digest('hex')
    await assert.rejects(blobs.keep(partsOf(bytes)), comityError('unavailable', 'no-room'))
    assert.deepEqual(await readdir(join(folder, 'unfinished')), [])
    assert.equal(await blobs.has(digest), false)
    await disk.makeRoom()
    assert.equal((await blobs.keep(partsOf(bytes))).digest, digest)
    await blobs.remove(digest)
    const hash = createHash('sha256')
    for await (const part of await blobs.read(kept)) hash.update(part)
    assert.equal(hash.digest('hex'), kept, 'what was kept is as it was')
  }
  told('files refused by a full disk', ROUNDS)
})
