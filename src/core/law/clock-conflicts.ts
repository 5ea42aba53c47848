/**
 * Clocks that conflict: one event, and duties of different regimes that fall far
 * apart, or exclude each other.
 *
 * Periods are compared by their nominal length, to find what to look at; the dates
 * themselves are for due-date.ts. A conflict is no breach: it says that people must
 * agree who tells whom first.
 */

import type { Clock, Period, PeriodUnit, StartEvent } from './clock.ts'
import { evaluate, type Facts } from './condition.ts'
import type { DataPath } from './data-paths.ts'
import { type CitedEntry, type Gap, gapId } from './gap.ts'
import type { CellEntry, MatrixColumn } from './gap-matrix.ts'
import { onceFor } from './once.ts'
import { findClock, type LawPack, type Matter } from './pack.ts'

/** Events that the law names differently and that come to pass when somebody learns of harm. */
const LEARNED: ReadonlySet<StartEvent> = new Set([
  'aware',
  'reasonably_aware',
  'causal_link_established',
  'causal_link_suspected',
  'determination_or_reasonable_belief',
  'discovery',
])

const HOURS: Readonly<Record<PeriodUnit, number>> = {
  minute: 1 / 60,
  hour: 1,
  calendar_day: 24,
  business_day: (24 * 7) / 5,
  working_day: (24 * 7) / 5,
  week: 24 * 7,
  month: 24 * 30.44,
  year: 24 * 365.25,
}

/** Twice as long, and a day more: nearer ones can be met by one report. */
const FACTOR = 2
const HOURS_APART = 24

export type ConflictInput = {
  readonly packs: readonly LawPack[]
  readonly columns: readonly MatrixColumn[]
  readonly paths: readonly DataPath[]
  readonly facts: Facts
}

export function clockConflicts({ packs, columns, paths, facts }: ConflictInput): readonly Gap[] {
  const touched = columns.filter(({ linked }) => linked === 'yes')
  const duties = touched.flatMap(({ cells }) => cells.obligations).filter(isThere)
  return [
    ...['incident_report', 'notice_to_persons'].flatMap((subject) =>
      farApart(packs, duties, subject),
    ),
    ...blockedReports(packs, touched, { paths, facts }),
    ...hearings(packs, touched),
  ]
}

type Timed = { readonly entry: CellEntry; readonly hours: number }

/** One gap for all the clocks that run from learning of the event, if they end far apart. */
function farApart(
  packs: readonly LawPack[],
  duties: readonly CellEntry[],
  subject: string,
): readonly Gap[] {
  const timed = duties
    .filter((entry) => entry.subject === subject)
    .flatMap((entry) => {
      const hours = hoursFromLearning(clockOf(packs, entry))
      return hours === undefined ? [] : [{ entry, hours }]
    })
    .sort((a, b) => a.hours - b.hours)
  const [first] = timed
  const last = timed.at(-1)
  if (first === undefined || last === undefined || !isFarApart(first, last)) return []
  const legalOrders = [...new Set(timed.map(({ entry }) => entry.legalOrder))]
  const ends = timed.map(({ entry }) => `${entry.id}: ${entry.detail}`).join('; ')
  const text = `One event, and reports due far apart: ${ends}.`
  return [
    gap(
      legalOrders,
      subject,
      text,
      timed.map(({ entry }) => entry),
    ),
  ]
}

function isFarApart(first: Timed, last: Timed): boolean {
  return last.hours >= first.hours * FACTOR && last.hours - first.hours >= HOURS_APART
}

function hoursFromLearning(clock: Clock | undefined): number | undefined {
  if (clock === undefined || clock.kind !== 'max') return undefined
  if (clock.start === null || !LEARNED.has(clock.start.event)) return undefined
  return clock.period === null ? undefined : hoursOf(clock.period)
}

function hoursOf({ count, unit }: Period): number {
  return count * HOURS[unit]
}

/**
 * Duties to report here, and a rule there that blocks what the operator holds there: asserted
 * only where the facts place the operator, the system's making or the data there.
 */
