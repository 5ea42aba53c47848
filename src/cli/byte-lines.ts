/**
 * Lines of bytes, ended by LF or CRLF and by nothing else: a JSON text may hold
 * U+2028 or a lone CR, which other readers of lines take for an end.
 */

const LF = 0x0a
const CR = 0x0d

/** Longer lines are no question of ours; they are passed over without being kept. */
export const LINE_BYTES_MAX = 16 * 1024 * 1024

/** Yields `undefined` in the place of a line that is longer than `LINE_BYTES_MAX`. */
export async function* byteLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array | undefined> {
  let parts: Uint8Array[] = []
  let size = 0
  const add = (part: Uint8Array) => {
    size += part.length
    if (size <= LINE_BYTES_MAX) parts.push(part)
    else parts = []
  }
  const take = () => {
    const line = size <= LINE_BYTES_MAX ? withoutCr(Buffer.concat(parts)) : undefined
    parts = []
    size = 0
    return line
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      add(chunk.subarray(start, end))
      yield take()
      start = end + 1
    }
    add(chunk.subarray(start))
  }
  if (size > 0) yield take()
}

/** The same for bytes that are all there. */
export function linesIn(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = []
  let start = 0
  for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
    lines.push(withoutCr(bytes.subarray(start, end)))
    start = end + 1
  }
  if (start < bytes.length) lines.push(withoutCr(bytes.subarray(start)))
  return lines
}

function withoutCr(line: Uint8Array): Uint8Array {
  return line.at(-1) === CR ? line.subarray(0, -1) : line
}
