/** Files of open data, each with the digest that is committed in the log. */
import type { Instant } from '../../../base/time.ts'
import type { FileRow } from '../../parts.ts'

export type OpenDataModel = {
  readonly files: readonly (FileRow & {
    readonly title: string
    readonly publishedAt: Instant
    readonly leafIndex?: number
  })[]
  readonly licence: string
}
