/**
 * Public pages that were just made, kept for a moment: many visitors who ask for
 * the same page at once cost one rendering and one compression. Nothing of a
 * visitor is in them, so compressing them tells nobody a secret.
 */
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

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
}

type Kept = { readonly untilMs: number; readonly bodies: Map<Encoding, Promise<Buffer>> }

/** Quick rather than small: a page is compressed every few seconds. */
const BROTLI_QUALITY = 4
const compressBrotli = promisify(brotliCompress)
const compressGzip = promisify(gzip)

export function pageCache({ keepMs, pagesMax, nowMs }: PageCacheOptions): PageCache {
  const pages = new Map<string, Kept>()
  return {
    get(key, encoding, make) {
      const kept = pages.get(key)
      if (kept && nowMs() < kept.untilMs) return bodyOf(kept, encoding)
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
      return bodyOf(fresh, encoding)
    },
  }
}

function bodyOf({ bodies }: Kept, encoding: Encoding): Promise<Buffer> {
  const known = bodies.get(encoding)
  if (known) return known
  const made = (bodies.get('identity') as Promise<Buffer>).then((html) => compress(html, encoding))
  bodies.set(encoding, made)
  return made
}

function compress(html: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return compressGzip(html)
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: html.length,
  }
  return compressBrotli(html, { params })
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
