/**
 * The demonstration's world: three plainly fictional authorities and an outside
 * witness, with their folders, keys, officers and pinned peers.
 *
 * Stands in for what administrators do by hand when nodes are set up: exchange
 * node documents out of band, agree on a policy, enrol officers. Officers'
 * sealing identities are written to folders that no node reads: they stand for
 * the officers' own key rings.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFileKeys } from '../adapters/keys/file-keys.ts'
import { systemRandom } from '../adapters/random.ts'
import type { NodeKeys } from '../app/ports/keys.ts'
import type { NewOfficer } from '../app/ports/people.ts'
import { toHex } from '../base/bytes.ts'
import { type Instant, instantFromMs } from '../base/time.ts'
import type { Role } from '../core/case/recorded.ts'
import { formatVkey } from '../proof/vkey.ts'
import { generateIdentity, recipientOf } from '../seal/seal.ts'
import type { DatabaseConfig } from './config/database.ts'
import type { NodeConfig } from './config.ts'
import type { DataFolder } from './data-folder.ts'
import { AUTHORITIES, type Authority, WITNESS } from './demo-authorities.ts'
import { firstDocument } from './first-document.ts'
import { logSigners } from './log-signers.ts'
import type { WitnessConfig } from './witness-config.ts'

const PEOPLE: readonly {
  readonly key: string
  readonly roles: readonly Role[]
  readonly names: readonly string[]
  readonly intakeLayer?: 'inner' | 'outer'
}[] = [
  {
    key: 'case-officer-1',
    roles: ['caseOfficer'],
    names: ['Iris Quill (invented)', 'Hugo Tern (invented)', 'Mina Sol (invented)'],
    intakeLayer: 'inner',
  },
  {
    key: 'case-officer-2',
    roles: ['caseOfficer'],
    names: ['Odo Fern (invented)', 'Ada Heath (invented)', 'Rey Canyon (invented)'],
    intakeLayer: 'inner',
  },
  {
    key: 'liaison',
    roles: ['liaison'],
    names: ['Lena Bridge (invented)', 'Toby Ferry (invented)', 'Kai Harbor (invented)'],
    intakeLayer: 'outer',
  },
  {
    key: 'reviewer',
    roles: ['reviewer'],
    names: ['Bram Scale (invented)', 'Edie Balance (invented)', 'Noor Level (invented)'],
  },
  {
    key: 'oversight',
    roles: ['oversight'],
    names: ['Vera Watch (invented)', 'Giles Lantern (invented)', 'Sam Beacon (invented)'],
    intakeLayer: 'outer',
  },
  {
    key: 'administrator',
    roles: ['administrator'],
    names: ['Pim Rack (invented)', 'Win Cable (invented)', 'Lou Switch (invented)'],
  },
]

export type DemoOfficer = { readonly key: string; readonly id: string; readonly identity: string }

export type DemoNode = {
  readonly authority: Authority
  readonly folder: string
  readonly configFile: string
  readonly keys: NodeKeys
  readonly officers: readonly DemoOfficer[]
  readonly secret: string
  readonly baseUrl: string
  readonly port: number
  readonly logVkey: string
  readonly witnessVkey: string
  readonly witnessVkeys: readonly string[]
}

export type DemoWorld = {
  readonly nodes: readonly DemoNode[]
  readonly witness: {
    readonly folder: string
    readonly configFile: string
    readonly vkey: string
    readonly vkeys: readonly string[]
  }
  readonly policyFile: string
  /** Folder of the officers' own sealing identities, which no node reads. */
  readonly keyRings: string
}

export type SetupParts = {
  readonly data: DataFolder
  /** One for each authority, then one for the witness. */
  readonly ports: readonly number[]
  readonly databases: readonly DatabaseConfig[]
  readonly batchIntervalMs: number
  readonly exchange?: NodeConfig['exchange']
}

