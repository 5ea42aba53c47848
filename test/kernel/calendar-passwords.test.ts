/**
 * Passwords of calendar programs and the feed that they open, on a real database: what
 * opens it, what ends it, and which cases stay out.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { systemRandom } from '../../src/adapters/random.ts'
import { calendarPasswords } from '../../src/adapters/sign-in/calendar-passwords.ts'
import { clockFeed, makeCalendarPassword } from '../../src/app/desk/clock-feed.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { addMs, instantFromMs, MINUTE_MS } from '../../src/base/time.ts'
import type { Acting, Role } from '../../src/core/case/recorded.ts'
import { deskKernel } from '../support/desk-kernel.ts'

const FROM = '203.0.113.5'
const CLOCK = 'eu.gdpr/breach_sa'

async function aDesk(t: TestContext) {
  const desk = await deskKernel(t)
  const { database } = desk
  const calendar = calendarPasswords({ database, random: systemRandom })
  // A node without packs: what a clock is called is not asked here.
  const law = { context: async () => ({ packs: [] }) }
  const kernel = { ...desk.kernel, law, signIn: { calendar } } as unknown as Kernel
  const ask = (officer: string, password: string, from = FROM) =>
    clockFeed(kernel, { officer, password, from })
  const proved = (acting: Acting): Acting => ({ ...acting, steppedUpAt: kernel.clocks.wireNow() })
  const make = async (acting: Acting) => {
    const made = await makeCalendarPassword(kernel, proved(acting))
    assert.equal(made.decision, 'permit')
    return made.decision === 'permit' ? made.value : ''
  }
  const withClock = async (caseId: string) => {
    const due = '2099-01-30T00:00:00+01:00[Europe/Brussels]'
    const row = { stream_id: caseId, clock: CLOCK, state: 'due', legal_order: 'EU' }
    const dates = { due_at: '2099-01-29T23:00:00Z', strict_due: due, legal_due: due }
    await database
      .insertInto('p_deadline')
      .values({ ...row, ...dates })
      .execute()
    return caseId
  }
  const casesIn = async (officer: string, password: string) => {
    const feed = await ask(officer, password)
    assert.ok(typeof feed === 'object', String(feed))
    return feed.clocks.map(({ caseId }) => caseId)
  }
  return { ...desk, kernel, calendar, ask, make, withClock, casesIn }
}

test('the right password of the right account opens it; nothing else does', async (t) => {
  const { enrol, make, ask, openCase, withClock, casesIn } = await aDesk(t)
  const one = await enrol('Iris Quill (invented)', ['caseOfficer'])
  const other = await enrol('Otto Fern (invented)', ['caseOfficer'])
  const caseId = await withClock(await openCase('A title', one))
  const password = await make(one)
  assert.match(password, /^[0-9a-f]{64}$/)
  assert.deepEqual(await casesIn(one.officer, password), [caseId])
  for (const [officer, sent] of [
    [other.officer, password],
    [one.officer, password.slice(0, -1)],
    [one.officer, password.slice(1)],
    [one.officer, `${password} `],
    [one.officer, ''],
    [other.officer, ''],
    ['00000000-0000-4000-8000-000000000000', password],
    ['nobody', password],
    ['', password],
    ["' or true --", password],
  ] as const) {
    assert.equal(await ask(officer, sent), 'wrong', `${officer} ${sent}`)
  }
})

test('a new password ends the one before, and it can be ended at will', async (t) => {
  const { enrol, make, ask, calendar } = await aDesk(t)
  const one = await enrol('Iris Quill (invented)', ['liaison'])
  const first = await make(one)
  const second = await make(one)
  assert.equal(await ask(one.officer, first), 'wrong')
  assert.equal(typeof (await ask(one.officer, second)), 'object')
  await calendar.revoke(one.officer)
  assert.equal(await ask(one.officer, second), 'wrong')
  assert.equal(await calendar.of(one.officer), undefined)
})

test('the database holds a hash and nothing that opens the feed', async (t) => {
  const { enrol, make, ask, database } = await aDesk(t)
  const { officer, ...rest } = await enrol('Iris Quill (invented)', ['caseOfficer'])
  const password = await make({ officer, ...rest })
  const { rows } = await sql<{ text: string; hash: Buffer }>`
    select c::text as text, password_hash as hash from calendar_password c`.execute(database)
  const [row] = rows
  assert.ok(row)
  assert.equal(row.hash.length, 32)
  assert.ok(!row.text.includes(password) && !row.hash.equals(Buffer.from(password, 'hex')))
  assert.equal(await ask(officer, row.hash.toString('hex')), 'wrong')
})

test('to make one needs a fresh proof and a role that sees the board', async (t) => {
  const { enrol, kernel, calendar } = await aDesk(t)
  const one = await enrol('Iris Quill (invented)', ['caseOfficer'])
  const now = kernel.clocks.wireNow()
  for (const steppedUpAt of [undefined, addMs(now, -11 * MINUTE_MS), addMs(now, 11 * MINUTE_MS)]) {
    const acting = { ...one, ...(steppedUpAt ? { steppedUpAt } : {}) }
    const made = await makeCalendarPassword(kernel, acting)
    assert.equal(made.decision === 'refuse' && made.why, 'stepUpNeeded', `${steppedUpAt}`)
  }
  for (const role of ['administrator', 'auditor', 'vendor'] as const) {
    const outside = await enrol(`${role} (invented)`, [role])
    const made = await makeCalendarPassword(kernel, { ...outside, steppedUpAt: now })
    assert.equal(made.decision === 'refuse' && made.why, 'roleMissing', role)
    assert.equal(await calendar.of(outside.officer), undefined)
  }
  assert.equal(await calendar.of(one.officer), undefined)
})

/** What is done to an account, and whether its password still opens the feed after it was undone. */
const ENDS: readonly (readonly [
  string,
  (kernel: Kernel, officer: string) => Promise<void>,
  undo?: (kernel: Kernel, officer: string) => Promise<void>,
])[] = [
  [
    'suspended',
    ({ staff }, id) => staff.suspend(id),
    async ({ staff }, id) => staff.confirm(id, []),
  ],
  ['ended', ({ staff }, id) => staff.close(id), ({ staff }, id) => staff.reopen(id)],
  [
    'without its roles',
    ({ staff }, id) => staff.setRoles(id, ['administrator']),
    ({ staff }, id) => staff.setRoles(id, ['caseOfficer', 'reviewer']),
  ],
  ['with fewer roles', ({ staff }, id) => staff.setRoles(id, ['caseOfficer'])],
]
for (const [state, change, undo] of ENDS) {
  test(`a password ends with an account that is ${state}, and does not come back`, async (t) => {
    const { enrol, make, ask, kernel, calendar } = await aDesk(t)
    const one = await enrol('Iris Quill (invented)', ['caseOfficer', 'reviewer'])
    const other = await enrol('Otto Fern (invented)', ['caseOfficer'])
    const [password, kept] = [await make(one), await make(other)]
    await change(kernel, one.officer)
    assert.equal(await ask(one.officer, password), 'wrong')
    await undo?.(kernel, one.officer)
    assert.equal(await ask(one.officer, password), 'wrong')
    assert.equal(await calendar.of(one.officer), undefined)
    assert.equal(typeof (await ask(other.officer, kept)), 'object', 'nobody else’s')
  })
}

