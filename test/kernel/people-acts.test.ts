/** People acts on a real database: what follows an event, and what a stop in between leaves. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { nodePrimitives, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { migrate, openDatabase } from '../../src/adapters/postgres/database.ts'
import { postgresPeople } from '../../src/adapters/postgres/people/people.ts'
import { postgresStaff } from '../../src/adapters/postgres/people/staff.ts'
import { postgresRegisters } from '../../src/adapters/postgres/projections/registers.ts'
import { postgresStreams } from '../../src/adapters/postgres/streams/streams.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { oidcProviders } from '../../src/adapters/sign-in/oidc.ts'
import { createSignIn } from '../../src/adapters/sign-in/sign-in.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { findPeopleAct, PEOPLE_ACTS } from '../../src/app/people/people-acts.ts'
import { reconcileAccounts } from '../../src/app/people/reconcile.ts'
import { readStanding } from '../../src/app/people/standing.ts'
import { suspendEveryone } from '../../src/app/people/suspend.ts'
import { finishEnrolment, invite, inviteBack, makeSetupCode } from '../../src/app/sign-in/enrol.ts'
import { toBase64 } from '../../src/base/bytes.ts'
import type { Decision } from '../../src/base/decision.ts'
import { addMs, DAY_MS, HOUR_MS, type Instant } from '../../src/base/time.ts'
import type { AuthorityEvent } from '../../src/core/authority/authority.ts'
import type { Role } from '../../src/core/case/recorded.ts'
import {
  conflictIn,
  delegationsTo,
  foldStanding,
  personOf,
  type Standing,
} from '../../src/core/people/standing.ts'
import { GROUPS_OF_EVENTS, unlawfulStep } from '../../src/core/people/unlawful-step.ts'
import { testDatabase } from '../support/database.ts'
import { parts } from '../support/kernel-database.ts'

const NODE_SEED = new Uint8Array(32).fill(9)
const PEOPLE: Readonly<Record<string, readonly Role[]>> = {
  ada: ['caseOfficer', 'liaison'],
  bob: ['caseOfficer'],
  root: ['administrator'],
  toor: ['administrator'],
  eye: ['oversight'],
  cid: ['caseOfficer', 'liaison'],
}

async function office(t: TestContext) {
  const url = await testDatabase(t)
  const database = openDatabase(url, 4)
  const units = openDatabase(url)
  t.after(() => Promise.all([database.destroy(), units.destroy()]))
  await migrate(database)
  const people = postgresPeople({ ...parts, database })
  const staff = postgresStaff({ ...parts, database })
  const streams = postgresStreams({
    ...parts,
    database,
    units,
    node: 'meridia.example',
    primitives: nodePrimitives,
    sign: async (tx, by, message) =>
      (await people.signAs(tx, by, message)) ?? signEd25519(NODE_SEED, message),
    project: async () => {},
    enqueue: async () => assert.fail('nothing is sent'),
    withhold: async () => {},
    takeBack: async () => assert.fail('nothing was sent'),
    eraseSent: async () => assert.fail('nothing was sent'),
    eraseMessages: async () => {},
    admit: async () => assert.fail('nothing is admitted'),
    closeFiling: async () => false,
    reseal: async () => assert.fail('nothing is resealed'),
    writeToReporter: async () => assert.fail('nothing is writeToReportered'),
    takeFollowUp: async () => assert.fail('nothing is followed up'),
    tellContactOpened: async () => assert.fail('nothing is tellContactOpeneded'),
    addTask: async () => assert.fail('no task follows'),
    onCommit: () => {},
  })
  const authorityStreamId = systemRandom.uuidByTime()
  const ids = new Map<string, string>()
  await streams.transact(async (unit) => {
    const stream = await unit.create(authorityStreamId, 'authority')
    for (const [name, roles] of Object.entries(PEOPLE)) {
      const id = systemRandom.uuid()
      const { publicKey } = await people.enrol({ id, name, roles, sealingRecipient: 'age1x' })
      ids.set(name, id)
      const enrolled = { officer: id, publicKey: toBase64(publicKey), roles }
      await stream.append([{ type: 'officerEnrolled', ...enrolled }], 'meridia.example')
    }
  })
  const kernel: Kernel = {
    node: { id: 'meridia.example' },
    clocks: parts.clocks,
    random: parts.random,
    primitives: nodePrimitives,
    streams,
    people,
    staff,
    authorityStreamId,
    peers: { all: () => [] },
    signIn: createSignIn({
      ...parts,
      database,
      providers: (attempts) =>
        oidcProviders({ ...parts, database, attempts, configs: [], redirectUri: () => '' }),
      oneTime: false,
    }),
    registers: postgresRegisters(database, parts.atRest),
    access: { standing: (): Promise<Standing> => readStanding(kernel) },
  } as unknown as Kernel
  const id = (name: string) => ids.get(name) ?? assert.fail(name)
  const ask = async (name: string, by: string, input: object) => {
    const act = findPeopleAct(name) ?? assert.fail(name)
    const who = { officer: id(by), roles: PEOPLE[by] ?? [], authority: 'meridia.example' }
    return act.run(kernel, input, {
      ...who,
      now: parts.clocks.caseNow(),
      steppedUpAt: parts.clocks.wireNow(),
    })
  }
  const acting = (by: string, steppedUpAt?: Instant) => ({
    officer: id(by),
    roles: PEOPLE[by] ?? [],
    authority: 'meridia.example',
    now: parts.clocks.caseNow(),
    ...(steppedUpAt ? { steppedUpAt } : {}),
  })
  return { database, kernel, people, staff, id, ask, acting }
}

function why(decision: Decision<unknown>): string {
  return decision.decision === 'refuse' ? decision.why : 'permitted'
}

const ahead = (ms: number) => addMs(parts.clocks.caseNow(), ms)

async function session(database: Awaited<ReturnType<typeof office>>['database'], officer: string) {
  const columns = await sql<{ column_name: string }>`
    select column_name from information_schema.columns where table_name = 'session'`.execute(
    database,
  )
  const names = columns.rows.map(({ column_name }) => column_name)
  const known: Readonly<Record<string, unknown>> = {
    id_hash: randomBytes(32),
    id: systemRandom.uuid(),
    officer_id: officer,
    created_at: new Date(),
    last_seen_at: new Date(),
    expires_at: new Date(Date.now() + HOUR_MS),
    method: 'oneTime',
    form_key: randomBytes(32),
  }
  const given = Object.fromEntries(Object.entries(known).filter(([name]) => names.includes(name)))
  await database
    .insertInto('session')
    .values(given as never)
    .execute()
}

const sessionsOf = async (
  database: Awaited<ReturnType<typeof office>>['database'],
  officer: string,
) =>
  (
    await database
      .selectFrom('session')
      .select('id_hash')
      .where('officer_id', '=', officer)
      .execute()
  ).length

test('what a conflict is about stays out of the stream, and a changed note clears nobody', async (t) => {
  const { database, kernel, ask, id } = await office(t)
  const subject = 'Larkspur Dialogue'
  const input = { kind: 'operator', subject, ground: 'family' }
  assert.equal(why(await ask('declareConflict', 'ada', input)), 'permitted')
  assert.equal(why(await ask('declareConflict', 'ada', input)), 'alreadyDeclared')
  const stream = await kernel.streams.read(kernel.authorityStreamId)
  const told = JSON.stringify(stream?.history)
  assert.match(told, /conflictDeclared/)
  for (const secret of [subject, 'family', 'operator']) assert.ok(!told.includes(secret), secret)

  const matter = { caseId: 'c', operators: ['Larkspur Dialogue Ltd'], authorities: [] }
  const other = { ...matter, operators: ['Fennel Ltd'] }
  assert.ok(conflictIn(await readStanding(kernel), id('ada'), matter))
  assert.equal(conflictIn(await readStanding(kernel), id('ada'), other), undefined)

  // A note put in the place of the true one, under its digest: it is not believed.
  const [digest] = (await kernel.staff.notes()).keys()
  assert.ok(digest)
  await sql`delete from people_note`.execute(database)
  const harmless = { about: 'conflict', kind: 'case', subject: 'x', ground: 'other', salt: '' }
  await kernel.staff.keepNote(digest, harmless as never)
  assert.ok(conflictIn(await readStanding(kernel), id('ada'), other), 'counts against everything')
})

test('an account that is ended has no session, no delegation and nothing sealed to it', async (t) => {
  const { database, kernel, people, staff, ask, id } = await office(t)
  const bob = id('bob')
  await session(database, bob)
  await session(database, id('ada'))
  const lend = { to: bob, roles: ['liaison'], acts: [], confirmed: true }
  const span = { fromAt: ahead(-HOUR_MS), untilAt: ahead(DAY_MS) }
  assert.equal(why(await ask('giveDelegation', 'ada', { ...lend, ...span })), 'permitted')
  const lentNow = async () =>
    delegationsTo(await readStanding(kernel), bob, parts.clocks.caseNow()).length
  assert.equal(await lentNow(), 1)

  const end = { officer: bob, ground: 'suspended', confirmed: true }
  assert.equal(why(await ask('endAccount', 'ada', end)), 'roleMissing')
  assert.equal(await sessionsOf(database, bob), 1, 'a refusal changes nothing')
  assert.equal(why(await ask('endAccount', 'root', end)), 'permitted')
  assert.equal(await sessionsOf(database, bob), 0)
  assert.equal(await sessionsOf(database, id('ada')), 1)
  assert.equal(await people.officer(bob), undefined)
  assert.ok(!(await people.officers()).some((one) => one.id === bob))
  assert.equal(await lentNow(), 0)
  const told = JSON.stringify((await kernel.streams.read(kernel.authorityStreamId))?.history)
  assert.ok(!told.includes('suspended'), 'why somebody leaves is nobody’s business outside')

  const finish = { officer: bob, confirmed: true }
  assert.equal(why(await ask('finishLeaving', 'root', finish)), 'samePerson')
  await staff.close(bob)
  assert.equal(why(await ask('finishLeaving', 'toor', finish)), 'permitted')
  const signed = people.signAs(database, bob, new Uint8Array(1))
  await assert.rejects(signed, 'nobody signs in the name of a leaver any more')
  const account = (await staff.everyone()).find((one) => one.id === bob)
  assert.equal(account?.name, 'bob', 'the name stays with what was signed')
  assert.equal(account.isClosed, true)
})

test('an account that is kept after all opens again, with what it had and without what it lent', async (t) => {
  const { kernel, people, ask, id } = await office(t)
  const bob = id('bob')
  await ask('endAccount', 'root', { officer: bob, ground: 'leaves', confirmed: true })
  const keep = { officer: bob, confirmed: true }
  assert.equal(why(await ask('keepAccount', 'bob', keep)), 'notInOffice')
  assert.equal(why(await ask('keepAccount', 'toor', keep)), 'permitted')
  assert.equal((await people.officer(bob))?.id, bob)
  assert.equal(personOf(await readStanding(kernel), bob)?.state, 'active')
})

test('a stop between an event and what follows it is mended at the next start', async (t) => {
  const { database, kernel, people, staff, ask, id } = await office(t)
  const [bob, ada] = [id('bob'), id('ada')]
  const roles = { officer: ada, roles: ['caseOfficer'], ground: 'moved', confirmed: true }
  assert.equal(why(await ask('changeRoles', 'root', roles)), 'permitted')
  assert.deepEqual((await people.officer(ada))?.roles, ['caseOfficer'])
  await ask('endAccount', 'root', { officer: bob, ground: 'leaves', confirmed: true })
  // As if the process had died after the commit.
  await staff.reopen(bob)
  await staff.setRoles(ada, ['caseOfficer', 'liaison'])
  await session(database, bob)
  await reconcileAccounts(kernel)
  assert.equal(await people.officer(bob), undefined)
  assert.equal(await sessionsOf(database, bob), 0)
  assert.deepEqual((await people.officer(ada))?.roles, ['caseOfficer'])
  const before = (await kernel.streams.read(kernel.authorityStreamId))?.history.length
  await reconcileAccounts(kernel)
  assert.equal((await kernel.streams.read(kernel.authorityStreamId))?.history.length, before)
})

test('tasks of a leaver go to somebody else, and open ones keep the account from ending', async (t) => {
  const { database, kernel, ask, id, staff } = await office(t)
  const [ada, bob] = [id('ada'), id('bob')]
  const caseId = systemRandom.uuidByTime()
  await kernel.streams.transact((unit) => unit.create(caseId, 'case'))
  const task = (assignee: string) => ({
    id: systemRandom.uuid(),
    case_id: caseId,
    sealed_title: new Uint8Array(1),
    assignee,
    due_on: null,
    created_by: ada,
    created_at: new Date(),
    done_at: null,
    done_by: null,
  })
  await database
    .insertInto('work_task')
    .values([task(bob), task(bob), { ...task(bob), done_at: new Date() }, task(ada)])
    .execute()
  await sql`insert into p_case_tie values (${caseId}, 'reviewer', ${bob})`.execute(database)
  const end = { officer: bob, ground: 'leaves', confirmed: true }
  await ask('endAccount', 'root', end)
  const finish = () => ask('finishLeaving', 'toor', { officer: bob, confirmed: true })
  assert.equal(why(await finish()), 'workOpen')
  assert.equal(why(await ask('handOverWork', 'root', { officer: bob, to: bob })), 'unknownPerson')
  assert.equal(why(await ask('handOverWork', 'root', { officer: bob, to: ada })), 'permitted')
  assert.equal((await staff.openWork(ada)).length, 3)
  assert.deepEqual(await staff.openWork(bob), [{ kind: 'review', caseId }])
  assert.equal(why(await ask('handOverWork', 'root', { officer: bob, to: ada })), 'nothingOpen')
  assert.equal(why(await finish()), 'workOpen', 'a review is given to another reviewer in the case')
  await sql`delete from p_case_tie`.execute(database)
  assert.equal(why(await finish()), 'permitted')
})

const NEW = { name: 'Nova Late (invented)', roles: ['caseOfficer'] } as const

test('only an administrator who has just proved who it is invites', async (t) => {
  const { kernel, acting } = await office(t)
  const now = parts.clocks.wireNow()
  const before = (await readStanding(kernel)).people.length
  assert.equal(why(await invite(kernel, NEW, acting('ada', now))), 'roleMissing')
  assert.equal(why(await invite(kernel, NEW, acting('root'))), 'stepUpNeeded')
  assert.equal(why(await invite(kernel, NEW, acting('root', addMs(now, -HOUR_MS)))), 'stepUpNeeded')
  assert.equal((await readStanding(kernel)).people.length, before)
  assert.equal(why(await invite(kernel, NEW, acting('root', now))), 'permitted')
})

test('an invitation opens nothing once its account was ended', async (t) => {
  const { kernel, acting, people } = await office(t)
  const root = acting('root', parts.clocks.wireNow())
  const enrol = async (subject: string, end: boolean) => {
    const made = await invite(kernel, NEW, root)
    assert.ok(made.decision === 'permit')
    const { id, code } = made.value
    const person = (await readStanding(kernel)).people.find(({ state }) => state === 'invited')
    const { ticket = '' } = (await kernel.signIn.enrolments.acceptCode(id, code)) ?? {}
    const act = findPeopleAct('endAccount') ?? assert.fail()
    const ending = { officer: person?.officer, ground: 'leaves', confirmed: true }
    if (end) assert.equal(why(await act.run(kernel, ending, root)), 'permitted')
    const means = { kind: 'provider', account: { provider: 'staff', subject } } as const
    const done = await finishEnrolment(kernel, ticket, { means })
    return { done, person: person?.officer ?? '' }
  }
  const ended = await enrol('s1', true)
  assert.equal(ended.done, undefined)
  assert.equal(await people.officer(ended.person), undefined)
  assert.equal(personOf(await readStanding(kernel), ended.person)?.state, 'leaving')
  const wanted = await enrol('s2', false)
  assert.equal(wanted.done?.officer.id, wanted.person)
})

/** Everybody has two passkeys and an account at a provider; then the node comes back from a backup. */
async function restoredOffice(
  t: TestContext,
  before: (world: Awaited<ReturnType<typeof office>>) => Promise<void> = async () => {},
) {
  const world = await office(t)
  const { database, kernel, id } = world
  const passkeys = new Map<string, readonly [string, string]>()
  for (const name of Object.keys(PEOPLE)) {
    const ids = [systemRandom.uuid(), systemRandom.uuid()] as const
    for (const passkey of ids) {
      await database
        .insertInto('passkey')
        .values({
          id: passkey,
          officer_id: id(name),
          credential_id: passkey,
          public_key: new Uint8Array(32),
          counter: 0,
          transports: [],
          sealed_name: parts.atRest.node.seal(`passkey/${passkey}/name`, new Uint8Array([65])),
          created_at: new Date(),
        })
        .execute()
    }
    await kernel.signIn.providers.bind(id(name), { provider: 'staff', subject: name })
    passkeys.set(name, ids)
  }
  await before(world)
  assert.equal(await suspendEveryone(kernel), Object.keys(PEOPLE).length)
  await reconcileAccounts(kernel)
  assert.equal(await suspendEveryone(kernel), 0, 'nobody is suspended twice')
  const keysOf = (name: string) => passkeys.get(name) ?? assert.fail(name)
  const stateOf = async (name: string) => personOf(await readStanding(kernel), id(name))?.state
  /** The administrator, back by the setup code. */
  const comeBack = async (name = 'root') => {
    const made = await makeSetupCode(kernel, id(name))
    assert.ok(typeof made === 'object')
    const accepted = await kernel.signIn.enrolments.acceptCode('setup', made.code)
    const account = { provider: 'staff', subject: name }
    return finishEnrolment(kernel, accepted?.ticket ?? '', { means: { kind: 'provider', account } })
  }
  return { ...world, keysOf, stateOf, comeBack }
}

