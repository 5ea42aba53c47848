/**
 * Events of officers' sealing keys. Those of the authority stream say to whom this
 * authority seals, and leave with evidence packages. Those of the sealing stream are
 * the work on it: proposals, recovery, sealing again. They never leave the node.
 */
import type { Instant } from '../../base/time.ts'

/** `browser`: made there and not extractable; `file`: an age identity that the officer keeps. */
export type KeyKeeping = 'browser' | 'file'
export type IntakeLayer = 'inner' | 'outer'

export type RosterEntry = {
  /** Public age recipient. */
  readonly recipient: string
  readonly layer: IntakeLayer
  /** Officer id, or the id of an escrow set. */
  readonly holder: { readonly officer: string } | { readonly escrow: string }
}

export type SealingRoster = readonly RosterEntry[]

export type SealingKeyEvent =
  | {
      readonly type: 'sealingKeyAnnounced'
      readonly officer: string
      readonly recipient: string
      readonly kept: KeyKeeping
    }
  | {
      readonly type: 'sealingKeyEnded'
      readonly officer: string
      readonly recipient: string
      readonly why: 'lost' | 'replaced' | 'left'
    }
  | {
      readonly type: 'sealingRosterSet'
      readonly entries: SealingRoster
      /** SHA-256 of the recipients by layer, hex: what a filing's receipt states. */
      readonly digest: string
      /** Who proposed it; null for the roster that the setup listed. */
      readonly proposedBy: string | null
    }

export type RosterProposed = {
  readonly type: 'rosterProposed'
  readonly proposalId: string
  readonly entries: SealingRoster
  readonly until: Instant
  /** In whose place it was proposed, where that was by a delegation. */
  readonly inPlaceOf: string | null
}

export type EscrowShare = {
  /** From 1. */
  readonly index: number
  /** The officer who holds it, or the name of a person outside. */
  readonly holder: { readonly officer: string } | { readonly person: string }
  /** SHA-256 of the share, hex: tells a wrong share from the right one, and nothing else. */
  readonly digest: string
  /** Sealed to the officer's key, base64; null if it was printed. */
  readonly sealed: string | null
}

export type EscrowMade = {
  readonly type: 'escrowMade'
  readonly setId: string
  readonly recipient: string
  readonly threshold: number
  readonly shares: readonly EscrowShare[]
}

export type RecoveryRequested = {
  readonly type: 'recoveryRequested'
  readonly requestId: string
  readonly setId: string
  readonly ground: string
  /** The requester's own sealing key: to it the holders seal their shares. */
  readonly recipient: string
  readonly until: Instant
}

/** A file by its position in the report, a message by its id. */
export type FilingPart = 'report' | 'contact' | `attachment-${number}` | `message-${string}`

const FILING_PART =
  /^(?:report|contact|attachment-1?[0-9]|message-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

export function isFilingPart(text: string): text is FilingPart {
  return FILING_PART.test(text)
}

export type ResealedItem = {
  readonly filingId: string
  readonly part: FilingPart
  /** SHA-256 of the sealed bytes before and after, and of what is inside; hex. */
  readonly from: string
  readonly to: string
  /** Null where the officer saw the outer layer only. */
  readonly content: string | null
}

/** An officer tried and could not: another one has to find the same before it is closed. */
export type FilingNotOpened = {
  readonly type: 'filingNotOpened'
  readonly filingId: string
  readonly why: WhyNotOpened
}

/** Nobody's key fits; or a key fits, and what is inside is no report. */
export const WHY_NOT_OPENED = ['noKeyFits', 'notReadable'] as const
export type WhyNotOpened = (typeof WHY_NOT_OPENED)[number]

/** An officer opened a file of a report beside its cleaned copy, and why. */
export type OriginalOpened = {
  readonly type: 'originalOpened'
  readonly filingId: string
  readonly part: FilingPart
  readonly why: string
}

/** What the two officers did with a contact that they took out, before they did it. */
export const CONTACT_STEPS = ['fetched', 'outerOpened', 'read'] as const
export type ContactStep = (typeof CONTACT_STEPS)[number]

/** `outerOpened` and `read` happen in a browser: they are the officer's word. */
export type ContactHandled = {
  readonly type: 'contactHandled'
  readonly filingId: string
  readonly step: ContactStep
}

export type SealingWorkEvent =
  | RosterProposed
  | {
      readonly type: 'rosterProposalEnded'
      readonly proposalId: string
      readonly outcome: 'approved' | 'rejected' | 'withdrawn'
    }
  | EscrowMade
  | RecoveryRequested
  | {
      readonly type: 'recoveryShareGiven'
      readonly requestId: string
      readonly index: number
      /** Sealed to the requester, base64; null if it was typed at the requester's desk. */
      readonly sealed: string | null
    }
  | { readonly type: 'recoveryCancelled'; readonly requestId: string; readonly reason: string }
  | { readonly type: 'recoveryCompleted'; readonly requestId: string }
  | {
      readonly type: 'filingsResealed'
      /** Digest of the roster that they are sealed to now. */
      readonly roster: string
      readonly items: readonly ResealedItem[]
    }
  | FilingNotOpened
  | OriginalOpened
  | ContactHandled
  | { readonly type: 'filingClosed'; readonly filingId: string }
