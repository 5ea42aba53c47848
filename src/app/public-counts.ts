/**
 * Counts for the public. A count from 1 to 4 could point at a person, so it is
 * withheld with all others of its measure that are not zero.
 * `suppressSmall` does not hide how a count changes between two readings;
 * `suppressTogether` does, for counts that are read once a quarter.
 */
import type { Instant } from '../base/time.ts'
import type { Kernel } from './kernel.ts'
import type { CountRow } from './ports/registers.ts'

const SMALL_MAX = 4

/** What every file of a demonstration says. */
export const WATERMARK = 'Demonstration: fictional authorities, simulated clock'

export type PublicCount = {
  readonly measure: string
  readonly key: string
  /** null: withheld because it is small, never zero. */
  readonly count: number | null
}

export type PublicCounts = {
  readonly v: 1
  readonly authority: string
  readonly asOf: Instant
  readonly simulatedClock: boolean
  readonly watermark: string | null
  readonly rows: readonly PublicCount[]
}

export async function publicCounts(kernel: Kernel): Promise<PublicCounts> {
  const isDemo = kernel.node.profile !== 'production'
  return {
    v: 1,
    authority: kernel.node.name,
    asOf: kernel.clocks.caseNow(),
    simulatedClock: isDemo,
    watermark: isDemo ? WATERMARK : null,
    rows: suppressSmall(await kernel.registers.counts(kernel.clocks.caseNow())),
  }
}

/** Withholds small cells, and the others of their measure, which could reveal them. */
export function suppressSmall(rows: readonly CountRow[]): readonly PublicCount[] {
  return byMeasure(rows).flatMap(([, own]) => {
    const withheld = withheldOf(own)
    return own.map((row) => ({ ...row, count: withheld.has(row) ? null : row.count }))
  })
}

/** To what counts are rounded that are published again and again. */
const STEP = 5

/**
 * For measures that count the same things, each in another way: what one of them withholds
 * must not come out by taking the others away from their common total. And two readings must
 * not tell that one to four came in between, so what is shown is rounded to a multiple of
 * five. Nothing that is not zero becomes zero.
 */
export function suppressTogether(rows: readonly CountRow[]): readonly PublicCount[] {
  const telling = byMeasure(rows).some(([, own]) => {
    const withheld = withheldOf(own)
    return withheld.size > 0 && !isBlurred(withheld, STEP)
  })
  if (telling) return rows.map((row) => ({ ...row, count: row.count > 0 ? null : 0 }))
  return suppressSmall(rows).map(rounded)
}

function rounded(cell: PublicCount): PublicCount {
  return cell.count === null ? cell : { ...cell, count: Math.round(cell.count / STEP) * STEP }
}

/** The total of each measure; null where it is small or would reveal a withheld cell. */
export function publicTotals(rows: readonly CountRow[]): ReadonlyMap<string, number | null> {
  const totals = byMeasure(rows).map(([measure, own]): [string, number | null] => {
    const withheld = withheldOf(own)
    const isPublic = withheld.size === 0 || isBlurred(withheld)
    return [measure, isPublic ? sumOf(own) : null]
  })
  return new Map(totals)
}

function byMeasure(rows: readonly CountRow[]): [string, readonly CountRow[]][] {
  const measures = [...new Set(rows.map(({ measure }) => measure))]
  return measures.map((measure) => [measure, rows.filter((row) => row.measure === measure)])
}

/**
 * With one small cell all of its measure go. To withhold only as many as it takes
 * would be a choice by their sizes, and the choice itself would tell them.
 */
function withheldOf(rows: readonly CountRow[]): ReadonlySet<CountRow> {
  const counted = rows.filter(({ count }) => count > 0)
  return new Set(counted.some(({ count }) => count <= SMALL_MAX) ? counted : [])
}

/**
 * Who knows the sum of the withheld cells must not know any of them. `spare`: nor who knows
 * the sum only roughly.
 */
function isBlurred(withheld: ReadonlySet<CountRow>, spare = 1): boolean {
  const sum = sumOf([...withheld])
  return withheld.size >= 2 && sum > SMALL_MAX && sum >= withheld.size + spare
}

function sumOf(rows: readonly CountRow[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0)
}
