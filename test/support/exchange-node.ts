/**
 * The exchange alone, as a node: its tables in a real database, its routes on a
 * real socket, its deliverer. The effect of a message is one row of `effect`.
 */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import Fastify from 'fastify'
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import { Pool } from 'pg'
import { atRest } from '../../src/adapters/keys/at-rest.ts'
import { httpPrimitives } from '../../src/adapters/keys/http-primitives.ts'
import { publicKeyOf, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { httpTransport, type Transport } from '../../src/adapters/peers/http-transport.ts'
import { peerClient } from '../../src/adapters/peers/peer-client.ts'
import { createChannels, reconcile } from '../../src/adapters/postgres/federation/channels.ts'
import type { LogIntent } from '../../src/adapters/postgres/federation/database.ts'
import { createDeliverer } from '../../src/adapters/postgres/federation/deliverer.ts'
import type { DeliveryDeps } from '../../src/adapters/postgres/federation/delivery.ts'
import { createFetcher } from '../../src/adapters/postgres/federation/fetcher.ts'
import { createInbox, type InboxDeps } from '../../src/adapters/postgres/federation/inbox.ts'
import { createOutbox, type Outgoing } from '../../src/adapters/postgres/federation/outbox.ts'
import type { FederationTables } from '../../src/adapters/postgres/federation/tables.ts'
import type { DailyBound } from '../../src/adapters/postgres/federation/taken-today.ts'
import { createWaiting } from '../../src/adapters/postgres/federation/waiting.ts'
import { pipelinedPool } from '../../src/adapters/postgres/pipeline.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { federationRoutes } from '../../src/api/federation/routes.ts'
import type {
  ExchangeAlarm,
  MessageOutcome,
  ReceivedMessage,
} from '../../src/app/ports/exchange.ts'
import { toBase64 } from '../../src/base/bytes.ts'
import { addMs, DAY_MS, type Instant, instantFromMs } from '../../src/base/time.ts'
import { formatVkey, KEY_TYPE, noteKey } from '../../src/proof/vkey.ts'
import { generateIdentity, recipientOf } from '../../src/seal/seal.ts'
import {
  type ExchangePeer,
  messageKeysOf,
  type NodeDocument,
  peerOf,
  signNodeDocument,
  verifyNodeDocument,
} from '../../src/wire/exchange/node-document.ts'
import type { WhyNotRenewed } from '../../src/wire/exchange/renewal.ts'
import type { Exercise } from '../../src/wire/exchange/world.ts'
import type { HttpRequest, HttpResponse } from '../../src/wire/http-message.ts'
import type { FlakyProxy } from './flaky-proxy.ts'

export interface ExchangeTables extends FederationTables {
  effect: { place: never; origin: string; seq: number; id: string; content: string }
}

export type ExchangeNode = Awaited<ReturnType<typeof startExchangeNode>>

const MIGRATIONS = ['0003-federation', '0070-daily-bound', '0081-exchange-queue'] as const
const LOG_MIGRATION = '0002-log'

export type NodeOptions = {
  readonly apply?: (
    tx: Transaction<ExchangeTables>,
    message: ReceivedMessage,
  ) => Promise<MessageOutcome>
  readonly applyTogether?: ApplyTogether
  /** Case time; the wire always has real time. */
  readonly caseNow?: () => Instant
  readonly admits?: (peer: string) => boolean
  /** Absent: it works on real cases. */
  readonly exercise?: Exercise | undefined
  /** Nothing listens, and its document says so. */
  readonly outboundOnly?: boolean
  readonly beforeNumbering?: DeliveryDeps['beforeNumbering']
  readonly bound?: DailyBound
  readonly onReceipts?: DeliveryDeps['onReceipts']
  /** Instead of real time. */
  readonly wireNow?: () => Instant
  /** Instead of sockets; others then reach it by `serve`. */
  readonly transport?: Transport
  /** With the tables of the log, instead of a list in memory. */
  readonly logIntent?: LogIntent
  /** Documents of peers that are offered; without it nobody's is known. */
  readonly takeDocument?: (bytes: Uint8Array) => Promise<Taken>
  /** Where it listens; any free port if nothing is said. */
  readonly port?: number
}

type ApplyTogether = NonNullable<InboxDeps<ExchangeTables>['applyTogether']>

type Taken = { kind: 'unknown' | 'same' | 'renewed' | 'refused'; why?: WhyNotRenewed }

/** How it is reached from outside. */
export type Door = Pick<FlakyProxy, 'url' | 'target' | 'close'>

/** A node that is reached through `proxy`. Peers are pinned afterwards. */
export async function startExchangeNode(
  node: string,
  databaseUrl: string,
  proxy: Door,
  options: NodeOptions = {},
) {
  const { logIntent } = options
  const db = await openDatabase(databaseUrl, logIntent ? [LOG_MIGRATION] : [])
  const wireNow = options.wireNow ?? (() => instantFromMs(Date.now()))
  const clocks = { wireNow, caseNow: options.caseNow ?? wireNow, caseOffsetMs: () => 0 }
  const seed = new Uint8Array(randomBytes(32))
  const signer = {
    keyId: `${node}/msg1`,
    sign: (bytes: Uint8Array) => signEd25519(seed, bytes),
  }
  const identity = await generateIdentity()
  const alarms: ExchangeAlarm[] = []
  const faults: unknown[] = []
  const logged: string[] = []
  const logNotices: string[] = []
  const peers = pinnedPeers()
  const { exercise } = options
  const facts = await documentOf(node, seed, proxy.url, await recipientOf(identity), wireNow())
  const document: NodeDocument = {
    ...facts,
    endpoints: { ...facts.endpoints, ...(options.outboundOnly ? { outboundOnly: true } : {}) },
    ...(exercise ? { exercise } : {}),
  }
  const common = {
    db: db as unknown as Kysely<FederationTables>,
    node,
    primitives: httpPrimitives,
    random: systemRandom,
    clocks,
    wireNow,
    caseNow: clocks.caseNow,
    atRest: atRest(new Uint8Array(randomBytes(32))).node,
    signer,
    peers,
    exercise,
    alarm: (alarm: ExchangeAlarm) => void alarms.push(alarm),
    report: (error: unknown) => void faults.push(error),
    logIntent:
      logIntent ??
      (async (_tx: unknown, digests: readonly string[]) => void logged.push(...digests)),
  }
  const inbox = createInbox<ExchangeTables>({
    ...common,
    encryptionIdentities: () => [identity],
    onLogNotice: async (_origin, notice) => void logNotices.push(notice),
    apply: options.apply ?? applyAsEffect,
    ...(options.applyTogether ? { applyTogether: options.applyTogether } : {}),
    ...(options.bound ? { bound: options.bound } : {}),
  })
  const channels = createChannels(common)
  const outbox = createOutbox(common)
  const call = (transport: Transport) => peerClient({ ...common, transport })
  const http = call(options.transport ?? httpTransport({ timeoutMs: 30_000 }))
  const { beforeNumbering, onReceipts } = options
  const asked = {
    ...(beforeNumbering ? { beforeNumbering } : {}),
    ...(onReceipts ? { onReceipts } : {}),
  }
  const delivery = { ...common, ...asked, outbox, call: http, holder: `${node}-process` }
  const waiting = createWaiting(delivery)
  const fastify = Fastify()
  const nodeDocument = () => signNodeDocument(document, signer)
  const admits = options.admits ?? (() => true)
  const takeDocument = options.takeDocument ?? (async () => ({ kind: 'unknown' as const }))
  const gone = async () => ({ kind: 'gone' as const })
  const files = { file: gone, piece: gone }
  const own = { inbox, channels, waiting, files, nodeDocument, takeDocument, admits }
  const routes = { ...common, publicBaseUrl: proxy.url, ...own }
  await fastify.register(federationRoutes, routes)
  if (!options.outboundOnly && !options.transport) {
    proxy.target = await fastify.listen({ port: options.port ?? 0, host: '127.0.0.1' })
  }
  const deliverer = createDeliverer({
    ...delivery,
    pollMs: 200,
    backOff: { firstMs: 10, capMs: 60 },
  })
  /** Each as if in a process of its own; the caller stops what it starts. */
  const newFetcher = (transport?: Transport) =>
    createFetcher({
      ...common,
      call: transport ? call(transport) : http,
      inbox,
      pollMs: 50,
    })
  return {
    node,
    db,
    seed,
    signer,
    identity,
    document,
    nodeDocument,
    peers,
    alarms,
    faults,
    logged,
    logNotices,
    inbox,
    outbox,
    channels,
    waiting,
    deliverer,
    newFetcher,
    call: http,
    /** As if in a process of its own, over a way that does what it likes with what passes. */
    delivererOver: (transport: Transport) =>
      createDeliverer({ ...delivery, call: call(transport), holder: `${node}-over`, pollMs: 50 }),
    reconcileOver: (transport: Transport, peer: string) =>
      reconcile({ ...common, call: call(transport), inbox }, peer),
    /** Answers a request as its routes do, without a socket. */
    async serve({ method, targetUri, headers, body }: HttpRequest): Promise<HttpResponse> {
      const { pathname, search } = new URL(targetUri)
      const answer = await fastify.inject({
        method: method as 'GET' | 'PUT',
        url: pathname + search,
        headers: Object.fromEntries(headers),
        ...(body.length > 0 ? { payload: Buffer.from(body) } : {}),
      })
      const fields = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
      return {
        status: answer.statusCode,
        headers: fields as [string, string][],
        body: new Uint8Array(answer.rawPayload),
      }
    },
    /** A second process on the same database. */
    secondDeliverer: () => createDeliverer({ ...delivery, holder: `${node}-second`, pollMs: 50 }),
    pin(other: { document: NodeDocument }, bytes: Uint8Array) {
      const pinned = messageKeysOf(other.document)
      const expected = { node: other.document.node, pinned, now: wireNow() }
      peers.pin(peerOf(verifyNodeDocument(httpPrimitives, bytes, expected)))
    },
    reconcile: (peer: string, fetchForMs?: number) =>
      reconcile({ ...common, call: http, inbox }, peer, fetchForMs),
    async enqueue(
      message: Omit<Outgoing, 'id' | 'type' | 'objectId' | 'agreement'> & Partial<Outgoing>,
    ) {
      const id = message.id ?? systemRandom.uuid()
      const rest = { type: 'caseNote', objectId: 'case-1', agreement: null, ...message, id }
      await common.db.transaction().execute((tx) => outbox.enqueue(tx, rest))
      return id
    },
    /** By one transaction, as one decision about many. */
    async enqueueAll(messages: readonly Pick<Outgoing, 'destination' | 'content'>[]) {
      await common.db.transaction().execute(async (tx) => {
        const rest = { type: 'caseNote', objectId: 'case-1', agreement: null }
        await outbox.enqueueAll(
          tx,
          messages.map((message) => ({ ...rest, ...message, id: systemRandom.uuid() })),
        )
      })
    },
    /** How many messages have no receipt yet. */
    async open() {
      const { rows } = await sql<{ count: string }>`
        select (select count(*) from fed_out_pending)
          + (select count(*) from fed_out where decision is null) as count`.execute(db)
      return Number(rows[0]?.count)
    },
    /** The same as a question that stays cheap while thousands wait. */
    async hasOpen() {
      // By the index of each: what has left is not read, though it still lies in the table.
      const { rows } = await sql<{ any: boolean }>`
        select (select place from fed_out_pending order by place limit 1) is not null
          or (select seq from fed_out where decision is null
            order by destination, epoch, seq limit 1) is not null as any`.execute(db)
      return rows[0]?.any === true
    },
    async effects() {
      return db
        .selectFrom('effect')
        .select(['origin', 'seq', 'id', 'content'])
        .orderBy('place')
        .execute()
    },
    async close() {
      await deliverer.stop()
      await fastify.close()
      await proxy.close()
      await db.destroy()
    },
  }
}

function pinnedPeers() {
  const known = new Map<string, ExchangePeer>()
  return {
    peer: (node: string) => known.get(node),
    peers: () => [...known.values()],
    pin: (peer: ExchangePeer) => void known.set(peer.node, peer),
  }
}

export async function applyAsEffect(
  tx: Transaction<ExchangeTables>,
  message: ReceivedMessage,
): Promise<MessageOutcome> {
  await tx
    .insertInto('effect')
    .values(effectOf(message) as never)
    .execute()
  return { decision: 'applied' }
}

/** The same rows for all messages of a transaction, in one statement. */
export const applyAllAsEffects: ApplyTogether = async (tx, work) => {
  const rows: ReturnType<typeof effectOf>[] = []
  const done = await work(async (message) => {
    rows.push(effectOf(message))
    return { decision: 'applied' }
  })
  if (rows.length === 0) return done
  const of = <T>(value: (row: ReturnType<typeof effectOf>) => T) => rows.map(value)
  await sql`
    insert into effect (origin, seq, id, content)
    select * from unnest(${of(({ origin }) => origin)}::text[], ${of(({ seq }) => seq)}::bigint[],
      ${of(({ id }) => id)}::uuid[], ${of(({ content }) => content)}::text[])`.execute(tx)
  return done
}

const effectOf = ({ origin, header, content }: ReceivedMessage) => ({
  ...{ origin, seq: header.seq, id: header.id, content: JSON.stringify(content) },
})

async function openDatabase(
  url: string,
  before: readonly string[],
): Promise<Kysely<ExchangeTables>> {
  const pool = new Pool({ connectionString: url, max: 8, pipeline: true })
  pool.on('error', () => {})
  const db = new Kysely<ExchangeTables>({
    dialect: new PostgresDialect({ pool: pipelinedPool(pool) }),
  })
  for (const name of [...before, ...MIGRATIONS]) {
    const file = new URL(`../../src/adapters/postgres/migrations/${name}.sql`, import.meta.url)
    await sql.raw(await readFile(file, 'utf8')).execute(db)
  }
  await sql`create table effect (place bigint generated always as identity primary key,
    origin text not null, seq bigint not null, id uuid not null, content text not null)`.execute(db)
  return db
}

async function documentOf(
  node: string,
  seed: Uint8Array,
  federation: string,
  encryptionRecipient: string,
  now: Instant,
): Promise<NodeDocument> {
  const vkey = (name: string, type: (typeof KEY_TYPE)[keyof typeof KEY_TYPE]) =>
    formatVkey(noteKey(httpPrimitives, `${node}/${name}`, type, publicKeyOf(randomBytes(32))))
  return {
    v: 1,
    node,
    name: `${node} (fictional)`,
    legalOrder: 'EU',
    endpoints: { federation },
    messageKeys: [
      {
        id: `${node}/msg1`,
        alg: 'ed25519',
        key: toBase64(publicKeyOf(seed)),
        validFrom: addMs(now, -DAY_MS),
        validUntil: addMs(now, 30 * DAY_MS),
      },
    ],
    encryptionRecipient,
    logKey: vkey('ledger', KEY_TYPE.ed25519),
    witnessKey: vkey('witness', KEY_TYPE.cosignature),
    issuedAt: now,
  }
}
