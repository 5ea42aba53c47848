/** What the events of a case say by themselves about how it went. Pure; nobody types it. */
import type { Instant } from '../../base/time.ts'
import type { CaseEvent, CaseState } from '../case/case.ts'
import type { Recorded } from '../case/recorded.ts'
import {
  foldDisclosure,
  initialDisclosure,
  isUnderEmbargo,
} from '../disclosure/disclosure-state.ts'
import type { DisclosureEvent } from '../disclosure/events.ts'
import { publicLetters } from '../disclosure/machines.ts'
import type { ReviewFacts } from './events.ts'

const PUBLIC_LETTERS: readonly string[] = publicLetters

export function reviewFacts(
  state: CaseState,
  history: readonly Recorded<CaseEvent>[],
  now: Instant,
): ReviewFacts {
  const { law, releases, disclosure, joint } = state
  const released = [...releases.permitted, ...releases.received]
  const items = joint.playbooks.flatMap((run) => run.items)
  return {
    embargoBreaches: embargoBreaches(history),
    overdueClocks: Object.values(law.clocks)
      .filter((clock) => clock.state.startsWith('overdue'))
      .map(({ clock }) => clock)
      .sort(),
    breachedDuties: released.flatMap(({ duties }) => duties).filter(({ breach }) => breach !== null)
      .length,
    silent: disclosure.participants.filter(({ isTimedOut }) => isTimedOut).map(({ id }) => id),
    lateItems: items.filter((item) => (item.state === 'open' ? now : item.changedAt) > item.dueAt)
      .length,
  }
}

/** Public, exploited or attacked while an embargo held: something got out, or happened. */
function embargoBreaches(history: readonly Recorded<CaseEvent>[]): ReviewFacts['embargoBreaches'] {
  let disclosure = initialDisclosure
  return history.flatMap((recorded) => {
    const { event, at } = recorded
    const isBreach =
      event.type === 'progressChanged' &&
      PUBLIC_LETTERS.includes(event.letter) &&
      isUnderEmbargo(disclosure)
    disclosure = foldDisclosure(disclosure, recorded as Recorded<DisclosureEvent>)
    return isBreach ? [{ letter: event.letter, at }] : []
  })
}
