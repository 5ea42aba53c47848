/**
 * The feed of clocks as a calendar program meets it at real nodes: made on the account
 * page, read with HTTP Basic authentication, and shut again.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { caseAt, startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { enterWorkspace, type Workspace } from '../support/page-hand.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('4.embargo-refused')
const caseId = caseAt(telling.story, 'meridia')
const node = world.node('meridia')
const officer = await enterWorkspace(node, 'case-officer-1')
const administrator = await enterWorkspace(node, 'administrator')
const idOf = (key: string) => node.officers.find((one) => one.key === key)?.id ?? ''
const ACCOUNT = '/en/officer/account'
const MAKE = '/account/calendar'

function ask(user: string, password: string, init: RequestInit = {}) {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const headers = { authorization, ...init.headers }
  return fetch(`${node.baseUrl}/calendar/clocks.ics`, { ...init, headers })
}

async function make(who: Workspace): Promise<string> {
  const made = await who.send(formIn((await who.get(ACCOUNT)).html, MAKE))
  assert.equal(made.status, 200)
  const [, shown] = /comity-code[^>]*>([0-9a-f]{64})</.exec(made.html) ?? []
  return shown ?? assert.fail('no password is shown')
}

async function uidsOf(user: string, password: string): Promise<string[]> {
  const answer = await ask(user, password)
  assert.equal(answer.status, 200)
  const unfolded = (await answer.text()).replaceAll(/\r\n[ \t]/g, '')
  return [...unfolded.matchAll(/^UID:(.*?)\r?$/gm)].map(([, uid = '']) => uid).sort()
}

test('a password is made with a fresh proof only, and shown once', async () => {
  const before = await officer.get(ACCOUNT)
  assert.ok(before.html.includes(idOf('case-officer-1')))
  assert.ok(before.html.includes('/calendar/clocks.ics'))
  assert.match(before.html, /disabled[^>]*>Make a calendar password/)
  // The token of a form that is there, at the place that is shut.
  const forged = { ...formIn(before.html, '/sign-out'), action: `/en/officer${MAKE}` }
  assert.equal((await officer.send(forged)).status, 403)
  const database = world.database('meridia')
  assert.deepEqual(await database.selectFrom('calendar_password').selectAll().execute(), [])

  await officer.hand.prove()
  const password = await make(officer)
  const after = (await officer.get(ACCOUNT)).html
  assert.ok(!after.includes(password))
  assert.match(after, /not used yet/)
  await administrator.hand.prove()
  const page = (await administrator.get(ACCOUNT)).html
  assert.match(page, /disabled[^>]*>Make a calendar password/, 'an administrator sees no case')
  const theirs = { ...formIn(page, '/sign-out'), action: `/en/officer${MAKE}` }
  assert.equal((await administrator.send(theirs)).status, 403)
})

test('the feed holds the same as the file of the board, by case number, and no title', async () => {
  const password = await make(officer)
  const answer = await ask(idOf('case-officer-1'), password)
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'text/calendar; charset=utf-8')
  assert.equal(answer.headers.get('cache-control'), 'private, no-store')
  assert.equal(answer.headers.get('set-cookie'), null)
  const text = await answer.text()
  const board = await officer.get('/en/officer/clocks')
  const file = await officer.send(formIn(board.html, '/clocks/calendar'))
  const eventsOf = (ics: string) => ics.match(/UID:[\s\S]*?END:VEVENT/g)?.map(withoutStamp)
  assert.ok(text.includes(caseId) && text.includes('BEGIN:VEVENT'))
  assert.deepEqual(eventsOf(text), eventsOf(file.html))
  const rows = await officer.hand.get<{ state: { title: string } }>(`/cases/${caseId}`)
  assert.ok(rows.state.title.length > 5)
  assert.ok(!text.replaceAll(/\r\n[ \t]/g, '').includes(rows.state.title))
  assert.match((await officer.get(ACCOUNT)).html, /last used/)
})

const withoutStamp = (event: string) => event.replace(/DTSTAMP:.*/, '')

