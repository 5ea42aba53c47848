/**
 * Who gets in, and what the officers' interface does with what it should not be
 * sent: sign-in links, cookies, origins, roles, hostile bodies, the two clocks, and
 * what a production node does not have.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { TSchema } from '@sinclair/typebox'
import { sql } from 'kysely'
import { caseClock } from '../../src/adapters/postgres/case-clock.ts'
import { openDatabase } from '../../src/adapters/postgres/database.ts'
import { caseActs } from '../../src/app/acts.ts'
import { DAY_MS } from '../../src/base/time.ts'
import { caseNowOf, moveClock, signInLink } from '../../src/cli/story/client.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { type NodeConfig, readNodeConfig } from '../../src/node/config.ts'
import { openTemporaryDataFolder, resetData } from '../../src/node/data-folder.ts'
import { setUpDemo } from '../../src/node/demo-setup.ts'
import { choosePorts } from '../../src/node/free-ports.ts'
import { startNode } from '../../src/node/node.ts'
import { caseAt, countEvents, PLACES, startWorld } from '../support/demo.ts'

const NODE_PROCESS = fileURLToPath(new URL('../../src/node/node-process.ts', import.meta.url))
const MINUTE_MS = 60_000

const world = await startWorld({ withServer: true })
const { server } = world
assert.ok(server)
const meridia = world.node('meridia')
const database = world.database('meridia')
const telling = world.begin()
await telling.until('3.competence')
const caseId = caseAt(telling.story, 'meridia')

type Send = {
  readonly method?: string
  readonly cookie?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly json?: unknown
  readonly baseUrl?: string
}

function send(path: string, { method, cookie, headers, body, json, baseUrl }: Send = {}) {
  const text = json === undefined ? body : JSON.stringify(json)
  return fetch(`${baseUrl ?? meridia.baseUrl}${path}`, {
    method: method ?? (text === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: {
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(cookie ? { cookie } : {}),
      ...headers,
    },
    ...(text === undefined ? {} : { body: text }),
  })
}

const signInWith = (link: unknown) => send('/api/v1/sign-in', { json: { link } })

async function cookieOf(key: string): Promise<string> {
  const response = await signInWith(await signInLink(meridia, key))
  assert.equal(response.status, 204)
  const [cookie = ''] = response.headers.getSetCookie()
  return cookie.split(';')[0] ?? ''
}

/** An RFC 9457 problem with a stable code, and nothing of our insides. */
async function requireProblem(
  response: Response,
  status: number,
  code?: string | RegExp,
  what = '',
) {
  const text = `${what} ${await response.clone().text()}`
  assert.equal(response.headers.get('content-type'), 'application/problem+json', text)
  const problem = (await response.json()) as { [key: string]: unknown }
  assert.equal(response.status, status, text)
  assert.equal(problem['status'], status, text)
  assert.equal(problem['type'], `urn:comity:problem:${problem['code']}`)
  assert.match(String(problem['code']), /^[a-z][A-Za-z0-9-]{2,60}$/)
  assert.ok(problem['title'])
  assert.doesNotMatch(text, /node_modules|\.ts\b|at async|postgres|\/(work|tmp|home|root)\//)
  if (typeof code === 'string') assert.equal(problem['code'], code, text)
  else if (code) assert.match(String(problem['code']), code, text)
  return problem
}

test('a sign-in link works once, even when it is used five times at once', async () => {
  const link = await signInLink(meridia, 'reviewer')
  const answers = await Promise.all(Array.from({ length: 5 }, () => signInWith(link)))
  const statuses = answers.map(({ status }) => status).sort()
  assert.deepEqual(statuses, [204, 401, 401, 401, 401])
  await requireProblem(await signInWith(link), 401, 'link-not-valid')
})

test('looking at the page of a link does not use it up', async () => {
  const link = await signInLink(meridia, 'reviewer')
  for (let look = 0; look < 2; look++) {
    const page = await send(`/en/officer/sign-in/${link}`)
    assert.equal(page.status, 200)
    assert.deepEqual(page.headers.getSetCookie(), [])
  }
  assert.equal((await signInWith(link)).status, 204)
})

test('a sign-in link lasts ten minutes', async () => {
  const askedMs = Date.now()
  const link = await signInLink(meridia, 'reviewer')
  const row = await database
    .selectFrom('one_time_sign_in')
    .selectAll()
    .where('used_at', 'is', null)
    .orderBy('expires_at', 'desc')
    .executeTakeFirstOrThrow()
  const lastsMs = row.expires_at.getTime() - askedMs
  assert.ok(10 * MINUTE_MS - 100 <= lastsMs && lastsMs < 10 * MINUTE_MS + 10_000, `${lastsMs}`)
  const moveTo = (expiresAt: Date) =>
    database
      .updateTable('one_time_sign_in')
      .set({ expires_at: expiresAt })
      .where('token_hash', '=', row.token_hash)
      .execute()
  await moveTo(new Date(Date.now() - 1))
  await requireProblem(await signInWith(link), 401, 'link-not-valid')
  assert.notEqual((await send(`/en/officer/sign-in/${link}`)).status, 200)
  await moveTo(new Date(Date.now() + MINUTE_MS))
  assert.equal((await signInWith(link)).status, 204)
})

test('what is no link is refused without a hint', async () => {
  for (const link of ['', 'a'.repeat(64), 'A'.repeat(64), '0'.repeat(63), '%00', '../../etc']) {
    await requireProblem(await signInWith(link), 401, 'link-not-valid')
  }
  for (const body of [{}, { link: 1 }, { link: null }, { link: ['a'] }, { link: 'a', more: 1 }]) {
    await requireProblem(await send('/api/v1/sign-in', { json: body }), 400, 'schema')
  }
  await requireProblem(await signInWith('a'.repeat(101)), 400, 'schema')
})

test('the cookie names its node, is closed to scripts and other sites, and is stored as a hash', async () => {
  const response = await signInWith(await signInLink(meridia, 'reviewer'))
  const [cookie = '', ...others] = response.headers.getSetCookie()
  assert.deepEqual(others, [])
  const [pair = '', ...attributes] = cookie.split('; ')
  const [name, secret = ''] = pair.split('=')
  assert.equal(name, 'comity-meridia-example')
  assert.match(secret, /^[0-9a-f]{64}$/)
  assert.deepEqual(attributes.sort(), ['HttpOnly', 'Path=/', 'SameSite=Strict'])
  const { rows } = await sql<{ line: string }>`
    select s::text as line from session s union all select l::text from one_time_sign_in l`.execute(
    database,
  )
  assert.ok(rows.length > 0 && rows.every(({ line }) => !line.includes(secret)))
})

test('the cookie of one node is worth nothing at another', async () => {
  const cookie = await cookieOf('case-officer-1')
  const { baseUrl } = world.node('albion')
  assert.equal((await send('/api/v1/me', { cookie })).status, 200)
  await requireProblem(await send('/api/v1/me', { cookie, baseUrl }), 401, 'not-signed-in')
  const renamed = cookie.replace('meridia', 'albion')
  await requireProblem(await send('/api/v1/me', { cookie: renamed, baseUrl }), 401, 'not-signed-in')
})

test('a session ends by signing out, by its age, and by an hour without use', async () => {
  const me = (cookie: string) => send('/api/v1/me', { cookie })
  const left = await cookieOf('reviewer')
  assert.equal((await send('/api/v1/sign-out', { cookie: left, method: 'POST' })).status, 204)
  await requireProblem(await me(left), 401, 'not-signed-in')
  const aged = await cookieOf('reviewer')
  const idle = await cookieOf('reviewer')
  assert.equal((await me(aged)).status, 200)
  const newest = database
    .selectFrom('session')
    .select('id_hash')
    .orderBy('created_at', 'desc')
    .limit(1)
  const justBefore = { last_seen_at: new Date(Date.now() - 61 * MINUTE_MS) }
  await database.updateTable('session').set(justBefore).where('id_hash', '=', newest).execute()
  await requireProblem(await me(idle), 401, 'not-signed-in')
  assert.equal((await me(aged)).status, 200)
  await sql`update session set expires_at = now() where created_at = (
    select max(created_at) from session where last_seen_at > now() - interval '1 minute')`.execute(
    database,
  )
  await requireProblem(await me(aged), 401, 'not-signed-in')
})

test('a request that another site made the browser send is refused and changes nothing', async () => {
  const cookie = await cookieOf('case-officer-1')
  const path = `/api/v1/cases/${caseId}/acts/assessCompetence`
  const before = await countEvents(database)
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: world.node('albion').baseUrl },
    { origin: meridia.baseUrl.replace('http:', 'https:') },
    { origin: `${meridia.baseUrl}.evil.example` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: meridia.baseUrl, 'sec-fetch-site': 'cross-site' },
  ]
  for (const headers of foreign) {
    const refused = await send(path, { cookie, headers, json: {} })
    await requireProblem(refused, 403, 'cross-origin')
  }
  const link = await signInLink(meridia, 'reviewer')
  const headers = { origin: 'https://evil.example' }
  await requireProblem(
    await send('/api/v1/sign-in', { headers, json: { link } }),
    403,
    'cross-origin',
  )
  assert.equal((await signInWith(link)).status, 204, 'the link was not used up')
  assert.equal(await countEvents(database), before)
})

