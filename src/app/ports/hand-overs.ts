/** Hand-over packages and their manual receipts, kept sealed under the case's key. */
import type { Bytes } from '../../base/bytes.ts'

export type HandOvers = {
  keep(caseId: string, handOverId: string, archive: Uint8Array): Promise<void>
  kept(caseId: string, handOverId: string): Promise<Bytes | undefined>
  /** Who acknowledged, and how; canonical JSON. */
  keepReceipt(caseId: string, handOverId: string, receipt: Uint8Array): Promise<void>
}
