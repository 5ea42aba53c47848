/**
 * Where plaintext lives. Words that occur nowhere else are put into everything that
 * people say and into every secret they are given; then every byte that a story has
 * left on the disk is searched for them, in every dress in which they could hide.
 *
 * Processes are searched as well: how they were started, and, where the machine allows it,
 * what they hold in memory. This test is the supervisor and tells the story, so it holds
 * everything itself; a supervisor in service tells none.
 *
 * Not searched: the officers' own key rings, which stand for what officers hold, and
 * the files that the story's teller keeps for itself; swap, which a process cannot see (the
 * memory that could be swapped is searched).
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { Client } from 'pg'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { toBase64, utf8 } from '../../src/base/bytes.ts'
import type { Json } from '../../src/base/canonical-json.ts'
import { type Hand, signInLink } from '../../src/cli/story/client.ts'
import { sampleReport } from '../../src/cli/story/reports.ts'
import { type Hands, type StoryReport, waitFor } from '../../src/cli/story/story.ts'
import { generateIdentity, recipientOf, sealTo } from '../../src/seal/seal.ts'
import { splitIdentity } from '../../src/seal/shares.ts'
import {
  base64Of,
  contentOf,
  coreLimitOf,
  descendantsOf,
  dressed,
  type Find,
  memoryWordsOf,
  needlesOf,
  searchIn,
  searchMemory,
  searchStart,
  secretBytes,
  type Words,
  wordsOf,
} from '../support/canaries.ts'
import { caseAt, PLACES, startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { browserAt, enterWorkspace } from '../support/page-hand.ts'

/** Of the reporter: published in the end, so searched for before and after. */
const REPORT = 'qzreporterword'
const OFFICER = 'qzofficerword'
const TURN = 'qztranscriptword'
const HOSTILE = 'qzhostileword'
const CONTACT = 'qzcontactword'
const ATTACHED = 'qzattachedword'
const TASK = 'qztaskword'
const NOTE = 'qznoteword'
const LETTER = 'qzletterword'
const GUEST = 'qzguestname'
const ANSWER = 'qzguestanswerword'
const INVITED = 'qzinvitedname'
const SEALED = 'qzlongrecordword'
/** Words of the story itself, which it gives no way to change. */
const OF_THE_STORY = {
  'the reporter’s contact': 'box 7, Exampletown',
  'the contact of an affected person': 'Robin Placeholder, 3 Sample Lane',
  'a challenge': 'I was told too late and do not agree',
}
const NEVER_PUBLISHED = {
  'a word of an officer': OFFICER,
  'a word of the transcript': TURN,
  'a word of a stranger': HOSTILE,
  'a contact': CONTACT,
  'an attachment': ATTACHED,
  'a task': TASK,
  'a note': NOTE,
  'a letter': LETTER,
  'the name of a guest': GUEST,
  'the answer of a guest': ANSWER,
  'the name of somebody invited': INVITED,
  'an exhibit that is sealed': SEALED,
  ...OF_THE_STORY,
}
const isLinux = process.platform === 'linux'
const onLinux = { skip: isLinux ? false : 'only Linux shows what a process holds' }
const NOT_SEARCHED = ['key-rings', 'artefacts']

const world = await startWorld({ withServer: true })
const telling = world.begin({ report: markedReport(), transcript: turns(), hands: markedHands() })
const secrets: Record<string, string> = {}

function markedReport(): StoryReport {
  const sample = sampleReport()
  const fixed = new Set(['isPublic', 'language'])
  const answers = Object.entries(sample.answers).map(([name, text]) => [
    name,
    fixed.has(name) ? text : `${text} ${REPORT}`,
  ])
  return { ...sample, answers: Object.fromEntries(answers) as Record<string, string> }
}

function turns(): readonly Json[] {
  return Array.from({ length: 8 }, (_, index) => ({
    turn: index + 1,
    speaker: index % 2 === 0 ? 'user' : 'system',
    text: `Turn ${index + 1}: ${TURN}`,
  }))
}

/** Officers whose every sentence ends in the officer's word, but for what they publish. */
function markedHands(): Hands {
  const places = Object.entries(world.hands).map(([place, hands]) => {
    const marked = Object.entries(hands).map(([role, hand]) => [role, markedHand(hand)])
    return [place, Object.fromEntries(marked)]
  })
  return Object.fromEntries(places) as Hands
}

