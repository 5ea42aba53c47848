/**
 * How long something takes, where it has not happened yet in some cases: those count as
 * open until the day of the reading (censored), by the estimate of Kaplan and Meier
 * (J. Am. Stat. Assoc. 53, 1958). A median of the finished ones alone would make an
 * authority that leaves the hard ones open look fast.
 */

/** `isDone`: it happened after so many days; else so many days have passed without it. */
export type Span = { readonly days: number; readonly isDone: boolean }

/**
 * The first day by which it has happened in this share of the cases, as far as it is known.
 * Null: so many are open that it cannot be said.
 *
 * @param share between 0 and 1, e.g. 0.5 for the median
 */
export function daysUntil(spans: readonly Span[], share: number): number | null {
  let isLeft = 1
  for (const days of daysOf(spans)) {
    const waiting = spans.filter((span) => span.days >= days).length
    const done = spans.filter((span) => span.isDone && span.days === days).length
    isLeft *= 1 - done / waiting
    if (isLeft <= 1 - share + ROUNDING) return days
  }
  return null
}

/** Of a product of fractions, which is not exact. */
const ROUNDING = 1e-9

function daysOf(spans: readonly Span[]): readonly number[] {
  const done = spans.filter(({ isDone }) => isDone).map(({ days }) => days)
  return [...new Set(done)].sort((a, b) => a - b)
}
