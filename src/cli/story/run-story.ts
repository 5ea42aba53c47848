/** Runs the story on reports: first halves, one move of the clock, second halves. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from '../../base/canonical-json.ts'
import { DAY_MS } from '../../base/time.ts'
import type { RunningDemo } from '../../node/demo-world.ts'
import { caseNowOf, moveClock } from './client.ts'
import { closingSteps } from './closing-steps.ts'
import { cooperationSteps } from './cooperation-steps.ts'
import { enforcementSteps, waitingSteps } from './enforcement-steps.ts'
import { openingSteps } from './opening-steps.ts'
import {
  allHands,
  runSteps,
  type Step,
  type StepResult,
  type Story,
  type StoryReport,
} from './story.ts'

/** Past the hearing (10 working days), the notice (20 days) and the embargo (30 days). */
const WAIT_DAYS = 31
/** So many reports wait for one move of the clock. */
const WAVE_SIZE = 100

const TRANSCRIPT = new URL('../../../exercises/demo/transcript.json', import.meta.url)

const firstHalf: readonly Step[] = [...openingSteps, ...cooperationSteps, ...waitingSteps]
const secondHalf: readonly Step[] = [...enforcementSteps, ...closingSteps]

export type StoryEnd = {
  readonly story: Story
  readonly steps: readonly StepResult[]
  readonly ok: boolean
  readonly storyMs: number
}

export type StoryProgress = (report: StoryReport, result: StepResult, step: Step) => void

export async function* runStories(
  demo: RunningDemo,
  reports: readonly StoryReport[],
  { artefacts, progress }: { readonly artefacts: string; readonly progress: StoryProgress },
): AsyncGenerator<StoryEnd> {
  const hands = await allHands(demo)
  const transcript = JSON.parse(readFileSync(TRANSCRIPT, 'utf8')) as Json[]
  for (let from = 0; from < reports.length; from += WAVE_SIZE) {
    const wave = reports.slice(from, from + WAVE_SIZE).map((report, index) => ({
      demo,
      hands,
      report,
      transcript,
      artefacts: join(artefacts, `${from + index + 1}-${fileName(report.label)}`),
      memory: { versions: {}, files: { receipts: [], releases: [] } },
    }))
    yield* runWave(demo, wave, progress)
  }
}

async function* runWave(
  demo: RunningDemo,
  stories: readonly Story[],
  progress: StoryProgress,
): AsyncGenerator<StoryEnd> {
  const begun: { story: Story; steps: StepResult[] }[] = []
  for (const story of stories) {
    const told = (result: StepResult, step: Step) => progress(story.report, result, step)
    begun.push({ story, steps: await runSteps(story, firstHalf, told) })
  }
  await moveClocks(demo, WAIT_DAYS * DAY_MS)
  for (const { story, steps } of begun) {
    const told = (result: StepResult, step: Step) => progress(story.report, result, step)
    const isWhole = steps.every(({ ok }) => ok)
    const all = isWhole ? [...steps, ...(await runSteps(story, secondHalf, told))] : steps
    const ok = isWhole && all.every(({ ok }) => ok)
    const storyMs = all.reduce((sum, { ms }) => sum + ms, 0)
    yield { story, steps: all, ok, storyMs }
  }
}

/** All nodes move to the same moment, so that their clocks agree again. */
async function moveClocks(demo: RunningDemo, byMs: number): Promise<void> {
  const offsets = await Promise.all(
    demo.nodes.map(async (node) => (await caseNowOf(node)).offsetMs),
  )
  const target = Math.max(...offsets) + byMs
  await Promise.all(demo.nodes.map((node) => moveClock(node, target)))
}

function fileName(label: string): string {
  return label.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 60) || 'report'
}