test('after a restore nobody is an officer, in the stream and in the accounts', async (t) => {
  const { kernel, people, id, stateOf, acting, ask } = await restoredOffice(t)
  for (const name of Object.keys(PEOPLE)) {
    assert.equal(await people.officer(id(name)), undefined)
    assert.equal(await stateOf(name), 'suspended')
  }
  assert.equal(await kernel.signIn.hasAdministrator(), false)
  const confirm = { officer: id('ada'), roles: ['caseOfficer'], means: [], confirmed: true }
  assert.equal(why(await ask('confirmAccount', 'root', confirm)), 'notInOffice')
  const invited = { name: 'New', roles: ['liaison'] as const }
  const now = parts.clocks.wireNow()
  assert.equal(why(await invite(kernel, invited, acting('root', now))), 'notInOffice')
})

test('the setup code brings back one administrator, with none of the earlier means', async (t) => {
  const { kernel, people, staff, id, stateOf, comeBack, keysOf } = await restoredOffice(t)
  assert.equal(await makeSetupCode(kernel), 'several')
  for (const wrong of [id('ada'), systemRandom.uuid(), 'root']) {
    await assert.rejects(makeSetupCode(kernel, wrong), { code: 'malformed' })
  }
  const back = await comeBack()
  assert.equal(back?.officer.id, id('root'))
  assert.ok(await people.session(back.session))
  assert.deepEqual(await staff.meansOf(id('root')), ['provider:staff'])
  assert.equal(await stateOf('root'), 'active')
  assert.equal(await stateOf('toor'), 'suspended')
  assert.equal(keysOf('root').length, 2)
  assert.equal(await makeSetupCode(kernel, id('toor')), undefined, 'a person confirms the next one')
})

