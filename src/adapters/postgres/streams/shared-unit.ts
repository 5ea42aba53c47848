/**
 * One unit for many messages of one transaction: each stream is locked and read once, and
 * its lists are written once, after the last of them. Whoever undoes a part of the
 * transaction must throw the unit away, because it knows what was undone.
 */
import type { Transaction } from 'kysely'
import type { OpenStream, Unit } from '../../../app/ports/streams.ts'
import type { Schema } from '../database.ts'
import type { ProjectedStream, StreamsParts } from './streams.ts'

/** Lists are read by others, after the commit: once is enough, however often they changed. */
export async function listsAtEnd<T>(
  parts: StreamsParts,
  tx: Transaction<Schema>,
  work: (parts: StreamsParts) => Promise<T>,
): Promise<T> {
  const changed = new Map<string, ProjectedStream>()
  const value = await work({
    ...parts,
    async project(_, stream) {
      // The lists are still as they were before the first change.
      const { before } = changed.get(stream.id) ?? stream
      changed.set(stream.id, { ...stream, before })
      return undefined
    },
    // Of a case that is erased no row is written any more.
    async eraseMessages(within, objectId) {
      changed.delete(objectId)
      await parts.eraseMessages(within, objectId)
    },
  })
  for (const stream of changed.values()) await parts.project(tx, stream)
  return value
}

export function readingOnce(unit: Unit): Unit {
  const opened = new Map<string, OpenStream>()
  const known = <S extends OpenStream | undefined>(stream: S): S => {
    if (stream) opened.set(stream.id, stream)
    return stream
  }
  return {
    ...unit,
    create: async (streamId, kind) => known(await unit.create(streamId, kind)),
    open: async (streamId) => opened.get(streamId) ?? known(await unit.open(streamId)),
    async eraseCase(caseId, names) {
      opened.delete(caseId)
      return unit.eraseCase(caseId, names)
    },
  }
}
