/**
 * The case page: everything an officer may see of one case, section by section.
 * Lists are in the order in which they are shown; presenter.ts has the orders
 * that need thought. Empty lists show what would stand there.
 */

import type { Because } from '../../../base/decision.ts'
import type { CalendarDate, Instant } from '../../../base/time.ts'
import type { HandOverState } from '../../../core/evidence/hand-over-state.ts'
import type {
  ActItem,
  Actor,
  AuthorityName,
  Counting,
  LawSource,
  ReceiptStage,
  RefusalRow,
} from '../../parts.ts'

export type CaseModel = {
  /** The reader is one of the two who took the reporter's contact out lately. */
  readonly hasOpenContact?: true
  /** The act that was just recorded. */
  readonly recorded?: string
  readonly id: string
  /** The human number given at triage, e.g. `MER-2026-0004`. */
  readonly ref: string
  readonly title: string
  readonly kinds: readonly ('enforcement' | 'disclosure' | 'assistance')[]
  readonly phase: string
  readonly lead: AuthorityName
  readonly isLead: boolean
  readonly openedAt: Instant
  readonly openedBy: Actor
  readonly nextClock?: Clock
  readonly subject: {
    readonly system: string
    readonly provider: string
    readonly deployer?: string
    /** Always said for companies of the demonstration. */
    readonly isInvented: boolean
  }
  /** Newest first. A page shows a dozen; the earlier ones stand behind a control. */
  readonly timeline: {
    readonly newest: readonly TimelineEntry[]
    readonly earlier: readonly TimelineEntry[]
  }
  /** Log receipts of all events, by how far they are. */
  readonly receipts: {
    readonly sealed: number
    readonly signed: number
    readonly waiting: number
  }
  readonly report?: ReportPanel
  readonly priority?: Priority
  readonly disclosure?: Disclosure
  readonly competence: readonly Competence[]
  readonly clocks: readonly Clock[]
  readonly newerLaw: readonly NewerLaw[]
  readonly releases: readonly Release[]
  readonly exhibits: readonly Exhibit[]
  readonly assistance: readonly Assistance[]
  readonly measures: Measures
  readonly rights: Rights
  readonly refusals: readonly RefusalRow[]
  readonly acts: readonly { readonly group: string; readonly items: readonly ActItem[] }[]
}

/** A newer version of law that the case was computed under, and what it would change. */
export type NewerLaw = {
  readonly pack: string
  readonly kept: string
  readonly newer: string
  /** In words, one each. Left out: the kept version is not loaded, so nothing is compared. */
  readonly changes?: readonly string[]
}

export type TimelineEntry = {
  readonly version: number
  readonly at: Instant
  readonly by: Actor
  /** The event's type, e.g. `caseOpened`. */
  readonly event: string
  readonly detail?: string
  /** Of its log receipt, which can be downloaded once it is sealed. */
  readonly stage: ReceiptStage
  readonly decisionId?: string
}

export type ReportPanel = {
  /** What the officer admitted, in the reporter's words or a summary. */
  readonly text: string
  readonly language: string
  readonly receivedOn: CalendarDate
  readonly level: string
  readonly isAlreadyPublic: boolean
  readonly references: readonly string[]
  readonly hasSealedContact: boolean
  readonly taxonomy: readonly {
    readonly scheme: string
    readonly term: string
    readonly code: string
  }[]
}

export type Priority = {
  readonly outcome: string
  readonly table: string
  readonly state: 'proposed' | 'accepted' | 'overruled'
  readonly inputs: readonly {
    readonly name: string
    readonly value: string
    readonly from: string
  }[]
  readonly by?: Actor
  readonly reason?: string
  readonly decisionId?: string
}

export type Disclosure = {
  /** Vultron's words: received, invalid, valid, deferred, accepted, closed. */
  readonly state: string
  readonly embargo: {
    readonly state: 'none' | 'proposed' | 'active' | 'revise' | 'exited'
    readonly endsAt?: Instant
  }
  readonly consents: readonly {
    readonly authority: AuthorityName
    readonly state: string
    readonly at?: Instant
  }[]
  readonly awareness: readonly { readonly fact: string; readonly holds: boolean }[]
}

