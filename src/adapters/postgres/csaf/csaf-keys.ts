/**
 * The OpenPGP keys of the node, on PostgreSQL. The one with the highest number signs;
 * what former ones signed is signed again. Private parts are sealed under the node's
 * column key, and only the owner's connection may read them.
 */
import type { CsafKey } from '../../../app/ports/csaf-provider.ts'
import { textFromUtf8, utf8 } from '../../../base/bytes.ts'
import { type Instant, instantFromMs } from '../../../base/time.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { OpenPgpKey } from '../../openpgp.ts'
import type { Database } from '../database.ts'

export const privateKeyContext = (ordinal: number) => `csaf-key/${ordinal}/private`

export async function csafKeys(database: Database): Promise<readonly CsafKey[]> {
  const rows = await database
    .selectFrom('csaf_key')
    .selectAll()
    .orderBy('ordinal', 'desc')
    .execute()
  return rows.map(({ fingerprint, public_key, made_at }) => ({
    fingerprint,
    publicKey: public_key,
    madeAt: instantFromMs(made_at.getTime()),
  }))
}

/** @returns the number of the key, which signs from now on; a key that is known keeps its own */
export async function keepCsafKey(
  database: Database,
  atRest: AtRest,
  { fingerprint, publicKey, privateKey }: OpenPgpKey,
  now: Instant,
): Promise<number> {
  return database.transaction().execute(async (tx) => {
    const rows = await tx.selectFrom('csaf_key').select(['ordinal', 'fingerprint']).execute()
    const known = rows.find((row) => row.fingerprint === fingerprint)
    if (known) return known.ordinal
    const ordinal = Math.max(0, ...rows.map((row) => row.ordinal)) + 1
    await tx
      .insertInto('csaf_key')
      .values({ ordinal, fingerprint, public_key: publicKey, made_at: now })
      .execute()
    const sealed_key = atRest.node.seal(privateKeyContext(ordinal), utf8(privateKey))
    await tx.insertInto('csaf_private_key').values({ ordinal, sealed_key }).execute()
    return ordinal
  })
}

export type KeyInUse = { readonly ordinal: number; readonly privateKey: string }

export async function csafKeyInUse(
  database: Database,
  atRest: AtRest,
): Promise<KeyInUse | undefined> {
  const row = await database
    .selectFrom('csaf_private_key')
    .selectAll()
    .orderBy('ordinal', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return undefined
  const opened = atRest.node.open(privateKeyContext(row.ordinal), row.sealed_key)
  return { ordinal: row.ordinal, privateKey: textFromUtf8(opened) }
}
