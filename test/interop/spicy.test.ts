/** A verifier of others, spicy-torchwood, takes our receipts and refuses altered ones. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { textFromUtf8, utf8 } from '../../src/base/bytes.ts'
import { buildInclusion } from '../../src/proof/inclusion.ts'
import { formatReceipt } from '../../src/proof/receipt.ts'
import { rootOf } from '../../src/proof/tree-hash.ts'
import { formatVkey } from '../../src/proof/vkey.ts'
import { foreignProgram, missing } from '../support/interop.ts'
import { numberedLeaves } from '../support/merkle.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { logSigner, mlDsaSigner, signedHead, witnessSigner } from '../support/test-log.ts'

const skip = missing('spicy-torchwood')
const seed = new Uint8Array(32).fill(7)
const cosigners = [witnessSigner, mlDsaSigner(witnessSigner.key.name, seed)]

function receiptOf(leafIndex: number, treeSize: number): string {
  const leaves = numberedLeaves(treeSize)
  const note = signedHead({ treeSize, rootHash: rootOf(nodePrimitives, leaves) }, { cosigners })
  const proof = buildInclusion(nodePrimitives, leafIndex, leaves)
  return textFromUtf8(formatReceipt({ proof, note }))
}

async function verify(entry: string, receipt: string): Promise<boolean> {
  const file = join(temporaryFolder(), 'entry')
  writeFileSync(file, utf8(entry))
  // Version 0.9.0 is older than the first line of the format.
  writeFileSync(`${file}.spicy`, receipt.replace(/^c2sp\.org\/tlog-proof@v1\n/, ''))
  const program = foreignProgram('spicy-torchwood') ?? ''
  const args = ['-verify', formatVkey(logSigner.key), file]
  return promisify(execFile)(program, args).then(
    () => true,
    () => false,
  )
}

test('our receipts verify, whatever the place in the tree, with cosignatures of both kinds', {
  skip,
}, async () => {
  for (const [index, size] of [
    [0, 1],
    [6, 7],
    [256, 257],
    [5, 1000],
  ] as const) {
    assert.equal(await verify(String(index), receiptOf(index, size)), true, `${index} of ${size}`)
  }
})

test('another entry, another place and a changed hash are refused', { skip }, async () => {
  const receipt = receiptOf(5, 7)
  assert.equal(await verify('4', receipt), false)
  assert.equal(await verify('5', receipt.replace('index 5', 'index 4')), false)
  const lines = receipt.split('\n')
  const other = (lines[2] ?? '').replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
  assert.equal(await verify('5', receipt.replace(lines[2] ?? '', other)), false)
})
