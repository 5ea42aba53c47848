/** An officer's own sealing key: made in the browser, or with the `age` tool. */
import type { Because } from '../../../base/decision.ts'
import type { IntakeLayer, KeyKeeping } from '../../../core/sealing/events.ts'
import type { Control } from '../control.ts'

export type SealingKeyModel = {
  readonly own?: {
    readonly recipient: string
    readonly fingerprint: string
    readonly kept: KeyKeeping
    /** Undefined while the roster does not name it. */
    readonly layer?: IntakeLayer
  }
  readonly past: readonly { readonly fingerprint: string; readonly ended: string }[]
  /** Parts of filings that an old key of this officer still opens. */
  readonly openWithOld: number
  readonly announce: Control
  readonly lose: Control
  readonly formToken: string
  readonly refused?: readonly Because[]
}
