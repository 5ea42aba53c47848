/**
 * What was erased, in a file outside of the database: a backup that is older than an erasure
 * brings the case back, and this list says that it has to go again. It lies beside the backups
 * and in the node's folder, holds ids, grounds and recipients, and is sealed under the node's
 * column key, so that nobody else can write one that destroys.
 *
 * It is as new as the last backup, or the last minute in which the node ran. An erasure that
 * neither copy has seen is not known after a restore.
 */
import { readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { canonicalBytes, type Json, parseJson } from '../../base/canonical-json.ts'
import type { ErasureEvent } from '../../core/erasure/erasure.ts'
import type { AtRest } from '../keys/at-rest.ts'
import { syncFolder } from '../keys/private-files.ts'
import type { Database } from '../postgres/database.ts'
import { recordedOf, sealedEventsOf } from '../postgres/streams/stream-rows.ts'
import { writeWhole } from './files.ts'

export const ERASURE_LIST = 'erasures.sealed'

const CONTEXT = 'erasure-list/v1'

type Seal = Pick<AtRest, 'node' | 'resealed'>

/**
 * Empty if there is no such file.
 *
 * @throws ComityError `unverified` if this node's key did not seal it
 */
export async function readErasureList(
  file: string,
  { node }: Pick<Seal, 'node'>,
): Promise<readonly ErasureEvent[]> {
  const sealed = await sealedIn(file)
  if (!sealed) return []
  return parseJson(node.open(CONTEXT, sealed), ERASURE_LIST) as unknown as readonly ErasureEvent[]
}

/** Adds what the file does not hold; what it holds stays. Returns how many it holds. */
export async function addToErasureList(
  file: string,
  { node, resealed }: Seal,
  events: readonly ErasureEvent[],
): Promise<number> {
  const before = await readErasureList(file, { node })
  const sealed = await sealedIn(file)
  // After a change of the column key it is sealed anew while the former one is still there.
  const isOld = sealed !== undefined && resealed(CONTEXT, sealed) !== undefined
  const known = new Set(before.map(keyOf))
  const fresh = events.filter((event) => !known.has(keyOf(event)))
  const all = [...before, ...fresh]
  if (fresh.length === 0 && !isOld) return all.length
  const bytes = node.seal(CONTEXT, canonicalBytes(all as unknown as Json))
  await writeWhole(`${file}.tmp`, bytes)
  await rename(`${file}.tmp`, file)
  await syncFolder(dirname(file))
  return all.length
}

/** As the database knows them; empty before the first start. */
export async function erasuresIn(
  database: Database,
  atRest: AtRest,
): Promise<readonly ErasureEvent[]> {
  const row = await database
    .selectFrom('stream')
    .selectAll()
    .where('kind', '=', 'erasure')
    .executeTakeFirst()
  if (!row) return []
  const events = await sealedEventsOf(database, row.id, atRest.unwrap(row.wrapped_key))
  return events.map((one) => recordedOf(one).event as ErasureEvent)
}

function sealedIn(file: string): Promise<Uint8Array | undefined> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

/** Two answers of one recipient about one release are two. */
function keyOf(event: ErasureEvent): string {
  if (event.type === 'caseErased') return event.erasureId
  if (event.type === 'erasureStated') return `${event.erasureId}/stated`
  const answer = `${event.erasureId}/${event.from}/${event.releaseId}/${event.answer}`
  return event.type === 'erasureAnswerLogged' ? `${answer}/logged` : answer
}
