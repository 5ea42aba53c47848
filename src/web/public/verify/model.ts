/** How anyone checks a package or a receipt without this server. */
export type VerifyModel = {
  readonly keys: readonly {
    readonly name: string
    readonly role: 'log' | 'witness'
    readonly vkey: string
  }[]
  /** Whom this authority trusts about logs: served beside the checkpoint. */
  readonly policy: { readonly sizeBytes: number; readonly sha256: string; readonly text: string }
}
