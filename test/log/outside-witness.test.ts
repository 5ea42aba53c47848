/** The outside witness as a process: its keys sealed, node documents pinned and followed. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileStore } from '../../src/adapters/keys/file-store.ts'
import { openKeys } from '../../src/adapters/keys/open-keys.ts'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { openPeerDocuments } from '../../src/adapters/peers/peer-documents.ts'
import { readNodeDocument } from '../../src/adapters/peers/pinned-folder.ts'
import { migrate, openDatabase } from '../../src/adapters/postgres/database.ts'
import { toBase64 } from '../../src/base/bytes.ts'
import { addMs, DAY_MS, type Instant, instantFromMs } from '../../src/base/time.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { followDocuments } from '../../src/node/witness-documents.ts'
import { formatVkey, KEY_TYPE, type KeyType, noteKey } from '../../src/proof/vkey.ts'
import { type NodeDocument, signNodeDocument } from '../../src/wire/exchange/node-document.ts'
import { signLogNotice } from '../../src/wire/log-notice.ts'
import { withDatabase } from '../support/database.ts'
import { holdPorts } from '../support/held-ports.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const NODE = 'meridia.example'
const PROCESS = join(import.meta.dirname, '..', '..', 'src', 'node', 'witness-process.ts')
const PASSPHRASE = 'six invented words for one test'
const seed = (digit: number) => new Uint8Array(32).fill(digit)
const wireNow = () => instantFromMs(Date.now())
const keyOf = (name: string, type: KeyType, digit: number) =>
  noteKey(nodePrimitives, `${NODE}/${name}`, type, publicKeyOf(seed(digit)))
const messageKey = (count: number, from: number, until: number) => ({
  id: `${NODE}/msg${count}`,
  alg: 'ed25519' as const,
  key: toBase64(publicKeyOf(seed(count))),
  validFrom: addMs(wireNow(), from * DAY_MS),
  validUntil: addMs(wireNow(), until * DAY_MS),
})
const log = keyOf('ledger', KEY_TYPE.ed25519, 21)

const document = (changed: Partial<NodeDocument> = {}): NodeDocument => ({
  v: 1,
  node: NODE,
  name: 'Authority (invented)',
  legalOrder: 'EU',
  endpoints: { federation: 'https://nowhere.invalid' },
  messageKeys: [messageKey(1, -10, 300), messageKey(2, -100, -1)],
  encryptionRecipient: `age1${'q'.repeat(58)}`,
  logKey: formatVkey(log),
  witnessKey: formatVkey(keyOf('witness', KEY_TYPE.cosignature, 22)),
  issuedAt: wireNow(),
  ...changed,
})
const signedBy = (count: number) => ({
  keyId: `${NODE}/msg${count}`,
  sign: (bytes: Uint8Array) => signEd25519(seed(count), bytes),
})

const children: { kill(): void }[] = []
after(() => children.forEach((child) => void child.kill()))

async function witness(given: object): Promise<{ url: string; ended: Promise<number | null> }> {
  const file = join(temporaryFolder(), 'witness.json')
  const port = await holdPorts(1)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, JSON.stringify({ port, ...given }))
  const child = spawn(process.execPath, [PROCESS, file], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  children.push({ kill: () => child.kill('SIGKILL') })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { url: `http://127.0.0.1:${port}`, ended }
}

async function notice(by: number, at: Instant, opened = 23): Promise<Uint8Array> {
  return signLogNotice(
    nodePrimitives,
    {
      node: NODE,
      closed: { origin: `${NODE}/ledger`, treeSize: 7, rootHash: new Uint8Array(32).fill(1) },
      opened: keyOf('ledger/2', KEY_TYPE.ed25519, opened),
      at,
      reason: 'planned',
    },
    signedBy(by),
    publicKeyOf(seed(by)),
  )
}

test('its keys are sealed; a message key closes a log only in its time', async () => {
  await withDatabase(async (databaseUrl) => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'peers'), { recursive: true })
    const pinned = await signNodeDocument(document(), signedBy(1))
    writeFileSync(join(folder, 'peers', `${NODE}.json`), pinned)
    const passphraseFile = join(folder, 'passphrase')
    writeFileSync(passphraseFile, PASSPHRASE, { mode: 0o600 })
    const id = 'lantern.example'
    const place = {
      folder: join(folder, 'keys'),
      node: id,
      store: (at: string) => fileStore(at, { passphrase: PASSPHRASE, workFactor: 10 }),
    }
    await (await openKeys(place, wireNow())).close()
    const logs = [{ origin: `${NODE}/ledger`, vkey: formatVkey(log) }]
    const keys = { store: 'sealedFiles', passphrase: { file: passphraseFile } }
    const given = { id, databaseUrl, folder, keys, logs }
    const { url } = await witness(given)
    await waitFor('the witness', async () => {
      const answer = await fetch(`${url}/health`).catch(() => undefined)
      return answer?.status === 200
    })
    const post = async (body: Uint8Array) => {
      const answer = await fetch(`${url}/witness/log-notice`, {
        method: 'POST',
        body: Buffer.from(body),
      })
      return answer.status
    }
    const lastMonth = addMs(wireNow(), -30 * DAY_MS)
    assert.equal(await post(await notice(2, wireNow())), 403, 'the key is over')
    assert.equal(await post(await notice(2, lastMonth)), 403, 'the key is over, whatever it writes')
    assert.equal(await post(await notice(9, wireNow())), 403, 'nobody knows the key')
    assert.equal(await post(await notice(1, lastMonth)), 403, 'the key had not begun')
    assert.equal(await post(await notice(1, wireNow())), 200)
    assert.equal(await post(await notice(1, wireNow(), 24)), 422, 'another successor')

    for (const bad of [
      { ...given, keys: { store: 'sealedFiles' } },
      { ...given, logs: [] },
      { ...given, messageKeys: [] },
      { ...given, logs: [{ ...logs[0], messageKeys: [] }] },
    ]) {
      assert.notEqual(await (await witness(bad)).ended, 0, JSON.stringify(bad))
    }
  })
})

test('it follows the documents of the nodes, and what does not follow is not taken', async () => {
  await withDatabase(async (databaseUrl) => {
    const database = openDatabase(databaseUrl, 2)
    await migrate(database)
    let served: Uint8Array = new Uint8Array()
    const server = createServer((_request, response) => response.end(served))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const endpoints = { federation: `http://127.0.0.1:${port}` }
    const first = document({ endpoints, issuedAt: addMs(wireNow(), -DAY_MS) })
    const folder = temporaryFolder()
    mkdirSync(folder, { recursive: true })
    const file = join(folder, `${NODE}.json`)
    writeFileSync(file, await signNodeDocument(first, signedBy(1)))
    const peers = await openPeerDocuments(folder)
    const keys = { takeDue: () => [] }
    const following = followDocuments({ database, peers, keys, wireNow, everyMs: 100 })
    try {
      const messageKeys = [...first.messageKeys, messageKey(3, 0, 400)]
      const next = { ...first, messageKeys, issuedAt: wireNow() }
      served = await signNodeDocument({ ...next, name: 'Another' }, signedBy(1))
      await new Promise((resolve) => setTimeout(resolve, 400))
      assert.equal(readNodeDocument(file).document.messageKeys.length, 2)
      served = await signNodeDocument(next, signedBy(3))
      await new Promise((resolve) => setTimeout(resolve, 400))
      assert.equal(readNodeDocument(file).document.messageKeys.length, 2)
      served = await signNodeDocument(next, signedBy(1))
      await waitFor('the successor', async () => peers.find(NODE)?.messageKeys.length === 3)
      assert.equal(readNodeDocument(file).document.messageKeys.length, 3)
    } finally {
      await following.stop()
      server.close()
      await database.destroy()
    }
  })
})
