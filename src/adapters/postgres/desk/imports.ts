/**
 * Tables on their way in, sealed, and the keys of rows that are in, as digests under
 * the inner key of the authority stream: a rotation of the node's column key wraps that
 * key anew and leaves it as it is, so rows are known again afterwards.
 */
import type { ImportKind, Imports } from '../../../app/ports/imports.ts'
import type { Random } from '../../../app/ports/random.ts'
import type { Table } from '../../../app/ports/tables.ts'
import { textFromUtf8, utf8 } from '../../../base/bytes.ts'
import { invariant } from '../../../base/errors.ts'
import { HOUR_MS } from '../../../base/time.ts'
import type { AtRest, ColumnKey } from '../../keys/at-rest.ts'
import { nodePrimitives } from '../../node-primitives.ts'
import type { Database } from '../database.ts'

const draftContext = (id: string, officer: string) => `import-draft/${id}/${officer}`

export function postgresImports(database: Database, atRest: AtRest, random: Random): Imports {
  let digestKey: ColumnKey | undefined
  const keyOf = async (kind: ImportKind, key: string) => {
    digestKey ??= await authorityKey(database, atRest)
    // Sealing is the same for the same text, and nobody without the node's key can try texts.
    return nodePrimitives.sha256(digestKey.seal(`import-row/${kind}`, utf8(key)))
  }
  return {
    async keep(officer, table) {
      const id = random.uuid()
      await database
        .deleteFrom('import_draft')
        .where((where) =>
          where.or([where('expires_at', '<', new Date()), where('officer_id', '=', officer)]),
        )
        .execute()
      await database
        .insertInto('import_draft')
        .values({
          id,
          officer_id: officer,
          sealed_table: atRest.node.seal(draftContext(id, officer), utf8(JSON.stringify(table))),
          expires_at: new Date(Date.now() + HOUR_MS),
        })
        .execute()
      return id
    },
    async kept(id, officer) {
      const row = await database
        .selectFrom('import_draft')
        .select('sealed_table')
        .where('id', '=', id)
        .where('officer_id', '=', officer)
        .where('expires_at', '>', new Date())
        .executeTakeFirst()
      if (!row) return undefined
      const text = textFromUtf8(atRest.node.open(draftContext(id, officer), row.sealed_table))
      return JSON.parse(text) as Table
    },
    async drop(id) {
      await database.deleteFrom('import_draft').where('id', '=', id).execute()
    },
    async known(kind, keys) {
      const hashes = new Map<string, string>()
      for (const key of keys) {
        hashes.set(Buffer.from(await keyOf(kind, key)).toString('hex'), key)
      }
      if (hashes.size === 0) return new Set()
      const rows = await database
        .selectFrom('import_row')
        .select('row_key')
        .where('kind', '=', kind)
        .where('is_done', '=', true)
        .where(
          'row_key',
          'in',
          [...hashes.keys()].map((hex) => Buffer.from(hex, 'hex')),
        )
        .execute()
      const found = rows.map(({ row_key }) => hashes.get(Buffer.from(row_key).toString('hex')))
      return new Set(found.filter((key) => key !== undefined))
    },
    async claim(kind, key, freshId) {
      const row_key = await keyOf(kind, key)
      await database
        .insertInto('import_row')
        .values({ kind, row_key, target_id: freshId })
        .onConflict((on) => on.doNothing())
        .execute()
      const row = await database
        .selectFrom('import_row')
        .select(['target_id', 'is_done'])
        .where('kind', '=', kind)
        .where('row_key', '=', row_key)
        .executeTakeFirstOrThrow()
      return { targetId: row.target_id, isDone: row.is_done }
    },
    async finish(kind, key) {
      await database
        .updateTable('import_row')
        .set({ is_done: true })
        .where('kind', '=', kind)
        .where('row_key', '=', await keyOf(kind, key))
        .execute()
    },
  }
}

async function authorityKey(database: Database, atRest: AtRest): Promise<ColumnKey> {
  const row = await database
    .selectFrom('stream')
    .select('wrapped_key')
    .where('kind', '=', 'authority')
    .executeTakeFirst()
  invariant(row !== undefined, 'a node has its authority stream before officers sign in')
  return atRest.unwrap(row.wrapped_key)
}
