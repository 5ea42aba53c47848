/**
 * The seat of a party without a node: its people come by a link and a code, or with an
 * account, and what they say counts as the step of their participant, by the same machines
 * as everybody's. The lead keeps the case, so each saying is an event there, with the person
 * who said it. Nothing said here speaks for another participant.
 */
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import type { AdvisoryDraft } from './advisories.ts'
import { claimFact } from './claims.ts'
import { answerInvitation, mayReceiveContent } from './consent.ts'
import { type DisclosureState, type Participant, participantOf } from './disclosure-state.ts'
import { proposeEmbargo } from './embargo-start.ts'
import type {
  DisclosureEvent,
  ParticipantSpoke,
  ProductJustification,
  ProductStatusWord,
  SeatWord,
} from './events.ts'
import type { PublicLetter } from './machines.ts'
import { leaveEmbargo } from './participant.ts'
import { stateProduct } from './product-status.ts'
import { recordProgress } from './progress.ts'
import { isReason } from './reason.ts'
import {
  acceptReport,
  closeReport,
  deferReport,
  invalidateReport,
  validateReport,
} from './report.ts'
import { noStep, rules } from './rules.ts'

export const JUDGEMENTS = ['validate', 'invalidate', 'accept', 'defer', 'close'] as const
export type Judgement = (typeof JUDGEMENTS)[number]

export type Saying =
  | { readonly word: 'acknowledge' }
  | { readonly word: 'judgeReport'; readonly step: Judgement; readonly text: string }
  | {
      readonly word: 'answerEmbargo'
      readonly embargoId: string
      readonly answer: 'accept' | 'decline'
    }
  | {
      readonly word: 'proposeTerms'
      readonly embargoId: string
      readonly until: Instant
      readonly zone: string
      readonly text: string
    }
  | {
      readonly word: 'stateProduct'
      readonly product: string
      readonly status: ProductStatusWord
      readonly justification?: ProductJustification
      readonly text: string
    }
  | { readonly word: 'reportProgress'; readonly letter: 'F' | 'D'; readonly text: string }
  | { readonly word: 'claimFact'; readonly letter: PublicLetter; readonly text: string }
  | {
      readonly word: 'commentDraft'
      readonly trackingId: string
      readonly draftedAs: number
      readonly text: string
    }
  | { readonly word: 'leave'; readonly keepsEmbargo: boolean; readonly text: string }

export type Seat = {
  readonly participant: string
  /** As the case's history calls the person: an account, or a guest. */
  readonly person: string
  readonly spokenId: string
  /** Drafts that are shared with this very person. */
  readonly drafts: readonly AdvisoryDraft[]
}

/** As many as the message to peers takes. */
export const PROPOSALS_MAX = 20
const SAYINGS_A_DAY = 30
const SAYINGS_MAX = 300

/** Who may sit: a party that takes part and has not left. */
export function seatBar(
  state: DisclosureState,
  participant: string,
): Refusal<'unknownParticipant' | 'hasLeft'> | undefined {
  const known = participantOf(state, participant)
  if (known === undefined) return refuse('unknownParticipant', rules.known)
  return known.left === null ? undefined : refuse('hasLeft', rules.leftTakesNoStep)
}

/** What a participant says at its seat, with all that follows from it. */
export function speakAtSeat(
  state: DisclosureState,
  seat: Seat,
  saying: Saying,
  acting: Acting,
): Decision<readonly DisclosureEvent[]> {
  const bar = seatBar(state, seat.participant) ?? boundOf(state, seat, acting.now)
  if (bar) return bar
  const done = stepOf(state, seat, saying, acting)
  if (done.decision === 'refuse') return done
  return permit([spoken(seat, saying), ...done.value], ...done.because)
}

function stepOf(
  state: DisclosureState,
  seat: Seat,
  saying: Saying,
  acting: Acting,
): Decision<readonly DisclosureEvent[]> {
  const { participant } = seat
  switch (saying.word) {
    case 'acknowledge':
      return acknowledged(state, participant)
    case 'judgeReport': {
      const { step, text } = saying
      if (!isReason(text)) return refuse('reasonMissing', rules.evidenceNeeded)
      return JUDGE[step](state, { participant, reason: text }, acting)
    }
    case 'answerEmbargo':
      return answered(state, seat, saying, acting)
    case 'proposeTerms': {
      const { embargoId, until, zone, text: justification } = saying
      if (state.proposals.length >= PROPOSALS_MAX) return refuse('tooManyProposals', rules.manyOpen)
      const terms = { participant, embargoId, until, zone, justification }
      return proposeEmbargo(state, terms, acting)
    }
    case 'stateProduct': {
      const { word: _, text: evidence, ...product } = saying
      return stateProduct(state, { participant, ...product, evidence }, acting)
    }
    case 'reportProgress': {
      const { letter, text: evidence } = saying
      return recordProgress(state, { letter, participant, evidence }, acting)
    }
    case 'claimFact': {
      const { letter, text: evidence } = saying
      const claim = { claimId: seat.spokenId, letter, participant, evidence }
      return claimFact(state, claim, acting)
    }
    case 'commentDraft':
      return commented(state, seat, saying)
    case 'leave': {
      const { keepsEmbargo, text: reason } = saying
      return leaveEmbargo(state, { participant, keepsEmbargo, reason }, acting)
    }
  }
}

