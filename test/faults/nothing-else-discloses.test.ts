/**
 * Nothing but a recorded release discloses. Words that occur nowhere else are said in
 * every place of two cases: one that is led to the hearing with two other authorities,
 * and a confidential one of which nobody was told. Then random people knock at every
 * route of every node, and every event that a peer got is read: a word may be found only
 * by whoever has a right of its own to read that case, or where a permitted release that
 * is on record put it.
 *
 *   COMITY_SEED=7 COMITY_ROUNDS=20 npm test -- nothing-else
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Json } from '../../src/base/canonical-json.ts'
import { sampleReport } from '../../src/cli/story/reports.ts'
import type { Hands, Story } from '../../src/cli/story/story.ts'
import { CONTENT_FORMS } from '../../src/wire/exchange/contents.ts'
import { caseAt, type OpenedEvent, PLACES, type Place, startWorld } from '../support/demo.ts'
import {
  addressOf,
  Canaries,
  type Canary,
  speaking,
  stranger,
  type Visitor,
  visitor,
} from '../support/disclosure-walk.ts'
import { fill, formIn } from '../support/html-form.ts'
import { enterWorkspace } from '../support/page-hand.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { servedRoutes } from '../support/served-routes.ts'
import { ACT_ROUTE, MESSAGES, OTHER_WAYS, WAYS } from '../support/ways-out.ts'

const seed = Number(process.env['COMITY_SEED'] ?? Math.floor(Math.random() * 1e9))
const rounds = Number(process.env['COMITY_ROUNDS'] ?? 1)
const random = seededRandom(seed)
const canaries = new Canaries()
const world = await startWorld()
const telling = world.begin({
  report: reportWith('story'),
  transcript: turns('story'),
  hands: handsWith('story'),
})
const quiet = world.begin({
  report: reportWith('quiet'),
  transcript: turns('quiet'),
  hands: handsWith('quiet'),
})
const ROLES = ['case-officer-1', 'case-officer-2', 'liaison', 'reviewer', 'oversight']
const ASSIGNED = ['case-officer-1']
let events: Readonly<Record<Place, readonly OpenedEvent[]>>

type Which = Canary['of']

function reportWith(of: Which) {
  const sample = sampleReport()
  const fixed = ['isPublic', 'language']
  const answers = Object.entries(sample.answers).map(([name, text]) => {
    if (fixed.includes(name)) return [name, text]
    const word = canaries.plant({ what: `report ${name}`, at: 'meridia', of, kind: 'report' })
    return [name, `${text} ${word}`]
  })
  return { ...sample, answers: Object.fromEntries(answers) as Record<string, string> }
}

function turns(of: Which): readonly Json[] {
  return Array.from({ length: 8 }, (_, turn) => {
    const planted = { what: `turn ${turn}`, at: 'meridia', of, kind: 'transcript' } as const
    const speaker = turn % 2 === 0 ? 'user' : 'system'
    return { turn: turn + 1, speaker, text: `Turn ${turn + 1}: ${canaries.plant(planted)}` }
  })
}

function handsWith(of: Which): Hands {
  const places = PLACES.map((at) => {
    const hands = Object.entries(world.hands[at]).map(([role, hand]) => [
      role,
      speaking(hand, canaries, { at, of, role }),
    ])
    return [at, Object.fromEntries(hands)]
  })
  return Object.fromEntries(places) as Hands
}

before(async () => {
  await telling.until('7.hearing')
  await quiet.until('4.embargo-end')
  await keepQuiet(quiet.story)
  await tryReleases()
  await pause(3000)
  await readEvents()
})

/** Confidential, with an exhibit, in the hands of one officer. */
async function keepQuiet({ hands, transcript, memory }: Story): Promise<void> {
  const { officer } = hands.meridia
  const caseId = memory.caseId ?? assert.fail()
  await officer.do(caseId, 'sealExhibit', {
    name: 'A transcript that stays',
    mediaType: 'application/json',
    purpose: 'To keep what was said.',
    parts: transcript,
  })
  await officer.do(caseId, 'assignOfficer', {
    officer: officer.officer.id,
    reason: 'Works on it alone.',
  })
  await officer.do(caseId, 'classifyCase', {
    classification: 'confidential',
    reason: 'Nobody else needs to know of it.',
  })
}

