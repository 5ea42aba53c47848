/**
 * Replaces the projection rows of one stream, in the transaction that changed it.
 * Titles, and who is let in, are sealed under the case's key; everything else in these rows says
 * nothing about a person.
 */
import { type Insertable, sql, type Transaction } from 'kysely'
import type { Project, Projection } from '../../../app/ports/projection.ts'
import { utf8 } from '../../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../../base/canonical-json.ts'
import type { Schema } from '../database.ts'
import { sendAhead } from '../pipeline.ts'
import type { ProjectedStream } from '../streams/streams.ts'
import type { ProjectionTables } from '../streams/tables.ts'
import { disclosureRows } from './disclosures.ts'
import { publicTextRows } from './public-texts.ts'
import { thanksRows } from './thanks.ts'

export const titleContext = (streamId: string) => `case/${streamId}/title`
export const inputsContext = (streamId: string) => `case/${streamId}/law-inputs`
export const accessContext = (streamId: string) => `case/${streamId}/access`

/** Nothing that is derived from a stream stays: all tables, in one round trip (migration 0078). */
export async function clearProjection(tx: Transaction<Schema>, streamId: string): Promise<void> {
  await sendAhead(tx, sql`select clear_projection(${streamId})`.compile(tx))
}

export async function writeProjection(
  tx: Transaction<Schema>,
  stream: ProjectedStream,
  project: Project,
): Promise<void> {
  if (!stream.isNew) await clearProjection(tx, stream.id)
  const projection = project(stream.kind, stream.history)
  const tables = [
    ...caseRows(stream, projection),
    ...followedRows(stream.id, projection),
    ...otherRows(stream.id, projection),
  ]
  await insertAll(
    tx,
    tables.filter(({ rows }) => rows.length > 0),
  )
}

type Table = keyof ProjectionTables | 'p_case_tie'
type RowsOf<T extends Table> = {
  readonly table: T
  readonly rows: readonly Insertable<Schema[T]>[]
}
type Rows = { [T in Table]: RowsOf<T> }[Table]

/** Rows of different tables in one statement: one round trip. */
async function insertAll(tx: Transaction<Schema>, tables: readonly Rows[]): Promise<void> {
  const [last, ...others] = tables
  if (!last) return
  const inserts = others.map(({ table, rows }) => {
    const insert = tx.insertInto(table).values(rows as never)
    return sql`${sql.id(`into_${table}`)} as (${insert})`
  })
  const end = tx.insertInto(last.table).values(last.rows as never)
  const all = inserts.length > 0 ? sql`with ${sql.join(inserts)} ${end}` : sql`${end}`
  await sendAhead(tx, all.compile(tx))
}

