/** One exhibit, shown to somebody from outside under a safeguard: its parts, or a look into a file. */
import type { ShownFile } from '../exhibit/model.ts'

export type SharedExhibitModel = {
  readonly name: string
  readonly purpose: string
  /** Back to what was shared. */
  readonly back: string
  /** A part without text is not shown in this copy. */
  readonly parts?: readonly { readonly part: number; readonly text?: string }[]
  readonly file?: {
    /** What it is said to be. */
    readonly mediaType: string
    readonly shown: ShownFile
    /** Of a person with an account. */
    readonly formToken?: string
  }
}
