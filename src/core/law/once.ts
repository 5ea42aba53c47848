/**
 * What a pack, or an entry of one, says by itself, found once: packs do not change, and
 * each case asks them again. No answer that depends on the facts of a case is held here.
 */
import type { CalendarDate } from '../../base/time.ts'

/** Cases ask about a few days at a time. */
const DAYS_MAX = 8

/** `find` for each subject once; it must read nothing else. */
export function onceFor<S extends object, T>(find: (subject: S) => T): (subject: S) => T {
  const known = new WeakMap<S, T>()
  return (subject) => {
    const before = known.get(subject)
    if (before !== undefined) return before
    const found = find(subject)
    known.set(subject, found)
    return found
  }
}

/** `find` for each subject and day once; it must read nothing else. */
export function onceADay<S extends object, T>(
  find: (subject: S, on: CalendarDate) => T,
): (subject: S, on: CalendarDate) => T {
  const daysOf = onceFor((_: S) => new Map<CalendarDate, T>())
  return (subject, on) => {
    const days = daysOf(subject)
    const before = days.get(on)
    if (before !== undefined) return before
    const found = find(subject, on)
    if (days.size >= DAYS_MAX) days.clear()
    days.set(on, found)
    return found
  }
}
