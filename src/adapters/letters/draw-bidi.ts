/**
 * Draws text that runs from right to left, or both ways, into a PDF. The font shapes
 * each run; the order of runs, the ends of lines and the margin are found here, because
 * the library sets text from left to right.
 */
import { isPlain, type Levelled, levelsOf, type VisualRun, visualRuns } from './bidi.ts'

/** Of the PDF library, what is used here. */
type Document = Pick<
  PDFKit.PDFDocument,
  'widthOfString' | 'text' | 'addPage' | 'currentLineHeight'
> & {
  x: number
  y: number
  readonly page: PDFKit.PDFDocument['page']
}

/** Hebrew and Arabic as far as DejaVu Sans has them; what is missing there would be a hole. */
const DRAWN =
  /[\u05b0-\u05c3\u05c6\u05c7\u05d0-\u05ea\u05f0-\u05f4\u060c\u061b\u061f\u0621-\u063a\u0640-\u0655\u0660-\u066d\u0670\u0679-\u06bf\u06cc\u06f0-\u06f9]/gu

/** The text without the letters that can be drawn here and nowhere else. */
export function withoutBidiLetters(text: string): string {
  return isPlain(text) ? text.replaceAll(DRAWN, '') : text
}

/** How many parts of one direction a text has; each is drawn by itself. */
export function countRuns(text: string, isRightToLeft: boolean): number {
  return text.split('\n').reduce((sum, paragraph) => {
    const levels = levelsOf(paragraph, isRightToLeft)
    const changes = levels.filter(({ level }, at) => at > 0 && level !== levels[at - 1]?.level)
    return sum + changes.length + 1
  }, 0)
}

export function drawBidi(
  document: Document,
  text: string,
  { isRightToLeft, lineGap }: { readonly isRightToLeft: boolean; readonly lineGap: number },
): void {
  const { margins, width, height } = document.page
  const room = width - margins.left - margins.right
  const step = document.currentLineHeight(true) + lineGap
  const widthOf = measuring(document)
  for (const paragraph of text.split('\n')) {
    for (const line of linesOf(widthOf, levelsOf(paragraph, isRightToLeft), room)) {
      if (document.y + step > height - margins.bottom) document.addPage()
      const runs = visualRuns(line, isRightToLeft).map(drawable)
      const used = runs.reduce((sum, run) => sum + widthOf(run), 0)
      let x = isRightToLeft ? width - margins.right - used : margins.left
      const { y } = document
      for (const run of runs) {
        document.text(run, x, y, { lineBreak: false, features: [] })
        x += widthOf(run)
      }
      document.x = margins.left
      document.y = y + step
    }
  }
}

type Measure = (drawn: string) => number

/** Each text is measured once: it takes longer than anything else here. */
function measuring(document: Document): Measure {
  const known = new Map<string, number>()
  return (drawn) => {
    const width = known.get(drawn) ?? document.widthOfString(drawn, { features: [] })
    known.set(drawn, width)
    return width
  }
}

/** As many words on a line as there is room for; a word that is longer is cut. */
function linesOf(
  widthOf: Measure,
  paragraph: readonly Levelled[],
  room: number,
): readonly (readonly Levelled[])[] {
  const lines: Levelled[][] = [[]]
  let left = room
  for (const word of wordsOf(paragraph)) {
    const wide = widthOfWord(widthOf, word)
    const pieces = wide > room ? word.map((one) => [one]) : [word]
    for (const piece of pieces) {
      const needed = pieces.length === 1 ? wide : widthOfWord(widthOf, piece)
      if (needed > left && lines.at(-1)?.length) {
        lines.push([])
        left = room
      }
      lines.at(-1)?.push(...piece)
      left -= needed
    }
  }
  return lines
}

function wordsOf(paragraph: readonly Levelled[]): readonly Levelled[][] {
  const words: Levelled[][] = [[]]
  for (const one of paragraph) {
    const last = words.at(-1)
    const isAfterSpace = last?.length && /\s/u.test(last.at(-1)?.character ?? '')
    if (isAfterSpace && !/\s/u.test(one.character)) words.push([one])
    else last?.push(one)
  }
  return words
}

function widthOfWord(widthOf: Measure, word: readonly Levelled[]): number {
  return visualRuns(word, false).reduce((sum, run) => sum + widthOf(drawable(run)), 0)
}

const MIRRORED: Readonly<Record<string, string>> = {
  '(': ')',
  ')': '(',
  '[': ']',
  ']': '[',
  '{': '}',
  '}': '{',
  '<': '>',
  '>': '<',
  '«': '»',
  '»': '«',
}
const TURNED_BY_FONT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u

/**
 * The font turns a run round that has letters from right to left, and no other. So a run
 * of marks alone is turned here, and one of digits, which it would turn, beforehand.
 */
function drawable({ text, isRightToLeft }: VisualRun): string {
  const shown = isRightToLeft ? [...text].map((one) => MIRRORED[one] ?? one).join('') : text
  const isTurned = TURNED_BY_FONT.test(text)
  return isTurned === isRightToLeft ? shown : [...shown].reverse().join('')
}