test('a code for an account that was confirmed meanwhile is worth nothing', async (t) => {
  const { kernel, id, comeBack } = await restoredOffice(t)
  const late = await makeSetupCode(kernel, id('toor'))
  assert.ok(typeof late === 'object')
  const { ticket } = (await kernel.signIn.enrolments.acceptCode('setup', late.code)) ?? {}
  await comeBack()
  const means = { kind: 'provider', account: { provider: 'staff', subject: 'x' } } as const
  assert.equal(await finishEnrolment(kernel, ticket ?? '', { means }), undefined)
})

test('where no administrator of the backup is left, a new one enrols', async (t) => {
  const { kernel, id } = await restoredOffice(t)
  const made = await makeSetupCode(kernel, 'new')
  assert.ok(typeof made === 'object')
  const accepted = await kernel.signIn.enrolments.acceptCode('setup', made.code)
  const means = { kind: 'provider', account: { provider: 'staff', subject: 'new' } } as const
  const back = await finishEnrolment(kernel, accepted?.ticket ?? '', { means, name: 'New Root' })
  assert.equal(back?.officer.name, 'New Root')
  assert.ok(![id('root'), id('toor')].includes(back.officer.id))
})

test('what is confirmed comes back; a lost role and a removed passkey do not', async (t) => {
  const { staff, people, id, ask, comeBack, keysOf, stateOf } = await restoredOffice(t)
  await comeBack()
  const [kept, removed] = keysOf('ada')
  const confirm = (input: object) =>
    ask('confirmAccount', 'root', {
      officer: id('ada'),
      roles: ['caseOfficer'],
      means: [kept],
      confirmed: true,
      ...input,
    })
  assert.equal(why(await confirm({ means: [kept, keysOf('bob')[0]] })), 'meansUnknown')
  assert.equal(why(await confirm({ means: ['provider:other'] })), 'meansUnknown')
  assert.equal(why(await confirm({ roles: ['caseOfficer', 'reviewer'] })), 'rolesNotHeld')
  assert.equal(why(await confirm({ officer: id('root') })), 'meansUnknown')
  assert.equal(await stateOf('ada'), 'suspended')
  assert.equal((await staff.meansOf(id('ada'))).length, 3, 'a refusal changes nothing')

  assert.equal(why(await confirm({})), 'permitted')
  assert.deepEqual(await staff.meansOf(id('ada')), [kept])
  assert.ok(!(await staff.meansOf(id('ada'))).includes(removed))
  assert.deepEqual((await people.officer(id('ada')))?.roles, ['caseOfficer'])
  assert.equal(why(await confirm({})), 'notSuspended')
  assert.equal(await people.officer(id('bob')), undefined, 'nobody else came back with it')
})

