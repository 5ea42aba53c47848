/** What a page gives the script that shows an opened report: its questions in the officer's words. */
export type ReportWords = {
  readonly labels: Readonly<Record<string, string>>
  readonly choices: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** What each kind asks, in its order. */
  readonly kinds: Readonly<Record<string, readonly string[]>>
  /** Digests of the sets of forms that this node knows. */
  readonly forms: readonly string[]
  readonly notAnswered: string
  readonly known: string
  readonly unknown: string
}
