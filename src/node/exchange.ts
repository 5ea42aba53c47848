/** The exchange with peers: outbox, deliverer, inbox, channels. */
import type { Transaction } from 'kysely'
import type { AtRest } from '../adapters/keys/at-rest.ts'
import { httpPrimitives } from '../adapters/keys/http-primitives.ts'
import { watchClocks } from '../adapters/peers/clock-drift.ts'
import { httpTransport } from '../adapters/peers/http-transport.ts'
import { peerClient } from '../adapters/peers/peer-client.ts'
import type { PeerDocuments } from '../adapters/peers/peer-documents.ts'
import type { Database, Schema } from '../adapters/postgres/database.ts'
import { channelReceipts } from '../adapters/postgres/federation/channel-receipts.ts'
import { createChannels, reconcile } from '../adapters/postgres/federation/channels.ts'
import type {
  FederationDatabase,
  FederationTransaction,
  LogIntent,
} from '../adapters/postgres/federation/database.ts'
import { createDeliverer, type DelivererDeps } from '../adapters/postgres/federation/deliverer.ts'
import { eraseMessages } from '../adapters/postgres/federation/erase-messages.ts'
import { createFetcher, type Fetcher } from '../adapters/postgres/federation/fetcher.ts'
import { createInbox, type Inbox } from '../adapters/postgres/federation/inbox.ts'
import { createOutbox } from '../adapters/postgres/federation/outbox.ts'
import type { Receipted } from '../adapters/postgres/federation/receipts.ts'
import { requestTurnedDown } from '../adapters/postgres/federation/turned-down.ts'
import { createWaiting } from '../adapters/postgres/federation/waiting.ts'
import { addPendingAll } from '../adapters/postgres/log/pending.ts'
import type { PostgresStreams } from '../adapters/postgres/streams/streams.ts'
import { systemRandom } from '../adapters/random.ts'
import { endRejectedRequest } from '../app/end-rejected-request.ts'
import type { Kernel } from '../app/kernel.ts'
import { checkLeaving } from '../app/leaving.ts'
import type { Clocks } from '../app/ports/clocks.ts'
import type { ExchangeAlarm } from '../app/ports/exchange.ts'
import type { NodeKeys } from '../app/ports/keys.ts'
import type { OutgoingMessage, Unit } from '../app/ports/streams.ts'
import { receiveMessage } from '../app/receive-message.ts'
import { recordReleaseReceipt } from '../app/record-release-receipt.ts'
import { isNeverBound } from '../app/unbounded-messages.ts'
import { fromHex } from '../base/bytes.ts'
import { logEntry } from '../wire/event-commitment.ts'
import { outcomeOf } from '../wire/exchange/receipt.ts'
import type { MessageSigner } from '../wire/exchange/signed.ts'
import { exerciseOf } from '../wire/exchange/world.ts'
import { MESSAGES_PER_PEER_AND_DAY, POLL_INTERVAL_MS } from './config/exchange.ts'
import type { NodeConfig } from './config.ts'
import type { PeerRenewals } from './peer-renewals.ts'
import { report, reportFault } from './report.ts'

export type ExchangeParts = {
  readonly config: NodeConfig
  readonly database: Database
  /** Connections that the inbox holds while a message's effect reads through `database`. */
  readonly units: Database
  readonly keys: NodeKeys
  readonly atRest: AtRest
  readonly clocks: Clocks
  readonly peers: PeerDocuments
  /** Without it nothing is mended that a new key breaks. */
  readonly renewals?: PeerRenewals
}

