/**
 * Counts for the public. A count from 1 to 4 could point at a person, so it is
 * withheld with all others of its measure that are not zero.
 * It does not hide how a count changes between two readings.
 */
import type { Instant } from '../base/time.ts'
import type { Kernel } from './kernel.ts'
import type { CountRow } from './ports/registers.ts'

const SMALL_MAX = 4

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
    watermark: isDemo ? 'Demonstration: fictional authorities, simulated clock' : null,
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

/** Who knows the sum of the withheld cells must not know any of them. */
function isBlurred(withheld: ReadonlySet<CountRow>): boolean {
  const sum = sumOf([...withheld])
  return withheld.size >= 2 && sum > SMALL_MAX && sum > withheld.size
}

function sumOf(rows: readonly CountRow[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0)
}
