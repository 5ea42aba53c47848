/** Marking what a copy leaves out, the copy before it is made, and a copy beside its original. */
import type { Because } from '../../../base/decision.ts'

export type RedactModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  readonly exhibit: { readonly id: string; readonly name: string }
  /** `compare`: the copy and its original; else the original is marked. */
  readonly mode: 'redact' | 'compare'
  /** `ask`: nothing is open yet. */
  readonly step: 'ask' | 'mark' | 'preview' | 'compare'
  readonly action: string
  readonly formToken: string
  readonly purpose: string
  /** The original has one, which is opened first: why not that is asked. */
  readonly hasScrubbedCopy: boolean
  readonly whyOriginal: string
  readonly grounds: readonly string[]
  readonly refusedNow?: readonly Because[]
  /** Codes of what is missing in the marks. */
  readonly faults: readonly string[]
  readonly rows: readonly RedactRow[]
  /** Beside `rows`, of the copy. */
  readonly copy: readonly RedactRow[]
  readonly pages: readonly PageImage[]
  readonly copyPages: readonly PageImage[]
  /** Lines of the form for boxes, as they were sent; the last ones are empty. */
  readonly boxLines: readonly BoxLine[]
  readonly boxesMax: number
  /** Of the preview: what is sent again to make it. */
  readonly marks: string
  readonly leftovers: readonly { readonly place: string; readonly words: string }[]
  /** Of a comparison: the copy was made again and is the same. */
  readonly isSame: boolean
  readonly reviewHref: string
}

export type BoxLine = {
  readonly line: number
  readonly page: string
  readonly x: string
  readonly y: string
  readonly width: string
  readonly height: string
  readonly ground: string
  readonly reason: string
}

export type PageImage = { readonly page: number; readonly href: string }

export type RedactRow = {
  readonly index: number
  readonly place: string
  readonly depth: number
  readonly kind: 'text' | 'scalar' | 'group' | 'hidden' | 'part'
  readonly isFlat: boolean
  readonly hasName: boolean
  readonly runs: readonly { readonly text?: string; readonly why?: string }[]
}