const CATEGORIES = [
  ...['caseSummary', 'technicalFacts', 'personalData', 'statistics', 'reporterContact'],
  ...['exhibitTranscript', 'coordinationStub'],
]

const REASONS = {
  legalBasis: 'Agreement clause 4.1 (fictional).',
  necessity: 'The harm reaches people there as well.',
  proportionality: 'Only what is needed is given away.',
  nonDiscrimination: 'The choice depends on nothing personal.',
  leastIntrusive: 'Nothing more is included than that.',
  expression: 'It touches no press, union or protest.',
}

/** Random people ask for random releases of both cases. What was permitted is on record. */
async function tryReleases(): Promise<void> {
  for (let n = 0; n < 16 * rounds; n += 1) {
    const of = random.pick(['story', 'quiet'] as const)
    const role = random.pick(['officer', 'second', 'liaison', 'reviewer', 'oversight'] as const)
    const { story } = of === 'story' ? telling : quiet
    const wanted = random.some(CATEGORIES, 0.3)
    const { hands, memory } = story
    const asked = hands.meridia[role].act(memory.caseId ?? '', 'releaseToPeer', {
      recipient: random.pick(['albion.example', 'sierra.example', 'outside.example']),
      purpose: random.pick(['investigation', 'coordinatedDisclosure', 'statistics', 'none']),
      categories: wanted.length > 0 ? wanted : ['technicalFacts'],
      ...REASONS,
    })
    await asked.catch((error: Error) => assert.match(error.message, /: 403 /))
  }
}

async function readEvents(): Promise<void> {
  const read = PLACES.map(async (at) => [at, await world.events(at)] as const)
  events = Object.fromEntries(await Promise.all(read)) as typeof events
}

// What may be where

type Body = Readonly<Record<string, Json>> & { readonly type: string }
const bodyOf = ({ envelope }: OpenedEvent) => envelope.event as unknown as Body
const ofType = (at: Place, type: string) =>
  events[at].map(bodyOf).filter((event) => event.type === type)
const nodeOf = (at: Place) => `${at}.example`
const wordsIn = (value: unknown) => canaries.in(Buffer.from(JSON.stringify(value ?? null)))

/** What a permitted release, or a message that carries officers' words, brought to a place. */
function lawfullyAt(at: Place): ReadonlySet<string> {
  const found = new Set<string>()
  for (const from of PLACES.filter((one) => one !== at)) {
    for (const release of ofType(from, 'releaseDecided')) {
      if (release['decision'] !== 'permit' || release['recipient'] !== nodeOf(at)) continue
      for (const { word } of wordsIn([release['view'], release['legalBasis']])) found.add(word)
    }
    for (const request of ofType(from, 'assistanceRequested')) {
      for (const { word, kind } of wordsIn(request)) if (kind === 'officer') found.add(word)
    }
    for (const word of [...besideTheView(from, at), ...aboutReleases(from, at)]) found.add(word)
  }
  return found
}

