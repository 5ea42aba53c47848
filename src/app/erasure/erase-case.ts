/**
 * Erasing a whole case, in one transaction: it is recorded in the stream of erasures, the
 * case is destroyed, and everybody to whom something of it went is asked to erase it.
 */
import { invariant } from '../../base/errors.ts'
import { addMs } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { Acting, Recorded } from '../../core/case/recorded.ts'
import {
  type Erasure,
  type ErasureBasis,
  type ErasureEvent,
  type ErasureRequest,
  type ErasureState,
  erasureOf,
  foldErasures,
  noErasures,
} from '../../core/erasure/erasure.ts'
import type { Release } from '../../core/release/release.ts'
import { DELETION_MS } from '../../core/release/retraction.ts'
import { isMatch } from '../../core/triage/matching.ts'
import { nameOfCase } from '../joint-case.ts'
import type { Kernel } from '../kernel.ts'
import type { AnyEvent, OpenStream, Unit } from '../ports/streams.ts'

export type ErasingCase = {
  readonly kernel: Kernel
  readonly unit: Unit
  readonly stream: OpenStream
  readonly state: CaseState
  readonly acting: Acting
  /** Officer id of the first person. */
  readonly proposedBy: string
}

/** The decision was made; nothing of the case is there afterwards. */
export async function eraseCase(
  { kernel, unit, stream, state, acting, proposedBy }: ErasingCase,
  basis: ErasureBasis,
): Promise<{ readonly erasureId: string }> {
  const erasures = await unit.open(kernel.erasureStreamId)
  invariant(erasures, 'every node has a stream of erasures')
  const erasureId = kernel.random.uuidByTime()
  const caseId = nameOfCase({ stream, state })
  const requests = requestsTo(kernel, state, caseId, acting)
  const event: ErasureEvent = {
    type: 'caseErased',
    ...{ erasureId, caseId: stream.id, events: stream.history.length, proposedBy, requests },
    ...basis,
  }
  await erasures.append([event], acting.officer)
  const names = state.leadCaseId === null ? [] : [state.leadCaseId]
  await unit.eraseCase(stream.id, names)
  return { erasureId }
}

/** Whoever was sent something and has not confirmed that nothing of it is left. */
function requestsTo(
  { peers }: Kernel,
  { releases }: CaseState,
  caseId: string,
  { now }: Acting,
): readonly ErasureRequest[] {
  return releases.permitted.filter(isOutThere).map(({ releaseId, recipient }) => ({
    ...{ releaseId, recipient, caseId },
    dueAt: peers.find(recipient) ? addMs(now, DELETION_MS) : null,
  }))
}

function isOutThere(release: Release): boolean {
  const { sentAt, stopped, withdrawn } = release
  return sentAt !== null && stopped === null && !isMatch(release) && !withdrawn?.done
}

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

/** `undefined`: there is, or was, no such case; or it stands. */
export async function findErasure(
  kernel: Pick<Kernel, 'streams' | 'erasureStreamId'>,
  caseId: string,
): Promise<Erasure | undefined> {
  return erasureOf(await readErasures(kernel), caseId)
}
