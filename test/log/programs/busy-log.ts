/**
 * A log under load, to be killed: accepts entries as fast as it can, with rounds
 * all the time, and prints the id of each entry once it is committed.
 */
import { randomUUID } from 'node:crypto'
import { nodePrimitives } from '../../../src/adapters/node-primitives.ts'
import { openDatabase } from '../../../src/adapters/postgres/database.ts'
import { startSequencer } from '../../../src/adapters/postgres/log/sequencer.ts'
import { utf8 } from '../../../src/base/bytes.ts'
import { hashLeaf } from '../../../src/proof/tree-hash.ts'
import { realNow } from '../../support/log-node.ts'
import { logSigner } from '../../support/test-log.ts'

const [url, directory] = process.argv.slice(2) as [string, string]
const database = openDatabase(url, 4)
await startSequencer({
  database,
  directory,
  origin: logSigner.key.name,
  signer: logSigner,
  primitives: nodePrimitives,
  witnesses: [],
  wireNow: realNow,
  intervalMs: 1,
  onError: (kind, error) => {
    process.stdout.write(`trouble ${kind}: ${error.message}\n`)
    process.exit(1)
  },
})
for (;;) {
  const id = randomUUID()
  const entry = utf8(id)
  const leaf_hash = hashLeaf(nodePrimitives, entry)
  await database
    .insertInto('log_pending')
    .values({ id, entry, leaf_hash, created_at: realNow() })
    .execute()
  process.stdout.write(`accepted ${id}\n`)
}
