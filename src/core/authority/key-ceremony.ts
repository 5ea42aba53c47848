/**
 * What two people did to the node's keys, as the authority stream keeps it: public
 * parts only, and the functions of the people, never their names.
 */
import type { Instant } from '../../base/time.ts'

export type KeyCeremonyEvent = {
  readonly type: 'keyCeremonyHeld'
  readonly act: 'made' | 'rotated' | 'revoked' | 'retired' | 'sealed'
  /** Real time by the clock of the machine. */
  readonly heldAt: Instant
  /** Two functions, e.g. `administrator` and `oversight`. */
  readonly present: readonly string[]
  readonly keys: readonly {
    /** `message-2`, `column-1`. */
    readonly key: string
    /** Hex SHA-256 of the public part; of a column key, its check value. */
    readonly fingerprint: string
  }[]
}
