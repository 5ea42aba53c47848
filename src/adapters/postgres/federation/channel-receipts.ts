/** Headers and receipts of the messages about one case, from the rows of the outbox. */
import type { ChannelReceipts } from '../../../app/ports/channel-receipts.ts'
import type { MessageHeader } from '../../../wire/exchange/message-header.ts'
import type { SignedReceipt } from '../../../wire/exchange/receipt.ts'
import type { NodeSignature } from '../../../wire/exchange/signed.ts'
import type { Database } from '../database.ts'

export function channelReceipts(database: Database): ChannelReceipts {
  return {
    async forCase(caseId, leadCaseId) {
      const objects = leadCaseId === null ? [caseId] : [caseId, leadCaseId]
      const rows = await database
        .selectFrom('fed_out')
        .select(['header', 'signature', 'receipt'])
        .where('object_id', 'in', objects)
        .orderBy('destination')
        .orderBy('epoch')
        .orderBy('seq')
        .execute()
      return rows.map(({ header, signature, receipt }) => ({
        header: JSON.parse(header) as MessageHeader,
        headerSignature: JSON.parse(signature) as NodeSignature,
        receipt: receipt === null ? null : (JSON.parse(receipt) as SignedReceipt),
      }))
    },
  }
}
