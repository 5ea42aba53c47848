/**
 * The content of messages about a case that was erased. Their headers and receipts stay:
 * without them the channel could not be shown to be whole. What has not begun to leave goes
 * as a message whose content was withheld, but for what asks a peer to erase.
 */
import type { FederationTransaction } from './database.ts'
import { dropAllBatches } from './drop-batches.ts'

/** They carry ids and a signature, and the peer needs them. */
const STILL_SENT: readonly string[] = ['retraction', 'retractionDone']

export async function eraseMessages(tx: FederationTransaction, objectId: string): Promise<void> {
  await eraseWaiting(tx, objectId)
  const open = await tx
    .selectFrom('fed_out')
    .select(['destination', 'epoch', 'seq', 'header'])
    .where('object_id', '=', objectId)
    .where('sealed_content', 'is not', null)
    .where('decision', 'is', null)
    .execute()
  for (const { destination, epoch, seq, header } of open) {
    if (STILL_SENT.includes(typeOf(header))) continue
    await tx
      .updateTable('fed_out')
      .set({ sealed_content: null })
      .where('destination', '=', destination)
      .where('epoch', '=', epoch)
      .where('seq', '=', seq)
      .execute()
  }
  await tx
    .updateTable('fed_out')
    .set({ sealed_content: null })
    .where('object_id', '=', objectId)
    .where('sealed_content', 'is not', null)
    .where('decision', 'is not', null)
    .execute()
  // Sealed bytes of a transaction that is under way, or made to follow it, hold the content too.
  for (const destination of new Set(open.map((row) => row.destination))) {
    await dropAllBatches(tx, destination)
  }
  await tx
    .updateTable('fed_in')
    .set({ sealed_content: null })
    .where('object_id', '=', objectId)
    .where('sealed_content', 'is not', null)
    .execute()
}

async function eraseWaiting(tx: FederationTransaction, objectId: string): Promise<void> {
  const pending = await tx.selectFrom('fed_out_pending').select(['place', 'draft']).execute()
  const places = pending
    .filter(({ draft }) => (JSON.parse(draft) as { objectId: string }).objectId === objectId)
    .filter(({ draft }) => !STILL_SENT.includes(typeOf(draft)))
    .map(({ place }) => place)
  if (places.length === 0) return
  await tx
    .updateTable('fed_out_pending')
    .set({ sealed_content: new Uint8Array() })
    .where('place', 'in', places)
    .execute()
}

const typeOf = (draft: string) => (JSON.parse(draft) as { readonly type: string }).type
