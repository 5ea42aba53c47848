/**
 * Counts the carve-outs that a release uses, in the transaction that sends it: nobody has
 * to remember to. The count is this node's own, and public.
 */

import { carveOutsUsed } from '../core/release/carve-outs-used.ts'
import type { Release } from '../core/release/release.ts'
import type { Step } from './act.ts'
import { foldAgreementStream, recordEvents } from './agreement-record.ts'

export async function countCarveOuts(
  { kernel, unit, state, acting }: Step<unknown>,
  { agreement, exhibitId }: Pick<Release, 'agreement' | 'exhibitId'>,
): Promise<void> {
  if (!agreement || exhibitId === undefined) return
  const stream = await unit.open(agreement.id)
  if (stream?.kind !== 'agreement') return
  const { document } = foldAgreementStream(stream.history)
  const used = document ? carveOutsUsed(document, state.evidence, exhibitId) : []
  if (used.length === 0) return
  await recordEvents({ kernel, unit, stream, now: acting.now }, used, acting.officer)
}
