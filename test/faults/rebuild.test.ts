/**
 * The streams are the truth and nothing else is: what is derived from them can be
 * spoiled and comes back to the last byte, and they themselves cannot be changed.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { waitFor } from '../../src/cli/story/story.ts'
import { caseAt, countEvents, PLACES, type Place, startWorld } from '../support/demo.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

const world = await startWorld()
const telling = world.begin()
await telling.until('8.challenge')
await telling.step('9.embargo-ends')
await telling.step('9.advisory')
const meridia = world.database('meridia')
const caseId = caseAt(telling.story, 'meridia')
// The story gives nothing a disposal class.
await world.hands.meridia.officer.do(caseId, 'setDisposalClass', {
  scope: 'wholeCase',
  exhibits: [],
  classId: 'house.evidence',
  startsAt: '2027-01-31T12:00:00.000Z',
  reason: 'Invented evidence of an invented case.',
})
// Nor does anybody ask for records.
await world.hands.meridia.officer.do(caseId, 'recordRecordsRequest', {
  requester: 'FOI/2026-1',
  asked: 'Everything about the companion (invented).',
  receivedOn: '2026-10-01',
  dueAt: '2036-01-01T12:00:00.000Z',
  citation: 'Public Records Act (fictional), s. 10',
})
// A message that is still on its way brings an event with its receipt.
for (const at of PLACES) {
  await waitFor(`the receipts of all that ${at} sent`, async () => {
    const waiting = sql<{ count: string }>`
      select (select count(*) from fed_out_pending)
        + (select count(*) from fed_out where decision is null) as count`
    const { rows } = await waiting.execute(world.database(at))
    return rows[0]?.count === '0'
  })
}

test('a rebuild gives identical rows in every list of every node', async () => {
  for (const at of PLACES) {
    const { events, before, done, after } = await undisturbed(at, async () => ({
      events: await countEvents(world.database(at)),
      before: await dumpOf(at),
      done: await rebuild(at),
      after: await dumpOf(at),
    }))
    assert.equal(done.code, 0)
    assert.match(done.stdout, new RegExp(`^\\d+ streams with ${events} events replayed\\n$`))
    assert.deepEqual(after, before, at)
    if (at !== 'meridia') continue
    // A file is on its way for a moment only, and nobody in the story asks to be thanked.
    const passing = ['p_transfer', 'p_thanks']
    const lasting = Object.entries(before).filter(([table]) => !passing.includes(table))
    const empty = lasting.filter(([, rows]) => rows.length === 0)
    assert.deepEqual(empty, [], 'the story fills every list of the lead')
  }
})

const SPOILT: readonly ReturnType<typeof sql>[] = [
  // A title sealed for another place, and a case that looks published.
  sql`update p_case set sealed_title = (select sealed_name from officer limit 1)`,
  sql`update p_case set phase = 'published', lead = 'x.example'`,
  sql`update p_case set priority_standing = 'overruled'`,
  // Deadlines that were met, a refusal that became a permit, a notice that waits.
  sql`update p_deadline set state = 'met', due_at = null`,
  sql`update p_decision set decision = 'permit', rules = '{}'`,
  sql`update p_notice set state = 'delayed'`,
  // Duties: one lost, one that nobody has.
  sql`delete from p_duty where discharged_at is null`,
  sql`insert into p_duty select stream_id, gen_random_uuid(), 'notify', null, now() from p_case`,
  sql`update p_release set emergency = 'validated', withdrawn = 'error'`,
  sql`update p_due set done_at = now(), grounds = '{otherLaw}'`,
  sql`delete from p_retention`,
  sql`insert into p_transfer select stream_id, gen_random_uuid(), 'x', true, 1, now() from p_case`,
  sql`update p_publication set document = '{"document":{}}', tracking_id = 'X-1'`,
  sql`update p_public_text set is_withdrawn = true, revisions = '[]', tracking_id = 'X-' || tracking_id`,
  sql`update p_disclosure set language = 'xx', triaged_at = now(), embargo_why = 'attacksObserved'`,
  sql`insert into p_thanks select stream_id, gen_random_uuid(), 'X', '{finder}', '2026-01' from p_case`,
  sql`update p_agreement set state = 'retired', digest = 'x'`,
  // A row of a stream that has none of this kind.
  sql`insert into p_sign_off select stream_id, 'law.x', '9', 9, false from p_agreement`,
  // Nobody handled these cases any more.
  sql`delete from p_case_tie where kind = 'handler'`,
  sql`update p_law_case set is_decided = not is_decided, sealed_inputs = sealed_inputs || 'x'::bytea`,
]

/** An event that comes in between changes lists by right: then all is done once more. */
async function undisturbed<T>(at: Place, work: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < 5; tries += 1) {
    const events = await countEvents(world.database(at))
    const result = await work()
    if ((await countEvents(world.database(at))) === events) return result
  }
  throw new Error('events come all the time')
}