/** Whoever tries the demonstration should not wait for a minute. */
const MONITOR_INTERVAL_MS = 10_000
const LOG_INTERVAL_MS = 1000

/** Writes or completes every folder. What exists is kept: keys, officers, secrets. */
export async function setUpDemo(parts: SetupParts): Promise<DemoWorld> {
  const now = instantFromMs(Date.now())
  const nodes = await Promise.all(
    AUTHORITIES.map((authority, index) => prepareNode(parts, authority, index)),
  )
  const witness = await prepareWitness(parts)
  const policyFile = join(parts.data.folder, 'policy.txt')
  writePrivate(policyFile, policyText(nodes, witness.vkeys))
  const documents = await Promise.all(nodes.map((node) => signedDocument(node, now)))
  const witnessUrl = `http://127.0.0.1:${parts.ports.at(-1)}/witness`
  for (const [index, node] of nodes.entries()) {
    writePeers(node.folder, nodes, documents)
    writePrivate(join(node.folder, 'node.json'), documents[index] ?? new Uint8Array())
    const witnesses = [
      ...nodes
        .filter((other) => other !== node)
        .map(({ witnessVkey, baseUrl }) => ({ vkey: witnessVkey, url: `${baseUrl}/witness` })),
      { vkey: witness.vkey, url: witnessUrl },
    ]
    const database = parts.databases[index] ?? { url: '' }
    const config = nodeConfig(parts, node, { policyFile, witnesses, database })
    writePrivate(node.configFile, JSON.stringify(config, null, 2))
  }
  writePeers(witness.folder, nodes, documents)
  writeWitnessConfig(parts, witness, nodes)
  return { nodes, witness, policyFile, keyRings: join(parts.data.folder, 'key-rings') }
}

async function prepareNode(
  { data, ports }: SetupParts,
  authority: Authority,
  index: number,
): Promise<DemoNode> {
  const folder = data.nodeFolder(authority.id)
  const keys = await openFileKeys(join(folder, 'keys'), authority.id)
  const signers = logSigners(authority.id, keys)
  const port = ports[index] ?? 0
  return {
    authority,
    folder,
    configFile: join(folder, 'config.json'),
    keys,
    officers: await prepareOfficers(data, folder, authority, index),
    secret: keptSecret(join(folder, 'demo-secret')),
    baseUrl: `http://127.0.0.1:${port}`,
    port,
    logVkey: formatVkey(signers.log.key),
    witnessVkey: formatVkey(signers.witness.key),
    witnessVkeys: signers.cosigners.map(({ key }) => formatVkey(key)),
  }
}

async function prepareOfficers(
  data: DataFolder,
  folder: string,
  authority: Authority,
  index: number,
): Promise<DemoOfficer[]> {
  const file = join(data.folder, 'key-rings', `${authority.database}.json`)
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoOfficer[]
  const officers: DemoOfficer[] = []
  const listed: NewOfficer[] = []
  for (const { key, roles, names, intakeLayer } of PEOPLE) {
    const id = systemRandom.uuid()
    const identity = await generateIdentity()
    officers.push({ key, id, identity })
    const sealingRecipient = await recipientOf(identity)
    const person = { id, roles, sealingRecipient, name: names[index] ?? key }
    listed.push(intakeLayer ? { ...person, intakeLayer } : person)
  }
  writePrivate(join(folder, 'officers.json'), JSON.stringify(listed, null, 2))
  writePrivate(file, JSON.stringify(officers, null, 2))
  return officers
}

async function prepareWitness({ data }: SetupParts): Promise<DemoWorld['witness']> {
  const folder = data.nodeFolder(WITNESS.id)
  const keys = await openFileKeys(join(folder, 'keys'), WITNESS.id)
  const signers = logSigners(WITNESS.id, keys)
  return {
    folder,
    configFile: join(folder, 'config.json'),
    vkey: formatVkey(signers.witness.key),
    vkeys: signers.cosigners.map(({ key }) => formatVkey(key)),
  }
}

