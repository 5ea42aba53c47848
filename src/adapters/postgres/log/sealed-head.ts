/** The newest head of a log that a quorum has cosigned, as a note that anyone can verify. */
import { sql } from 'kysely'
import { ComityError } from '../../../base/errors.ts'
import type { Policy } from '../../../proof/policy.ts'
import type { Primitives } from '../../../proof/primitives.ts'
import { verifyWitnessedHead } from '../../../proof/receipt.ts'
import {
  formatSignedNote,
  parseSignatureLines,
  parseSignedNote,
} from '../../../proof/signed-note.ts'
import type { Database } from '../database.ts'
import { sizeOf } from './tables.ts'

/** Heads that are looked at in one step. */
const STEP = 32

export async function newestSealedHead(
  primitives: Primitives,
  database: Database,
  policy: Policy,
): Promise<Uint8Array | undefined> {
  let below = Number.MAX_SAFE_INTEGER
  for (;;) {
    const heads = await headsBelow(database, below)
    const found = heads.find(({ bytes }) => isSealed(primitives, bytes, policy))
    if (found || heads.length < STEP) return found?.bytes
    below = heads.at(-1)?.size ?? 0
  }
}

async function headsBelow(database: Database, below: number) {
  const rows = await database
    .selectFrom('log_checkpoint')
    .leftJoin('log_cosig', 'log_cosig.size', 'log_checkpoint.size')
    .select(['log_checkpoint.size', 'log_checkpoint.signed_note'])
    .select(sql<string>`coalesce(string_agg(first_line, '' order by witness), '')`.as('lines'))
    .where('log_checkpoint.size', '<', String(below))
    .groupBy(['log_checkpoint.size', 'log_checkpoint.signed_note'])
    .orderBy('log_checkpoint.size', 'desc')
    .limit(STEP)
    .execute()
  return rows.map(({ size, signed_note, lines }) => {
    const { text, signatures } = parseSignedNote(new Uint8Array(signed_note))
    const cosignatures = lines === '' ? [] : parseSignatureLines(lines)
    const bytes = formatSignedNote({ text, signatures: [...signatures, ...cosignatures] })
    return { size: sizeOf(size), bytes }
  })
}

function isSealed(primitives: Primitives, bytes: Uint8Array, policy: Policy): boolean {
  try {
    verifyWitnessedHead(primitives, parseSignedNote(bytes), policy)
    return true
  } catch (error) {
    if (error instanceof ComityError) return false
    throw error
  }
}
