/**
 * The rows that a stream has in each list (`p_*`), from its projection.
 * Titles, who is let in and inputs of the law are sealed under the case's key; everything else
 * in these rows says nothing about a person.
 */
import type { Insertable } from 'kysely'
import type { Projection } from '../../../app/ports/projection.ts'
import { utf8 } from '../../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../../base/canonical-json.ts'
import type { Schema } from '../database.ts'
import type { ProjectedStream } from '../streams/streams.ts'
import type { ProjectionTables } from '../streams/tables.ts'
import { disclosureList } from './disclosures.ts'
import { publicTextList } from './public-texts.ts'
import { thanksList } from './thanks.ts'

export const titleContext = (streamId: string) => `case/${streamId}/title`
export const inputsContext = (streamId: string) => `case/${streamId}/law-inputs`
export const accessContext = (streamId: string) => `case/${streamId}/access`

export type ListTable = keyof ProjectionTables | 'p_case_tie'

type Columns = Readonly<Record<string, unknown>>

/** What one stream has in one table, beside its own id. */
export type List = {
  readonly table: ListTable
  readonly rows: readonly {
    /** With the stream's id the primary key; empty where a stream has one row. */
    readonly key: Columns
    /** Whatever the other columns follow from: they are equal if this is. */
    readonly from: unknown
    others(): Columns
  }[]
}

/** @param rest the columns that `key` does not give; sealed only when they are needed */
export function listOf<T extends ListTable, Item, Key extends Partial<Insertable<Schema[T]>>>(
  table: T,
  items: readonly Item[],
  key: (item: Item) => Key,
  rest: (item: Item) => Omit<Insertable<Schema[T]>, 'stream_id' | keyof Key>,
): List {
  const rows = items.map((item) => ({ key: key(item), from: item, others: () => rest(item) }))
  return { table, rows }
}

/** For a table with one row of a stream. */
export const onlyRow = () => ({})

export function listsOf(stream: ProjectedStream, projection: Projection): readonly List[] {
  return [
    ...sealedLists(stream, projection),
    ...caseLists(projection),
    ...releaseLists(projection),
    ...otherLists(projection),
  ]
}

function sealedLists({ id, key }: ProjectedStream, { cases, law }: Projection): readonly List[] {
  return [
    listOf('p_case', cases, onlyRow, (row) => ({
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
    listOf('p_law_case', law, onlyRow, ({ isDecided, inputs }) => ({
      is_decided: isDecided,
      sealed_inputs: key.seal(inputsContext(id), canonicalBytes(inputs as unknown as Json)),
    })),
  ]
}

function caseLists(projection: Projection): readonly List[] {
  const { deadlines, decisions, retention, notices, dues, ties } = projection
  return [
    listOf(
      'p_deadline',
      deadlines,
      ({ clock }) => ({ clock }),
      ({ legalOrder, state, dueAt, legalDue }) => ({
        legal_order: legalOrder,
        state,
        due_at: dueAt === null ? null : instantOf(dueAt),
        overdue_at: dueAt === null ? null : instantOf(legalDue ?? dueAt),
        strict_due: dueAt,
        legal_due: legalDue,
      }),
    ),
    listOf(
      'p_decision',
      decisions,
      ({ version }) => ({ version }),
      ({ act, decision, why, rules, decidedAt }) => {
        return { act, decision, why, rules: [...rules], decided_at: decidedAt }
      },
    ),
    listOf(
      'p_retention',
      retention,
      ({ exhibitId }) => ({ exhibit_id: exhibitId }),
      ({ state, dueAt }) => ({ state, due_at: dueAt }),
    ),
    listOf(
      'p_notice',
      notices,
      ({ personId }) => ({ person_id: personId }),
      ({ state, dueAt, wasDelayed }) => ({ state, due_at: dueAt, was_delayed: wasDelayed }),
    ),
    listOf(
      'p_due',
      dues,
      ({ kind, subjectId }) => ({ kind, subject_id: subjectId }),
      ({ dueAt, isToConfirm, owner, doneAt, grounds }) => ({
        ...{ due_at: dueAt, is_to_confirm: isToConfirm, owner, done_at: doneAt },
        grounds: [...grounds],
      }),
    ),
    listOf('p_case_tie', ties, ({ kind, value }) => ({ kind, value }), onlyRow),
  ]
}

function releaseLists({ duties, releases, transfers }: Projection): readonly List[] {
  return [
    listOf(
      'p_duty',
      duties,
      ({ releaseId, duty }) => ({ release_id: releaseId, duty }),
      (row) => ({
        due_at: row.dueAt,
        discharged_at: row.dischargedAt,
        kind: row.kind,
        owed_by: row.owedBy,
        other_side: row.otherSide,
        is_owed_by_us: row.isOwedByUs,
        state: row.state,
        breached_at: row.breachedAt,
      }),
    ),
    listOf(
      'p_release',
      releases,
      ({ releaseId }) => ({ release_id: releaseId }),
      ({ emergency, validateBy, withdrawn, isDeletionConfirmed }) => ({
        ...{ emergency, validate_by: validateBy, withdrawn },
        is_deletion_confirmed: isDeletionConfirmed,
      }),
    ),
    listOf(
      'p_transfer',
      transfers,
      ({ releaseId }) => ({ release_id: releaseId }),
      ({ peer, isOurs, sizeBytes, begunAt }) => {
        return { peer, is_ours: isOurs, size_bytes: sizeBytes, begun_at: begunAt }
      },
    ),
  ]
}

function otherLists(projection: Projection): readonly List[] {
  const { publications, agreements, signOffs } = projection
  return [
    listOf(
      'p_publication',
      publications,
      ({ trackingId }) => ({ tracking_id: trackingId }),
      ({ publishedAt, document }) => {
        return { published_at: publishedAt, document: JSON.stringify(document) }
      },
    ),
    listOf('p_agreement', agreements, onlyRow, ({ state, digest, document }) => {
      return { state, digest, document: JSON.stringify(document) }
    }),
    listOf(
      'p_sign_off',
      signOffs,
      ({ pack, version }) => ({ pack, version }),
      ({ officers, simulated }) => ({ officers, simulated }),
    ),
    disclosureList(projection.disclosures),
    publicTextList(projection.publicTexts),
    thanksList(projection.thanks),
  ]
}

/** Due dates are RFC 9557 text with a zone; the column keeps the instant. */
function instantOf(zoned: string): string {
  return zoned.endsWith(']')
    ? Temporal.ZonedDateTime.from(zoned).toInstant().toString()
    : Temporal.Instant.from(zoned).toString()
}
