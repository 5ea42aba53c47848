/**
 * Streams kept as they were last read, opened: nearly every act asks how people stand and what
 * was agreed, and works on a case that was read a moment ago. What is kept counts only where the
 * database still holds the same key, and twice a second it is asked whether it holds the same
 * sealed events; what was appended is read then.
 * Only what was committed is kept; of its lists, what they hold if the stream still ends with the
 * event that they were written after. A case goes when it is erased, and soon after its last use:
 * what is destroyed must be in no memory.
 */
import type { Hash } from 'node:crypto'
import type { StreamView } from '../../../app/ports/streams.ts'
import type { WrittenLists } from '../projections/write-projection.ts'

/** The first events of a stream: others may have been appended since. */
export type OpenedEvents = {
  readonly view: StreamView
  readonly wrappedKey: Uint8Array
  /** SHA-256 of the sealed events, one after the other: so far, and ready for more of them. */
  readonly digest: Uint8Array
  readonly hashed: Hash
}

export type Known = {
  readonly opened: OpenedEvents
  /** Whether the sealed events must be compared before this is used. */
  readonly isCheckDue: boolean
}

export type KeptStreams = {
  get(id: string): Known | undefined
  /** @param isChecked whether its sealed events were compared or read just now */
  keep(opened: OpenedEvents, isChecked: boolean): void
  /** @param last log id of the stream's last event: random, so that an undone one never returns */
  lists(id: string, last: string | undefined): WrittenLists | undefined
  /** Of a stream that is kept; also before the commit, because nobody meets an undone `last`. */
  keepLists(id: string, last: string, lists: WrittenLists): void
  forget(id: string): void
}

type Kept = {
  readonly opened: OpenedEvents
  readonly usedAtMs: number
  readonly checkedAtMs: number
  readonly written?: { readonly last: string; readonly lists: WrittenLists } | undefined
}

const EVENTS_MAX = 20_000
const UNUSED_MAX_MS = 30_000
const UNCHECKED_MAX_MS = 500
/** About the authority itself and not about a person: they stay until others take their room. */
const LASTING: readonly StreamView['kind'][] = ['agreement', 'authority', 'law']
const SHORTLY: readonly StreamView['kind'][] = ['case']

export function keptStreams(
  nowMs: () => number = () => performance.now(),
  unusedMaxMs = UNUSED_MAX_MS,
): KeptStreams {
  /** The one used last is the last. */
  const kept = new Map<string, Kept>()
  let events = 0
  let isLooking = false

  function forget(id: string): void {
    events -= kept.get(id)?.opened.view.history.length ?? 0
    kept.delete(id)
  }

  function forgetUnused(): void {
    isLooking = false
    const cases = [...kept].filter(([, { opened }]) => SHORTLY.includes(opened.view.kind))
    const unused = cases.filter(([, { usedAtMs }]) => nowMs() - usedAtMs >= unusedMaxMs)
    for (const [id] of unused) forget(id)
    if (unused.length < cases.length) lookLater()
  }

  function lookLater(): void {
    if (!isLooking) setTimeout(forgetUnused, unusedMaxMs / 3).unref()
    isLooking = true
  }

  return {
    get(id) {
      const known = kept.get(id)
      if (!known) return undefined
      kept.delete(id)
      kept.set(id, { ...known, usedAtMs: nowMs() })
      return {
        opened: known.opened,
        isCheckDue: nowMs() - known.checkedAtMs >= UNCHECKED_MAX_MS,
      }
    },
    keep(opened, isChecked) {
      const { id, kind, history } = opened.view
      const isShort = SHORTLY.includes(kind)
      if (!isShort && !LASTING.includes(kind)) return
      const before = kept.get(id)
      forget(id)
      kept.set(id, {
        opened,
        usedAtMs: nowMs(),
        checkedAtMs: isChecked ? nowMs() : (before?.checkedAtMs ?? Number.NEGATIVE_INFINITY),
        written: before?.written,
      })
      events += history.length
      for (const oldest of kept.keys()) {
        if (events <= EVENTS_MAX) break
        forget(oldest)
      }
      if (isShort) lookLater()
    },
    lists(id, last) {
      const written = kept.get(id)?.written
      return written !== undefined && written.last === last ? written.lists : undefined
    },
    keepLists(id, last, lists) {
      const known = kept.get(id)
      // In its place: who was used last, `get` says.
      if (known) kept.set(id, { ...known, written: { last, lists } })
    },
    forget,
  }
}
