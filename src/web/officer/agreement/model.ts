/** One agreement as an officer sees it: words beside data, how it stands, what may happen next. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'
import type { Actor } from '../../parts.ts'

export type ShownChange = { readonly where: string; readonly effect: string; readonly text: string }

export type AgreementModel = {
  readonly id: string
  readonly title: string
  readonly state: string
  readonly version: number
  readonly sha256: string
  readonly since?: Instant
  readonly validFromAt: Instant
  readonly reviewAt: Instant
  readonly sunsetAt: Instant
  readonly parties: readonly ShownParty[]
  /** A text that waits for signatures; absent: none does. */
  readonly waiting?: {
    readonly version: number
    readonly sha256: string
    readonly offeredBy: string
    readonly offeredAt: Instant
    readonly signBy?: Instant
    readonly rapid: boolean
    readonly reason: string
    readonly parties: readonly ShownParty[]
    /** Against the text that binds; absent: nothing binds yet. */
    readonly changes?: readonly ShownChange[]
  }
  readonly suspensions: readonly {
    readonly party: string
    readonly code: string
    readonly reason: string
    readonly reviewAt: Instant
    readonly clauses: readonly string[]
  }[]
  readonly retirement?: {
    readonly party: string
    readonly reason: string
    readonly endsAt: Instant
    readonly clauses: readonly string[]
  }
  readonly departures: readonly {
    readonly party: string
    readonly reason: string
    readonly endsAt: Instant
    readonly hasLeft: boolean
    readonly clauses: readonly string[]
  }[]
  readonly disputes: readonly {
    readonly clause: string
    readonly openedBy: string
    readonly openedAt: Instant
    readonly reason: string
    readonly suspendsClause: boolean
    readonly steps: readonly {
      readonly before: string
      readonly dueAt: Instant
      readonly outcome?: string
    }[]
    readonly resolution?: { readonly outcome: string; readonly reason: string }
  }[]
  readonly carveOuts: readonly { readonly ground: string; readonly count: number }[]
  readonly clauses: readonly {
    readonly id: string
    readonly kind: string
    readonly text: string
    readonly isHeld: boolean
    readonly data: readonly { readonly name: string; readonly value: string }[]
  }[]
  readonly findings: readonly {
    readonly severity: string
    readonly where: string
    readonly text: string
    readonly source?: string
  }[]
  readonly acts: readonly {
    readonly name: string
    readonly href: string
    /** Given if it is not possible now. */
    readonly because?: readonly Because[]
  }[]
  /** Where its text is written clause by clause, for whoever may change or offer one. */
  readonly writeHref?: string
  readonly versions: readonly {
    readonly version: number
    readonly sha256: string
    readonly since: Instant
    readonly endedAt?: Instant
    readonly changes: readonly ShownChange[]
  }[]
  readonly comments: readonly { readonly at: Instant; readonly by: Actor; readonly text: string }[]
  readonly history: readonly {
    readonly at: Instant
    readonly by: Actor
    readonly type: string
    readonly party?: string
    readonly text?: string
    readonly because?: readonly Because[]
  }[]
}

type ShownParty = {
  readonly name: string
  readonly signedAt?: Instant
  readonly hasSigned: boolean
  readonly isSimulated: boolean
  readonly bySilence: boolean
}