test('whatever is wrong is one answer, which tells nothing', async () => {
  const id = idOf('case-officer-1')
  const password = await make(officer)
  const none = await fetch(`${node.baseUrl}/calendar/clocks.ics`)
  const said = await none.text()
  assert.equal(none.status, 401)
  const wrong: readonly (readonly [string, string])[] = [
    [id, 'wrong'],
    [id, ''],
    [idOf('case-officer-2'), password],
    [idOf('administrator'), password],
    ['00000000-0000-4000-8000-000000000000', password],
    ['', password],
    ['x'.repeat(400), password],
    [id, `${password}:`],
    ['\u0000', '\u0000'],
  ]
  for (const [user, sent] of wrong) {
    const answer = await ask(user, sent)
    assert.equal(answer.status, 401, user)
    assert.equal(await answer.text(), said)
    assert.equal(answer.headers.get('www-authenticate'), 'Basic realm="clocks", charset="UTF-8"')
    assert.equal(answer.headers.get('cache-control'), 'private, no-store')
  }
  for (const authorization of [
    '',
    'Basic',
    'Basic !',
    `Bearer ${password}`,
    `Basic ${'A'.repeat(9000)}`,
  ]) {
    const answer = await ask(id, password, { headers: { authorization } })
    assert.equal(answer.status, 401, authorization.slice(0, 20))
  }
  const inAddress = `${node.baseUrl}/calendar/clocks.ics?user=${id}&password=${password}`
  assert.equal((await fetch(inAddress)).status, 401)
  assert.equal((await ask(id, password)).status, 200)
})

test('the password opens nothing else', async () => {
  const password = await make(officer)
  const authorization = `Basic ${Buffer.from(`${idOf('case-officer-1')}:${password}`).toString('base64')}`
  for (const path of ['/en/officer/clocks', '/en/officer/cases', ACCOUNT]) {
    const answer = await fetch(node.baseUrl + path, {
      headers: { authorization },
      redirect: 'manual',
    })
    assert.equal(answer.status, 303, path)
  }
  for (const path of ['/api/v1/me', '/api/v1/clocks', `/api/v1/cases/${caseId}`]) {
    const headers = { authorization, cookie: `comity-meridia-example=${password}` }
    assert.equal((await fetch(node.baseUrl + path, { headers })).status, 401, path)
  }
  const post = await ask(idOf('case-officer-1'), password, { method: 'POST' })
  assert.equal(post.status, 404)
})

test('a case that becomes confidential leaves the feed and stays on the board', async () => {
  const password = await make(officer)
  const id = idOf('case-officer-1')
  const isThere = async () => (await uidsOf(id, password)).some((uid) => uid.startsWith(caseId))
  assert.ok(await isThere())
  await officer.hand.do(caseId, 'classifyCase', {
    classification: 'confidential',
    reason: 'a witness of this invented story could be hurt',
  })
  assert.ok(!(await isThere()))
  assert.ok((await officer.get('/en/officer/clocks')).html.includes(caseId))
})

test('a password ends by its owner, with the sessions that an administrator ends, and with the account', async () => {
  const id = idOf('case-officer-1')
  const first = await make(officer)
  const revoked = await officer.send(formIn((await officer.get(ACCOUNT)).html, '/calendar/revoke'))
  assert.equal(revoked.location, ACCOUNT)
  assert.equal((await ask(id, first)).status, 401)

  const second = await make(officer)
  const desk = await administrator.get('/en/officer/sign-in-desk')
  const ended = await administrator.send(formIn(desk.html, `/officers/${id}/end-sessions`))
  assert.equal(ended.status, 303)
  assert.equal((await ask(id, second)).status, 401)

  const again = await enterWorkspace(node, 'case-officer-1')
  await again.hand.prove()
  const third = await make(again)
  assert.equal((await ask(id, third)).status, 200)
  const place = `/people-acts/endAccount`
  const page = await administrator.get(`/en/officer${place}?about=${id}`)
  const form = formIn(page.html, place)
  fill(form, { ground: 'moves', confirmed: 'true' })
  assert.equal((await administrator.send(form)).status, 303)
  assert.equal((await ask(id, third)).status, 401)
  const rows = await world.database('meridia').selectFrom('calendar_password').selectAll().execute()
  assert.deepEqual(rows, [])
  const log = readFileSync(join(dirname(node.configFile), 'node.log'), 'utf8')
  for (const secret of [first, second, third, 'clocks.ics']) assert.ok(!log.includes(secret))
})
