/** The work list of reports that are sealed to an old roster. */
export type ResealModel = {
  readonly left: number
  readonly oldKeys: readonly { readonly name: string; readonly count: number }[]
  readonly roster: string
  readonly formToken: string
}
