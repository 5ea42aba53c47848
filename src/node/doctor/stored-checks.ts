/** Checks of what the database holds of exchange and witness against what was signed. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { httpPrimitives } from '../../adapters/keys/http-primitives.ts'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { pinnedPeers, readNodeDocument } from '../../adapters/peers/pinned-folder.ts'
import type { FederationDatabase } from '../../adapters/postgres/federation/database.ts'
import { alteredRows } from '../../adapters/postgres/federation/stored-channels.ts'
import { alteredCosignatures } from '../../adapters/postgres/log/stored-cosignatures.ts'
import { alteredWitnessRows } from '../../adapters/postgres/log/stored-witness.ts'
import { messageKeysOf, type NodeDocument } from '../../wire/exchange/node-document.ts'
import { effectivePolicy } from '../log-history.ts'
import { logSigners } from '../log-signers.ts'
import { type Check, well, wrong } from './finding.ts'

const SHOWN = 5
const MEND =
  'somebody or something changed the database: keep a copy of it, look who had access, restore the last backup that this check finds well'

export const storedRows: Check = {
  name: 'stored messages and heads',
  async run({ config, database, keys }) {
    const file = join(config.folder, 'node.json')
    if (!database || !keys || !existsSync(file)) return []
    const own = endOf(readNodeDocument(file).document)
    const db = database as unknown as FederationDatabase
    const found: string[] = []
    for (const { document } of pinnedPeers(join(config.folder, 'peers'))) {
      const peer = endOf(document)
      const ends = { primitives: httpPrimitives, own, peer }
      // As of one moment: a node may be at work.
      const altered = await db
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute((tx) => alteredRows({ db: tx, ...ends }))
      found.push(...altered.map((what) => `${peer.node}, ${what}`))
    }
    const { policy } = await effectivePolicy(config, database)
    const current = logSigners(config.node.id, keys).cosigners.map(({ key }) => key)
    const former = policy.witnesses.flatMap(({ key }) =>
      key.name === current[0]?.name ? [key] : [],
    )
    const witness = { database, primitives: nodePrimitives, keys: [...current, ...former] }
    found.push(...(await alteredWitnessRows(witness)))
    found.push(...(await alteredCosignatures(database, nodePrimitives)))
    if (found.length === 0) return [well('as they were signed')]
    const more = found.length > SHOWN ? [`and ${found.length - SHOWN} more`] : []
    const names = [...found.slice(0, SHOWN), ...more].join('; ')
    return [wrong(`not as they were signed: ${names}`, MEND)]
  },
}

const endOf = (document: NodeDocument) => ({
  node: document.node,
  messageKeys: messageKeysOf(document),
})
