/** What a node exports of its logs: the files of each, and every document that it published. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AtRest, atRest as openAtRest } from '../adapters/keys/at-rest.ts'
import {
  type Exported,
  type ExportedLog,
  writeLogExport,
} from '../adapters/log-export/write-export.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { type Database, openDatabase } from '../adapters/postgres/database.ts'
import { type ClosedLog, currentLog, type OwnLog } from '../adapters/postgres/log/own-log.ts'
import { closedLogReceipts, logReceipts } from '../adapters/postgres/log/receipts.ts'
import { newestSealedHead } from '../adapters/postgres/log/sealed-head.ts'
import { sealedEventsOf } from '../adapters/postgres/streams/stream-rows.ts'
import { systemRandom } from '../adapters/random.ts'
import type { NodeKeys } from '../app/ports/keys.ts'
import { invariant, unavailable } from '../base/errors.ts'
import { instantFromMs } from '../base/time.ts'
import type { Policy } from '../proof/policy.ts'
import { type EventOpening, writeEventOpening } from '../wire/event-opening.ts'
import type { NodeConfig } from './config.ts'
import { ownStreams } from './identity.ts'
import { effectivePolicy, receiptsOfAll } from './log-history.ts'
import { logSigners } from './log-signers.ts'

/** Reads only; the node may be serving meanwhile. @throws ComityError `unavailable` */
export async function exportLogs(
  config: NodeConfig,
  keys: NodeKeys,
  out: string,
): Promise<Exported> {
  const { node, folder } = config
  const database = openDatabase(config.database.url, 2)
  try {
    const [columnKey, ...former] = await keys.columnKeys()
    invariant(columnKey, 'a node has a column key')
    const atRest = openAtRest(columnKey, former)
    const own = await currentLog(database, atRest, logSigners(node.id, keys).log)
    const { policy, shown } = await effectivePolicy(config, database)
    const parts = { config, database, atRest, own, policy }
    const documents = await publishedDocuments(parts)
    if (documents.length === 0) {
      throw unavailable('no witness quorum has cosigned the node’s document yet: try again later')
    }
    return await writeLogExport({
      node: node.id,
      out,
      logs: await logsOf(parts),
      policy: shown,
      document: new Uint8Array(readFileSync(join(folder, 'node.json'))),
      documents,
      signer: keys.documentSigner(),
    })
  } finally {
    await database.destroy()
  }
}

/** A log of which no head was ever cosigned shows nothing to anyone. */
async function logsOf({ config, database, own, policy }: Parts): Promise<ExportedLog[]> {
  const logs: ExportedLog[] = []
  for (const [index, log] of [...own.closed, own].entries()) {
    const rows = 'hasRows' in log ? closedRows(database, log) : database
    const checkpoint = rows && (await newestSealedHead(nodePrimitives, rows, policy))
    const directory = join(config.folder, log.folder)
    const kept = checkpoint && { directory, checkpoint }
    logs.push({ ordinal: log.ordinal, kept, notice: own.notices[index] })
  }
  return logs
}

const closedRows = (database: Database, { ordinal, hasRows }: ClosedLog) =>
  hasRows ? database.withSchema(`closed_log_${ordinal}`) : undefined

type Parts = {
  readonly config: NodeConfig
  readonly database: Database
  readonly atRest: AtRest
  readonly own: OwnLog
  readonly policy: Policy
}

/** The openings of the events that published a document, each with its sealed receipt. */
async function publishedDocuments({ config, database, atRest, own, policy }: Parts) {
  const common = { policy, primitives: nodePrimitives, wireNow: () => instantFromMs(Date.now()) }
  const receipts = receiptsOfAll(
    logReceipts({ database, directory: join(config.folder, own.folder), ...common }),
    own.closed
      .filter(({ hasRows }) => hasRows)
      .map(({ ordinal, folder }) =>
        closedLogReceipts({
          database: database.withSchema(`closed_log_${ordinal}`),
          directory: join(config.folder, folder),
          ...common,
        }),
      ),
  )
  const documents: EventOpening[] = []
  for (const { envelope, salt, logId } of await authorityEvents(database, atRest)) {
    if (envelope.event.type !== 'nodeDocumentPublished') continue
    const logged = await receipts.of(logId)
    if (!logged?.receipt) continue
    const { entry, receipt } = logged
    documents.push(writeEventOpening(envelope, { salt, entry, receipt }))
  }
  return documents
}

async function authorityEvents(database: Database, atRest: AtRest) {
  const { authority } = await ownStreams(database, systemRandom)
  return database.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('stream')
      .select('wrapped_key')
      .where('id', '=', authority)
      .executeTakeFirst()
    return row ? sealedEventsOf(tx, authority, atRest.unwrap(row.wrapped_key)) : []
  })
}