type OpenApi = { readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>> }

async function officerPaths(): Promise<{ method: string; path: string }[]> {
  const { paths } = (await (await send('/openapi.json')).json()) as OpenApi
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/api/v1/') && !path.startsWith('/api/v1/sign-in'))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase(),
        path: path.replace(/\{[^}]+\}/g, caseId),
      })),
    )
}

test('without a session no address of the interface answers', async () => {
  const paths = await officerPaths()
  assert.ok(paths.length > 40, `the interface has ${paths.length} addresses`)
  const before = await countEvents(database)
  for (const { method, path } of paths) {
    if (path.endsWith('/sign-out')) continue
    const response = await send(path, { method, ...(method === 'GET' ? {} : { json: {} }) })
    // A body of the wrong form may be refused before anyone asks who sent it.
    const status = response.status === 400 && method === 'POST' ? 400 : 401
    await requireProblem(response, status, status === 401 ? 'not-signed-in' : 'schema')
  }
  assert.equal(await countEvents(database), before)
})

/** And what an administrator does with the sessions of others. */
const ABOUT_ONESELF = /\/(me|sign-out|sessions|step-up|passkeys|enrolment)(\/|$)/

test('an administrator runs the node and reads no case', async () => {
  const cookie = await cookieOf('administrator')
  const before = await countEvents(database)
  for (const { method, path } of await officerPaths()) {
    if (ABOUT_ONESELF.test(path)) continue
    const response = await send(path, { method, cookie, ...(method === 'GET' ? {} : { json: {} }) })
    assert.ok([400, 403].includes(response.status), `${method} ${path}: ${response.status}`)
    if (response.status === 403) await requireProblem(response, 403, 'roleMissing')
    else await requireProblem(response, 400)
  }
  const act = (name: string, json: object) =>
    send(`/api/v1/cases/${caseId}/acts/${name}`, { cookie, json })
  await requireProblem(await act('assessCompetence', {}), 403, 'roleMissing')
  await requireProblem(await act('decideOnReport', { step: 'close' }), 403, 'roleMissing')
  const opened = { title: 'x', answers: telling.story.report.answers }
  await requireProblem(await send('/api/v1/cases', { cookie, json: opened }), 403, 'roleMissing')
  assert.equal(await countEvents(database), before)
})

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
const answers = telling.story.report.answers

