/** A case as an officer reads it: its folded state, its timeline, and what may be done. */

import type { Decision } from '../base/decision.ts'
import type { Instant } from '../base/time.ts'
import { type CaseEvent, type CaseState, foldCase } from '../core/case/case.ts'
import type { Acting, Recorded } from '../core/case/recorded.ts'
import { clocksNow, type NewerVersion, newerVersions } from '../core/law/kept-versions.ts'
import { retractionOf } from '../core/release/retraction.ts'
import { askingAbout } from './access.ts'
import { caseActs } from './acts.ts'
import { caseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import { recordLook } from './oversight/oversight-act.ts'
import type { EntryReceipt } from './ports/receipts.ts'

export type ReadCase = {
  readonly caseId: string
  readonly state: CaseState
  readonly law: {
    /** What newer versions of the law would change. */
    readonly newer: readonly NewerVersion[]
    /** Clocks that stand as recorded: the version they were computed under is not loaded. */
    readonly lost: readonly string[]
  }
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
  if (acting.roles.includes('oversight')) await recordLook(kernel, caseId, acting)
  const stream = await caseStream(kernel, caseId)
  const history = stream.history as readonly Recorded<CaseEvent>[]
  const folded = foldCase(history)
  const law = await kernel.law.context()
  const { clocks, lost } = clocksNow(folded.law, acting.now, law)
  const releases = await withViews(kernel, caseId, folded.releases)
  const state = { ...folded, releases, law: { ...folded.law, clocks } }
  const logIds = stream.sealedEvents.map(({ logId }) => logId)
  const receipts = await kernel.receipts.states(logIds)
  const asking = await askingAbout(kernel, caseId, acting)
  return {
    caseId,
    state,
    law: { newer: newerVersions(folded.law, acting.now, law), lost },
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

/** What releases showed is kept apart; one that was destroyed stays empty. */
async function withViews(
  { receivedViews }: Kernel,
  caseId: string,
  releases: CaseState['releases'],
): Promise<CaseState['releases']> {
  const received = await Promise.all(
    releases.received.map(async (release) => {
      if (release.viewCommitment === undefined || release.destroyedAt !== null) return release
      // Called back: still there until it is deleted, and shown to nobody.
      if (retractionOf(releases, release.releaseId, release.from)) return release
      const view = await receivedViews.read({ caseId, releaseId: release.releaseId })
      return view ? { ...release, view } : release
    }),
  )
  return { ...releases, received }
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
