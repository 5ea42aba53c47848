/**
 * The kernels of a node: the same ports for each door, on that door's connections.
 * Only those of the officers' door and of the node itself can sign as an officer.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Transaction } from 'kysely'
import { quicknet } from '../adapters/beacon/quicknet.ts'
import { createAdvisories } from '../adapters/csaf-validation.ts'
import { exhibitRoom } from '../adapters/exhibit-room.ts'
import type { AtRest } from '../adapters/keys/at-rest.ts'
import { libraryHolidays } from '../adapters/law-packs.ts'
import { createMatching } from '../adapters/matching.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { pageRoom } from '../adapters/page-room.ts'
import type { PeerDocuments } from '../adapters/peers/peer-documents.ts'
import { createCedarPolicy } from '../adapters/policy/cedar.ts'
import type { CaseClock } from '../adapters/postgres/case-clock.ts'
import { postgresCsafProvider } from '../adapters/postgres/csaf/csaf-files.ts'
import type { Schema } from '../adapters/postgres/database.ts'
import { insertTask } from '../adapters/postgres/desk/records.ts'
import { postgresFilings } from '../adapters/postgres/intake/filings.ts'
import { postgresLawEffects } from '../adapters/postgres/law/effects.ts'
import { postgresSignOffCodes } from '../adapters/postgres/law/sign-off-codes.ts'
import { postgresPeerLogs } from '../adapters/postgres/log/monitored-logs.ts'
import { postgresContacts } from '../adapters/postgres/people/contacts.ts'
import { postgresPeople } from '../adapters/postgres/people/people.ts'
import { postgresPersonsAffected } from '../adapters/postgres/people/persons-affected.ts'
import { postgresStaff } from '../adapters/postgres/people/staff.ts'
import { postgresRegisters } from '../adapters/postgres/projections/registers.ts'
import { writeProjection } from '../adapters/postgres/projections/write-projection.ts'
import { postgresReceivedViews } from '../adapters/postgres/received-views.ts'
import { postgresErasures } from '../adapters/postgres/streams/erasures.ts'
import { keptStreams } from '../adapters/postgres/streams/kept-streams.ts'
import { type PostgresStreams, postgresStreams } from '../adapters/postgres/streams/streams.ts'
import { systemRandom as random } from '../adapters/random.ts'
import { ageSealing } from '../adapters/sealing.ts'
import { transferRoom } from '../adapters/transfers/transfer-room.ts'
import type { Kernel } from '../app/kernel.ts'
import type { OfDoors } from '../app/ports/door.ts'
import type { NodeKeys } from '../app/ports/keys.ts'
import { projectStream } from '../app/project.ts'
import { SECOND_MS } from '../base/time.ts'
import { servedDigest } from '../web/site-kit.ts'
import { enforcementTree } from '../wire/model-agreements.ts'
import {
  cisaCoordinatorTable,
  crosswalks,
  decisionTables,
  vocabularies,
} from '../wire/vocabulary.ts'
import { accessDesk } from './access-desk.ts'
import { openAttestations } from './attestations.ts'
import { PENDING_FILE_BYTES_MAX } from './config/exchange.ts'
import { fileBytesMax, openBlobs } from './config/exhibits.ts'
import { type NodeConfig, nodeSelfOf } from './config.ts'
import { openDesk } from './desk.ts'
import type { Exchange } from './exchange.ts'
import type { OwnStreams } from './identity.ts'
import { intakeRoom } from './intake-room.ts'
import { lawDesk } from './law-desk.ts'
import { lawOfNode } from './law-of-node.ts'
import type { NodeLog } from './log.ts'
import { type NodePools, ofDoors, type Pools } from './pools.ts'
import { reportFault } from './report.ts'
import { openSignIn } from './sign-in.ts'

const LAW_FOLDER = fileURLToPath(new URL('../../law', import.meta.url))
const PAGE_WORKER = fileURLToPath(new URL('./page-worker.ts', import.meta.url))
const EXHIBIT_WORKER = fileURLToPath(new URL('./exhibit-worker.ts', import.meta.url))
const SEAL_DELAY_MS = 10 * SECOND_MS

/** What all kernels of a node share. */
export type KernelParts = {
  readonly config: NodeConfig
  readonly keys: NodeKeys
  readonly atRest: AtRest
  readonly clocks: CaseClock
  readonly peers: PeerDocuments
  readonly streamIds: OwnStreams
  readonly log: NodeLog
  readonly exchange: Exchange
}

export type NodeKernel = { readonly kernel: Kernel; readonly streams: PostgresStreams }

export type Kernels = {
  /** For what the node does by itself: its identity, its jobs. */
  readonly own: NodeKernel
  readonly doors: OfDoors<NodeKernel>
}

export function openKernels(parts: KernelParts, { owner, doors }: NodePools): Kernels {
  const shared = sharedPorts(parts)
  // Doors without roles of their own have the same connections, and so the same kernel.
  const made = new Map<Pools, NodeKernel>()
  const on = (pools: Pools): NodeKernel => {
    const signsAsOfficers = pools === owner || pools === doors.officers
    const known = made.get(pools) ?? openKernel(parts, shared, pools, signsAsOfficers)
    made.set(pools, known)
    return known
  }
  return { own: on(owner), doors: ofDoors((door) => on(doors[door])) }
}

