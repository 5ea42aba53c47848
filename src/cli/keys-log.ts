/** `comity keys log`: asks the node to close its log and open the next, with a key of its own. */
import { atRest as openAtRest } from '../adapters/keys/at-rest.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { openDatabase } from '../adapters/postgres/database.ts'
import { currentLog } from '../adapters/postgres/log/own-log.ts'
import { toHex } from '../base/bytes.ts'
import { invariant, malformed } from '../base/errors.ts'
import type { KeyCeremonyEvent } from '../core/authority/key-ceremony.ts'
import type { NodeConfig } from '../node/config.ts'
import { askForLogChange } from '../node/log-change.ts'
import { logSigners } from '../node/log-signers.ts'
import { openNodeKeys } from '../node/node-keys.ts'

/**
 * @returns what the record of the ceremony says of the key that ends
 * @throws ComityError `malformed`; nothing was asked then
 */
export async function changeLogKey(
  config: NodeConfig,
  reason: string | undefined,
): Promise<Pick<KeyCeremonyEvent, 'act' | 'keys'>> {
  if (reason !== 'planned' && reason !== 'compromised') {
    throw malformed('--reason is planned or compromised', { field: 'reason' })
  }
  const keys = await openNodeKeys(config)
  const database = openDatabase(config.database.url, 2)
  try {
    const [columnKey, ...former] = await keys.columnKeys()
    invariant(columnKey, 'a node has a column key')
    const first = logSigners(config.node.id, keys).log
    const { ordinal, signer } = await currentLog(database, openAtRest(columnKey, former), first)
    if (!(await askForLogChange(database, { ordinal, reason }))) {
      throw malformed(
        'a change is under way: start the node, and look at the lines log-changed and log-change-waits; after a restore: comity restore status',
        { reason: 'log-change' },
      )
    }
    const fingerprint = toHex(nodePrimitives.sha256(signer.key.publicKey))
    const act = reason === 'planned' ? 'retired' : 'revoked'
    return { act, keys: [{ key: `log-${ordinal}`, fingerprint }] }
  } finally {
    await database.destroy()
    await keys.close()
  }
}
