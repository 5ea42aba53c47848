import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { postgresPeople } from '../../src/adapters/postgres/people/people.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { countTries } from '../../src/adapters/sign-in/tries.ts'
import type { People } from '../../src/app/ports/people.ts'
import type { SignIn } from '../../src/app/ports/sign-in.ts'
import { isGivenProofs, signInOnce, stepUpInDemonstration } from '../../src/app/sign-in/prove.ts'
import { toHex, utf8 } from '../../src/base/bytes.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/base/time.ts'
import { isFreshProof } from '../../src/core/access/fresh-proof.ts'
import { kernelDatabase, parts, realClocks } from '../support/kernel-database.ts'

const START = Date.UTC(2026, 10, 22)
const NAME = 'Iris Quill (invented)'

async function oneOfficer(t: TestContext) {
  t.mock.timers.enable({ apis: ['Date'], now: START })
  const database = await kernelDatabase(t)
  const people = postgresPeople({ ...parts, database })
  const { id } = await people.enrol({
    id: systemRandom.uuid(),
    name: NAME,
    roles: ['caseOfficer'],
    sealingRecipient: 'age1invented',
    intakeLayer: 'inner',
  })
  const pass = (ms: number) => t.mock.timers.setTime(Date.now() + ms)
  return { database, people, id, pass }
}

const leave = (database: Database, id: string) =>
  sql`update officer set left_at = now() where id = ${id}`.execute(database)

test('a link signs in once; looking at it does not use it up', async (t) => {
  const { people, id } = await oneOfficer(t)
  const link = await people.newOneTimeSignIn(id)
  assert.equal((await people.peekOneTimeSignIn(link))?.id, id)
  assert.equal((await people.peekOneTimeSignIn(link))?.id, id)
  const session = await signIn(people, link)
  assert.ok(session)
  assert.equal((await people.session(session))?.id, id)
  assert.equal(await signIn(people, link), undefined)
  assert.equal(await people.peekOneTimeSignIn(link), undefined)
})

test('of many who use one link at once, one gets in', async (t) => {
  const { people, id } = await oneOfficer(t)
  const link = await people.newOneTimeSignIn(id)
  const all = await Promise.all(Array.from({ length: 12 }, () => signIn(people, link)))
  assert.equal(all.filter((session) => session !== undefined).length, 1)
})

test('a link ends after ten minutes', async (t) => {
  const { people, id, pass } = await oneOfficer(t)
  const [early, late] = [await people.newOneTimeSignIn(id), await people.newOneTimeSignIn(id)]
  pass(10 * MINUTE_MS - 1)
  assert.ok(await signIn(people, early))
  pass(1)
  assert.equal(await people.peekOneTimeSignIn(late), undefined)
  assert.equal(await signIn(people, late), undefined)
})

test('a session ends an hour after it was last used, and after half a day in any case', async (t) => {
  const { people, id, pass } = await oneOfficer(t)
  const [used, idle] = [await sessionOf(people, id), await sessionOf(people, id)]
  pass(59 * MINUTE_MS)
  assert.ok(await people.session(used))
  pass(MINUTE_MS)
  assert.equal(await people.session(idle), undefined)
  for (let hour = 1; hour < 12; hour++) {
    assert.ok(await people.session(used), `hour ${hour}`)
    pass(HOUR_MS - 1)
  }
  assert.ok(await people.session(used))
  pass(MINUTE_MS)
  assert.equal(await people.session(used), undefined)
})

test('a clock that is set back brings nothing to life again, and a small step harms nobody', async (t) => {
  const { people, id, pass } = await oneOfficer(t)
  const ended = await sessionOf(people, id)
  const link = await people.newOneTimeSignIn(id)
  pass(13 * HOUR_MS)
  assert.equal(await people.session(ended), undefined)
  const open = await sessionOf(people, id)
  pass(-MINUTE_MS)
  assert.ok(await people.session(open), 'a minute is a correction')
  const [session] = await people.sessionsOf(id)
  assert.ok(session)
  pass(MINUTE_MS)
  pass(-12 * HOUR_MS)
  assert.equal(await people.session(open), undefined)
  assert.deepEqual(await people.sessionsOf(id), [], 'and no list shows it')
  assert.equal(await people.stepUp(session.id, id, { method: 'oneTime' }), undefined)
  pass(-2 * HOUR_MS)
  assert.equal(await people.peekOneTimeSignIn(link), undefined)
  assert.equal(await signIn(people, link), undefined)
})

