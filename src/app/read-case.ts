/** A case as an officer reads it: its folded state, its timeline, and what may be done. */

import type { Decision } from '../base/decision.ts'
import { malformed } from '../base/errors.ts'
import type { Instant } from '../base/time.ts'
import { type CaseEvent, type CaseState, foldCase } from '../core/case/case.ts'
import type { Acting, Recorded } from '../core/case/recorded.ts'
import { caseActs } from './acts.ts'
import type { Kernel } from './kernel.ts'
import type { EntryReceipt } from './ports/receipts.ts'
import type { StreamView } from './ports/streams.ts'

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
  const stream = await caseStream(kernel, caseId)
  const history = stream.history as readonly Recorded<CaseEvent>[]
  const state = foldCase(history)
  const logIds = stream.sealedEvents.map(({ logId }) => logId)
  const receipts = await kernel.receipts.states(logIds)
  return {
    caseId,
    state,
    events: history.map((recorded, index) => ({
      ...recorded,
      logId: logIds[index] ?? '',
      receipt: receipts.get(logIds[index] ?? ''),
    })),
    acts: caseActs.map((act) => ({
      name: act.name,
      topic: act.topic,
      available: act.available(state, acting),
    })),
  }
}

export type TimelineItem = {
  readonly version: number
  readonly type: string
  readonly at: Instant
  readonly by: string
}

/** The events after a version, without their content. */
export async function readTimeline(
  kernel: Kernel,
  caseId: string,
  after: number,
): Promise<readonly TimelineItem[]> {
  const { history } = await caseStream(kernel, caseId)
  return history
    .slice(after)
    .map(({ version, event, at, by }) => ({ version, type: event.type, at, by }))
}

/** @throws ComityError `malformed` if there is no such stream, or it is none of a case */
export async function caseStream(kernel: Kernel, caseId: string): Promise<StreamView> {
  const stream = await kernel.streams.read(caseId)
  if (stream?.kind === 'case') return stream
  throw malformed('there is no such case', { field: 'caseId', reason: 'unknown-case' })
}
