/** Everything that was written, once more before it is sent, and the file to go with it. */
import type { BasicReportModel } from '../basic/model.ts'

export type ReviewModel = Omit<BasicReportModel, 'trap'> & {
  readonly sector?: string
  /** This page cannot take it now. */
  readonly otherWays?: boolean
  /** Chosen law, or an empty text. */
  readonly law: string
}