test('whoever has nothing left to sign in with gets a code, and nobody else', async (t) => {
  const { kernel, id, ask, comeBack, acting } = await restoredOffice(t)
  await comeBack()
  const now = parts.clocks.wireNow()
  const back = (name: string, by = 'root') => inviteBack(kernel, id(name), acting(by, now))
  assert.equal(why(await back('ada')), 'hasMeans', 'suspended')
  const some = { officer: id('ada'), roles: ['liaison'], means: [], confirmed: true }
  assert.equal(why(await ask('confirmAccount', 'root', some)), 'permitted')
  assert.equal(why(await inviteBack(kernel, id('ada'), acting('root'))), 'stepUpNeeded')
  assert.equal(why(await back('root')), 'hasMeans')
  const events = async () =>
    ((await kernel.streams.read(kernel.authorityStreamId))?.history ?? [])
      .filter(({ event }) => 'officer' in event && event.officer === id('ada'))
      .slice(2)
      .map(({ event: { type, ...members }, by }) => ({ type, by, ...members }))
  const of = { officer: id('ada') }
  const confirmed = {
    type: 'accountConfirmed',
    by: id('root'),
    ...of,
    roles: ['liaison'],
    means: 0,
  }
  assert.deepEqual(await events(), [confirmed], 'a refusal is no event')
  const made = await back('ada')
  assert.ok(made.decision === 'permit')
  const given = { type: 'wayBackGiven', by: id('root'), ...of }
  assert.deepEqual(await events(), [confirmed, given])
  const accepted = await kernel.signIn.enrolments.acceptCode(made.value.id, made.value.code)
  const means = { kind: 'provider', account: { provider: 'staff', subject: 'ada' } } as const
  const enrolled = await finishEnrolment(kernel, accepted?.ticket ?? '', { means })
  assert.equal(enrolled?.officer.id, id('ada'))
  assert.deepEqual(enrolled.officer.roles, ['liaison'])
  const used = { type: 'wayBackUsed', by: 'meridia.example', ...of, givenBy: id('root') }
  assert.deepEqual(await events(), [confirmed, given, used])
  assert.equal(why(await back('ada')), 'hasMeans')
})

