/** Messages with the reporter of a case, opened and sealed in the officer's browser. */
export type ReplyModel = {
  readonly head: { readonly id: string; readonly ref: string; readonly title: string }
  /** Undefined: the case came without a report. */
  readonly mailbox?: {
    readonly sealedReport: string
    readonly sendAddress: string
    readonly kinds: readonly string[]
    readonly textMax: number
    /** What the script needs; nothing of it is secret. */
    readonly sealing: {
      readonly origin: string
      readonly inner: readonly string[]
      readonly formToken: string
      readonly messages: readonly {
        readonly on: string
        readonly isFromReporter: boolean
        readonly kind: string
        /** Base64; null: the reporter deleted it. */
        readonly sealed: string | null
      }[]
    }
  }
}
