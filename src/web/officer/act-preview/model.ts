/** What an act would make, before it is done: a letter, or what a person from outside will see. */
import type { Because } from '../../../base/decision.ts'
import type { LetterBlock } from '../../../core/desk/letter-text.ts'
import type { PreviewPart } from '../../officer/release-preview/model.ts'
import type { SharedViewModel } from '../../officer/shared-case/model.ts'
import type { PublicTextModel } from '../../public/public-text.ts'

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
  readonly publicText?: { readonly text: PublicTextModel; readonly isDemonstration: boolean }
  readonly release?: PreviewPart & {
    /** The release as it is filled in. */
    readonly whole: {
      readonly outcome: 'goes' | 'stays'
      readonly because: readonly Because[]
      readonly remedies?: readonly string[]
    }
  }
}
