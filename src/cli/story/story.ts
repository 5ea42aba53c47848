/**
 * The story: one report from its reporter to coordinated, lawful action in three
 * legal orders. A step says what it expects; what differs makes the step fail.
 *
 * The steps before and after the hearing period are apart, so that many reports
 * can wait for one and the same move of the simulated clock.
 */
import type { Json } from '../../base/canonical-json.ts'
import type { RunningDemo } from '../../node/demo-world.ts'
import type { Done, Hand, Refused } from './client.ts'
import { signIn } from './client.ts'

export type StepResult = {
  readonly id: string
  readonly ok: boolean
  readonly node: string
  readonly events: readonly string[]
  readonly refusal?: Refused
  readonly error?: string
  readonly ms: number
}

/** What a step adds: events outside the case's stream, and the lawful no where that was the point. */
export type StepOutcome = { readonly events: readonly string[]; readonly refusal?: Refused }

export type Step = {
  readonly id: string
  /** Database name of the authority that acts: meridia, albion or sierra. */
  readonly at: 'meridia' | 'albion' | 'sierra'
  readonly title: string
  readonly run: (story: Story) => Promise<StepOutcome>
  /** Steps that do not apply to this report are left out, e.g. an embargo on a public one. */
  readonly when?: (story: Story) => boolean
}

export type StoryReport = {
  readonly label: string
  readonly answers: Record<string, string>
  /** The record in AVID's form, where the report is one. */
  readonly avid: Json | undefined
  readonly isPublic: boolean
}

export type Hands = {
  readonly [key in 'meridia' | 'albion' | 'sierra']: {
    readonly officer: Hand
    readonly second: Hand
    readonly liaison: Hand
    readonly reviewer: Hand
    readonly oversight: Hand
  }
}

export type Story = {
  readonly demo: RunningDemo
  readonly hands: Hands
  readonly report: StoryReport
  readonly artefacts: string
  readonly transcript: readonly Json[]
  /** What later steps need of earlier ones: ids, codes. */
  readonly memory: Memory
}

export type Memory = {
  code?: string
  filingId?: string
  caseId?: string
  albionCase?: string
  sierraCase?: string
  exhibitId?: string
  requestId?: string
  answer?: { exhibitId: string; releaseId: string; reviewIds: string[] }
  hearingId?: string
  hearingEndsAt?: string
  personId?: string
  noticeCode?: string
  challengeReviewId?: string
  trackingId?: string
  /** How far the story has read the case's stream at each authority. */
  versions: { [at in Step['at']]?: number }
  files: { evidencePackage?: string; receipts: string[]; releases: string[] }
}

export async function allHands(demo: RunningDemo): Promise<Hands> {
  const entries = demo.nodes.map(async (node) => {
    const [officer, second, liaison, reviewer, oversight] = await Promise.all(
      ['case-officer-1', 'case-officer-2', 'liaison', 'reviewer', 'oversight'].map((key) =>
        signIn(node, key),
      ),
    )
    return [node.authority.database, { officer, second, liaison, reviewer, oversight }]
  })
  return Object.fromEntries(await Promise.all(entries)) as Hands
}

export function nodeOf({ demo }: Pick<Story, 'demo'>, at: Step['at']) {
  const node = demo.nodes.find(({ authority }) => authority.database === at)
  if (!node) throw new Error(`no node ${at}`)
  return node
}

export async function runSteps(
  story: Story,
  steps: readonly Step[],
  progress: (result: StepResult, step: Step) => void,
): Promise<StepResult[]> {
  const results: StepResult[] = []
  for (const step of steps) {
    if (step.when && !step.when(story)) continue
    const result = await runStep(story, step)
    results.push(result)
    progress(result, step)
    // What follows needs what failed.
    if (!result.ok) break
  }
  return results
}

async function runStep(story: Story, { id, at, run }: Step): Promise<StepResult> {
  const startedMs = performance.now()
  const node = nodeOf(story, at).authority.id
  const before = story.memory.versions[at] ?? 0
  try {
    const outcome = await run(story)
    const ms = Math.round(performance.now() - startedMs)
    // What the case's stream holds counts, not what the step believes.
    const gained = await eventsAfter(story, at, before)
    story.memory.versions[at] = before + gained.length
    return { id, ok: true, node, ...outcome, events: [...outcome.events, ...gained], ms }
  } catch (error) {
    const ms = Math.round(performance.now() - startedMs)
    return { id, ok: false, node, events: [], error: (error as Error).message, ms }
  }
}

async function eventsAfter(
  { hands, memory }: Story,
  at: Step['at'],
  version: number,
): Promise<readonly string[]> {
  const { caseId, albionCase, sierraCase } = memory
  const own = { meridia: caseId, albion: albionCase, sierra: sierraCase }[at]
  if (own === undefined) return []
  const path = `/cases/${own}/timeline?after=${version}`
  return (await hands[at].officer.get<{ type: string }[]>(path)).map(({ type }) => type)
}

/** For a step whose acts all were permitted: their events are those that the stream gained. */
export function held(..._acts: readonly Done[]): StepOutcome {
  return { events: [] }
}

export function refusedAs(refusal: Refused): StepOutcome {
  return { events: [], refusal }
}

/** Far more than it takes: a busy machine is no failure. */
const WAIT_MS = 60_000
const PAUSE_MS = 100

/** Asks again until there is an answer; what another node does takes a moment. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  forMs = WAIT_MS,
): Promise<T> {
  const until = performance.now() + forMs
  while (true) {
    const answer = await ask()
    if (answer) return answer
    if (performance.now() > until) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

export function memorised<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`an earlier step should have given ${what}`)
  return value
}
