/** Exports: added to night by night they are what a new one is, and a cut run is mended. */
import assert from 'node:assert/strict'
import { rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readFiles, sampleNode, world } from '../../../test/support/log-copies.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { ComityError } from '../../base/errors.ts'
import { logFolder } from '../../cli/log-folder.ts'
import { parsePolicy } from '../../proof/policy.ts'
import { verifyLogFolder } from '../../wire/verify-log.ts'
import { nodePrimitives } from '../node-primitives.ts'
import { writeLogExport } from './write-export.ts'

const trust = { policy: parsePolicy(nodePrimitives, world.policy) }
const verdict = async (out: string) =>
  (await verifyLogFolder(nodePrimitives, logFolder(out), trust)).verdict

test('an export that grew is byte for byte the one that was made at once', async () => {
  const folder = temporaryFolder()
  const grown = join(folder, 'grown')
  for (const size of [3, 255, 256, 300, 513]) {
    const node = await sampleNode(join(folder, String(size)), size)
    const at = join(folder, `at-${size}`)
    const written = await writeLogExport({ ...node, out: grown })
    await writeLogExport({ ...node, out: at })
    // The proofs of documents are those of the night on which they came.
    const proofs = (files: Map<string, Uint8Array>) =>
      [...files].filter(([path]) => !/^documents|manifest|signature/.test(path))
    assert.deepEqual(proofs(readFiles(grown)), proofs(readFiles(at)), String(size))
    assert.equal(await verdict(grown), 'verified', String(size))
    assert.ok(written.files > 0)
    const again = await writeLogExport({ ...node, out: grown })
    assert.deepEqual(again, { files: 0, entries: 0, logs: 2 }, 'nothing is new')
  }
})

test('a run that was cut short, or a damaged file of its own, is mended by the next', async () => {
  const folder = temporaryFolder()
  const out = join(folder, 'out')
  const node = await sampleNode(join(folder, 'node'), 300)
  await writeLogExport({ ...node, out })
  const whole = readFiles(out)
  const damages: readonly (() => void)[] = [
    () => unlinkSync(join(out, 'manifest-sha256.txt')),
    () => writeFileSync(join(out, 'ledger/2/tile/0/000.export.tmp'), 'half'),
    () => rmSync(join(out, 'ledger/2'), { recursive: true }),
    () => {
      truncateSync(join(out, 'ledger/2/checkpoint'), 20)
      truncateSync(join(out, 'ledger/2/tile/0/000'), 20)
    },
    () => truncateSync(join(out, 'documents/00000009.json'), 200),
    () => writeFileSync(join(out, 'README.txt'), 'other words'),
  ]
  for (const damage of damages) {
    damage()
    const before = await verdict(out).catch((error: ComityError) => error.code)
    assert.notEqual(before, 'verified')
    await writeLogExport({ ...node, out })
    assert.deepEqual(readFiles(out), whole)
  }
})

test('a log of which a file is missing is not exported, nor one that went back', async () => {
  const folder = temporaryFolder()
  const out = join(folder, 'out')
  const node = await sampleNode(join(folder, 'node'), 300)
  await writeLogExport({ ...node, out })
  const older = await sampleNode(join(folder, 'older'), 280)
  await assert.rejects(writeLogExport({ ...older, out }), ComityError)
  unlinkSync(join(folder, 'node/log-2/tile/entries/000'))
  await assert.rejects(writeLogExport({ ...node, out: join(folder, 'other') }), ComityError)
  assert.equal(await verdict(out), 'verified')
})
