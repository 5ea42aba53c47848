/** The page of thanks, from the rows that were made for the public. Pure. */
import type { ThanksRow } from '../../../app/ports/thanks.ts'
import { formatMonth } from '../../instants.ts'
import type { ThanksModel } from './model.ts'

export const LINES_OF_PAGE = 100
const PAGES_MAX = 1000

export type ThanksAsked = { readonly year: number | undefined; readonly page: number }

/** From the query of an address; whatever is no year or page asks for the first of the latest. */
export function thanksAsked(query: unknown): ThanksAsked {
  const { year, page } = (query ?? {}) as Readonly<Record<string, unknown>>
  const asked = typeof page === 'string' && /^[1-9][0-9]{0,3}$/.test(page) ? Number(page) : 1
  return {
    year: typeof year === 'string' && /^2[0-9]{3}$/.test(year) ? Number(year) : undefined,
    page: Math.min(asked, PAGES_MAX),
  }
}

export function thanksModel(
  found: {
    readonly years: readonly number[]
    readonly year: number | undefined
    readonly rows: readonly ThanksRow[]
    readonly total: number
  },
  page: number,
  lang: string,
): ThanksModel {
  const { years, year, rows, total } = found
  return {
    ...{ years, year, page },
    pages: Math.max(1, Math.ceil(total / LINES_OF_PAGE)),
    lines: rows.map((row) => ({ ...row, month: formatMonth(row.month, lang) })),
  }
}
