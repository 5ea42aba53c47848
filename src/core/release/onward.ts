/**
 * Passing on what came from a peer: the authority that holds it asks the one that it came
 * from, which says yes or no for one recipient and purpose. Both keep the question and the
 * answer. Under an agreement that never allows it the originator cannot say yes.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { AgreementDocument } from '../agreement/document.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import type { HeldContent, OnwardConsent } from './basis.ts'
import { mayGoOn } from './handling.ts'
import type { ReleaseState } from './release.ts'

export type OnwardQuestion = {
  readonly requestId: string
  /** The release that brought it to whoever asks. */
  readonly releaseId: string
  /** Node id of the authority that would get it. */
  readonly recipient: string
  readonly purpose: string
  readonly reason: string
}

export type OnwardEvent =
  | ({ readonly type: 'onwardConsentAsked' } & OnwardQuestion)
  /** At the originator; `from` asks. */
  | ({ readonly type: 'onwardConsentRequested'; readonly from: string } & OnwardQuestion)
  | {
      readonly type: 'onwardConsentDecided'
      readonly requestId: string
      readonly answer: 'consent' | 'refuse'
      readonly reason: string
    }
  /** At whoever asked. */
  | {
      readonly type: 'onwardConsentAnswered'
      readonly requestId: string
      readonly answer: 'consent' | 'refuse'
    }
  /** At the originator, which takes its yes back. The reason stays there. */
  | {
      readonly type: 'onwardConsentWithdrawn'
      readonly requestId: string
      readonly reason: string
    }
  /** At whoever had asked: nothing more goes on by it, and what went on is called back. */
  | { readonly type: 'onwardConsentEnded'; readonly requestId: string }

export type Onward = OnwardQuestion & {
  readonly side: 'holder' | 'originator'
  /** The peer: who asks, or who was asked. */
  readonly peer: string
  readonly answer: 'consent' | 'refuse' | null
  readonly askedAt: Instant
  /** When the consent was taken back. */
  readonly endedAt: Instant | null
}

export type WhyOnward =
  | 'unknownRelease'
  | 'contentRetracted'
  | 'sameAuthority'
  | 'alreadyAsked'
  | 'reasonMissing'
  | 'unknownRequest'
  | 'alreadyAnswered'
  | 'onwardNever'
  | 'notConsented'
  | 'notOursAlone'

type OnwardDecision = Decision<readonly OnwardEvent[], WhyOnward>
export type OnwardGround = {
  readonly document: AgreementDocument | null
  readonly inside: readonly HeldContent[]
}

type State = Pick<ReleaseState, 'permitted' | 'received' | 'retractions' | 'onward'>

export function askOnward(
  { received, retractions, onward }: State,
  command: OnwardQuestion,
  { authority }: Acting,
): OnwardDecision {
  const { releaseId, recipient, purpose, reason, requestId } = command
  const release = received.find((one) => one.releaseId === releaseId)
  if (!release) return no('unknownRelease', 'no release of a peer has this id')
  if (retractions.some((one) => one.releaseId === releaseId)) {
    return no('contentRetracted', 'it was called back and goes nowhere')
  }
  if ([release.from, authority].includes(recipient)) {
    return no('sameAuthority', 'no consent is needed for this recipient')
  }
  const isOpen = onward.some(
    (one) =>
      one.requestId === requestId ||
      (isSame(one, command) &&
        one.side === 'holder' &&
        one.answer !== 'refuse' &&
        one.endedAt === null),
  )
  if (isOpen) return no('alreadyAsked', 'this was asked already')
  if (reason.trim() === '' || purpose.trim() === '') {
    return no('reasonMissing', 'the originator is told for what, and why')
  }
  return permit([{ type: 'onwardConsentAsked', ...command }])
}

/** From the peer that got the release. */
export function receiveOnwardQuestion(
  { permitted, onward }: State,
  command: OnwardQuestion & { readonly from: string },
): OnwardDecision {
  const release = permitted.find(({ releaseId }) => releaseId === command.releaseId)
  if (!release || release.recipient !== command.from || release.withdrawn) {
    return no('unknownRelease', 'no release that still counts went to this authority under this id')
  }
  if (onward.some(({ requestId }) => requestId === command.requestId)) {
    return no('alreadyAsked', 'this was asked already')
  }
  return permit([{ type: 'onwardConsentRequested', ...command }])
}

/**
 * `document`: of the agreement under which it was released; `inside`: content of peers that
 * the release passed on. Nobody gives away more than was given to them.
 */
export function answerOnward(
  { permitted, onward }: State,
  command: {
    readonly requestId: string
    readonly answer: 'consent' | 'refuse'
    readonly reason: string
  },
  { document, inside }: OnwardGround,
): OnwardDecision {
  const { requestId, answer, reason } = command
  const asked = onward.find((one) => one.requestId === requestId && one.side === 'originator')
  if (!asked) return no('unknownRequest', 'nobody asked this')
  if (asked.answer !== null) return no('alreadyAnswered', 'the question was answered')
  if (reason.trim() === '') return no('reasonMissing', 'an answer is given with its reason')
  if (answer === 'consent' && document?.onwardTransfer.allowed !== 'withConsent') {
    return no('onwardNever', 'the agreement never allows that it is passed on')
  }
  const release = permitted.find(({ releaseId }) => releaseId === asked.releaseId)
  if (answer === 'consent' && release?.withdrawn) {
    return no('contentRetracted', 'the release was called back')
  }
  const kept = inside.find((content) => !mayGoOn(content, asked))
  if (answer === 'consent' && kept) {
    return no('notOursAlone', `${kept.originator}, from which it came, has not consented to that`)
  }
  return permit([{ type: 'onwardConsentDecided', ...command }])
}