const JUDGE = {
  validate: validateReport,
  invalidate: invalidateReport,
  accept: acceptReport,
  defer: deferReport,
  close: closeReport,
}

/** That a report arrived moves no machine; there must be one. */
export function acknowledged(
  state: DisclosureState,
  participant: string,
): Decision<readonly DisclosureEvent[], 'stepNotInMachine' | 'alreadyAcknowledged'> {
  if (participantOf(state, participant)?.reportState === 'start') {
    return refuse('stepNotInMachine', noStep(rules.reportMachine, 'start', 'acknowledge'))
  }
  const isSaid = state.spoken.some(
    (one) => one.participant === participant && one.word === 'acknowledge',
  )
  return isSaid ? refuse('alreadyAcknowledged', rules.acknowledgedOnce) : permit([])
}

function answered(
  state: DisclosureState,
  { participant, spokenId }: Seat,
  { answer, embargoId }: Extract<Saying, { word: 'answerEmbargo' }>,
  acting: Acting,
): Decision<readonly DisclosureEvent[]> {
  const { embargo } = state
  if (embargo === 'none' || embargo === 'exited') {
    return refuse('stepNotInMachine', noStep(rules.embargoMachine, embargo, answer))
  }
  const decided = answerInvitation(state, { participant, answer, embargoId }, acting)
  if (decided.decision === 'refuse') return decided
  const events = decided.value.map((event) =>
    event.type === 'consentChanged' && event.participant === participant && event.event === answer
      ? { ...event, evidence: `said at its own seat: ${spokenId}` }
      : event,
  )
  return permit(events, ...decided.because)
}

function commented(
  state: DisclosureState,
  { participant, drafts }: Seat,
  { trackingId, draftedAs, text }: Extract<Saying, { word: 'commentDraft' }>,
): Decision<readonly DisclosureEvent[]> {
  const content = mayReceiveContent(state, participant)
  if (content.decision === 'refuse') return content
  const draft = drafts.find((one) => one.trackingId === trackingId)
  if (!draft) return refuse('draftNotShared', rules.draftShared)
  if (draft.draftedAs !== draftedAs) return refuse('draftChanged', rules.draftChanged)
  return isReason(text) ? permit([]) : refuse('reasonMissing', rules.evidenceNeeded)
}

function spoken({ participant, person, spokenId }: Seat, saying: Saying): ParticipantSpoke {
  const text = 'text' in saying ? { text: saying.text } : {}
  const draft =
    saying.word === 'commentDraft'
      ? { draft: { trackingId: saying.trackingId, draftedAs: saying.draftedAs } }
      : {}
  return {
    ...{ type: 'participantSpoke', spokenId, participant, person, word: saying.word },
    ...text,
    ...draft,
  } as const
}

function boundOf(
  { spoken: said }: DisclosureState,
  { participant }: Seat,
  now: Instant,
): Refusal<'tooManySayings'> | undefined {
  const own = said.filter((one) => one.participant === participant)
  const aDayAgo = addMs(now, -DAY_MS)
  const today = own.filter(({ at }) => at > aDayAgo)
  const isFull = own.length >= SAYINGS_MAX || today.length >= SAYINGS_A_DAY
  return isFull ? refuse('tooManySayings', sayingsLimit) : undefined
}

const sayingsLimit: Because = {
  rule: 'disclosure.sayingsLimit',
  text: `A participant says at most ${SAYINGS_A_DAY} things a day at its seat, and ${SAYINGS_MAX} in a case.`,
}

/** Which word is open to a participant, as far as its states say; the rest shows in the decision. */
export function openAtSeat(
  state: DisclosureState,
  own: Participant,
  drafts: readonly AdvisoryDraft[],
): Readonly<Record<SeatWord, Decision<unknown>>> {
  const left = seatBar(state, own.id)
  const either = (decision: Decision<unknown>) => left ?? decision
  const content = mayReceiveContent(state, own.id)
  const isOpen = state.embargo !== 'none' && state.embargo !== 'exited'
  const isVendor = own.roles.includes('vendor')
  return {
    acknowledge: either(acknowledged(state, own.id)),
    judgeReport: either(
      own.reportState === 'start' || own.reportState === 'closed'
        ? refuse('stepNotInMachine', noStep(rules.reportMachine, own.reportState, 'judge'))
        : permit(null),
    ),
    answerEmbargo: either(
      isOpen
        ? permit(null)
        : refuse('stepNotInMachine', noStep(rules.embargoMachine, state.embargo, 'accept')),
    ),
    proposeTerms: either(
      state.embargo === 'exited' ? refuse('embargoOver', rules.embargoOver) : permit(null),
    ),
    stateProduct: either(
      !isVendor
        ? refuse('notTheirStep', rules.vendorsSpeakOfProducts)
        : own.vendorState === 'vfd'
          ? refuse('vendorNotAware', rules.knowsFirst)
          : permit(null),
    ),
    reportProgress: either(
      !isVendor
        ? refuse('notTheirStep', rules.ownProgress)
        : own.vendorState === 'vfd' || own.vendorState === 'VFD'
          ? refuse('stepNotInMachine', noStep(rules.caseMachine, own.vendorState, 'F'))
          : permit(null),
    ),
    claimFact: either(permit(null)),
    commentDraft: either(
      content.decision === 'refuse'
        ? content
        : drafts.length > 0
          ? permit(null)
          : refuse('draftNotShared', rules.draftShared),
    ),
    leave: either(permit(null)),
  }
}
