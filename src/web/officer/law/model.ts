/** Law packs for their sign-off: two officers read a version and sign it before its dates bind. */
import type { Because } from '../../../base/decision.ts'

export type OfficerLawModel = {
  readonly packs: readonly {
    readonly id: string
    readonly title: string
    readonly jurisdiction: string
    readonly version: string
    readonly sha256: string
    readonly signers: readonly { readonly name: string; readonly simulated: boolean }[]
    readonly signOff:
      | { readonly isAllowed: true; readonly action: string }
      | { readonly isAllowed: false; readonly because: readonly Because[] }
  }[]
  readonly formToken: string
  readonly simulated: boolean
  readonly refused?: readonly Because[]
}