function markedHand(hand: Hand): Hand {
  const said = (name: string, input: object) =>
    name === 'publishAdvisory' || name === 'sealExhibit' ? input : (mark(input as Json) as object)
  return {
    ...hand,
    act: (caseId, name, input) => hand.act(caseId, name, said(name, input)),
    do: (caseId, name, input) => hand.do(caseId, name, said(name, input)),
    mustRefuse: (caseId, name, input, why) => hand.mustRefuse(caseId, name, said(name, input), why),
  }
}

function mark(value: Json): Json {
  if (typeof value === 'string') return value.includes(' ') ? `${value} ${OFFICER}` : value
  if (Array.isArray(value)) return value.map(mark)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, member]) => [key, mark(member as Json)])
  return Object.fromEntries(entries) as Json
}

// The search

function searchDisk(words: Words): Find[] {
  const entries = readdirSync(world.folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !NOT_SEARCHED.some((one) => file.startsWith(join(world.folder, one))))
    .flatMap((file) => searchIn(contentOf(file), relative(world.folder, file), words))
}

const DATABASES = ['meridia', 'albion', 'sierra', 'witness'].map((name) => `comity_${name}`)

/** Every row of every table, as a dump would show it. */
async function searchTables(words: Words): Promise<Find[]> {
  const finds: Find[] = []
  for (const database of DATABASES) {
    const client = new Client({ connectionString: world.server?.url(database) })
    await client.connect()
    try {
      const { rows: tables } = await client.query<{ name: string }>(
        `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name
         from information_schema.tables where table_type = 'BASE TABLE'
           and table_schema not in ('pg_catalog', 'information_schema')`,
      )
      assert.ok(tables.length > 20)
      for (const { name } of tables) {
        const { rows } = await client.query<{ line: string }>(
          `select dumped::text as line from ${name} dumped`,
        )
        const dump = Buffer.from(rows.map(({ line }) => line).join('\n'))
        finds.push(...searchIn(dump, `${database}: ${name}`, words))
        // Bytes stand in a dump as hex, and something packed could be inside.
        for (const [, hex = ''] of dump.toString('latin1').matchAll(/\\x([0-9a-f]{32,})/g)) {
          const packed = Buffer.from(hex, 'hex')
          finds.push(...searchIn(packed, `${database}: bytes of ${name}`, words))
        }
      }
    } finally {
      await client.end()
    }
  }
  return finds
}

/** Everything that the server still holds in memory goes to its files. */
async function checkpoint(): Promise<void> {
  const client = new Client({ connectionString: world.server?.url('postgres') })
  await client.connect()
  await client.query('checkpoint').finally(() => client.end())
}

before(async () => {
  await telling.until('7.hearing')
  await telling.step('7.hearing')
  await letGuestsIn()
  await telling.until('9.embargo-first')
  await workAround()
  await invite()
  await keepShares()
  await provokeFaults()
  await fileAnother()
  const { memory } = telling.story
  secrets['the reporter’s code'] = memory.code ?? ''
  secrets['the reporter’s code without hyphens'] = (memory.code ?? '').replaceAll('-', '')
  secrets['a notice code'] = memory.noticeCode ?? ''
  secrets['a notice code without hyphens'] = (memory.noticeCode ?? '').replaceAll('-', '')
  await signInAgain()
})

/** A report that nobody admits, with contact and attachment. */
async function fileAnother(): Promise<void> {
  const { baseUrl } = world.node('meridia')
  const page = await (await fetch(`${baseUrl}/en/report/basic`)).text()
  const form = new FormData()
  form.set('formToken', /name="formToken"[^>]*value="([^"]+)"/.exec(page)?.[1] ?? '')
  for (const [name, text] of Object.entries(sampleReport().answers)) form.set(name, text)
  form.set('contact', `Invented reporter, ${CONTACT}`)
  const attached = new Blob([`{"words":"${ATTACHED}"}`], { type: 'application/json' })
  form.set('attachment', attached, `${ATTACHED}.json`)
  const headers = { accept: 'application/json' }
  const response = await fetch(`${baseUrl}/en/report/basic`, {
    method: 'POST',
    headers,
    body: form,
  })
  assert.equal(response.status, 201)
  const { code } = (await response.json()) as { code: string }
  secrets['the code of a report that waits'] = code
}

