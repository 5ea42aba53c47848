/**
 * Records of other systems become cases: at the page with a look beforehand, over the
 * interface, and by the command line with an officer's session. A record comes in once.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { request, signInLink } from '../../src/cli/story/client.ts'
import { startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { enterWorkspace, type Workspace } from '../support/page-hand.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const world = await startWorld()
const node = world.node('meridia')
const officer = await enterWorkspace(node, 'case-officer-1')
const liaison = await enterWorkspace(node, 'liaison')
const officers = new Set(node.officers.map(({ id }) => id))
/** What else the authority's stream gets, e.g. from peers, is not counted. */
const events = async () =>
  (await world.events('meridia')).filter(
    ({ kind, envelope }) => kind !== 'authority' || officers.has(envelope.by),
  ).length

const PAGE = '/en/officer/import-record'
const incident = (id: number) => ({
  incident_id: id,
  title: `Invented lift ${id} refuses to stop`,
  description: 'An invented lift controller skipped floors. <script>alert(1)</script>',
  developers: ['Larkspur Dialogue Ltd (invented)'],
  reports: [{ url: 'https://news.example/7', authors: ['Canary Person'] }],
})

async function upload(at: Workspace, content: string | Uint8Array<ArrayBuffer>) {
  const form = formIn((await at.get(PAGE)).html, '/import-record')
  const body = new FormData()
  body.append('formToken', form.fields.get('formToken')?.values[0] ?? '')
  body.append('record', new Blob([content]), 'record.json')
  assert.ok(at.post)
  return at.post(PAGE, body)
}

test('a record is looked at without change, then admitted, once', async () => {
  const before = await events()
  const text = JSON.stringify(incident(9001))
  const shown = await upload(officer, text)
  assert.equal(shown.status, 200)
  assert.match(shown.html, /AI Incident Database/)
  assert.match(shown.html, /\/reports\/0\/authors/)
  assert.match(shown.html, /it names a person whom the case does not need/)
  assert.doesNotMatch(shown.html, /Canary Person|<script>alert/)
  assert.equal(await events(), before, 'looking changes nothing')

  const form = formIn(shown.html, '/import-record/')
  fill(form, { title: ' ' })
  const untitled = await officer.send(form)
  assert.equal(untitled.status, 400)
  assert.match(untitled.html, /Give the case a title/)
  fill(form, { title: 'The lift of the invented house' })
  const done = await officer.send(form)
  assert.match(done.location ?? '', /\/officer\/cases\/[0-9a-f-]{36}$/)
  const page = await officer.get(done.location ?? '')
  assert.match(page.html, /The lift of the invented house/)
  assert.equal((await officer.send(form)).status, 404, 'the draft is gone after it')

  const after = await events()
  const again = formIn((await upload(officer, text)).html, '/import-record/')
  assert.equal((await officer.send(again)).location, done.location, 'leads to the first case')
  assert.equal(await events(), after)
})

