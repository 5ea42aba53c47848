/**
 * The work of three nodes in one world: the story on a given report, an officer's
 * act, a release until its receipt, a log entry until it is sealed. For
 * information, beside what the disk and the database can do at best.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Hand, request } from '../src/cli/story/client.ts'
import { readReports, sampleReport } from '../src/cli/story/reports.ts'
import { runStories, type StoryEnd } from '../src/cli/story/run-story.ts'
import type { StoryReport } from '../src/cli/story/story.ts'
import { allHands } from '../src/cli/story/story.ts'
import { readNodeConfig } from '../src/node/config.ts'
import type { RunningDemo } from '../src/node/demo-world.ts'
import { durableCommits } from './machine.ts'
import { type Measured, milliseconds, percentile, type Section, spread } from './measured.ts'

const STORY_GOAL_S = 45
const ACTS = 60
const DELIVERIES = 12
const SEALED_ENTRIES = 50
const QUICK_EVENTS = 200
const QUICK_CASES = 8
const WAIT_MS = 30_000

export type Told = { readonly end: StoryEnd; readonly section: Section }

/** The story on a record of the outside corpus where there is one. */
export async function measureStory(demo: RunningDemo, artefacts: string): Promise<Told> {
  const { report, note } = avidReport()
  const end = await tellStory(demo, report, artefacts)
  const title = `The story on a record in AVID's form (${note})`
  return { end, section: { title, lines: [storyLine(end), ...stepLines(end)] } }
}

/** @param end of the story that was told in this world */
export async function measureWork(demo: RunningDemo, end: StoryEnd): Promise<Section> {
  const { meridia } = await allHands(demo)
  const commits = await durableCommits(databaseUrlOf(demo))
  const commit = `one durable row in PostgreSQL: ${spread(commits, 0.95)}`
  const caseId = await admitCase(meridia.officer)
  const acts = await measureActs(meridia.officer, caseId)
  const deliveries = await measureDeliveries(meridia.officer, end)
  const sealed = await measureSealing(meridia.officer, caseId)
  const quick = await measureQuick(demo, meridia.officer)
  const lines: Measured[] = [
    {
      what: `an officer's act over HTTP, ${ACTS} in a row`,
      figure: spread(acts, 0.95),
      beside: `${commit} (ratio of p50 ${ratio(acts, commits)})`,
    },
    {
      what: `a release to a peer until its signed receipt is on record, ${DELIVERIES} in a row`,
      figure: spread(deliveries, 0.95),
      beside: commit,
    },
    {
      what: `a log entry until its receipt is sealed by three witnesses, ${SEALED_ENTRIES} entries`,
      figure: spread(sealed, 0.99),
      beside: 'goal of the log’s design: p99 ≤ 2.5 s on a quiet machine',
    },
    {
      what: `${QUICK_EVENTS} acts over ${QUICK_CASES} connections`,
      figure: `recorded after ${milliseconds(quick.recordedMs)} (${Math.round((QUICK_EVENTS * 1000) / quick.recordedMs)} a second), in a signed checkpoint ${milliseconds(quick.includedMs)} later`,
      beside: `${Math.round(1000 / percentile(commits, 0.5))} durable rows a second on one connection`,
    },
  ]
  return { title: 'At work', lines }
}

function avidReport(): { report: StoryReport; note: string } {
  const corpus = process.env['COMITY_CORPUS']
  const file = corpus && join(corpus, 'avid/examples/AVID-2025-R0002.json')
  const [report] = file && existsSync(file) ? readReports(file, 1) : []
  if (report) return { report, note: report.label }
  return { report: sampleReport(), note: 'the invented sample, because COMITY_CORPUS is not set' }
}

async function tellStory(
  demo: RunningDemo,
  report: StoryReport,
  artefacts: string,
): Promise<StoryEnd> {
  let end: StoryEnd | undefined
  for await (const one of runStories(demo, [report], { artefacts, progress: () => {} })) end = one
  if (!end) throw new Error('the story was not told')
  return end
}

function storyLine({ steps, storyMs, ok }: StoryEnd): Measured {
  const failed = steps.find((step) => !step.ok)
  return {
    what: `one report, ${steps.length} steps`,
    figure: failed ? `failed at ${failed.id}: ${failed.error}` : milliseconds(storyMs),
    goal: { text: `≤ ${STORY_GOAL_S} s`, isMet: ok && storyMs <= STORY_GOAL_S * 1000 },
  }
}

function stepLines({ steps }: StoryEnd): readonly Measured[] {
  return steps.map(({ id, ms }) => ({ what: id, figure: milliseconds(ms) }))
}

