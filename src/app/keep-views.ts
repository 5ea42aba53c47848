/**
 * What a release of a peer shows is kept apart from the history, under a key of its own:
 * the event that stays holds a salted commitment. So it can be destroyed when the duty to
 * delete it falls due, and what was promised about it still verifies.
 */
import type { CaseEvent } from '../core/case/case.ts'
import type { Kernel } from './kernel.ts'

export function keepViews<Event extends CaseEvent>(
  { receivedViews }: Pick<Kernel, 'receivedViews'>,
  caseId: string,
  events: readonly Event[],
): Promise<readonly Event[]> {
  return Promise.all(
    events.map(async (event) => {
      if (event.type !== 'releaseReceived' || Object.keys(event.view).length === 0) return event
      const viewCommitment = await receivedViews.keep(
        { caseId, releaseId: event.releaseId },
        event.view,
      )
      return { ...event, view: {}, viewCommitment }
    }),
  )
}
