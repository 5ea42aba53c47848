/** People from outside on a real database: what an account or a link opens, and what not. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { deskKernel } from '../../test/support/desk-kernel.ts'
import { keys } from '../../test/support/kernel-database.ts'
import { systemRandom as random } from '../adapters/random.ts'
import { postgresGuests } from '../adapters/sign-in/guests.ts'
import { countTries } from '../adapters/sign-in/tries.ts'
import type { Decision } from '../base/decision.ts'
import { addMs, DAY_MS, HOUR_MS, MINUTE_MS, msOf } from '../base/time.ts'
import { LOOKS_MAX } from '../core/access/guests.ts'
import type { Acting } from '../core/case/recorded.ts'
import { findCaseAct } from './acts.ts'
import { answerAsGuest } from './answer-shared.ts'
import { enterAsGuest as enterFrom, lookAsGuest } from './guests.ts'
import type { Kernel } from './kernel.ts'
import { lookAsPerson, readShared, sharedCases } from './shared-cases.ts'

const NAME = 'Canary Guest of a ministry'
const REASON = 'They asked what became of it.'
const WRONG = '0000-0000-0000-0000-0000-0000'

const enterAsGuest = (kernel: Kernel, linkId: string, typed: string, from = '192.0.2.7') =>
  enterFrom(kernel, linkId, { typed, from })

type Made = { readonly linkId: string; readonly code: string }

async function world(t: TestContext) {
  const desk = await deskKernel(t)
  const { database, enrol, now } = desk
  const nowMs = () => msOf(desk.kernel.clocks.wireNow())
  const guests = postgresGuests({ database, atRest: keys, random, nowMs })
  const kernel = {
    ...desk.kernel,
    desk: { ...desk.desk, guests },
    signIn: { tries: countTries({ now: nowMs }) },
  } as unknown as Kernel
  const officer = await enrol('Ines Invented', ['caseOfficer'])
  const caseId = await desk.openCase('Canary title of the case', officer)
  const proved = (who: Acting): Acting => {
    const at = now(who)
    return { ...at, steppedUpAt: at.now }
  }
  const act = (name: string, input: object, who: Acting = officer, on: string = caseId) => {
    const found = findCaseAct(name)
    assert.ok(found)
    return found.run(kernel, on, { input, acting: proved(who) })
  }
  const guest = { name: NAME, sees: ['summary'], legalOrder: 'EU', days: 2, reason: REASON }
  const admit = async (changed: object = {}, on: string = caseId): Promise<Made> => {
    const done = await act('admitGuest', { ...guest, ...changed }, officer, on)
    assert.equal(done.decision, 'permit', JSON.stringify(done))
    return (done as { value: { result: Made } }).value.result
  }
  const enter = async ({ linkId, code }: Made): Promise<string> => {
    const entry = await enterAsGuest(kernel, linkId, code)
    if (typeof entry === 'string') throw new Error(entry)
    return entry.secret
  }
  const history = async (on: string = caseId) => (await kernel.streams.read(on))?.history ?? []
  return { ...desk, kernel, guests, officer, caseId, guest, act, admit, enter, history }
}

const whyOf = (decision: Decision<unknown>) =>
  decision.decision === 'refuse' ? decision.why : 'permit'

test('a guest sees what is shared, each look is an event, and the name stands nowhere', async (t) => {
  const { kernel, caseId, admit, enter, history, database, guests } = await world(t)
  const made = await admit()
  const secret = await enter(made)
  const shared = await lookAsGuest(kernel, made.linkId, secret)
  assert.equal(shared?.caseId, caseId)
  assert.deepEqual(Object.keys(shared.view), ['summary'])
  assert.equal(shared.view.summary?.title, 'Canary title of the case')
  await lookAsGuest(kernel, made.linkId, secret)
  const events = await history()
  const looks = events.filter(({ event }) => event.type === 'guestViewed')
  assert.equal(looks.length, 2)
  assert.equal(looks[0]?.by, kernel.node.id)
  assert.ok(!JSON.stringify(events).includes('Canary Guest'))
  const { rows } = await sql<{ row: string }>`
    select encode(convert_to(row_to_json(g)::text, 'utf8'), 'escape') as row from guest_link g
  `.execute(database)
  assert.ok(rows[0]?.row.includes(made.linkId), 'the search finds what is there')
  for (const hidden of [
    'Canary',
    Buffer.from('Canary').toString('hex'),
    made.code,
    made.code.replaceAll('-', ''),
    secret,
  ]) {
    assert.ok(!rows[0]?.row.includes(hidden), hidden)
  }
  assert.equal((await guests.of(caseId))[0]?.name, NAME)
})

test('five wrong codes, one after another or at once, and the link is dead', async (t) => {
  const { kernel, admit, guests, caseId } = await world(t)
  const first = await admit()
  for (const typed of ['', WRONG, 'x'.repeat(4000), `${first.code}0`, first.code.slice(1)]) {
    assert.equal(await enterAsGuest(kernel, first.linkId, typed), 'wrong', typed.slice(0, 40))
  }
  assert.equal(await enterAsGuest(kernel, first.linkId, first.code), 'wrong')
  const second = await admit()
  await Promise.all(Array.from({ length: 9 }, () => guests.acceptCode(second.linkId, WRONG)))
  assert.equal(await guests.acceptCode(second.linkId, second.code), undefined)
  assert.ok((await guests.of(caseId)).every(({ triesLeft }) => triesLeft === 0))
  const third = await admit()
  for (let tries = 0; tries < 4; tries++) await guests.acceptCode(third.linkId, WRONG)
  assert.ok(await guests.acceptCode(third.linkId, third.code), 'the fifth is right')
})

test('a flood of tries on one link is held off before it reaches the database', async (t) => {
  const { kernel, admit } = await world(t)
  const { linkId } = await admit()
  for (let tries = 0; tries < 10; tries++) await enterAsGuest(kernel, linkId, WRONG)
  assert.equal(await enterAsGuest(kernel, linkId, WRONG), 'tooManyTries')
  assert.equal(await enterAsGuest(kernel, linkId, WRONG, '198.51.100.7'), 'wrong', 'elsewhere')
})

test('a code or a session opens its own link and nothing else', async (t) => {
  const { kernel, officer, openCase, admit, enter } = await world(t)
  const other = await openCase('Another case', officer)
  const own = await admit()
  const theirs = await admit({}, other)
  assert.equal(await enterAsGuest(kernel, theirs.linkId, own.code), 'wrong')
  const secret = await enter(own)
  const { guests } = kernel.desk
  for (const linkId of [theirs.linkId, other, random.uuid(), 'setup', '', "' or true --"]) {
    assert.equal(await lookAsGuest(kernel, linkId, secret), undefined, linkId)
    assert.equal(await guests.present(linkId, secret), undefined, linkId)
    assert.equal(await enterAsGuest(kernel, linkId, own.code), 'wrong', linkId)
  }
  for (const bad of ['', own.code, secret.slice(1), `${secret}0`, '0'.repeat(64)]) {
    assert.equal(await lookAsGuest(kernel, own.linkId, bad), undefined)
    assert.equal(await guests.present(own.linkId, bad), undefined)
  }
  assert.equal((await guests.present(own.linkId, secret))?.id, own.linkId)
  assert.equal(await kernel.people.session(secret), undefined, 'no session of the workspace')
  assert.ok(await lookAsGuest(kernel, own.linkId, secret), 'none of that ended it')
  const again = await enter(own)
  assert.equal(await lookAsGuest(kernel, own.linkId, secret), undefined, 'one session at a time')
  assert.equal(await guests.present(own.linkId, secret), undefined, 'one session at a time')
  await guests.closeSession(own.linkId, again)
  assert.equal(await lookAsGuest(kernel, own.linkId, again), undefined, 'left')
  assert.equal(await guests.present(own.linkId, again), undefined, 'left')
})

test('removal ends an open session at once and for ever', async (t) => {
  const { kernel, admit, enter, act, history } = await world(t)
  const made = await admit()
  const secret = await enter(made)
  const [admitted] = (await history()).flatMap(({ event }) =>
    event.type === 'guestAdmitted' ? [event as unknown as { person: string }] : [],
  )
  const removed = await act('removePerson', { person: admitted?.person, reason: REASON })
  assert.equal(removed.decision, 'permit', JSON.stringify(removed))
  const before = (await history()).length
  assert.equal(await lookAsGuest(kernel, made.linkId, secret), undefined)
  assert.equal(await enterAsGuest(kernel, made.linkId, made.code), 'wrong')
  assert.equal((await history()).length, before, 'and leaves nothing')
})

test('a case that became confidential shows no guest anything, nor when it opens again', async (t) => {
  const { kernel, admit, enter, act, append, caseId, guest } = await world(t)
  const made = await admit()
  const unopened = await admit()
  const secret = await enter(made)
  const closed = await act('classifyCase', { classification: 'confidential', reason: REASON })
  assert.equal(closed.decision, 'permit')
  assert.equal(await lookAsGuest(kernel, made.linkId, secret), undefined)
  assert.equal(whyOf(await act('admitGuest', guest)), 'confidentialCase')
  await append(caseId, kernel.node.id, { type: 'caseClassified', classification: 'open' } as never)
  assert.equal(await enterAsGuest(kernel, made.linkId, made.code), 'wrong')
  assert.equal(await enterAsGuest(kernel, unopened.linkId, unopened.code), 'wrong')
  assert.ok(await enter(await admit()), 'a new admission counts')
})

test('a session lasts an hour, a link its days, and looks are counted', async (t) => {
  const { kernel, admit, enter, pass, database } = await world(t)
  const made = await admit({ days: 1 })
  const secret = await enter(made)
  pass(HOUR_MS - 60_000)
  assert.ok(await lookAsGuest(kernel, made.linkId, secret))
  pass(120_000)
  assert.equal(await lookAsGuest(kernel, made.linkId, secret), undefined)
  const again = await enter(made)
  await database.updateTable('guest_link').set({ looks_left: 1 }).execute()
  assert.ok(await lookAsGuest(kernel, made.linkId, again))
  assert.equal(await lookAsGuest(kernel, made.linkId, again), undefined, 'no look is left')
  await database.updateTable('guest_link').set({ looks_left: 9 }).execute()
  pass(DAY_MS)
  assert.equal(await lookAsGuest(kernel, made.linkId, again), undefined)
  assert.equal(await enterAsGuest(kernel, made.linkId, made.code), 'wrong')
})

test('who lets a guest in, and to what, is bounded', async (t) => {
  const { kernel, act, guest, enrol, caseId, officer, admit, now } = await world(t)
  for (const [changed, why] of [
    [{ days: 0 }, 'admittedTooLong'],
    [{ days: 31 }, 'admittedTooLong'],
    [{ days: 1.5 }, 'admittedTooLong'],
    [{ days: Number.NaN }, 'admittedTooLong'],
    [{ sees: [] }, 'nothingShared'],
    [{ sees: ['wholeCase'] }, 'wholeCase'],
  ] as const) {
    assert.equal(whyOf(await act('admitGuest', { ...guest, ...changed })), why)
  }
  for (const roles of [['reviewer'], ['administrator'], ['vendor'], ['guest']] as const) {
    const person = await enrol('Somebody Invented', [...roles])
    assert.equal(whyOf(await act('admitGuest', guest, person)), 'roleMissing')
  }
  const found = findCaseAct('admitGuest')
  const unproved = await found?.run(kernel, caseId, { input: guest, acting: now(officer) })
  assert.ok(unproved)
  assert.equal(whyOf(unproved), 'stepUpNeeded')
  const confined = { purposes: ['enforcement'], legalOrders: ['EU'], reason: REASON }
  assert.equal((await act('declarePurposes', confined)).decision, 'permit')
  assert.equal(whyOf(await act('admitGuest', { ...guest, legalOrder: 'GB' })), 'otherLegalOrder')
  for (let count = 0; count < 20; count++) await admit()
  assert.equal(whyOf(await act('admitGuest', guest)), 'tooManyGuests')
})

test('a person with an account finds the cases it was admitted to, part by part', async (t) => {
  const { kernel, enrol, openCase, officer, act, caseId, now, pass } = await world(t)
  const hidden = await openCase('Canary of another case', officer)
  const vendor = await enrol('Vera Invented', ['vendor'])
  assert.deepEqual(await sharedCases(kernel, vendor), [])
  const until = addMs(now(vendor).now, 3 * DAY_MS)
  const admission = {
    person: vendor.officer,
    capacity: 'vendor',
    sees: ['hearing'],
    legalOrder: 'EU',
    until,
    reason: REASON,
  }
  assert.equal((await act('admitPerson', admission)).decision, 'permit')
  const [one, ...more] = await sharedCases(kernel, now(vendor))
  assert.deepEqual(more, [])
  assert.equal(one?.caseId, caseId)
  assert.deepEqual(one?.view, { hearings: [] })
  assert.ok(!JSON.stringify(one).includes('Canary'), 'the title was not shared')
  assert.equal(whyOf(await readShared(kernel, hidden, now(vendor))), 'notAdmitted')
  assert.deepEqual(await sharedCases(kernel, now(officer)), [], 'nobody admitted the officer')
  const removed = await act('removePerson', { person: vendor.officer, reason: REASON })
  assert.equal(removed.decision, 'permit')
  assert.deepEqual(await sharedCases(kernel, now(vendor)), [])
  assert.equal((await act('admitPerson', admission)).decision, 'permit')
  pass(4 * DAY_MS)
  assert.deepEqual(await sharedCases(kernel, now(vendor)), [], 'it ran out')
})

test('a person with an account has as many looks by one admission as a guest', async (t) => {
  const { kernel, enrol, act, caseId, append, now, pass, history } = await world(t)
  const vendor = await enrol('Vera Invented', ['vendor'])
  const sees = ['hearing'] as const
  const admission = {
    person: vendor.officer,
    capacity: 'vendor',
    sees,
    legalOrder: 'EU',
    until: addMs(now(vendor).now, 3 * DAY_MS),
    reason: REASON,
  }
  assert.equal((await act('admitPerson', admission)).decision, 'permit')
  const look = async () => {
    pass(2 * MINUTE_MS)
    return whyOf(await lookAsPerson(kernel, caseId, now(vendor)))
  }
  const viewed = { type: 'sharedViewed', person: vendor.officer, capacity: 'vendor', sees } as const
  const another = { ...viewed, person: random.uuid() }
  const times = (event: object, count: number) =>
    Array.from({ length: count }, () => event as never)
  const earlier = [...times(another, 3), ...times(viewed, LOOKS_MAX - 1)]
  await append(caseId, kernel.node.id, ...earlier)
  assert.equal(await look(), 'permit', 'what others looked at is not counted')
  const before = (await history()).length
  assert.equal(await look(), 'noLooksLeft')
  assert.equal(await look(), 'noLooksLeft')
  assert.equal((await history()).length, before, 'and leaves nothing')
  assert.equal(
    (await act('removePerson', { person: vendor.officer, reason: REASON })).decision,
    'permit',
  )
  assert.equal((await act('admitPerson', admission)).decision, 'permit')
  assert.equal(await look(), 'permit', 'a new admission counts')
})

test('an answer from outside and the task that tells of it come together or not at all', async (t) => {
  const { kernel, admit, enter, database, officer, caseId, history } = await world(t)
  const made = await admit({ answersAs: 'vendor' })
  const door = { linkId: made.linkId, secret: await enter(made) }
  const answer = () => answerAsGuest(kernel, door, { text: 'We have received it.' })
  const filed = async () =>
    (await history()).filter(({ event }) => event.type === 'statementFiled').length
  await sql`alter table work_task add constraint no_room check (false) not valid`.execute(database)
  await assert.rejects(answer())
  assert.equal(await filed(), 0, 'nobody would be told')
  await sql`alter table work_task drop constraint no_room`.execute(database)
  assert.equal((await answer())?.decision, 'permit')
  assert.equal(await filed(), 1)
  const [task, ...more] = await kernel.desk.records.tasksOf(caseId)
  assert.equal(task?.assignee, officer.officer)
  assert.deepEqual(more, [])
})
