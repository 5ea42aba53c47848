import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { fromBase64, textFromUtf8 } from '../base/bytes.ts'
import { generateIdentity, openWith, recipientOf } from '../seal/seal.ts'
import { keysRecoveryCommand } from './keys-recovery.ts'

const officer = await generateIdentity()

async function made(folder: string): Promise<string> {
  const out = join(folder, 'made')
  const holders = ['--person', 'Notary Nook', '--person', 'Ombud Oak']
  const sealed = ['--officer', `ada=${await recipientOf(officer)}`]
  const args = ['make', '--threshold', '2', '--out', out, ...holders, ...sealed]
  assert.equal(await keysRecoveryCommand(args), 0)
  return out
}

test('a key is made in shares, and two of three give it back', async () => {
  const folder = temporaryFolder()
  const out = await made(folder)
  const set = JSON.parse(readFileSync(join(out, 'set.json'), 'utf8'))
  assert.deepEqual(
    set.shares.map(({ holder }: { holder: object }) => holder),
    [{ officer: 'ada' }, { person: 'Notary Nook' }, { person: 'Ombud Oak' }],
  )
  assert.ok(!JSON.stringify(set).includes('AGE-SECRET-KEY'))
  assert.equal(statSync(join(out, 'share-2.txt')).mode % 0o1000, 0o600)
  const own = join(folder, 'own.txt')
  writeFileSync(own, textFromUtf8(await openWith(officer, fromBase64(set.shares[0].sealed))))
  const args = ['--set', join(out, 'set.json'), '--out', join(folder, 'key.txt')]
  assert.equal(await keysRecoveryCommand(['join', ...args, own, join(out, 'share-3.txt')]), 0)
  const [, identity = ''] = readFileSync(join(folder, 'key.txt'), 'utf8').split('\n')
  assert.equal(await recipientOf(identity), set.recipient)
  await assert.rejects(
    keysRecoveryCommand(['join', ...args, own, join(out, 'share-3.txt')]),
    /exists already/,
  )
})

test('what is wrong with a share is said, and nothing is written', async () => {
  const folder = temporaryFolder()
  const out = await made(folder)
  const other = await made(join(folder, 'other'))
  const share = join(out, 'share-2.txt')
  const mistyped = join(folder, 'mistyped.txt')
  const lines = readFileSync(share, 'utf8').trim().split('\n')
  const code = lines.at(-1) ?? ''
  writeFileSync(mistyped, `${code.slice(0, 5)}${code[5] === 'Z' ? 'Y' : 'Z'}${code.slice(6)}`)
  const key = join(folder, 'key.txt')
  for (const [files, message] of [
    [[share], /1 of 2 shares/],
    [[share, share], /share 2: the share was given twice/],
    [[share, join(other, 'share-3.txt')], /share 3: the share is of another set/],
    [[share, mistyped], /mistyped.txt: a letter of the share is wrong/],
    [[share, join(out, 'set.json')], /not the code of a share/],
  ] as const) {
    const args = ['join', '--set', join(out, 'set.json'), '--out', key, ...files]
    await assert.rejects(keysRecoveryCommand(args), message)
  }
  assert.throws(() => statSync(key), { code: 'ENOENT' })
})

test('wrong wishes are refused', async () => {
  const out = join(temporaryFolder(), 'made')
  const base = ['make', '--out', out]
  for (const args of [
    [...base, '--threshold', '1', '--person', 'a', '--person', 'b'],
    [...base, '--threshold', '3', '--person', 'a', '--person', 'b'],
    [...base, '--threshold', 'two', '--person', 'a', '--person', 'b'],
    [...base, '--threshold', '2', '--officer', 'ada', '--person', 'b'],
    [...base, '--threshold', '2', '--officer', 'ada=age1wrong', '--person', 'b'],
  ]) {
    await assert.rejects(keysRecoveryCommand(args), { code: 'malformed' }, args.join(' '))
  }
  assert.equal(await keysRecoveryCommand([]), 2)
  assert.equal(await keysRecoveryCommand(['join', '--out', out]), 2)
})
