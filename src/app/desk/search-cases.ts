/** Search across the cases that one may see, and the found list as a file to take away. */
import { Type } from '@sinclair/typebox'
import type { Bytes } from '../../base/bytes.ts'
import { addMs, DAY_MS } from '../../base/time.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { listFilter } from '../access.ts'
import type { Kernel } from '../kernel.ts'
import type { Found, FoundCase, SearchQuery } from '../ports/search.ts'
import type { TableFormat } from '../ports/tables.ts'

export const searchForm = Type.Object({
  words: Type.Optional(Type.String({ maxLength: 200 })),
  phase: Type.Optional(Type.String({ maxLength: 20 })),
  peer: Type.Optional(Type.String({ maxLength: 100 })),
  agreement: Type.Optional(Type.String({ maxLength: 100 })),
  dueWithinDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 3650 })),
  isMine: Type.Boolean(),
})

export type SearchCases = {
  readonly words?: string
  readonly phase?: string
  readonly peer?: string
  readonly agreement?: string
  readonly dueWithinDays?: number
  readonly isMine: boolean
}

export async function searchCases(
  kernel: Kernel,
  asked: SearchCases,
  acting: Acting,
): Promise<Found> {
  const { words = '', phase, peer, agreement, dueWithinDays, isMine } = asked
  const query: SearchQuery = {
    words,
    hidden: await hiddenFrom(kernel, acting),
    ...(phase === undefined ? {} : { phase }),
    ...(peer === undefined ? {} : { peer }),
    ...(agreement === undefined ? {} : { agreement }),
    ...(isMine ? { handler: acting.officer } : {}),
    ...(dueWithinDays === undefined ? {} : { dueBy: addMs(acting.now, dueWithinDays * DAY_MS) }),
  }
  return kernel.desk.search.cases(query)
}

/** Cases that this person may not see. */
async function hiddenFrom(kernel: Kernel, acting: Acting): Promise<readonly string[]> {
  return kernel.registers.hiddenCases(await listFilter(kernel, acting))
}

export type ListWords = {
  /** Of the columns, in their order. */
  readonly columns: readonly string[]
  readonly refOf: (found: FoundCase) => string
  readonly leadOf: (found: FoundCase) => string
}

export function casesAsFile(
  { desk }: Kernel,
  { cases }: Found,
  format: TableFormat,
  { columns, refOf, leadOf }: ListWords,
): Promise<Bytes> {
  const rows = cases.map((one) => [
    refOf(one),
    one.title,
    one.phase,
    one.priority ?? '',
    leadOf(one),
    one.openedAt,
    one.changedAt,
    one.nextDueAt ?? '',
    one.isUnderEmbargo ? 'yes' : 'no',
  ])
  return desk.tables.write({ columns, rows }, format)
}
