/** What oversight tells the public: recommendations in words written for it, and its draws. */
import type { Instant } from '../../../base/time.ts'
import type { Population, RecommendationStatus } from '../../../core/oversight/oversight.ts'

export type PublicOversightModel = {
  readonly mandates: readonly {
    readonly body: string
    readonly statute: string
    readonly article: string
    readonly access: 'decisions' | 'content'
    /** Nobody has confirmed it yet: no content is read under it. */
    readonly isWaiting: boolean
  }[]
  readonly recommendations: readonly {
    readonly title: string
    readonly summary: string
    readonly status: RecommendationStatus
    readonly publishedAt: Instant
    readonly dueAt: Instant
  }[]
  readonly draws: readonly {
    readonly population: Population
    readonly length: number
    readonly sampleSize: number
    readonly listDigest: string
    readonly chain: string
    readonly round: number
    readonly appearsAt: Instant
    readonly signature: string | null
    readonly picked: readonly number[]
  }[]
}
