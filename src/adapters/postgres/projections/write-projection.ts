/**
 * Replaces the projection rows of one stream, in the transaction that changed it.
 * Titles, and who is let in, are sealed under the case's key; everything else in these rows says
 * nothing about a person.
 */
import type { Transaction } from 'kysely'
import type { Project, Projection } from '../../../app/ports/projection.ts'
import { utf8 } from '../../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../../base/canonical-json.ts'
import type { Schema } from '../database.ts'
import type { ProjectedStream } from '../streams/streams.ts'
import type { ProjectionTables } from '../streams/tables.ts'
import { writeDisclosures } from './disclosures.ts'
import { writePublicTexts } from './public-texts.ts'
import { writeThanks } from './thanks.ts'

const TABLES: readonly (keyof ProjectionTables | 'p_case_tie')[] = [
  'p_case',
  'p_deadline',
  'p_law_case',
  'p_decision',
  'p_duty',
  'p_release',
  'p_transfer',
  'p_retention',
  'p_notice',
  'p_due',
  'p_publication',
  'p_public_text',
  'p_disclosure',
  'p_thanks',
  'p_agreement',
  'p_sign_off',
  'p_case_tie',
]

export const titleContext = (streamId: string) => `case/${streamId}/title`
export const inputsContext = (streamId: string) => `case/${streamId}/law-inputs`
export const accessContext = (streamId: string) => `case/${streamId}/access`

/** Nothing that is derived from a stream stays. */
export async function clearProjection(tx: Transaction<Schema>, streamId: string): Promise<void> {
  for (const table of TABLES) {
    await tx.deleteFrom(table).where('stream_id', '=', streamId).execute()
  }
}

export async function writeProjection(
  tx: Transaction<Schema>,
  stream: ProjectedStream,
  project: Project,
): Promise<void> {
  await clearProjection(tx, stream.id)
  const projection = project(stream.kind, stream.history)
  await writeCaseRows(tx, stream, projection)
  await writeRetention(tx, stream.id, projection)
  await writeTransfers(tx, stream.id, projection)
  await writeDisclosures(tx, stream.id, projection)
  await writeOtherRows(tx, stream.id, projection)
}

async function writeCaseRows(
  tx: Transaction<Schema>,
  { id, key }: ProjectedStream,
  { cases, deadlines, law, decisions, duties, releases }: Projection,
): Promise<void> {
  const stream_id = id
  for (const row of cases) {
    await tx
      .insertInto('p_case')
      .values({
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
      })
      .execute()
  }
  if (deadlines.length > 0) {
    const rows = deadlines.map(({ clock, legalOrder, state, dueAt, legalDue }) => ({
      stream_id,
      clock,
      legal_order: legalOrder,
      state,
      due_at: dueAt === null ? null : instantOf(dueAt),
      overdue_at: dueAt === null ? null : instantOf(legalDue ?? dueAt),
      strict_due: dueAt,
      legal_due: legalDue,
    }))
    await tx.insertInto('p_deadline').values(rows).execute()
  }
  for (const { isDecided, inputs } of law) {
    const bytes = canonicalBytes(inputs as unknown as Json)
    const sealed_inputs = key.seal(inputsContext(id), bytes)
    await tx
      .insertInto('p_law_case')
      .values({ stream_id, is_decided: isDecided, sealed_inputs })
      .execute()
  }
  if (decisions.length > 0) {
    const rows = decisions.map(({ version, act, decision, why, rules, decidedAt }) => ({
      stream_id,
      version,
      act,
      decision,
      why,
      rules: [...rules],
      decided_at: decidedAt,
    }))
    await tx.insertInto('p_decision').values(rows).execute()
  }
  if (duties.length > 0) {
    const rows = duties.map((row) => ({
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
    }))
    await tx.insertInto('p_duty').values(rows).execute()
  }
  if (releases.length > 0) {
    const rows = releases.map((release) => ({
      stream_id,
      release_id: release.releaseId,
      emergency: release.emergency,
      validate_by: release.validateBy,
      withdrawn: release.withdrawn,
      is_deletion_confirmed: release.isDeletionConfirmed,
    }))
    await tx.insertInto('p_release').values(rows).execute()
  }
}

async function writeRetention(
  tx: Transaction<Schema>,
  stream_id: string,
  { retention }: Projection,
): Promise<void> {
  if (retention.length === 0) return
  const rows = retention.map(({ exhibitId, state, dueAt }) => {
    return { stream_id, exhibit_id: exhibitId, state, due_at: dueAt }
  })
  await tx.insertInto('p_retention').values(rows).execute()
}

async function writeTransfers(
  tx: Transaction<Schema>,
  stream_id: string,
  { transfers }: Projection,
): Promise<void> {
  if (transfers.length === 0) return
  const rows = transfers.map(({ releaseId, peer, isOurs, sizeBytes, begunAt }) => ({
    ...{ stream_id, release_id: releaseId, peer },
    ...{ is_ours: isOurs, size_bytes: sizeBytes, begun_at: begunAt },
  }))
  await tx.insertInto('p_transfer').values(rows).execute()
}

async function writeOtherRows(
  tx: Transaction<Schema>,
  stream_id: string,
  { notices, dues, publications, publicTexts, thanks, agreements, signOffs, ties }: Projection,
): Promise<void> {
  if (notices.length > 0) {
    const rows = notices.map(({ personId, state, dueAt, wasDelayed }) => ({
      stream_id,
      person_id: personId,
      state,
      due_at: dueAt,
      was_delayed: wasDelayed,
    }))
    await tx.insertInto('p_notice').values(rows).execute()
  }
  if (dues.length > 0) {
    const rows = dues.map(({ kind, subjectId, dueAt, isToConfirm, owner, doneAt, grounds }) => ({
      ...{ stream_id, kind, subject_id: subjectId, due_at: dueAt, owner, done_at: doneAt },
      is_to_confirm: isToConfirm,
      grounds: [...grounds],
    }))
    await tx.insertInto('p_due').values(rows).execute()
  }
  if (publications.length > 0) {
    const rows = publications.map(({ trackingId, publishedAt, document }) => ({
      stream_id,
      tracking_id: trackingId,
      published_at: publishedAt,
      document: JSON.stringify(document),
    }))
    await tx.insertInto('p_publication').values(rows).execute()
  }
  await writePublicTexts(tx, stream_id, { publicTexts })
  await writeThanks(tx, stream_id, { thanks })
  for (const { state, digest, document } of agreements) {
    const row = { stream_id, state, digest, document: JSON.stringify(document) }
    await tx.insertInto('p_agreement').values(row).execute()
  }
  if (signOffs.length > 0) {
    const rows = signOffs.map((signOff) => ({ stream_id, ...signOff }))
    await tx.insertInto('p_sign_off').values(rows).execute()
  }
  if (ties.length > 0) {
    const rows = ties.map((tie) => ({ stream_id, ...tie }))
    await tx.insertInto('p_case_tie').values(rows).execute()
  }
}

/** Due dates are RFC 9557 text with a zone; the column keeps the instant. */
function instantOf(zoned: string): string {
  return zoned.endsWith(']')
    ? Temporal.ZonedDateTime.from(zoned).toInstant().toString()
    : Temporal.Instant.from(zoned).toString()
}
