/**
 * How disclosure goes, for the public: how long the steps take, whether embargoes were kept,
 * where reports come from, how often officers overrule the table.
 *
 * It is read once a quarter: what happened since its first day does not count. Small counts
 * are withheld and the others rounded, so that no two figures and no two quarters together
 * tell of a few people. Days are given only where enough cases stand behind them.
 */
import { DAY_MS, type Instant, msOf, utcDateOf } from '../base/time.ts'
import { daysUntil, type Span } from '../core/disclosure/time-to.ts'
import type { DisclosureFiguresFile, FIGURES } from '../wire/open-data/disclosure-figures.ts'
import type { Kernel } from './kernel.ts'
import type { DisclosureFacts } from './ports/disclosure-facts.ts'
import type { CountRow, WaitingFilings } from './ports/registers.ts'
import { suppressTogether, WATERMARK } from './public-counts.ts'

/** Groups of figures that count the same things. */
export const COUNTED = {
  reports: ['language', 'sector', 'form', 'channel', 'timeToTriage', 'timeToPublish'],
  filings: ['timeToAcknowledge'],
  told: ['timeToFix'],
  embargoes: ['embargoes'],
  priorities: ['priorities'],
} as const
export const TIMES = ['timeToAcknowledge', 'timeToTriage', 'timeToFix', 'timeToPublish'] as const
export type Time = (typeof TIMES)[number]

export type DisclosureFigure = {
  readonly figure: keyof typeof FIGURES
  /** `all`, or of which language or sector. */
  readonly by: 'all' | 'language' | 'sector'
  readonly key: string
  readonly statistic: 'count' | 'medianDays' | 'p90Days'
  readonly value: number | null
  /** Why there is no value: too small to be shown, or not reached yet by so many cases. */
  readonly why: 'withheld' | 'notReached' | null
}

/** Fewer finished cases than these show no median, no 90th percentile. */
export const MEDIAN_FROM = 10
export const P90_FROM = 20

export type DisclosureRecord = {
  readonly facts: readonly DisclosureFacts[]
  /** Filings that no case has, with how many there are of each day. */
  readonly waiting: readonly WaitingFilings[]
}

export async function publicDisclosureFigures(kernel: Kernel): Promise<DisclosureFiguresFile> {
  const isDemo = kernel.node.profile !== 'production'
  const until = readingOf(kernel.clocks.caseNow())
  return {
    v: 1,
    authority: kernel.node.name,
    before: utcDateOf(until),
    simulatedClock: isDemo,
    watermark: isDemo ? WATERMARK : null,
    rows: [...disclosureFigures(await kernel.registers.disclosureRecord(), until)],
  }
}

/** The first day of the quarter that `now` is in: from then on nothing counts yet. */
export function readingOf(now: Instant): Instant {
  const month = Number(now.slice(5, 7))
  const first = String(month - ((month - 1) % 3)).padStart(2, '0')
  return `${now.slice(0, 4)}-${first}-01T00:00:00.000Z` as Instant
}

/** @param until the moment of the reading: only what came before it counts */
export function disclosureFigures(
  record: DisclosureRecord,
  until: Instant,
): readonly DisclosureFigure[] {
  const counts = countsOf(record, until)
  const shown = Object.values(COUNTED).flatMap((group) => {
    const own = counts.filter(({ measure }) => (group as readonly string[]).includes(measure))
    return suppressTogether(own)
  })
  return [
    ...shown.map(({ measure, key, count }) =>
      figureOf(measure as keyof typeof FIGURES, 'all', key, 'count', count),
    ),
    ...TIMES.flatMap((time) => daysOf(record, time, until)),
  ]
}

/** Exact, for the officers' own pages. */
export function countsOf(record: DisclosureRecord, until: Instant): readonly CountRow[] {
  const admitted = admittedBy(record, until)
  const standings = TIMES.flatMap((time) =>
    tally(
      time,
      spansOf(record, time, until).map(({ standing }) => standing),
    ),
  )
  const embargoes = admitted.filter((one) => isBefore(one.embargoAt, until))
  const priorities = admitted.filter((one) => isBefore(one.priorityAt, until))
  return [
    ...tally(
      'language',
      admitted.map(({ language }) => language),
    ),
    ...tally(
      'sector',
      admitted.map((one) => sectorOf(one, until)),
    ),
    ...tally(
      'form',
      admitted.map(({ form }) => form ?? 'record'),
    ),
    ...tally(
      'channel',
      admitted.map(({ channel }) => channel),
    ),
    ...standings,
    ...tally(
      'embargoes',
      embargoes.map((one) => embargoOf(one, until)),
    ),
    ...tally(
      'priorities',
      priorities.map(({ priority }) => priority ?? 'accepted'),
    ),
  ]
}

const admittedBy = ({ facts }: DisclosureRecord, until: Instant) =>
  facts.filter(({ admittedAt }) => admittedAt < until)

function tally(measure: string, keys: readonly string[]): readonly CountRow[] {
  const counts = [...Map.groupBy(keys, (key) => key)].map(([key, own]) => ({
    ...{ measure, key },
    count: own.length,
  }))
  return counts.sort((a, b) => (a.key < b.key ? -1 : 1))
}

