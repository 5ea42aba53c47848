/** Derives every projection row again from the streams alone. */
import type { Project } from '../../../app/ports/projection.ts'
import type { StreamKind } from '../../../app/ports/streams.ts'
import { invariant } from '../../../base/errors.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'
import { ERASED } from '../streams/erase-stream.ts'
import { recordedOf, sealedEventsOf } from '../streams/stream-rows.ts'
import { writeProjection } from './write-projection.ts'

/** One transaction a stream, under the stream's lock: a running node waits, nothing is missed. */
export async function rebuildProjections(
  database: Database,
  atRest: AtRest,
  project: Project,
): Promise<{ readonly streams: number; readonly events: number }> {
  const rows = await database
    .selectFrom('stream')
    .select('id')
    .where('kind', '<>', ERASED)
    .orderBy('id')
    .execute()
  let events = 0
  for (const { id } of rows) {
    events += await database.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('stream')
        .selectAll()
        .where('id', '=', id)
        .where('kind', '<>', ERASED)
        .forNoKeyUpdate()
        .executeTakeFirst()
      // Erased meanwhile.
      if (!row) return 0
      const key = atRest.unwrap(row.wrapped_key)
      const history = (await sealedEventsOf(tx, id, key)).map(recordedOf)
      invariant(history.length === row.version, 'a stream has all of its events')
      await writeProjection(tx, { id, kind: row.kind as StreamKind, key, history }, project)
      return history.length
    })
  }
  return { streams: rows.length, events }
}
