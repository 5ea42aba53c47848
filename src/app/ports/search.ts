/** Cases found by words and filters. Titles are sealed, so words are looked for in this process. */

import type { Instant } from '../../base/time.ts'
import type { CaseRow } from './registers.ts'

export type SearchQuery = {
  /** All of them must stand in the title or the number; empty: any case. */
  readonly words: string
  readonly phase?: string
  /** Node id of a peer that takes part. */
  readonly peer?: string
  /** Id of an agreement under which something was released. */
  readonly agreement?: string
  /** Officer id: only cases that this officer handles. */
  readonly handler?: string
  /** Only cases with a period that ends by then and is not met. */
  readonly dueBy?: Instant
  /** Cases that the one who asks may not see. */
  readonly hidden: readonly string[]
}

export type FoundCase = CaseRow & { readonly nextDueAt: Instant | undefined }

export type Found = {
  readonly cases: readonly FoundCase[]
  /** True if older cases that fit the filters were not looked at. */
  readonly isCut: boolean
}

export type Search = {
  /** Looks at the newest 10,000 cases that fit the filters; returns all that fit. */
  cases(query: SearchQuery): Promise<Found>
}