test('who signs out is out, and nobody else', async (t) => {
  const { people, id } = await oneOfficer(t)
  const [own, other] = [await sessionOf(people, id), await sessionOf(people, id)]
  await people.signOut(own)
  assert.equal(await people.session(own), undefined)
  assert.ok(await people.session(other))
})

test('a session says how and when it began, and what was proved since', async (t) => {
  const { people, id, pass } = await oneOfficer(t)
  const secret = await people.openSession(id, { method: 'oidc' })
  const first = await people.session(secret)
  assert.equal(first?.session.method, 'oidc')
  assert.equal(first?.session.steppedUpAt, undefined)
  pass(5 * MINUTE_MS)
  const provedAt = realClocks.wireNow()
  const fresh = await people.stepUp(first.session.id, id, { method: 'oidc', provedAt })
  assert.ok(fresh && fresh !== secret)
  assert.equal(await people.session(secret), undefined, 'the secret from before is worth nothing')
  const { session } = (await people.session(fresh)) ?? assert.fail()
  assert.equal(session.steppedUpAt, provedAt)
  assert.deepEqual(
    [session.id, session.signedInAt, session.expiresAt, session.formKey],
    [first.session.id, first.session.signedInAt, first.session.expiresAt, first.session.formKey],
  )
})

test('nobody steps up through the session of another, or through one that ended', async (t) => {
  const { people, id, pass } = await oneOfficer(t)
  const other = await another(people)
  const secret = await sessionOf(people, id)
  const { session } = (await people.session(secret)) ?? assert.fail()
  const proof = { method: 'passkey', provedAt: realClocks.wireNow() } as const
  for (const [sessionId, who] of [
    [session.id, other],
    [systemRandom.uuid(), id],
    ['', id],
    ["' or true --", id],
  ] as const) {
    assert.equal(await people.stepUp(sessionId, who, proof), undefined, sessionId)
  }
  assert.ok(await people.session(secret))
  pass(HOUR_MS)
  assert.equal(await people.stepUp(session.id, id, proof), undefined)
})

test('a one-time sign-in is no strong proof; asked for anew, the demonstration gives one', async (t) => {
  const { people, id, pass } = await oneOfficer(t)
  const secret = await sessionOf(people, id)
  const who = (await people.session(secret)) ?? assert.fail()
  assert.equal(who.session.steppedUpAt, undefined, 'to open a link proves nothing')
  const proved = await stepUpInDemonstration(partsOf(people, true), who)
  assert.ok('secret' in proved && proved.secret !== secret)
  assert.equal(await people.session(secret), undefined)
  const fresh = (await people.session(proved.secret)) ?? assert.fail()
  assert.ok(isFreshProof(fresh.session.steppedUpAt, realClocks.wireNow()))
  pass(10 * MINUTE_MS + 1)
  assert.ok(!isFreshProof(fresh.session.steppedUpAt, realClocks.wireNow()))
})

test('no other node gives anybody a proof, and no node gives one to a session begun with a real one', async (t) => {
  const { people, id } = await oneOfficer(t)
  const given = { count: 0 }
  const watched = {
    ...people,
    async newOneTimeSignIn(officerId: string) {
      given.count += 1
      return people.newOneTimeSignIn(officerId)
    },
  }
  for (const [oneTime, method] of [
    [false, 'oneTime'],
    [false, 'passkey'],
    [true, 'passkey'],
    [true, 'oidc'],
  ] as const) {
    const secret = await people.openSession(id, { method })
    const who = (await people.session(secret)) ?? assert.fail()
    const parts = partsOf(watched, oneTime)
    assert.equal(isGivenProofs(parts, who), false)
    assert.deepEqual(await stepUpInDemonstration(parts, who), { failure: 'failed' })
    const after = (await people.session(secret)) ?? assert.fail('the session is as it was')
    assert.equal(after.session.steppedUpAt, undefined, `${oneTime} ${method}`)
  }
  assert.equal(given.count, 0)
})

