/**
 * A bar chart as inline SVG. It never stands alone: the page puts the same
 * numbers in a table right after it.
 *
 * Colours come from classes, because style attributes are blocked by the content
 * policy. A suppressed value is drawn as such, never as zero. The axis runs from
 * left to right in every language.
 */
import { escapeHtml } from '../base/html.ts'

/** `count` is absent where it is withheld because it is small. */
export type Bar = { readonly label: string; readonly count?: number }

export type BarChart = {
  readonly id: string
  readonly title: string
  readonly description: string
  /** The word for a withheld value. */
  readonly hidden: string
  readonly bars: readonly Bar[]
}

const ROW = 46
const BAR = 16
const WIDTH = 420
const VALUE_ROOM = 90

/** HTML, every text escaped. */
export function barChart({ id, title, description, hidden, bars }: BarChart): string {
  const height = bars.length * ROW + 8
  const max = Math.max(1, ...bars.map((bar) => bar.count ?? 0))
  const rows = bars.map((bar, index) => barRow(bar, index * ROW, max, hidden)).join('')
  const [titleId, descId] = [`${escapeHtml(id)}-title`, `${escapeHtml(id)}-desc`]
  return (
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" direction="ltr" focusable="false" ` +
    `aria-labelledby="${titleId} ${descId}"><title id="${titleId}">${escapeHtml(title)}</title>` +
    `<desc id="${descId}">${escapeHtml(description)}</desc>${rows}` +
    `<line class="comity-chart__axis" x1="1" y1="0" x2="1" y2="${height - 8}"/></svg>`
  )
}

function barRow({ label, count }: Bar, top: number, max: number, hidden: string): string {
  const width = count === undefined ? 28 : Math.round((count / max) * (WIDTH - VALUE_ROOM))
  const kind = count === undefined ? 'hidden' : 'bar'
  const value = count === undefined ? hidden : String(count)
  return (
    `<text class="comity-chart__label" x="6" y="${top + 15}">${escapeHtml(label)}</text>` +
    `<rect class="comity-chart__${kind}" x="2" y="${top + 21}" width="${width}" height="${BAR}"/>` +
    `<text class="comity-chart__value" x="${width + 10}" y="${top + 34}">${escapeHtml(value)}</text>`
  )
}
