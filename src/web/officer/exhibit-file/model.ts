/** Taking a file into the vault: what for, and the file. */
import type { Because } from '../../../base/decision.ts'
import type { Control } from '../control.ts'

export type ExhibitFileModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  readonly take: Control
  readonly formToken: string
  readonly maxBytes: number
  readonly purpose: string
  /** A field that was missing or wrong. */
  readonly error?: 'file' | 'purpose'
  readonly refused?: readonly Because[]
}
