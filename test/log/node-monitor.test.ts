/** The monitor inside a node: what it keeps, what goes on record, and what is no misconduct. */
import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { acceptNotice } from '../../src/adapters/postgres/log/notices.ts'
import { readOversight } from '../../src/app/oversight/oversight-act.ts'
import type { Peer } from '../../src/app/ports/peers.ts'
import { canonicalBytes } from '../../src/base/canonical-json.ts'
import { instant } from '../../src/base/time.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { monitorJob, monitorRound } from '../../src/node/monitor.ts'
import { followedLogs } from '../../src/node/peer-log-list.ts'
import { formatVkey, KEY_TYPE } from '../../src/proof/vkey.ts'
import { signLogNotice } from '../../src/wire/log-notice.ts'
import { deskKernel } from '../support/desk-kernel.ts'
import { type ForgingLog, forgingLog } from '../support/forging-log.ts'
import { testSigner, witnessSigner } from '../support/test-log.ts'

const PEER = 'authority.example'
const MESSAGE_SEED = new Uint8Array(32).fill(5)
const messageKey = {
  id: `${PEER}/msg1`,
  node: PEER,
  publicKey: publicKeyOf(MESSAGE_SEED),
  validFrom: instant('2026-01-01T00:00:00.000Z'),
  validUntil: instant('2036-01-01T00:00:00.000Z'),
}
const cosigners = [witnessSigner]

async function world(t: TestContext) {
  const { kernel, database } = await deskKernel(t)
  const log = await forgingLog()
  t.after(() => log.stop())
  const peer = { ...peerWith(log), document: documentOf(log.url) }
  const peers = { all: () => [peer], find: () => peer }
  const { clocks } = kernel
  const policy = () => ({ logs: [], witnesses: [], quorum: 'none' as const })
  const config = { log: { policyFile: '', intervalMs: 1000, witnesses: [] } }
  const parts = { config, database, kernel, clocks, peers, policy, recheckMs: 0 }
  return {
    ...{ kernel, database, log, peer },
    round: () => monitorRound(parts, new AbortController().signal),
    findings: async () => (await readOversight(kernel)).logFindings,
    logs: () => kernel.peerLogs.all(),
  }
}

function peerWith(log: ForgingLog): Omit<Peer, 'document'> {
  return {
    id: PEER,
    name: 'Authority (invented)',
    legalOrder: 'EU',
    webUrl: log.url,
    messageKeys: [messageKey],
    logVkey: log.vkey,
    witnessVkey: formatVkey(witnessSigner.key),
  }
}

/** The log answers at `/log/1`, and nobody at its witness. */
const documentOf = (url: string, more: object = {}) =>
  canonicalBytes({
    document: { node: PEER, endpoints: { federation: 'http://127.0.0.1:1', log: url, ...more } },
  })

test('growth is kept and accuses nobody; a peer that is down is not reached since', async (t) => {
  const { log, round, findings, logs } = await world(t)
  log.show({ size: 300, cosigners })
  await round()
  const [first] = await logs()
  assert.equal(first?.treeSize, 300)
  assert.equal(first.failure, undefined)
  assert.ok(first.reachedAt && first.freshAt)
  log.lie('checkpoint', (response) => response.destroy())
  await round()
  const [down] = await logs()
  assert.equal(down?.failure, 'unreachable')
  assert.equal(down.reachedAt, first.reachedAt)
  await round()
  assert.equal((await logs())[0]?.failingSince, down.failingSince, 'since the first time')
  log.lie('checkpoint', undefined)
  await round()
  assert.equal((await logs())[0]?.failingSince, undefined)
  assert.deepEqual(await findings(), [])
})

test('a fork goes on record once, however often it is looked at and however it grows', async (t) => {
  const { log, round, findings, logs } = await world(t)
  log.show({ size: 20, cosigners })
  await round()
  for (const size of [30, 30, 40]) {
    log.show({ size, forkedAt: 2, cosigners })
    await round()
  }
  const [found, ...more] = await findings()
  assert.deepEqual(more, [])
  assert.equal(found?.finding, 'unconnected')
  assert.equal(found.node, PEER)
  assert.ok(found.convicts)
  assert.equal((await logs())[0]?.treeSize, 20)
})

test('entries that are wrong in great number do not keep a second history off the record', async (t) => {
  const { log, round, findings } = await world(t)
  const size = 9 * 256
  log.show({ size, cosigners })
  for (let index = 0; index < 9; index++) {
    const path = `tile/entries/${String(index).padStart(3, '0')}`
    log.lie(path, (response) => response.end(Buffer.alloc(200_000)))
  }
  await round()
  const wrong = await findings()
  assert.equal(wrong.length, 8, 'no more than a log may fill the record with')
  assert.ok(wrong.every(({ finding }) => finding === 'wrongEntries'))
  const bundles = log.asked.filter((path) => path.startsWith('tile/entries/'))
  assert.equal(bundles.length, 16, 'eight, looked at twice: a look keeps what it finds in memory')
  await round()
  log.show({ size, forkedAt: 3, cosigners })
  await round()
  const convicting = (await findings()).filter(({ convicts }) => convicts)
  assert.deepEqual(
    convicting.map(({ finding }) => finding),
    ['equivocation'],
  )
})

