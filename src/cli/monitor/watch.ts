/** One round over the watched logs: look, keep what was found and seen, follow closed logs. */
import { setTimeout as sleep } from 'node:timers/promises'
import { httpLog, httpNotice, httpWitnesses } from '../../adapters/monitor/log-source.ts'
import type { KeptState, MonitorFolder } from '../../adapters/monitor/monitor-folder.ts'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { textFromUtf8 } from '../../base/bytes.ts'
import { ComityError } from '../../base/errors.ts'
import { type Instant, instantFromMs, SECOND_MS } from '../../base/time.ts'
import { knownSignatures, parseSignedNote } from '../../proof/signed-note.ts'
import { formatVkey, KEY_TYPE, noteKey } from '../../proof/vkey.ts'
import { type LogNotice, verifyLogNotice } from '../../wire/log-notice.ts'
import { headIn, isConvicting } from '../../wire/monitor/finding.ts'
import { type ClosedBy, type Look, lookTwice } from '../../wire/monitor/look.ts'
import { reachability, type Standing, standingOf } from '../../wire/monitor/standing.ts'
import type { MonitorOptions, WatchedLog } from './options.ts'

export type Watched = {
  readonly at: Instant
  readonly origin: string
  readonly standing: Standing
  /** Of the largest head that was found consistent. */
  readonly treeSize: number | undefined
  readonly auditedSize: number
  readonly servedSize: number | undefined
  readonly freshAt: Instant | undefined
  readonly failure: string | undefined
  readonly failingSince: Instant | undefined
  readonly witnessesReached: number
  readonly isClosed: boolean
  /** New ones, each with the file that holds its evidence. */
  readonly found: readonly { readonly finding: string; readonly file: string }[]
  /** All that were ever found of this log. */
  readonly findings: number
}

export type Round = {
  readonly watched: readonly Watched[]
  /** With those that closed logs led to. */
  readonly logs: readonly WatchedLog[]
}

export async function watchRound(
  options: MonitorOptions,
  folder: MonitorFolder,
  logs: readonly WatchedLog[],
): Promise<Round> {
  const watched: Watched[] = []
  const next = [...logs]
  for (let index = 0; index < next.length && index < LOGS_MAX; index++) {
    const log = next[index] as WatchedLog
    const closed = await closingOf(options, folder, log)
    watched.push(await watchLog(options, folder, log, closed))
    const follower = closed && followerOf(log, closed)
    if (follower && !next.some(({ origin }) => origin === follower.origin)) next.push(follower)
  }
  return { watched, logs: next }
}

/** For the tiles of one log that are new: one that is slow must not hold up looks at the others. */
const AUDIT_MS = 30 * SECOND_MS
/** Closed logs lead to others, each by a notice of its node. */
const LOGS_MAX = 1024

async function watchLog(
  options: MonitorOptions,
  folder: MonitorFolder,
  log: WatchedLog,
  closed: Closing | undefined,
): Promise<Watched> {
  const { policy, tilesMax, recheckMs, staleMs } = options
  const { origin, logKeys } = log
  const before = await folder.state(origin)
  const witnesses = httpWitnesses(options.witnesses, origin, options)
  const source = httpLog(log.url, options)
  const common = {
    primitives: nodePrimitives,
    origin,
    logKeys,
    policy,
    source,
    witnesses,
    tilesMax,
  }
  const partsNow = () => {
    const until = options.isOnce ? Number.POSITIVE_INFINITY : performance.now() + AUDIT_MS
    const goesOn = () => performance.now() < until
    return { ...common, closed: closed?.by, now: now(), goesOn }
  }
  const look = await lookTwice(partsNow, before, () => sleep(recheckMs))
  const found: { finding: string; file: string }[] = []
  for (const one of look.findings) {
    const file = await folder.keepFinding(one)
    if (file !== undefined) found.push({ finding: one.finding, file })
  }
  const at = now()
  const state = { ...look.remembered, ...reachability(before, look, at) }
  await folder.keepState(origin, state)
  return said(folder, { at, origin, look, state, found, staleMs, isClosed: closed !== undefined })
}

const now = () => instantFromMs(Date.now())

function said(
  folder: MonitorFolder,
  facts: {
    readonly at: Instant
    readonly origin: string
    readonly look: Look
    readonly state: KeptState
    readonly found: Watched['found']
    readonly staleMs: number
    readonly isClosed: boolean
  },
): Watched {
  const { at, origin, look, state, found, staleMs, isClosed } = facts
  const kept = folder.findings(origin)
  const suspicious = look.findings.filter((one) => !isConvicting(one)).length
  const findings = kept.filter(isConvicting).length + suspicious
  const { failure, servedSize, witnessesReached } = look
  const { freshAt, auditedSize, failingSince } = state
  return {
    at,
    origin,
    servedSize,
    auditedSize,
    failure,
    failingSince,
    witnessesReached,
    isClosed,
    found,
    standing: standingOf({ freshAt, findings, failure, isClosed }, at, staleMs),
    treeSize: state.head === undefined ? undefined : headIn(state.head).treeSize,
    freshAt: freshAt === undefined ? undefined : instantFromMs(freshAt * SECOND_MS),
    findings: kept.length,
  }
}

type Closing = { readonly notice: LogNotice; readonly by: ClosedBy }

/** The notice that closed a node's log: as it was kept, or as the node serves it now. */
async function closingOf(
  options: MonitorOptions,
  folder: MonitorFolder,
  { origin, url, node }: WatchedLog,
): Promise<Closing | undefined> {
  if (!node) return undefined
  const kept = await folder.notice(origin)
  try {
    const bytes = kept ?? (await httpNotice(url, options))
    if (!bytes) return undefined
    const keys = (id: string) => (id === node.id ? node.messageKeys : [])
    const notice = await verifyLogNotice(
      nodePrimitives,
      bytes,
      keys,
      kept ? noticeTime(bytes) : now(),
    )
    if (notice.closed.origin !== origin) return undefined
    if (!kept) await folder.keepNotice(origin, bytes)
    return { notice, by: closedBy(notice, bytes, node.messageKeys) }
  } catch (error) {
    // What no pinned key has signed closes no log.
    if (error instanceof ComityError) return undefined
    throw error
  }
}

/** A notice that was accepted once stays accepted when the key that signed it is over. */
function noticeTime(bytes: Uint8Array): Instant {
  const [, at = ''] = /\nat (\S+)\n/.exec(parseSignedNote(bytes).text) ?? []
  return at as Instant
}

function closedBy(
  { closed }: LogNotice,
  bytes: Uint8Array,
  messageKeys: NonNullable<WatchedLog['node']>['messageKeys'],
): ClosedBy {
  const note = parseSignedNote(bytes)
  const keys = messageKeys.map(({ id, publicKey }) =>
    noteKey(nodePrimitives, id, KEY_TYPE.ed25519, publicKey),
  )
  const [signed] = knownSignatures(note, keys)
  const { treeSize, rootHash } = closed
  return {
    treeSize,
    rootHash,
    notice: textFromUtf8(bytes),
    noticeKey: signed ? formatVkey(signed.key) : '',
  }
}

function followerOf({ node }: WatchedLog, { notice }: Closing): WatchedLog | undefined {
  if (!node) return undefined
  const ordinal = node.ordinal + 1
  const { opened } = notice
  const url = `${node.base}/${ordinal}`
  return { origin: opened.name, logKeys: [opened], url, node: { ...node, ordinal } }
}
