/**
 * Officers organise their work: tasks and notes on a case, and "My work". Told at
 * the pages of real nodes; the database is read past the node, for what must not
 * stand in it.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileTables } from '../../src/adapters/tables/tables.ts'
import { request, signInLink } from '../../src/cli/story/client.ts'
import { caseAt, countEvents, startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { enterWorkspace, type Workspace } from '../support/page-hand.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('4.embargo-refused')
const caseId = caseAt(telling.story, 'meridia')
const node = world.node('meridia')
const first = await enterWorkspace(node, 'case-officer-1')
const second = await enterWorkspace(node, 'case-officer-2')
const liaison = await enterWorkspace(node, 'liaison')
const administrator = await enterWorkspace(node, 'administrator')
const idOf = (key: string) => node.officers.find((one) => one.key === key)?.id ?? ''
const place = `/en/officer/cases/${caseId}/tasks`
const TASK = 'Ask the provider for the canary record'
const NOTE = 'The provider is nervous about the canary.'

test('a task is set, stands in the work of the assignee alone, and is done once', async () => {
  const events = await countEvents(world.database('meridia'))
  const form = formIn((await first.get(place)).html, '/tasks/add')
  fill(form, { title: TASK, assignee: idOf('case-officer-2'), dueOn: '2020-01-02' })
  assert.equal((await first.send(form)).location, place)

  const mine = await second.get('/en/officer/my-work')
  assert.equal(mine.status, 200)
  assert.ok(mine.html.includes(TASK) && mine.html.includes('Overdue'))
  assert.ok(!(await first.get('/en/officer/my-work')).html.includes(TASK))

  const done = formIn(mine.html, '/done')
  assert.ok(!(await liaison.get(place)).html.includes('/done"'), 'not offered to others')
  const theirs = formIn((await liaison.get(place)).html, '/tasks/notes')
  const forged = { ...theirs, action: done.action }
  const refused = await liaison.send(forged)
  assert.equal(refused.status, 409)
  assert.match(refused.html, /work:own/)

  assert.equal((await second.send(done)).location, '/en/officer/my-work')
  assert.ok(!(await second.get('/en/officer/my-work')).html.includes(TASK))
  assert.equal((await second.send(done)).status, 409)
  assert.equal(await countEvents(world.database('meridia')), events, 'a task is no event')
})

test('a task is only for who may read cases, and says what it is', async () => {
  const html = (await first.get(place)).html
  for (const [title, assignee] of [
    ['', idOf('case-officer-2')],
    ['x'.repeat(301), idOf('case-officer-2')],
    ['Look', idOf('administrator')],
    ['Look', '00000000-0000-4000-8000-000000000000'],
    ['Look', ''],
    ['Look', "' or 1=1 --"],
  ]) {
    const form = formIn(html, '/tasks/add')
    const field = form.fields.get('assignee')
    assert.ok(field)
    field.values = [assignee ?? '']
    fill(form, { title: title ?? '' })
    assert.equal((await first.send(form)).status, 400, `${title} ${assignee}`)
  }
  const bad = formIn(html, '/tasks/add')
  fill(bad, { title: 'Look', assignee: idOf('case-officer-2'), dueOn: '2026-02-30' })
  assert.equal((await first.send(bad)).status, 400)
})

test('a note is kept as text and shown to those who may read the case', async () => {
  const form = formIn((await first.get(place)).html, '/tasks/notes')
  fill(form, { text: `${NOTE} <script>alert(1)</script>` })
  assert.equal((await first.send(form)).location, place)
  const shown = (await second.get(place)).html
  assert.ok(shown.includes(NOTE) && shown.includes('&lt;script&gt;'))
})

test('neither an administrator nor a visitor sees work, tasks or notes', async () => {
  for (const path of [place, '/en/officer/my-work', '/en/officer/clocks']) {
    assert.equal((await administrator.get(path)).status, 403, path)
    const visitor = await fetch(node.baseUrl + path, { redirect: 'manual' })
    assert.equal(visitor.status, 303, path)
  }
})

test('the database holds no task and no note in clear', async () => {
  const database = world.database('meridia')
  const tasks = await database.selectFrom('work_task').selectAll().execute()
  const notes = await database.selectFrom('work_note').selectAll().execute()
  assert.ok(tasks.length >= 1 && notes.length >= 1)
  const kept = [...tasks.map((row) => row.sealed_title), ...notes.map((row) => row.sealed_text)]
  for (const sealed of kept) assert.ok(!Buffer.from(sealed).includes('canary'))
  assert.ok(!JSON.stringify([tasks, notes]).includes('canary'))
})

test('periods of a handled case stand in the work of its handler, not of others', async () => {
  const clocks = await world
    .database('meridia')
    .selectFrom('p_deadline')
    .selectAll()
    .where('stream_id', '=', caseId)
    .execute()
  const running = clocks.filter(({ state, due_at }) => state === 'due' && due_at !== null)
  const mine = (await first.get('/en/officer/my-work')).html
  for (const { clock } of running) assert.ok(mine.includes(clock), clock)
  const others = (await second.get('/en/officer/my-work')).html
  for (const { clock } of running) assert.ok(!others.includes(clock), clock)
})

test('the board shows the clocks of all cases that one may see, and gives them away', async () => {
  const path = '/en/officer/clocks'
  const clocks = await world
    .database('meridia')
    .selectFrom('p_deadline')
    .selectAll()
    .where('stream_id', '=', caseId)
    .execute()
  assert.ok(clocks.some(({ strict_due }) => strict_due !== null))
  const { html } = await liaison.get(`${path}?all=yes`)
  for (const { clock } of clocks) assert.ok(html.includes(clock), clock)
  const quiet = clocks.filter(({ state }) => state === 'not_started')
  const open = (await liaison.get(path)).html
  for (const { clock } of quiet) assert.ok(!open.includes(`>${clock}<`), clock)
  const other = await liaison.get(`${path}?order=GB&state=full_moon`)
  assert.ok(
    clocks.every(({ clock }) => !clock.startsWith('eu.') || !other.html.includes(`>${clock}<`)),
  )

  const calendar = await liaison.send(formIn(html, '/clocks/calendar'))
  assert.equal(calendar.status, 200)
  assert.match(calendar.html, /BEGIN:VCALENDAR/)
  const dated = clocks.filter(({ strict_due, state }) => strict_due !== null && state !== 'met')
  for (const { clock } of dated) assert.ok(calendar.html.includes(clock.replace('/', '.')), clock)
  assert.equal((await administrator.send(formIn(html, '/clocks/calendar'))).status, 403)
  const csv = (await liaison.send(formIn(html, '/clocks/list'))).html
  for (const { clock } of clocks) assert.ok(csv.includes(clock), clock)
})

test('the law of a case is shown on its facts: competent, due, measures, maxima, paths, gaps', async () => {
  const law = `/en/officer/cases/${caseId}/law`
  const { html, status } = await first.get(law)
  assert.equal(status, 200)
  for (const shown of ['eu.msa', 'eu.ai_act', 'us-ca.sb53', 'law.gb', 'offeredIn']) {
    assert.ok(html.includes(shown), shown)
  }
  const events = await countEvents(world.database('meridia'))
  const ask = formIn(html, '/law')
  fill(ask, { turnover: '800 000 000', currency: 'EUR', share: '3', order: ['EU', 'GB'] })
  const asked = await first.send(ask)
  assert.equal(asked.status, 200)
  assert.match(asked.html, /EUR\s24,000,000/)
  assert.ok(!asked.html.includes('us-ca.sb53/main'))
  fill(ask, { share: 'much' })
  const wrong = await first.send(ask)
  assert.equal(wrong.status, 400)
  assert.match(wrong.html, /yardstick\/basisPoints/)

  const gaps = await first.get(`/en/officer/cases/${caseId}/gaps`)
  assert.equal(gaps.status, 200)
  assert.match(gaps.html, /Gaps: [1-9]/)
  assert.match(gaps.html, /What it cannot cure/)
  assert.equal(await countEvents(world.database('meridia')), events, 'nothing is stored')
  for (const path of [law, `/en/officer/cases/${caseId}/gaps`]) {
    assert.equal((await administrator.get(path)).status, 403, path)
  }
})

test('rights and records of a case stand on one page, for who may read the case', async () => {
  const rights = `/en/officer/cases/${caseId}/rights`
  assert.ok((await first.get(`/en/officer/cases/${caseId}`)).html.includes(`href="${rights}"`))
  const events = await countEvents(world.database('meridia'))
  const { html, status } = await first.get(rights)
  assert.equal(status, 200)
  assert.ok(html.includes(`href="/en/officer/cases/${caseId}/acts/recordAffectedPerson"`))
  assert.match(html, /no claim waits for a decision/)
  assert.equal(await countEvents(world.database('meridia')), events, 'a look is no event')
  assert.equal((await administrator.get(rights)).status, 403)
})

test('programs ask the law of the node, and of a case, over the API', async () => {
  const session = async (key: string) => {
    const { headers } = await request(node, 'POST', '/api/v1/sign-in', {
      link: await signInLink(node, key),
    })
    const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
    return async (method: string, path: string, body?: object) => {
      const response = await request(node, method, `/api/v1${path}`, body, { cookie })
      const text = await response.text()
      return { status: response.status, json: JSON.parse(text), text }
    }
  }
  const ask = await session('case-officer-1')
  const clock = { clock: 'eu.gdpr/breach_sa', timeZone: 'Europe/Paris' }
  const due = await ask('POST', '/law/due', { ...clock, start: '2026-10-23T14:20:00+02:00' })
  assert.equal(due.json.strictDue, '2026-10-26T13:20:00+01:00[Europe/Paris]')
  assert.equal(due.json.legalDue, '2026-10-26T14:00:00+01:00[Europe/Paris]')
  const fine = { tier: 'eu.ai_act/t2', turnover: 800_000_000, currency: 'EUR' }
  assert.equal((await ask('POST', '/law/sanction', fine)).json.maximum, '24000000.00')
  const facts = { isAiSystem: true, offeredIn: ['DE', 'GB'] }
  const competence = await ask('POST', '/law/competence', { facts })
  assert.ok(competence.json.findings.some(({ authority }: Named) => authority === 'eu.msa'))
  const gaps = await ask('POST', '/law/gaps', { facts, packs: ['EU', 'GB'] })
  assert.equal(gaps.json.matrix.length, 2)
  for (const [path, body] of [
    ['/law/due', { ...clock, start: 'yesterday' }],
    ['/law/due', { ...clock, start: null, timeZone: 'Europe/Atlantis' }],
    ['/law/sanction', { tier: 'eu.ai_act/t2', turnover: -1 }],
    ['/law/gaps', { facts, packs: ['ATLANTIS'] }],
    ['/law/competence', { facts: { __proto__: null, a: { b: 1 } } }],
  ] as const) {
    assert.equal((await ask('POST', path, body)).status, 400, `${path} ${JSON.stringify(body)}`)
  }
  const packs = await ask('GET', '/law/packs')
  assert.ok(packs.json.some(({ id, isSigned }: Named) => id === 'law.eu' && isSigned))
  const board = await ask('GET', '/clocks')
  assert.ok(board.json.some((row: Named) => row.caseId === caseId))
  const law = await ask('GET', `/cases/${caseId}/law`)
  assert.ok(law.json.powers.length > 0 && law.json.clocks.length > 0)

  const none = await session('administrator')
  for (const path of ['/law/packs', '/clocks', `/cases/${caseId}/law`]) {
    assert.equal((await none('GET', path)).status, 403, path)
  }
  assert.equal((await fetch(`${node.baseUrl}/api/v1/clocks`)).status, 401)
})
type Named = { authority?: string; id?: string; isSigned?: boolean; caseId?: string }

test('a table comes in at the page: mapped, tried without change, then once', async () => {
  const path = '/en/officer/import'
  const events = () => countEvents(world.database('meridia'))
  const upload = async (content: string, name = 'table.csv') => {
    const form = formIn((await first.get(path)).html, '/import')
    const body = new FormData()
    body.append('formToken', form.fields.get('formToken')?.values[0] ?? '')
    body.append('kind', 'case')
    body.append('table', new Blob([content]), name)
    return postAt(first, path, body)
  }
  const before = await events()
  const wrong = await upload('key,title,what happened\r\n1,=cmd|x,s')
  assert.equal(wrong.status, 400)
  assert.match(wrong.html, /Row 2, column <bdi>title<\/bdi>: the cell starts like a formula/)
  const read = await upload('Key;Title;Story\r\n1;Imported canary;It said so.')
  assert.equal(read.status, 200)
  const form = formIn(read.html, '/import/')
  const step = { kind: 'hidden' as const, values: ['trial'], offered: [] }
  const send = (to: string) =>
    first.send({ ...form, fields: new Map([...form.fields, ['step', { ...step, values: [to] }]]) })
  assert.equal((await send('run')).status, 400, 'a column is still to be named')
  fill(form, { 'map.whatHappened': 'Story' })
  const trial = await send('trial')
  assert.match(trial.html, /1 rows would be imported; 0 were imported before/)
  assert.equal(await events(), before, 'nothing changed')
  assert.match((await send('run')).html, /1 rows were imported/)
  assert.equal((await send('run')).status, 404, 'the table is gone after it')
  const after = await events()
  assert.ok(after > before)

  const search = formIn((await second.get('/en/officer/search')).html, '/search')
  fill(search, { words: 'imported CANARY' })
  const found = await second.send(search)
  assert.match(found.html, /Imported canary/)
  const file = formIn(found.html, '/search/list')
  const csv = await second.send(file)
  assert.match(csv.html, /^\ufeff?Number,Title,Phase/)
  assert.match(csv.html, /Imported canary/)
})

test('my work, the tasks and the register of a case are taken away as tables that run nothing', async () => {
  const page = await first.get(`/en/officer/cases/${caseId}/tasks`)
  const add = formIn(page.html, '/tasks/add')
  const [assignee = ''] = add.fields.get('assignee')?.offered.filter(Boolean) ?? []
  fill(add, { title: '=HYPERLINK("https://elsewhere.example")', assignee })
  assert.equal((await first.send(add)).status, 303)
  const taken = async (at: string, part: string, format: string, by = first) => {
    const form = formIn((await by.get(at)).html, part)
    const field = { kind: 'hidden' as const, values: [format], offered: [] }
    return by.send({ ...form, fields: new Map([...form.fields, ['format', field]]) })
  }
  const tasks = await taken(`/en/officer/cases/${caseId}/tasks`, '/tasks/list', 'csv')
  assert.match(tasks.html, /\r\n"'=HYPERLINK/)
  const work = await taken('/en/officer/my-work', '/my-work/list', 'csv')
  assert.match(work.html, /^\ufeff?Kind,What/)
  const register = await taken(`/en/officer/cases/${caseId}/package`, '/register', 'csv')
  const lines = register.html.trim().split('\r\n')
  const { events: held } = await first.hand.get<{ events: readonly object[] }>(`/cases/${caseId}`)
  assert.equal(lines.length, held.length + 1)
  assert.match(lines[1] ?? '', /^1,[^,]+,[^,]+,caseOpened,/)
  const book = await taken(`/en/officer/cases/${caseId}/package`, '/register', 'xlsx')
  const read = await fileTables.read(book.bytes, 'xlsx')
  assert.ok(read.isSound, JSON.stringify(read))
  assert.equal(read.table.rows.length, held.length)

  const bare = { action: `/en/officer/cases/${caseId}/register`, fields: new Map() }
  assert.equal((await first.send(bare)).status, 403, 'not our form')
  const own = formIn((await administrator.get('/en/officer/sign-in-desk')).html, '/sign-out')
  for (const action of [bare.action, `${place}/list`, '/en/officer/my-work/list']) {
    assert.equal((await administrator.send({ ...own, action })).status, 403, action)
  }
})

test('an upload without the token of our page, or by another role, is refused', async () => {
  const body = new FormData()
  body.append('kind', 'case')
  body.append('table', new Blob(['key,title\r\n1,x']), 't.csv')
  assert.equal((await postAt(first, '/en/officer/import', body)).status, 403)
  assert.equal((await liaison.get('/en/officer/import')).status, 403)
})

test('what could not be delivered is for an administrator alone: tried again, or dropped', async () => {
  const path = '/en/officer/undelivered'
  const database = world.database('meridia')
  const [mail, hook] = [crypto.randomUUID(), crypto.randomUUID()]
  const failed = {
    state: 'failed',
    attempts: 10,
    fault: 'unreachable',
    ended_at: new Date(),
  } as const
  const sealed_message = new Uint8Array([1])
  const officer_id = idOf('case-officer-1')
  await database
    .insertInto('mail_out')
    .values({ id: mail, officer_id, sealed_message, send_at: new Date(), ...failed })
    .execute()
  await database.insertInto('hook_endpoint').values({ name: 'register' }).execute()
  const body = '{"link":"canary"}'
  await database
    .insertInto('hook_delivery')
    .values({ id: hook, endpoint: 'register', body, next_at: new Date(), ...failed, state: 'dead' })
    .execute()
  assert.equal((await first.get(path)).status, 403)
  const page = await administrator.get(path)
  assert.equal(page.status, 200)
  const { name } = JSON.parse((await first.get('/api/v1/me')).html) as { name: string }
  assert.ok(name.length > 3)
  assert.ok(page.html.includes(name) && page.html.includes('register'))
  assert.ok(!page.html.includes('canary'))
  const again = formIn(page.html, `/mail/${mail}/again`)
  const drop = formIn(page.html, `/hook/${hook}/drop`)
  assert.equal((await first.send(drop)).status, 403, 'not for others, nor with their token')
  for (const form of [again, drop]) assert.equal((await administrator.send(form)).location, path)
  assert.equal((await administrator.send(drop)).status, 409, 'it is gone')
  const row = await database
    .selectFrom('mail_out')
    .selectAll()
    .where('id', '=', mail)
    .executeTakeFirstOrThrow()
  assert.deepEqual([row.state, row.attempts], ['waiting', 0])
  assert.deepEqual(await database.selectFrom('hook_delivery').selectAll().execute(), [])
  await database.deleteFrom('mail_out').execute()
})

function postAt({ post }: Workspace, path: string, body: FormData) {
  assert.ok(post)
  return post(path, body)
}
