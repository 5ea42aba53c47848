/**
 * Pages that an officer opened a moment ago, for the pictures of the page that shows them.
 * In memory, few, for that officer only, for ten minutes; each opening is on record.
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
  const key = (officer: string, exhibitId: string) => `${officer} ${exhibitId}`
  return {
    put(officer: string, exhibitId: string, { pages, first = 1 }: OnShelf, now: Instant): void {
      shelves.delete(key(officer, exhibitId))
      for (const oldest of [...shelves.keys()].slice(0, shelves.size - SHELVES_MAX + 1)) {
        shelves.delete(oldest)
      }
      shelves.set(key(officer, exhibitId), { pages, first, until: addMs(now, KEEP_MS) })
    },
    page(officer: string, exhibitId: string, page: number, now: Instant): Uint8Array | undefined {
      const shelf = shelves.get(key(officer, exhibitId))
      return shelf && msOf(now) < msOf(shelf.until) ? shelf.pages[page - shelf.first] : undefined
    },
  }
}

export type PageShelf = ReturnType<typeof pageShelf>
