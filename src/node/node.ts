/**
 * The composition root of a node: opens what it is made of, in order, and gives
 * back a running server. Reads like a list; decides nothing.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Transaction } from 'kysely'
import { createAdvisories } from '../adapters/csaf-validation.ts'
import { exhibitRoom } from '../adapters/exhibit-room.ts'
import { atRest as openAtRest } from '../adapters/keys/at-rest.ts'
import { libraryHolidays, loadLawPacks } from '../adapters/law-packs.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { openPeerDocuments } from '../adapters/peers/peer-documents.ts'
import { createCedarPolicy } from '../adapters/policy/cedar.ts'
import { caseClock } from '../adapters/postgres/case-clock.ts'
import { recordColumnKeyInUse } from '../adapters/postgres/column-keys/reseal-columns.ts'
import {
  migrate,
  openDatabase,
  openUnits,
  requireDurableServer,
  type Schema,
} from '../adapters/postgres/database.ts'
import { postgresFilings } from '../adapters/postgres/intake/filings.ts'
import { postgresContacts } from '../adapters/postgres/people/contacts.ts'
import { postgresPeople } from '../adapters/postgres/people/people.ts'
import { postgresPersonsAffected } from '../adapters/postgres/people/persons-affected.ts'
import { postgresStaff } from '../adapters/postgres/people/staff.ts'
import { postgresRegisters } from '../adapters/postgres/projections/registers.ts'
import { writeProjection } from '../adapters/postgres/projections/write-projection.ts'
import { postgresStreams } from '../adapters/postgres/streams/streams.ts'
import { systemRandom as random } from '../adapters/random.ts'
import { ageSealing } from '../adapters/sealing.ts'
import type { Kernel } from '../app/kernel.ts'
import { reconcileAccounts } from '../app/people/reconcile.ts'
import { projectStream } from '../app/project.ts'
import { recordFirstRoster } from '../app/sealing-keys.ts'
import { invariant } from '../base/errors.ts'
import { SECOND_MS } from '../base/time.ts'
import { enforcementTree } from '../wire/model-agreements.ts'
import { cisaCoordinatorTable, vocabularies } from '../wire/vocabulary.ts'
import { type NodeConfig, nodeSelfOf } from './config.ts'
import { deskJobs, openDesk } from './desk.ts'
import { startExchange } from './exchange.ts'
import { startHttp } from './http.ts'
import { enrolOfficers, ownStreams, recordIdentity } from './identity.ts'
import { startJobs } from './jobs.ts'
import { lawDesk } from './law-desk.ts'
import { openLog } from './log.ts'
import { startMetrics } from './metrics.ts'
import { openNodeKeys } from './node-keys.ts'
import { startResealing } from './resealing.ts'

const LAW_FOLDER = fileURLToPath(new URL('../../law', import.meta.url))
const EXHIBIT_WORKER = fileURLToPath(new URL('./exhibit-worker.ts', import.meta.url))
const SEAL_DELAY_MS = 10 * SECOND_MS

export type RunningNode = {
  /** Where the public door listens. */
  readonly port: number
  stop(): Promise<void>
}

export async function startNode(config: NodeConfig): Promise<RunningNode> {
  const { folder } = config
  const node = nodeSelfOf(config)
  const database = openDatabase(config.database.url)
  const units = openUnits(config.database.url)
  await migrate(database)
  await requireDurableServer(database)

  const keys = await openNodeKeys(config)
  const [columnKey, ...former] = await keys.columnKeys()
  invariant(columnKey, 'a node has a column key')
  const atRest = openAtRest(columnKey, former)
  await recordColumnKeyInUse(database, keys.columnKeyCheck)
  const clocks = await caseClock(database, node.profile)
  const peers = await openPeerDocuments(join(folder, 'peers'))
  const people = postgresPeople({ database, atRest, random })
  const streamIds = await ownStreams(database, random)

  const log = await openLog({ config, database, keys, clocks })
  const exchange = startExchange({ config, database, units, keys, atRest, clocks, peers })
  const filings = postgresFilings({ database, atRest, clocks, random, onBatch: log.wake })
  const streams = postgresStreams({
    database,
    units,
    node: node.id,
    atRest,
    clocks,
    random,
    primitives: nodePrimitives,
    sign: async (tx: Transaction<Schema>, by, message) =>
      (await people.signAs(tx, by, message)) ?? (await keys.signMessage(message)),
    project: (tx, stream) => writeProjection(tx, stream, projectStream),
    enqueue: exchange.enqueue,
    admit: filings.admit,
    reseal: filings.reseal,
    onCommit: () => {
      log.wake()
      exchange.wake()
    },
  })

  const deskParts = { database, atRest, mail: config.mail }
  const kernel: Kernel = {
    node,
    clocks,
    random,
    primitives: nodePrimitives,
    keys,
    streams,
    people,
    staff: postgresStaff({ database, atRest }),
    contacts: postgresContacts({ database, atRest }),
    filings,
    personsAffected: postgresPersonsAffected(database, atRest, random),
    exhibits: exhibitRoom({
      database,
      atRest,
      folder: join(folder, 'exhibits'),
      worker: EXHIBIT_WORKER,
    }),
    sealing: ageSealing,
    policy: createCedarPolicy(),
    peers,
    receipts: log.receipts,
    publicLog: { checkpoint: () => log.files.read('checkpoint'), policy: log.policyBytes },
    registers: postgresRegisters(database, atRest),
    advisories: createAdvisories(),
    vocabulary: {
      vocabularies,
      priorityTable: cisaCoordinatorTable,
      decisionTrees: [enforcementTree],
    },
    law: lawDesk({
      packs: loadLawPacks(LAW_FOLDER),
      holidaysOf: libraryHolidays(),
      legalOrder: node.legalOrder,
      streams,
      lawStreamId: streamIds.law,
    }),
    intake: { ...config.intake, sealDelayMs: SEAL_DELAY_MS },
    desk: openDesk(deskParts),
    authorityStreamId: streamIds.authority,
    lawStreamId: streamIds.law,
    sealingStreamId: streamIds.sealing,
    channelReceipts: exchange.channelReceipts,
  }

  await enrolOfficers(kernel, join(folder, 'officers.json'))
  await reconcileAccounts(kernel)
  const document = await recordIdentity(kernel, config)
  await recordFirstRoster(kernel)
  exchange.receiveWith(kernel, streams)
  const http = await startHttp({ config, kernel, clocks, log, exchange, document })
  const metrics = await startMetrics({
    config,
    database,
    clocks,
    peers: () => peers.all().map(({ id }) => id),
    clockDriftMs: exchange.clockDriftMs,
  })
  const jobs = startJobs(kernel, exchange, deskJobs(kernel, deskParts))
  await log.start()
  exchange.start()
  const resealing = startResealing(database, atRest, former.length)
  return {
    port: http.port,
    async stop() {
      await jobs.stop()
      await http.stop()
      await metrics.stop()
      await exchange.stop()
      await log.stop()
      await resealing.stop()
      await keys.close()
      await Promise.all([units.destroy(), database.destroy()])
    },
  }
}
