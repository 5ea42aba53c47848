/**
 * Claims of the other side that parts of the case are confidential or under legal
 * privilege. A claim keeps those parts from leaving until an officer has decided it; a
 * rejection may be challenged, and nothing leaves before that time has run out or an
 * independent reviewer has decided. The window is Comity's own rule, not a law's.
 */
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import { FULL_REASON_MIN, isFullReason } from '../case/reason.ts'
import type { Acting, Recorded } from '../case/recorded.ts'

export const CLAIM_KINDS = ['confidentiality', 'legalPrivilege'] as const
export type ClaimKind = (typeof CLAIM_KINDS)[number]

/** How long a rejected claim still holds back, so that a challenge is not too late. */
export const CLAIM_CHALLENGE_MS = 7 * DAY_MS
const CLAIMS_MAX = 20
const CLAIM_TEXT_MAX = 4000

export type ClaimEvent =
  | {
      readonly type: 'claimFiled'
      readonly claimId: string
      /** As the case's history calls the person: an account, or a guest. */
      readonly person: string
      readonly kind: ClaimKind
      readonly exhibitIds: readonly string[]
      readonly categories: readonly string[]
      readonly text: string
    }
  | {
      readonly type: 'claimDecided'
      readonly claimId: string
      readonly outcome: 'accepted' | 'rejected'
      readonly reason: string
    }
  | {
      /** Opens an independent review of the rejection. */
      readonly type: 'claimChallenged'
      readonly claimId: string
      readonly text: string
    }

export type Claim = Omit<Extract<ClaimEvent, { type: 'claimFiled' }>, 'type'> & {
  readonly filedAt: Instant
  readonly outcome: 'accepted' | 'rejected' | null
  readonly reason: string | null
  readonly decidedAt: Instant | null
  readonly challenge: { readonly text: string; readonly at: Instant } | null
}

export type WhyNoClaim =
  | 'unknownPart'
  | 'nothingClaimed'
  | 'textTooShort'
  | 'textTooLong'
  | 'tooManyClaims'
  | 'unknownClaim'
  | 'alreadyDecided'
  | 'notRejected'
  | 'notYours'
  | 'tooLate'
  | 'alreadyChallenged'

type ClaimDecision = Decision<readonly ClaimEvent[], WhyNoClaim>

/** `known`: exhibits and categories that the case holds. */
export function fileClaim(
  claims: readonly Claim[],
  command: Omit<Extract<ClaimEvent, { type: 'claimFiled' }>, 'type'>,
  known: { readonly exhibitIds: readonly string[]; readonly categories: readonly string[] },
): ClaimDecision {
  const { person, exhibitIds, categories } = command
  const text = plain(command.text)
  if (exhibitIds.length + categories.length === 0) {
    return no('nothingClaimed', 'a claim names what it is about')
  }
  const isKnown =
    exhibitIds.every((id) => known.exhibitIds.includes(id)) &&
    categories.every((id) => known.categories.includes(id))
  if (!isKnown) return no('unknownPart', 'the case holds no such part')
  if (!isFullReason(text)) {
    return no('textTooShort', `a claim is reasoned, in at least ${FULL_REASON_MIN} characters`)
  }
  if (text.length > CLAIM_TEXT_MAX) {
    return no('textTooLong', `a claim has at most ${CLAIM_TEXT_MAX} characters`)
  }
  if (claims.filter((one) => one.person === person).length >= CLAIMS_MAX) {
    return no('tooManyClaims', `at most ${CLAIMS_MAX} claims in a case`)
  }
  return permit([{ type: 'claimFiled', ...command, text }])
}

export function decideClaim(
  claims: readonly Claim[],
  command: Omit<Extract<ClaimEvent, { type: 'claimDecided' }>, 'type'>,
  _acting: Acting,
): ClaimDecision {
  const claim = claims.find(({ claimId }) => claimId === command.claimId)
  if (!claim) return no('unknownClaim', 'there is no such claim')
  if (claim.outcome !== null) return no('alreadyDecided', 'the claim is decided')
  if (!isFullReason(command.reason)) return no('textTooShort', 'a claim is decided with a reason')
  return permit([{ type: 'claimDecided', ...command }])
}

