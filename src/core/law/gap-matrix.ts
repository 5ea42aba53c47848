/**
 * The matrix of one scenario: what each legal order has on the facts, in five rows
 * (obligations, powers, data access, remedies, sanctions), each entry with its
 * state and article.
 *
 * It lists what the packs hold. An empty cell says that the pack holds nothing,
 * which is not yet that the law has nothing: packs cover the instruments they name.
 */
import type { CalendarDate } from '../../base/time.ts'
import { competenceUnder, type Finding, findingsUnder, type OpenQuestion } from './competence.ts'
import { evaluate, type Facts } from './condition.ts'
import type { DataPath } from './data-paths.ts'
import { type EntryState, instrumentStanding } from './entry-standing.ts'
import { entriesOn, onFacts } from './matrix-entries.ts'
import { onceFor } from './once.ts'
import type { Basis, LawPack, Matter } from './pack.ts'
import type { Power } from './powers.ts'
import { powerClassOf } from './subjects.ts'

export const MATRIX_ROWS = ['obligations', 'powers', 'dataAccess', 'remedies', 'sanctions'] as const
export type MatrixRow = (typeof MATRIX_ROWS)[number]

/** `open`: the facts do not say whether it is triggered. */
export type CellState = EntryState | 'open'

export type CellEntry = {
  /** Id of the entry in the pack, or of the path for data access. */
  readonly id: string
  readonly legalOrder: string
  readonly instrument: string
  readonly matter: Matter
  /** What it is for, comparable across legal orders, e.g. `incident_report` or `stop`. */
  readonly subject: string
  readonly label: string
  readonly detail: string
  readonly state: CellState
  readonly from: CalendarDate | null
  /** `null` for a path on which no rule was found. */
  readonly basis: Basis | null
  readonly openQuestions: readonly OpenQuestion[]
}

export type MatrixColumn = {
  readonly legalOrder: string
  readonly name: string
  /** Do the facts place the system, its use, harm or the operator there? */
  readonly linked: 'yes' | 'open' | 'no'
  /** Is any authority competent? */
  readonly competent: 'yes' | 'open' | 'no'
  readonly cells: Readonly<Record<MatrixRow, readonly CellEntry[]>>
}

export type MatrixInput = {
  readonly findings: readonly Finding[]
  readonly powers: readonly Power[]
  readonly paths: readonly DataPath[]
  readonly facts: Facts
  readonly on: CalendarDate
}

export function gapMatrix(packs: readonly LawPack[], input: MatrixInput): readonly MatrixColumn[] {
  const findings = Map.groupBy(input.findings, ({ legalOrder }) => legalOrder)
  const powers = Map.groupBy(input.powers, ({ legalOrder }) => legalOrder)
  const paths = Map.groupBy(input.paths, ({ to }) => to)
  return packs.map((pack) => {
    const { legalOrder } = pack
    const own = {
      findings: findings.get(legalOrder) ?? [],
      powers: powers.get(legalOrder) ?? [],
      paths: paths.get(legalOrder) ?? [],
    }
    return columnOf(pack, { ...input, ...own })
  })
}

const LINKS = ['offeredIn', 'usedIn', 'harmIn', 'establishedIn', 'developedIn'] as const

/** Whether the facts link a legal order to the case at all. */
export function linkOf(pack: LawPack, facts: Facts): 'yes' | 'open' | 'no' {
  const any = { any: LINKS.map((fact) => ({ fact, here: true }) as const) }
  const { answer } = evaluate(any, facts, pack)
  return answer === 'unknown' ? 'open' : answer
}

function columnOf(pack: LawPack, input: MatrixInput): MatrixColumn {
  const own = input.findings
  const listed = entriesOn(pack, input.on).flatMap(({ instrument, ...rows }) => {
    const engaged = competenceUnder(own, instrument.id)
    if (engaged === 'no' && instrumentStanding(instrument, input.on).state === 'applies') return []
    const openQuestions = engaged === 'open' ? questionsUnder(own, instrument.id) : []
    return [{ rows, openQuestions }]
  })
  const entries = (row: 'obligations' | 'remedies' | 'sanctions') =>
    listed.flatMap(({ rows, openQuestions }) =>
      rows[row].flatMap((entry) => onFacts(pack, entry, input.facts, openQuestions)),
    )
  return {
    legalOrder: pack.legalOrder,
    name: pack.name,
    linked: linkOf(pack, input.facts),
    competent: sum(own),
    cells: {
      obligations: entries('obligations'),
      powers: powerEntries(pack, input, false),
      dataAccess: [...powerEntries(pack, input, true), ...input.paths.map(pathEntry)],
      remedies: entries('remedies'),
      sanctions: entries('sanctions'),
    },
  }
}

function sum(findings: readonly Finding[]): 'yes' | 'open' | 'no' {
  if (findings.some(({ competent }) => competent === 'yes')) return 'yes'
  return findings.some(({ competent }) => competent === 'open') ? 'open' : 'no'
}

function questionsUnder(findings: readonly Finding[], instrument: string) {
  return findingsUnder(findings, instrument).flatMap(({ openQuestions }) => openQuestions)
}

const STATE_OF_POWER = {
  available: 'applies',
  confirm: 'confirm',
  advisory: 'advisory',
  open: 'open',
  not_yet: 'not_yet',
} as const

/** Powers to learn stand in the row of data access, all others in that of powers. */
function powerEntries(pack: LawPack, { powers }: MatrixInput, isToLearn: boolean): CellEntry[] {
  return powers
    .filter(({ measure }) => (powerClassOf(measure) === 'learn') === isToLearn)
    .map((power) => powerEntry(pack, power))
}

function powerEntry(pack: LawPack, power: Power): CellEntry {
  const { instrument, measure, authority, track, isCourtNeeded } = power
  return {
    id: `${instrument}/${measure}`,
    legalOrder: power.legalOrder,
    instrument,
    matter: matterIn(pack, instrument) ?? matterIn(pack, power.competentUnder) ?? 'other',
    subject: powerClassOf(measure),
    label: measure.replaceAll('_', ' '),
    detail: [authority, track, ...(isCourtNeeded ? ['by a court'] : [])].join(', '),
    state: STATE_OF_POWER[power.state],
    from: power.from,
    basis: power.basis,
    openQuestions: power.openQuestions,
  }
}

function matterIn(pack: LawPack, id: string): Matter | undefined {
  const matter = pack.instruments.find((each) => each.id === id)?.matter
  return matter === 'other' ? undefined : matter
}

const STATE_OF_PATH = {
  permitted: 'applies',
  needs_instrument: 'confirm',
  blocked: 'not_law',
  open: 'open',
} as const

/** What may come in from the others: their law decides. */
const pathEntry = onceFor(
  (path: DataPath): CellEntry => ({
    id: path.id,
    legalOrder: path.to,
    instrument: path.from,
    matter: 'other',
    subject: `path_${path.effect}`,
    label: `${path.data} data from ${path.from}: ${path.effect.replaceAll('_', ' ')}`,
    detail: path.because.at(-1)?.text ?? path.question ?? '',
    state: STATE_OF_PATH[path.effect],
    from: null,
    basis: path.basis,
    openQuestions:
      path.question === null ? [] : [{ fact: `path/${path.from}/${path.to}`, text: path.question }],
  }),
)