for (const [name, content, says] of [
  ['nothing', '', /not JSON/],
  ['no JSON', 'incident_id: 1', /not JSON/],
  ['text that is not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), /UTF-8/],
  ['a record of no known format', '{"hello":"world"}', /none of the formats/],
  ['a member twice', '{"incident_id":1,"incident_id":2,"description":"x"}', /twice/],
  ['an incident without a description', '{"incident_id":1}', /\/description/],
] as const) {
  test(`${name} is refused at the page with the reason`, async () => {
    const before = await events()
    const answer = await upload(officer, content)
    assert.equal(answer.status, 400)
    assert.match(answer.html, says)
    assert.equal(await events(), before)
  })
}

test('only who may open cases gets to the page, the look or the admission', async () => {
  assert.equal((await liaison.get(PAGE)).status, 403)
  const shown = formIn(
    (await upload(officer, JSON.stringify(incident(9002)))).html,
    '/import-record/',
  )
  const own = formIn((await liaison.get('/en/officer/cases')).html, '/sign-out')
  assert.equal((await liaison.send({ ...own, action: shown.action })).status, 403)
})

test('over the interface a record is looked at and admitted', async () => {
  const cookie = await session('case-officer-1')
  const record = incident(9003)
  const post = (at: string, body: object) => request(node, 'POST', `/api/v1${at}`, body, { cookie })
  const looked = await post('/records/preview', { record })
  assert.equal(looked.status, 200)
  const { value } = (await looked.json()) as { value: { notCarried: unknown } }
  assert.deepEqual(value.notCarried, [{ pointer: '/reports/0/authors', why: 'personal' }])
  assert.equal((await post('/cases', { title: 'Lift', record })).status, 200)
  const before = await events()
  assert.equal((await post('/cases', { title: 'Again', record })).status, 200)
  assert.equal(await events(), before, 'it is in already')
  const twoAtOnce = { title: 'Lift', record, avid: record }
  assert.equal((await post('/cases', twoAtOnce)).status, 400)
  assert.equal((await post('/records/preview', { record: { hello: 1 } })).status, 400)
  const other = await session('liaison')
  const theirs = await request(
    node,
    'POST',
    '/api/v1/records/preview',
    { record },
    { cookie: other },
  )
  assert.equal(theirs.status, 403)
})

test('what is public goes out again, as a page, a file and over the interface; nothing else does', async () => {
  const cookie = await session('case-officer-1')
  const open = await request(
    node,
    'POST',
    '/api/v1/cases',
    { title: 'Lift', record: incident(9005) },
    { cookie },
  )
  const { value } = (await open.json()) as { value: { streamId: string } }
  const at = `/cases/${value.streamId}/records-out`
  const ask = (format: string) =>
    request(node, 'GET', `/api/v1${at}/${format}`, undefined, { cookie })
  const before = await events()
  const answered = await ask('aiid')
  assert.equal(answered.status, 200)
  const out = (await answered.json()) as {
    value: { from: string; record: object; notCarried: readonly object[] }
  }
  assert.equal(out.value.from, 'record')
  assert.deepEqual(out.value.record, {
    incident_id: 9005,
    title: 'Invented lift 9005 refuses to stop',
    description: incident(9005).description,
    developers: ['Larkspur Dialogue Ltd (invented)'],
    deployers: [],
    implicated_systems: [],
    reports: [{ url: 'https://news.example/7' }],
  })
  for (const [format, status, code] of [
    ['cve', 409, 'notPublished'],
    ['avid', 409, 'notPublished'],
    ['csaf', 404, 'not-found'],
    ['..%2Fcve', 404, 'not-found'],
  ] as const) {
    const refused = await ask(format)
    assert.equal(refused.status, status, format)
    assert.equal(((await refused.json()) as { code: string }).code, code)
  }
  const page = await officer.get(`/en/officer${at}`)
  assert.match(page.html, /AI Incident Database incident/)
  assert.match(page.html, /Written from the public record/)
  assert.match(page.html, /records:notPublished/)
  const file = await officer.get(`/en/officer${at}/aiid`)
  assert.deepEqual(JSON.parse(file.html), out.value.record)
  assert.equal((await officer.get(`/en/officer${at}/cve`)).status, 409)
  assert.equal((await officer.get(`/en/officer${at}/none`)).status, 404)
  assert.equal(await events(), before, 'nothing is recorded: it is public already')
})

test('comity import shows, admits, writes again, and goes on after a bad file', async () => {
  const folder = temporaryFolder()
  const file = (name: string, content: string) => {
    writeFileSync(path.join(folder, name), content)
    return path.join(folder, name)
  }
  const good = file('good.json', JSON.stringify(incident(9004)))
  const bad = file('bad.json', '{"hello":1}')
  const cookie = file('session', await session('case-officer-1'))

  const shown = await comity(['import', bad, good, path.join(folder, 'none.json')])
  assert.equal(shown.code, 1)
  assert.deepEqual(
    shown.lines.map((line) => [line['format'], (line['error'] as { code?: string })?.code]),
    [
      [undefined, 'malformed'],
      ['aiid', undefined],
      [undefined, 'unavailable'],
    ],
  )
  const written = await comity(['import', good, '--as', 'aiid'])
  assert.equal((written.lines[0]?.['incident'] as { incident_id?: number })?.incident_id, 9004)

  const before = await events()
  const admitted = await comity(['import', good, '--to', node.baseUrl, '--session', cookie])
  assert.equal(admitted.code, 0, JSON.stringify(admitted.lines))
  assert.ok((await events()) > before)
  const { hand } = officer
  const { state } = await hand.get<{ state: { title: string } }>(
    `/cases/${String(admitted.lines[0]?.['caseId'])}`,
  )
  assert.equal(state.title, 'Invented lift 9004 refuses to stop')
  const refused = await comity(['import', good, '--to', 'http://node.example', '--session', cookie])
  assert.equal(refused.code, 1, 'a session goes over https only')
})

async function session(key: string): Promise<string> {
  const link = await signInLink(node, key)
  const { headers } = await request(node, 'POST', '/api/v1/sign-in', { link })
  return headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

type Line = Readonly<Record<string, unknown>>

function comity(args: readonly string[]): Promise<{ code: number | null; lines: Line[] }> {
  const launcher = path.join(import.meta.dirname, '../../bin/comity.js')
  const child = spawn(process.execPath, [launcher, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const out: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => out.push(part))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      const lines = Buffer.concat(out).toString('utf8').split('\n').filter(Boolean)
      resolve({ code, lines: lines.map((line) => JSON.parse(line) as Line) })
    })
  })
}
