/** What an act would make, before it is done: a letter, or what a person from outside will see. */
import type { LetterBlock } from '../../../core/desk/letter-text.ts'
import type { SharedViewModel } from '../../officer/shared-case/model.ts'

export type ActPreviewModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  readonly act: string
  /** Where the form goes that does the act, and the one that leads back to its fields. */
  readonly action: string
  readonly back: string
  /** The form as it was sent, to be sent again. */
  readonly sent: readonly { readonly name: string; readonly value: string }[]
  readonly letter?: { readonly blocks: readonly LetterBlock[]; readonly hasPdf: boolean }
  readonly view?: SharedViewModel
}
