/**
 * A letter as text: what it says, and the blocks in which every form of it (DOCX, PDF,
 * the page that shows it beforehand) is laid out. Says nothing about fonts.
 */

export type LetterText = {
  /** Of the authority, over the letter. */
  readonly from: string
  /** Name and address, line by line. */
  readonly to: readonly string[]
  readonly date: string
  readonly ref: string
  readonly subject: string
  readonly paragraphs: readonly string[]
  readonly signedBy: string
  readonly language: string
}

export type LetterBlock = {
  readonly kind: 'from' | 'to' | 'reference' | 'subject' | 'paragraph' | 'signature'
  /** Lines are parted by a line feed. */
  readonly text: string
  /** From its first letter that has a direction; as Unicode's rules P2 and P3 say. */
  readonly isRightToLeft: boolean
}

export function letterBlocks(letter: LetterText): readonly LetterBlock[] {
  const { from, to, date, ref, subject, paragraphs, signedBy } = letter
  const block = (kind: LetterBlock['kind'], text: string): LetterBlock => ({
    kind,
    text: text.replaceAll('\r\n', '\n'),
    isRightToLeft: startsRightToLeft(text),
  })
  return [
    block('from', from),
    block('to', to.join('\n')),
    block('reference', `${date} · ${ref}`),
    block('subject', subject),
    ...paragraphs.map((text) => block('paragraph', text)),
    block('signature', signedBy),
  ]
}

/** Letters of the scripts in living use that run from right to left. */
const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u
const LETTER = /\p{L}/u

function startsRightToLeft(text: string): boolean {
  for (const character of text) {
    if (LETTER.test(character)) return RIGHT_TO_LEFT.test(character)
  }
  return false
}

export function hasRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text)
}
