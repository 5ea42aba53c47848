/**
 * The board of a disclosure: everybody who takes part and how each stands, what waits for
 * whom, and what can be done now. Lists are in the order in which they are shown.
 */
import type { Instant } from '../../../base/time.ts'
import type {
  DisclosureRole,
  ProductJustification,
  ProductStatusWord,
  SeatWord,
} from '../../../core/disclosure/events.ts'
import type {
  ConsentState,
  EmbargoState,
  ReportState,
  VendorState,
} from '../../../core/disclosure/machines.ts'
import type { WaitingFor } from '../../../core/disclosure/waiting.ts'
import type { ActItem, AuthorityName } from '../../parts.ts'
import type { CaseHead } from '../case-law/model.ts'

export type CaseBoardModel = {
  readonly case: CaseHead
  readonly lead: AuthorityName
  /** Of a case that another authority leads, this shows only what was told here. */
  readonly isLead: boolean
  readonly embargo: {
    readonly state: EmbargoState
    /** In force, or the last that was. */
    readonly terms?: Terms
    readonly proposals: readonly Terms[]
    /** Set by the lead before anybody agreed. */
    readonly plannedEnd?: { readonly until: Instant; readonly zone: string }
    readonly ended?: { readonly why: string; readonly at: Instant }
  }
  readonly facts: readonly {
    readonly fact: 'publicAware' | 'exploitPublic' | 'attacksObserved'
    readonly holds: boolean
    readonly since?: Instant
  }[]
  readonly waiting: readonly {
    readonly what: WaitingFor
    readonly whom: AuthorityName
    readonly about?: AuthorityName
    readonly since?: Instant
    readonly dueAt?: Instant
    readonly isLate: boolean
  }[]
  /** Claims about the public facts, the undecided ones first. */
  readonly claims: readonly {
    readonly fact: 'publicAware' | 'exploitPublic' | 'attacksObserved'
    readonly by: AuthorityName
    readonly at: Instant
    readonly evidence: string
    readonly state: 'held' | 'adopted' | 'rejected'
    readonly decided?: { readonly at: Instant; readonly reason: string }
  }[]
  readonly participants: readonly BoardParticipant[]
  /** Which page of participants this is, from 1, and of how many. */
  readonly page: { readonly at: number; readonly of: number }
  readonly acts: readonly ActItem[]
}

type Terms = {
  readonly embargoId: string
  readonly until: Instant
  readonly zone: string
}

export type BoardParticipant = {
  readonly name: AuthorityName
  readonly isSelf: boolean
  readonly hasNode: boolean
  readonly roles: readonly DisclosureRole[]
  readonly report: { readonly state: ReportState; readonly since?: Instant }
  readonly consent: {
    /** Silence is told apart from a no. */
    readonly state: ConsentState | 'silent'
    readonly since?: Instant
    readonly answerBy?: Instant
    /** Ends of the open or binding terms it said yes to. */
    readonly to: readonly Instant[]
  }
  /** Of vendors only. */
  readonly vendor?: {
    readonly state: VendorState
    readonly since?: Instant
    /** Empty: no information. */
    readonly products: readonly {
      readonly product: string
      readonly status: ProductStatusWord
      readonly justification: ProductJustification | null
      readonly at: Instant
      readonly evidence: string
    }[]
  }
  /** Somebody speaks for it by a link or an account. */
  readonly hasSeat: boolean
  /** What was said at its seat, the latest first. */
  readonly said: readonly {
    readonly word: SeatWord
    readonly at: Instant
    readonly text?: string
    /** Of a comment: the draft that was read. */
    readonly draft?: string
  }[]
  readonly left?: { readonly at: Instant; readonly keepsEmbargo: boolean }
}
