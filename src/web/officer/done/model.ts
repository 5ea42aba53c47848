/** After an act whose result is shown once: a code to hand over, or what an exhibit holds. */
export type DoneModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  readonly act: string
  /** A code that is kept as a hash only. */
  readonly code?: string
  /** To send to a guest, apart from the code. */
  readonly link?: string
  /** The parts of an opened exhibit; a part without text is redacted. */
  readonly parts?: readonly { readonly part: number; readonly text?: string }[]
}
