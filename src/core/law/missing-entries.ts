/**
 * Gaps by what is missing: an authority, a duty, a power or a remedy that another
 * legal order has on the same facts, or that every order needs to act at all.
 *
 * Only legal orders that the facts touch are asked. What the packs only may have,
 * because facts are open, is no gap but a question.
 */
import type { RuledFinding } from './competence.ts'
import type { Facts } from './condition.ts'
import {
  type CitedEntry,
  eachOnce,
  type Gap,
  type Gaps,
  type GapType,
  gapId,
  type UndecidedGap,
} from './gap.ts'
import type { CellEntry, MatrixColumn } from './gap-matrix.ts'
import { mattersBroughtUp } from './matters.ts'
import { onceFor } from './once.ts'
import type { LawPack, Matter } from './pack.ts'
import { dutyClassOf } from './subjects.ts'

export type MissingInput = {
  readonly packs: readonly LawPack[]
  readonly columns: readonly MatrixColumn[]
  readonly findings: readonly RuledFinding[]
  readonly facts: Facts
}

/** What every legal order needs for a matter in which it is competent. */
const NEEDED = {
  noPower: ['learn', 'order', 'stop', 'penalise'],
  noRemedy: ['complain', 'sue'],
} as const

export function missingEntries(asked: MissingInput): Gaps {
  const input: Indexed = {
    ...asked,
    entries: entriesByKind(asked.columns),
    duties: Map.groupBy(dutiesThere(asked.columns), ({ matter }) => matter),
    ...findingsByMatter(asked),
  }
  const gaps: Gap[] = []
  const undecided: UndecidedGap[] = []
  const touched = input.columns.filter(({ linked }) => linked === 'yes')
  for (const matter of mattersBroughtUp(input.packs, input.findings, input.facts)) {
    for (const column of touched) {
      for (const found of inColumn(input, column, matter)) {
        if ('openQuestions' in found) undecided.push(found)
        else gaps.push(found)
      }
    }
  }
  return { gaps, undecided }
}

type Found = Gap | UndecidedGap

type Indexed = MissingInput & {
  /** By type of gap, matter and subject, and then by legal order. */
  readonly entries: ReadonlyMap<string, ReadonlyMap<string, readonly CellEntry[]>>
  /** Duties that are there, by matter. */
  readonly duties: ReadonlyMap<Matter, readonly CellEntry[]>
  /** By matter, and by matter and legal order. */
  readonly findingsOn: ReadonlyMap<Matter, readonly RuledFinding[]>
  readonly findingsIn: ReadonlyMap<string, readonly RuledFinding[]>
}

const TYPES = ['noDuty', 'noPower', 'noRemedy'] as const

/** Of matters that can have gaps: what belongs to none is left out. */
function entriesByKind(columns: readonly MatrixColumn[]): Indexed['entries'] {
  const kinds = new Map<string, Map<string, CellEntry[]>>()
  for (const column of columns) {
    for (const type of TYPES) {
      for (const entry of entriesOf(column, type)) {
        if (entry.matter === 'other') continue
        const kind = kindOf({ type, matter: entry.matter, subject: entry.subject })
        const orders = kinds.get(kind) ?? new Map<string, CellEntry[]>()
        kinds.set(kind, orders)
        const own = orders.get(column.legalOrder)
        if (own === undefined) orders.set(column.legalOrder, [entry])
        else own.push(entry)
      }
    }
  }
  return kinds
}

function kindOf({ type, matter, subject }: Wanted): string {
  return `${type}/${matter}/${subject}`
}

function dutiesThere(columns: readonly MatrixColumn[]): readonly CellEntry[] {
  return columns.flatMap(({ cells }) => cells.obligations).filter(isThere)
}

function findingsByMatter({ packs, findings }: MissingInput) {
  const matters = new Map(
    packs.flatMap(({ instruments }) => instruments.map((each) => [each.id, each.matter])),
  )
  const matterOfFinding = ({ instrument }: RuledFinding) => matters.get(instrument) ?? 'other'
  return {
    findingsOn: Map.groupBy(findings, matterOfFinding),
    findingsIn: Map.groupBy(findings, (each) => `${each.legalOrder}/${matterOfFinding(each)}`),
  }
}

function inColumn(input: Indexed, column: MatrixColumn, matter: Matter): readonly Found[] {
  const pack = input.packs.find(({ legalOrder }) => legalOrder === column.legalOrder)
  if (pack === undefined) return []
  const own = input.findingsIn.get(`${pack.legalOrder}/${matter}`) ?? []
  if (!own.some(({ competent }) => competent === 'yes')) {
    return [noAuthority(input, { pack, matter, own })]
  }
  return [
    ...dutiesMissing(input, column, pack, matter),
    ...classesMissing(input, column, matter, 'noPower'),
    ...classesMissing(input, column, matter, 'noRemedy'),
  ]
}

type Unfilled = {
  readonly pack: LawPack
  readonly matter: Matter
  readonly own: readonly RuledFinding[]
}

