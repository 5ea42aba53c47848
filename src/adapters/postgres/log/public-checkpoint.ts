/** The checkpoint that everyone reads: a signed head with the cosignatures that it has. */
import { invariant } from '../../../base/errors.ts'
import {
  formatSignedNote,
  parseSignatureLines,
  parseSignedNote,
} from '../../../proof/signed-note.ts'
import type { Database } from '../database.ts'
import { type DurableFolder, replaceFile } from './durable-files.ts'
import { type LogHead, requireEpoch, setPublished } from './log-head.ts'

/**
 * Puts the head where everyone reads it.
 *
 * @throws MustRestart if another sequencer has taken over
 */
export async function publishHead(
  database: Database,
  durable: DurableFolder,
  { size, signedNote, epoch }: LogHead,
): Promise<void> {
  invariant(signedNote !== undefined, 'only a signed head is published')
  const note = await withCosignatures(database, size, signedNote)
  await requireEpoch(database, epoch)
  await replaceFile(durable, 'checkpoint', note)
  await setPublished(database, epoch, size)
}

/** A signed head as it is published. */
export async function withCosignatures(
  database: Database,
  size: number,
  signedNote: Uint8Array,
): Promise<Uint8Array> {
  const { text, signatures } = parseSignedNote(signedNote)
  const rows = await database
    .selectFrom('log_cosig')
    .select('line')
    .where('size', '=', String(size))
    .orderBy('witness')
    .execute()
  const cosignatures = rows.flatMap(({ line }) => parseSignatureLines(line))
  return formatSignedNote({ text, signatures: [...signatures, ...cosignatures] })
}