/** One who came, answered and holds a session, and one who has not come yet. */
async function letGuestsIn(): Promise<void> {
  const { officer } = world.hands.meridia
  const caseId = caseAt(telling.story, 'meridia')
  const letIn = async () => {
    const { result } = await officer.do(caseId, 'admitGuest', {
      name: `${GUEST} (invented)`,
      sees: ['hearing'],
      legalOrder: 'EU',
      days: 3,
      reason: 'Counsel of the operator.',
      answersAs: 'respondentCounsel',
    })
    return result as { readonly linkId: string; readonly code: string }
  }
  const { linkId, code } = await letIn()
  const waiting = await letIn()
  const door = browserAt(world.node('meridia'))
  const form = formIn((await door.get(`/en/officer/guest/${linkId}`)).html, linkId)
  fill(form, { code })
  const entered = await door.send(form)
  assert.equal(entered.status, 303)
  const answer = formIn((await door.get(`/en/officer/guest/${linkId}`)).html, '/answer')
  const [subjectId = ''] = answer.fields.get('subjectId')?.offered ?? []
  fill(answer, {
    text: `The operator says: ${ANSWER}.`,
    ...(subjectId === '' ? {} : { subjectId }),
  })
  const answered = await door.send(answer)
  assert.equal(answered.status, 303, answered.html)
  secrets['the code of a guest'] = code
  secrets['the code of a guest without hyphens'] = code.replaceAll('-', '')
  secrets['the code of a guest who has not come'] = waiting.code
}

/** A task, a note and a letter. */
async function workAround(): Promise<void> {
  const node = world.node('meridia')
  const desk = await enterWorkspace(node, 'case-officer-1')
  const place = `/en/officer/cases/${caseAt(telling.story, 'meridia')}`
  const assignee = node.officers.find(({ key }) => key === 'case-officer-1')?.id ?? ''
  const task = formIn((await desk.get(`${place}/tasks`)).html, '/tasks/add')
  fill(task, { title: `Ask the ${TASK}`, assignee, dueOn: '2030-01-02' })
  const note = formIn((await desk.get(`${place}/tasks`)).html, '/tasks/notes')
  fill(note, { text: `They said ${NOTE}.` })
  for (const form of [task, note]) assert.equal((await desk.send(form)).status, 303)
  const { officer } = world.hands.meridia
  await officer.do(caseAt(telling.story, 'meridia'), 'makeLetter', {
    template: 'acknowledgement',
    to: `${LETTER} (invented)`,
    text: `Thank you for the ${LETTER}.`,
  })
}

async function invite(): Promise<void> {
  const desk = await enterWorkspace(world.node('meridia'), 'administrator')
  await desk.hand.prove()
  const form = formIn((await desk.get('/en/officer/sign-in-desk')).html, '/sign-in-desk')
  fill(form, { name: `${INVITED} (invented)`, roles: ['reviewer'] })
  const { html } = await desk.send(form)
  const code = /([0-9A-Z]{4}-){5}[0-9A-Z]{4}/.exec(html)?.[0] ?? assert.fail('no code is shown')
  secrets['an invitation code'] = code
  secrets['an invitation code without hyphens'] = code.replaceAll('-', '')
}

