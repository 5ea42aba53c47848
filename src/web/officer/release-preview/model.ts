/** What each authority would get of a case, and why not the rest. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'
import type { AuthorityName } from '../../parts.ts'

export type ReleasePreviewModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  readonly at: Instant
  readonly purpose: string
  readonly kind: string
  readonly purposes: readonly string[]
  readonly kinds: readonly string[]
  /** Whom the form offers; `chosen` is empty for all side by side. */
  readonly authorities: readonly AuthorityName[]
  readonly chosen: string
  /** One for each authority that was asked about. */
  readonly previews: readonly PreviewPart[]
  /** Side by side, where more than one was asked about. */
  readonly rows: readonly {
    readonly category: string
    readonly cells: readonly {
      readonly outcome: 'goes' | 'stays'
      /** The first reason of a no. */
      readonly because?: Because
    }[]
  }[]
}

/** Of one authority. */
export type PreviewPart = {
  readonly recipient: AuthorityName
  readonly agreement?: {
    readonly title: string
    readonly version: number
    readonly state: string
  }
  readonly goes: readonly {
    readonly category: string
    /** Every value that leaves, by its place in the content. */
    readonly content: readonly { readonly name: string; readonly value: string }[]
    readonly duties: readonly PreviewedDuty[]
    readonly because: readonly Because[]
  }[]
  readonly stays: readonly {
    readonly category: string
    readonly because: readonly Because[]
    /** What would make it possible, all of it together. */
    readonly remedies: readonly string[]
  }[]
  /** Exhibits about which the decision says the same. */
  readonly exhibits: readonly {
    readonly outcome: 'goes' | 'stays'
    readonly names: readonly PreviewedExhibit[]
    readonly duties: readonly PreviewedDuty[]
    readonly because: readonly Because[]
    readonly remedies: readonly string[]
  }[]
}

export type PreviewedDuty = {
  readonly text: string
  readonly owedBy: string
  readonly dueAt?: Instant
}

export type PreviewedExhibit = {
  readonly name: string
  readonly parts: number
  /** Parts that the copy does not show. */
  readonly hidden: number
  /** Nothing is left out of it yet: it was sealed here and is no redacted copy. */
  readonly isOriginal: boolean
}