test('a role that is added ends nothing; nobody gets a password for a closed account', async (t) => {
  const { enrol, make, ask, kernel, calendar } = await aDesk(t)
  const one = await enrol('Iris Quill (invented)', ['caseOfficer'])
  const password = await make(one)
  await kernel.staff.setRoles(one.officer, ['caseOfficer', 'liaison'])
  assert.equal(typeof (await ask(one.officer, password)), 'object')
  await kernel.staff.close(one.officer)
  assert.equal(await calendar.make(one.officer), undefined)
  assert.equal(await calendar.make('00000000-0000-4000-8000-000000000000'), undefined)
})

test('an account that is leaving on record is turned away whatever the tables hold', async (t) => {
  const { enrol, make, ask, append, kernel } = await aDesk(t)
  const one = await enrol('Iris Quill (invented)', ['caseOfficer'])
  const password = await make(one)
  const leaving = { type: 'leavingStarted', officer: one.officer, note: '0'.repeat(64) }
  await append(kernel.authorityStreamId, kernel.node.id, leaving)
  assert.equal(await ask(one.officer, password), 'wrong')
})

test('each sees their own board, and nobody a confidential case', async (t) => {
  const { enrol, make, append, openCase, withClock, casesIn } = await aDesk(t)
  const people = new Map<Role, readonly [string, string]>()
  const owner = await enrol('Iris Quill (invented)', ['caseOfficer'])
  people.set('caseOfficer', [owner.officer, await make(owner)])
  for (const role of ['liaison', 'oversight'] as const) {
    const person = await enrol(`${role} (invented)`, [role])
    people.set(role, [person.officer, await make(person)])
  }
  const ids = new Map<string, string>()
  for (const classification of ['open', 'restricted', 'confidential']) {
    const id = await openCase(`A ${classification} case`, owner)
    const assigned = { type: 'officerAssigned', officer: owner.officer, reason: 'invented' }
    const classified = { type: 'caseClassified', classification, reason: 'invented' }
    await append(id, owner.officer, assigned, classified)
    ids.set(classification, await withClock(id))
  }
  const seen = async (role: Role) => {
    const cases = await casesIn(...(people.get(role) ?? (['', ''] as const)))
    return [...ids].filter(([, id]) => cases.includes(id)).map(([name]) => name)
  }
  assert.deepEqual(await seen('caseOfficer'), ['open', 'restricted'])
  assert.deepEqual(await seen('oversight'), ['open', 'restricted'])
  assert.deepEqual(await seen('liaison'), ['open'])
})

