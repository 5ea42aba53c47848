/** A case as an officer reads it: its folded state, its timeline, and what may be done. */

import type { Decision } from '../base/decision.ts'
import { malformed } from '../base/errors.ts'
import { type CaseEvent, type CaseState, foldCase } from '../core/case/case.ts'
import type { Acting, Recorded } from '../core/case/recorded.ts'
import { caseActs } from './acts.ts'
import type { Kernel } from './kernel.ts'
import type { EntryReceipt } from './ports/receipts.ts'

export type ReadCase = {
  readonly caseId: string
  readonly state: CaseState
  readonly events: readonly (Recorded<CaseEvent> & {
    readonly logId: string
    readonly receipt: EntryReceipt['state'] | undefined
  })[]
  readonly acts: readonly {
    readonly name: string
    readonly topic: string
    readonly available: Decision<null>
  }[]
}

export async function readCase(kernel: Kernel, caseId: string, acting: Acting): Promise<ReadCase> {
  const stream = await kernel.streams.read(caseId)
  if (stream?.kind !== 'case') {
    throw malformed('there is no such case', { field: 'caseId', reason: 'unknown-case' })
  }
  const history = stream.history as readonly Recorded<CaseEvent>[]
  const state = foldCase(history)
  const logIds = stream.sealedEvents.map(({ logId }) => logId)
  const receipts = await Promise.all(logIds.map((logId) => kernel.receipts.of(logId)))
  return {
    caseId,
    state,
    events: history.map((recorded, index) => ({
      ...recorded,
      logId: logIds[index] ?? '',
      receipt: receipts[index]?.state,
    })),
    acts: caseActs.map((act) => ({
      name: act.name,
      topic: act.topic,
      available: act.available(state, acting),
    })),
  }
}
