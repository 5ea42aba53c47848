/** What oversight has open about a case, read in the transaction that would destroy of it. */
import type { Because } from '../../base/decision.ts'
import { invariant } from '../../base/errors.ts'
import { watchedBy } from '../../core/oversight/watched-case.ts'
import type { Kernel } from '../kernel.ts'
import type { Unit } from '../ports/streams.ts'
import { foldOversightStream } from './oversight-act.ts'

export async function watchedNow(
  { clocks, oversightStreamId }: Pick<Kernel, 'clocks' | 'oversightStreamId'>,
  unit: Unit,
  caseId: string,
): Promise<readonly Because[]> {
  const stream = await unit.open(oversightStreamId)
  invariant(stream, 'every node has an oversight stream')
  return watchedBy(foldOversightStream(stream.history), caseId, clocks.wireNow())
}
