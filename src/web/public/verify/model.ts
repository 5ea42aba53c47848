/** How anyone checks a package or a receipt without this server. */
import type { FileRow } from '../../parts.ts'

export type VerifyModel = {
  readonly keys: readonly { readonly name: string; readonly vkey: string }[]
  /** The plain JavaScript verifier and the policy file. */
  readonly files: readonly FileRow[]
}
