/** What oversight has on record: statutes, inspections, draws, recommendations. No case content. */
import type { CalendarDate, Instant } from '../../../base/time.ts'
import type { Population, RecommendationStatus } from '../../../core/oversight/oversight.ts'
import type { Control } from '../../officer/control.ts'

export type OversightRecordModel = {
  readonly mandates: readonly {
    readonly body: string
    readonly statute: string
    readonly article: string
    readonly source: string
    readonly retrievedOn: CalendarDate
    readonly access: 'decisions' | 'content'
    readonly endedAt: Instant | null
    /** Opens content, and nobody has confirmed it yet. */
    readonly isWaiting: boolean
    readonly confirm?: Control
    readonly end?: Control
  }[]
  readonly inspections: readonly {
    readonly officer: string
    readonly question: string
    readonly cases: number
    readonly openedAt: Instant
    readonly finding: string | null
    readonly close?: Control
  }[]
  readonly draws: readonly {
    readonly drawId: string
    readonly population: Population
    readonly from: Instant
    readonly until: Instant
    readonly length: number
    readonly sampleSize: number
    readonly appearsAt: Instant
    readonly isHeld: boolean
  }[]
  readonly recommendations: readonly {
    readonly title: string
    readonly text: string
    /** Only where the reader may see the case. */
    readonly caseId: string | null
    readonly madeAt: Instant
    readonly dueAt: Instant
    readonly status: RecommendationStatus
    readonly answer: string | null
    readonly assessment: string | null
    readonly isPublished: boolean
    readonly controls: readonly { readonly act: string; readonly control: Control }[]
  }[]
  /** How often people of oversight opened cases, by person. */
  readonly looks: readonly { readonly name: string; readonly count: number }[]
  readonly add: {
    readonly recordMandate: Control
    readonly openInspection: Control
    readonly announceDraw: Control
    readonly makeRecommendation: Control
  }
}