/** A link that was used, one that was not, and the cookie of a session. */
async function signInAgain(): Promise<void> {
  const node = world.node('meridia')
  const link = await signInLink(node, 'oversight')
  const response = await fetch(`${node.baseUrl}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link }),
  })
  const [cookie = ''] = response.headers.getSetCookie()
  secrets['a used sign-in link'] = link
  secrets['an unused sign-in link'] = await signInLink(node, 'oversight')
  secrets['a session cookie'] = cookie.split(/[=;]/)[1] ?? ''
}

/** A recovery key: its record goes to the node, its shares to the people who hold them. */
async function keepShares(): Promise<void> {
  const node = world.node('meridia')
  const holders = node.officers.slice(0, 2)
  const identity = await generateIdentity()
  const options = { setId: new Uint8Array(randomBytes(8)), threshold: 2, total: 2 }
  const { setId, recipient, shares } = await splitIdentity(nodePrimitives.sha256, identity, options)
  const sealed = shares.map(async ({ code, digest }, at) => {
    const holder = holders[at] ?? assert.fail()
    const to = [await recipientOf(holder.identity)]
    const share = await sealTo(to, utf8(code), { minimumRecipients: 1 })
    return { index: at + 1, holder: { officer: holder.id }, digest, sealed: toBase64(share) }
  })
  const made = { setId, recipient, threshold: 2, shares: await Promise.all(sealed) }
  const desk = await enterWorkspace(node, 'oversight')
  await desk.hand.prove()
  const place = '/en/officer/sealing/recovery'
  const form = formIn((await desk.get(place)).html, '/recovery/sets')
  fill(form, { made: JSON.stringify(made) })
  const recorded = await desk.send(form)
  assert.equal(recorded.status, 303, recorded.html)
  secrets['a recovery key'] = identity.slice(16)
  for (const [at, { code }] of shares.entries()) {
    secrets[`share ${at + 1} of a recovery key`] = code
    secrets[`share ${at + 1} of a recovery key, bare`] = code.replaceAll(/[^0-9A-Z]/g, '')
  }
}

/** What was refused or went wrong must not be told to an operator's record either. */
async function provokeFaults(): Promise<void> {
  const { officer } = world.hands.meridia
  const caseId = caseAt(telling.story, 'meridia')
  const input = { title: HOSTILE, answers: { title: `${HOSTILE}\u0000`, language: HOSTILE } }
  await assert.rejects(officer.post('/cases', input))
  const unknown = await officer.act(caseId, 'openExhibit', { exhibitId: HOSTILE, purpose: HOSTILE })
  assert.ok('refused' in unknown)
  const { baseUrl } = world.node('meridia')
  for (const path of [
    '/api/v1/sign-in',
    '/api/v1/cases',
    '/en/report/basic',
    '/en/report/status',
    `/en/${HOSTILE}`,
    `/federation/v1/transactions/${HOSTILE}`,
    '/witness/add-checkpoint',
  ]) {
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const body = `{"${HOSTILE}": ${HOSTILE}`
      const headers = { 'content-type': type, 'user-agent': HOSTILE, referer: HOSTILE }
      const { status } = await fetch(`${baseUrl}${path}?${HOSTILE}`, {
        method: 'POST',
        body,
        headers,
      })
      assert.ok(status >= 400 && status < 500, `${path} ${type}: ${status}`)
    }
  }
}

test('the search finds a word in every dress, in a file, in the server’s files and in a dump', async () => {
  const word = 'qzknownpositive'
  const words = wordsOf({ known: word })
  assert.deepEqual(searchDisk(words), [])
  for (const [dress, bytes] of Object.entries(dressed(word))) {
    const file = join(world.folder, 'known-positive')
    writeFileSync(file, Buffer.concat([Buffer.from([0, 255]), bytes, Buffer.from([255, 0])]))
    const found = searchIn(contentOf(file), 'known-positive', words)
    rmSync(file)
    assert.deepEqual(
      found.map(({ dress, place }) => [dress, place]),
      [[dress, 'known-positive']],
    )
  }
  const database = world.database('albion')
  await sql`create table known (t text, j jsonb, b bytea)`.execute(database)
  await sql`insert into known values ('x', ${`{"a":"${word}"}`}::jsonb, ${Buffer.from(word)})`.execute(
    database,
  )
  await checkpoint()
  const places = searchDisk(words).map(({ place }) => place)
  assert.ok(
    places.some((place) => /^postgres\/data\/base\/\d+\/\d+$/.test(place)),
    `${places}`,
  )
  assert.ok(
    places.some((place) => place.startsWith('postgres/data/pg_wal/')),
    `${places}`,
  )
  const dumped = await searchTables(words)
  assert.deepEqual(
    dumped.map(({ dress, place }) => [dress, place]),
    [
      ['UTF-8', 'comity_albion: public.known'],
      ['hex', 'comity_albion: public.known'],
    ],
  )
  await sql`drop table known`.execute(database)
})

test('the words did go in: who may read the case reads them', async () => {
  const { officer, reviewer } = world.hands.meridia
  const caseId = caseAt(telling.story, 'meridia')
  const view = JSON.stringify(await officer.get(`/cases/${caseId}`))
  assert.ok(view.includes(REPORT))
  assert.ok(view.split(OFFICER).length > 15, 'in many sentences')
  assert.ok(view.includes(LETTER))
  const desk = await enterWorkspace(world.node('meridia'), 'case-officer-1')
  const shown = { tasks: [TASK, NOTE], guests: [GUEST], answers: [ANSWER] }
  for (const [page, words] of Object.entries(shown)) {
    const { html } = await desk.get(`/en/officer/cases/${caseId}/${page}`)
    for (const word of words) assert.ok(html.includes(word), `${page}: ${word}`)
  }
  const administrator = await enterWorkspace(world.node('meridia'), 'administrator')
  const { html: invited } = await administrator.get('/en/officer/sign-in-desk')
  assert.ok(invited.includes(INVITED))
  const { exhibitId = '' } = telling.story.memory
  const opened = await reviewer.do(caseId, 'openExhibit', { exhibitId, purpose: 'A look at it.' })
  assert.equal(JSON.stringify(opened.result).split(TURN).length, 9, 'in each of eight turns')
  assert.ok(
    Object.values(secrets).every((secret) => secret.length >= 20),
    JSON.stringify(secrets),
  )
})

const said = () => wordsOf({ ...NEVER_PUBLISHED, ...secrets })
const reported = wordsOf({ 'a word of the report': REPORT })

const KEYS = ['the key of the columns', 'the identity that peers seal to']
const NAME = 'the name of an officer'

/** Keys and names: they are somewhere, and where is a question of its own. */
async function held(): Promise<Words> {
  const identities = PLACES.flatMap((place) =>
    world.node(place).officers.map(({ key, identity }) => [`${place} ${key}`, identity.slice(16)]),
  )
  assert.equal(identities.length, 18)
  const { keys } = world.node('meridia')
  const [columnKey, encryption] = [await keys.columnKey(), await keys.encryptionIdentities()]
  return [
    ...wordsOf(Object.fromEntries(identities)),
    ...secretBytes({ [KEYS[0] ?? '']: columnKey }),
    ...wordsOf({ [KEYS[1] ?? '']: (encryption[0] ?? '').slice(16), [NAME]: 'Iris Quill' }),
  ]
}

/** Keys are in the files that the demo keeps them in, names in what the setup lists. */
function requireHeldPlaces(finds: readonly Find[]): void {
  const placesOf = (what: string) =>
    finds.filter((find) => find.what === what).map(({ place }) => place)
  for (const key of KEYS) {
    const places = placesOf(key)
    assert.ok(places.length > 0, `${key}: the demo keeps it in a file`)
    assert.ok(places.every((place) => place.startsWith('nodes/meridia.example/keys/')))
  }
  assert.deepEqual(placesOf(NAME), ['nodes/meridia.example/officers.json'])
}

test(
  'memory: the worker that seals an exhibit holds that exhibit, and nothing else of the node',
  onLinux,
  async (context) => {
    const { officer } = world.hands.meridia
    const caseId = caseAt(telling.story, 'meridia')
    const given = memoryWordsOf({ 'what it seals': SEALED })
    const { 'an exhibit that is sealed': _, ...others } = NEVER_PUBLISHED
    const notGiven = [
      ...memoryWordsOf({ 'a word of the report': REPORT, ...others, ...secrets }),
      ...(await held()),
    ]
    const own = nodeProcess('meridia.example') ?? assert.fail()
    const act = officer.do(caseId, 'sealExhibit', longRecord())
    const looked = await lookIntoWorker(own.pid, given, notGiven)
    await act
    if (looked === 'closed') context.skip('this machine does not let us read a child’s memory')
    else assert.deepEqual(looked, [])
  },
)

/** Of many parts: what comes out is far more than what goes in, as each part gets a salt. */
const longRecord = () => ({
  name: 'A long record (invented)',
  mediaType: 'application/json',
  purpose: 'Handed over by the operator.',
  parts: [SEALED, ...Array.from({ length: 4999 }, () => 1)],
})

const LETS_WRITE_MS = 20
const LOOK_EVERY_MS = 100
/** Longer than a worker takes to load, on a slow machine too. */
const LOOKS = 30
const HOLDS_WITHIN_MS = 20_000

/**
 * Looks into the worker of an act once it holds what it was given. Its node is stopped
 * meanwhile: the answer does not fit into the pipe, so the worker waits with it.
 */
async function lookIntoWorker(
  node: number,
  given: Words,
  notGiven: Words,
): Promise<Find[] | 'closed' | undefined> {
  const until = performance.now() + HOLDS_WITHIN_MS
  let worker = processes().running('exhibit-worker')[0]
  for (; !worker; worker = processes().running('exhibit-worker')[0]) {
    assert.ok(performance.now() < until, 'a worker starts')
    await pause(1)
  }
  try {
    while (performance.now() < until) {
      // Now and then the node goes on: it may not have written the whole request yet.
      await pause(LETS_WRITE_MS)
      process.kill(node, 'SIGSTOP')
      for (let looks = 0; looks < LOOKS; looks++) {
        const positive = searchMemory(worker.pid, given)
        if (positive === undefined) return 'closed'
        if (positive.length > 0) return searchMemory(worker.pid, notGiven)
        await pause(LOOK_EVERY_MS)
      }
      process.kill(node, 'SIGCONT')
    }
    return undefined
  } finally {
    process.kill(node, 'SIGCONT')
  }
}

test('before publication no word and no secret is anywhere on the disk or in a dump', async () => {
  await checkpoint()
  const words = [...reported, ...said()]
  assert.deepEqual(searchDisk(words), [])
  assert.deepEqual(await searchTables(words), [])
})

const REPORTED = 'a word of the report'
/** Where everybody may read it. */
const PUBLISHED = [
  'comity_meridia: public.p_publication',
  'comity_meridia: public.p_public_text',
  'comity_meridia: public.csaf_file',
  'comity_meridia: bytes of public.csaf_file',
]

test('after publication what was published is in the advisory, keys are in their files, and nothing else anywhere', async () => {
  await telling.toTheEnd()
  await checkpoint()
  const words = [...said(), ...(await held())]
  const onDisk = searchDisk(words)
  requireHeldPlaces(onDisk)
  assert.deepEqual(
    onDisk.filter(({ what }) => ![...KEYS, NAME].includes(what)),
    [],
  )
  const dumped = await searchTables([...reported, ...words])
  const found = dumped.map(({ what, dress, place }) => [what, dress, place])
  // What is served is signed by a job of its own, sooner or later.
  assert.deepEqual(
    found.filter(([what, , place]) => what !== REPORTED || !PUBLISHED.includes(place ?? '')),
    [],
  )
  for (const place of PUBLISHED.slice(0, 2))
    assert.ok(
      found.some((one) => one[2] === place),
      place,
    )
})

const processes = () => {
  const all = descendantsOf(process.pid)
  const running = (part: string) => all.filter(({ command }) => command.includes(part))
  return { all, running }
}
const nodeProcess = (place: string) =>
  processes()
    .running('node-process')
    .find(({ command }) => command.includes(place))

test('no process has a word or a secret in its arguments or its environment', onLinux, async () => {
  const { all } = processes()
  assert.ok(all.length > 8, `${all.length} processes`)
  const { keys } = world.node('meridia')
  const words = [
    ...wordsOf({ 'a word of the report': REPORT, ...NEVER_PUBLISHED, ...secrets }),
    ...secretBytes({ 'the key of the columns': await keys.columnKey() }),
  ]
  for (const { pid } of all) assert.deepEqual(searchStart(pid, words), [])
  const known = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'qzargument'], {
    env: { CANARY: 'qzenvironment' },
  })
  try {
    const [first, second] = [{ a: 'qzargument' }, { b: 'qzenvironment' }].map(wordsOf)
    await once(known, 'spawn')
    const found = [
      ...searchStart(known.pid ?? 0, first ?? []),
      ...searchStart(known.pid ?? 0, second ?? []),
    ]
    assert.deepEqual(
      found.map(({ what }) => what),
      ['a', 'b'],
    )
  } finally {
    known.kill()
  }
})

test(
  'no process may write a core dump, and no exhibit worker is left',
  onLinux,
  async (context) => {
    await waitFor(
      'every worker to end',
      async () => processes().running('exhibit-worker').length === 0,
    )
    const { all } = processes()
    if (coreLimitOf(process.pid) !== '0') {
      context.skip('this machine lets processes dump; comity serve says so when it starts')
      return
    }
    // Of one that has just ended nothing is known.
    const limits = all.map(({ pid, command }) => ({ command, limit: coreLimitOf(pid) }))
    assert.deepEqual(
      limits.filter(({ limit }) => !['0', 'unknown'].includes(limit)),
      [],
    )
    assert.ok(limits.filter(({ limit }) => limit === '0').length > 8)
  },
)

test(
  'memory: a node holds its own case; the witness, peers and the database hold none of it',
  onLinux,
  async (context) => {
    const { running } = processes()
    const own = nodeProcess('meridia.example')
    const [witness] = running('witness-process')
    const servers = running('postgres')
    assert.ok(own && witness && servers.length > 3)
    const nodeKeys = (await held()).filter(({ what }) => KEYS.includes(what))
    const { officer } = world.hands.meridia
    await officer.get(`/cases/${caseAt(telling.story, 'meridia')}`)
    const reportWord = memoryWordsOf({ 'a word of the report': REPORT })
    const positive = searchMemory(own.pid, reportWord)
    if (positive === undefined) {
      context.skip('this machine does not let us read the memory of a child')
      return
    }
    assert.ok(positive.length > 0, 'the search finds what a process does hold')
    const ownKeys = searchMemory(own.pid, nodeKeys) ?? []
    assert.deepEqual([...new Set(ownKeys.map(({ what }) => what))], KEYS, 'bytes as well as text')
    const everything = memoryWordsOf({
      'a word of the report': REPORT,
      ...NEVER_PUBLISHED,
      ...secrets,
    })
    assert.deepEqual(searchMemory(witness.pid, [...everything, ...nodeKeys]), [])
    const identities = PLACES.flatMap((place) =>
      world.node(place).officers.map(({ key, identity }) => [`${place} ${key}`, identity]),
    )
    const keys = memoryWordsOf(Object.fromEntries(identities))
    const notForPeers = memoryWordsOf({
      'a contact': CONTACT,
      'an attachment': ATTACHED,
      'a task': TASK,
      'a note': NOTE,
      'a letter': LETTER,
      'the name of a guest': GUEST,
      'the answer of a guest': ANSWER,
      'the name of somebody invited': INVITED,
      'the reporter’s contact': OF_THE_STORY['the reporter’s contact'],
      ...secrets,
    })
    for (const place of ['albion.example', 'sierra.example']) {
      const peer = nodeProcess(place)
      assert.ok(peer)
      assert.deepEqual(searchMemory(peer.pid, [...notForPeers, ...keys, ...nodeKeys]), [], place)
    }
    assert.deepEqual(searchMemory(own.pid, keys), [], 'no node holds an officer’s sealing identity')
    // Published words are in the open tables; everything else reaches the server sealed.
    const unpublished = [...memoryWordsOf({ ...NEVER_PUBLISHED, ...secrets }), ...nodeKeys]
    for (const [at, { pid, command }] of servers.entries()) {
      assert.deepEqual(searchMemory(pid, unpublished, { shared: at === 0 }), [], command)
    }
  },
)

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

test('an entry of a log says an hour and two values that nobody can link, and no more', async () => {
  for (const at of PLACES) {
    const database = world.database(at)
    const entries = await database.selectFrom('log_entry').select('entry').orderBy('seq').execute()
    const events = await world.events(at)
    assert.ok(entries.length > events.length)
    const ids = new Set(
      events.flatMap(({ envelope }) => JSON.stringify(envelope).match(UUID) ?? []),
    )
    for (const { id } of await database.selectFrom('officer').select('id').execute()) ids.add(id)
    for (const { id } of await database.selectFrom('filing').select('id').execute()) ids.add(id)
    assert.ok(ids.size >= 10)
    const needles = [...ids].flatMap((id) => [
      Buffer.from(id),
      ...needlesOf(id).map(({ bytes }) => bytes),
      ...[0, 1, 2].map((shift) =>
        Buffer.from(base64Of(Buffer.from(id.replaceAll('-', ''), 'hex'), shift)),
      ),
      Buffer.from(id.replaceAll('-', '')),
    ])
    const seen = new Set<string>()
    for (const { entry } of entries) {
      const bytes = Buffer.from(entry)
      const value = JSON.parse(bytes.toString('utf8')) as { [key: string]: unknown }
      assert.match(String(value['at']), /^\d{4}-\d\d-\d\dT\d\dZ$/, 'only the hour')
      for (const name of ['commitment', 'tag']) {
        const text = String(value[name])
        assert.ok(!seen.has(text), `${name} occurs once`)
        seen.add(text)
      }
      const known = ['at', 'commitment', 'kind', 'leaves', 'scripts', 'tag', 'tags', 'v']
      assert.deepEqual(
        Object.keys(value).filter((name) => !known.includes(name)),
        [],
      )
      assert.ok(!needles.some((needle) => bytes.includes(needle)), bytes.toString('utf8'))
    }
  }
})
