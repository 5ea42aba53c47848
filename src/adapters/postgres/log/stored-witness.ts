/**
 * Looks whether what this node keeps as a witness of others is as it signed it. A head that
 * was altered here would be cosigned against: this names it before.
 */
import { equalBytes, utf8 } from '../../../base/bytes.ts'
import { ComityError } from '../../../base/errors.ts'
import { parseCheckpoint } from '../../../proof/checkpoint.ts'
import { verifyCosignatures } from '../../../proof/cosignature.ts'
import type { Primitives } from '../../../proof/primitives.ts'
import { parseSignedNote } from '../../../proof/signed-note.ts'
import type { NoteKey } from '../../../proof/vkey.ts'
import type { Database } from '../database.ts'
import { sizeOf } from './tables.ts'

export type StoredWitnessDeps = {
  readonly database: Database
  readonly primitives: Primitives
  /** Of this witness, former ones too. */
  readonly keys: readonly NoteKey[]
}

/** What differs from what was signed, each with its table and origin; none: nothing does. */
export async function alteredWitnessRows(deps: StoredWitnessDeps): Promise<readonly string[]> {
  const { database, primitives } = deps
  const states = await database.selectFrom('witness_state').selectAll().execute()
  const evidence = await database
    .selectFrom('witness_evidence')
    .select(['digest', 'origin', 'submission'])
    .execute()
  return [
    ...states
      .filter((row) => !isSound(() => isAsSigned(deps, row)))
      .map(({ origin }) => `witness_state ${origin}`),
    ...evidence
      .filter(({ digest, origin, submission }) => {
        const text = () => parseSignedNote(new Uint8Array(submission)).text
        return !isSound(() => equalBytes(digest, primitives.sha256(utf8(`${origin}\n${text()}`))))
      })
      .map(({ origin }) => `witness_evidence ${origin}`),
  ]
}

type State = {
  readonly origin: string
  readonly origin_hash: Uint8Array
  readonly size: string
  readonly root: Uint8Array
  readonly note: Uint8Array
}

function isAsSigned({ primitives, keys }: StoredWitnessDeps, row: State): boolean {
  const note = parseSignedNote(new Uint8Array(row.note))
  const { origin, treeSize, rootHash } = parseCheckpoint(note.text)
  const isSame =
    origin === row.origin && treeSize === sizeOf(row.size) && equalBytes(rootHash, row.root)
  const isNamed = equalBytes(row.origin_hash, primitives.sha256(utf8(row.origin)))
  return isSame && isNamed && verifyCosignatures(primitives, note, keys).length > 0
}

/** False: what is looked at is not of its form, or not verified. */
export function isSound(look: () => boolean): boolean {
  try {
    return look()
  } catch (error) {
    if (error instanceof ComityError) return false
    throw error
  }
}