/** With a released exhibit: its name, the reasons of what is left out, and the answer's. */
function besideTheView(from: Place, to: Place): readonly string[] {
  const asked = ofType(from, 'assistanceReceived')
    .map(({ request }) => request as { requestId: string; requestingAuthority: string })
    .filter(({ requestingAuthority }) => requestingAuthority === nodeOf(to))
    .map(({ requestId }) => requestId)
  const of = (type: string) =>
    ofType(from, type).filter(({ requestId }) => asked.includes(requestId as string))
  const leaves = of('assistanceDelivered').map(({ exhibitId }) => exhibitId)
  const copies = ofType(from, 'exhibitRedacted').filter((one) =>
    leaves.includes(one['exhibitId'] as Json),
  )
  const originals = copies.map(({ derivedFrom }) => derivedFrom)
  const sealed = ofType(from, 'exhibitSealed').filter((one) =>
    originals.includes(one['exhibitId'] as Json),
  )
  const told = wordsIn([...copies, ...sealed, ...of('assistanceDecided')])
  return told.flatMap(({ word, kind }) => (kind === 'officer' ? [word] : []))
}

/** What is said of a release between its two sides: of its duties, or of an exhibit that came. */
function aboutReleases(from: Place, to: Place): readonly string[] {
  const shared = [
    ...ofType(from, 'releaseDecided').filter(({ recipient }) => recipient === nodeOf(to)),
    ...ofType(from, 'releaseReceived').filter((one) => one['from'] === nodeOf(to)),
  ].map(({ releaseId }) => releaseId)
  const said = events[from]
    .map(bodyOf)
    .filter(({ type }) =>
      /^(duty|onward|release(Withdrawn|Retracted)|exhibit(Answered|Accepted|Rejected))/.test(type),
    )
    .filter(({ releaseId }) => shared.includes(releaseId as string))
  return wordsIn(said).flatMap(({ word, kind }) => (kind === 'officer' ? [word] : []))
}

const published = new Set<string>()

/** By the model, not by the node: may this visitor find that word at its own place? */
function mayFind({ at, role }: Visitor, canary: Canary): boolean {
  if (published.has(canary.word)) return true
  if (role === undefined || role === 'administrator' || canary.kind === 'contact') return false
  if (canary.at !== at) return lawfully[at]?.has(canary.word) ?? false
  if (canary.of === 'story') return true
  return ASSIGNED.includes(role) || role === 'oversight'
}

const lawfully: Partial<Record<Place, ReadonlySet<string>>> = {}

type Leak = { readonly who: string; readonly by: string; readonly what: string }

function leaksIn(who: Visitor, by: string, bytes: Uint8Array): readonly Leak[] {
  return canaries
    .in(bytes)
    .filter((canary) => !mayFind(who, canary))
    .map(({ what, of, at }) => ({ who: who.name, by, what: `${what} of the ${of} case at ${at}` }))
}

// The walk

/** They would end the walker's own way in, or change who stands where. */
const NOT_WALKED =
  /sign-out|sessions|end-sessions|sign-in-links|\/demo\/clock|account\/|roster|step-up|reset/

async function knownAt(at: Place): Promise<Readonly<Record<string, readonly string[]>>> {
  const ids = (member: string) => [
    ...new Set(
      events[at].flatMap((event) => {
        const value = bodyOf(event)[member]
        return typeof value === 'string' ? [value] : []
      }),
    ),
  ]
  const streams = (kind: string) => [
    ...new Set(events[at].filter((one) => one.kind === kind).map(({ stream }) => stream)),
  ]
  const filings = await world.database(at).selectFrom('filing').select('id').execute()
  const numbers = Array.from({ length: 40 }, (_, n) => String(n + 1))
  const agreements = streams('agreement')
  return {
    lang: ['en'],
    caseId: streams('case'),
    exhibitId: ids('exhibitId'),
    releaseId: ids('releaseId'),
    measureId: ids('measureId'),
    letterId: ids('letterId'),
    agreementId: agreements,
    id: agreements,
    version: numbers,
    decisionId: numbers,
    filingId: filings.map(({ id }) => id),
    pack: ['law.eu', 'law.gb'],
    act: ['releaseToPeer', 'sealExhibit', 'openExhibit', 'decideReview', 'inviteToCase'],
    origin: PLACES.map(nodeOf),
    destination: PLACES.map(nodeOf),
    officer: world.node(at).officers.map((one) => one.id),
    officerId: world.node(at).officers.map((one) => one.id),
    format: ['docx', 'pdf'],
    part: ['report', 'contact'],
    '*': ['0/000', 'entries/000', '0/000.p/8', 'styles'],
  }
}

