/**
 * One case against all packs: competence, lead, reach, powers, clocks, maxima, data
 * paths, matrix, gaps and clauses at once, in this process, warm.
 *
 *   node bench/law-case.ts    measures and prints, and writes no file
 *
 * The cases are the scenarios of `law/scenarios`, put to all packs, and one that
 * touches every legal order. The figure is over all of them.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from '../src/base/canonical-json.ts'
import { type Instant, instant } from '../src/base/time.ts'
import { LAW_FOLDER, shippedLaw } from '../src/cli/law/shipped-law.ts'
import { caseOverview, type GapQuestion } from '../src/core/law/case-overview.ts'
import type { ClockEvent } from '../src/core/law/clock-events.ts'
import type { LawPack } from '../src/core/law/pack.ts'
import { lawQuestion } from '../src/wire/law-question.ts'
import { readScenario } from '../src/wire/law-scenarios.ts'
import { loadText } from './machine.ts'
import { atMost, type Measured, milliseconds, percentile, spread, table } from './measured.ts'

const GOAL_MS = 5
const WARM_UP = 40
const ROUNDS = 40
const NOW = '2026-11-23T10:00:00.000Z'

export function measureOneCase(): readonly Measured[] {
  const { packs, signOffs, holidaysOf } = shippedLaw()
  const widest = touchingAll(packs)
  const questions = [...scenarioQuestions(packs), widest]
  const clockInput = {
    events: ['aware', 'discovery', 'report_received', 'order_received'].map(happened),
    now: instant(NOW),
    signOffs,
    holidaysOf,
  }
  const ask = (question: GapQuestion) => {
    const started = performance.now()
    caseOverview(packs, question, clockInput)
    return performance.now() - started
  }
  for (let n = 0; n < WARM_UP; n += 1) for (const question of questions) ask(question)
  const all: number[] = []
  const wide: number[] = []
  for (let n = 0; n < ROUNDS; n += 1) {
    for (const question of questions) {
      const ms = ask(question)
      all.push(ms)
      if (question === widest) wide.push(ms)
    }
  }
  return [
    {
      what: `one case against all ${packs.length} packs, warm (${questions.length} cases, ${ROUNDS} times each)`,
      figure: spread(all, 0.95),
      goal: atMost(GOAL_MS, percentile(all, 0.95), 'ms p95'),
      beside: `the widest, touching every legal order: ${spread(wide, 0.95)}, least ${milliseconds(Math.min(...wide))}`,
    },
  ]
}

function scenarioQuestions(packs: readonly LawPack[]): readonly GapQuestion[] {
  const folder = join(LAW_FOLDER, 'scenarios')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => {
      const { question } = readScenario(readFileSync(join(folder, name), 'utf8'), name)
      return lawQuestion({ ...question, packs: null } as Json, packs).question
    })
}

/** Offered and used everywhere, with an incident and a breach, and a yardstick. */
function touchingAll(packs: readonly LawPack[]): GapQuestion {
  const places = packs.map(({ legalOrder }) => legalOrder)
  const facts = {
    isAiSystem: true,
    processesPersonalData: true,
    seriousIncident: true,
    personalDataBreach: true,
    criticalSafetyIncident: true,
    frontierDeveloper: true,
    largeFrontierDeveloper: true,
    sameProviderGpaiModel: false,
    inVeryLargePlatform: false,
    offeredIn: places,
    usedIn: places,
    harmIn: ['FR', 'GB'],
    establishedIn: ['US-CA'],
    roles: ['provider', 'controller', 'frontier_developer'],
  }
  const turnovers = [
    { amount: 800_000_000, currency: 'EUR' },
    { amount: 900_000_000, currency: 'USD' },
  ]
  const yardstick = { basisPoints: 300, turnovers }
  return lawQuestion({ facts, yardstick, on: NOW.slice(0, 10) }, packs).question
}

function happened(event: string): ClockEvent {
  const at = '2026-11-20T09:00:00.000Z' as Instant
  return { event, clock: null, at, zone: 'Europe/Brussels', evidence: '' } as ClockEvent
}

if (import.meta.main) {
  const load = { what: 'load average', figure: loadText() }
  process.stdout.write(`${table({ title: 'Law', lines: [load, ...measureOneCase()] })}\n`)
}
