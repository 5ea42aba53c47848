/**
 * A node loses its disk in the middle of work and comes back from a backup, and then
 * once more from the same one. Real processes: the demonstration's three nodes and the
 * outside witness. Its peers take it back, nobody is accused of two histories, and work
 * goes on both ways.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { givenServer } from '../../src/adapters/managed-postgres/database-server.ts'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { openDatabase } from '../../src/adapters/postgres/database.ts'
import { textFromUtf8 } from '../../src/base/bytes.ts'
import { request } from '../../src/cli/story/client.ts'
import { allHands, type Hands, waitFor } from '../../src/cli/story/story.ts'
import { readNodeConfig } from '../../src/node/config.ts'
import { parsePolicy } from '../../src/proof/policy.ts'
import { generateIdentity, recipientOf } from '../../src/seal/seal.ts'
import { verifyPackage } from '../../src/wire/package/verify-package.ts'
import { caseAt, type Place, startWorld } from '../support/demo.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const EU = 'meridia.example'
const GB = 'albion.example'
const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname

const world = await startWorld({ withServer: true })
const meridia = world.node('meridia')
const kept = temporaryFolder()
const [backup, keyFile] = [join(kept, 'backup'), join(kept, 'keys.age')]
const identityFile = join(kept, 'identity.txt')
const identity = await generateIdentity()
writeFileSync(identityFile, `# the administrator’s own\n${identity}\n`, { mode: 0o600 })

const telling = world.begin()
await telling.until('5.release')
const caseId = caseAt(telling.story, 'meridia')
let packageFromLostTime: Uint8Array
let packageOfSecondLog: Uint8Array
let sentBefore: readonly string[]
let releasesBefore: number

test('a backup is written while the node serves, with a message on its way', async () => {
  // What no quorum has cosigned gets its receipt in the next log.
  await quorumFor(`${EU}/ledger`)
  signalTo(GB, 'SIGSTOP')
  try {
    await release(world.hands, 'On its way while the backup is taken.')
    await waitFor('the message to be numbered', () => openMessages())
    const recipient = await recipientOf(identity)
    const done = await comity('backup', '--config', meridia.configFile, '--out', backup, [
      ...['--keys', keyFile, '--recipient', recipient],
    ])
    assert.match(done, /rows and \d+ files/)
  } finally {
    signalTo(GB, 'SIGCONT')
  }
  assert.match(await comity('backup', 'verify', backup), /verified: backup [0-9a-f]{64}/)
})

test('work goes on after the backup: it will be lost here, and is held by others', async () => {
  await waitFor('the message to be answered', async () => !(await openMessages()))
  await release(world.hands, 'Decided after the backup, known to the peer alone.')
  await waitFor('the message to be answered', async () => !(await openMessages()))
  packageFromLostTime = await evidencePackage(world.hands, caseId)
  sentBefore = await receivedIds()
  releasesBefore = await releasesAtPeer()
})

test('the disk is lost; a restore puts the backup into an empty database and folder', async () => {
  const configuration = readFileSync(meridia.configFile)
  signalTo(EU, 'SIGSTOP')
  await loseEverything()
  writeFileSync(meridia.configFile, configuration, { mode: 0o600 })
  const restore = ['restore', '--from', backup, '--config', meridia.configFile] as const
  await assert.rejects(comity(...restore), /there are no keys in .*--keys/)
  const keys = ['--keys', keyFile, '--identity-file', identityFile]
  assert.match(await comity(...restore, keys), /restored: meridia\.example as it was at/)
  await assert.rejects(comity(...restore, keys), /not empty/)
})

test('the restored node waits: it serves nothing, signs nothing and says why', async () => {
  signalTo(EU, 'SIGKILL')
  await waitFor('the waiting doors', async () => (await statusOf('/health')) === 503)
  const status = await comity('restore', 'status', '--config', meridia.configFile)
  assert.match(status, /witness albion\.example\/witness: has seen more .*ledger at size \d+/)
  assert.match(status, /peer albion\.example: has seen more .*; a new epoch/)
  assert.match(status, /a new one opens/)
  assert.deepEqual(await receivedIds(), sentBefore, 'nothing was sent')
  const { rows } = await heads()
  assert.deepEqual(rows, 1, 'the log is as it was')
})

test('without a quorum of witnesses it goes on waiting, whatever the administrator says', async () => {
  signalTo('witness.example', 'SIGSTOP')
  try {
    await assert.rejects(
      comity('restore', 'resume', '--config', meridia.configFile),
      /Too few witnesses/,
    )
  } finally {
    signalTo('witness.example', 'SIGCONT')
  }
  assert.equal(await statusOf('/health'), 503)
})

test('the administrator confirms; a new log and new epochs open, and the peers take it back', async () => {
  const done = await comity('restore', 'resume', '--config', meridia.configFile)
  assert.match(done, /Done\. The node goes on by itself/)
  await waitFor('the node', async () => (await statusOf('/health')) === 200)
  await quorumFor(`${EU}/ledger/2`)
  for (const at of ['albion', 'sierra'] as const) {
    await waitFor(`the notice at ${at}`, async () => (await inEpoch(2, at))[0] === 'epochOpened')
  }
})

test('what the peer had applied comes back as a duplicate and has no second effect', async () => {
  const rows = await waitFor('all receipts', async () => {
    const open = await openMessages()
    return !open && channelAt('albion')
  })
  const ids = rows.map(({ id }) => id)
  const repeated = rows.filter(({ id }, index) => ids.indexOf(id) < index)
  assert.notEqual(repeated.length, 0, 'the message that was on its way, and any sent beside it')
  for (const { receipt: text } of repeated) {
    const { receipt } = JSON.parse(text ?? '{}')
    assert.equal(receipt.decision, 'duplicate')
    assert.equal(receipt.firstDecision, 'applied')
  }
  assert.equal(
    await releasesAtPeer(),
    releasesBefore,
    'the lost one is still there, none came twice',
  )
})

test('nobody is accused: no equivocation, no frozen channel, no frozen log', async () => {
  for (const at of ['meridia', 'albion', 'sierra'] as const) await requirePeace(at)
})

test('new case work crosses both ways', async () => {
  await agreeOnNewLog()
  const hands = await allHands(world.demo)
  // A release to the peer, a request, and an answer with a copy that proves what it derives from.
  await world.begin({ hands }).until('7.named-by-report')
  for (const at of ['meridia', 'albion', 'sierra'] as const) await requirePeace(at)
})

test('packages from before, from the lost time and from after verify under one policy', async () => {
  const policy = await policyOf('albion')
  assert.equal(verifyPackage(nodePrimitives, packageFromLostTime, policy).verdict, 'verified')
  packageOfSecondLog = await evidencePackage(await allHands(world.demo), caseId)
  requireVerified(packageOfSecondLog, policy)
  assert.deepEqual(logsIn(packageOfSecondLog), [`${EU}/ledger`, `${EU}/ledger/2`])
})

test('the closed log can still be read at its own place, and only read', async () => {
  const at = (path: string) => request(meridia, 'GET', path)
  const textAt = async (path: string) => (await at(path)).text()
  const [closed = '', size = ''] = (await textAt('/ledger/1/checkpoint')).split('\n')
  assert.equal(closed, `${EU}/ledger`)
  const width = Number(size) % 256
  const tile = await at(
    Number(size) < 256 ? `/ledger/1/tile/0/000.p/${width}` : '/ledger/1/tile/0/000',
  )
  assert.equal(tile.status, 200)
  assert.equal((await tile.arrayBuffer()).byteLength, Math.min(Number(size), 256) * 32)
  assert.match(
    await textAt('/ledger/1/log-notice'),
    /^comity\/log-notice\/v1\n.*\nclosed \S+\/ledger /,
  )
  assert.equal((await textAt('/ledger/2/checkpoint')).split('\n')[0], `${EU}/ledger/2`)
  for (const path of [
    '/ledger/3/checkpoint',
    '/ledger/0/checkpoint',
    '/ledger/2/log-notice',
    '/ledger/1/policy.txt',
  ]) {
    assert.equal((await at(path)).status, 404, path)
  }
  assert.equal((await at('/ledger/1/tile/entries/000')).status, 403)
})

test('the disk is lost again: the same backup knows nothing of the second log, others do', async () => {
  const configuration = readFileSync(meridia.configFile)
  const seen = { albion: await channelAt('albion'), sierra: await channelAt('sierra') }
  signalTo(EU, 'SIGSTOP')
  await loseEverything()
  writeFileSync(meridia.configFile, configuration, { mode: 0o600 })
  const keys = ['--keys', keyFile, '--identity-file', identityFile]
  await comity('restore', '--from', backup, '--config', meridia.configFile, keys)
  signalTo(EU, 'SIGKILL')
  await waitFor('the waiting doors', async () => (await statusOf('/health')) === 503)
  const status = await comity('restore', 'status', '--config', meridia.configFile)
  assert.match(
    status,
    /witness albion\S+: has seen more .*\(meridia\.example\/ledger\/2 at size \d/,
  )
  assert.match(status, /peer sierra\.example: has seen more .*; a new epoch/)

  await comity('restore', 'resume', '--config', meridia.configFile)
  await waitFor('the node', async () => (await statusOf('/health')) === 200)
  await quorumFor(`${EU}/ledger/3`)
  for (const at of ['albion', 'sierra'] as const) {
    await waitFor(`the notice at ${at}`, async () => (await inEpoch(3, at))[0] === 'epochOpened')
    const now = await channelAt(at)
    assert.deepEqual(now.slice(0, seen[at].length), seen[at], 'no number was used twice')
    assert.ok(now.slice(seen[at].length).every(({ epoch }) => epoch === '3'))
  }
  await waitFor('all receipts', async () => !(await openMessages()))
  for (const at of ['meridia', 'albion', 'sierra'] as const) await requirePeace(at)
})

test('work crosses both ways a third time, and the receipts of all three logs verify', async () => {
  await agreeOnNewLog(3)
  const hands = await allHands(world.demo)
  await world.begin({ hands }).until('7.named-by-report')
  const policy = await policyOf('albion')
  const now = await evidencePackage(hands, caseId)
  for (const each of [packageFromLostTime, packageOfSecondLog, now]) requireVerified(each, policy)
  assert.deepEqual(logsIn(now), [`${EU}/ledger`, `${EU}/ledger/3`])
  assert.equal(await releasesAtPeer(), releasesBefore)
  for (const at of ['meridia', 'albion', 'sierra'] as const) await requirePeace(at)
})

test('of the second log nothing is left here but how it ended', async () => {
  const at = (path: string) => request(meridia, 'GET', path)
  assert.equal((await at('/ledger/2/checkpoint')).status, 404)
  const notice = await (await at('/ledger/2/log-notice')).text()
  assert.match(notice, /\nclosed \S+\/ledger\/2 [1-9]\d* .*\nopened \S+\/ledger\/3\+/)
})

function requireVerified(bytes: Uint8Array, policy: Awaited<ReturnType<typeof policyOf>>): void {
  const report = verifyPackage(nodePrimitives, bytes, policy)
  assert.equal(report.verdict, 'verified', JSON.stringify(report.checks.filter(({ ok }) => !ok)))
}

/** Those of the node's logs in which receipts of a package lie. */
function logsIn(bytes: Uint8Array): readonly string[] {
  const found = textFromUtf8(bytes).match(/meridia\.example\/ledger(?:\/\d)?(?=\n[0-9]+\n)/g)
  return [...new Set(found)].sort()
}

