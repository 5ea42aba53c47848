/**
 * Public pages that were just made, kept for a moment: many visitors who ask for
 * the same page at once cost one rendering and one compression. Nothing of a
 * visitor is in them, so compressing them tells nobody a secret.
 */
import { invariant } from '../../base/errors.ts'
import type { Compress } from '../site-kit.ts'

export type Encoding = 'br' | 'gzip' | 'identity'

export type PageCache = {
  /** The page of `key` in an encoding, made by `make` where none is kept. */
  get(key: string, encoding: Encoding, make: () => Promise<string>): Promise<Buffer>
}

export type PageCacheOptions = {
  readonly keepMs: number
  readonly pagesMax: number
  /** Of a clock that never goes back. */
  readonly nowMs: () => number
  readonly compress: Compress
}

type Kept = { readonly untilMs: number; readonly bodies: Map<Encoding, Promise<Buffer>> }

export function pageCache({ keepMs, pagesMax, nowMs, compress }: PageCacheOptions): PageCache {
  const pages = new Map<string, Kept>()
  return {
    get(key, encoding, make) {
      const kept = pages.get(key)
      if (kept && nowMs() < kept.untilMs) return bodyOf(kept, encoding, compress)
      const plain = make().then((html) => Buffer.from(html))
      const fresh: Kept = { untilMs: nowMs() + keepMs, bodies: new Map([['identity', plain]]) }
      // Deleted first, so that the oldest page stands first.
      pages.delete(key)
      pages.set(key, fresh)
      for (const oldest of pages.keys()) {
        if (pages.size <= pagesMax) break
        pages.delete(oldest)
      }
      plain.catch(() => {
        if (pages.get(key) === fresh) pages.delete(key)
      })
      return bodyOf(fresh, encoding, compress)
    },
  }
}

function bodyOf({ bodies }: Kept, encoding: Encoding, compress: Compress): Promise<Buffer> {
  const known = bodies.get(encoding)
  const plain = bodies.get('identity')
  invariant(plain, 'a kept page has its plain body')
  if (known !== undefined || encoding === 'identity') return known ?? plain
  const made = plain.then((html) => compress(html, encoding))
  bodies.set(encoding, made)
  return made
}

/** The best encoding that the visitor's `Accept-Encoding` (RFC 9110, 12.5.3) names. */
export function encodingFor(header: string): Encoding {
  const taken = new Set(
    header
      .slice(0, 500)
      .toLowerCase()
      .split(',')
      .map((part) => part.split(';').map((text) => text.trim()))
      .filter(([, weight = 'q=1']) => !/^q=0(\.0*)?$/.test(weight))
      .map(([name]) => name),
  )
  return taken.has('br') ? 'br' : taken.has('gzip') ? 'gzip' : 'identity'
}
