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
  /** What a recipient says became of it there, under its own signature. */
  | ({
      readonly type: 'erasureAnswered'
      readonly erasureId: string
      readonly from: string
    } & ErasureAnswer)

/** `done`: nothing is left. Else some or all of it is kept, on a ground. */
export type ErasureAnswer = ({ readonly answer: 'done' } & DeletionStatement) | KeptStatement

/** Open until it is done; who keeps it on a ground is asked by nobody but people. */
export type AskedErasure = ErasureRequest & {
  readonly answer: (ErasureAnswer & { readonly at: Instant }) | null
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
      const requests = event.requests.map((one) => ({ ...one, answer: null }))
      return { ...state, erasures: [...state.erasures, { ...facts, requests, at, by }] }
    }
    case 'erasureAnswered': {
      const { type: _, erasureId, from, ...answer } = event
      const isAsked = (one: ErasureRequest) =>
        one.releaseId === event.releaseId && one.recipient === from
      const erasures = changeWhere(
        state.erasures,
        (one) => one.erasureId === erasureId,
        (one) => ({
          ...one,
          requests: changeWhere(one.requests, isAsked, (it) => ({
            ...it,
            answer: { ...answer, at },
          })),
        }),
      )
      return { ...state, erasures }
    }
    default:
      return state
  }
}

export function erasureOf({ erasures }: ErasureState, caseId: string): Erasure | undefined {
  return erasures.find((one) => one.caseId === caseId)
}

/**
 * Events of an answer that came. The same twice changes nothing, and what is done stays done.
 * Undefined: nobody was asked for this.
 */
export function receiveErasureAnswer(
  { erasures }: ErasureState,
  from: string,
  answer: ErasureAnswer,
): readonly ErasureEvent[] | undefined {
  for (const { erasureId, requests } of erasures) {
    const asked = requests.find(
      ({ releaseId, recipient }) => releaseId === answer.releaseId && recipient === from,
    )
    if (!asked) continue
    const isKnown = asked.answer?.answer === 'done' || asked.answer?.answer === answer.answer
    return isKnown ? [] : [{ type: 'erasureAnswered', erasureId, from, ...answer }]
  }
  return undefined
}

/** Neither done nor kept on a ground, and its day has passed. */
export function isOverdue({ dueAt, answer }: AskedErasure, now: Instant): boolean {
  return answer === null && dueAt !== null && dueAt < now
}