export type Competence = {
  readonly authority: AuthorityName
  readonly jurisdiction: string
  readonly verdict: string
  readonly because: readonly Because[]
  readonly decisionId?: string
}

export type Clock = {
  readonly id: string
  readonly name: string
  readonly jurisdiction: string
  /** The clock words of the law engine, e.g. `due`, `confirm`, `not_started`. */
  readonly state: string
  /** Counted to the letter, and as the law of periods moves it. Either may be a date or an instant. */
  readonly strictDue?: Due
  readonly legalDue?: Due
  readonly source: LawSource
  readonly steps: readonly Counting[]
  readonly note?: string
  /** Who receives it, by the facts. */
  readonly owedTo?: string
  /** Where the report is filed; the designation, if this program is the official channel. */
  readonly filing?: {
    readonly where: string
    readonly designation: string | null
    readonly article: string
  }
  /** The clock of the same duty with the shorter period. */
  readonly governedBy?: string
  /** Of a recurring clock: which one, from 1. */
  readonly occurrence?: number
  readonly suspendedSince?: Instant
  /** What silence means, and the last day or moment before it may; absent without a receipt. */
  readonly silence?: { readonly effect: string; readonly source: string; readonly from?: Due }
  /** Questions whose answers could change it. */
  readonly asks?: readonly string[]
  /** The version of the law that it was computed under. */
  readonly law?: {
    readonly pack: string
    readonly version: string
    readonly sha256: string
    /** That version is not loaded: the clock stands as recorded. */
    readonly isLost: boolean
  }
}

export type Due = { readonly on: CalendarDate } | { readonly at: Instant }

export type Release = {
  readonly id: string
  /** Of an exhibit that was sent: whether it arrived, and whether it was accepted. */
  readonly handOver?: HandOverState
  readonly to: AuthorityName
  readonly title: string
  readonly state: string
  readonly at: Instant
  readonly by: Actor
  readonly purpose: string
  readonly agreement: { readonly id: string; readonly version: string; readonly sha256: string }
  readonly categories: readonly string[]
  readonly withheld: readonly { readonly what: string; readonly because: Because }[]
  readonly because: readonly Because[]
  readonly duties: readonly { readonly text: string; readonly due?: Due; readonly state: string }[]
  readonly decisionId: string
}

export type Exhibit = {
  readonly id: string
  readonly title: string
  readonly isInvented: boolean
  readonly sizeBytes: number
  readonly sha256: string
  readonly derivedFrom?: { readonly id: string; readonly title: string; readonly removed: string }
  readonly holds: readonly string[]
  readonly custody: readonly {
    readonly at: Instant
    readonly event: string
    readonly by: Actor
    readonly sha256: string
  }[]
}

export type Assistance = {
  readonly id: string
  readonly direction: 'incoming' | 'outgoing'
  readonly peer: AuthorityName
  readonly about: string
  readonly state: string
  readonly at: Instant
  readonly rightsTest: readonly { readonly part: string; readonly text: string }[]
  readonly reviewer?: { readonly name: string; readonly at: Instant; readonly reason: string }
  readonly because: readonly Because[]
  readonly decisionId?: string
}

export type Measures = {
  readonly operator?: string
  readonly ladder: readonly {
    readonly rung: number
    readonly measure: string
    readonly state: string
    readonly at?: Instant
    readonly by: readonly Actor[]
    readonly reason?: string
    readonly decisionId?: string
  }[]
  readonly hearing?: {
    readonly state: string
    readonly opensAt: Instant
    readonly endsAt: Instant
    readonly submissions: number
  }
}

export type Rights = {
  readonly notices: readonly {
    readonly person: string
    readonly state: string
    readonly due: Due
    readonly delayedBecause?: Because
    readonly sentAt?: Instant
  }[]
  readonly challenges: readonly {
    readonly id: string
    readonly at: Instant
    readonly state: string
    readonly text: string
    readonly reviewer?: string
    readonly outcome?: string
  }[]
}