/** Every witness has signed the checkpoint that the node serves of that log. */
async function quorumFor(origin: string): Promise<void> {
  await waitFor(`a quorum for ${origin}`, async () => {
    const note = await (await request(meridia, 'GET', '/ledger/checkpoint')).text()
    const names = ['albion', 'sierra', 'witness'].map((name) => `— ${name}.example/witness `)
    return note.startsWith(`${origin}\n`) && names.every((name) => note.includes(name))
  })
}

async function releasesAtPeer(): Promise<number> {
  const events = await world.events('albion')
  const id = caseAt(telling.story, 'albion')
  return events.filter(
    ({ stream, envelope }) => stream === id && envelope.event.type === 'releaseReceived',
  ).length
}

async function comity(...args: readonly (string | readonly string[])[]): Promise<string> {
  const done = await promisify(execFile)(process.execPath, [MAIN, ...args.flat()], {
    timeout: 120_000,
  }).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`${error.stdout}${error.stderr}`)
  })
  return done.stdout
}

function signalTo(id: string, signal: NodeJS.Signals): void {
  const pid = world.demo.supervisor.children.get(id)?.pid
  assert.ok(pid, `${id} runs`)
  process.kill(pid, signal)
}

/** The database dropped, the folder emptied: what a new machine would have is the configuration. */
async function loseEverything(): Promise<void> {
  const { database } = readNodeConfig(meridia.configFile)
  const { server } = world
  assert.ok(server)
  await world.database('meridia').destroy()
  // The roles stay: they are the server's, not the database's.
  const given = givenServer(server.url('postgres'))
  await given.dropDatabase('comity_meridia')
  await given.createDatabase('comity_meridia')
  assert.equal(new URL(database.url).pathname, '/comity_meridia')
  for (const name of readdirSync(meridia.folder)) {
    rmSync(join(meridia.folder, name), { recursive: true })
  }
}

