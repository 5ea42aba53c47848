/** A case as an officer reads it: its folded state, its timeline, and what may be done. */

import type { Decision } from '../base/decision.ts'
import type { Instant } from '../base/time.ts'
import { type CaseEvent, type CaseState, foldCase } from '../core/case/case.ts'
import type { Acting, Recorded } from '../core/case/recorded.ts'
import { computeClocks, foldLaw, type LawState } from '../core/law/case-law.ts'
import { askingAbout } from './access.ts'
import { caseActs } from './acts.ts'
import { caseStream } from './case-stream.ts'
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
  const stream = await caseStream(kernel, caseId)
  const history = stream.history as readonly Recorded<CaseEvent>[]
  const folded = foldCase(history)
  const state = { ...folded, law: await lawNow(kernel, folded.law, acting) }
  const logIds = stream.sealedEvents.map(({ logId }) => logId)
  const receipts = await kernel.receipts.states(logIds)
  const asking = await askingAbout(kernel, caseId, acting)
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
      available: act.available(state, asking),
    })),
  }
}

/** The clocks as they stand at this moment: a date that has passed since reads as passed. */
async function lawNow(kernel: Kernel, law: LawState, acting: Acting): Promise<LawState> {
  const clocks = Object.keys(law.clocks)
  const computed = computeClocks(law, { clocks }, acting, await kernel.law.context())
  if (computed.decision === 'refuse') return law
  const at = acting.now
  return computed.value.reduce(
    (sofar, event) => foldLaw(sofar, { event, at, version: 0, by: '' }),
    law,
  )
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
