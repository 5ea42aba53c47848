/** The CSAF documents that are served, on PostgreSQL: read by the public door, made by the node. */
import { createHash } from 'node:crypto'
import { type Insertable, sql } from 'kysely'
import type {
  CsafEntry,
  CsafFile,
  CsafPress,
  CsafProvider,
  Unserved,
} from '../../../app/ports/csaf-provider.ts'
import { canonicalText, type Json } from '../../../base/canonical-json.ts'
import { type Instant, instantFromMs } from '../../../base/time.ts'
import { type CsafVersion, csafFileName } from '../../../wire/csaf-advisory.ts'
import { headOf } from '../../../wire/csaf-head.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import { makeOpenPgpKey, type OpenPgpSigner, openPgpSigner } from '../../openpgp.ts'
import type { Database } from '../database.ts'
import { csafKeyInUse, csafKeys, keepCsafKey } from './csaf-keys.ts'
import type { CsafTables } from './tables.ts'

const ENTRIES_MAX = 10_000
const BATCH = 100
/** Two forms in two versions of the standard. */
const OF_PUBLICATION_MAX = 8

const ENTRY_COLUMNS = [
  'version',
  'tracking_id',
  'file_name',
  'year',
  'title',
  'summary',
  'initial_release_at',
  'current_release_at',
] as const
const FILE_COLUMNS = [...ENTRY_COLUMNS, 'content', 'sha256', 'sha512', 'signature'] as const

export function postgresCsafProvider(database: Database): CsafProvider {
  return {
    keys: () => csafKeys(database),
    async entries(version) {
      const rows = await database
        .selectFrom('csaf_file')
        .select(ENTRY_COLUMNS)
        .where('version', '=', version)
        .orderBy('current_release_at', 'desc')
        .orderBy('tracking_id')
        .limit(ENTRIES_MAX)
        .execute()
      return rows.map(entryOf)
    },
    async file(version, year, fileName) {
      const row = await database
        .selectFrom('csaf_file')
        .select(FILE_COLUMNS)
        .where('version', '=', version)
        .where('year', '=', year)
        .where('file_name', '=', fileName)
        .executeTakeFirst()
      return row && fileOf(row)
    },
    async ofPublication(trackingId) {
      const rows = await database
        .selectFrom('csaf_file')
        .select(FILE_COLUMNS)
        .where('source_id', '=', trackingId)
        .orderBy('version')
        .orderBy('tracking_id')
        .limit(OF_PUBLICATION_MAX)
        .execute()
      return rows.map(fileOf)
    },
  }
}

type EntryRow = {
  readonly version: CsafVersion
  readonly tracking_id: string
  readonly file_name: string
  readonly year: string
  readonly title: string
  readonly summary: string
  readonly initial_release_at: Date
  readonly current_release_at: Date
}

function entryOf(row: EntryRow): CsafEntry {
  return {
    version: row.version,
    trackingId: row.tracking_id,
    fileName: row.file_name,
    year: row.year,
    title: row.title,
    summary: row.summary,
    initialAt: instantFromMs(row.initial_release_at.getTime()),
    currentAt: instantFromMs(row.current_release_at.getTime()),
  }
}

type FileRow = EntryRow & {
  readonly content: string
  readonly sha256: string
  readonly sha512: string
  readonly signature: string
}

function fileOf(row: FileRow): CsafFile {
  const { content, sha256, sha512, signature } = row
  return { ...entryOf(row), content, sha256, sha512, signature }
}

export type PressParts = {
  readonly database: Database
  readonly atRest: AtRest
  /** Real time: signatures are not of case time. */
  readonly wireNow: () => Instant
  /** Whose name stands in a key that the node makes. */
  readonly holder: { readonly name: string; readonly email: string }
}

export function postgresCsafPress(parts: PressParts): CsafPress {
  const { database, wireNow } = parts
  let inUse: { readonly ordinal: number; readonly sign: OpenPgpSigner } | undefined

  /** Made with the first publication if the administrator gave none. */
  const signer = async () => {
    const key = (await csafKeyInUse(database, parts.atRest)) ?? (await makeFirst(parts))
    if (key.ordinal !== inUse?.ordinal) {
      inUse = { ordinal: key.ordinal, sign: await openPgpSigner(key.privateKey) }
    }
    return inUse
  }
  return {
    async unserved() {
      const { rows } = await sql<{ tracking_id: string; document: Json; check: string }>`
        select p.tracking_id, p.document, md5(p.document::text) as check
        from p_publication p
        where not exists (
          select 1 from csaf_file f
          where f.source_id = p.tracking_id and f.tracking_id = p.tracking_id
            and f.version = '2.0' and f.source_check = md5(p.document::text)
            and f.key_ordinal = (select max(ordinal) from csaf_key))
        order by p.published_at limit ${BATCH}`.execute(database)
      return rows.map(({ tracking_id, document, check }) => ({
        trackingId: tracking_id,
        document,
        check,
      }))
    },
    async keep(source, documents) {
      const { ordinal, sign } = await signer()
      const rows: Omit<Insertable<CsafTables['csaf_file']>, 'key_ordinal'>[] = []
      for (const { version, document } of documents) {
        const content = canonicalText(document as object)
        const signature = await sign(content, wireNow())
        rows.push({ ...rowOf(source, version, document), content, signature, ...hashes(content) })
      }
      await database.transaction().execute(async (tx) => {
        for (const row of rows) {
          const all = { ...row, key_ordinal: ordinal }
          await tx
            .insertInto('csaf_file')
            .values(all)
            .onConflict((conflict) => conflict.columns(['version', 'tracking_id']).doUpdateSet(all))
            .execute()
        }
      })
    },
  }
}

async function makeFirst({ database, atRest, holder, wireNow }: PressParts) {
  const key = await makeOpenPgpKey(holder, wireNow())
  const ordinal = await keepCsafKey(database, atRest, key, wireNow())
  return { ordinal, privateKey: key.privateKey }
}

function rowOf({ trackingId: source_id, check }: Unserved, version: CsafVersion, document: Json) {
  const { trackingId, title, summary, initialAt, currentAt } = headOf(document)
  return {
    version,
    tracking_id: trackingId,
    source_id,
    source_check: check,
    file_name: csafFileName(trackingId),
    year: initialAt.slice(0, 4),
    title,
    summary,
    initial_release_at: initialAt,
    current_release_at: currentAt,
  }
}

function hashes(content: string) {
  const digest = (name: string) => createHash(name).update(content).digest('hex')
  return { sha256: digest('sha256'), sha512: digest('sha512') }
}
