/**
 * Calling a release back: one mechanism for every cause. The authority that released
 * withdraws, and the recipient shows and uses nothing of it from that moment on, owes its
 * deletion at once, and confirms it under its own signature.
 *
 * It is *withdrawn* where it was released and *retracted* where it arrived; people read
 * "called back" in both places.
 *
 * A retraction may arrive before its release: the release is then turned away. To call
 * back twice changes nothing. What happened stays in the history of both: that there was
 * a release, and that it was called back, never the content in the state.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import { isMatch } from '../triage/matching.ts'
import type { ReleaseState } from './release.ts'
import { openDuty, type TrackedDuty } from './tracked-duty.ts'

export const RETRACTION_CAUSES = [
  'emergencyNotValidated',
  'challengeUpheld',
  'consentWithdrawn',
  'error',
  'breach',
  'erased',
] as const
export type RetractionCause = (typeof RETRACTION_CAUSES)[number]

/** The recipient's word that nothing of it is left, signed with its message key. */
export type DeletionStatement = {
  readonly releaseId: string
  readonly confirmedAt: Instant
  /** Id of the message key. */
  readonly key: string
  /** Base64 over `retractionInput`. */
  readonly signature: string
}

export const KEPT_GROUNDS = ['legalHold', 'ownDuty'] as const

/** The recipient's word that it keeps it, signed with its message key. */
export type KeptStatement = {
  readonly releaseId: string
  readonly answer: 'partial' | 'refused'
  readonly ground: (typeof KEPT_GROUNDS)[number]
  /** The provision by which it is kept. */
  readonly law: string
  readonly answeredAt: Instant
  /** Id of the message key. */
  readonly key: string
  /** Base64 over `keptInput`. */
  readonly signature: string
}

export type RetractionEvent =
  | {
      /** Here, by the authority that released. The reason stays here; the cause travels. */
      readonly type: 'releaseWithdrawn'
      readonly releaseId: string
      readonly cause: RetractionCause
      readonly reason: string
    }
  | {
      /** At the recipient. */
      readonly type: 'releaseRetracted'
      readonly releaseId: string
      readonly from: string
      readonly cause: RetractionCause
      /** This authority, which owes the deletion. */
      readonly owedBy: string
    }
  | ({
      /** At the recipient: an officer made sure. */
      readonly type: 'retractionConfirmed'
      readonly proof: string
    } & DeletionStatement)
  | ({
      /** At the recipient of what was erased: it keeps some or all of it, on a ground. */
      readonly type: 'retractionKept'
    } & KeptStatement)
  | ({
      /** At the authority that released. */
      readonly type: 'retractionDone'
      readonly by: string
    } & DeletionStatement)

export type Withdrawal = {
  readonly cause: RetractionCause
  readonly reason: string
  readonly at: Instant
  readonly by: string
  /** The recipient's confirmation; null: it has not come. */
  readonly done: (DeletionStatement & { readonly by: string }) | null
}

/** At the recipient, of a release that came or has not come yet. */
export type Retraction = {
  readonly releaseId: string
  readonly from: string
  readonly cause: RetractionCause
  readonly at: Instant
  readonly confirmation: DeletionStatement | null
  /** Until it is confirmed: that it is kept, and on which ground. */
  readonly kept?: KeptStatement
}

export type WhyRetraction =
  | 'unknownRelease'
  | 'alreadyWithdrawn'
  | 'reasonMissing'
  | 'notRetracted'
  | 'alreadyConfirmed'
  | 'proofMissing'
  | 'notErased'
  | 'noHold'
  | 'alreadyKept'

type RetractionDecision = Decision<readonly RetractionEvent[], WhyRetraction>