const HOSTILE: Readonly<Record<string, Send & { status?: number; code?: string | RegExp }>> = {
  'no JSON': { body: '{"title":', code: /invalid-json|not-json/ },
  'JSON cut in a string': { body: '{"title":"a', code: /invalid-json|not-json/ },
  'two values': { body: '{} {}', code: /invalid-json|not-json/ },
  'no body': { body: '', code: /empty|schema|json/ },
  null: { json: null, code: 'schema' },
  'a list': { json: [], code: 'schema' },
  'a text': { json: 'title', code: 'schema' },
  'invalid UTF-8': { body: new Uint8Array([0x7b, 0x22, 0x74, 0xff, 0xfe, 0x22, 0x7d]) },
  'UTF-16': {
    body: new Uint8Array(Buffer.from(JSON.stringify({ title: 'x', answers }), 'utf16le')),
    headers: { 'content-type': 'application/json; charset=utf-16' },
  },
  'nested 40 deep': { body: `{"title":"x","avid":${nested(40)}}`, code: 'too-deep' },
  'nested 100,000 deep': { body: `{"title":"x","avid":${nested(100_000)}}` },
  'a prototype key': { body: '{"title":"x","__proto__":{"admin":true}}' },
  'a prototype key inside': { body: '{"title":"x","avid":{"a":{"__proto__":{"b":1}}}}' },
  'a constructor': { body: '{"title":"x","avid":{"constructor":{"prototype":{"b":1}}}}' },
  'an escaped prototype key': { body: '{"title":"x","avid":{"\\u005f_proto__":{}}}' },
  'a lone surrogate': { body: '{"title":"\\ud800","avid":{}}' },
  'a member nobody knows': { json: { title: 'x', answers: { ...answers, role: 'administrator' } } },
  'a wrong type': { json: { title: 1, answers }, code: 'schema' },
  'too long a title': { json: { title: 'x'.repeat(301), answers }, code: 'schema' },
  'an empty title': { json: { title: '', answers }, code: 'schema' },
  'both forms': { json: { title: 'x', answers, avid: {} } },
  'neither form': { json: { title: 'x' } },
  'an unknown filing': { json: { title: 'x', answers, filingId: caseId } },
  'a filing that is no id': { json: { title: 'x', answers, filingId: "' or 1=1 --" } },
  'no AVID record': { json: { title: 'x', avid: { data_type: 'OTHER' } } },
  'three megabytes': {
    body: JSON.stringify({ title: 'x', avid: 'y'.repeat(3_000_000) }),
    status: 413,
    code: 'fst-err-ctp-body-too-large',
  },
  'plain text': { body: 'x', headers: { 'content-type': 'text/plain' }, status: 415 },
  XML: { body: '<a/>', headers: { 'content-type': 'application/xml' }, status: 415 },
  'a form': {
    body: 'title=x',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
  },
}

