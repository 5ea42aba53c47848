/** What a pinned peer can do with notices about logs of its own: nothing that stops this node. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { atRest } from '../../src/adapters/keys/at-rest.ts'
import { fileStore } from '../../src/adapters/keys/file-store.ts'
import { openKeys } from '../../src/adapters/keys/open-keys.ts'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { openPeerDocuments } from '../../src/adapters/peers/peer-documents.ts'
import { type Database, migrate, openDatabase } from '../../src/adapters/postgres/database.ts'
import { textFromUtf8, toBase64, utf8 } from '../../src/base/bytes.ts'
import { addMs, DAY_MS } from '../../src/base/time.ts'
import type { NodeConfig } from '../../src/node/config.ts'
import { openLog } from '../../src/node/log.ts'
import { logSigners } from '../../src/node/log-signers.ts'
import { formatAddCheckpoint } from '../../src/proof/add-checkpoint.ts'
import { POLICY_SIZE_MAX, parsePolicy } from '../../src/proof/policy.ts'
import { formatVkey, KEY_TYPE, type NoteKey, noteKey } from '../../src/proof/vkey.ts'
import { logOriginOf } from '../../src/wire/event-opening.ts'
import { type NodeDocument, signNodeDocument } from '../../src/wire/exchange/node-document.ts'
import { signLogNotice } from '../../src/wire/log-notice.ts'
import { withDatabase } from '../support/database.ts'
import { realNow } from '../support/log-node.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { signedHead, testSigner, witnessSigner } from '../support/test-log.ts'

const OWN = 'albion.example'
const PEER = 'meridia.example'
const messageSeed = new Uint8Array(32).fill(1)
const messageSigner = {
  keyId: `${PEER}/msg1`,
  sign: (bytes: Uint8Array) => signEd25519(messageSeed, bytes),
}
const emptyRoot = nodePrimitives.sha256(new Uint8Array())

/** The peer's n-th log: a key of its own each. */
function log(ordinal: number) {
  const seed = nodePrimitives.sha256(utf8(`log ${ordinal}`))
  return testSigner(logOriginOf(PEER, ordinal), KEY_TYPE.ed25519, seed)
}

const noticeOf = (ordinal: number, opened: NoteKey = log(ordinal + 1).key) =>
  signLogNotice(
    nodePrimitives,
    {
      node: PEER,
      closed: { origin: logOriginOf(PEER, ordinal), treeSize: 0, rootHash: emptyRoot },
      opened,
      at: realNow(),
      reason: 'planned',
    },
    messageSigner,
    publicKeyOf(messageSeed),
  )

const peerDocument: NodeDocument = {
  v: 1,
  node: PEER,
  name: 'Authority (invented)',
  legalOrder: 'EU',
  endpoints: { federation: 'https://nowhere.invalid' },
  messageKeys: [
    {
      id: `${PEER}/msg1`,
      alg: 'ed25519',
      key: toBase64(publicKeyOf(messageSeed)),
      validFrom: addMs(realNow(), -DAY_MS),
      validUntil: addMs(realNow(), DAY_MS),
    },
  ],
  encryptionRecipient: `age1${'q'.repeat(58)}`,
  logKey: formatVkey(log(1).key),
  witnessKey: formatVkey(
    testSigner(`${PEER}/witness`, KEY_TYPE.cosignature, new Uint8Array(32).fill(2)).key,
  ),
  issuedAt: addMs(realNow(), -DAY_MS),
}

type Opened = Awaited<ReturnType<typeof openLog>>