test('a code for an account that is on no record lets nobody in', async (t) => {
  const { kernel, id, ask, comeBack } = await restoredOffice(t)
  await comeBack()
  const some = { officer: id('ada'), roles: ['liaison'], means: [], confirmed: true }
  assert.equal(why(await ask('confirmAccount', 'root', some)), 'permitted')
  const person = { id: id('ada'), name: 'ada', roles: ['liaison'] as const }
  const { enrolments } = kernel.signIn
  const made = await enrolments.make('invitation', person, id('root'))
  const accepted = await enrolments.acceptCode(made.id, made.code)
  const means = { kind: 'provider', account: { provider: 'staff', subject: 'ada' } } as const
  assert.equal(await finishEnrolment(kernel, accepted?.ticket ?? '', { means }), undefined)
})

test('whoever was leaving at the backup comes back confirmed or not at all', async (t) => {
  const before = async ({ ask, id }: Awaited<ReturnType<typeof office>>) => {
    const end = { officer: id('bob'), ground: 'leaves', confirmed: true }
    assert.equal(why(await ask('endAccount', 'toor', end)), 'permitted')
  }
  const { people, staff, id, ask, comeBack, stateOf, keysOf } = await restoredOffice(t, before)
  const waiting = async () => (await staff.suspended()).some((one) => one.id === id('bob'))
  assert.equal(await waiting(), false, 'an account that is being ended waits for nobody')
  await comeBack()
  assert.equal(await stateOf('bob'), 'leaving')
  const keep = { officer: id('bob'), confirmed: true }
  assert.equal(why(await ask('keepAccount', 'root', keep)), 'permitted')
  assert.equal(await stateOf('bob'), 'suspended')
  assert.equal(await people.officer(id('bob')), undefined, 'with none of the earlier means')
  assert.equal(await waiting(), true)
  const [kept] = keysOf('bob')
  const confirm = { officer: id('bob'), roles: ['caseOfficer'], means: [kept], confirmed: true }
  assert.equal(why(await ask('confirmAccount', 'root', confirm)), 'permitted')
  assert.ok(await people.officer(id('bob')))
  assert.deepEqual(await staff.meansOf(id('bob')), [kept])
})

