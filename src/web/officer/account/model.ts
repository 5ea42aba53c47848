/** One's own ways to sign in, and where one is signed in. */
import type { CalendarDate, Instant } from '../../../base/time.ts'
import type { Control } from '../control.ts'

export type AccountModel = {
  readonly formToken: string
  readonly sessions: readonly {
    readonly id: string
    readonly method: 'passkey' | 'oidc' | 'oneTime'
    readonly signedInAt: Instant
    readonly lastSeenAt: Instant
    readonly expiresAt: Instant
    readonly isThis: boolean
  }[]
  readonly passkeys: readonly {
    readonly id: string
    readonly name: string
    readonly createdAt: Instant
    readonly lastUsedAt?: Instant
    readonly suspendedAt?: Instant
  }[]
  /** Bound accounts, by the name of their provider. */
  readonly accounts: readonly { readonly name: string; readonly boundAt: Instant }[]
  readonly providers: readonly { readonly id: string; readonly name: string }[]
  readonly mayAddPasskey: boolean
  /** Codes that let somebody back into this account, the newest first, and by whom. */
  readonly waysBack: readonly {
    readonly by: string
    readonly givenAt: Instant
    readonly usedAt?: Instant
  }[]
  /** Changing how one signs in needs a fresh proof. */
  readonly needsStepUp: boolean
  /** For the feed of clocks. */
  readonly calendar: {
    readonly address: string
    /** What a calendar program says as the name of the user. */
    readonly user: string
    readonly make: Control
    /** Shown once, on the page that answers the form. */
    readonly password?: string
    readonly madeAt?: Instant
    readonly lastUsedOn?: CalendarDate
  }
  readonly failure?: 'passkey' | 'lastWay' | 'stepUp' | 'calendar'
}
