/** The OpenPGP key with which published advisories are signed: there, lasting, and the one served. */
import { openPgpFingerprint, openPgpKeyEnd } from '../../adapters/openpgp.ts'
import { csafKeys } from '../../adapters/postgres/csaf/csaf-keys.ts'
import type { Database } from '../../adapters/postgres/database.ts'
import type { CsafKey } from '../../app/ports/csaf-provider.ts'
import { DAY_MS, msOf, SECOND_MS } from '../../base/time.ts'
import { WELL_KNOWN_CSAF } from '../../wire/csaf-provider.ts'
import { type Check, type Finding, warning, well, wrong } from './finding.ts'

/** CSAF asks for 30 days at any time, better 90 (requirement 19). */
const END_WRONG_MS = 30 * DAY_MS
const END_WARNING_MS = 90 * DAY_MS
const WITHIN_MS = 5 * SECOND_MS
const TAKE = 'bring another one: comity openpgp take FILE --config CONFIG'

export const openPgpKey: Check = {
  name: 'OpenPGP key',
  async run({ config, database, nowMs }) {
    if (!database) return []
    // Before an upgrade there is no such table.
    const keys = await csafKeys(database).catch(() => undefined)
    if (keys === undefined) return []
    const [inUse] = keys
    if (!inUse) return withoutKey(database)
    const found = [
      ...(await endOf(inUse, nowMs)),
      ...(await signedBefore(database)),
      ...(await notServed(config.listeners.public.url, inUse)),
    ]
    return found.length > 0 ? found : [well(`${inUse.fingerprint} is in use`)]
  },
}

async function withoutKey(database: Database): Promise<readonly Finding[]> {
  const row = await database.selectFrom('p_publication').select('tracking_id').executeTakeFirst()
  if (!row) return [well('none yet: the node makes one with its first publication')]
  return [
    wrong(
      'advisories are published, and no key signs them',
      'is the node running? Look for its line csaf-not-served',
    ),
  ]
}

async function endOf({ publicKey }: CsafKey, nowMs: number): Promise<readonly Finding[]> {
  const end = await openPgpKeyEnd(publicKey).catch(() => undefined)
  if (end === undefined) return [wrong('the key in use is not valid', TAKE)]
  if (end === null) return []
  const leftMs = msOf(end) - nowMs
  if (leftMs <= 0) return [wrong(`the key in use ended at ${end}`, TAKE)]
  if (leftMs < END_WRONG_MS) return [wrong(`the key in use ends at ${end}, in under 30 days`, TAKE)]
  if (leftMs < END_WARNING_MS) return [warning(`the key in use ends at ${end}`, TAKE)]
  return []
}

async function signedBefore(database: Database): Promise<readonly Finding[]> {
  const rows = await database
    .selectFrom('csaf_file')
    .select('tracking_id')
    .where('key_ordinal', '<', ({ selectFrom }) =>
      selectFrom('csaf_key').select(({ fn }) => fn.max('ordinal').as('newest')),
    )
    .limit(1000)
    .execute()
  if (rows.length === 0) return []
  return [
    warning(
      `files that a former key has signed: ${rows.length}`,
      'is the node running? It signs them again by itself; look for its line csaf-not-served',
    ),
  ]
}

/** A door that does not answer is the finding of another check. */
async function notServed(publicUrl: string, inUse: CsafKey): Promise<readonly Finding[]> {
  const text = await textAt(`${publicUrl}${WELL_KNOWN_CSAF}/openpgp/${inUse.fingerprint}.asc`)
  if (text === undefined) return []
  const served = await openPgpFingerprint(text).catch(() => undefined)
  if (served === inUse.fingerprint) return []
  return [
    wrong(
      served === undefined
        ? 'the public door does not serve the key in use'
        : `the public door serves another key, ${served}`,
      'is that this node, and this database? Look at the reverse proxy and what it keeps',
    ),
  ]
}

/** `undefined`: no answer. */
async function textAt(address: string): Promise<string | undefined> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(WITHIN_MS) })
    return response.ok ? await response.text() : ''
  } catch {
    return undefined
  }
}
