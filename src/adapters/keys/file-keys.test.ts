import assert from 'node:assert/strict'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { utf8 } from '../../base/bytes.ts'
import { openWithAny, sealTo } from '../../seal/seal.ts'
import { nodePrimitives, verifyMlDsa44 } from '../node-primitives.ts'
import { openFileKeys } from './file-keys.ts'

const root = await mkdtemp(join(tmpdir(), 'comity-keys-'))
after(() => rm(root, { recursive: true }))
let count = 0
const fresh = () => join(root, `keys-${count++}`)

test('keys are made once, readable by their owner only, and the same when opened again', async () => {
  const folder = fresh()
  const first = await openFileKeys(folder, 'a.example')
  const again = await openFileKeys(folder, 'a.example')
  assert.equal(first.messageKeyId, 'a.example/msg1')
  assert.deepEqual(again.messagePublicKey, first.messagePublicKey)
  assert.equal(again.encryptionRecipient, first.encryptionRecipient)
  assert.deepEqual(await again.columnKey(), await first.columnKey())
  const files = await readdir(folder)
  assert.equal(files.length, 6)
  for (const file of files) assert.equal((await stat(join(folder, file))).mode % 0o1000, 0o600)
  assert.deepEqual(
    (await readdir(root)).filter((name) => name.includes('making')),
    [],
  )
})

test('the signing keys are different ones, and each signs for its own public key', async () => {
  const keys = await openFileKeys(fresh(), 'a.example')
  const message = utf8('text')
  const signed = [
    [keys.messagePublicKey, await keys.signMessage(message)],
    [keys.logPublicKey, await keys.signLog(message)],
    [keys.witnessPublicKey, await keys.signWitness(message)],
  ] as const
  for (const [i, [publicKey]] of signed.entries()) {
    for (const [j, [, signature]] of signed.entries()) {
      assert.equal(nodePrimitives.verifyEd25519(publicKey, message, signature), i === j)
    }
  }
  const second = keys.witnessMlDsa44
  assert.ok(second && verifyMlDsa44(second.publicKey, message, await second.sign(message)))
  const sealed = await sealTo([keys.encryptionRecipient], message, { minimumRecipients: 1 })
  assert.deepEqual(await openWithAny(await keys.encryptionIdentities(), sealed), message)
})

test('a file or folder that others can read is refused', async () => {
  const folder = fresh()
  await openFileKeys(folder, 'a.example')
  for (const file of await readdir(folder)) {
    for (const mode of [0o640, 0o604, 0o620]) {
      await chmod(join(folder, file), mode)
      await assert.rejects(openFileKeys(folder, 'a.example'), { code: 'unavailable' }, file)
    }
    await chmod(join(folder, file), 0o600)
  }
  await chmod(folder, 0o750)
  await assert.rejects(openFileKeys(folder, 'a.example'), { code: 'unavailable' })
})

test('a node of an older release goes on without the key that it never had', async () => {
  const folder = fresh()
  const first = await openFileKeys(folder, 'a.example')
  await rm(join(folder, 'witnessMlDsa44.pem'))
  const older = await openFileKeys(folder, 'a.example')
  assert.equal(older.witnessMlDsa44, undefined)
  assert.deepEqual(older.witnessPublicKey, first.witnessPublicKey)
})

test('a missing or foreign file is refused and nothing takes its place', async () => {
  for (const [index, content] of [undefined, '', 'x', 'AAAA'].entries()) {
    const folder = fresh()
    await openFileKeys(folder, 'a.example')
    const file = (await readdir(folder))[index] as string
    const path = join(folder, file)
    if (content === undefined) await rm(path)
    else await writeFile(path, content)
    await assert.rejects(openFileKeys(folder, 'a.example'), { name: 'ComityError' }, file)
    assert.equal(await readFile(path, 'utf8').catch(() => undefined), content)
  }
})
