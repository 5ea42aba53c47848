/** The token store against SoftHSM, a token in software. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { copyFile, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { descendantsOf, searchStart, wordsOf } from '../../../test/support/canaries.ts'
import { utf8 } from '../../base/bytes.ts'
import { instant } from '../../base/time.ts'
import { openWithAny, sealTo } from '../../seal/seal.ts'
import { nodePrimitives } from '../node-primitives.ts'
import { rotateKey } from './change-keys.ts'
import { type OpenedKeys, openKeys } from './open-keys.ts'
import { pkcs11Store, type TokenPlace } from './pkcs11-store.ts'

const LIBRARY = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib64/softhsm/libsofthsm2.so'].find(
  (path) => existsSync(path),
)
const isInstalled = LIBRARY !== undefined && spawnSync('softhsm2-util', ['--version']).status === 0
const root = mkdtempSync(join(tmpdir(), 'comity-token-'))
const now = instant('2026-11-22T12:00:00.000Z')
const NODE = 'a.example'
const PIN = '20261122'
const good: TokenPlace = { library: LIBRARY ?? '', token: 'comity-test', pin: PIN }
const open: OpenedKeys[] = []
let count = 0
after(async () => {
  for (const keys of open) await keys.close()
  rmSync(root, { recursive: true })
})

const place = (node: string, token = good, folder = join(root, `keys-${count++}`)) => ({
  folder,
  node,
  store: (at: string) => pkcs11Store(at, node, token),
})

async function opened(where: ReturnType<typeof place>): Promise<OpenedKeys> {
  const keys = await openKeys(where, now)
  open.push(keys)
  return keys
}

describe('keys in a token', {
  skip: isInstalled ? false : 'SoftHSM (softhsm2) is not installed: there is no token to try',
}, () => {
  before(() => {
    mkdirSync(join(root, 'tokens'))
    writeFileSync(join(root, 'softhsm.conf'), `directories.tokendir = ${join(root, 'tokens')}\n`)
    process.env['SOFTHSM2_CONF'] = join(root, 'softhsm.conf')
    const pins = ['--pin', PIN, '--so-pin', '99999999']
    const made = spawnSync('softhsm2-util', [
      '--init-token',
      '--free',
      '--label',
      good.token,
      ...pins,
    ])
    assert.equal(made.status, 0, String(made.stderr))
  })

  test('keys are made in the token, sign in it, and are the same when opened again', async () => {
    const where = place(NODE)
    const first = await opened(where)
    const again = await opened(where)
    const message = utf8('text')
    for (const [publicKey, signature] of [
      [first.messagePublicKey, await again.signMessage(message)],
      [first.logPublicKey, await again.signLog(message)],
      [first.witnessPublicKey, await again.signWitness(message)],
    ] as const) {
      assert.ok(nodePrimitives.verifyEd25519(publicKey, message, signature))
    }
    assert.deepEqual(again.columnKey(), first.columnKey())
    const sealed = await sealTo([first.encryptionRecipient], message, { minimumRecipients: 1 })
    assert.deepEqual(await openWithAny(await again.encryptionIdentities(), sealed), message)
    for (const file of await readdir(where.folder)) {
      assert.match(await readFile(join(where.folder, file), 'utf8'), /^[A-Za-z0-9+/=]+\n$/)
    }
  })

  test('many signatures at once are all right', async () => {
    const keys = await opened(place('many.example'))
    const messages = Array.from({ length: 40 }, (_, index) => utf8(`message ${index}`))
    const signatures = await Promise.all(messages.map((one) => keys.signMessage(one)))
    for (const [index, signature] of signatures.entries()) {
      const message = messages[index] as Uint8Array
      assert.ok(nodePrimitives.verifyEd25519(keys.messagePublicKey, message, signature))
    }
  })

  test('a successor is made in the token too', async () => {
    const where = place('rotating.example')
    await opened(where)
    await rotateKey(where, 'message', { now, from: now })
    const keys = await opened(where)
    assert.equal(keys.messageKeyId, 'rotating.example/msg2')
    assert.equal((await keys.signMessage(utf8('x'))).length, 64)
  })

  const bad: Readonly<Record<string, readonly [Partial<TokenPlace>, string]>> = {
    'a wrong PIN': [{ pin: '00000000' }, 'pin'],
    'no such token': [{ token: 'another' }, 'no-token'],
    'no such library': [{ library: '/nowhere/lib.so' }, 'token-library'],
    'a library that is none': [{ library: import.meta.filename }, 'token-library'],
  }
  for (const [name, [change, reason]] of Object.entries(bad)) {
    test(`nothing is made with ${name}`, async () => {
      const where = place('bad.example', { ...good, ...change })
      await assert.rejects(openKeys(where, now), { name: 'ComityError', reason })
      assert.ok(!existsSync(where.folder))
    })
  }

  test('a wrong PIN is tried once: the token is not locked by a node that goes on asking', async () => {
    const where = place('once.example')
    await (await openKeys(where, now)).close()
    const store = pkcs11Store(where.folder, where.node, { ...good, pin: '00000000' })
    for (let tries = 0; tries < 12; tries++) {
      await assert.rejects(store.openSigner('once.example.log-1', 'ed25519'), { reason: 'pin' })
    }
    await store.close()
    await opened(where)
  })

  test('the PIN is in no argument and no environment of the process that talks to the token', {
    skip: process.platform === 'linux' ? false : 'only Linux shows how a process was started',
  }, async () => {
    await opened(place('started.example'))
    const talking = descendantsOf(process.pid).filter(({ command }) => command.includes('pkcs11'))
    assert.ok(talking.length > 0)
    for (const { pid } of talking) {
      assert.deepEqual(searchStart(pid, wordsOf({ 'the PIN': PIN })), [])
      assert.equal(searchStart(pid, wordsOf({ 'a known word': 'pkcs11-process' })).length, 1)
    }
  })

  test('keys of a name that the token has already are not taken over', async () => {
    await opened(place('twice.example'))
    await assert.rejects(openKeys(place('twice.example'), now), { reason: 'key-there' })
  })

  test('a wrapped secret is none of another purpose, nor changed', async () => {
    const where = place('wrapped.example')
    const keys = await openKeys(where, now)
    await keys.close()
    const file = (purpose: string) => join(where.folder, `wrapped.example.${purpose}-1.wrapped`)
    await copyFile(file('column'), file('encryption'))
    await assert.rejects(openKeys(where, now), { reason: 'not-unwrapped' })
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 })
    writeFileSync(
      file('encryption'),
      `${publicKey.export({ type: 'pkcs1', format: 'der' }).subarray(0, 384).toString('base64')}\n`,
    )
    await assert.rejects(openKeys(where, now), { reason: 'not-unwrapped' })
  })
})