test('a peer that does not end its answers does not keep the node from looking at others', async (t) => {
  const { kernel, database } = await deskKernel(t)
  const signer = testSigner('slow.example/ledger', KEY_TYPE.ed25519, new Uint8Array(32).fill(8))
  const [slow, other] = [await forgingLog(signer), await forgingLog()]
  const hanging: ServerResponse[] = []
  slow.lie('checkpoint', (response) => void hanging.push(response))
  other.show({ size: 20, cosigners })
  const peers = [
    { ...peerWith(slow), id: 'slow.example', document: documentOf(slow.url) },
    { ...peerWith(other), document: documentOf(other.url) },
  ]
  const job = monitorJob({
    config: { log: { policyFile: '', intervalMs: 1000, witnesses: [] } },
    ...{ database, kernel, clocks: kernel.clocks, recheckMs: 0 },
    peers: { all: () => peers, find: () => peers[0] },
    policy: () => ({ logs: [], witnesses: [], quorum: 'none' as const }),
  })
  t.after(() => Promise.all([job.ended?.(), slow.stop(), other.stop()]))
  await job.run()
  await waitFor('the slow peer', async () => hanging.length > 0)
  await waitFor('a look at the other', async () => (await kernel.peerLogs.all()).length > 0)
  other.show({ size: 20, forkedAt: 4, cosigners })
  await waitFor('the second history', async () => {
    await job.run()
    return (await readOversight(kernel)).logFindings.some(({ convicts }) => convicts)
  })
  assert.equal(hanging.length, 1)
  assert.ok(!hanging[0]?.closed, 'the slow one still holds its first answer')
})

test('two looks at once put one finding on record', async (t) => {
  const { log, round, findings } = await world(t)
  log.show({ size: 20, cosigners })
  await round()
  log.show({ size: 20, forkedAt: 2, cosigners })
  await Promise.all([round(), round(), round()])
  assert.equal((await findings()).length, 1)
})

test('what the own witness kept as evidence goes on record', async (t) => {
  const { log, round, findings, database } = await world(t)
  log.show({ size: 20, cosigners })
  const forged = log.note({ size: 20, forkedAt: 4 })
  await database
    .insertInto('witness_evidence')
    .values({
      digest: nodePrimitives.sha256(forged),
      origin: log.signer.key.name,
      cosigned_note: log.note({ size: 20 }),
      submission: forged,
      received_at: new Date(),
    })
    .execute()
  await round()
  assert.deepEqual(
    (await findings()).map(({ finding }) => finding),
    ['equivocation'],
  )
})

test('a closed log is followed to the next one, and what it shows beyond its notice is found', async (t) => {
  const { log, round, findings, database, peer, kernel } = await world(t)
  log.show({ size: 20, cosigners })
  const next = testSigner(`${PEER}/ledger/2`, KEY_TYPE.ed25519, new Uint8Array(32).fill(6))
  const { treeSize, rootHash } = log.head({ size: 20 })
  const notice = await signLogNotice(
    nodePrimitives,
    {
      node: PEER,
      closed: { origin: log.signer.key.name, treeSize, rootHash },
      opened: next.key,
      at: instant('2026-11-22T12:00:00.000Z'),
      reason: 'planned',
    },
    { keyId: messageKey.id, sign: (bytes) => signEd25519(MESSAGE_SEED, bytes) },
    messageKey.publicKey,
  )
  const accepted = await acceptNotice(
    {
      database,
      primitives: nodePrimitives,
      messageKeysOf: () => [messageKey],
      knows: async () => true,
      wireNow: kernel.clocks.wireNow,
    },
    notice,
  )
  assert.equal(accepted, 'accepted')
  const followed = await followedLogs(database, peer, [])
  assert.deepEqual(
    followed.map(({ origin, url, isClosed }) => [origin, url, isClosed]),
    [
      [`${PEER}/ledger`, `${log.url}/1`, true],
      [`${PEER}/ledger/2`, `${log.url}/2`, false],
    ],
  )
  await round()
  assert.deepEqual(await findings(), [], 'it ends where the notice says')
  await database.deleteFrom('monitored_log').execute()
  log.show({ size: 21, cosigners })
  await round()
  const [found] = await findings()
  assert.equal(found?.finding, 'beyondNotice')
  assert.ok(found.evidence.includes('comity/log-notice/v1'))
})

test('a peer that cannot be called is not called', async (t) => {
  const { log, round, logs, peer } = await world(t)
  log.show({ size: 20, cosigners })
  Object.assign(peer, { document: documentOf(log.url, { outboundOnly: true }) })
  await round()
  assert.equal((await logs())[0]?.failure, 'outbound-only')
  assert.deepEqual(log.asked, [])
})
