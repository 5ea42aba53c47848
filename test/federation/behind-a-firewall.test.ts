/**
 * Two whole nodes, one of which nobody can call: they agree, take part in a case of
 * each other's, and go on after either of them came back from a backup.
 */
import assert from 'node:assert/strict'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import { hashSecret } from '../../src/adapters/postgres/people/sessions.ts'
import { addMs, DAY_MS, type Instant, instantFromMs } from '../../src/base/time.ts'
import { sampleReport } from '../../src/cli/story/reports.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { agreementFromModel } from '../../src/core/agreement/agreement-model.ts'
import { readNodeConfig } from '../../src/node/config.ts'
import { disclosureRing } from '../../src/wire/model-agreements.ts'
import {
  comity,
  durableServer,
  runSql,
  type Serving,
  serve,
  setUpNode,
} from '../support/real-node.ts'

const PATIENCE_MS = 60_000
const RIGHTS = {
  legalBasis: 'Agreement clause 2.1 (fictional).',
  necessity: 'The harm reaches people in the territory of the other authority.',
  proportionality: 'Only what the other authority needs.',
  nonDiscrimination: 'Depends on nothing personal.',
  leastIntrusive: 'No name, contact or text of any person is included.',
  expression: 'It touches no press, union, protest, religion or politics.',
}

type Place = Awaited<ReturnType<typeof setUpNode>> & {
  readonly id: string
  readonly officer: string
  readonly database: pg.Pool
  serving?: Serving
  cookie: string
}

async function setUp(id: string): Promise<Place> {
  const node = await setUpNode(id)
  const officer = randomUUID()
  const roles = ['caseOfficer', 'liaison']
  const listed = [{ id: officer, name: 'Iva One (invented)', roles }]
  writeFileSync(join(node.folder, 'officers.json'), JSON.stringify(listed))
  const { url } = readNodeConfig(node.config).database
  const database = new pg.Pool({ connectionString: url, max: 2 })
  // The database is dropped under it when its machine is lost.
  database.on('error', () => {})
  after(() => database.end())
  return { ...node, id, officer, database, cookie: '' }
}

const open = await setUp('open.example')
const closed = await setUp('closed.example')
appendFileSync(closed.config, '\nexchange: { outboundOnly: true, pollIntervalMs: 500 }\n')

async function said(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await comity(args)
  assert.equal(code, 0, `comity ${args.join(' ')}: ${err}${out}`)
  return out
}

async function start(place: Place): Promise<void> {
  place.serving = await serve(place.config)
  await signIn(place)
}

async function stop({ serving }: Place, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  serving?.process.kill(signal)
  await serving?.ended
}

const officersDoor = ({ port }: Place) => `http://127.0.0.1:${port + 1}/api/v1`

/** As after a passkey was proved; how people sign in is not asked here. */
async function signIn(place: Place): Promise<void> {
  const secret = randomBytes(32).toString('hex')
  await place.database.query(
    `insert into session (id_hash, id, officer_id, method, created_at, last_seen_at, expires_at,
       stepped_up_at, form_key)
     values ($1, gen_random_uuid(), $2, 'passkey', now(), now(), now() + interval '1 hour',
       now(), $3)`,
    [hashSecret(secret), place.officer, randomBytes(32)],
  )
  place.cookie = `comity-${place.id.replaceAll('.', '-')}=${secret}`
}

