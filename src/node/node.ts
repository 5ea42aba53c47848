/**
 * The composition root of a node: opens what it is made of, in order, and gives
 * back a running server. Reads like a list; decides nothing.
 */
import { join } from 'node:path'
import { atRest as openAtRest } from '../adapters/keys/at-rest.ts'
import { openPeerDocuments } from '../adapters/peers/peer-documents.ts'
import { caseClock } from '../adapters/postgres/case-clock.ts'
import { recordColumnKeyInUse } from '../adapters/postgres/column-keys/reseal-columns.ts'
import { systemRandom as random } from '../adapters/random.ts'
import { removeHalfMade } from '../adapters/transfers/transfer-room.ts'
import { sweepFiles } from '../app/exhibit-files.ts'
import { reconcileAccounts } from '../app/people/reconcile.ts'
import type { MadeEnrolment } from '../app/ports/sign-in.ts'
import { recordSilences } from '../app/record-silence.ts'
import { recordFirstRoster } from '../app/sealing-keys.ts'
import { settleAgreements } from '../app/settle-agreements.ts'
import { makeSetupCode } from '../app/sign-in/enrol.ts'
import { withdrawOverdue } from '../app/withdraw-overdue.ts'
import { invariant } from '../base/errors.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time.ts'
import { checkpointStampJobs } from './attestations.ts'
import { openBlobs } from './config/exhibits.ts'
import type { NodeConfig } from './config.ts'
import { csafJob } from './csaf-job.ts'
import { deskJobs } from './desk.ts'
import { eraseWhatIsListed, erasureListJob } from './erasure-list.ts'
import { startExchange } from './exchange.ts'
import { fileJobs } from './file-jobs.ts'
import { startHttp } from './http.ts'
import { enrolOfficers, ownStreams, recordIdentity, requireSameProfile } from './identity.ts'
import { RECONCILE_MS, startJobs } from './jobs.ts'
import { openKernels } from './kernels.ts'
import { openLog } from './log.ts'
import { changeLogIfAsked } from './log-change.ts'
import { startMetrics } from './metrics.ts'
import { monitorJob } from './monitor.ts'
import { openNodeKeys } from './node-keys.ts'
import {
  nameKeysInDocument,
  nameLogInDocument,
  signedAt,
  stateWayInDocument,
} from './own-document.ts'
import { peerRenewals } from './peer-renewals.ts'
import { ofDoors, openPools } from './pools.ts'
import { recordsJobs } from './records-jobs.ts'
import { reportFault } from './report.ts'
import { startResealing } from './resealing.ts'
import { askSilentPeers, comeBack } from './restored.ts'
import { suspendRestored } from './restored-accounts.ts'
import { successorJob } from './successor-keys.ts'

/** In the demonstration case time leaps. */
const AGREEMENTS_MS = 10_000

export type RunningNode = {
  /** Where the public door listens. */
  readonly port: number
  /** For the first administrator; `undefined` once there is one. See app/sign-in/enrol.ts. */
  makeSetupCode(): Promise<MadeEnrolment | 'several' | undefined>
  stop(): Promise<void>
}

