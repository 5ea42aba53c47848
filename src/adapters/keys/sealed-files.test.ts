/** The node's keys under a passphrase, and where the passphrase comes from. */
import assert from 'node:assert/strict'
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { utf8 } from '../../base/bytes.ts'
import { instant } from '../../base/time.ts'
import { openWithAny, sealTo } from '../../seal/seal.ts'
import { nodePrimitives } from '../node-primitives.ts'
import { retireKeys, rotateKey, sealKeys } from './change-keys.ts'
import { fileStore } from './file-store.ts'
import { openKeys } from './open-keys.ts'
import { readSecret, type SecretSource } from './secret-source.ts'

const root = await mkdtemp(join(tmpdir(), 'comity-sealed-'))
after(() => rm(root, { recursive: true }))
let count = 0
const fresh = () => join(root, `keys-${count++}`)
const now = instant('2026-11-22T12:00:00.000Z')
const PASSPHRASE = 'a passphrase of several words'
const openSealed = (folder: string, passphrase = PASSPHRASE) =>
  openKeys(
    { folder, node: 'a.example', store: (at) => fileStore(at, { passphrase, workFactor: 8 }) },
    now,
  )

test('sealed keys are the same when opened again, and no file holds one in clear', async () => {
  const folder = fresh()
  const first = await openSealed(folder)
  const again = await openSealed(folder)
  assert.deepEqual(again.messagePublicKey, first.messagePublicKey)
  assert.deepEqual(again.columnKey(), first.columnKey())
  const message = utf8('text')
  const sealed = await sealTo([first.encryptionRecipient], message, { minimumRecipients: 1 })
  assert.deepEqual(await openWithAny(await again.encryptionIdentities(), sealed), message)
  assert.ok(nodePrimitives.verifyEd25519(first.logPublicKey, message, await again.signLog(message)))
  const files = await readdir(folder)
  assert.equal(files.length, 6)
  for (const file of files) {
    const bytes = await readFile(join(folder, file), 'latin1')
    assert.match(bytes, /^age-encryption\.org\/v1\n-> scrypt /)
    assert.doesNotMatch(bytes, /PRIVATE|AGE-SECRET/)
  }
})

test('the wrong passphrase opens nothing, makes nothing and changes nothing', async () => {
  const folder = fresh()
  await openSealed(folder)
  const before = await readdir(folder)
  await assert.rejects(openSealed(folder, 'another passphrase than it'), { reason: 'passphrase' })
  assert.deepEqual(await readdir(folder), before)
  await assert.rejects(openSealed(fresh(), 'short'), { reason: 'weak-passphrase' })
  assert.ok(!(await readdir(root)).some((name) => name.includes('making')))
})

test('a sealed file that is cut, of another purpose, plain or open to others is refused', async () => {
  const faults: Record<string, (path: string, folder: string) => Promise<unknown>> = {
    cut: async (path) => writeFile(path, (await readFile(path)).subarray(0, -5)),
    'of another purpose': (path, folder) => copyFile(join(folder, 'column.key.age'), path),
    plain: (path) => writeFile(path, 'AGE-SECRET-KEY-1INVENTED'),
    empty: (path) => writeFile(path, ''),
    missing: (path) => rm(path),
    'open to others': (path) => chmod(path, 0o644),
  }
  for (const [name, spoil] of Object.entries(faults)) {
    const folder = fresh()
    await openSealed(folder)
    await spoil(join(folder, 'message.pem.age'), folder)
    await assert.rejects(openSealed(folder), { name: 'ComityError' }, name)
  }
})

test('a key folder of plain files is not taken for a sealed one', async () => {
  const folder = fresh()
  await openKeys({ folder, node: 'a.example', store: fileStore }, now)
  await assert.rejects(openSealed(folder), { reason: 'key-file-missing' })
})

test('plain keys are moved under a passphrase and stay the same; nothing plain is left', async () => {
  const folder = fresh()
  const place = { folder, node: 'a.example', store: fileStore }
  const first = await openKeys(place, now)
  await rotateKey(place, 'column', { now, from: now })
  await retireKeys(place, { now, columnKeys: true })
  const sealed = fileStore(folder, { passphrase: PASSPHRASE, workFactor: 8 })
  await sealKeys(place, { plain: fileStore(folder), sealed })
  const again = await openSealed(folder)
  assert.deepEqual(again.messagePublicKey, first.messagePublicKey)
  assert.equal(again.encryptionRecipient, first.encryptionRecipient)
  assert.deepEqual(
    (await readdir(folder)).filter((name) => !name.endsWith('.age')),
    ['keys.json'],
  )
  await assert.rejects(sealKeys(place, { plain: fileStore(folder), sealed }), {
    reason: 'sealed-already',
  })
  await openSealed(folder)
})

const credentials = join(root, 'credentials')
await mkdir(credentials)
await writeFile(join(credentials, 'node-keys'), `${PASSPHRASE}\n`)
await writeFile(join(credentials, 'two-lines'), 'one line here\nanother line\n')
await writeFile(join(credentials, 'empty'), '\n')
await writeFile(join(credentials, 'long'), 'x'.repeat(5000))
const owned = join(root, 'owned')
await writeFile(owned, `${PASSPHRASE}\r\n`, { mode: 0o600 })
const shared = join(root, 'shared')
await writeFile(shared, PASSPHRASE)
await chmod(shared, 0o640)
const read = (source: SecretSource, surroundings = {}) =>
  readSecret(source, 'passphrase', { credentialsDirectory: credentials, ...surroundings })

test('a passphrase comes from a prompt, an own file or a systemd credential', async () => {
  assert.equal(await read({ credential: 'node-keys' }), PASSPHRASE)
  assert.equal(await read({ file: owned }), PASSPHRASE)
  assert.equal(await read({ prompt: true }, { ask: async () => PASSPHRASE }), PASSPHRASE)
})

const refused: readonly (readonly [string, SecretSource, object, string])[] = [
  ['a file that others can read', { file: shared }, {}, 'not-private'],
  ['a file that is not there', { file: join(root, 'nothing') }, {}, 'key-file-missing'],
  ['no terminal', { prompt: true }, {}, 'no-terminal'],
  ['an empty answer', { prompt: true }, { ask: async () => '' }, 'secret-form'],
  [
    'no credentials at all',
    { credential: 'node-keys' },
    { credentialsDirectory: undefined },
    'credential-missing',
  ],
  ['a credential that is not given', { credential: 'other' }, {}, 'credential-missing'],
  ['a credential outside the folder', { credential: '../owned' }, {}, 'credential-name'],
  ['an empty credential', { credential: 'empty' }, {}, 'secret-form'],
  ['a credential of two lines', { credential: 'two-lines' }, {}, 'secret-form'],
  ['a credential too long', { credential: 'long' }, {}, 'credential'],
]
for (const [name, source, surroundings, reason] of refused) {
  test(`no passphrase from ${name}`, () =>
    assert.rejects(read(source, surroundings), { code: 'unavailable', reason }))
}