test('a leaver of the lost time is ended without ever coming back', async (t) => {
  const { people, id, ask, comeBack, stateOf, staff } = await restoredOffice(t)
  await comeBack()
  const end = { officer: id('bob'), ground: 'leaves', confirmed: true }
  assert.equal(why(await ask('endAccount', 'root', end)), 'permitted')
  assert.equal(await stateOf('bob'), 'leaving')
  const keep = { officer: id('bob'), confirmed: true }
  assert.equal(why(await ask('keepAccount', 'root', keep)), 'permitted')
  assert.equal(await stateOf('bob'), 'suspended', 'keeping is not confirming')
  assert.equal(await people.officer(id('bob')), undefined)
  await staff.reopen(id('bob'))
  assert.equal(await people.officer(id('bob')), undefined)
})

test('a stop between the confirmation and what follows leaves no way in unconfirmed', async (t) => {
  const { kernel, staff, people, id, comeBack } = await restoredOffice(t)
  await comeBack()
  await kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.authorityStreamId)
    const event = { type: 'accountConfirmed', officer: id('ada'), roles: ['liaison'] } as const
    await stream?.append([event], id('root'))
  })
  await reconcileAccounts(kernel)
  assert.deepEqual(await staff.meansOf(id('ada')), [])
  assert.deepEqual((await people.officer(id('ada')))?.roles, ['liaison'])
})