/** For every cause, and by whoever decided it: an officer, an upheld challenge, a job. */
export function withdrawRelease(
  { permitted }: Pick<ReleaseState, 'permitted'>,
  command: {
    readonly releaseId: string
    readonly cause: RetractionCause
    readonly reason: string
  },
  _acting: Acting,
): RetractionDecision {
  const release = permitted.find(({ releaseId }) => releaseId === command.releaseId)
  if (!release) return no('unknownRelease', 'no permitted release has this id')
  if (release.withdrawn) return no('alreadyWithdrawn', 'the release was called back already')
  if (command.reason.trim() === '') return no('reasonMissing', 'it is said why it is called back')
  return permit([{ type: 'releaseWithdrawn', ...command }])
}

/** From the peer that released. Known or not yet known; the second time nothing happens. */
export function receiveRetraction(
  { retractions, received }: Pick<ReleaseState, 'retractions' | 'received'>,
  command: {
    readonly releaseId: string
    readonly from: string
    readonly cause: RetractionCause
  },
  { authority }: Acting,
): RetractionDecision {
  const { releaseId, from } = command
  const other = received.find((one) => one.releaseId === releaseId)
  if (other && other.from !== from) {
    return no('unknownRelease', 'only the authority that released calls it back')
  }
  if (retractionOf({ retractions }, releaseId, from)) return permit([])
  if (!other && unmet({ retractions, received }, from) >= UNMET_MAX) {
    return no('unknownRelease', `${UNMET_MAX} others were called back that never came`)
  }
  return permit([{ type: 'releaseRetracted', ...command, owedBy: authority }])
}

/** Ahead of its release a retraction names an id that anybody can make up. */
const UNMET_MAX = 100

function unmet({ retractions, received }: Parameters<typeof receiveRetraction>[0], peer: string) {
  const isHere = (id: string) => received.some(({ releaseId }) => releaseId === id)
  return retractions.filter(({ releaseId, from }) => from === peer && !isHere(releaseId)).length
}

/** That all of it is destroyed with the same decision is asked in case/discharge-in-case.ts. */
export function mayConfirmDeletion(
  state: Pick<ReleaseState, 'retractions'>,
  { releaseId, proof }: { readonly releaseId: string; readonly proof: string },
): Decision<Retraction, WhyRetraction> {
  const retraction = state.retractions.find((one) => one.releaseId === releaseId)
  if (!retraction) return no('notRetracted', 'this release was not called back')
  if (retraction.confirmation) return no('alreadyConfirmed', 'the deletion was confirmed')
  if (proof.trim() === '') return no('proofMissing', 'it is said how it was deleted and checked')
  return permit(retraction)
}

/** Only what was erased at its origin; what was called back for another cause goes at once. */
export function mayKeep(
  state: Pick<ReleaseState, 'retractions'>,
  { releaseId, ground, law }: Pick<KeptStatement, 'releaseId' | 'ground' | 'law'>,
  hasHold: boolean,
): Decision<Retraction, WhyRetraction> {
  const retraction = state.retractions.find((one) => one.releaseId === releaseId)
  if (!retraction) return no('notRetracted', 'this release was not called back')
  if (retraction.cause !== 'erased') return no('notErased', 'it was called back for another cause')
  if (retraction.confirmation) return no('alreadyConfirmed', 'the deletion was confirmed')
  if (retraction.kept) return no('alreadyKept', 'it was said already that it is kept')
  if (ground === 'legalHold' && !hasHold) return no('noHold', 'no legal hold stands in this case')
  if (law.trim() === '') return no('reasonMissing', 'it is said by which law it is kept')
  return permit(retraction)
}

/** The peer's confirmation; its signature was verified by the caller. */
export function receiveDone(
  { permitted }: Pick<ReleaseState, 'permitted'>,
  command: { readonly by: string } & DeletionStatement,
): RetractionDecision {
  const release = permitted.find(({ releaseId }) => releaseId === command.releaseId)
  if (!release || release.recipient !== command.by) {
    return no('unknownRelease', 'no release went to this authority under this id')
  }
  if (!release.withdrawn) return no('notRetracted', 'the release was not called back')
  if (release.withdrawn.done) return permit([])
  return permit([{ type: 'retractionDone', ...command }])
}

export function retractionOf(
  { retractions }: Pick<ReleaseState, 'retractions'>,
  releaseId: string,
  from: string,
): Retraction | undefined {
  return retractions.find((one) => one.releaseId === releaseId && one.from === from)
}

