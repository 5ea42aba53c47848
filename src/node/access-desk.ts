/**
 * How the people of this authority stand, from its own stream. The stream is read again
 * only when it has moved on: access is asked with every page, people change seldom.
 */
import type { Database } from '../adapters/postgres/database.ts'
import type { AccessDesk } from '../app/access.ts'
import type { Kernel } from '../app/kernel.ts'
import { standingFrom } from '../app/people/standing.ts'
import type { StreamView } from '../app/ports/streams.ts'
import { sharedCall } from '../base/shared-call.ts'

export type AccessDeskParts = Pick<
  Kernel,
  'staff' | 'primitives' | 'streams' | 'authorityStreamId'
> & {
  readonly database: Database
}

export function accessDesk(parts: AccessDeskParts): AccessDesk {
  const { database, streams, authorityStreamId } = parts
  let known: StreamView['history'] = []
  return {
    // Many ask at once. Nobody gets an answer that was read before they asked.
    standing: sharedCall(async () => {
      if ((await versionOf(database, authorityStreamId)) !== known.length) {
        known = (await streams.read(authorityStreamId))?.history ?? []
      }
      return standingFrom(parts, known)
    }),
  }
}

async function versionOf(database: Database, streamId: string): Promise<number> {
  const row = await database
    .selectFrom('stream')
    .select('version')
    .where('id', '=', streamId)
    .executeTakeFirst()
  return row?.version ?? 0
}