const isBefore = (at: Instant | null, until: Instant): at is Instant => at !== null && at < until

const sectorOf = ({ sector, sectorAt }: DisclosureFacts, until: Instant) =>
  sector !== null && isBefore(sectorAt, until) ? sector : 'notStated'

/** `expired`: it held until the agreed end. */
function embargoOf({ embargoEndedAt, embargoWhy }: DisclosureFacts, until: Instant): string {
  return isBefore(embargoEndedAt, until) ? (embargoWhy ?? 'agreed') : 'inForce'
}

/** `ended`: it was closed and will not come any more. */
type Standing = 'done' | 'open' | 'ended'
type Counted = Span & { readonly standing: Standing; readonly of: DisclosureFacts | null }

/** Which cases count, from when, to when. */
const STEPS: Readonly<
  Record<Time, (of: DisclosureFacts) => { from: Instant | null; to: Instant | null }>
> = {
  timeToAcknowledge: (of) => {
    const from = of.acknowledgedAt === null ? null : of.receivedAt
    return { from, to: of.acknowledgedAt }
  },
  timeToTriage: (of) => ({ from: of.receivedAt, to: of.triagedAt }),
  timeToFix: (of) => ({ from: of.vendorToldAt, to: of.fixedAt }),
  timeToPublish: (of) => ({ from: of.receivedAt, to: of.publishedAt }),
}

function spansOf(record: DisclosureRecord, time: Time, until: Instant): readonly Counted[] {
  const spans = record.facts.flatMap((of): Counted[] => {
    const { from, to } = STEPS[time](of)
    // What waits at the portal counts already; everything else from its admission.
    const isThere = time === 'timeToAcknowledge' || of.admittedAt < until
    if (!isThere || !isBefore(from, until)) return []
    return [{ ...spanOf(from, to, of.closedAt, until), of }]
  })
  return time === 'timeToAcknowledge' ? [...spans, ...waitingSpans(record, until)] : spans
}

function spanOf(from: Instant, to: Instant | null, closedAt: Instant | null, until: Instant) {
  if (isBefore(to, until)) {
    return { days: daysBetween(from, to), isDone: true, standing: 'done' } as const
  }
  const isEnded = isBefore(closedAt, until)
  const days = daysBetween(from, isEnded ? closedAt : until)
  return { days, isDone: false, standing: isEnded ? 'ended' : 'open' } as const
}

const daysBetween = (from: Instant, to: Instant) =>
  Math.max(0, Math.floor((msOf(to) - msOf(from)) / DAY_MS))

function waitingSpans({ waiting }: DisclosureRecord, until: Instant): readonly Counted[] {
  return waiting.flatMap(({ filedOn, closedOn, count }): Counted[] => {
    const from = `${filedOn}T00:00:00.000Z` as Instant
    if (from >= until) return []
    const closedAt = closedOn === null ? null : (`${closedOn}T00:00:00.000Z` as Instant)
    const span = { ...spanOf(from, null, closedAt, until), of: null }
    return Array.from({ length: count }, () => span)
  })
}

function daysOf(record: DisclosureRecord, time: Time, until: Instant): DisclosureFigure[] {
  const spans = spansOf(record, time, until)
  const all = quantiles(time, 'all', 'all', spans)
  const ofCases = spans.flatMap((span) => (span.of ? [{ ...span, of: span.of }] : []))
  const groups = [
    ['language', Map.groupBy(ofCases, ({ of }) => of.language)],
    ['sector', Map.groupBy(ofCases, ({ of }) => sectorOf(of, until))],
  ] as const
  // Filings that nobody has opened have no sector, and would be missing in the others.
  if (time === 'timeToAcknowledge') return all
  const parts = groups.flatMap(([by, map]) =>
    [...map].sort(byKey).flatMap(([key, own]) => quantiles(time, by, key, own)),
  )
  return [...all, ...parts]
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1)

function quantiles(
  time: Time,
  by: DisclosureFigure['by'],
  key: string,
  spans: readonly Span[],
): DisclosureFigure[] {
  const done = spans.filter(({ isDone }) => isDone).length
  // A group that is too small is not named at all.
  if (by !== 'all' && done < MEDIAN_FROM) return []
  const one = (statistic: 'medianDays' | 'p90Days', share: number, enough: number) => {
    if (done < enough) return figureOf(time, by, key, statistic, null)
    const value = daysUntil(spans, share)
    const figure = figureOf(time, by, key, statistic, value)
    return value === null ? { ...figure, why: 'notReached' as const } : figure
  }
  return [one('medianDays', 0.5, MEDIAN_FROM), one('p90Days', 0.9, P90_FROM)]
}

function figureOf(
  figure: keyof typeof FIGURES,
  by: DisclosureFigure['by'],
  key: string,
  statistic: DisclosureFigure['statistic'],
  value: number | null,
): DisclosureFigure {
  return { figure, by, key, statistic, value, why: value === null ? 'withheld' : null }
}
