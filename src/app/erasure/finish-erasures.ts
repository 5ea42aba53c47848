/**
 * What of an erasure is done outside the transaction that records it, again and again until
 * it is done: the bytes of exhibits, rows that were written meanwhile, and the pages of the
 * tables in which deleted rows still lie.
 */
import type { Kernel } from '../kernel.ts'

/** Returns how many exhibits' bytes were removed. */
export async function finishErasures({
  erasures,
  exhibits,
}: Pick<Kernel, 'erasures' | 'exhibits'>): Promise<number> {
  const left = await erasures.leftExhibits()
  for (const exhibitId of left) {
    await exhibits.destroy(exhibitId)
    await erasures.forgetExhibit(exhibitId)
  }
  await erasures.clearRows()
  return left.length
}