async function visitors(at: Place): Promise<readonly Visitor[]> {
  const node = world.node(at)
  const staff = [...ROLES, 'administrator'].map((role) => visitor(node, at, role))
  return [stranger(node, at), ...(await Promise.all(staff))]
}

const seen = new Set<string>()
let asked = 0

async function walk(routes: readonly string[], who: Visitor): Promise<readonly Leak[]> {
  const known = await knownAt(who.at)
  const leaks: Leak[] = []
  for (const route of routes) {
    const [method = '', url = ''] = route.split(' ')
    const cases = url.includes(':caseId') ? (known['caseId'] ?? []) : ['']
    for (const caseId of cases) {
      const path = addressOf(url, { ...known, caseId: [caseId] }, random)
      const { bytes } = await who.ask(method, path)
      asked += 1
      for (const { word } of canaries.in(bytes)) seen.add(word)
      leaks.push(...leaksIn(who, route, bytes))
    }
  }
  return leaks
}

/** Changes are asked of without what they need: what is answered to that is read too. */
function shareOf(routes: readonly string[], share: number): readonly string[] {
  const walked = routes.filter((route) => !NOT_WALKED.test(route))
  const reads = walked.filter((route) => route.startsWith('GET '))
  const rest = walked.filter((route) => !route.startsWith('GET '))
  return [...random.some(reads, share), ...random.some(rest, share * 0.3)]
}

test('every route that a node serves stands in the table of ways out', async () => {
  const served = (await servedRoutes()).filter((route) => !ACT_ROUTE.test(route))
  const listed = Object.values(WAYS).flatMap(({ routes }) => routes)
  assert.deepEqual(unlisted(served, listed), [])
  assert.deepEqual(unlisted(listed, served), [], 'these are not served any more')
  assert.equal(new Set(listed).size, listed.length)
  assert.deepEqual(unlisted([...served, 'GET /en/leak'], listed), ['GET /en/leak'])
})

const unlisted = (some: readonly string[], others: readonly string[]) =>
  some.filter((one) => !others.includes(one))

test('every message, and every way beside the doors, stands in it too', () => {
  assert.deepEqual(Object.keys(CONTENT_FORMS).sort(), Object.keys(MESSAGES).sort())
  for (const { what, shownBy } of OTHER_WAYS) assert.ok(existsSync(shownBy), `${what}: ${shownBy}`)
})

test('a peer holds what a permitted release on record gave it, and nothing else', () => {
  let foreign = 0
  for (const at of PLACES) {
    const lawful = lawfullyAt(at)
    lawfully[at] = lawful
    for (const event of events[at]) {
      for (const canary of wordsIn(event.envelope.event)) {
        if (canary.at === at) continue
        foreign += 1
        const told = `${bodyOf(event).type} at ${at}: ${canary.what} of ${canary.at}`
        assert.ok(lawful.has(canary.word), `seed ${seed}: ${told}`)
        assert.notEqual(canary.of, 'quiet', told)
      }
    }
  }
  assert.ok(foreign > 10, `only ${foreign} words crossed a border at all`)
})

test('random people find at every route only what they may read', {
  timeout: 900_000,
}, async () => {
  const routes = (await servedRoutes()).filter((route) => !ACT_ROUTE.test(route))
  const leaks: Leak[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const at of PLACES) {
      for (const who of await visitors(at)) {
        const share = rounds > 1 || at === 'meridia' ? 1 : 0.4
        leaks.push(...(await walk(shareOf(routes, share), who)))
      }
    }
  }
  assert.deepEqual(leaks, [], `seed ${seed}`)
  assert.ok(asked > 1000, `${asked}`)
})