function release(hands: Hands, why: string) {
  return hands.meridia.officer.do(caseId, 'releaseToPeer', {
    recipient: GB,
    categories: ['caseSummary'],
    purpose: 'investigation',
    legalBasis: 'Agreement clause 2.1 (fictional).',
    necessity: why,
    proportionality: 'Only what the peer needs for its own steps.',
    nonDiscrimination: 'Depends on nothing personal.',
    leastIntrusive: 'No name or contact is included.',
    expression: 'It touches no press, union, protest, religion or politics.',
  })
}

function evidencePackage(hands: Hands, id: string): Promise<Uint8Array> {
  return waitFor('all receipts to be sealed', () =>
    hands.meridia.officer.bytes('POST', `/cases/${id}/package`).catch((error: Error) => {
      if (error.message.includes('receiptsNotSealed')) return undefined
      throw error
    }),
  )
}

/** A connection of its own: the world's one is to a database that was dropped. */
async function atMeridia<T>(work: (db: ReturnType<typeof openDatabase>) => Promise<T>): Promise<T> {
  const database = openDatabase(readNodeConfig(meridia.configFile).database.url, 1)
  try {
    return await work(database)
  } finally {
    await database.destroy()
  }
}

function openMessages(): Promise<boolean> {
  return atMeridia(async (database) => {
    const waiting = await database.selectFrom('fed_out_pending').select('id').executeTakeFirst()
    const open = await database
      .selectFrom('fed_out')
      .select('id')
      .where('decision', 'is', null)
      .executeTakeFirst()
    return waiting !== undefined || open !== undefined
  })
}

