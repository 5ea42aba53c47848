/**
 * What an instrument is about, so that like is compared with like: a duty to
 * report a data breach does not fill the want of a duty to report an AI incident.
 *
 * Read from the facts that its rules of competence and reach ask for. This is an
 * ordering for comparison, not law: no competence follows from it.
 */
import { type Facts, factsOf } from './condition.ts'
import type { Instrument } from './pack.ts'

export const MATTERS = [
  'ai_system',
  'personal_data',
  'cybersecurity',
  'online_platform',
  'product',
  'whistleblowing',
  'other',
] as const
export type Matter = (typeof MATTERS)[number]

/** The first of this list that fits a fact an instrument asks for, or else its name. */
const MATTER_OF_FACT: readonly (readonly [RegExp, Matter])[] = [
  [/^reportByWorker$/, 'whistleblowing'],
  [
    /frontier|isAiSystem|generativeAi|aiGenerated|gpai|makesSignificantDecisions|seriousIncident|criticalSafetyIncident/i,
    'ai_system',
  ],
  [/personalData|personalInformation|healthData|healthInformation/i, 'personal_data'],
  [/userToUser|platform|intermediary|hosting|intimateImage/i, 'online_platform'],
  [
    /digitalElements|essentialOrImportant|criticalInfrastructure|networkOperator|cii|coveredEntity|cyber|ransom|securityIncident|vulnerabilityActively/i,
    'cybersecurity',
  ],
  [/product/i, 'product'],
]

const MATTER_OF_NAME: readonly (readonly [RegExp, Matter])[] = [
  [/artificial intelligence|\bAI\b/i, 'ai_system'],
  [/privacy|data protection|personal (data|information)/i, 'personal_data'],
  [/cyber|network|information security/i, 'cybersecurity'],
  [/online|digital services|intermediar/i, 'online_platform'],
  [/product/i, 'product'],
]

const known = new WeakMap<Instrument, Matter>()

export function matterOf(instrument: Instrument): Matter {
  const cached = known.get(instrument)
  if (cached !== undefined) return cached
  const matter = read(instrument)
  known.set(instrument, matter)
  return matter
}

/** Matters that the facts bring up: a fact that is true, or says something, and speaks of it. */
export function mattersOfFacts(facts: Facts): ReadonlySet<Matter> {
  const told = Object.entries(facts).filter(([, value]) => value !== undefined && value !== false)
  return new Set(told.flatMap(([fact]) => matterOfFact(fact) ?? []))
}

function read({ name, competence, reach, clocks }: Instrument): Matter {
  const conditions = [
    competence.map(({ when }) => when),
    reach.map(({ when }) => when),
    clocks.map(({ trigger }) => trigger?.when ?? null),
  ]
  for (const some of conditions) {
    const facts = some.flatMap((when) => (when === null ? [] : factsOf(when)))
    const found = MATTER_OF_FACT.find(([pattern]) => facts.some((fact) => pattern.test(fact)))
    if (found !== undefined) return found[1]
  }
  return MATTER_OF_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? 'other'
}

function matterOfFact(fact: string): Matter | undefined {
  return MATTER_OF_FACT.find(([pattern]) => pattern.test(fact))?.[1]
}