export async function startNode(config: NodeConfig): Promise<RunningNode> {
  const { node, folder } = config
  const pools = await openPools(config.database)
  const { database } = pools.owner

  const keys = await openNodeKeys(config)
  const [columnKey, ...former] = await keys.columnKeys()
  invariant(columnKey, 'a node has a column key')
  const atRest = openAtRest(columnKey, former)
  await recordColumnKeyInUse(database, keys.columnKeyCheck)
  const clocks = await caseClock(database, node.profile)
  const peers = await openPeerDocuments(join(folder, 'peers'))
  const streamIds = await ownStreams(database, random)

  const { federation } = pools.doors
  let document = new Uint8Array()
  const ownDocument = () => signedAt(document, keys, clocks.wireNow())
  const renewals = peerRenewals({ database: federation.database, peers, ownDocument })
  const exchange = startExchange({ config, ...federation, keys, atRest, clocks, peers, renewals })
  const returning = { config, database, keys, atRest, clocks, peers, exchange }
  const hasComeBack = await comeBack(returning)
  await changeLogIfAsked(returning)
  const log = await openLog({ config, database, keys, clocks, atRest, peers })
  const parts = { config, keys, atRest, clocks, peers, streamIds, log, exchange }
  const { own, doors } = openKernels(parts, pools)

  await openBlobs(config).removeUnfinished()
  await removeHalfMade(join(folder, 'transfers'))
  await enrolOfficers(own.kernel, join(folder, 'officers.json'))
  await suspendRestored(own.kernel, database)
  await reconcileAccounts(own.kernel)
  await requireSameProfile(database, config.node.profile)
  const signer = keys.documentSigner()
  await nameLogInDocument(folder, log.own, signer, clocks.wireNow())
  const outboundOnly = config.exchange?.outboundOnly ?? false
  await stateWayInDocument(folder, outboundOnly, signer, clocks.wireNow())
  await nameKeysInDocument(config, keys, clocks.wireNow())
  document = await recordIdentity(own.kernel, config)
  renewals.begin(doors.federation.kernel)
  await recordFirstRoster(own.kernel)
  await eraseWhatIsListed(own.kernel, { folder, atRest, database })
  const takeNotice = async (origin: string, notice: string) => {
    await log.takeNotice(origin, notice)
    // Its document names the log that follows.
    renewals.lookAt(origin)
  }
  exchange.receiveWith(doors.federation.kernel, doors.federation.streams, takeNotice)
  const kernels = ofDoors((door) => doors[door].kernel)
  const http = await startHttp({
    config,
    kernels,
    clocks,
    log,
    exchange,
    renewals,
    document: ownDocument,
  })
  const metrics = await startMetrics({
    config,
    database,
    clocks,
    peers: () => peers.all().map(({ id }) => id),
    clockDriftMs: exchange.clockDriftMs,
  })
  const deskParts = { database, atRest, mail: config.mail, hooks: config.hooks }
  const jobs = startJobs(own.kernel, exchange, [
    ...deskJobs(own.kernel, deskParts),
    ...recordsJobs(own.kernel, database),
    erasureListJob({ folder, atRest, database }),
    csafJob(own.kernel, database, atRest),
    ...fileJobs(own.kernel, doors.federation.kernel),
    ...checkpointStampJobs(own.kernel, log.files),
    { name: 'unrecorded-files', intervalMs: HOUR_MS, run: () => sweepFiles(own.kernel) },
    {
      name: 'emergencies',
      intervalMs: 15 * SECOND_MS,
      run: async () => {
        await withdrawOverdue(own.kernel)
      },
    },
    {
      name: 'embargo-answers',
      intervalMs: 15 * SECOND_MS,
      run: async () => void (await recordSilences(own.kernel)),
    },
    monitorJob({ config, database, kernel: own.kernel, clocks, peers, policy: log.policy }),
    successorJob(keys, clocks, async () => {
      await nameKeysInDocument(config, keys, clocks.wireNow())
      document = await recordIdentity(own.kernel, config)
      await renewals.exchangeDocuments()
    }),
    {
      name: 'agreements',
      intervalMs: AGREEMENTS_MS,
      run: () => settleAgreements(own.kernel),
    },
    {
      name: 'peer-documents',
      // Nobody can bring such a node a revocation.
      intervalMs: outboundOnly ? MINUTE_MS : RECONCILE_MS,
      run: renewals.exchangeDocuments,
    },
  ])
  await log.start()
  exchange.start()
  const offering = renewals
    .exchangeDocuments()
    .catch((error) => reportFault('document-fault', error))
  const asking = askSilentPeers(returning)
  if (hasComeBack) void exchange.reconcile()
  const resealing = startResealing(database, atRest, former.length)
  return {
    port: http.port,
    makeSetupCode: () => makeSetupCode(own.kernel),
    async stop() {
      await asking.stop()
      await offering
      await jobs.stop()
      await http.stop()
      await metrics.stop()
      await exchange.stop()
      await log.stop()
      await resealing.stop()
      await keys.close()
      await pools.close()
    },
  }
}