function channelAt(at: Place) {
  return world
    .database(at)
    .selectFrom('fed_in')
    .select(['id', 'epoch', 'seq', 'link', 'type', 'receipt'])
    .where('origin', '=', EU)
    .orderBy('epoch')
    .orderBy('seq')
    .execute()
}

async function receivedIds(): Promise<readonly string[]> {
  return (await channelAt('albion')).map(({ id }) => id)
}

async function inEpoch(number: number, at: Place): Promise<readonly string[]> {
  const rows = await channelAt(at)
  return rows.filter(({ epoch }) => epoch === String(number)).map(({ type }) => type)
}

function heads() {
  return atMeridia(async (database) => {
    const logs = await database.selectFrom('log_head').select('origin').execute()
    assert.deepEqual(logs, [{ origin: `${EU}/ledger` }])
    return { rows: logs.length }
  })
}

async function statusOf(path: string): Promise<number | undefined> {
  const answer = await fetch(`${meridia.baseUrl}${path}`).catch(() => undefined)
  return answer?.status
}

async function requirePeace(at: Place): Promise<void> {
  const database =
    at === 'meridia'
      ? openDatabase(readNodeConfig(meridia.configFile).database.url, 1)
      : world.database(at)
  const lies = await database.selectFrom('fed_equivocation').select('origin').execute()
  const frozen = await database
    .selectFrom('fed_in_channel')
    .select('origin')
    .where('frozen_at', 'is not', null)
    .execute()
  const stopped = await database
    .selectFrom('fed_out_channel')
    .select(['destination', 'stopped_reason'])
    .where('stopped_reason', 'is not', null)
    .execute()
  const kept = await database.selectFrom('witness_evidence').selectAll().execute()
  const evidence = kept.map((row) => [
    textFromUtf8(row.submission),
    row.cosigned_note && textFromUtf8(row.cosigned_note),
  ])
  const log = await database
    .selectFrom('log_head')
    .select('freeze_reason')
    .where('frozen_at', 'is not', null)
    .execute()
  assert.deepEqual([lies, frozen, stopped, evidence, log], [[], [], [], [], []], at)
  if (at === 'meridia') await database.destroy()
}

/** The parties add the new log to the policy file that they share: nodes show the line. */
async function agreeOnNewLog(ordinal = 2): Promise<void> {
  const text = await (await request(world.node('albion'), 'GET', '/ledger/policy.txt')).text()
  assert.match(text, new RegExp(`^log meridia\\.example/ledger/${ordinal}\\+`, 'm'))
  writeFileSync(world.demo.policyFile, text)
}

async function policyOf(at: Place) {
  const answer = await request(world.node(at), 'GET', '/ledger/policy.txt')
  return parsePolicy(nodePrimitives, new Uint8Array(await answer.arrayBuffer()))
}
