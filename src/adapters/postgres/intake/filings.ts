/** Filings on PostgreSQL. How they reach the log is in `batches.ts`. */
import type { Transaction } from 'kysely'
import type { Clocks } from '../../../app/ports/clocks.ts'
import type {
  ContactOpened,
  Filing,
  Filings,
  NewFiling,
  NewMessage,
  ResealedPart,
} from '../../../app/ports/filings.ts'
import type { Random } from '../../../app/ports/random.ts'
import { fromBase64, textFromUtf8 } from '../../../base/bytes.ts'
import { malformed } from '../../../base/errors.ts'
import type { CalendarDate } from '../../../base/time.ts'
import { FILING_EVENTS, type SignedReceipt } from '../../../wire/intake/filing.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database, Schema } from '../database.ts'
import type { KernelTables } from '../streams/tables.ts'
import { filingAdder, tagsContext } from './add-filings.ts'
import { closeBatch, leavesContext, proofIn } from './batches.ts'
import { reportDrafts } from './drafts.ts'
import { addMessage, holdMailbox, mailboxMessages, takeFollowUp } from './mailbox-messages.ts'
import { resealPart, sealedParts } from './sealed-parts.ts'

export type FilingsParts = {
  readonly database: Database
  readonly atRest: AtRest
  readonly clocks: Clocks
  readonly random: Random
  /** Log entries of acts that go with each batch. */
  readonly batchEntries?: number
  /** Digest of the script that seals reports in browsers, hex. */
  readonly script?: string
  onBatch(): void
}

export type PostgresFilings = Filings & {
  /** What `admitFiling` of a unit does, in the transaction that opens the case. */
  admit(tx: Transaction<Schema>, id: string, caseId: string): Promise<void>
  /** What `closeFiling` of a unit does. */
  close(tx: Transaction<Schema>, id: string, on: CalendarDate): Promise<boolean>
  /** What `writeToReporter` of a unit does. */
  writeToReporter(tx: Transaction<Schema>, message: NewMessage): Promise<boolean>
  /** What `takeFollowUp` of a unit does. */
  takeFollowUp: typeof takeFollowUp
  /** What `tellContactOpened` of a unit does. */
  tellContactOpened(tx: Transaction<Schema>, opened: ContactOpened): Promise<void>
  /** What `resealFiling` of a unit does. */
  reseal(tx: Transaction<Schema>, resealed: ResealedPart): Promise<boolean>
}

type MessageParts = Pick<FilingsParts, 'atRest'> & { readonly tx: Transaction<Schema> }

export function postgresFilings(parts: FilingsParts): PostgresFilings {
  const { database, atRest } = parts

  return {
    add: filingAdder(database, atRest),

    async waiting() {
      const rows = await filingRows(database)
        .where('case_id', 'is', null)
        .where('closed_on', 'is', null)
        .execute()
      return rows.map(filingOf)
    },
    async closed() {
      const rows = await filingRows(database).where('closed_on', 'is not', null).execute()
      return rows.map(filingOf)
    },
    async find(id) {
      const row = await filingRows(database).where('filing.id', '=', id).executeTakeFirst()
      return row && filingOf(row)
    },
    async findByMailbox(mailboxHash) {
      const row = await filingRows(database)
        .where('mailbox_hash', '=', mailboxHash)
        .executeTakeFirst()
      return row && filingOf(row)
    },
    sealedReport: (id) => sealedColumn(database, id, 'report'),
    sealedContact: (id) => sealedColumn(database, id, 'contact'),
    async sealedAttachment(id, position) {
      const row = await database
        .selectFrom('filing_attachment')
        .select('sealed')
        .where('filing_id', '=', id)
        .where('position', '=', position)
        .executeTakeFirst()
      return row && new Uint8Array(row.sealed)
    },

    ...sealedParts(database),

    async proofOf(id) {
      const row = await database
        .selectFrom('filing')
        .innerJoin('intake_batch', 'intake_batch.id', 'filing.batch_id')
        .select(['commitment', 'sealed_leaves', 'batch_id'])
        .where('filing.id', '=', id)
        .executeTakeFirst()
      if (!row?.batch_id) return undefined
      const opened = atRest.node.open(leavesContext(row.batch_id), row.sealed_leaves)
      return proofIn(opened, row.commitment)
    },

    async admit(tx, id, caseId) {
      await holdMailbox(tx, id)
      const row = await tx
        .updateTable('filing')
        .set({ case_id: caseId, closed_on: null })
        .where('id', '=', id)
        .where('case_id', 'is', null)
        .returning('sealed_tags')
        .executeTakeFirstOrThrow(() =>
          malformed('no filing with this id waits for admission', { field: 'filingId' }),
        )
      const opened = atRest.node.open(tagsContext(id), row.sealed_tags)
      const { acknowledged } = JSON.parse(textFromUtf8(opened)) as NewFiling['tags']
      await tx
        .insertInto('intake_tag')
        .values({ tag: fromBase64(acknowledged) })
        // Whoever filed chose it: one that was listed before keeps no report out.
        .onConflict((on) => on.doNothing())
        .execute()
    },

    async close(tx, id, on) {
      const row = await tx
        .updateTable('filing')
        .set({ closed_on: on })
        .where('id', '=', id)
        .where('case_id', 'is', null)
        .where('closed_on', 'is', null)
        .returning('id')
        .executeTakeFirst()
      if (!row) return false
      await listTag({ atRest, tx }, { filingId: id, kind: 'closed' })
      return true
    },

    ...mailboxMessages(database),
    ...reportDrafts(database),
    async findByCase(caseId) {
      const row = await filingRows(database).where('case_id', '=', caseId).executeTakeFirst()
      return row && filingOf(row)
    },
    async writeToReporter(tx, message) {
      if (!(await addMessage(tx, message))) return false
      await listTag({ atRest, tx }, message)
      return true
    },
    takeFollowUp,
    async tellContactOpened(tx, { id, filingId, on, basis }) {
      const row = { id, filing_id: filingId, opened_on: on, basis }
      await tx.insertInto('filing_contact_opened').values(row).execute()
    },
    async contactOpenings(filingId) {
      const rows = await database
        .selectFrom('filing_contact_opened')
        .select(['id', 'opened_on', 'basis'])
        .where('filing_id', '=', filingId)
        .orderBy('opened_on')
        .orderBy('id')
        .execute()
      return rows.map(({ id, opened_on, basis }) => ({
        ...{ id, filingId, basis },
        on: opened_on as CalendarDate,
      }))
    },
    reseal: resealPart,

    async closeBatch() {
      await database.transaction().execute((tx) => closeBatch(parts, tx))
      parts.onBatch()
    },
  }
}