/** Once, by whoever claimed, while the window is open. */
export function challengeClaim(
  claims: readonly Claim[],
  command: { readonly claimId: string; readonly person: string; readonly text: string },
  { now }: Pick<Acting, 'now'>,
): ClaimDecision {
  const { claimId, person } = command
  const text = plain(command.text)
  const claim = claims.find((one) => one.claimId === claimId)
  if (!claim) return no('unknownClaim', 'there is no such claim')
  if (claim.person !== person) return no('notYours', 'the claim is of somebody else')
  if (claim.outcome !== 'rejected' || claim.decidedAt === null) {
    return no('notRejected', 'only a rejection is challenged')
  }
  if (claim.challenge) return no('alreadyChallenged', 'the rejection was challenged')
  if (now >= addMs(claim.decidedAt, CLAIM_CHALLENGE_MS)) {
    return no('tooLate', 'the time for a challenge has run out')
  }
  if (!isFullReason(text)) return no('textTooShort', 'a challenge is reasoned')
  if (text.length > CLAIM_TEXT_MAX) return no('textTooLong', 'the text is too long')
  return permit([{ type: 'claimChallenged', claimId, text }])
}

type ReviewOfClaim = {
  readonly subject: { readonly kind: string; readonly id: string }
  readonly outcome: string | null
}

export type ClaimStanding = 'open' | 'accepted' | 'window' | 'inReview' | 'rejected'

/** Every standing but the last holds the claimed parts back. */
export function standingOf(
  claim: Claim,
  reviews: readonly ReviewOfClaim[],
  now: Instant,
): ClaimStanding {
  if (claim.outcome === null) return 'open'
  if (claim.outcome === 'accepted') return 'accepted'
  const review = reviews.findLast(
    ({ subject }) => subject.kind === 'claim' && subject.id === claim.claimId,
  )
  if (review?.outcome === 'upheld') return 'accepted'
  if (review) return review.outcome === null ? 'inReview' : 'rejected'
  const isOpen = claim.decidedAt !== null && now < addMs(claim.decidedAt, CLAIM_CHALLENGE_MS)
  return isOpen ? 'window' : 'rejected'
}

/** `exhibitIds`: the exhibit that is to leave and those from which it was made. */
export function claimsAgainst(
  state: { readonly claims: readonly Claim[]; readonly reviews: readonly ReviewOfClaim[] },
  asked: { readonly categories: readonly string[]; readonly exhibitIds: readonly string[] },
  now: Instant,
): readonly Because[] {
  return state.claims
    .filter((claim) => standingOf(claim, state.reviews, now) !== 'rejected')
    .filter(
      (claim) =>
        claim.categories.some((id) => asked.categories.includes(id)) ||
        claim.exhibitIds.some((id) => asked.exhibitIds.includes(id)),
    )
    .map((claim) => ({
      rule: `claim:${claim.kind}`,
      text: `a claim of ${claim.kind === 'legalPrivilege' ? 'legal privilege' : 'confidentiality'} over it stands: it is ${WORDS[standingOf(claim, state.reviews, now)]}`,
    }))
}

const WORDS: Readonly<Record<ClaimStanding, string>> = {
  open: 'not decided yet',
  accepted: 'accepted',
  window: 'rejected, and may still be challenged',
  inReview: 'rejected, and under independent review',
  rejected: 'rejected',
}

const plain = (text: string) => text.replaceAll('\r\n', '\n').trim()

export function isClaimEvent(event: { readonly type: string }): event is ClaimEvent {
  return Object.hasOwn(CLAIM_EVENTS, event.type)
}

export const CLAIM_EVENTS: Readonly<Record<ClaimEvent['type'], true>> = {
  claimFiled: true,
  claimDecided: true,
  claimChallenged: true,
}

export function foldClaims(
  claims: readonly Claim[],
  { event, at }: Pick<Recorded<ClaimEvent>, 'event' | 'at'>,
): readonly Claim[] {
  if (event.type === 'claimFiled') {
    const { type: _, ...facts } = event
    const open = { outcome: null, reason: null, decidedAt: null, challenge: null }
    return [...claims, { ...facts, ...open, filedAt: at }]
  }
  return changeWhere(
    claims,
    ({ claimId }) => claimId === event.claimId,
    (claim) =>
      event.type === 'claimDecided'
        ? { ...claim, outcome: event.outcome, reason: event.reason, decidedAt: at }
        : { ...claim, challenge: { text: event.text, at } },
  )
}

function no(why: WhyNoClaim, text: string): Refusal<WhyNoClaim> {
  return refuse(why, { rule: `claim:${why}`, text })
}
