/** Lines of thanks, for everybody: the running month is held back. */
import type { Projection } from '../../../app/ports/projection.ts'
import type { Thanks, ThanksRow } from '../../../app/ports/thanks.ts'
import type { CreditRole } from '../../../core/disclosure/recognition-events.ts'
import type { Database } from '../database.ts'
import { type List, listOf } from './list-rows.ts'

export function thanks(database: Database): Thanks {
  const shown = (before: string) => database.selectFrom('p_thanks').where('month', '<', before)
  return {
    async page({ before, year: asked, skip, limit }) {
      const months = await shown(before).select('month').distinct().execute()
      const years = [...new Set(months.map(({ month }) => Number(month.slice(0, 4))))]
      years.sort((a, b) => b - a)
      const year = asked ?? years[0]
      if (year === undefined) return { years, year, rows: [], total: 0 }
      const ofYear = shown(before).where('month', 'like', `${year}-%`)
      const { total } = await ofYear
        .select(({ fn }) => fn.countAll().as('total'))
        .executeTakeFirstOrThrow()
      const rows = await ofYear
        .select(['credit_id', 'name', 'roles', 'month'])
        .orderBy('month', 'desc')
        .orderBy('name')
        .orderBy('credit_id')
        .limit(limit)
        .offset(skip)
        .execute()
      return { years, year, rows: rows.map(rowOf), total: Number(total) }
    },
    async find(creditId, before) {
      const row = await shown(before)
        .select(['credit_id', 'name', 'roles', 'month'])
        .where('credit_id', '=', creditId)
        .executeTakeFirst()
      return row && rowOf(row)
    },
  }
}

type Found = {
  readonly credit_id: string
  readonly name: string
  readonly roles: readonly string[]
  readonly month: string
}

function rowOf({ credit_id, name, roles, month }: Found): ThanksRow {
  return { creditId: credit_id, name, roles: roles as readonly CreditRole[], month }
}

export function thanksList(lines: Projection['thanks']): List {
  return listOf(
    'p_thanks',
    lines,
    ({ creditId }) => ({ credit_id: creditId }),
    ({ name, roles, month }) => ({ name, roles: [...roles], month }),
  )
}
