/**
 * Looks whether the cosignatures that this log got are as its witnesses signed them: of a line
 * that was altered nobody would hear, it would only not count any more.
 */
import { parseCheckpoint } from '../../../proof/checkpoint.ts'
import { verifyCosignatures } from '../../../proof/cosignature.ts'
import type { Primitives } from '../../../proof/primitives.ts'
import { parseSignatureLines, parseSignedNote } from '../../../proof/signed-note.ts'
import { parseVkey } from '../../../proof/vkey.ts'
import type { Database } from '../database.ts'
import { isSound } from './stored-witness.ts'
import { sizeOf } from './tables.ts'

/** The newest ones; each head has one of each key of each witness. */
const LOOKED_AT = 2000

/** What differs from what was signed, each with its size and witness; none: nothing does. */
export async function alteredCosignatures(
  database: Database,
  primitives: Primitives,
): Promise<readonly string[]> {
  const rows = await database
    .selectFrom('log_cosig')
    .innerJoin('log_checkpoint', 'log_checkpoint.size', 'log_cosig.size')
    .select(['log_cosig.size', 'witness', 'first_line', 'line', 'time_seconds', 'signed_note'])
    .orderBy('log_cosig.size', 'desc')
    .orderBy('witness')
    .limit(LOOKED_AT)
    .execute()
  return rows
    .filter((row) => !isSound(() => isAsSigned(primitives, row)))
    .map(({ size, witness }) => `log_cosig ${size} ${witness}`)
}

type Row = {
  readonly size: string
  readonly witness: string
  readonly first_line: string
  readonly line: string
  readonly time_seconds: string
  readonly signed_note: Uint8Array
}

function isAsSigned(primitives: Primitives, row: Row): boolean {
  const { text } = parseSignedNote(new Uint8Array(row.signed_note))
  const key = parseVkey(primitives, row.witness)
  const timeOf = (line: string): number | undefined => {
    const note = { text, signatures: parseSignatureLines(line) }
    const [cosignature] = verifyCosignatures(primitives, note, [key])
    return cosignature?.timeSeconds
  }
  const [first, newest] = [timeOf(row.first_line), timeOf(row.line)]
  if (first === undefined || newest === undefined) return false
  const isSameSize = parseCheckpoint(text).treeSize === sizeOf(row.size)
  return isSameSize && first <= newest && newest === Number(row.time_seconds)
}