function caseRows(
  { id, key }: ProjectedStream,
  { cases, deadlines, law, decisions, duties, releases }: Projection,
): readonly Rows[] {
  const stream_id = id
  return [
    {
      table: 'p_case',
      rows: cases.map((row) => ({
        stream_id,
        lead: row.lead,
        lead_case_id: row.leadCaseId,
        phase: row.phase,
        priority: row.priority,
        priority_standing: row.priorityStanding,
        is_under_embargo: row.isUnderEmbargo,
        opened_at: row.openedAt,
        changed_at: row.changedAt,
        sealed_title: key.seal(titleContext(id), utf8(row.title)),
        sealed_access: key.seal(accessContext(id), canonicalBytes(row.access as unknown as Json)),
      })),
    },
    {
      table: 'p_deadline',
      rows: deadlines.map(({ clock, legalOrder, state, dueAt, legalDue }) => ({
        stream_id,
        clock,
        legal_order: legalOrder,
        state,
        due_at: dueAt === null ? null : instantOf(dueAt),
        overdue_at: dueAt === null ? null : instantOf(legalDue ?? dueAt),
        strict_due: dueAt,
        legal_due: legalDue,
      })),
    },
    {
      table: 'p_law_case',
      rows: law.map(({ isDecided, inputs }) => {
        const bytes = canonicalBytes(inputs as unknown as Json)
        return {
          stream_id,
          is_decided: isDecided,
          sealed_inputs: key.seal(inputsContext(id), bytes),
        }
      }),
    },
    {
      table: 'p_decision',
      rows: decisions.map(({ version, act, decision, why, rules, decidedAt }) => ({
        stream_id,
        version,
        act,
        decision,
        why,
        rules: [...rules],
        decided_at: decidedAt,
      })),
    },
    {
      table: 'p_duty',
      rows: duties.map((row) => ({
        stream_id,
        release_id: row.releaseId,
        duty: row.duty,
        due_at: row.dueAt,
        discharged_at: row.dischargedAt,
        kind: row.kind,
        owed_by: row.owedBy,
        other_side: row.otherSide,
        is_owed_by_us: row.isOwedByUs,
        state: row.state,
        breached_at: row.breachedAt,
      })),
    },
    {
      table: 'p_release',
      rows: releases.map((release) => ({
        stream_id,
        release_id: release.releaseId,
        emergency: release.emergency,
        validate_by: release.validateBy,
        withdrawn: release.withdrawn,
        is_deletion_confirmed: release.isDeletionConfirmed,
      })),
    },
  ]
}

function followedRows(
  stream_id: string,
  { retention, transfers, disclosures, publicTexts, thanks }: Projection,
): readonly Rows[] {
  return [
    {
      table: 'p_retention',
      rows: retention.map(({ exhibitId, state, dueAt }) => {
        return { stream_id, exhibit_id: exhibitId, state, due_at: dueAt }
      }),
    },
    {
      table: 'p_transfer',
      rows: transfers.map(({ releaseId, peer, isOurs, sizeBytes, begunAt }) => ({
        ...{ stream_id, release_id: releaseId, peer },
        ...{ is_ours: isOurs, size_bytes: sizeBytes, begun_at: begunAt },
      })),
    },
    { table: 'p_disclosure', rows: disclosureRows(stream_id, disclosures) },
    { table: 'p_public_text', rows: publicTextRows(stream_id, publicTexts) },
    { table: 'p_thanks', rows: thanksRows(stream_id, thanks) },
  ]
}

function otherRows(
  stream_id: string,
  { notices, dues, publications, agreements, signOffs, ties }: Projection,
): readonly Rows[] {
  return [
    {
      table: 'p_notice',
      rows: notices.map(({ personId, state, dueAt, wasDelayed }) => ({
        stream_id,
        person_id: personId,
        state,
        due_at: dueAt,
        was_delayed: wasDelayed,
      })),
    },
    {
      table: 'p_due',
      rows: dues.map(({ kind, subjectId, dueAt, isToConfirm, owner, doneAt, grounds }) => ({
        ...{ stream_id, kind, subject_id: subjectId, due_at: dueAt, owner, done_at: doneAt },
        is_to_confirm: isToConfirm,
        grounds: [...grounds],
      })),
    },
    {
      table: 'p_publication',
      rows: publications.map(({ trackingId, publishedAt, document }) => ({
        stream_id,
        tracking_id: trackingId,
        published_at: publishedAt,
        document: JSON.stringify(document),
      })),
    },
    {
      table: 'p_agreement',
      rows: agreements.map(({ state, digest, document }) => {
        return { stream_id, state, digest, document: JSON.stringify(document) }
      }),
    },
    { table: 'p_sign_off', rows: signOffs.map((signOff) => ({ stream_id, ...signOff })) },
    { table: 'p_case_tie', rows: ties.map((tie) => ({ stream_id, ...tie })) },
  ]
}

/** Due dates are RFC 9557 text with a zone; the column keeps the instant. */
function instantOf(zoned: string): string {
  return zoned.endsWith(']')
    ? Temporal.ZonedDateTime.from(zoned).toInstant().toString()
    : Temporal.Instant.from(zoned).toString()
}
