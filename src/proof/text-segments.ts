/**
 * Cuts a text into the smallest pieces that a copy can leave out, so that hiding a
 * word does not hide the sentence.
 *
 * A segment ends after white space, or where its weight reaches 16. A code point
 * from U+2E80 on (scripts that write without spaces, pictures) weighs 4, any other
 * 1. The rule needs no table of characters, so every version of every platform
 * cuts alike. Put together in order the segments are the text.
 */

const WEIGHT_MAX = 16
const DENSE_FROM = 0x2e80
const DENSE_WEIGHT = 4
const WHITE_SPACE = new Set(['\t', '\n', '\r', ' ', '\u3000'])

export function segmentsOf(text: string): readonly string[] {
  const segments: string[] = []
  let open = ''
  let weight = 0
  let isAfterSpace = false
  // By code points: a pair of surrogates is never cut.
  for (const character of text) {
    const isSpace = WHITE_SPACE.has(character)
    if (open !== '' && (weight >= WEIGHT_MAX || (isAfterSpace && !isSpace))) {
      segments.push(open)
      open = ''
      weight = 0
    }
    open += character
    weight += (character.codePointAt(0) ?? 0) >= DENSE_FROM ? DENSE_WEIGHT : 1
    isAfterSpace = isSpace
  }
  return open === '' ? segments : [...segments, open]
}

/** The segments `from` to `to - 1`. */
export type SegmentSpan = { readonly from: number; readonly to: number }

/**
 * The segments that hold the characters `start` to `end - 1` (UTF-16 units, as in
 * JavaScript texts): rounded outwards, never inwards. None for an empty stretch.
 */
export function segmentsAround(
  segments: readonly string[],
  start: number,
  end: number,
): SegmentSpan | undefined {
  let at = 0
  const touched: number[] = []
  for (const [index, { length }] of segments.entries()) {
    if (start < end && start < at + length && at < end) touched.push(index)
    at += length
  }
  const [from] = touched
  return from === undefined ? undefined : { from, to: from + touched.length }
}
