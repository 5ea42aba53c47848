/** The gap matrix of a case: what each legal order has, and what none of these packs holds. */
import type { CalendarDate } from '../../../base/time.ts'
import type { LawSource } from '../../parts.ts'
import type { CaseHead, LawAsk } from '../case-law/model.ts'

export type CaseGapsModel = {
  readonly case: CaseHead
  readonly on: CalendarDate
  readonly ask: LawAsk
  readonly columns: readonly {
    readonly legalOrder: string
    readonly name: string
    readonly linked: 'yes' | 'open' | 'no'
    readonly competent: 'yes' | 'open' | 'no'
  }[]
  readonly rows: readonly {
    /** `obligations`, `powers`, `dataAccess`, `remedies` or `sanctions`. */
    readonly row: string
    /** One for each column. */
    readonly cells: readonly {
      readonly legalOrder: string
      readonly entries: readonly {
        readonly id: string
        readonly label: string
        readonly detail: string
        readonly state: string
        readonly from?: CalendarDate
        readonly source?: LawSource
      }[]
      /** Entries by state, for the table. */
      readonly counts: readonly { readonly state: string; readonly count: number }[]
    }[]
  }[]
  readonly gaps: readonly {
    readonly id: string
    readonly type: string
    readonly legalOrders: readonly string[]
    readonly text: string
    readonly articles: readonly { readonly id: string; readonly source: LawSource }[]
    readonly near: readonly string[]
    readonly clauses: readonly {
      readonly title: string
      readonly kind: string
      readonly text: string
      readonly parties: readonly string[]
      readonly annex?: string
      readonly cannotCure: string
    }[]
  }[]
  readonly undecided: readonly { readonly id: string; readonly questions: readonly string[] }[]
  readonly terms: readonly {
    readonly term: string
    readonly verdict: string
    readonly entries: readonly {
      readonly legalOrder: string
      readonly text: string
      readonly quote?: string
      readonly source: LawSource
    }[]
    readonly missing: readonly string[]
  }[]
}