test('hostile bodies get a problem with a stable code and change nothing', async () => {
  const cookie = await cookieOf('case-officer-1')
  const before = await Promise.all(PLACES.map((at) => countEvents(world.database(at))))
  for (const [what, { status = 400, code, ...request }] of Object.entries(HOSTILE)) {
    const headers = { 'content-type': 'application/json', ...request.headers }
    const response = await send('/api/v1/cases', { ...request, method: 'POST', cookie, headers })
    await requireProblem(response, status, code, what)
  }
  const after = await Promise.all(PLACES.map((at) => countEvents(world.database(at))))
  assert.deepEqual(after, before)
  assert.equal(({} as { admin?: unknown }).admin, undefined)
})

test('hostile acts get a problem and change nothing', async () => {
  const cookie = await cookieOf('case-officer-1')
  const before = await countEvents(database)
  const at = (id: string, act: string) => `/api/v1/cases/${id}/acts/${act}`
  const terms = { terms: [{ scheme: 'ai-harm', id: 'eu-3-49-c' }] }
  const unknown = '00000000-0000-4000-8000-000000000000'
  const cases: readonly (readonly [string, unknown, number, string | RegExp])[] = [
    [at(unknown, 'assignTaxonomy'), terms, 404, 'unknown-case'],
    [at('1', 'assignTaxonomy'), terms, 404, 'unknown-case'],
    [at('..%2f..%2fetc%2fpasswd', 'assignTaxonomy'), terms, 404, 'unknown-case'],
    [at(caseId.toUpperCase(), 'noSuchAct'), terms, 404, 'not-found'],
    [at(caseId, 'constructor'), terms, 404, 'not-found'],
    [at(caseId, 'assignTaxonomy'), { terms: 'all' }, 400, 'schema'],
    [at(caseId, 'assignTaxonomy'), { terms: [{ scheme: 'x'.repeat(41), id: 'y' }] }, 400, 'schema'],
    [
      at(caseId, 'setEmbargoEnd'),
      { until: 'soon', zone: 'Europe/Brussels', ground: 'x' },
      400,
      /./,
    ],
    [
      at(caseId, 'setEmbargoEnd'),
      { until: '2099-01-01T00:00:00.000Z', zone: 'No/Where', ground: 'x' },
      400,
      /./,
    ],
    [at(caseId, 'decideOnReport'), { step: 'publish' }, 400, 'schema'],
  ]
  for (const [path, json, status, code] of cases) {
    const what = `${path} ${JSON.stringify(json)}`
    await requireProblem(await send(path, { cookie, json }), status, code, what)
  }
  assert.equal(await countEvents(database), before)
})

