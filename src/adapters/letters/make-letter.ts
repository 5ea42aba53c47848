/**
 * A letter as DOCX and as PDF. Text is put in as text: neither format can carry a
 * field, a link or a script from it.
 *
 * The PDF's font is DejaVu Sans where the package `dejavu-fonts-ttf` is installed
 * (Latin, Greek, Cyrillic and more); without it the PDF's own Helvetica, which has
 * Western European letters only. A text that the font cannot show gives no PDF,
 * never a PDF with holes.
 */
import { existsSync } from 'node:fs'
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

/** What Helvetica of a PDF shows: WinAnsi. */
const WESTERN =
  /^[\n\u0020-\u007e\u00a0-\u00ff\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]*$/
/** What DejaVu Sans shows of what letters are written in, from left to right. */
const WIDE =
  /^[\n\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Nd}\p{P}\p{Zs}\p{Sm}\p{Sc}\p{Sk}\p{So}\p{Mn}]*$/u

async function pdfOf(letter: LetterText): Promise<MadeLetter['pdf']> {
  const hasFont = existsSync(FONT.plain) && existsSync(FONT.bold)
  const { from, to, date, ref, subject, paragraphs, signedBy } = letter
  const text = [from, ...to, date, ref, subject, ...paragraphs, signedBy].join('\n')
  if (!(hasFont ? WIDE : WESTERN).test(text)) return undefined
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
  const plain = hasFont ? FONT.plain : 'Helvetica'
  const bold = hasFont ? FONT.bold : 'Helvetica-Bold'
  document.font(bold).fontSize(12).text(from).moveDown(2)
  document.font(plain).fontSize(11).text(to.join('\n')).moveDown(2)
  document.text(`${date} · ${ref}`, { align: 'right' }).moveDown(2)
  document.font(bold).text(subject).moveDown()
  document.font(plain)
  for (const paragraph of paragraphs) document.text(paragraph, { lineGap: 3 }).moveDown()
  document.moveDown().text(signedBy)
  document.end()
  await ended
  return new Uint8Array(Buffer.concat(chunks))
}