type Shared = ReturnType<typeof sharedPorts>

/** Ports that hold no connection of a door. Every door may read streams and their events. */
function sharedPorts({ config, keys, clocks, peers, streamIds, log, exchange }: KernelParts) {
  return {
    node: nodeSelfOf(config),
    clocks,
    random,
    primitives: nodePrimitives,
    keys,
    sealing: ageSealing,
    policy: createCedarPolicy(),
    peers,
    receipts: log.receipts,
    publicLog: {
      checkpoint: () => log.files.read('checkpoint'),
      get policy() {
        return log.policyBytes()
      },
      withFollowers: log.withFollowers,
    },
    advisories: createAdvisories(),
    vocabulary: {
      vocabularies,
      crosswalks,
      decisionTables,
      priorityTable: cisaCoordinatorTable,
      decisionTrees: [enforcementTree],
    },
    lawParts: { versions: lawOfNode(config.node, LAW_FOLDER), holidaysOf: libraryHolidays() },
    intake: { ...config.intake, sealDelayMs: SEAL_DELAY_MS, room: intakeRoom(config.folder) },
    authorityStreamId: streamIds.authority,
    lawStreamId: streamIds.law,
    sealingStreamId: streamIds.sealing,
    oversightStreamId: streamIds.oversight,
    erasureStreamId: streamIds.erasure,
    beacon: quicknet(),
    channelReceipts: exchange.channelReceipts,
    blobs: openBlobs(config),
    kept: keptStreams(),
  }
}

function openKernel(
  { config, keys, atRest, clocks, streamIds, log, exchange }: KernelParts,
  { lawParts, blobs, kept, ...shared }: Shared,
  { database, units }: Pools,
  signsAsOfficers: boolean,
): NodeKernel {
  const { node } = shared
  const people = postgresPeople({ database, atRest, random })
  const staff = postgresStaff({ database, atRest })
  const { batchEntries } = config.intake
  const filings = postgresFilings({
    ...{ database, atRest, clocks, random, onBatch: log.wake },
    script: servedDigest('report-sealed.js'),
    ...(batchEntries === undefined ? {} : { batchEntries }),
  })
  const streams = postgresStreams({
    database,
    units,
    node: node.id,
    atRest,
    clocks,
    random,
    primitives: nodePrimitives,
    kept,
    sign: async (tx: Transaction<Schema>, by, message) => {
      const signed = signsAsOfficers ? await people.signAs(tx, by, message) : undefined
      return signed ?? (await keys.signMessage(message))
    },
    project: (tx, stream) => writeProjection(tx, stream, projectStream),
    enqueue: exchange.enqueue,
    withhold: exchange.withhold,
    takeBack: exchange.takeBack,
    eraseSent: exchange.eraseSent,
    eraseMessages: exchange.eraseMessages,
    admit: filings.admit,
    closeFiling: filings.close,
    reseal: filings.reseal,
    writeToReporter: filings.writeToReporter,
    takeFollowUp: filings.takeFollowUp,
    tellContactOpened: filings.tellContactOpened,
    addTask: (tx, task) => insertTask(tx, atRest, task),
    onCommit: ({ messages }) => {
      log.wake()
      if (messages) exchange.wake()
    },
  })
  const exhibits = exhibitRoom({
    ...{ database, atRest, blobs },
    folder: join(config.folder, 'exhibits'),
    worker: EXHIBIT_WORKER,
    fileBytesMax: fileBytesMax(config.exhibits),
  })
  const kernel: Kernel = {
    ...shared,
    streams,
    people,
    staff,
    access: accessDesk({
      database,
      streams,
      staff,
      primitives: nodePrimitives,
      authorityStreamId: streamIds.authority,
    }),
    signIn: openSignIn({ config, database, atRest, random }),
    attestations: openAttestations(config, database, atRest),
    contacts: postgresContacts({ database, atRest }),
    filings,
    desk: openDesk({ database, atRest, mail: config.mail }),
    matching: createMatching(random, database),
    personsAffected: postgresPersonsAffected(database, atRest, random),
    pages: pageRoom({ worker: PAGE_WORKER }),
    exhibits,
    erasures: postgresErasures(database),
    transfers: transferRoom({
      folder: join(config.folder, 'transfers'),
      exhibits,
      peers: exchange.common.peers,
      call: exchange.call,
      encryptionIdentities: keys.encryptionIdentities,
      pendingBytesMax: config.exchange?.pendingFileBytesMax ?? PENDING_FILE_BYTES_MAX,
      onFault: (error) => reportFault('exchange-fault', error),
    }),
    receivedViews: postgresReceivedViews({ database, atRest, random }),
    registers: postgresRegisters(database, atRest),
    peerLogs: postgresPeerLogs(database),
    csaf: postgresCsafProvider(database),
    signOffCodes: postgresSignOffCodes({ database, clocks, random }),
    lawEffects: postgresLawEffects({
      ...{ database, atRest, random },
      onFault: (error) => reportFault('job-failed', error, { job: 'law-effect' }),
    }),
    law: lawDesk({
      ...lawParts,
      legalOrder: node.legalOrder,
      now: () => clocks.caseNow(),
      streams,
      lawStreamId: streamIds.law,
    }),
  }
  return { kernel, streams }
}
