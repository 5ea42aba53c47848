/** What the law packs say on the facts of one case, now: nothing of it is stored. */
import type { Because } from '../../../base/decision.ts'
import type { CalendarDate } from '../../../base/time.ts'
import type { LawSource } from '../../parts.ts'
import type { Clock } from '../case/model.ts'

export type CaseHead = { readonly id: string; readonly ref: string; readonly title: string }

/** How both pages about the law of a case are asked. */
export type LawAsk = {
  readonly formToken: string
  readonly orders: readonly {
    readonly code: string
    readonly name: string
    readonly isChosen: boolean
  }[]
  readonly turnover: string
  readonly currency: string
  /** Percent of turnover that a maximum should reach at least. */
  readonly share: string
  /** The field that could not be read. */
  readonly wrong?: string
}

export type CaseLawModel = {
  readonly case: CaseHead
  readonly on: CalendarDate
  readonly ask: LawAsk
  readonly versions: readonly {
    readonly id: string
    readonly version: string
    readonly isSignedOff: boolean
  }[]
  readonly facts: readonly { readonly name: string; readonly value: string }[]
  readonly questions: readonly {
    readonly fact: string
    readonly text: string
    readonly decides: number
  }[]
  readonly competent: readonly Authority[]
  readonly open: readonly Authority[]
  /** Open too, but nothing recorded points to their legal orders. */
  readonly elsewhere: readonly Authority[]
  readonly notCompetent: readonly Authority[]
  readonly leads: readonly CaseLead[]
  /** The facts do not say who leads. */
  readonly openLeads: readonly CaseLead[]
  readonly coordination?: Because
  readonly reached: readonly {
    readonly instrument: string
    readonly entity: string
    readonly role: string
    readonly state: 'yes' | 'open'
    readonly article: string
  }[]
  readonly clocks: {
    readonly dated: readonly Clock[]
    /** Act as the text says. */
    readonly undated: readonly Clock[]
    /** A fact decides whether they run; shown as if they did. */
    readonly open: readonly Clock[]
    /** Their start event is not recorded. */
    readonly waiting: readonly Clock[]
    readonly later: readonly Clock[]
  }
  /** By legal order, in the order of the ladder. */
  readonly powers: readonly {
    readonly legalOrder: string
    readonly measures: readonly CaseMeasure[]
  }[]
  readonly caps: readonly {
    readonly tier: string
    readonly for: string
    /** The maximum, a range, or alternatives in words; else the formula. */
    readonly amount: string
    readonly state: string
    readonly base?: string
    readonly steps: readonly string[]
    readonly isFloorOfCap: boolean
    readonly source: LawSource
  }[]
  readonly paths: readonly {
    readonly from: string
    readonly to: string
    readonly data: string
    readonly effect: string
    readonly direct: string
    readonly because: readonly Because[]
    readonly conditions: readonly Because[]
  }[]
}

export type CaseLead = {
  readonly instrument: string
  readonly outcome: string
  readonly who: string
  readonly because: readonly Because[]
  readonly dispute?: string
}

export type CaseMeasure = {
  readonly measure: string
  readonly authority: string
  readonly state: string
  readonly from?: CalendarDate
  readonly track: string
  readonly isCourtNeeded: boolean
  readonly conditions: readonly string[]
  readonly limits: readonly string[]
  readonly source: LawSource
}

export type Authority = {
  readonly legalOrder: string
  readonly name: string
  readonly instrument: string
  readonly source: LawSource
  readonly because: readonly Because[]
  readonly asks: readonly string[]
}
