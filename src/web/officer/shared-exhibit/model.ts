/** The parts of one exhibit, shown to somebody from outside under a safeguard. */
export type SharedExhibitModel = {
  readonly name: string
  readonly purpose: string
  /** Back to what was shared. */
  readonly back: string
  /** A part without text is not shown in this copy. */
  readonly parts: readonly { readonly part: number; readonly text?: string }[]
}