export function startExchange(parts: ExchangeParts) {
  const { config, database, units, keys, atRest, clocks, peers, renewals } = parts
  const db = database as unknown as FederationDatabase
  // Read at each use: a successor takes over while the node runs.
  const signer: MessageSigner = {
    get keyId() {
      return keys.messageSigner().keyId
    },
    get sign() {
      return keys.messageSigner().sign
    },
  }
  const alarm = (raised: ExchangeAlarm) => report('exchange-alarm', { ...raised })
  const fault = (error: unknown) => reportFault('exchange-fault', error)
  const logIntent = exchangeLogIntent(clocks)
  const common = {
    db,
    node: config.node.id,
    exercise: exerciseOf(config.node.profile),
    primitives: httpPrimitives,
    random: systemRandom,
    clocks,
    atRest: atRest.node,
    signer,
    peers: peers.directory,
    alarm,
    report: fault,
    logIntent,
  }
  const watched = watchClocks(httpTransport(), Date.now)
  const plain = peerClient({
    node: config.node.id,
    primitives: httpPrimitives,
    random: systemRandom,
    wireNow: clocks.wireNow,
    signer,
    transport: watched.transport,
  })
  const call = renewals ? renewals.mending(plain) : plain
  const outbox = createOutbox(common)
  let streams: PostgresStreams | undefined
  let kernel: Kernel | undefined
  let inbox: Inbox | undefined
  let fetcher: Fetcher | undefined

  const delivery = {
    ...common,
    holder: `${process.pid}-${systemRandom.uuid()}`,
    caseNow: clocks.caseNow,
    outbox,
    call,
    onReceipts: async (tx, given) => {
      const known = kernel
      await streams?.together(tx as unknown as Transaction<Schema>, async (unit) => {
        if (known) for (const one of given) await followReceipt(known, unit, one)
      })
    },
    beforeNumbering: async (waiting) => {
      if (kernel) await checkLeaving(kernel, waiting)
    },
  } satisfies DelivererDeps
  async function followReceipt(given: Kernel, unit: Unit, sent: Receipted): Promise<void> {
    const { id, objectId, signed } = sent
    await recordReleaseReceipt(given, unit, { messageId: id, objectId, ...signed.receipt })
    const requestId = requestTurnedDown(atRest.node, sent)
    const decision = outcomeOf(signed.receipt)
    if (requestId === undefined) return
    await endRejectedRequest(given, unit, { ...signed.receipt, requestId, objectId, decision })
  }
  const deliverer = createDeliverer(delivery)
  const waiting = createWaiting({ ...delivery, wireNow: clocks.wireNow })

  return {
    common,
    call,
    outbox,
    inbox: () => inbox as Inbox,
    channels: createChannels(common),
    waiting,
    channelReceipts: channelReceipts(database),
    async enqueue(tx: Transaction<Schema>, message: OutgoingMessage): Promise<string> {
      const id = systemRandom.uuidByTime()
      await outbox.enqueue(tx as unknown as FederationTransaction, { ...message, id })
      return id
    },
    withhold: (tx: Transaction<Schema>, agreementDigest: string) =>
      outbox.withhold(tx as unknown as FederationTransaction, agreementDigest),
    takeBack: (tx: Transaction<Schema>, messageId: string) =>
      outbox.takeBack(tx as unknown as FederationTransaction, messageId),
    eraseSent: (tx: Transaction<Schema>, messageId: string) =>
      outbox.eraseMessage(tx as unknown as FederationTransaction, messageId),
    eraseMessages: (tx: Transaction<Schema>, objectId: string) =>
      eraseMessages(tx as unknown as FederationTransaction, objectId),
    clockDriftMs: watched.driftMs,
    wake: () => deliverer.wake(),
    /** Closes the circle: what a message does needs the kernel, which needs the outbox. */
    receiveWith(
      given: Kernel,
      postgres: PostgresStreams,
      onLogNotice: (origin: string, notice: string) => Promise<void>,
    ) {
      kernel = given
      streams = postgres
      inbox = createInbox<Schema>({
        ...common,
        db: units as unknown as FederationDatabase,
        encryptionIdentities: keys.encryptionIdentities,
        onLogNotice,
        apply: (tx, message) => receiveMessage(given, postgres.unitIn(tx), message),
        applyTogether: (tx, work) =>
          postgres.together(tx, (unit) => work((message) => receiveMessage(given, unit, message))),
        bound: {
          messagesPerDay: config.exchange?.messagesPerPeerAndDay ?? MESSAGES_PER_PEER_AND_DAY,
          isNeverBound,
        },
      })
      const { outboundOnly, pollIntervalMs = POLL_INTERVAL_MS } = config.exchange ?? {}
      if (outboundOnly) fetcher = createFetcher({ ...common, call, inbox, pollMs: pollIntervalMs })
    },
    /** Compares the heads of all channels; a peer that does not answer stops no other. */
    async reconcile() {
      const all = { ...common, call, inbox: inbox as Inbox }
      const each = (await peers.directory.peers()).map(async ({ node, outboundOnly }) => {
        if (outboundOnly) waiting.alarmIfSilent(node)
        else await reconcile(all, node)
      })
      await Promise.all(each.map((one) => one.catch(fault)))
    },
    start() {
      deliverer.start()
      fetcher?.start()
    },
    async stop() {
      await fetcher?.stop()
      await deliverer.stop()
    },
  }
}

export type Exchange = ReturnType<typeof startExchange>

/** Links and receipts are not guessable, so the log may hold their digests as they are. */
function exchangeLogIntent(clocks: Clocks): LogIntent {
  return async (tx, digests) => {
    if (digests.length === 0) return
    const wireNow = clocks.wireNow()
    const entries = digests.map((digest) => {
      const entry = logEntry(fromHex(digest), { tag: systemRandom.bytes(16), wireNow })
      const id = systemRandom.uuid()
      return { id, entry, at: wireNow, batch: 'ordinary', ready: true } as const
    })
    await addPendingAll(tx as unknown as Transaction<Schema>, entries)
  }
}