/** A node whose policy lists its own log and the peer's, as far as its log needs one. */
async function withNode(
  work: (open: () => Promise<Opened>, database: Database) => Promise<void>,
): Promise<void> {
  const folder = temporaryFolder()
  const [policyFile, pinned] = [join(folder, 'policy.txt'), join(folder, 'peers')]
  mkdirSync(pinned)
  writeFileSync(join(pinned, `${PEER}.json`), await signNodeDocument(peerDocument, messageSigner))
  const keys = await openKeys(
    {
      folder: join(folder, 'keys'),
      node: OWN,
      store: (at: string) =>
        fileStore(at, { passphrase: 'six invented words for one test', workFactor: 10 }),
    },
    realNow(),
  )
  const own = formatVkey(logSigners(OWN, keys).log.key)
  writeFileSync(
    policyFile,
    `log ${own}\nlog ${formatVkey(log(1).key)}\nwitness w ${formatVkey(witnessSigner.key)}\nquorum w\n`,
  )
  const config = {
    node: { id: OWN },
    folder,
    log: { policyFile, witnesses: [], intervalMs: 1000 },
  } as unknown as NodeConfig
  const peers = await openPeerDocuments(pinned)
  const sealed = atRest(await keys.columnKey())
  const clocks = { wireNow: realNow, caseNow: realNow, caseOffsetMs: () => 0 }
  await withDatabase(async (url) => {
    const database = openDatabase(url, 4)
    try {
      await migrate(database)
      await work(() => openLog({ config, database, keys, clocks, atRest: sealed, peers }), database)
    } finally {
      await database.destroy()
      await keys.close()
    }
  })
}

const cosigns = async ({ witness }: Opened, ordinal: number) => {
  const note = signedHead({ treeSize: 0, rootHash: emptyRoot }, { signer: log(ordinal) })
  return (await witness.addCheckpoint(formatAddCheckpoint({ oldSize: 0, proof: [], note }))).status
}

const answerTo = async ({ witness }: Opened, notice: Uint8Array) => {
  const { status, body } = await witness.addNotice(notice)
  const { code } = status === 200 ? { code: 'accepted' } : JSON.parse(textFromUtf8(body))
  return `${status} ${code}`
}

test('64 logs of a peer are followed; the next notice is refused, and nothing of it kept', () =>
  withNode(async (open, database) => {
    const before = await open()
    for (let ordinal = 1; ordinal <= 64; ordinal++) {
      assert.equal(await answerTo(before, await noticeOf(ordinal)), '200 accepted', `${ordinal}`)
    }
    for (const ordinal of [65, 65]) {
      assert.equal(await answerTo(before, await noticeOf(ordinal)), '422 too-many-logs')
    }
    assert.equal(await answerTo(before, await noticeOf(66)), '404 unknown-origin')
    const rows = await database.selectFrom('log_notice').select('node').execute()
    assert.equal(rows.length, 64)
    assert.deepEqual(await database.selectFrom('witness_evidence').selectAll().execute(), [])
    assert.equal(await cosigns(await open(), 65), 200)
  }))

test('the same notice twice at one moment is no contradiction', () =>
  withNode(async (open, database) => {
    const node = await open()
    const notice = await noticeOf(1)
    const answers = await Promise.all(Array.from({ length: 8 }, () => answerTo(node, notice)))
    assert.deepEqual(new Set(answers), new Set(['200 accepted']))
    assert.deepEqual(await database.selectFrom('witness_evidence').selectAll().execute(), [])
  }))

test('a log that is opened with a key of the policy keeps no node from opening', () =>
  withNode(async (open) => {
    const again = noteKey(
      nodePrimitives,
      logOriginOf(PEER, 2),
      KEY_TYPE.ed25519,
      log(1).key.publicKey,
    )
    assert.equal(await answerTo(await open(), await noticeOf(1, again)), '200 accepted')
    const shown = parsePolicy(nodePrimitives, (await open()).policyBytes())
    assert.equal(shown.logs.length, 2)
  }))

test('thousands of logs that were followed before there was a limit keep no node from opening', () =>
  withNode(async (open, database) => {
    const rows = Array.from({ length: 4000 }, (_, index) => ({
      closed_origin: logOriginOf(PEER, index + 1),
      node: PEER,
      opened_origin: logOriginOf(PEER, index + 2),
      opened_vkey: formatVkey(log(index + 2).key),
      closed_size: 0,
      closed_root: emptyRoot,
      notice: utf8('a notice'),
      received_at: addMs(realNow(), index),
    }))
    await database.insertInto('log_notice').values(rows).execute()
    const node = await open()
    assert.equal(
      node.withFollowers(parsePolicy(nodePrimitives, node.policyBytes())).logs.length,
      4002,
    )
    assert(node.policyBytes().length <= POLICY_SIZE_MAX)
    assert.equal(await cosigns(node, 4001), 200)
    assert.equal(await answerTo(node, await noticeOf(4001)), '422 too-many-logs')
  }))
