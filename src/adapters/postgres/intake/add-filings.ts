/**
 * How filings are kept: whatever comes while a commit runs goes into the next one together,
 * so that many reporters at once wait for few commits. Each filing still has an outcome of
 * its own, and none is told before what holds it is durable.
 *
 * One of them that the database refuses holds back nobody else: they are then added one by
 * one. If nobody knows whether a commit arrived, all of them hear that it failed, and a
 * sending again finds what was kept.
 */
import { sql, type Transaction } from 'kysely'
import type { NewFiling } from '../../../app/ports/filings.ts'
import { toHex } from '../../../base/bytes.ts'
import { canonicalBytes } from '../../../base/canonical-json.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database, Schema } from '../database.ts'

/** In one commit: so few that a statement stays small, and its rows are not locked for long. */
export const TOGETHER = { filings: 32, bytes: 4 * 1024 * 1024 } as const

type Waiting = {
  readonly filing: NewFiling
  readonly answer: PromiseWithResolvers<boolean>
}

/** `false`: its token or its mailbox was used before, and nothing of it is kept. */
export type AddFiling = (filing: NewFiling) => Promise<boolean>

export function filingAdder(database: Database, atRest: AtRest): AddFiling {
  let waiting: Waiting[] = []
  let isAdding = false
  // A filing with files takes long: nobody else is to wait for its locks.
  const alone = new Set<NewFiling>()
  const takeNext = () => {
    const { now, later } = nextTogether(waiting, [...alone].flatMap(marksOf))
    waiting = later
    return now
  }
  const addWaiting = async () => {
    if (isAdding) return
    isAdding = true
    for (let group = takeNext(); group.length > 0; group = takeNext()) await addTogether(group)
    isAdding = false
  }
  const addTogether = async (group: readonly Waiting[]) => {
    try {
      const filings = group.map(({ filing }) => filing)
      const kept = await insertFilings(database, atRest, filings)
      for (const { filing, answer } of group) answer.resolve(kept.has(filing.id))
    } catch (error) {
      if (group.length > 1 && isRefused(error)) for (const one of group) await addTogether([one])
      else for (const { answer } of group) answer.reject(error)
    }
  }
  const addAlone = async (filing: NewFiling) => {
    alone.add(filing)
    try {
      return await addWithFiles(database, atRest, filing)
    } finally {
      alone.delete(filing)
      void addWaiting()
    }
  }
  return (filing) => {
    if (filing.attachments.length > 0) return addAlone(filing)
    const answer = Promise.withResolvers<boolean>()
    waiting.push({ filing, answer })
    void addWaiting()
    return answer.promise
  }
}

/** What no two filings may share. */
function marksOf({ formTokenHash, mailboxHash }: NewFiling): readonly string[] {
  return [`token ${toHex(formTokenHash)}`, `mailbox ${toHex(mailboxHash)}`]
}

/**
 * SQLSTATE classes of what the server certainly did not keep: data that it refused (22, 23),
 * a transaction that it rolled back, e.g. in a deadlock (40), a limit of the program (54).
 */
const REFUSED = /^(?:22|23|40|54)/

function isRefused(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' && code.length === 5 && REFUSED.test(code)
}

/**
 * The first that wait, in their order, and at least one if any is free. Two with one token or
 * one mailbox are never together: the second is to find what the first left.
 */
export function nextTogether<T extends { readonly filing: NewFiling }>(
  waiting: readonly T[],
  busy: Iterable<string> = [],
): { readonly now: readonly T[]; readonly later: T[] } {
  const now: T[] = []
  const later: T[] = []
  const used = new Set(busy)
  let bytes = 0
  for (const [at, one] of waiting.entries()) {
    const { report, contact } = one.filing
    bytes += report.length + (contact?.length ?? 0)
    const isFull = now.length === TOGETHER.filings || bytes > TOGETHER.bytes
    if (isFull && now.length > 0) return { now, later: [...later, ...waiting.slice(at)] }
    const marks = marksOf(one.filing)
    const isFree = !marks.some((mark) => used.has(mark))
    if (isFree) now.push(one)
    else later.push(one)
    for (const mark of marks) used.add(mark)
  }
  return { now, later }
}

async function addWithFiles(
  database: Database,
  atRest: AtRest,
  filing: NewFiling,
): Promise<boolean> {
  return database.transaction().execute(async (tx) => {
    const kept = await insertFilings(tx, atRest, [filing])
    if (!kept.has(filing.id)) return false
    for (const [position, sealed] of filing.attachments.entries()) {
      await tx
        .insertInto('filing_attachment')
        .values({ filing_id: filing.id, position, sealed, sealed_for: filing.sealedFor })
        .execute()
    }
    return true
  })
}

/**
 * The tokens and the filings in one statement, which is one round trip and one commit: a
 * token that was used before keeps its filing out.
 */
async function insertFilings(
  database: Database | Transaction<Schema>,
  atRest: AtRest,
  filings: readonly NewFiling[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    with incoming (token_hash, id, mailbox_hash, filed_on, language, report, contact,
      report_digest, contact_digest, report_sealed_for, contact_sealed_for, commitment,
      sealed_tags, accepted_receipt) as (
      values ${sql.join(filings.map((filing) => rowOf(atRest, filing)))}
    ), token as (
      insert into used_form_token (token_hash, used_on)
      select token_hash, filed_on from incoming
      on conflict do nothing returning token_hash
    )
    insert into filing (id, mailbox_hash, filed_on, language, report, contact, report_digest,
      contact_digest, report_sealed_for, contact_sealed_for, commitment, sealed_tags,
      accepted_receipt)
    select id, mailbox_hash, filed_on, language, report, contact, report_digest,
      contact_digest, report_sealed_for, contact_sealed_for, commitment, sealed_tags,
      accepted_receipt
    from incoming join token using (token_hash)
    on conflict (mailbox_hash) do nothing
    returning id`.execute(database)
  return new Set(rows.map(({ id }) => id))
}

function rowOf(atRest: AtRest, filing: NewFiling) {
  const { id, sealedFor, contact = null } = filing
  const sealedTags = atRest.node.seal(tagsContext(id), canonicalBytes(filing.tags))
  return sql`(${filing.formTokenHash}::bytea, ${id}::uuid, ${filing.mailboxHash}::bytea,
    ${filing.filedOn}::date, ${filing.language}::text, ${filing.report}::bytea,
    ${contact}::bytea, ${filing.reportDigest ?? null}::bytea,
    ${filing.contactDigest ?? null}::bytea, ${sealedFor}::text,
    ${contact ? sealedFor : null}::text, ${filing.commitment}::bytea, ${sealedTags}::bytea,
    ${JSON.stringify(filing.acceptedReceipt)}::jsonb)`
}

export const tagsContext = (id: string) => `filing/${id}/tags`