test('whatever was done to the lists, a rebuild of the running node undoes it', async () => {
  const { whole, spoilt, rebuilt } = await undisturbed('meridia', async () => {
    const before = await dumpOf('meridia')
    for (const change of SPOILT) await change.execute(meridia)
    const changed = await dumpOf('meridia')
    assert.equal((await rebuild('meridia')).code, 0)
    return { whole: before, spoilt: changed, rebuilt: await dumpOf('meridia') }
  })
  for (const [table, rows] of Object.entries(whole)) {
    assert.notDeepEqual(spoilt[table], rows, `${table} is spoilt`)
  }
  assert.deepEqual(rebuilt, whole)

  const fromNothing = await undisturbed('meridia', async () => {
    const before = await dumpOf('meridia')
    await sql.raw(`truncate ${Object.keys(before).join(', ')}`).execute(meridia)
    assert.equal((await rebuild('meridia')).code, 0)
    return { before, after: await dumpOf('meridia') }
  })
  assert.deepEqual(fromNothing.after, fromNothing.before, 'from nothing')
  const rows = await world.hands.meridia.officer.get<{ id: string; title: string }[]>('/cases')
  const title = rows.find(({ id }) => id === caseId)?.title
  assert.equal(title, telling.story.report.answers['title'])
})

const FORBIDDEN: Readonly<Record<string, string>> = {
  'update event set by = by': 'events are append-only',
  'update event set version = version + 1000': 'events are append-only',
  'delete from event where version = 1': 'events are append-only',
  'truncate event': 'events are append-only',
  'truncate event cascade': 'events are append-only',
  'truncate stream cascade': 'events are append-only',
  "update log_entry set accepted_at = '2020-01-01'": 'the log is append-only',
  'delete from log_entry': 'the log is append-only',
  'truncate log_entry': 'the log is append-only',
  'update log_checkpoint set root = root': 'the log is append-only',
  'delete from log_checkpoint': 'the log is append-only',
  'truncate log_checkpoint cascade': 'the log is append-only',
}

test('events, log entries and checkpoints cannot be changed, even by the node’s own role', async () => {
  const before = await countEvents(meridia)
  for (const [statement, message] of Object.entries(FORBIDDEN)) {
    await assert.rejects(sql.raw(statement).execute(meridia), { message }, statement)
  }
  assert.equal(await countEvents(meridia), before)
})

/** What a thief of the database role could do who also removes the trigger. */
const FORGED: Readonly<Record<string, (id: string) => ReturnType<typeof sql>>> = {
  'one flipped byte': (id) => sql`
    update event set sealed_envelope =
      set_byte(sealed_envelope, 40, get_byte(sealed_envelope, 40) # 1)
    where stream_id = ${id} and version = 2`,
  'two events that changed places': (id) => sql`
    update event set sealed_envelope = other.sealed_envelope from event other
    where event.stream_id = ${id} and event.version in (2, 3)
      and other.stream_id = ${id} and other.version = 5 - event.version`,
  'an event in the middle removed': (id) => sql`
    delete from event where stream_id = ${id} and version = 4`,
  'the last event removed': (id) => sql`
    delete from event where stream_id = ${id}
      and version = (select max(version) from event where stream_id = ${id})`,
  'every event removed': (id) => sql`delete from event where stream_id = ${id}`,
}

test('a stream that was tampered with is not rebuilt from, not read and not written to', async () => {
  const whole = await dumpOf('meridia')
  await sql`create table kept as select * from event where stream_id = ${caseId}`.execute(meridia)
  for (const [what, forge] of Object.entries(FORGED)) {
    await withoutTrigger(async () => void (await forge(caseId).execute(meridia)))
    const { code, stderr } = await rebuild('meridia')
    assert.equal(code, 1, what)
    assert.match(stderr, /does not open|has no gaps|has all of its events/, what)
    assert.deepEqual(await dumpOf('meridia'), whole, `${what}: the lists stay as they were`)
    const { officer } = world.hands.meridia
    await assert.rejects(officer.get(`/cases/${caseId}`), /: (422|500) /, what)
    await assert.rejects(officer.act(caseId, 'assessCompetence', {}), /: (422|500) /, what)
    await withoutTrigger(async () => {
      await sql`delete from event where stream_id = ${caseId}`.execute(meridia)
      await sql`insert into event select * from kept`.execute(meridia)
    })
  }
  await sql`drop table kept`.execute(meridia)
  assert.equal((await rebuild('meridia')).code, 0)
  assert.deepEqual(await dumpOf('meridia'), whole)
})

test('a rebuild without a configuration, or with a wrong one, says so and does nothing', async () => {
  const none = await run(['rebuild'])
  assert.equal(none.code, 2)
  assert.match(none.stderr, /usage: comity rebuild --config FILE/)
  const former = await run(['rebuild', world.node('meridia').configFile])
  assert.equal(former.code, 2)
  assert.match(former.stderr, /write --config before the file: --config \S+config/)
  const wrong = await run(['rebuild', '--config', '/nowhere/config.json'])
  assert.equal(wrong.code, 1)
  assert.match(wrong.stderr, /\/nowhere\/config\.json/)
})

async function withoutTrigger(work: () => Promise<void>): Promise<void> {
  await sql`alter table event disable trigger user`.execute(meridia)
  try {
    await work()
  } finally {
    await sql`alter table event enable trigger user`.execute(meridia)
  }
}

type Dump = { readonly [table: string]: readonly string[] }

/** Every row of every projection, as PostgreSQL prints it. */
async function dumpOf(at: Place): Promise<Dump> {
  const database = world.database(at)
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_name like 'p\\_%' order by 1`.execute(database)
  const entries = rows.map(async ({ name }) => {
    const { rows } = await sql<{ line: string }>`
      select dumped::text as line from ${sql.table(name)} dumped order by 1`.execute(database)
    return [name, rows.map(({ line }) => line)] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

const rebuild = (at: Place) => run(['rebuild', '--config', world.node(at).configFile])

type Run = { readonly code: number; readonly stdout: string; readonly stderr: string }

function run(args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}
