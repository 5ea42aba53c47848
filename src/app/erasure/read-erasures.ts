/** The stream of erasures, folded. */
import type { Recorded } from '../../core/case/recorded.ts'
import {
  type Erasure,
  type ErasureEvent,
  type ErasureState,
  erasureOf,
  foldErasures,
  noErasures,
} from '../../core/erasure/erasure.ts'
import type { Kernel } from '../kernel.ts'
import type { AnyEvent } from '../ports/streams.ts'

export async function readErasures({
  streams,
  erasureStreamId,
}: Pick<Kernel, 'streams' | 'erasureStreamId'>): Promise<ErasureState> {
  const stream = await streams.read(erasureStreamId)
  return stream ? foldErasureStream(stream.history) : noErasures
}

export function foldErasureStream(history: readonly Recorded<AnyEvent>[]): ErasureState {
  return (history as readonly Recorded<ErasureEvent>[]).reduce(foldErasures, noErasures)
}

/** By which event of the stream it was stated for outsiders. */
export function statedIn(
  history: readonly Recorded<AnyEvent>[],
  erasureId: string,
): Recorded<AnyEvent> | undefined {
  return (history as readonly Recorded<ErasureEvent>[]).find(
    ({ event }) => event.type === 'erasureStated' && event.erasureId === erasureId,
  )
}

/** `undefined`: there is, or was, no such case; or it stands. */
export async function findErasure(
  kernel: Pick<Kernel, 'streams' | 'erasureStreamId'>,
  caseId: string,
): Promise<Erasure | undefined> {
  return erasureOf(await readErasures(kernel), caseId)
}
