/** Messages of mailboxes: ciphertext and the day, in the order in which they came. */
import { sql, type Transaction } from 'kysely'
import {
  type Filings,
  MAILBOX_MESSAGES_MAX,
  type MailboxMessage,
  type NewMessage,
} from '../../../app/ports/filings.ts'
import type { CalendarDate } from '../../../base/time.ts'
import type { Database, Schema } from '../database.ts'

export function mailboxMessages(database: Database): Pick<Filings, 'messages' | 'deleteMessage'> {
  return {
    async messages(filingId) {
      const rows = await database
        .selectFrom('filing_message')
        .select(['id', 'from_reporter', 'kind', 'written_on', 'sealed'])
        .where('filing_id', '=', filingId)
        .orderBy('position')
        .execute()
      return rows.map((row) => ({
        id: row.id,
        isFromReporter: row.from_reporter,
        kind: row.kind as MailboxMessage['kind'],
        on: row.written_on as CalendarDate,
        sealed: row.sealed ? new Uint8Array(row.sealed) : undefined,
      }))
    },
    async deleteMessage(filingId, messageId) {
      const row = await database
        .updateTable('filing_message')
        .set({ sealed: null })
        .where('id', '=', messageId)
        .where('filing_id', '=', filingId)
        .where('sealed', 'is not', null)
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

/** The filing is held from before it is looked at: whoever admits it meanwhile sees the message. */
export async function takeFollowUp(
  tx: Transaction<Schema>,
  message: NewMessage,
  tokenHash: Uint8Array,
): Promise<{ readonly caseId: string | undefined } | undefined> {
  const token = await tx
    .insertInto('used_form_token')
    .values({ token_hash: tokenHash, used_on: message.on })
    .onConflict((on) => on.doNothing())
    .returning('token_hash')
    .executeTakeFirst()
  if (!token) return undefined
  await holdMailbox(tx, message.filingId)
  const { rows } = await sql<{ case_id: string | null }>`
    select case_id from filing where id = ${message.filingId}`.execute(tx)
  return (await addMessage(tx, message)) ? { caseId: rows[0]?.case_id ?? undefined } : undefined
}

/** Two who write at once come one after the other. @returns `false` if the mailbox is full */
export async function addMessage(tx: Transaction<Schema>, message: NewMessage): Promise<boolean> {
  const { filingId } = message
  await holdMailbox(tx, filingId)
  const { last } = await tx
    .selectFrom('filing_message')
    .select(({ fn }) => fn.max('position').as('last'))
    .where('filing_id', '=', filingId)
    .executeTakeFirstOrThrow()
  const position = Number(last ?? 0) + 1
  if (position > MAILBOX_MESSAGES_MAX) return false
  await tx
    .insertInto('filing_message')
    .values({
      id: message.id,
      filing_id: filingId,
      position,
      from_reporter: message.isFromReporter,
      kind: message.kind,
      written_on: message.on,
      sealed: message.sealed,
      sealed_for: message.sealedFor,
    })
    .execute()
  return true
}

/**
 * Until the end of the transaction: by whoever writes, and by whoever admits the filing. The
 * public door may not lock the row of a filing, which takes the right to change it.
 */
export async function holdMailbox(tx: Transaction<Schema>, filingId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${filingId}, 45))`.execute(tx)
}
