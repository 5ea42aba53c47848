/**
 * A party of a disclosure that has no node speaks at its own seat: what its people say is the
 * step of their participant, recorded with who said it, and a task for the officers. With an
 * account or as a guest; what each may do is decided in core.
 */
import { type Static, Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../base/decision.ts'
import { instant } from '../base/time.ts'
import type { Admission, CaseAccessEvent } from '../core/access/case-access.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import {
  PRODUCT_JUSTIFICATIONS,
  PRODUCT_STATUSES,
  type SeatWord,
} from '../core/disclosure/events.ts'
import { publicLetters } from '../core/disclosure/machines.ts'
import { JUDGEMENTS, type Saying, speakAtSeat } from '../core/disclosure/seat.ts'
import { draftsOf } from '../core/disclosure/seat-view.ts'
import { accessContext } from './access.ts'
import { isPeerHere, oneOf } from './acts/coordination-lead.ts'
import { onlyTheLead, ownAnswer } from './acts/coordination-reasons.ts'
import { readingTasks, toldOf } from './answer-shared.ts'
import { foldCaseStream, noSuchCase } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import { admittedTo, type OtherSideDoor, seatOf } from './other-side.ts'
import type { OpenStream, Unit } from './ports/streams.ts'
import { askPeers, peersInCase, standingIntent, tellPeers } from './tell-terms.ts'

const text = Type.String({ minLength: 1, maxLength: 4000 })
const id = Type.String({ minLength: 1, maxLength: 100 })

/** One form for each thing that is said at a seat. */
export const SEAT_FORMS = {
  acknowledge: Type.Object({}),
  judgeReport: Type.Object({ step: oneOf(JUDGEMENTS), text }),
  answerEmbargo: Type.Object({ embargoId: id, answer: oneOf(['accept', 'decline'] as const) }),
  proposeTerms: Type.Object({
    until: Type.String({ maxLength: 30 }),
    text,
  }),
  stateProduct: Type.Object({
    product: Type.String({ maxLength: 200, pattern: '^\\S(.*\\S)?$' }),
    status: oneOf(PRODUCT_STATUSES),
    justification: Type.Optional(oneOf(PRODUCT_JUSTIFICATIONS)),
    text,
  }),
  reportProgress: Type.Object({ letter: oneOf(['F', 'D'] as const), text }),
  claimFact: Type.Object({ letter: oneOf(publicLetters), text }),
  commentDraft: Type.Object({
    /** `<trackingId>@<place in the history>` of the draft that was read. */
    draft: Type.String({ pattern: '^[A-Za-z0-9._-]{1,100}@[0-9]{1,9}$' }),
    text,
  }),
  leave: Type.Object({ keepsEmbargo: oneOf(['yes', 'no'] as const), text }),
} as const satisfies Record<SeatWord, unknown>

type Input<Word extends SeatWord> = Static<(typeof SEAT_FORMS)[Word]>

type Spoke = { readonly hasLeft: boolean }

/** `undefined`: the guest has no session, or nothing is shared with it any more. */
export async function speakFor(
  kernel: Kernel,
  door: OtherSideDoor,
  word: SeatWord,
  input: object,
): Promise<Decision<Spoke> | undefined> {
  const at = await seatOf(kernel, door)
  if (!at) return undefined
  const { caseId, acting } = at
  const saying = sayingOf(kernel, word, input)
  const [context, officers] = await Promise.all([accessContext(kernel), kernel.people.officers()])
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    if (stream?.kind !== 'case') throw noSuchCase()
    const state = foldCaseStream(stream.history)
    const admitted = admittedTo(state, { caseId, acting, context })
    if (admitted.decision === 'refuse') return admitted
    const decided = decideSaying(kernel, state, admitted.value, saying, acting)
    if (decided.decision === 'refuse') return decided
    await stream.append(decided.value, kernel.node.id)
    await tellTerms({ kernel, unit, stream, before: state })
    const told = toldOf(state, officers)
    const title = 'Read what a party said at its seat'
    for (const task of readingTasks(kernel, caseId, told, acting.now, title)) {
      await unit.addTask(task)
    }
    return permit({ hasLeft: word === 'leave' }, ...decided.because)
  })
}

/** The form's words as the step that they mean; what a form cannot say is drawn here. */
function sayingOf({ node, random }: Kernel, word: SeatWord, input: object): Saying {
  switch (word) {
    case 'acknowledge':
      return { word }
    case 'proposeTerms': {
      const { until, ...terms } = input as Input<'proposeTerms'>
      const made = { embargoId: random.uuid(), zone: node.zone }
      return { word, ...terms, until: instant(until, 'until'), ...made }
    }
    case 'commentDraft': {
      const { draft, text: said } = input as Input<'commentDraft'>
      const cut = draft.lastIndexOf('@')
      const trackingId = draft.slice(0, cut)
      return { word, trackingId, draftedAs: Number(draft.slice(cut + 1)), text: said }
    }
    case 'leave': {
      const { keepsEmbargo, text: said } = input as Input<'leave'>
      return { word, keepsEmbargo: keepsEmbargo === 'yes', text: said }
    }
    default:
      return { word, ...input } as Saying
  }
}

function decideSaying(
  kernel: Kernel,
  state: CaseState,
  admission: Admission,
  saying: Saying,
  acting: Acting,
): Decision<readonly CaseEvent[]> {
  const { person, speaksFor: participant } = admission
  if (participant === undefined) return refuse('notAsked', seatNeeded)
  if (state.lead !== kernel.node.id) return refuse('notTheLead', onlyTheLead)
  if (isPeerHere(kernel, participant)) return ownAnswer
  const drafts = draftsOf(state, admission)
  const seat = { participant, person, spokenId: kernel.random.uuid(), drafts }
  const decided = speakAtSeat(state.disclosure, seat, saying, acting)
  if (decided.decision === 'refuse') return decided
  if (saying.word === 'leave') {
    return permit([...decided.value, ...seatsEnded(state, participant)], ...decided.because)
  }
  if (saying.word !== 'proposeTerms') return decided
  const peers = peersInCase(kernel, state)
  const asked = askPeers(state.disclosure, peers, decided.value, acting)
  return permit([...decided.value, ...asked], ...decided.because)
}

const seatNeeded = {
  rule: 'disclosure:seat',
  text: 'this admission speaks for no participant of the disclosure',
}

/** Whoever left gets nothing more: all that speak for it lose their admission. */
function seatsEnded({ access }: CaseState, participant: string): readonly CaseAccessEvent[] {
  return access.admitted
    .filter(({ speaksFor }) => speaksFor === participant)
    .map(({ person }) => ({ type: 'personRemoved', person, reason: 'the participant left' }))
}

type Telling = {
  readonly kernel: Kernel
  readonly unit: Unit
  readonly stream: OpenStream
  readonly before: CaseState
}

/** Peers hear of terms that were proposed or came into force by what was said. */
async function tellTerms({ kernel, unit, stream, before }: Telling): Promise<void> {
  const state = foldCaseStream(stream.history)
  const intent = standingIntent(before.disclosure, state.disclosure)
  if (intent) await tellPeers({ kernel, unit, stream, state }, peersInCase(kernel, state), intent)
}
