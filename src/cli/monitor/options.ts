/** What `comity monitor` is asked for: which logs, under which policy, how often. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { requireLogUrl } from '../../adapters/monitor/bounded-get.ts'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { readNodeDocument } from '../../adapters/peers/pinned-folder.ts'
import { ComityError, malformed } from '../../base/errors.ts'
import { POLICY_SIZE_MAX, type Policy, parsePolicy } from '../../proof/policy.ts'
import { formatVkey, KEY_TYPE, type NoteKey, parseVkey } from '../../proof/vkey.ts'
import { logOrdinalOf } from '../../wire/event-opening.ts'
import { messageKeysOf, type NodeDocument } from '../../wire/exchange/node-document.ts'
import type { MessageKey } from '../../wire/http-signature.ts'

export type WatchedLog = {
  readonly origin: string
  readonly logKeys: readonly NoteKey[]
  /** Without a final slash. */
  readonly url: string
  /** Of a node's log: where `/<n>/` follows, and who may sign its closing. */
  readonly node?: {
    readonly id: string
    readonly ordinal: number
    readonly base: string
    readonly messageKeys: readonly MessageKey[]
  }
}

export type WatchedWitness = { readonly name: string; readonly key: NoteKey; readonly url: string }

export type MonitorOptions = {
  readonly logs: readonly WatchedLog[]
  readonly policy: Policy
  readonly witnesses: readonly WatchedWitness[]
  readonly state: string
  readonly isOnce: boolean
  readonly isJson: boolean
  readonly intervalMs: number
  readonly staleMs: number
  readonly timeoutMs: number
  readonly recheckMs: number
  readonly tilesMax: number
}

/** @throws ComityError `malformed` */
export function monitorOptions(args: readonly string[]): MonitorOptions {
  const { values, positionals } = parsed(args)
  const nodes = (values.node ?? []).map((file) => readNodeDocument(file).document)
  const policy = policyFrom(values.policy, nodes)
  const listed = [
    ...nodes.map(logOfNode),
    ...(values.log ?? []).map(logOfLine),
    ...policy.logs.flatMap(({ key, url }) => (url === undefined ? [] : [logOf(key, url)])),
  ]
  const { state } = values
  if (state === undefined) throw malformed('--state names the folder of what was seen before')
  return {
    logs: chosen(listed, policy, positionals),
    policy,
    witnesses: witnessesOf(policy, nodes),
    state,
    isOnce: values.once,
    isJson: values.json,
    intervalMs: numberOf(values.interval, 'interval', 86_400) * 1000,
    staleMs: numberOf(values.stale, 'stale', 525_600) * 60_000,
    timeoutMs: numberOf(values.timeout, 'timeout', 600) * 1000,
    recheckMs: numberOf(values.recheck, 'recheck', 600) * 1000,
    tilesMax: numberOf(values.tiles, 'tiles', 1_000_000),
  }
}

function parsed(args: readonly string[]) {
  const text = (fallback: string) => ({ type: 'string', default: fallback }) as const
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      policy: { type: 'string' },
      node: { type: 'string', multiple: true },
      log: { type: 'string', multiple: true },
      state: { type: 'string' },
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      interval: text('60'),
      stale: text('30'),
      timeout: text('10'),
      recheck: text('3'),
      tiles: text('512'),
    },
  })
}

function numberOf(text: string, field: string, max: number): number {
  const number = Number(text)
  if (/^[0-9]{1,7}$/.test(text) && number <= max) return number
  throw malformed(`--${field} is a whole number up to ${max}`, { field })
}

/** Without a policy: the witnesses of the nodes, none of which must have cosigned. */
function policyFrom(file: string | undefined, nodes: readonly NodeDocument[]): Policy {
  if (file !== undefined) {
    const bytes = readFileSync(file)
    if (bytes.length > POLICY_SIZE_MAX) throw malformed('policy is too long', { field: 'policy' })
    return parsePolicy(nodePrimitives, new Uint8Array(bytes))
  }
  const witnesses = nodes.map(({ node, witnessKey }) => ({
    name: node,
    key: parseVkey(nodePrimitives, witnessKey, 'witnessKey'),
  }))
  return { logs: [], witnesses, quorum: 'none' }
}

function witnessesOf(policy: Policy, nodes: readonly NodeDocument[]): readonly WatchedWitness[] {
  const urls = new Map(
    nodes
      .filter(({ endpoints }) => !endpoints.outboundOnly)
      .map(({ witnessKey, endpoints }) => [witnessKey, `${endpoints.federation}/witness`]),
  )
  return policy.witnesses.flatMap(({ name, key, url }) => {
    const at = url ?? urls.get(formatVkey(key))
    return at === undefined ? [] : [{ name, key, url: requireLogUrl(at, 'witness') }]
  })
}

function logOfNode({ node, logKey, endpoints, ...document }: NodeDocument): WatchedLog {
  const key = parseVkey(nodePrimitives, logKey, 'logKey')
  const ordinal = logOrdinalOf(node, key.name)
  if (ordinal === undefined) throw malformed(`${node} names a log of another node`)
  const base = requireLogUrl(endpoints.log ?? `${endpoints.federation}/ledger`, 'log')
  const messageKeys = messageKeysOf({ node, logKey, endpoints, ...document })
  const of = { id: node, ordinal, base, messageKeys }
  return { origin: key.name, logKeys: [key], url: `${base}/${ordinal}`, node: of }
}

function logOfLine(line: string): WatchedLog {
  const [vkey = '', url, ...rest] = line.trim().split(/\s+/)
  if (url === undefined || rest.length > 0) throw malformed("--log is 'VKEY URL'", { field: 'log' })
  const key = parseVkey(nodePrimitives, vkey, 'log')
  if (key.type !== KEY_TYPE.ed25519) throw malformed('the key is no log key', { field: 'log' })
  return logOf(key, url)
}

function logOf(key: NoteKey, url: string): WatchedLog {
  return { origin: key.name, logKeys: [key], url: requireLogUrl(url, 'log') }
}

/** Those named, or all; each origin once, with every key that the policy has for it. */
function chosen(
  listed: readonly WatchedLog[],
  { logs }: Policy,
  names: readonly string[],
): readonly WatchedLog[] {
  const byOrigin = new Map<string, WatchedLog>()
  for (const one of listed) if (!byOrigin.has(one.origin)) byOrigin.set(one.origin, one)
  for (const name of names) {
    if (!byOrigin.has(name)) throw malformed(`no key and address are given for ${name}`)
  }
  const watched = [...byOrigin.values()].filter(
    ({ origin }) => names.length === 0 || names.includes(origin),
  )
  if (watched.length === 0)
    throw malformed('no log is given: --node, --log or --policy with addresses')
  return watched.map((one) => {
    const keys = logs.map(({ key }) => key).filter(({ name }) => name === one.origin)
    const more = keys.filter(
      (key) => !one.logKeys.some((own) => formatVkey(own) === formatVkey(key)),
    )
    return { ...one, logKeys: [...one.logKeys, ...more] }
  })
}

/** What was given cannot be used: a word, the form of a file, or a file that is not there or closed to us. */
export function isUnusableInput(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException
  return (
    error instanceof ComityError ||
    syscall !== undefined ||
    (code?.startsWith('ERR_PARSE_ARGS') ?? false)
  )
}
