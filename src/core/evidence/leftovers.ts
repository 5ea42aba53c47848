/**
 * What a copy would still tell of what it hides: the same words somewhere that is shown.
 *
 * It finds words that are written alike, upper or lower case, however they are spaced.
 * It knows nothing of other spellings, of pictures, of what follows from what is shown.
 */

/** A text of the record, with its place as an officer reads it. */
export type PlacedText = { readonly place: string; readonly text: string }

export type Leftover = {
  readonly place: string
  /** The hidden words that stand there, as they were hidden. For the officer's eyes only. */
  readonly words: string
}

/** Shorter ones stand everywhere. */
const WORD_MIN = 4
/** A hidden text of more words is a passage: only the whole of it, and what looks like a name or a number. */
const NAME_WORDS_MAX = 4
const FOUND_MAX = 200
const HAS_DIGITS = /\d{4}/
const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu

export function findLeftovers(
  hidden: readonly string[],
  shown: readonly PlacedText[],
): readonly Leftover[] {
  const wanted = [...new Set(hidden.flatMap(wordsWorthFinding))]
  const found: Leftover[] = []
  for (const { place, text } of shown) {
    const here = ` ${normal(text)} `
    for (const words of wanted) {
      if (here.includes(` ${normal(words)} `)) found.push({ place, words })
      if (found.length >= FOUND_MAX) return found
    }
  }
  return found
}

function wordsWorthFinding(hidden: string): readonly string[] {
  const words = hidden
    .normalize('NFKC')
    .split(/\s+/u)
    .map((word) => word.replaceAll(EDGES, ''))
    .filter((word) => word !== '')
  if (words.length === 0) return []
  const isName = words.length <= NAME_WORDS_MAX
  const single = words.filter(
    (word) => HAS_DIGITS.test(word) || word.includes('@') || (isName && word.length >= WORD_MIN),
  )
  const whole = words.join(' ')
  return whole.length >= WORD_MIN || isDense(whole) ? [whole, ...single] : single
}

/** Two characters of a script that writes without spaces can be a whole name. */
function isDense(text: string): boolean {
  return [...text].length >= 2 && [...text].every((it) => (it.codePointAt(0) ?? 0) >= 0x2e80)
}

/** Words between single spaces, without the signs around them. */
function normal(text: string): string {
  const words = text.normalize('NFKC').toLowerCase()
  return words
    .replaceAll(/[^\p{L}\p{N}@.]+/gu, ' ')
    .replaceAll(/(?<=\s|^)\.+|\.+(?=\s|$)/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim()
}