function noAuthority({ findingsOn }: Indexed, { pack, matter, own }: Unfilled): Found {
  const { legalOrder, instruments } = pack
  const blank = {
    id: gapId('noAuthority', [legalOrder], matter, 'authority'),
    type: 'noAuthority',
    legalOrders: [legalOrder],
    matter,
    subject: 'authority',
  } as const
  const open = own.filter(({ competent }) => competent === 'open')
  if (open.length > 0) {
    return { ...blank, openQuestions: eachOnce(open.flatMap((each) => each.openQuestions)) }
  }
  const all = findingsOn.get(matter) ?? []
  const elsewhere = all.filter(({ competent }) => competent === 'yes')
  const missing = instruments.some((each) => each.matter === matter)
    ? 'No rule of competence is met.'
    : 'The pack has no instrument on it.'
  return {
    ...blank,
    text: `In ${legalOrder} nobody is competent for ${words(matter)} on these facts. ${missing}`,
    articles: [...own, ...elsewhere].map(({ legalOrder, rule, basis }) => ({
      legalOrder,
      id: rule,
      basis,
    })),
    near: [],
  }
}

/** Duties that the event triggers elsewhere; and a report of an incident, where no clock exists. */
function dutiesMissing(
  input: Indexed,
  column: MatrixColumn,
  pack: LawPack,
  matter: Matter,
): readonly Found[] {
  const duties = input.duties.get(matter) ?? []
  const elsewhere = duties.filter(({ legalOrder }) => legalOrder !== column.legalOrder)
  const subjects = new Set(elsewhere.map(({ subject }) => subject))
  if (hasIncident(input.facts, matter) && !reportMatters(pack).has(matter)) {
    subjects.add('incident_report')
  }
  return [...subjects].flatMap((subject) =>
    unfilled(input, column, { type: 'noDuty', matter, subject }),
  )
}

/** Matters on which the pack has a clock for a report of an incident. */
const reportMatters = onceFor(
  ({ instruments }: LawPack): ReadonlySet<Matter> =>
    new Set(
      instruments
        .filter(({ clocks }) => clocks.some((clock) => dutyClassOf(clock) === 'incident_report'))
        .map(({ matter }) => matter),
    ),
)

/** Facts that say that something happened which regimes of this kind let be reported. */
const INCIDENTS: Partial<Record<Matter, readonly string[]>> = {
  ai_system: [
    'seriousIncident',
    'criticalSafetyIncident',
    'deathOfPerson',
    'imminentRisk',
    'widespreadInfringement',
    'criticalInfrastructureDisruption',
  ],
  personal_data: ['personalDataBreach'],
  cybersecurity: ['securityIncident', 'severeSecurityIncident', 'vulnerabilityActivelyExploited'],
}

function hasIncident(facts: Facts, matter: Matter): boolean {
  return (INCIDENTS[matter] ?? []).some((fact) => facts[fact] === true)
}

function classesMissing(
  input: Indexed,
  column: MatrixColumn,
  matter: Matter,
  type: 'noPower' | 'noRemedy',
): readonly Found[] {
  const optional = type === 'noRemedy' ? ['explain_or_correct'] : []
  const alsoThere = optional.filter(
    (subject) => firstElsewhere(input, column, { type, matter, subject }).length > 0,
  )
  return [...NEEDED[type], ...alsoThere].flatMap((subject) =>
    unfilled(input, column, { type, matter, subject }),
  )
}

function entriesOf({ cells }: MatrixColumn, type: GapType): readonly CellEntry[] {
  if (type === 'noDuty') return cells.obligations
  return type === 'noRemedy' ? cells.remedies : [...cells.powers, ...cells.dataAccess]
}

/** One entry for each other legal order says that it has it. */
function firstElsewhere(
  { entries }: Indexed,
  { legalOrder }: MatrixColumn,
  wanted: Wanted,
): readonly CellEntry[] {
  const orders = entries.get(kindOf(wanted)) ?? new Map<string, readonly CellEntry[]>()
  return [...orders].flatMap(([order, own]) =>
    order === legalOrder ? [] : (own.find(isThere) ?? []),
  )
}

function isThere({ state }: CellEntry): boolean {
  return state === 'applies' || state === 'confirm'
}

type Wanted = {
  readonly type: 'noDuty' | 'noPower' | 'noRemedy'
  readonly matter: Matter
  readonly subject: string
}

function unfilled(input: Indexed, column: MatrixColumn, wanted: Wanted): Found[] {
  const { type, matter, subject } = wanted
  const own = input.entries.get(kindOf(wanted))?.get(column.legalOrder) ?? []
  if (own.some(isThere)) return []
  const legalOrders = [column.legalOrder]
  const blank = {
    id: gapId(type, legalOrders, matter, subject),
    type,
    legalOrders,
    matter,
    subject,
  }
  const open = own.filter(({ state }) => state === 'open')
  if (open.length > 0) {
    return [{ ...blank, openQuestions: eachOnce(open.flatMap((each) => each.openQuestions)) }]
  }
  const others = firstElsewhere(input, column, wanted)
  const who = others.map(({ legalOrder }) => legalOrder)
  const compare =
    who.length === 0 ? '' : ` ${who.join(', ')} ${who.length === 1 ? 'has' : 'have'} it.`
  const near = own.length === 0 ? '' : ' What comes near does not count yet.'
  const text = `The pack of ${column.legalOrder} holds no ${WORD[type]} (${words(subject)}) for ${words(matter)} on these facts.${compare}${near}`
  return [{ ...blank, text, articles: [...own, ...others].flatMap(cited), near: own }]
}

const WORD = { noDuty: 'duty', noPower: 'power', noRemedy: 'remedy' } as const

function cited({ legalOrder, id, basis }: CellEntry): readonly CitedEntry[] {
  return basis === null ? [] : [{ legalOrder, id, basis }]
}

function words(code: string): string {
  return code.replaceAll('_', ' ')
}
