/** The list of what was made public, with its filters. A filter that is none offers all. Pure. */
import type { PublicTextRow } from '../../../app/ports/public-texts.ts'
import {
  ADVISORY_SEVERITIES,
  PUBLIC_LANGUAGES,
  SECTORS,
} from '../../../core/disclosure/advisory-events.ts'
import type { AdvisoriesModel, TextFilter } from './model.ts'

const CHOICES: AdvisoriesModel['choices'] = {
  kind: ['advisory', 'safetyNotice'],
  sector: SECTORS,
  severity: ADVISORY_SEVERITIES,
  state: ['current', 'revised', 'withdrawn'],
  textLang: PUBLIC_LANGUAGES,
}

const NAMES = Object.keys(CHOICES) as (keyof TextFilter)[]

/** From the query of an address: closed words, everything else is left out. */
export function textFilter(query: unknown): TextFilter {
  const asked = (query ?? {}) as Readonly<Record<string, unknown>>
  const found = NAMES.map((name) => {
    const value = asked[name]
    return [name, typeof value === 'string' && CHOICES[name].includes(value) ? value : '']
  })
  return Object.fromEntries(found) as TextFilter
}

/** The same filter always as the same text. */
export function filterKey(filter: TextFilter): string {
  return NAMES.map((name) => filter[name]).join('/')
}

export function advisoriesModel(
  rows: readonly PublicTextRow[],
  filter: TextFilter,
  isDemonstration: boolean,
): AdvisoriesModel {
  const all = rows.flatMap((row) => itemOf(row, isDemonstration))
  const advisories = all.filter((item) => isAsked(item, filter))
  return { filter, choices: CHOICES, total: all.length, advisories }
}

type Item = AdvisoriesModel['advisories'][number]

function itemOf(row: PublicTextRow, isDemonstration: boolean): readonly Item[] {
  const last = row.revisions.at(-1)
  if (!last) return []
  const { title, lang, severity, sectors } = last.content
  const { trackingId: id, kind, isWithdrawn, publishedAt, revisedAt } = row
  return [
    {
      ...{ id, kind, title, lang, severity, sectors, version: last.number },
      ...{ isWithdrawn, publishedAt, revisedAt, isDemonstration },
    },
  ]
}

function isAsked(item: Item, { kind, sector, severity, state, textLang }: TextFilter): boolean {
  return (
    (kind === '' || item.kind === kind) &&
    (sector === '' || item.sectors.includes(sector)) &&
    (severity === '' || item.severity === severity) &&
    (state === '' || stateOf(item) === state) &&
    (textLang === '' || item.lang === textLang)
  )
}

function stateOf({ isWithdrawn, version }: Item): string {
  if (isWithdrawn) return 'withdrawn'
  return version > 1 ? 'revised' : 'current'
}