/** Refusals that say who may do something, not whether there is anything to do. */
const NOT_YOURS = [
  'roleMissing',
  'notYours',
  'ownAccount',
  'ownConflict',
  'samePerson',
  'notYourShift',
]

test('each event about people is read as lawful from whom its act permits, and from no other', async (t) => {
  const { kernel, id, acting } = await office(t)
  const at = parts.clocks.caseNow()
  const span = { fromAt: ahead(-HOUR_MS), untilAt: ahead(DAY_MS) }
  const later = { fromAt: ahead(20 * DAY_MS), untilAt: ahead(21 * DAY_MS) }
  const happened: readonly [AuthorityEvent, string][] = [
    [{ type: 'conflictDeclared', conflictId: 'c1', officer: id('ada'), note: 'n' }, 'ada'],
    [{ type: 'conflictDeclared', conflictId: 'c2', officer: id('eye'), note: 'n' }, 'eye'],
    [{ type: 'absenceSet', absenceId: 'a1', officer: id('ada'), ...later }, 'ada'],
    [
      {
        type: 'delegationGiven',
        delegationId: 'd1',
        from: id('ada'),
        to: id('bob'),
        roles: ['liaison'],
        acts: null,
        ...span,
      },
      'ada',
    ],
    [{ type: 'shiftPlanned', shiftId: 's1', officer: id('ada'), ...span }, 'root'],
    [{ type: 'dutyAccepted', shiftId: 's1', officer: id('ada') }, 'ada'],
    [{ type: 'shiftPlanned', shiftId: 's2', officer: id('bob'), ...span }, 'root'],
    [
      {
        type: 'liaisonTermSet',
        termId: 't1',
        officer: id('ada'),
        peer: null,
        successor: id('cid'),
        ...span,
      },
      'root',
    ],
  ]
  const fold = (standing: Standing, [event, by]: readonly [AuthorityEvent, string]) =>
    foldStanding(standing, { event, version: 1, at, by: id(by) })
  const before = happened.reduce(fold, await readStanding(kernel))
  const leaving = fold(before, [{ type: 'leavingStarted', officer: id('bob'), note: 'n' }, 'root'])
  const suspended = foldStanding(before, {
    event: { type: 'accountSuspended', officer: id('bob') },
    version: 1,
    at,
    by: 'meridia.example',
  })
  const offered = fold(before, [{ type: 'dutyHandedOver', shiftId: 's2', from: id('ada') }, 'ada'])
  const confirmed = true
  const conflict = { kind: 'operator', subject: 'Larkspur', ground: 'family' }
  /** On which standing each act is asked, and with what. */
  const asked: readonly (readonly [string, Standing, object])[] = [
    ['declareConflict', before, conflict],
    ['declareConflictOf', before, { officer: id('bob'), ...conflict }],
    ['withdrawConflict', before, { conflictId: 'c1', ground: 'over', confirmed }],
    ['setAbsence', before, span],
    ['setAbsenceOf', before, { officer: id('bob'), ...span }],
    ['endAbsence', before, { absenceId: 'a1' }],
    [
      'giveDelegation',
      before,
      { to: id('cid'), roles: ['caseOfficer'], acts: [], ...span, confirmed },
    ],
    ['withdrawDelegation', before, { delegationId: 'd1' }],
    ['planShift', before, { officer: id('bob'), ...later }],
    ['cancelShift', before, { shiftId: 's2', confirmed }],
    ['handOverDuty', before, { shiftId: 's2' }],
    ['acceptDuty', offered, { shiftId: 's2' }],
    [
      'setLiaisonTerm',
      before,
      { officer: id('ada'), peer: 'albion.example', successor: null, ...span },
    ],
    ['nameSuccessor', before, { termId: 't1', successor: id('cid') }],
    ['rotateLiaison', before, { termId: 't1', confirmed }],
    [
      'confirmAccount',
      suspended,
      { officer: id('bob'), roles: ['caseOfficer'], means: [], confirmed },
    ],
    ['changeRoles', before, { officer: id('bob'), roles: ['reviewer'], ground: 'x', confirmed }],
    ['endAccount', before, { officer: id('bob'), ground: 'x', confirmed }],
    ['keepAccount', leaving, { officer: id('bob'), confirmed }],
    ['handOverWork', leaving, { officer: id('bob'), to: id('ada') }],
    ['finishLeaving', leaving, { officer: id('bob'), confirmed }],
    ['changeRoles', before, { officer: id('root'), roles: ['reviewer'], ground: 'x', confirmed }],
    ['endAccount', before, { officer: id('root'), ground: 'x', confirmed }],
    ['withdrawConflict', before, { conflictId: 'c2', ground: 'over', confirmed }],
  ]
  assert.deepEqual(
    [...new Set(asked.map(([name]) => name))].sort(),
    PEOPLE_ACTS.map(({ name }) => name).sort(),
  )
  const handedOver = { type: 'workHandedOver', from: id('bob'), to: id('ada'), items: 1 } as const
  for (const [called, standing, input] of asked) {
    const act = findPeopleAct(called) ?? assert.fail(called)
    const answers = await Promise.all(
      Object.keys(PEOPLE).map(async (name) => ({
        name,
        answer: await act.ask(kernel, standing, input, acting(name)),
      })),
    )
    const permitted = answers.flatMap(({ name, answer }) =>
      answer.decision === 'permit'
        ? [{ name, events: answer.value as readonly AuthorityEvent[] }]
        : [],
    )
    // There is no task to hand over here; whoever may is told so, and nobody else.
    const made = act.name === 'handOverWork' ? [handedOver] : permitted[0]?.events
    assert.ok(made, `${act.name} is permitted to nobody`)
    const unlawful = (event: AuthorityEvent, name: string) =>
      unlawfulStep(standing, { event, version: 1, at, by: id(name) })
    for (const { name, events } of permitted) {
      for (const event of events) {
        assert.equal(unlawful(event, name), undefined, `${act.name} by ${name}`)
        const { own, others } = GROUPS_OF_EVENTS[event.type as keyof typeof GROUPS_OF_EVENTS]
        assert.ok([own, others].includes(act.action.group), `${act.name} and ${event.type}`)
      }
    }
    const barred = answers.filter(({ name, answer }) => {
      const hasLeft = standing !== before && standing !== offered && name === 'bob'
      return hasLeft || (answer.decision === 'refuse' && NOT_YOURS.includes(answer.why))
    })
    for (const { name } of barred) {
      // About oneself the same event may be lawful by another act, which is asked as well.
      const isOwn = JSON.stringify(made).includes(id(name)) && act.name.endsWith('Of')
      if (!isOwn)
        assert.ok(
          made.some((event) => unlawful(event, name)),
          `${act.name} by ${name}`,
        )
    }
  }
})
