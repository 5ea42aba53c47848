/** The policy as the doctor reads it: who is asked to cosign, and who need not be. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { formatVkey, KEY_TYPE, type KeyType, noteKey } from '../../proof/vkey.ts'
import { logPolicy } from './local-checks.ts'

const vkeyOf = (name: string, type: KeyType, byte: number) =>
  formatVkey(noteKey(nodePrimitives, name, type, new Uint8Array(32).fill(byte)))

const keys = {
  logPublicKey: new Uint8Array(32).fill(1),
  witnessPublicKey: new Uint8Array(32).fill(2),
}
const own = vkeyOf('meridia.example/witness', KEY_TYPE.cosignature, 2)
const other = vkeyOf('albion.example/witness', KEY_TYPE.cosignature, 3)
const policyFile = join(temporaryFolder(), 'policy.txt')
writeFileSync(
  policyFile,
  [
    `log ${vkeyOf('meridia.example/ledger', KEY_TYPE.ed25519, 1)}`,
    `witness m ${own}`,
    `witness a ${other}`,
    'group parties any m a',
    'quorum parties\n',
  ].join('\n'),
)

async function found(witnesses: readonly object[]): Promise<readonly string[]> {
  const config = { log: { policyFile, witnesses }, node: { id: 'meridia.example' } }
  return (await logPolicy.run({ config, keys } as never)).map(({ says }) => says)
}

test('a node need not ask its own witness, which a shared policy lists, and every other one', async () => {
  assert.deepEqual(await found([{ vkey: other }]), ['1 logs, 2 witnesses'])
  assert.deepEqual(await found([]), ['its witness albion.example/witness is never asked'])
})