const RETRACTION_EVENTS: Readonly<Record<RetractionEvent['type'], true>> = {
  releaseWithdrawn: true,
  releaseRetracted: true,
  retractionConfirmed: true,
  retractionKept: true,
  retractionDone: true,
}

export function isRetractionEvent(event: { readonly type: string }): event is RetractionEvent {
  return Object.hasOwn(RETRACTION_EVENTS, event.type)
}

export function foldRetraction(
  state: ReleaseState,
  { event, at, by }: Pick<Recorded<RetractionEvent>, 'event' | 'at' | 'by'>,
): ReleaseState {
  const isIt = (one: { readonly releaseId: string }) => one.releaseId === event.releaseId
  switch (event.type) {
    case 'releaseWithdrawn': {
      const { cause, reason } = event
      const withdrawn = { cause, reason, at, by, done: null }
      const permitted = changeWhere(state.permitted, isIt, (it) => ({
        ...it,
        withdrawn,
        duties:
          it.sentAt === null || isMatch(it) ? it.duties : withDeletion(it.duties, it.recipient, at),
      }))
      return { ...state, permitted }
    }
    case 'releaseRetracted': {
      const { type: _, owedBy, ...facts } = event
      const retraction = { ...facts, at, confirmation: null }
      const received = changeWhere(state.received, isIt, (it) => ({
        ...it,
        view: {},
        duties: withDeletion(it.duties, owedBy, at),
      }))
      return { ...state, received, retractions: [...state.retractions, retraction] }
    }
    case 'retractionConfirmed': {
      const { type: _, proof: __, ...confirmation } = event
      const confirmed = changeWhere(state.retractions, isIt, (it) => ({ ...it, confirmation }))
      return { ...state, retractions: confirmed }
    }
    case 'retractionKept': {
      const { type: _, ...kept } = event
      // Open without a day: it ends when the ground ends.
      const received = changeWhere(state.received, isIt, (it) => ({
        ...it,
        duties: it.duties.map((duty) =>
          duty.dutyId === DELETION_DUTY ? { ...duty, dueAt: null } : duty,
        ),
      }))
      const retractions = changeWhere(state.retractions, isIt, (it) => ({ ...it, kept }))
      return { ...state, received, retractions }
    }
    case 'retractionDone': {
      const { type: _, ...done } = event
      const permitted = changeWhere(state.permitted, isIt, (it) => ({
        ...it,
        withdrawn: it.withdrawn && { ...it.withdrawn, done },
        duties: it.duties.map((duty) => (duty.dutyId === DELETION_DUTY ? ended(duty, at) : duty)),
      }))
      return { ...state, permitted }
    }
  }
}

export const DELETION_DUTY = 'retraction'
const DELETION_TEXT = 'it was called back: delete everything of it at once, and confirm it'
/** At once, as people can. A house rule. */
export const DELETION_MS = DAY_MS

/** A later day of deletion is overtaken; what forbids a use goes on. Both sides keep the same. */
function withDeletion(
  duties: readonly TrackedDuty[],
  owedBy: string,
  at: Instant,
): readonly TrackedDuty[] {
  const isOvertaken = ({ kind, dischargedAt }: TrackedDuty) =>
    (kind === 'deleteBy' || kind === 'returnBy') && dischargedAt === null
  const deletion = openDuty({
    dutyId: DELETION_DUTY,
    kind: 'deleteBy',
    text: DELETION_TEXT,
    owedBy,
    dueAt: addMs(at, DELETION_MS),
  })
  return [...duties.map((duty) => (isOvertaken(duty) ? ended(duty, at) : duty)), deletion]
}

function ended(duty: TrackedDuty, at: Instant): TrackedDuty {
  return { ...duty, dischargedAt: duty.dischargedAt ?? at }
}

function no(why: WhyRetraction, text: string): Refusal<WhyRetraction> {
  return refuse(why, { rule: `retraction:${why}`, text })
}
