/**
 * Starts a sequencer, has one entry accepted and signed, and ends. To be run with a
 * system call that fails, or that kills.
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
const NEVER_MS = 3_600_000

const database = openDatabase(url, 2)
const id = randomUUID()
const entry = utf8(id)
const leaf_hash = hashLeaf(nodePrimitives, entry)
const row = { id, entry, leaf_hash, created_at: realNow() }
await database.insertInto('log_pending').values(row).execute()
process.stdout.write(`accepted ${id}\n`)
const sequencer = await startSequencer({
  database,
  directory,
  origin: logSigner.key.name,
  signer: logSigner,
  primitives: nodePrimitives,
  witnesses: [],
  wireNow: realNow,
  intervalMs: NEVER_MS,
  onError: (kind, error) => {
    process.stdout.write(`trouble ${kind}: ${error.message}\n`)
    process.exit(1)
  },
})
await sequencer.flush()
process.stdout.write('signed\n')
process.exit(0)
