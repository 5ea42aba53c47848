/** Parts of models that several pages share. */
import { wantsProof } from '../app/acts-with-proof.ts'
import type { Because } from '../base/decision.ts'
import type { CalendarDate, Instant } from '../base/time.ts'

/** Another authority, or this one. */
export type AuthorityName = { readonly id: string; readonly name: string }

/** Who acted. A timer or a peer's message has no officer. */
export type Actor =
  | { readonly kind: 'officer'; readonly name: string }
  | { readonly kind: 'peer'; readonly name: string }
  | { readonly kind: 'timer' }
  | { readonly kind: 'reporter' }
  | { readonly kind: 'affectedPerson' }
  | { readonly kind: 'guest' }

/** Where a statement of law comes from. `url` only if the pack gives one. */
export type LawSource = {
  /** E.g. `art. 73(2)`. */
  readonly article: string
  readonly title: string
  readonly url?: string
  /** The pack's evidence mark, e.g. `primary`. */
  readonly evidence: string
}

export type Counting = { readonly on: CalendarDate; readonly text: string }

/** A refusal that happened, with its reasons. Shown where the act would have been. */
export type RefusalRow = {
  readonly act: string
  readonly why: string
  readonly because: readonly Because[]
  readonly at: Instant
  readonly by: Actor
  /** Opens the "why" page. */
  readonly decisionId: string
}

/** The stages of a log receipt, in order. */
export type ReceiptStage = 'accepted' | 'sequenced' | 'signed' | 'sealed'

/** An act as a link, or shown disabled with the reasons of the decision that forbids it. */
export type ActItem = {
  readonly act: string
  /** Added to the address for an act on one thing of the case, e.g. an exhibit's id. */
  readonly about?: { readonly id: string; readonly label: string }
  /** Asks for a fresh proof of who acts. */
  readonly asksProof?: true
} & (
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly because: readonly Because[] }
)

/** A stored file that may be fetched. */
export type FileRow = {
  readonly name: string
  readonly mediaType: string
  readonly sizeBytes: number
  readonly sha256: string
}

/** The proof may be given in another tab meanwhile, so its want closes no form. */
export function wantsOnlyProof({ decision, because }: Answer): boolean {
  return decision === 'refuse' && because.every(({ rule }) => rule === 'access:stepUpNeeded')
}

type Answer = { readonly decision: string; readonly because: readonly Because[] }

export function actItem(
  act: string,
  decision: { readonly decision: 'permit' | 'refuse'; readonly because: readonly Because[] },
  about?: { readonly id: string; readonly label: string },
): ActItem {
  const item = {
    act,
    ...(about === undefined ? {} : { about }),
    ...(wantsProof(act) ? { asksProof: true as const } : {}),
  }
  if (decision.decision === 'permit' || wantsOnlyProof(decision))
    return { ...item, isAllowed: true }
  return { ...item, isAllowed: false, because: decision.because }
}
