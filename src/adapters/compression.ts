/**
 * Bodies compressed for the wire, quick rather than small: what is sent again and
 * again is compressed every few seconds. Never for a body that holds a secret
 * beside something that a stranger chose: its length would tell (BREACH).
 */
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const BROTLI_QUALITY = 4
const compressBrotli = promisify(brotliCompress)
const compressGzip = promisify(gzip)

/** By the names of RFC 9110, section 8.4.1. */
export function compressText(body: Uint8Array, encoding: 'br' | 'gzip'): Promise<Buffer> {
  if (encoding === 'gzip') return compressGzip(body)
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
  }
  return compressBrotli(body, { params })
}
