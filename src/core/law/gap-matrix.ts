/**
 * The matrix of one scenario: what each legal order has on the facts, in five rows
 * (obligations, powers, data access, remedies, sanctions), each entry with its
 * state and article.
 *
 * It lists what the packs hold. An empty cell says that the pack holds nothing,
 * which is not yet that the law has nothing: packs cover the instruments they name.
 */
import type { CalendarDate } from '../../base/time.ts'
import { formulaOf } from './cap-rule.ts'
import type { Clock } from './clock.ts'
import { competenceUnder, type Finding, type OpenQuestion, questionFor } from './competence.ts'
import { type Condition, evaluate, type Facts } from './condition.ts'
import type { DataPath } from './data-paths.ts'
import { type EntryState, entryStanding, instrumentStanding } from './entry-standing.ts'
import type { Basis, Instrument, LawPack, Matter } from './pack.ts'
import type { Power } from './powers.ts'
import { isModifier } from './sanction-cap.ts'
import { standingOf } from './standing.ts'
import { dutyClassOf, powerClassOf, remedyClassOf } from './subjects.ts'

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
  const entries = (list: (asked: Asked) => readonly CellEntry[]) =>
    pack.instruments.flatMap((instrument) => {
      const engaged = competenceUnder(own, instrument.id)
      const isGone = instrument.status === 'repealed' || instrument.status === 'dead'
      if (engaged === 'no' && instrumentStanding(instrument, input.on).state === 'applies')
        return []
      return isGone ? [] : list({ pack, instrument, engaged, own, ...input })
    })
  return {
    legalOrder: pack.legalOrder,
    name: pack.name,
    linked: linkOf(pack, input.facts),
    competent: sum(own),
    cells: {
      obligations: entries(obligationsOf),
      powers: powerEntries(pack, input, false),
      dataAccess: [...powerEntries(pack, input, true), ...pathEntries(input)],
      remedies: entries(remediesOf),
      sanctions: entries(sanctionsOf),
    },
  }
}

function sum(findings: readonly Finding[]): 'yes' | 'open' | 'no' {
  if (findings.some(({ competent }) => competent === 'yes')) return 'yes'
  return findings.some(({ competent }) => competent === 'open') ? 'open' : 'no'
}

type Asked = MatrixInput & {
  readonly pack: LawPack
  readonly instrument: Instrument
  /** `undefined`: the instrument has no rule of competence. */
  readonly engaged: 'yes' | 'no' | 'open' | undefined
  readonly own: readonly Finding[]
}

function obligationsOf(asked: Asked): readonly CellEntry[] {
  return asked.instrument.clocks.flatMap((clock) => {
    const subject = dutyClassOf(clock)
    if (subject === undefined) return []
    const standing = dutyStanding(asked, clock)
    const label = clock.trigger?.text ?? clock.stage.replaceAll('_', ' ')
    return entryOf(asked, clock, {
      subject,
      label: clock.by === null ? label : `${clock.by}: ${label}`,
      detail: periodText(clock),
      when: clock.trigger?.when ?? null,
      ...standing,
    })
  })
}

function dutyStanding(
  { pack, instrument, facts, on }: Asked,
  clock: Clock,
): { readonly state: EntryState; readonly from: CalendarDate | null } {
  const whole = instrumentStanding(instrument, on)
  if (whole.state === 'not_law') return whole
  const subject = { instrument, clock, basis: clock.basis }
  const at = { day: on, facts, isSigned: true, isClassified: false }
  const { standing } = standingOf(pack, subject, at)
  if (standing === 'not_yet_applicable') {
    return { state: 'not_yet', from: clock.applies.provisionFrom?.date ?? whole.from }
  }
  const isUnsure = clock.trigger !== null && clock.trigger.when === null
  if (standing === 'binding') return { state: isUnsure ? 'confirm' : 'applies', from: null }
  return { state: standing, from: null }
}

function remediesOf(asked: Asked): readonly CellEntry[] {
  return asked.instrument.remedies.flatMap((remedy) =>
    entryOf(asked, remedy, {
      subject: remedyClassOf(remedy),
      label: remedy.kind.replaceAll('_', ' '),
      detail: `${remedy.who}: ${remedy.text}`,
      when: null,
      ...entryStanding(asked.instrument, remedy, asked.on),
    }),
  )
}

function sanctionsOf(asked: Asked): readonly CellEntry[] {
  return asked.instrument.sanctions.flatMap((tier) =>
    entryOf(asked, tier, {
      subject: tier.track,
      label: tier.for,
      detail: isModifier(tier) ? `changes ${tier.modifies.join(', ')}` : formulaOf(tier),
      when: tier.when,
      ...entryStanding(asked.instrument, tier, asked.on),
    }),
  )
}

type Described = {
  readonly subject: string
  readonly label: string
  readonly detail: string
  readonly when: Condition | null
  readonly state: EntryState
  readonly from: CalendarDate | null
}

/** Nothing if its condition is not met; `open` if the facts leave that, or competence, open. */
function entryOf(
  { pack, instrument, engaged, own, facts }: Asked,
  { id, basis }: { readonly id: string; readonly basis: Basis },
  { when, state, subject, label, detail, from }: Described,
): readonly CellEntry[] {
  const answer = when === null ? undefined : evaluate(when, facts, pack)
  if (answer?.answer === 'no') return []
  const questions = (answer?.missing ?? []).map((fact) => questionFor(pack, fact))
  if (engaged === 'open') {
    for (const finding of own) {
      if (finding.instrument === instrument.id) questions.push(...finding.openQuestions)
    }
  }
  const isOpen = questions.length > 0 && (state === 'applies' || state === 'confirm')
  return [
    {
      id: id.includes('/') ? id : `${instrument.id}/${id}`,
      legalOrder: pack.legalOrder,
      instrument: instrument.id,
      matter: instrument.matter,
      subject,
      label,
      detail,
      from,
      state: isOpen ? 'open' : state,
      basis,
      openQuestions: isOpen ? questions : [],
    },
  ]
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
    .map((power) => ({
      id: `${power.instrument}/${power.measure}`,
      legalOrder: power.legalOrder,
      instrument: power.instrument,
      matter: matterIn(pack, power.instrument) ?? matterIn(pack, power.competentUnder) ?? 'other',
      subject: powerClassOf(power.measure),
      label: power.measure.replaceAll('_', ' '),
      detail: [power.authority, power.track, ...(power.isCourtNeeded ? ['by a court'] : [])].join(
        ', ',
      ),
      state: STATE_OF_POWER[power.state],
      from: power.from,
      basis: power.basis,
      openQuestions: power.openQuestions,
    }))
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
function pathEntries({ paths }: MatrixInput): CellEntry[] {
  return paths.map((path) => ({
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
  }))
}

export function periodText({ kind, period, start, plus, backwardsFrom }: Clock): string {
  if (period === null) return plus ?? 'no number'
  const unit = period.unit.replaceAll('_', ' ')
  const length = `${period.count} ${unit}${period.count === 1 ? '' : 's'}`
  const of = start !== null ? `from ${start.event.replaceAll('_', ' ')}` : `before ${backwardsFrom}`
  const word = { max: 'within', min: 'at least', validity: 'for', recurring: 'every' }
  return `${kind === 'qualitative' ? '' : word[kind]} ${length} ${of}`.trim()
}