const TEXTS = ["' or 1=1 --", '\u0000', caseId, 'é😀\u202e']

/** An input of the right form in which every free text is `text`. */
function filled(schema: TSchema, text: string): unknown {
  if (schema['const'] !== undefined) return schema['const']
  if (schema['anyOf']) return filled(schema['anyOf'][0], text)
  if (schema['type'] === 'string') return text.slice(0, schema['maxLength'] ?? 1000)
  if (schema['type'] === 'integer') return schema['minimum'] ?? 1
  if (schema['type'] === 'boolean') return true
  if (schema['type'] === 'array') return [filled(schema['items'], text)]
  const { properties, patternProperties } = schema as {
    properties?: Record<string, TSchema>
    patternProperties?: Record<string, TSchema>
  }
  const entries = Object.entries(properties ?? {})
  const [pattern] = Object.values(patternProperties ?? {})
  if (pattern) entries.push([text.slice(0, 40), pattern])
  return Object.fromEntries(entries.map(([name, member]) => [name, filled(member, text)]))
}

test('whatever text stands in an act, it is refused or done, and never a fault', async () => {
  const keys = { caseOfficer: 'case-officer-1', liaison: 'liaison', reviewer: 'reviewer' }
  const cookies = new Map<string, string>()
  for (const [role, key] of Object.entries(keys)) cookies.set(role, await cookieOf(key))
  const faults: string[] = []
  for (const { name, input, roles } of caseActs) {
    const cookie = roles.map((role) => cookies.get(role)).find(Boolean) ?? ''
    for (const text of TEXTS) {
      const path = `/api/v1/cases/${caseId}/acts/${name}`
      const response = await send(path, { cookie, json: filled(input, text) })
      if (response.status < 500) continue
      faults.push(`${name} ${JSON.stringify(text)}: ${response.status} ${await response.text()}`)
    }
  }
  assert.deepEqual(faults, [])
  const view = await world.hands.meridia.officer.get<{ state: object }>(`/cases/${caseId}`)
  assert.ok(view.state, 'the case can still be read')
})

test('of officers who admit one filing at once, one does', async () => {
  const other = world.begin()
  await other.until('2.admit')
  const { officer } = world.hands.meridia
  const [waiting, ...more] = await officer.get<{ id: string }[]>('/filings')
  assert.ok(waiting)
  assert.deepEqual(more, [])
  const before = await world.database('meridia').selectFrom('stream').select('id').execute()
  const json = { title: 'Admitted twice', filingId: waiting.id, answers }
  const cookie = await cookieOf('case-officer-2')
  const sent = Array.from({ length: 4 }, () => send('/api/v1/cases', { cookie, json }))
  const responses = await Promise.all(sent)
  const statuses = responses.map(({ status }) => status).sort()
  assert.deepEqual(statuses, [200, 400, 400, 400])
  const after = await world.database('meridia').selectFrom('stream').select('id').execute()
  assert.equal(after.length, before.length + 1)
})

test('case time only goes forward, and only for who holds the demonstration’s secret', async () => {
  const sierra = world.node('sierra')
  const { offsetMs: start } = await caseNowOf(sierra)
  await moveClock(sierra, start + DAY_MS)
  await moveClock(sierra, start)
  await moveClock(sierra, 0)
  assert.equal((await caseNowOf(sierra)).offsetMs, start + DAY_MS)
  const clock = (offsetMs: unknown, secret = sierra.secret) =>
    send('/api/demo/clock', {
      baseUrl: sierra.baseUrl,
      headers: { 'x-comity-demo': secret },
      json: { offsetMs },
    })
  for (const offsetMs of [-1, 0.5, '1', null, 1e300, Number.MAX_SAFE_INTEGER, 4 * 366 * DAY_MS]) {
    await requireProblem(await clock(offsetMs), 400)
  }
  for (const secret of ['', 'x', meridia.secret, `${sierra.secret}0`]) {
    await requireProblem(await clock(start + 2 * DAY_MS, secret), 404, 'not-found')
  }
  assert.equal((await caseNowOf(sierra)).offsetMs, start + DAY_MS)

  const pid = world.demo.supervisor.children.get('sierra.example')?.pid
  assert.ok(pid)
  process.kill(pid, 'SIGKILL')
  await waitFor('the restart', async () => {
    return world.demo.supervisor.children.get('sierra.example')?.port
  })
  assert.equal((await caseNowOf(sierra)).offsetMs, start + DAY_MS, 'a restart keeps it')
})

