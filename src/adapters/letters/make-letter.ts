/**
 * A letter as DOCX and as PDF. Text is put in as text: neither format can carry a
 * field, a link or a script from it.
 *
 * The PDF's font is DejaVu Sans: Latin, Greek, Cyrillic and more, written from left
 * to right. A text that it cannot show gives no PDF, never a PDF with holes.
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

async function pdfOf(letter: LetterText): Promise<MadeLetter['pdf']> {
  const { from, to, date, ref, subject, paragraphs, signedBy } = letter
  const text = [from, ...to, date, ref, subject, ...paragraphs, signedBy].join('\n')
  if (!SHOWN.test(text)) return undefined
  const document = new PDFDocument({
    size: 'A4',
    margin: 65,
    lang: letter.language,
    displayTitle: true,
    info: { Title: subject, Producer: 'Comity', Creator: 'Comity' },
  })
  const chunks: Buffer[] = []
  document.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve) => document.on('end', () => resolve()))
  document.font(FONT.bold).fontSize(12).text(from).moveDown(2)
  document.font(FONT.plain).fontSize(11).text(to.join('\n')).moveDown(2)
  document.text(`${date} · ${ref}`, { align: 'right' }).moveDown(2)
  document.font(FONT.bold).text(subject).moveDown()
  document.font(FONT.plain)
  for (const paragraph of paragraphs) document.text(paragraph, { lineGap: 3 }).moveDown()
  document.moveDown().text(signedBy)
  document.end()
  await ended
  return new Uint8Array(Buffer.concat(chunks))
}