function databaseUrlOf({ nodes }: RunningDemo): string {
  return readNodeConfig(nodes[0]?.configFile ?? '').database.url
}

function ratio(values: readonly number[], limit: readonly number[]): string {
  return (percentile(values, 0.5) / percentile(limit, 0.5)).toFixed(1)
}

async function admitCase(hand: Hand): Promise<string> {
  const { answers } = sampleReport()
  const answer = await hand.post('/cases', { title: 'Benchmark (invented)', answers })
  if ('refused' in answer) throw new Error(`no case: ${answer.refused.why}`)
  return answer.done.streamId
}

/** A fact that was recorded is not recorded again: it changes each time. */
const recordFact = (hand: Hand, caseId: string, n: number) =>
  hand.do(caseId, 'recordFacts', { facts: { isAiSystem: n % 2 === 0 } })

async function measureActs(hand: Hand, caseId: string): Promise<number[]> {
  const laps: number[] = []
  for (let n = 0; n < ACTS; n++) {
    const started = performance.now()
    await recordFact(hand, caseId, n)
    laps.push(performance.now() - started)
  }
  return laps
}

type Releases = {
  state: { releases: { permitted: { releaseId: string; receipt: { status: string } | null }[] } }
}

const RELEASE = {
  recipient: 'albion.example',
  purpose: 'investigation',
  categories: ['caseSummary'],
  legalBasis: 'Invented for a benchmark.',
  necessity: 'Invented for a benchmark.',
  proportionality: 'Invented for a benchmark.',
  nonDiscrimination: 'Invented for a benchmark.',
  leastIntrusive: 'Invented for a benchmark.',
  expression: 'It touches no press, union, protest, religion or politics.',
}

async function measureDeliveries(hand: Hand, { story, ok }: StoryEnd): Promise<number[]> {
  const { caseId } = story.memory
  const laps: number[] = []
  if (!caseId || !ok) return laps
  for (let n = 0; n < DELIVERIES; n++) {
    const started = performance.now()
    const { result } = await hand.do(caseId, 'releaseToPeer', RELEASE)
    await until('the receipt of a release', async () => {
      const { state } = await hand.get<Releases>(`/cases/${caseId}`)
      const release = state.releases.permitted.find(
        ({ releaseId }) => releaseId === result['releaseId'],
      )
      return release?.receipt?.status === 'applied'
    })
    laps.push(performance.now() - started)
  }
  return laps
}

type Receipts = { events: { version: number; receipt?: string }[] }

/** Entries come at uneven moments, so that they meet the log's rounds at any phase. */
async function measureSealing(hand: Hand, caseId: string): Promise<number[]> {
  const startedAt = new Map<number, number>()
  const laps: number[] = []
  let isAllSent = false
  const { events } = await hand.get<Receipts>(`/cases/${caseId}`)
  const before = events.length
  const send = async () => {
    for (let n = 0; n < SEALED_ENTRIES; n++) {
      await recordFact(hand, caseId, n)
      startedAt.set(before + n + 1, performance.now())
      await pause(60 + ((n * 37) % 80))
    }
    isAllSent = true
  }
  const sending = send()
  await until('sealed receipts', async () => {
    const seen = await hand.get<Receipts>(`/cases/${caseId}`)
    for (const { version, receipt } of seen.events) {
      const started = startedAt.get(version)
      if (started === undefined || receipt !== 'sealed') continue
      laps.push(performance.now() - started)
      startedAt.delete(version)
    }
    return isAllSent && startedAt.size === 0
  })
  await sending
  return laps
}

async function measureQuick(demo: RunningDemo, hand: Hand) {
  const cases: string[] = []
  for (let n = 0; n < QUICK_CASES; n++) cases.push(await admitCase(hand))
  await pause(2000)
  const sizeBefore = await treeSize(demo)
  const started = performance.now()
  await Promise.all(
    cases.map(async (caseId) => {
      for (let n = 0; n < QUICK_EVENTS / QUICK_CASES; n++) await recordFact(hand, caseId, n)
    }),
  )
  const recordedMs = performance.now() - started
  await until('the entries in a checkpoint', async () => {
    return (await treeSize(demo)) >= sizeBefore + QUICK_EVENTS
  })
  return { recordedMs, includedMs: performance.now() - started - recordedMs }
}

async function treeSize({ nodes }: RunningDemo): Promise<number> {
  const [node] = nodes
  if (!node) throw new Error('no node')
  const checkpoint = await (await request(node, 'GET', '/ledger/checkpoint')).text()
  return Number(checkpoint.split('\n')[1])
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WAIT_MS
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited ${WAIT_MS / 1000} s for ${what}`)
    await pause(10)
  }
}
