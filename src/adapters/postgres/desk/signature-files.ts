/** Attached signature files on PostgreSQL, sealed under the key of their stream. */
import type { Attestations } from '../../../app/ports/attestations.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'
import { caseKey } from './records.ts'

const context = (id: string) => `signature-file/${id}`

export function postgresSignatureFiles(
  database: Database,
  atRest: AtRest,
): Pick<Attestations, 'keepSignature' | 'keptSignature'> {
  return {
    async keepSignature(streamId, id, file) {
      const key = await caseKey(database, atRest, streamId)
      const sealed_file = key.seal(context(id), file)
      await database
        .insertInto('signature_file')
        .values({ id, stream_id: streamId, sealed_file })
        .execute()
    },
    async keptSignature(streamId, id) {
      const row = await database
        .selectFrom('signature_file')
        .select('sealed_file')
        .where('id', '=', id)
        .where('stream_id', '=', streamId)
        .executeTakeFirst()
      if (!row) return undefined
      const key = await caseKey(database, atRest, streamId)
      return key.open(context(id), row.sealed_file)
    },
  }
}
