/** Letters to parties: made as DOCX and PDF, kept sealed under the case's key. */
import type { Bytes } from '../../base/bytes.ts'

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

export type MadeLetter = {
  readonly docx: Bytes
  /** Undefined where the font at hand cannot show the text. */
  readonly pdf: Bytes | undefined
}

export type Letters = {
  make(letter: LetterText): Promise<MadeLetter>
  keep(caseId: string, letterId: string, letter: MadeLetter): Promise<void>
  kept(caseId: string, letterId: string): Promise<MadeLetter | undefined>
}