test('the walk does see the words where they are: the same bytes in other hands are a leak', async () => {
  const kinds = [...seen].flatMap((word) => canaries.all.get(word)?.kind ?? [])
  for (const kind of ['report', 'officer'] as const) assert.ok(kinds.includes(kind), kind)
  const reader = await visitor(world.node('meridia'), 'meridia', 'case-officer-1')
  const quietCase = quiet.story.memory.caseId ?? ''
  const page = await reader.ask('GET', `/en/officer/cases/${quietCase}`)
  assert.equal(page.status, 200)
  assert.deepEqual(leaksIn(reader, 'page', page.bytes), [])
  for (const [at, role] of [
    ['meridia', 'liaison'],
    ['meridia', 'administrator'],
    ['albion', 'oversight'],
    ['meridia', undefined],
  ] as const) {
    const other = { name: 'somebody else', at, ...(role ? { role } : {}), ask: reader.ask }
    assert.ok(leaksIn(other, 'page', page.bytes).length > 3, `${role} at ${at}`)
  }
})

test('to ask what an authority would get writes nothing at all', async () => {
  const reader = await visitor(world.node('meridia'), 'meridia', 'case-officer-1')
  const caseId = caseAt(telling.story, 'meridia')
  const before = await counts()
  const asked = [
    ['POST', `/api/v1/cases/${caseId}/release-preview`],
    ['GET', `/en/officer/cases/${caseId}/release-preview?recipient=albion.example`],
    ['GET', `/en/officer/cases/${caseId}/release-preview?kind=exhibit&purpose=investigation`],
  ] as const
  for (const [method, path] of asked) {
    const { status, bytes } = await reader.ask(method, path)
    assert.equal(status, 200, path)
    assert.match(Buffer.from(bytes).toString(), /Albion|albion\.example/)
  }
  assert.deepEqual(await counts(), before)
})

test('the form of a release shows what it would do, by every clause, and does nothing', async () => {
  const desk = await enterWorkspace(world.node('meridia'), 'case-officer-1')
  const caseId = caseAt(telling.story, 'meridia')
  const { html } = await desk.get(`/en/officer/cases/${caseId}/acts/releaseToPeer`)
  const before = await counts()
  const shown = async (categories: string[]) => {
    const form = formIn(html, '/acts/releaseToPeer')
    fill(form, { recipient: 'albion.example', purpose: 'investigation', categories, ...REASONS })
    return desk.send({ ...form, action: `${form.action}/preview` })
  }
  const goes = await shown(['technicalFacts'])
  assert.equal(goes.status, 200, goes.html)
  assert.match(goes.html, /would be permitted/)
  assert.match(goes.html, new RegExp(wordOf('report whatHappened')))
  const stays = await shown(['technicalFacts', 'reporterContact'])
  assert.match(stays.html, /would be refused/)
  assert.match(stays.html, /clause:4\.2/)
  assert.match(stays.html, /Only another text of the agreement/)
  assert.deepEqual(await counts(), before)
})

function wordOf(what: string): string {
  const found = [...canaries.all.values()].find((one) => one.what === what && one.of === 'story')
  return found?.word ?? assert.fail(`nothing was said in ${what}`)
}

/** A waiting entry becomes one of the log meanwhile, and a waiting message one that was sent. */
/** An entry of the log is of an event, or filler that comes by the clock: events are counted. */
async function counts() {
  const of = async (...tables: readonly string[]) => {
    const rows = tables.map(async (table) => {
      const { rows } = await sql<{
        count: string
      }>`select count(*) from ${sql.table(table)}`.execute(world.database('meridia'))
      return Number(rows[0]?.count)
    })
    return (await Promise.all(rows)).reduce((sum, count) => sum + count, 0)
  }
  return {
    events: await of('event'),
    messages: await of('fed_out_pending', 'fed_out'),
    tasks: await of('work_task'),
  }
}