export function receiveOnwardAnswer(
  { onward }: State,
  command: {
    readonly requestId: string
    readonly answer: 'consent' | 'refuse'
    readonly from: string
  },
): OnwardDecision {
  const { requestId, answer, from } = command
  const asked = onward.find((one) => one.requestId === requestId && one.side === 'holder')
  if (asked?.peer !== from) return no('unknownRequest', 'this authority was not asked')
  if (asked.answer !== null) return permit([])
  return permit([{ type: 'onwardConsentAnswered', requestId, answer }])
}

/** The originator takes a consent back. It is for good: who wants it again asks again. */
export function withdrawOnward(
  { onward }: Pick<ReleaseState, 'onward'>,
  { requestId, reason }: { readonly requestId: string; readonly reason: string },
): OnwardDecision {
  const asked = onward.find((one) => one.requestId === requestId && one.side === 'originator')
  if (!asked) return no('unknownRequest', 'nobody asked this')
  if (!isConsented(asked)) return no('notConsented', 'there is no consent that still counts')
  if (reason.trim() === '') return no('reasonMissing', 'it is said why a consent is taken back')
  return permit([{ type: 'onwardConsentWithdrawn', requestId, reason }])
}

/** From the peer that had consented; the second time nothing happens. */
export function receiveOnwardWithdrawal(
  { onward }: Pick<ReleaseState, 'onward'>,
  { requestId, from }: { readonly requestId: string; readonly from: string },
): OnwardDecision {
  const asked = onward.find((one) => one.requestId === requestId && one.side === 'holder')
  if (asked?.peer !== from) return no('unknownRequest', 'this authority was not asked')
  if (asked.endedAt !== null) return permit([])
  if (!isConsented(asked)) return no('notConsented', 'it had not consented')
  return permit([{ type: 'onwardConsentEnded', requestId }])
}

export function isConsented({ answer, endedAt }: Onward): boolean {
  return answer === 'consent' && endedAt === null
}

/** To whom the originator of a release consented, and for what. */
export function consentedTo(
  { onward }: Pick<ReleaseState, 'onward'>,
  releaseId: string,
): readonly OnwardConsent[] {
  return onward
    .filter((one) => one.side === 'holder' && one.releaseId === releaseId && isConsented(one))
    .map(({ recipient, purpose }) => ({ recipient, purpose }))
}

const ONWARD_EVENTS: Readonly<Record<OnwardEvent['type'], true>> = {
  onwardConsentAsked: true,
  onwardConsentRequested: true,
  onwardConsentDecided: true,
  onwardConsentAnswered: true,
  onwardConsentWithdrawn: true,
  onwardConsentEnded: true,
}

export function isOnwardEvent(event: { readonly type: string }): event is OnwardEvent {
  return Object.hasOwn(ONWARD_EVENTS, event.type)
}

export function foldOnward(
  state: ReleaseState,
  { event, at }: Pick<Recorded<OnwardEvent>, 'event' | 'at'>,
): ReleaseState {
  switch (event.type) {
    case 'onwardConsentAsked': {
      const { type: _, ...question } = event
      const from = state.received.find(({ releaseId }) => releaseId === event.releaseId)?.from ?? ''
      const asked = { ...NEW, ...question, side: 'holder', peer: from, askedAt: at } as const
      return { ...state, onward: [...state.onward, asked] }
    }
    case 'onwardConsentRequested': {
      const { type: _, from, ...question } = event
      const asked = { ...NEW, ...question, side: 'originator', peer: from, askedAt: at } as const
      return { ...state, onward: [...state.onward, asked] }
    }
    case 'onwardConsentDecided':
    case 'onwardConsentAnswered': {
      const { requestId, answer } = event
      const isIt = (one: Onward) => one.requestId === requestId
      return { ...state, onward: changeWhere(state.onward, isIt, (it) => ({ ...it, answer })) }
    }
    case 'onwardConsentWithdrawn':
    case 'onwardConsentEnded': {
      const isIt = ({ requestId }: Onward) => requestId === event.requestId
      const ended = (it: Onward) => ({ ...it, endedAt: at })
      return { ...state, onward: changeWhere(state.onward, isIt, ended) }
    }
  }
}

const NEW = { answer: null, endedAt: null } as const

function isSame(a: OnwardQuestion, b: OnwardQuestion): boolean {
  return a.releaseId === b.releaseId && a.recipient === b.recipient && a.purpose === b.purpose
}

function no(why: WhyOnward, text: string): Refusal<WhyOnward> {
  return refuse(why, { rule: `onward:${why}`, text })
}
