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
import type { LetterText, MadeLetter } from '../../app/ports/letters.ts'

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

async function docxOf(letter: LetterText) {
  const line = (text: string, options: { bold?: boolean; after?: number } = {}) =>
    new Paragraph({
      spacing: { after: options.after ?? 200 },
      children: text.split('\n').map(
        (part, index) =>
          new TextRun({
            text: part,
            bold: options.bold ?? false,
            ...(index > 0 ? { break: 1 } : {}),
          }),
      ),
    })
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
        children: [
          line(letter.from, { bold: true, after: 400 }),
          line(letter.to.join('\n'), { after: 400 }),
          new Paragraph({
            alignment: AlignmentType.END,
            spacing: { after: 400 },
            children: [new TextRun(`${letter.date} · ${letter.ref}`)],
          }),
          line(letter.subject, { bold: true }),
          ...letter.paragraphs.map((text) => line(text)),
          line(letter.signedBy),
        ],
      },
    ],
  })
  return new Uint8Array(await Packer.toBuffer(document))
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
