/** A way on that must not be a redirect: to a provider, or back from it into a strict session. */
export type GoModel = {
  readonly url: string
  /** Name of the provider; absent on the way back. */
  readonly provider?: string
}
