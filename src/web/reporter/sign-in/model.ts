/** Entering a code: for a report's status. */
export type SignInModel = {
  readonly action: string
  readonly formToken: string
  readonly failure?: 'malformed' | 'unknown'
}
