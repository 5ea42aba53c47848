/** A certificate of contribution, to be read and printed. The signed file is the record. */
import type { CreditRole } from '../../../core/disclosure/recognition-events.ts'

export type CertificateModel = {
  readonly creditId: string
  readonly authority: string
  readonly name: string
  readonly roles: readonly CreditRole[]
  /** In the reader's language, with the year. */
  readonly month: string
  readonly isDemonstration: boolean
}
