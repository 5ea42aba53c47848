/**
 * What a measurement gives: lines of a table, each with its goal where there is
 * one and, beside it, a limit of this machine measured in the same run.
 */

export type Measured = {
  readonly what: string
  /** With its unit, as people read it. */
  readonly figure: string
  /** What this machine can do at best, or what the figure should be compared with. */
  readonly beside?: string
  /** Left out: for information only. */
  readonly goal?: Goal
}

export type Goal = {
  readonly text: string
  readonly isMet: boolean
  /** Said where it is not met: what stops it, and what would come next. */
  readonly limit?: string
}

export type Section = { readonly title: string; readonly lines: readonly Measured[] }

/** A goal that a figure must not exceed. */
export function atMost(limit: number, value: number, unit: string): Goal {
  return { text: `≤ ${limit} ${unit}`, isMet: value <= limit }
}

/** A figure that could not be had: it falls short, and says why. */
export function notMeasured(what: string, goal: string, error: unknown): Measured {
  const why = error instanceof Error ? error.message : String(error)
  return { what, figure: `not measured: ${why.slice(0, 160)}`, goal: { text: goal, isMet: false } }
}

/** Nearest-rank percentile of `values`; `share` between 0 and 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export function milliseconds(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`
  return `${ms.toFixed(ms < 10 ? 2 : 0)} ms`
}

export function spread(values: readonly number[], upper: 0.95 | 0.99): string {
  const name = `p${upper * 100}`
  return `p50 ${milliseconds(percentile(values, 0.5))}, ${name} ${milliseconds(percentile(values, upper))}`
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`
}

export function table({ title, lines }: Section): string {
  const rows = lines.map(({ what, figure, goal, beside = '' }) => {
    const verdict = goal === undefined ? 'for information' : goal.isMet ? 'met' : '**falls short**'
    return `| ${[what, figure, goal?.text ?? '', verdict, beside].map(cell).join(' | ')} |`
  })
  const head = [
    '| What | Measured | Goal | | Limit of this machine, same run |',
    '|---|---|---|---|---|',
  ]
  return [`## ${title}`, '', ...head, ...rows, ''].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