type Tagged = Pick<NewMessage, 'filingId' | 'kind'>

/** The tag of what was written, once for a filing: the holder of the code looks for it. */
async function listTag({ atRest, tx }: MessageParts, message: Tagged): Promise<void> {
  const event = FILING_EVENTS.find((name) => name === message.kind)
  if (event === undefined) return
  const { sealed_tags } = await tx
    .selectFrom('filing')
    .select('sealed_tags')
    .where('id', '=', message.filingId)
    .executeTakeFirstOrThrow()
  const opened = atRest.node.open(tagsContext(message.filingId), sealed_tags)
  const tags = JSON.parse(textFromUtf8(opened)) as NewFiling['tags']
  await tx
    .insertInto('intake_tag')
    .values({ tag: fromBase64(tags[event]) })
    .onConflict((on) => on.doNothing())
    .execute()
}

function filingRows(database: Database) {
  return database
    .selectFrom('filing')
    .leftJoin('intake_batch', 'intake_batch.id', 'filing.batch_id')
    .select([
      'filing.id',
      'filing.filed_on',
      'filing.language',
      'filing.accepted_receipt',
      'filing.case_id',
      'filing.closed_on',
      'filing.report_sealed_for',
      'intake_batch.log_id',
    ])
    .select((on) => [
      on('filing.contact', 'is not', null).as('has_contact'),
      on
        .exists(
          on
            .selectFrom('filing_message')
            .select('position')
            .whereRef('filing_id', '=', 'filing.id')
            .where('kind', '=', 'retaliation'),
        )
        .as('says_retaliation'),
      on
        .selectFrom('filing_attachment')
        .whereRef('filing_id', '=', 'filing.id')
        .select(({ fn }) => fn.countAll().as('count'))
        .as('attachments'),
    ])
    .orderBy('filing.filed_on')
    .orderBy('filing.id')
}

type FilingRow = Pick<
  KernelTables['filing'],
  'id' | 'language' | 'case_id' | 'report_sealed_for'
> & {
  filed_on: string
  closed_on: string | null
  accepted_receipt: unknown
  log_id: string | null
  has_contact: unknown
  says_retaliation: unknown
  attachments: unknown
}

function filingOf(row: FilingRow): Filing {
  return {
    id: row.id,
    filedOn: row.filed_on as CalendarDate,
    language: row.language,
    hasContact: row.has_contact === true,
    saysRetaliation: row.says_retaliation === true,
    attachments: Number(row.attachments),
    sealedFor: row.report_sealed_for ?? '',
    acceptedReceipt: row.accepted_receipt as SignedReceipt,
    caseId: row.case_id ?? undefined,
    batchLogId: row.log_id ?? undefined,
    closedOn: row.closed_on ? (row.closed_on as CalendarDate) : undefined,
  }
}

async function sealedColumn(database: Database, id: string, column: 'report' | 'contact') {
  const row = await database
    .selectFrom('filing')
    .select(column)
    .where('id', '=', id)
    .executeTakeFirst()
  const bytes = row?.[column]
  return bytes ? new Uint8Array(bytes) : undefined
}
