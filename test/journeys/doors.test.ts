/**
 * The three doors of a node: what is behind each, and what the database lets each
 * do, with the story having gone through all of them.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { readNodeDocument } from '../../src/adapters/peers/pinned-folder.ts'
import { DOORS, type Door } from '../../src/app/ports/door.ts'
import { instantFromMs } from '../../src/base/time.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { readNodeConfig } from '../../src/node/config.ts'
import { openTemporaryDataFolder, resetData } from '../../src/node/data-folder.ts'
import { setUpDemo } from '../../src/node/demo-setup.ts'
import { choosePorts } from '../../src/node/free-ports.ts'
import { startNode } from '../../src/node/node.ts'
import { openNodeKeys } from '../../src/node/node-keys.ts'
import { signNodeDocument } from '../../src/wire/exchange/node-document.ts'
import { startWorld } from '../support/demo.ts'

const world = await startWorld({ withServer: true })
const { server } = world
assert.ok(server)
await world.begin().until('3.competence')
const config = readNodeConfig(world.node('meridia').configFile)
const urls = config.database.doors
assert.ok(urls)

const clients = new Map<Door, pg.Client>()
after(() => Promise.all([...clients.values()].map((client) => client.end())))
for (const door of DOORS) {
  const client = new pg.Client({ connectionString: urls[door] })
  // The world may end its server before this connection is closed.
  client.on('error', () => {})
  await client.connect()
  clients.set(door, client)
}

const ALL = ['public', 'officers', 'federation'] as const

/** A statement that changes nothing, and the doors that may make it. */
const STATEMENTS: readonly (readonly [statement: string, doors: readonly Door[]])[] = [
  ['select wrapped_private_key from officer limit 1', ['officers']],
  ['select public_key from officer limit 1', ALL],
  ['select * from session limit 1', ['officers']],
  ['select * from calendar_password limit 1', ['officers']],
  ['update session set last_seen_at = last_seen_at where false', ['officers']],
  ['select report from filing limit 1', ['public', 'officers']],
  ['update filing set case_id = null where false', ['officers']],
  ['delete from filing where false', ['officers']],
  ['select sealed_content from fed_in limit 1', ['officers', 'federation']],
  ['delete from fed_in where false', ['officers', 'federation']],
  ['select sealed_envelope from event limit 1', ALL],
  ['update peer_document set note = null where false', ['officers', 'federation']],
  ['delete from peer_document where false', ['officers']],
  ['update node_setting set value = value where false', ['officers']],
  ['select opened_vkey from log_notice limit 1', ['officers', 'federation']],
  ['update log_notice set notice = notice where false', ['officers']],
  ['update log_head set size = size where false', []],
  ['insert into log_entry select * from log_entry where false', []],
  ['update log_checkpoint set root = root where false', []],
  ['delete from log_cosig where false', []],
  ['insert into kysely_migration select * from kysely_migration where false', []],
  ['create table planted (a int)', []],
  ['create schema planted', []],
  ['set role pg_read_all_data', []],
  ["copy stream to program 'true'", []],
  ["select pg_read_file('/etc/hostname')", []],
]

for (const [statement, doors] of STATEMENTS) {
  test(`in the database: ${statement}`, async () => {
    for (const door of DOORS) {
      const asked = clients.get(door)?.query(statement)
      assert.ok(asked)
      if (doors.includes(door)) await asked
      else await assert.rejects(asked, /permission denied|must be/, door)
    }
  })
}

test('each door of a running node connects with its own role', async () => {
  const { baseUrl } = world.node('meridia')
  const there = readNodeConfig(world.node('albion').configFile)
  const body = readFileSync(join(there.folder, 'node.json'))
  const headers = { 'content-type': 'application/json' }
  const rolesNow = async () => {
    const { rows } = await sql<{ role: string }>`
      select distinct usename as role from pg_stat_activity where datname = current_database()
    `.execute(world.database('meridia'))
    return rows.map(({ role }) => role)
  }
  await waitFor('a connection of each door', async () => {
    // A connection that nobody uses is closed after a while: each door gets something to ask.
    const code = new URLSearchParams({ code: 'nobody' })
    await fetch(`${baseUrl}/open-data/counts.json`)
    await fetch(`${baseUrl}/en/report/status`, { method: 'POST', body: code })
    await world.hands.meridia.officer.get('/cases')
    await fetch(`${baseUrl}/federation/v1/node-document`, { method: 'PUT', body, headers })
    const roles = await rolesNow()
    return DOORS.every((door) => roles.includes(`comity_meridia_${door}`))
  })
})

test('a peer’s next document is taken with the rights of the federation door', async () => {
  const there = readNodeConfig(world.node('albion').configFile)
  const { document } = readNodeDocument(join(there.folder, 'node.json'))
  const keys = await openNodeKeys(there)
  const endpoints = { ...document.endpoints, outboundOnly: true as const }
  const next = { ...document, endpoints, issuedAt: instantFromMs(Date.now()) }
  const body = Buffer.from(await signNodeDocument(next, keys.documentSigner()))
  await keys.close()
  const { federation } = readNodeDocument(join(config.folder, 'node.json')).document.endpoints
  const headers = { 'content-type': 'application/json' }
  const offer = () =>
    fetch(`${federation}/federation/v1/node-document`, { method: 'PUT', body, headers })
  assert.equal(await (await offer()).text(), '{"outcome":"renewed"}')
  assert.equal(await (await offer()).text(), '{"outcome":"same"}')
})

test('what is behind one door is not behind another', async () => {
  const data = openTemporaryDataFolder()
  const ports = await choosePorts(6)
  const names = ['one', 'two', 'three', 'witness']
  const databases = await Promise.all(
    names.map(async (name) => ({ url: await server.createDatabase(`apart_${name}`) })),
  )
  const { nodes } = await setUpDemo({ data, ports, databases, batchIntervalMs: 60_000 })
  assert.ok(nodes[0])
  const demo = readNodeConfig(nodes[0].configFile)
  const door = (index: number) => {
    const port = ports[index + 3] ?? 0
    return { host: '127.0.0.1', port, url: `http://127.0.0.1:${port}` }
  }
  const listeners = { public: door(0), officers: door(1), federation: door(2) }
  const node = await startNode({ ...demo, listeners })
  try {
    const places: readonly (readonly [path: string, doors: readonly Door[]])[] = [
      ['/health', ALL],
      ['/en', ['public']],
      ['/en/report', ['public']],
      ['/en/notice', ['public']],
      ['/open-data/counts.json', ['public']],
      ['/ledger/policy.txt', ['public', 'federation']],
      ['/en/officer/sign-in', ['officers']],
      ['/openapi.json', ['officers']],
      ['/api/v1/me', ['officers']],
      ['/calendar/clocks.ics', ['officers']],
      ['/.well-known/comity/node.json', ['federation']],
    ]
    for (const [path, doors] of places) {
      for (const at of DOORS) {
        const { status } = await fetch(listeners[at].url + path, { redirect: 'manual' })
        assert.equal(status !== 404, doors.includes(at), `${path} at ${at}: ${status}`)
      }
    }
    const page = await (await fetch(`${listeners.officers.url}/en/officer/sign-in`)).text()
    assert.match(page, new RegExp(`href="${listeners.public.url}/en/accessibility"`))
    const home = await (await fetch(`${listeners.public.url}/en`)).text()
    assert.match(home, /href="\/en\/accessibility"/)
    assert.match(home, new RegExp(`href="${listeners.officers.url}/en/officer/sign-in"`))
  } finally {
    await node.stop()
    await resetData(data.folder)
  }
})