/**
 * Two of the three parties, and always the outside witness (C2SP tlog-policy). Each
 * witness is a group of its keys, of which either will do: it never counts twice, and a
 * reader who cannot verify ML-DSA-44 still can verify the receipt.
 */
function policyText(nodes: readonly DemoNode[], outside: readonly string[]): string {
  const short = ({ authority }: DemoNode) => authority.database
  return [
    '# Whose checkpoints count, and who must have cosigned them.',
    ...nodes.map(({ logVkey }) => `log ${logVkey}`),
    ...nodes.flatMap((node) => witnessLines(short(node), node.witnessVkeys)),
    ...witnessLines('outside', outside),
    `group parties 2 ${nodes.map(short).join(' ')}`,
    'group cross-border all parties outside',
    'quorum cross-border',
    '',
  ].join('\n')
}

function witnessLines(name: string, vkeys: readonly string[]): string[] {
  const names = vkeys.map((_, index) => `${name}-${index + 1}`)
  return [
    ...vkeys.map((vkey, index) => `witness ${names[index]} ${vkey}`),
    `group ${name} any ${names.join(' ')}`,
  ]
}

function signedDocument({ authority, keys, baseUrl }: DemoNode, now: Instant): Promise<Uint8Array> {
  const { id, name, legalOrder } = authority
  const endpoints = { federation: baseUrl, log: `${baseUrl}/ledger`, web: baseUrl }
  return firstDocument({ node: id, name, legalOrder, endpoints, exercise: 'demo' }, keys, now)
}

/** Of all the others. */
function writePeers(
  folder: string,
  nodes: readonly DemoNode[],
  documents: readonly Uint8Array[],
): void {
  for (const [index, peer] of nodes.entries()) {
    if (peer.folder === folder) continue
    writePrivate(
      join(folder, 'peers', `${peer.authority.id}.json`),
      documents[index] ?? new Uint8Array(),
    )
  }
}

function nodeConfig(
  { batchIntervalMs, exchange }: SetupParts,
  { authority, folder, baseUrl, port, secret }: DemoNode,
  given: Pick<NodeConfig['log'], 'policyFile' | 'witnesses'> & Pick<NodeConfig, 'database'>,
): NodeConfig {
  const { id, name, legalOrder, memberState, zone } = authority
  const { database, ...log } = given
  const door = { host: '127.0.0.1', port, url: baseUrl }
  return {
    node: {
      id,
      name,
      legalOrder,
      ...(memberState === undefined ? {} : { memberState }),
      zone,
      profile: 'demo',
    },
    listeners: { public: door, officers: door, federation: door },
    database,
    folder,
    log: { ...log, intervalMs: LOG_INTERVAL_MS, monitorIntervalMs: MONITOR_INTERVAL_MS },
    intake: {
      batchIntervalMs,
      escalation: {
        body: 'Continental Ombudsperson for Automated Systems (fictional)',
        address: 'Example Street 1, Exampletown (fictional)',
      },
    },
    signIn: { oneTime: { secret } },
    ...(exchange ? { exchange } : {}),
  }
}

function writeWitnessConfig(
  { ports, databases }: SetupParts,
  { folder, configFile }: DemoWorld['witness'],
  nodes: readonly DemoNode[],
): void {
  const config: WitnessConfig = {
    id: WITNESS.id,
    port: ports.at(-1) ?? 0,
    databaseUrl: databases.at(-1)?.url ?? '',
    folder,
    logs: nodes.map(({ authority, logVkey }) => ({
      origin: `${authority.id}/ledger`,
      vkey: logVkey,
    })),
  }
  writePrivate(configFile, JSON.stringify(config, null, 2))
}

function keptSecret(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8')
  const secret = toHex(systemRandom.bytes(32))
  writePrivate(file, secret)
  return secret
}

function writePrivate(file: string, content: string | Uint8Array): void {
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 })
  writeFileSync(file, content, { mode: 0o600 })
}