test('ten wrong tries turn a network away from that account, not others, and not the account', async (t) => {
  const { enrol, make, ask } = await aDesk(t)
  const one = await enrol('Iris Quill (invented)', ['caseOfficer'])
  const other = await enrol('Otto Fern (invented)', ['caseOfficer'])
  const [password, others] = [await make(one), await make(other)]
  for (let tries = 0; tries < 10; tries++) {
    assert.equal(await ask(one.officer, 'wrong'), 'wrong')
  }
  assert.equal(await ask(one.officer, password), 'tooManyTries')
  assert.equal(await ask(one.officer, password, '203.0.113.77'), 'tooManyTries', 'same network')
  assert.equal(typeof (await ask(one.officer, password, '198.51.100.1')), 'object')
  assert.equal(typeof (await ask(other.officer, others)), 'object')
})

test('the day of the last use is the authority’s, and is the only thing kept of it', async (t) => {
  const { enrol, make, ask, kernel, calendar, database } = await aDesk(t)
  const one = await enrol('Iris Quill (invented)', ['caseOfficer'])
  const password = await make(one)
  assert.equal((await calendar.of(one.officer))?.lastUsedOn, undefined)
  const at = (moment: string) => {
    const clocks = { ...kernel.clocks, wireNow: () => instantFromMs(Date.parse(moment)) }
    const asked = { officer: one.officer, password, from: FROM }
    return clockFeed({ ...kernel, clocks }, asked)
  }
  // Brussels is an hour ahead of UTC in winter: there the next day has begun.
  await at('2026-12-01T23:30:00.000Z')
  assert.equal((await calendar.of(one.officer))?.lastUsedOn, '2026-12-02')
  await ask(one.officer, 'wrong')
  assert.equal((await calendar.of(one.officer))?.lastUsedOn, '2026-12-02')
  const { rows } = await sql<{ columns: string[] }>`
    select array_agg(column_name::text order by ordinal_position) as columns
    from information_schema.columns where table_name = 'calendar_password'`.execute(database)
  assert.deepEqual(rows[0]?.columns, ['officer_id', 'password_hash', 'made_at', 'last_used_on'])
})
