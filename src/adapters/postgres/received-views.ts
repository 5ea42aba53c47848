/** Received views on PostgreSQL: ciphertext under a key for each, wrapped by the node's key. */
import type { ReceivedViews } from '../../app/ports/received-views.ts'
import { concatBytes, toBase64, toHex } from '../../base/bytes.ts'
import { canonicalBytes, type Json, parseJson } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import type { ReleaseView } from '../../core/release/release.ts'
import type { AtRest } from '../keys/at-rest.ts'
import { nodePrimitives } from '../node-primitives.ts'
import type { systemRandom } from '../random.ts'
import type { Database } from './database.ts'

const SALT_SIZE = 32

const contextOf = (releaseId: string) => `received-view/${releaseId}`

type Parts = {
  readonly database: Database
  readonly atRest: AtRest
  readonly random: Pick<typeof systemRandom, 'bytes'>
}

type Kept = { readonly salt: string; readonly view: ReleaseView }

export function postgresReceivedViews({ database, atRest, random }: Parts): ReceivedViews {
  return {
    async keep({ caseId, releaseId }, view) {
      const salt = random.bytes(SALT_SIZE)
      const bytes = canonicalBytes(view as Json)
      const kept = canonicalBytes({ salt: toBase64(salt), view } as unknown as Json)
      const wrapped_key = atRest.newKey()
      const sealed_view = atRest.unwrap(wrapped_key).seal(contextOf(releaseId), kept)
      const row = { case_id: caseId, wrapped_key, sealed_view }
      const { numInsertedOrUpdatedRows } = await database
        .insertInto('received_view')
        .values({ release_id: releaseId, ...row })
        .onConflict((conflict) =>
          conflict
            .column('release_id')
            .doUpdateSet(row)
            .where('received_view.destroyed_at', 'is', null)
            .where('received_view.case_id', '=', caseId),
        )
        .executeTakeFirstOrThrow()
      if (!numInsertedOrUpdatedRows) {
        throw malformed('a release of this id is here already', { field: 'releaseId' })
      }
      return toHex(nodePrimitives.sha256(concatBytes(salt, bytes)))
    },
    async read({ caseId, releaseId }) {
      const row = await database
        .selectFrom('received_view')
        .select(['wrapped_key', 'sealed_view'])
        .where('release_id', '=', releaseId)
        .where('case_id', '=', caseId)
        .executeTakeFirst()
      if (!row?.wrapped_key || !row.sealed_view) return undefined
      const key = atRest.unwrap(row.wrapped_key)
      const kept = parseJson(key.open(contextOf(releaseId), row.sealed_view), 'sealed_view')
      return (kept as unknown as Kept).view
    },
    async destroy({ caseId, releaseId }) {
      await database
        .updateTable('received_view')
        .set({ wrapped_key: null, sealed_view: null, destroyed_at: new Date() })
        .where('release_id', '=', releaseId)
        .where('case_id', '=', caseId)
        .where('destroyed_at', 'is', null)
        .execute()
    },
  }
}
