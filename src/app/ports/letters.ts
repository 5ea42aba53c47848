/** Letters to parties: made as DOCX and PDF, kept sealed under the case's key. */
import type { Bytes } from '../../base/bytes.ts'
import type { LetterText } from '../../core/desk/letter-text.ts'

export type MadeLetter = {
  readonly docx: Bytes
  /** Undefined where the font at hand cannot show the text, or it is too mixed. */
  readonly pdf: Bytes | undefined
}

export type Letters = {
  make(letter: LetterText): Promise<MadeLetter>
  keep(caseId: string, letterId: string, letter: MadeLetter): Promise<void>
  kept(caseId: string, letterId: string): Promise<MadeLetter | undefined>
}
