/** The list of cases, filtered and ordered as the address says. Pure. */
import type { CaseRow } from '../../../app/ports/registers.ts'
import type { Names } from '../case/names.ts'
import { caseRef } from '../case/present-case.ts'
import type { CasesModel } from './model.ts'

type Filter = CasesModel['filter']

const ORDERS = ['newest', 'oldest', 'title'] as const
const TEXT_MAX = 100

/** What cannot be read in the address filters nothing. */
export function readFilter(query: Readonly<Record<string, unknown>>): Filter {
  const textOf = (name: string) => {
    const value = query[name]
    return typeof value === 'string' ? value.slice(0, TEXT_MAX).trim() : ''
  }
  const order = ORDERS.find((known) => known === textOf('order')) ?? 'newest'
  return { text: textOf('text'), phase: textOf('phase'), lead: textOf('lead'), order }
}

export type CasesView = {
  readonly names: Names
  /** Outcomes of the priority table, by key. */
  readonly priorities: readonly { readonly key: string; readonly name: string }[]
}

export function casesModel(rows: readonly CaseRow[], view: CasesView, filter: Filter): CasesModel {
  const listed = rows.map((row) => listRow(row, view))
  const text = filter.text.toLocaleLowerCase()
  const found = listed.filter(
    ({ title, ref, phase, lead }) =>
      (filter.phase === '' || phase === filter.phase) &&
      (filter.lead === '' || lead.id === filter.lead) &&
      (text === '' || `${ref} ${title}`.toLocaleLowerCase().includes(text)),
  )
  const leads = new Map(listed.map(({ lead }) => [lead.id, lead]))
  return {
    filter,
    phases: [...new Set(rows.map(({ phase }) => phase))].sort(),
    leads: [...leads.values()],
    cases: found.sort(COMPARE[filter.order]),
    total: rows.length,
  }
}

type Listed = CasesModel['cases'][number]

function listRow(row: CaseRow, { names, priorities }: CasesView): Listed {
  const { id, title, phase, openedAt, changedAt, isUnderEmbargo } = row
  const outcome = priorities.find(({ key }) => key === row.priority)?.name ?? row.priority
  return {
    id,
    ref: caseRef(id, openedAt, names.own.id),
    title,
    phase,
    lead: names.authority(row.lead),
    openedAt,
    changedAt,
    isUnderEmbargo,
    ...(outcome === undefined ? {} : { priority: outcome.toLowerCase() }),
  }
}

const COMPARE: Readonly<Record<Filter['order'], (a: Listed, b: Listed) => number>> = {
  newest: (a, b) => b.changedAt.localeCompare(a.changedAt),
  oldest: (a, b) => a.openedAt.localeCompare(b.openedAt),
  title: (a, b) => a.title.localeCompare(b.title),
}
