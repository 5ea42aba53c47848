/** One exhibit: what it is, who had it and what for, and what may be done with its bytes. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'
import type { Actor } from '../../parts.ts'
import type { Control } from '../control.ts'

export type ExhibitModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  readonly id: string
  readonly name: string
  readonly mediaType: string
  readonly origin: 'sealedHere' | 'redactedHere' | 'received'
  readonly sealed: { readonly sizeBytes: number; readonly sha256: string }
  /** Of a file. */
  readonly plaintext?: { readonly sizeBytes: number; readonly sha256: string }
  readonly isDestroyed: boolean
  /** Of what a peer sent: who, and whether it was accepted. */
  readonly arrived?: {
    readonly from: string
    readonly answer: 'open' | 'accepted' | 'rejected'
    readonly reason?: string
  }
  readonly custody: readonly {
    readonly at: Instant
    readonly event: string
    readonly by: Actor
    readonly purpose: string
    readonly sha256: string
    /** Of whoever looked and does not handle the case: a role. */
    readonly capacity?: string
  }[]
  /** Where the bytes of a file are asked for; both ask for a purpose. */
  readonly download?: Control
  readonly preview?: Control
  /** For oversight, whose inspection is the purpose. */
  readonly inspect?: Control
  /** The scrubbed copy, which is opened first. */
  readonly scrubbed?: { readonly id: string; readonly name: string }
  /** Of a scrubbed copy that a peer sent: the plaintext of the original that stayed there. */
  readonly copyOf?: { readonly digest: string; readonly tool: string; readonly version: string }
  /** Of a scrubbed copy: its original, and what was taken out of it. */
  readonly scrubOf?: {
    readonly id: string
    readonly removed: readonly { readonly what: string; readonly sizeBytes: number }[]
  }
  /** There is a file of which a scrubbed copy could be made. */
  readonly mayScrub: boolean
  readonly formToken: string
  /** What was asked for: pages, the beginning of a text, or why there is nothing to show. */
  readonly shown?: ShownFile
  readonly refused?: readonly Because[]
}

export type ShownFile = {
  /** What its bytes say it is; empty: no known kind. */
  readonly detected: readonly string[]
  /** It is said to be something else. */
  readonly isOther: boolean
  readonly text?: string
  readonly isWhole: boolean
  readonly undrawn?: string
  readonly sheet?: ShownSheet
}

export type ShownSheet = {
  readonly mediaType: string
  readonly first: number
  readonly last: number
  readonly count: number
  /** The last page that is shown here at all. */
  readonly end: number
  readonly purpose: string
  readonly whyOriginal: string
  readonly turnAt: string
  readonly pages: readonly { readonly page: number; readonly href: string }[]
  /** First pages of the sheets before and after. */
  readonly before?: number
  readonly after?: number
}
