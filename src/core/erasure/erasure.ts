/**
 * What this authority erased, in a stream of its own that outlives the cases: on which
 * ground, by whom, and what became of it at those to whom it had gone.
 *
 * It holds ids, dates and words about the law, never what was erased. Log entries of what
 * was erased stay, and every proof about them; what they commit to nobody can show any more.
 */
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'

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

export type ErasureEvent = {
  readonly type: 'caseErased'
  readonly erasureId: string
  readonly caseId: string
  /** How many events it had: as many log entries stay. */
  readonly events: number
  readonly proposedBy: string
  readonly requests: readonly ErasureRequest[]
} & ErasureBasis

export type Erasure = Omit<Extract<ErasureEvent, { type: 'caseErased' }>, 'type'> & {
  readonly at: Instant
  readonly by: string
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
      return { ...state, erasures: [...state.erasures, { ...facts, at, by }] }
    }
    default:
      return state
  }
}

export function erasureOf({ erasures }: ErasureState, caseId: string): Erasure | undefined {
  return erasures.find((one) => one.caseId === caseId)
}
