/** Safe-harbour statements as officers see them: drafts with their second person, and what was issued. */
import type { Instant } from '../../../base/time.ts'
import type { ShownStatement } from '../../public/safe-harbour/model.ts'
import type { Control } from '../control.ts'

export type OfficerSafeHarbourModel = {
  readonly drafts: readonly (Omit<ShownStatement, 'standing' | 'file' | 'issuedAt'> & {
    readonly draftId: string
    readonly drafter: string
    readonly draftedAt: Instant
    readonly issue: Control
    readonly drop: Control
  })[]
  readonly issued: readonly (ShownStatement & { readonly withdraw: Control | null })[]
  readonly draft: Control
}