test('a production node has no offset, whatever its database says', async () => {
  const sierra = world.database('sierra')
  assert.ok((await caseClock(sierra, 'demo')).caseOffsetMs() >= DAY_MS)
  const clock = await caseClock(sierra, 'production')
  assert.equal(clock.caseOffsetMs(), 0)
  assert.ok(Math.abs(Date.parse(clock.caseNow()) - Date.now()) < MINUTE_MS)
  await assert.rejects(clock.advanceTo(DAY_MS), /only a demonstration has a simulated clock/)
})

test('a production node without a sign-in method, or with one-time sign-ins, says so and does not start', async () => {
  const config = readNodeConfig(meridia.configFile)
  const production = { ...config.node, profile: 'production' as const }
  const wrong: readonly (readonly [object, RegExp])[] = [
    [
      { ...config, node: production, signIn: {} },
      /a production node needs a sign-in method and none is configured/,
    ],
    [{ ...config, node: production }, /a production node has no one-time sign-ins/],
    [{ ...config, node: { ...config.node, profile: 'staging' } }, /node.profile/],
  ]
  for (const [content, sentence] of wrong) {
    const file = join(world.folder, 'wrong-config.json')
    writeFileSync(file, JSON.stringify(content))
    const child = spawn(process.execPath, [NODE_PROCESS, file], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (part: Buffer) => {
      said += part.toString()
    })
    const [code] = (await once(child, 'exit')) as [number | null]
    assert.notEqual(code, 0)
    assert.match(said, sentence)
    assert.doesNotMatch(said, /\n\s+at /, 'a sentence, not a stack')
  }
})

test('what only a demonstration has is not there in production', async () => {
  const data = openTemporaryDataFolder()
  const names = ['meridia', 'albion', 'sierra', 'witness'].map((name) => `lonely_${name}`)
  const urls = await Promise.all(names.map((name) => server.createDatabase(name)))
  const databases = urls.map((url) => ({ url }))
  const ports = await choosePorts(names.length)
  const { nodes } = await setUpDemo({ data, ports, databases, batchIntervalMs: MINUTE_MS })
  const [first] = nodes
  assert.ok(first)
  const demo = JSON.parse(readFileSync(first.configFile, 'utf8')) as NodeConfig
  // The fictional Member State of the demonstration is no law there.
  const { memberState: _, ...own } = demo.node
  const config: NodeConfig = { ...demo, node: { ...own, profile: 'production' } }
  const lonely = openDatabase(demo.database.url, 1)
  // Past the check of the configuration, so that the routes themselves are seen.
  const node = await startNode(config)
  try {
    const headers = { 'x-comity-demo': first.secret }
    const { baseUrl } = first
    for (const path of ['/api/demo/clock', '/api/demo/officers']) {
      await requireProblem(await send(path, { baseUrl, headers }), 404, 'not-found')
    }
    for (const [path, json] of [
      ['/api/demo/clock', { offsetMs: DAY_MS }],
      ['/api/demo/sign-in-links', { officer: first.officers[0]?.id }],
    ] as const) {
      await requireProblem(await send(path, { baseUrl, headers, json }), 404, 'not-found')
    }
    const counts = await (await send('/open-data/counts.json', { baseUrl })).json()
    assert.equal((counts as { simulatedClock: boolean }).simulatedClock, false)
    const links = await lonely.selectFrom('one_time_sign_in').selectAll().execute()
    assert.deepEqual(links, [])
  } finally {
    await node.stop()
    await lonely.destroy()
    await resetData(data.folder)
  }
})
