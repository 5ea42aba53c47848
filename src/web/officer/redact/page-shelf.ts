/**
 * Pages that somebody opened a moment ago, for the pictures of the page that shows them. In
 * memory, few, for that person only, for ten minutes; each opening is on record.
 */
import { addMs, type Instant, msOf } from '../../../base/time.ts'

const KEEP_MS = 10 * 60_000
const SHELVES_MAX = 6

type Shelf = {
  readonly pages: readonly Uint8Array[]
  readonly first: number
  readonly until: Instant
}

export type OnShelf = { readonly pages: readonly Uint8Array[]; readonly first?: number }

export function pageShelf() {
  const shelves = new Map<string, Shelf>()
  /** `owner`: a person, or one session of a person. */
  const key = (owner: string, exhibitId: string) => `${owner} ${exhibitId}`
  return {
    put(owner: string, exhibitId: string, { pages, first = 1 }: OnShelf, now: Instant): void {
      shelves.delete(key(owner, exhibitId))
      for (const [old, { until }] of shelves) if (msOf(until) <= msOf(now)) shelves.delete(old)
      const tooMany = Math.max(0, shelves.size - SHELVES_MAX + 1)
      for (const oldest of [...shelves.keys()].slice(0, tooMany)) shelves.delete(oldest)
      shelves.set(key(owner, exhibitId), { pages, first, until: addMs(now, KEEP_MS) })
    },
    page(owner: string, exhibitId: string, page: number, now: Instant): Uint8Array | undefined {
      const shelf = shelves.get(key(owner, exhibitId))
      return shelf && msOf(now) < msOf(shelf.until) ? shelf.pages[page - shelf.first] : undefined
    },
  }
}

export type PageShelf = ReturnType<typeof pageShelf>
