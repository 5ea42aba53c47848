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
    there: entriesThere(asked.columns),
    matters: mattersOf(asked.packs),
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
  /** Entries that are there, by type of gap and matter. */
  readonly there: ReadonlyMap<string, readonly CellEntry[]>
  /** Of each instrument. */
  readonly matters: ReadonlyMap<string, Matter>
}

const TYPES = ['noDuty', 'noPower', 'noRemedy'] as const

function entriesThere(columns: readonly MatrixColumn[]): Indexed['there'] {
  const touched = TYPES.flatMap((type) =>
    columns.flatMap((column) =>
      entriesOf(column, type).flatMap((entry) => (isThere(entry) ? [{ type, entry }] : [])),
    ),
  )
  const groups = Map.groupBy(touched, ({ type, entry }) => `${type}/${entry.matter}`)
  return new Map([...groups].map(([key, found]) => [key, found.map(({ entry }) => entry)]))
}

function mattersOf(packs: readonly LawPack[]): Indexed['matters'] {
  return new Map(
    packs.flatMap(({ instruments }) => instruments.map((each) => [each.id, each.matter])),
  )
}

function inColumn(input: Indexed, column: MatrixColumn, matter: Matter): readonly Found[] {
  const pack = input.packs.find(({ legalOrder }) => legalOrder === column.legalOrder)
  if (pack === undefined) return []
  const ids = new Set(pack.instruments.filter((each) => each.matter === matter).map(({ id }) => id))
  const own = input.findings.filter(({ instrument }) => ids.has(instrument))
  if (!own.some(({ competent }) => competent === 'yes')) {
    return [noAuthority(input, { pack, matter, own, ids })]
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
  readonly ids: ReadonlySet<string>
}

function noAuthority({ findings, matters }: Indexed, { pack, matter, own, ids }: Unfilled): Found {
  const { legalOrder } = pack
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
  const elsewhere = findings.filter(
    (each) => each.competent === 'yes' && matters.get(each.instrument) === matter,
  )
  const missing =
    ids.size === 0 ? 'The pack has no instrument on it.' : 'No rule of competence is met.'
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
  const elsewhere = entriesElsewhere(input, column, matter, 'noDuty')
  const subjects = new Set(elsewhere.map(({ subject }) => subject))
  const hasReport = pack.instruments.some(
    (instrument) =>
      instrument.matter === matter &&
      instrument.clocks.some((clock) => dutyClassOf(clock) === 'incident_report'),
  )
  if (!hasReport && hasIncident(input.facts, matter)) subjects.add('incident_report')
  return [...subjects].flatMap((subject) =>
    unfilled(column, { type: 'noDuty', matter, subject, elsewhere }),
  )
}

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
  const elsewhere = entriesElsewhere(input, column, matter, type)
  const optional = type === 'noRemedy' ? ['explain_or_correct'] : []
  const alsoThere = optional.filter((subject) => elsewhere.some((each) => each.subject === subject))
  return [...NEEDED[type], ...alsoThere].flatMap((subject) =>
    unfilled(column, { type, matter, subject, elsewhere }),
  )
}

function entriesOf({ cells }: MatrixColumn, type: GapType): readonly CellEntry[] {
  if (type === 'noDuty') return cells.obligations
  return type === 'noRemedy' ? cells.remedies : [...cells.powers, ...cells.dataAccess]
}

function entriesElsewhere(
  { there }: Indexed,
  { legalOrder }: MatrixColumn,
  matter: Matter,
  type: GapType,
): readonly CellEntry[] {
  const entries = there.get(`${type}/${matter}`) ?? []
  return entries.filter((entry) => entry.legalOrder !== legalOrder)
}

function isThere({ state }: CellEntry): boolean {
  return state === 'applies' || state === 'confirm'
}

type Wanted = {
  readonly type: 'noDuty' | 'noPower' | 'noRemedy'
  readonly matter: Matter
  readonly subject: string
  readonly elsewhere: readonly CellEntry[]
}

function unfilled(column: MatrixColumn, { type, matter, subject, elsewhere }: Wanted): Found[] {
  const own = entriesOf(column, type).filter(
    (entry) => entry.matter === matter && entry.subject === subject,
  )
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
  const others = firstOfEach(elsewhere.filter((entry) => entry.subject === subject))
  const who = others.map(({ legalOrder }) => legalOrder)
  const compare =
    who.length === 0 ? '' : ` ${who.join(', ')} ${who.length === 1 ? 'has' : 'have'} it.`
  const near = own.length === 0 ? '' : ' What comes near does not count yet.'
  const text = `The pack of ${column.legalOrder} holds no ${WORD[type]} (${words(subject)}) for ${words(matter)} on these facts.${compare}${near}`
  return [{ ...blank, text, articles: [...own, ...others].flatMap(cited), near: own }]
}

/** One entry for each legal order says that it has it. */
function firstOfEach(entries: readonly CellEntry[]): readonly CellEntry[] {
  const seen = new Set<string>()
  return entries.filter(({ legalOrder }) => !seen.has(legalOrder) && seen.add(legalOrder))
}

const WORD = { noDuty: 'duty', noPower: 'power', noRemedy: 'remedy' } as const

function cited({ legalOrder, id, basis }: CellEntry): readonly CitedEntry[] {
  return basis === null ? [] : [{ legalOrder, id, basis }]
}

function words(code: string): string {
  return code.replaceAll('_', ' ')
}
