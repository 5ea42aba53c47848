import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { keyOpening } from '../../test/support/filing-receipts.ts'
import { meridiaSigner } from '../../test/support/package-world.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { type SignedNodeDocument, signNodeDocument } from '../wire/exchange/node-document.ts'

const main = join(import.meta.dirname, 'main.ts')

test('a name in a document cannot write a fingerprint on the terminal', async () => {
  const { event } = keyOpening.envelope as unknown as { event: { document: SignedNodeDocument } }
  const name = 'Authority\n11111 22222 33333\u001b[8m'
  const file = join(temporaryFolder(), 'node.json')
  writeFileSync(file, await signNodeDocument({ ...event.document.document, name }, meridiaSigner))
  const { stdout, status } = spawnSync(process.execPath, [main, 'peer', 'fingerprint', file], {
    encoding: 'utf8',
  })
  assert.equal(status, 0)
  const [first, second, ...more] = stdout.split('\n')
  assert.match(first ?? '', /Authority.11111/)
  assert.doesNotMatch(second ?? '', /11111/)
  assert.deepEqual(more, [''])
  assert.ok(!stdout.includes('\u001b'))
})
