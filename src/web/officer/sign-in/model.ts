/** How officers sign in at this node. */
export type OfficerSignInModel = {
  readonly methods: readonly 'demoLink'[]
  /** Set after a link that was used, too old or wrong. */
  readonly failure?: 'used' | 'expired' | 'unknown'
}
