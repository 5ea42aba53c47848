/**
 * What this authority erased, in a stream of its own that outlives the cases: on which
 * ground, by whom, and what became of it at those to whom it had gone.
 *
 * It holds ids, dates and words about the law, never what was erased. Log entries of what
 * was erased stay, and every proof about them; what they commit to nobody can show any more.
 */
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import type { DeletionStatement, KeptStatement } from '../release/retraction.ts'

export const ERASURE_GROUNDS = [
  'retentionEnded',
  'erasureRight',
  'courtOrder',
  'unlawfulProcessing',
] as const
export type ErasureGround = (typeof ERASURE_GROUNDS)[number]

/** Why and by whose authority; no word about what is erased. */
export type ErasureBasis = {
  readonly ground: ErasureGround
  /** The provision, as people cite it. */
  readonly law: string
  /** Who decided that it has to go: a body, with its reference. */
  readonly orderedBy: string
}

/** What is asked of one to whom something of it was released. */
export type ErasureRequest = {
  readonly releaseId: string
  /** Node id, or how the recipient without a node is called here. */
  readonly recipient: string
  /** How recipient and this node name the case. */
  readonly caseId: string
  /** Null: it has no node, and is told by letter. */
  readonly dueAt: Instant | null
  /** Id of the agreement whose quorum its receipts are checked with. */
  readonly agreement?: string | null
}

/** That the recipient's log holds its answer, as it was verified here. */
export type AnswerReceipt = {
  /** Of its log. */
  readonly origin: string
  readonly leafIndex: number
  readonly treeSize: number
  /** Names of the witnesses that had cosigned. */
  readonly witnesses: readonly string[]
  /** As it came, to be handed on and checked again: `EventOpening`. */
  readonly opening: object
}

export type ErasureEvent =
  | ({
      readonly type: 'caseErased'
      readonly erasureId: string
      readonly caseId: string
      /** How many events it had: as many log entries stay. */
      readonly events: number
      readonly proposedBy: string
      readonly requests: readonly ErasureRequest[]
    } & ErasureBasis)
  /** The same for outsiders: what is shown of it names nobody and no recipient. */
  | ({
      readonly type: 'erasureStated'
      readonly erasureId: string
      readonly caseId: string
      readonly events: number
      /** Hex: over the commitments of its log entries, in the order of its events (`log.md`). */
      readonly entriesRoot: string
    } & ErasureBasis)
  /** What a recipient says became of it there, under its own signature. */
  | ({
      readonly type: 'erasureAnswered'
      readonly erasureId: string
      readonly from: string
    } & ErasureAnswer)
  /** Its log holds that answer. */
  | {
      readonly type: 'erasureAnswerLogged'
      readonly erasureId: string
      readonly from: string
      readonly releaseId: string
      readonly answer: ErasureAnswer['answer']
      readonly receipt: AnswerReceipt
    }

/** `done`: nothing is left. Else some or all of it is kept, on a ground. */
export type ErasureAnswer = ({ readonly answer: 'done' } & DeletionStatement) | KeptStatement

/** Open until it is done; who keeps it on a ground is asked by nobody but people. */
export type AskedErasure = ErasureRequest & {
  readonly answer: (ErasureAnswer & { readonly at: Instant }) | null
  /** Of that answer. */
  readonly receipt: AnswerReceipt | null
}

export type Erasure = Omit<Extract<ErasureEvent, { type: 'caseErased' }>, 'type' | 'requests'> & {
  readonly at: Instant
  readonly by: string
  readonly requests: readonly AskedErasure[]
}

export type ErasureState = { readonly erasures: readonly Erasure[] }

export const noErasures: ErasureState = { erasures: [] }

export function foldErasures(
  state: ErasureState,
  { event, at, by }: Recorded<ErasureEvent>,
): ErasureState {
  switch (event.type) {
    case 'caseErased': {
      const { type: _, ...facts } = event
      const requests = event.requests.map((one) => ({ ...one, answer: null, receipt: null }))
      return { ...state, erasures: [...state.erasures, { ...facts, requests, at, by }] }
    }
    case 'erasureAnswered': {
      const { type: _, erasureId: __, from: ___, ...answer } = event
      return changeAsked(state, event, { answer: { ...answer, at }, receipt: null })
    }
    case 'erasureAnswerLogged':
      return changeAsked(state, event, { receipt: event.receipt })
    default:
      return state
  }
}

function changeAsked(
  state: ErasureState,
  asked: { readonly erasureId: string; readonly from: string; readonly releaseId: string },
  change: Partial<AskedErasure>,
): ErasureState {
  const { erasureId, from, releaseId } = asked
  const isAsked = (one: ErasureRequest) => one.releaseId === releaseId && one.recipient === from
  const erasures = changeWhere(
    state.erasures,
    (one) => one.erasureId === erasureId,
    (one) => ({
      ...one,
      requests: changeWhere(one.requests, isAsked, (it) => ({ ...it, ...change })),
    }),
  )
  return { ...state, erasures }
}

export function erasureOf({ erasures }: ErasureState, caseId: string): Erasure | undefined {
  return erasures.find((one) => one.caseId === caseId)
}

/** Who was asked for it, and for the erasure of what. */
export function askedErasure(
  { erasures }: ErasureState,
  recipient: string,
  releaseId: string,
): { readonly erasureId: string; readonly asked: AskedErasure } | undefined {
  for (const { erasureId, requests } of erasures) {
    const asked = requests.find((one) => one.releaseId === releaseId && one.recipient === recipient)
    if (asked) return { erasureId, asked }
  }
  return undefined
}

/**
 * Events of an answer that came, with its receipt or before that. The same twice changes
 * nothing, and what is done stays done. Undefined: nobody was asked for this.
 */
export function receiveErasureAnswer(
  state: ErasureState,
  from: string,
  answer: ErasureAnswer,
  receipt?: AnswerReceipt,
): readonly ErasureEvent[] | undefined {
  const found = askedErasure(state, from, answer.releaseId)
  if (!found) return undefined
  const { erasureId, asked } = found
  const known = asked.answer?.answer
  const isNew = known !== 'done' && known !== answer.answer
  const events: ErasureEvent[] = []
  if (isNew) events.push({ type: 'erasureAnswered', erasureId, from, ...answer })
  if (receipt && (isNew || (known === answer.answer && asked.receipt === null))) {
    const about = { erasureId, from, releaseId: answer.releaseId, answer: answer.answer }
    events.push({ type: 'erasureAnswerLogged', ...about, receipt })
  }
  return events
}

/** Neither done nor kept on a ground, and its day has passed. */
export function isOverdue({ dueAt, answer }: AskedErasure, now: Instant): boolean {
  return answer === null && dueAt !== null && dueAt < now
}