test('an officer sees and ends own sessions, and no others', async (t) => {
  const { people, id } = await oneOfficer(t)
  const other = await another(people)
  const [own, second, foreign] = [
    await sessionOf(people, id),
    await sessionOf(people, id),
    await sessionOf(people, other),
  ]
  const listed = await people.sessionsOf(id)
  assert.equal(listed.length, 2)
  const idOf = async (secret: string) => (await people.session(secret))?.session.id ?? ''
  assert.equal(await people.revokeSession(id, await idOf(foreign)), false)
  assert.equal(await people.revokeSession(id, 'x'), false)
  assert.equal(await people.revokeSession(id, await idOf(second)), true)
  assert.equal(await people.session(second), undefined)
  await sessionOf(people, id)
  await sessionOf(people, id)
  assert.equal(await people.revokeSessions(id, await idOf(own)), 2)
  assert.ok(await people.session(own))
  assert.equal(await people.revokeSessions(id), 1)
  assert.ok(await people.session(foreign))
})

test('what is no secret of ours opens nothing', async (t) => {
  const { people, id } = await oneOfficer(t)
  const [link, session] = [await people.newOneTimeSignIn(id), await sessionOf(people, id)]
  const strange = ['', 'x', '0'.repeat(64), link.toUpperCase(), link.slice(1), `${link}\n`]
  for (const secret of [...strange, session]) {
    assert.equal(await people.peekOneTimeSignIn(secret), undefined, secret)
    assert.equal(await signIn(people, secret), undefined, secret)
  }
  for (const secret of [...strange, link]) {
    assert.equal(await people.session(secret), undefined, secret)
    await people.signOut(secret)
  }
  assert.ok(await people.session(session))
  assert.ok(await signIn(people, link))
})

test('an officer who left is nowhere, with a link or a session from before', async (t) => {
  const { database, people, id } = await oneOfficer(t)
  const [link, session] = [await people.newOneTimeSignIn(id), await sessionOf(people, id)]
  await leave(database, id)
  assert.equal(await people.officer(id), undefined)
  assert.deepEqual(await people.officers(), [])
  assert.equal(await people.session(session), undefined)
  assert.equal(await signIn(people, link), undefined)
})

test('the database holds no secret, no name and no key in clear', async (t) => {
  const { database, people, id } = await oneOfficer(t)
  const [link, session] = [await people.newOneTimeSignIn(id), await sessionOf(people, id)]
  const rows = [
    ...(await database.selectFrom('officer').selectAll().execute()),
    ...(await database.selectFrom('one_time_sign_in').selectAll().execute()),
    ...(await database.selectFrom('session').selectAll().execute()),
  ]
  const kept = rows.flatMap((row) =>
    Object.values(row).map((value) => (value instanceof Uint8Array ? toHex(value) : String(value))),
  )
  assert.ok(kept.length > 15)
  for (const secret of [link, session, toHex(utf8(NAME)), NAME]) {
    assert.ok(!kept.some((value) => value.includes(secret)), secret)
  }
})

test('an officer signs with the key that the node published, also after a restart', async (t) => {
  const { database, people, id } = await oneOfficer(t)
  const message = utf8('an event')
  const officer = await people.officer(id)
  assert.ok(officer)
  assert.equal(officer.name, NAME)
  for (const node of [people, postgresPeople({ ...parts, database })]) {
    const signature = await node.signAs(database, id, message)
    assert.ok(signature && nodePrimitives.verifyEd25519(officer.publicKey, message, signature))
  }
})

test('nobody signs for who is no officer here', async (t) => {
  const { database, people } = await oneOfficer(t)
  for (const by of [systemRandom.uuid(), 'albion.example', '', '-'.repeat(36)]) {
    assert.equal(await people.signAs(database, by, utf8('an event')), undefined, by)
  }
})

async function another(people: People): Promise<string> {
  const { id } = await people.enrol({
    id: systemRandom.uuid(),
    name: 'Odo Fern (invented)',
    roles: ['reviewer'],
    sealingRecipient: 'age1invented',
  })
  return id
}

const partsOf = (people: People, oneTime: boolean) => ({
  people,
  clocks: realClocks,
  signIn: { oneTime, tries: countTries() } as SignIn,
})

async function signIn(people: People, secret: string): Promise<string | undefined> {
  const proved = await signInOnce(partsOf(people, true), secret, undefined)
  return 'secret' in proved ? proved.secret : undefined
}

async function sessionOf(people: ReturnType<typeof postgresPeople>, id: string): Promise<string> {
  const secret = await signIn(people, await people.newOneTimeSignIn(id))
  assert.ok(secret)
  return secret
}