async function ask<T>(place: Place, path: string, body?: object): Promise<T> {
  const response = await fetch(officersDoor(place) + path, {
    method: body ? 'POST' : 'GET',
    headers: { cookie: place.cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  assert.ok(response.ok, `${path}: ${response.status} ${text}`)
  return JSON.parse(text) as T
}

async function pin(at: Place, other: Place): Promise<void> {
  const file = join(other.folder, 'node.json')
  const [, fingerprint = ''] = (await said('peer', 'fingerprint', file)).trim().split('\n')
  await said('peer', 'add', file, '--config', at.config, '--fingerprint', fingerprint)
}

function partyOf({ id, folder }: Place) {
  const { document } = JSON.parse(readFileSync(join(folder, 'node.json'), 'utf8'))
  const messageKeys = (document.messageKeys as { id: string; key: string }[]).map((listed) => ({
    id: listed.id,
    fingerprint: createHash('sha256').update(Buffer.from(listed.key, 'base64')).digest('hex'),
  }))
  return { node: id, name: 'Authority (invented)', legalOrder: 'EU', messageKeys }
}

/** A case of the one, in which the other takes part: a message each way. */
async function caseOf(lead: Place, guest: Place): Promise<void> {
  const { answers } = sampleReport()
  const opened = await ask<{ value: { streamId: string } }>(lead, '/cases', {
    title: 'An invented case',
    answers,
  })
  const { streamId } = opened.value
  const act = (name: string, input: object) => ask(lead, `/cases/${streamId}/acts/${name}`, input)
  await act('computePriority', {
    inputs: {
      'ssvc:E:1.1.0': 'P',
      'ssvc:A:2.0.0': 'Y',
      'ssvc:TI:1.0.0': 'T',
      'ssvc:MWI:1.0.0': 'M',
    },
  })
  await act('decidePriority', { decision: 'accepted', reason: 'Borne out by the report.' })
  await act('inviteToCase', { peer: guest.id, ...RIGHTS })
  const own = await waitFor(
    `the invitation at ${guest.id}`,
    async () => {
      const rows = await ask<{ id: string; leadCaseId?: string }[]>(guest, '/cases')
      return rows.find(({ leadCaseId }) => leadCaseId === streamId)?.id
    },
    PATIENCE_MS,
  )
  const before = await receivedAt(lead, guest)
  await ask(guest, `/cases/${own}/acts/answerInvitation`, {
    answer: 'accept',
    reason: 'People in our territory use the system.',
  })
  await waitFor(
    `the answer at ${lead.id}`,
    async () => (await receivedAt(lead, guest)) > before,
    PATIENCE_MS,
  )
  await waitFor('all receipts', async () => !(await isOpen(lead)) && !(await isOpen(guest)))
}

async function receivedAt({ database }: Place, { id }: Place): Promise<number> {
  const { rows } = await database.query('select 1 from fed_in where origin = $1', [id])
  return rows.length
}

async function isOpen({ database }: Place): Promise<boolean> {
  const { rows } = await database.query(
    `select 1 from fed_out_pending union all select 1 from fed_out where decision is null`,
  )
  return rows.length > 0
}

async function requirePeace(...places: readonly Place[]): Promise<void> {
  for (const { id, database } of places) {
    const { rows } = await database.query(
      `select 'lie' from fed_equivocation
       union all select 'frozen' from fed_in_channel where frozen_at is not null
       union all select stopped_reason from fed_out_channel where stopped_reason is not null
       union all select 'evidence' from witness_evidence`,
    )
    assert.deepEqual(rows, [], id)
  }
}

async function epochOf({ database }: Place): Promise<number> {
  const { rows } = await database.query('select epoch from fed_out_channel')
  return Number(rows[0]?.epoch)
}

/** The open log of a node, and what others have been told of those before it. */
async function logsOf({ database }: Place, told: Place) {
  const own = await database.query<{ origin: string }>(
    'select origin from own_log where closed_at is null',
  )
  const notices = await told.database.query<{ opened_origin: string }>(
    'select opened_origin from log_notice order by 1',
  )
  return [own.rows[0]?.origin, notices.rows.map(({ opened_origin }) => opened_origin)]
}

const passphrase = join(dirname(open.folder), 'passphrase')
const keysOf = ({ folder }: Place) => [
  '--keys',
  join(dirname(folder), 'keys.age'),
  '--passphrase-file',
  passphrase,
]
const backupOf = ({ folder }: Place) => join(dirname(folder), 'backup')

async function backUp(place: Place): Promise<void> {
  writeFileSync(passphrase, 'a passphrase of the test that nobody guesses\n', { mode: 0o600 })
  await said('backup', '--config', place.config, '--out', backupOf(place), ...keysOf(place))
}

/** Its machine is lost and set up again; what stands in the way of its people is not asked here. */
async function restore(place: Place): Promise<void> {
  const configuration = readFileSync(place.config)
  const sql = readFileSync(join(place.folder, 'database.sql'), 'utf8')
  await stop(place, 'SIGKILL')
  rmSync(place.folder, { recursive: true })
  const server = (await durableServer()).url('postgres')
  const name = `node_${place.id.replaceAll(/[^a-z0-9]/g, '_')}`
  await runSql(server, `drop database ${name} with (force)`)
  const creating = sql.split(';\n').filter((one) => /create database/i.test(one))
  await runSql(server, creating.join(';\n'))
  mkdirSync(place.folder, { mode: 0o700 })
  writeFileSync(place.config, configuration, { mode: 0o600 })
  await said('restore', '--from', backupOf(place), '--config', place.config, ...keysOf(place))
  // People are confirmed in test/journeys/restored-people; here they may go on at once.
  await place.database.query(`delete from node_setting where key = 'restored-accounts'`)
}

/** What the node was told when it was confirmed. */
async function comeBack(place: Place): Promise<string> {
  const done = await said('restore', 'resume', '--config', place.config)
  await start(place)
  return done
}

test('they pin each other; the one that nobody can call says so', async () => {
  await pin(closed, open)
  await start(closed)
  await pin(open, closed)
  const [log = ''] = /^log .*$/m.exec(readFileSync(join(closed.folder, 'policy.txt'), 'utf8')) ?? []
  assert.match(log, /closed\.example/)
  appendFileSync(join(open.folder, 'policy.txt'), `${log}\n`)
  await start(open)
  assert.match(
    readFileSync(join(open.folder, 'peers', `${closed.id}.json`), 'utf8'),
    /outboundOnly/,
  )
})

test('an agreement that both sign comes into force at both', async () => {
  const now = instantFromMs(Date.now()) as Instant
  const document = agreementFromModel(disclosureRing, {
    id: randomUUID(),
    parties: [open, closed].map(partyOf),
    quorum: readFileSync(join(open.folder, 'policy.txt'), 'utf8'),
    validFromAt: addMs(now, -DAY_MS),
    sunsetAt: addMs(now, 300 * DAY_MS),
  })
  await ask(open, '/agreements', { document })
  const statesAt = async (place: Place) =>
    (await ask<{ state: string }[]>(place, '/agreements')).map(({ state }) => state)
  await waitFor('the offer', async () => (await statesAt(closed)).length === 1, PATIENCE_MS)
  for (const place of [open, closed]) {
    await ask(place, `/agreements/${document.id}/sign`, { simulated: true })
  }
  for (const place of [open, closed]) {
    await waitFor('force', async () => (await statesAt(place))[0] === 'inForce', PATIENCE_MS)
  }
})

test('a case of either side crosses both ways', async () => {
  await caseOf(open, closed)
  await caseOf(closed, open)
  await requirePeace(open, closed)
})

test('the one that can be called is restored: the other brings what it saw, and all goes on', async () => {
  await backUp(open)
  await caseOf(open, closed)
  await restore(open)
  const status = await comeBack(open)
  assert.match(status, /peer closed\.example: does not answer; nothing is sent there until/)
  await waitFor('the new epoch', async () => (await epochOf(open)) === 2, PATIENCE_MS)
  await caseOf(open, closed)
  await caseOf(closed, open)
  await requirePeace(open, closed)
})

test('the one that nobody can call is restored: it asks by itself, and all goes on', async () => {
  await backUp(closed)
  await caseOf(closed, open)
  await restore(closed)
  const status = await comeBack(closed)
  assert.match(status, /peer open\.example: has seen more/)
  assert.equal(await epochOf(closed), 2)
  await caseOf(closed, open)
  await caseOf(open, closed)
  await requirePeace(open, closed)
  const second = `${closed.id}/ledger/2`
  assert.deepEqual(await logsOf(closed, open), [second, [second]])
})
