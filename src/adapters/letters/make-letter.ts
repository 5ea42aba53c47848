/**
 * A letter as DOCX and as PDF. Text is put in as text: neither format can carry a
 * field, a link or a script from it.
 *
 * The PDF's font is DejaVu Sans: Latin, Greek, Cyrillic, Arabic, Hebrew and more. A text
 * that it cannot show gives no PDF, never a PDF with holes; nor does one that changes
 * its direction thousands of times.
 */
import { fileURLToPath } from 'node:url'
import { AlignmentType, Document, Packer, Paragraph, TextRun } from 'docx'
import PDFDocument from 'pdfkit'
import type { MadeLetter } from '../../app/ports/letters.ts'
import {
  hasRightToLeft,
  type LetterBlock,
  type LetterText,
  letterBlocks,
} from '../../core/desk/letter-text.ts'
import { countRuns, drawBidi, withoutBidiLetters } from './draw-bidi.ts'

const FONT_FOLDER = new URL('../../../node_modules/dejavu-fonts-ttf/ttf/', import.meta.url)
const FONT = {
  plain: fileURLToPath(new URL('DejaVuSans.ttf', FONT_FOLDER)),
  bold: fileURLToPath(new URL('DejaVuSans-Bold.ttf', FONT_FOLDER)),
}

export async function makeLetter(letter: LetterText): Promise<MadeLetter> {
  const [docx, pdf] = await Promise.all([docxOf(letter), pdfOf(letter)])
  return { docx, pdf }
}

const POINTS = 2
const MARGIN_TWIPS = 1304

/** Space under each kind of block, in twentieths of a point, and which of them are bold. */
const DOCX_AFTER = {
  from: 400,
  to: 400,
  reference: 400,
  subject: 200,
  paragraph: 200,
  signature: 0,
}
const IS_BOLD = { from: true, subject: true } as Partial<Record<LetterBlock['kind'], true>>

async function docxOf(letter: LetterText) {
  const document = new Document({
    creator: 'Comity',
    title: letter.subject,
    styles: { default: { document: { run: { size: 11 * POINTS, font: 'Arial' } } } },
    sections: [
      {
        properties: {
          page: {
            margin: {
              top: MARGIN_TWIPS,
              bottom: MARGIN_TWIPS,
              left: MARGIN_TWIPS,
              right: MARGIN_TWIPS,
            },
          },
        },
        children: letterBlocks(letter).map(docxBlock),
      },
    ],
  })
  return new Uint8Array(await Packer.toBuffer(document))
}

/** A block from right to left is marked so: its start is the right margin then. */
function docxBlock({ kind, text, isRightToLeft }: LetterBlock): Paragraph {
  const bold = IS_BOLD[kind] ?? false
  return new Paragraph({
    spacing: { after: DOCX_AFTER[kind] },
    ...(isRightToLeft ? { bidirectional: true } : {}),
    ...(kind === 'reference' ? { alignment: AlignmentType.END } : {}),
    children: text.split('\n').flatMap((line, index) => [
      ...(index > 0 ? [new TextRun({ text: '', break: 1 })] : []),
      ...directedRuns(line).map(
        (run) =>
          new TextRun({
            text: run.text,
            bold,
            ...(run.isRightToLeft ? { rightToLeft: true } : {}),
          }),
      ),
    ]),
  })
}

/** A line in parts of one direction each; what has none goes with what stands before it. */
function directedRuns(line: string): readonly { text: string; isRightToLeft: boolean }[] {
  const runs: { text: string; isRightToLeft: boolean }[] = []
  for (const word of line.split(/(?<=\s)/u)) {
    const last = runs.at(-1)
    const isRightToLeft = hasRightToLeft(word)
    const isNeutral = !/\p{L}/u.test(word)
    if (last && (isNeutral || last.isRightToLeft === isRightToLeft)) last.text += word
    else runs.push({ text: word, isRightToLeft })
  }
  return runs
}

/** What DejaVu Sans shows of what letters are written in, from left to right. */
const SHOWN =
  /^[\n\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Nd}\p{P}\p{Zs}\p{Sm}\p{Sc}\p{Sk}\p{Mn}©®°№™]*$/u

/** More changes of direction than a letter has; each costs as much time as a line. */
const RUNS_MAX = 2000

function isTooMixed(blocks: readonly LetterBlock[]): boolean {
  const runs = blocks
    .filter(({ text }) => hasRightToLeft(text))
    .reduce((sum, { text, isRightToLeft }) => sum + countRuns(text, isRightToLeft), 0)
  return runs > RUNS_MAX
}

async function pdfOf(letter: LetterText): Promise<MadeLetter['pdf']> {
  const blocks = letterBlocks(letter)
  const text = blocks.map((block) => block.text).join('\n')
  if (!SHOWN.test(withoutBidiLetters(text)) || isTooMixed(blocks)) return undefined
  const document = new PDFDocument({
    size: 'A4',
    margin: 65,
    lang: letter.language,
    displayTitle: true,
    info: { Title: letter.subject, Producer: 'Comity', Creator: 'Comity' },
  })
  const chunks: Buffer[] = []
  document.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve) => document.on('end', () => resolve()))
  for (const block of blocks) drawBlock(document, block)
  document.end()
  await ended
  return new Uint8Array(Buffer.concat(chunks))
}

/** Empty lines under each kind of block. */
const PDF_AFTER = { from: 2, to: 2, reference: 2, subject: 1, paragraph: 1, signature: 0 }

function drawBlock(document: PDFKit.PDFDocument, { kind, text, isRightToLeft }: LetterBlock): void {
  const lineGap = kind === 'paragraph' ? 3 : 0
  document.font(IS_BOLD[kind] ? FONT.bold : FONT.plain).fontSize(kind === 'from' ? 12 : 11)
  if (kind === 'signature') document.moveDown()
  if (hasRightToLeft(text)) drawBidi(document, text, { isRightToLeft, lineGap })
  else document.text(text, { lineGap, ...(kind === 'reference' ? { align: 'right' } : {}) })
  document.moveDown(PDF_AFTER[kind])
}