function blockedReports(
  packs: readonly LawPack[],
  columns: readonly MatrixColumn[],
  { paths, facts }: Pick<ConflictInput, 'paths' | 'facts'>,
): readonly Gap[] {
  return packs.flatMap((pack) => {
    const there = pack.legalOrder
    const held = { any: HELD.map((fact) => ({ fact, here: true }) as const) }
    if (evaluate(held, facts, pack).answer !== 'yes') return []
    const blocked = paths.filter(({ from, effect }) => from === there && effect === 'blocked')
    const wanting = columns.filter(({ legalOrder }) => blocked.some(({ to }) => to === legalOrder))
    const duties = wanting
      .flatMap(({ cells }) => cells.obligations)
      .filter((entry) => entry.subject === 'incident_report' && isThere(entry))
    const [path] = blocked
    if (duties.length === 0 || path === undefined || path.basis === null) return []
    const who = [...new Set(duties.map(({ legalOrder }) => legalOrder))]
    const why = path.because.at(-1)?.text ?? ''
    const text = `${who.join(', ')} ${who.length === 1 ? 'wants' : 'want'} reports from the operator; ${there} blocks what is held there: ${why}`
    const block = { legalOrder: there, id: path.id, basis: path.basis }
    return [gap([there, ...who], 'notify_or_withhold', text, duties, [block])]
  })
}

const HELD = ['establishedIn', 'developedIn', 'dataStoredIn'] as const

/** An authority that must act within a period shorter than the hearing it must give. */
function hearings(packs: readonly LawPack[], columns: readonly MatrixColumn[]): readonly Gap[] {
  return columns.flatMap(({ legalOrder, cells }) => {
    const pack = packs.find((each) => each.legalOrder === legalOrder)
    if (pack === undefined) return []
    const offered = new Set(cells.powers.filter(isThere).map(({ id }) => id))
    const heard = heardMeasures(pack).filter(({ id }) => offered.has(id))
    return [...new Map(heard.map((each) => [each.hearing, each.matter]))].flatMap(
      ([hearing, matter]) => shorterThan(pack, hearing, matter),
    )
  })
}

/** Measures before which somebody must be heard. */
const heardMeasures = onceFor((pack: LawPack) =>
  pack.instruments.flatMap((instrument) =>
    instrument.measures.flatMap(({ code, hearing }) =>
      hearing === null
        ? []
        : [{ id: `${instrument.id}/${code}`, hearing, matter: instrument.matter }],
    ),
  ),
)

function shorterThan(pack: LawPack, hearingId: string, matter: Matter): readonly Gap[] {
  const hearing = findClock(pack, hearingId)?.clock
  if (hearing?.period == null) return []
  const needed = hoursOf(hearing.period)
  const acting = pack.instruments
    .filter((instrument) => instrument.matter === matter)
    .flatMap(({ clocks }) => clocks)
    .filter(({ stage, kind, start, period, isBinding }) => {
      const isAfterReport = stage === 'authority_action' && start?.event === 'report_received'
      const isShorter = period !== null && hoursOf(period) < needed
      return isAfterReport && kind === 'max' && isBinding && isShorter
    })
  if (acting.length === 0) return []
  const names = acting.map(({ id }) => id).join(', ')
  const text = `The authority must act (${names}) sooner than the hearing before an order can end (${hearing.id}): only the urgency that the law names lets it act earlier.`
  const articles = [hearing, ...acting].map(({ id, basis }) => ({
    legalOrder: pack.legalOrder,
    id,
    basis,
  }))
  return [gap([pack.legalOrder], 'hear_or_act', text, [], articles)]
}

function gap(
  legalOrders: readonly string[],
  subject: string,
  text: string,
  entries: readonly CellEntry[],
  also: readonly CitedEntry[] = [],
): Gap {
  const articles = entries.flatMap(({ legalOrder, id, basis }) =>
    basis === null ? [] : [{ legalOrder, id, basis }],
  )
  return {
    id: gapId('conflictingClocks', legalOrders, 'other', subject),
    type: 'conflictingClocks',
    legalOrders,
    matter: 'other',
    subject,
    text,
    articles: [...articles, ...also],
    near: [],
  }
}

function clockOf(packs: readonly LawPack[], { legalOrder, id }: CellEntry): Clock | undefined {
  const pack = packs.find((each) => each.legalOrder === legalOrder)
  return pack === undefined ? undefined : findClock(pack, id)?.clock
}

function isThere({ state }: CellEntry): boolean {
  return state === 'applies' || state === 'confirm'
}
