/**
 * Counts for the public. A count from 1 to 4 could point at a person, so it is
 * withheld, and so is one more of its measure where the rest would reveal it.
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
  const isDemo = kernel.node.profile === 'demo'
  return {
    v: 1,
    authority: kernel.node.name,
    asOf: kernel.clocks.caseNow(),
    simulatedClock: isDemo,
    watermark: isDemo ? 'Demonstration: fictional authorities, simulated clock' : null,
    rows: suppressSmall(await kernel.registers.counts()),
  }
}

/** Withholds small cells, and the smallest other cell where only one was withheld. */
export function suppressSmall(rows: readonly CountRow[]): readonly PublicCount[] {
  const measures = [...new Set(rows.map(({ measure }) => measure))]
  return measures.flatMap((measure) =>
    suppressMeasure(rows.filter((row) => row.measure === measure)),
  )
}

function suppressMeasure(rows: readonly CountRow[]): readonly PublicCount[] {
  const isSmall = ({ count }: CountRow) => 0 < count && count <= SMALL_MAX
  const withheld = new Set(rows.filter(isSmall))
  const shown = rows.filter((row) => !withheld.has(row) && row.count > 0)
  const [next] = [...shown].sort((a, b) => a.count - b.count)
  if (withheld.size === 1 && next) withheld.add(next)
  return rows.map((row) => ({ ...row, count: withheld.has(row) ? null : row.count }))
}
