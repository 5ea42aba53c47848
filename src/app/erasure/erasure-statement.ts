/** What is handed to whoever still holds a receipt of an erased case. */
import { toBase64 } from '../../base/bytes.ts'
import type { ErasureStatement } from '../../wire/erasure-statement.ts'
import { openingOf } from '../event-openings.ts'
import type { Kernel } from '../kernel.ts'
import { foldErasureStream, statedIn } from './read-erasures.ts'

/** Undefined: there is none by that id, or witnesses have not cosigned all of it yet. */
export async function erasureStatement(
  kernel: Kernel,
  erasureId: string,
): Promise<ErasureStatement | undefined> {
  const view = await kernel.streams.read(kernel.erasureStreamId)
  const stated = view && statedIn(view.history, erasureId)
  const erasure =
    view && foldErasureStream(view.history).erasures.find((one) => one.erasureId === erasureId)
  if (!view || !stated || !erasure) return undefined
  const opening = await openingOf(kernel, view, stated.version)
  const entries: string[] = []
  for (const logId of await kernel.erasures.logIds(erasure.caseId)) {
    const logged = await kernel.receipts.of(logId)
    // Until it is in the log its hour may change.
    if (!logged?.receipt) return undefined
    entries.push(toBase64(logged.entry))
  }
  return opening && { v: 1, kind: 'erasure-statement', opening, entries }
}
