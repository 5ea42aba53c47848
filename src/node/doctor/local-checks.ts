/** Checks of what lies on this machine: files, keys, the node document, the disk. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { pinnedPeers, readNodeDocument } from '../../adapters/peers/pinned-folder.ts'
import { toBase64 } from '../../base/bytes.ts'
import { canonicalText } from '../../base/canonical-json.ts'
import { DAY_MS } from '../../base/time.ts'
import { countedTwice, parsePolicy } from '../../proof/policy.ts'
import { formatVkey } from '../../proof/vkey.ts'
import { exerciseOf, isSameWorld } from '../../wire/exchange/world.ts'
import { openBlobs } from '../config/exhibits.ts'
import { nodeSelfOf } from '../config.ts'
import { documentFacts } from '../first-document.ts'
import { logSigners } from '../log-signers.ts'
import { nameOfKey } from '../metrics.ts'
import { type Check, type Finding, type Patient, warning, well, wrong } from './finding.ts'

const OTHERS = 0o077
const KEY_WARNING_MS = 30 * DAY_MS
const DISK_WARNING = 0.1
const DISK_WRONG = 0.02

export const fileModes: Check = {
  name: 'files closed to others',
  run({ configFile, config }) {
    if (process.platform === 'win32') return []
    const files = [configFile, config.folder, ...privateFiles(config.folder)]
    const open = files.filter((file) => statSync(file).mode % (OTHERS + 1) !== 0)
    const found: Finding[] = open.map((file) =>
      wrong(`others can read ${file}`, `chmod go= ${file}`),
    )
    const sql = join(dirname(configFile), 'database.sql')
    if (existsSync(sql)) {
      found.push(warning(`${sql} holds passwords and has done its work`, `rm ${sql}`))
    }
    return found.length > 0 ? found : [well(`${files.length} files and folders`)]
  },
}

function privateFiles(folder: string): string[] {
  const keys = join(folder, 'keys')
  const names = existsSync(keys) ? readdirSync(keys).map((name) => join(keys, name)) : []
  return [keys, ...names].filter((file) => existsSync(file))
}

export const nodeDocument: Check = {
  name: 'node document',
  run({ configFile, config, keys, nowMs }) {
    const file = join(config.folder, 'node.json')
    const remake = `comity document --config ${configFile}`
    if (!existsSync(file)) return [wrong(`${file} is missing`, remake)]
    const { document } = readNodeDocument(file)
    const found: Finding[] = []
    const said = documentFacts(nodeSelfOf(config))
    const { node, name, legalOrder, endpoints, exercise } = document
    const now = { node, name, legalOrder, endpoints, ...(exercise ? { exercise } : {}) }
    if (canonicalText(now) !== canonicalText(said)) {
      found.push(
        wrong(
          'it names other addresses, another name, legal order or profile than the configuration',
          `change the configuration back, or: ${remake}`,
        ),
      )
    }
    if (keys) found.push(...keyFindings(document, config.node.id, keys, remake))
    const current = document.messageKeys.map(({ validUntil }) => Date.parse(validUntil))
    const leftDays = Math.floor((Math.max(...current) - nowMs) / DAY_MS)
    if (leftDays * DAY_MS < KEY_WARNING_MS) {
      const state = leftDays < 0 ? wrong : warning
      found.push(
        state(
          `its newest message key is valid for ${leftDays} more days`,
          'rotate the message key (docs/operating/keys.md)',
        ),
      )
    }
    return found.length > 0 ? found : [well(`of ${node}, its key valid for ${leftDays} days`)]
  },
}

function keyFindings(
  document: ReturnType<typeof readNodeDocument>['document'],
  node: string,
  keys: NonNullable<Patient['keys']>,
  remake: string,
): readonly Finding[] {
  const { log, witness, witnessMlDsa44 } = logSigners(node, keys)
  // After a restore the log may have followers; the first one has the node's log key.
  const firstLogKey = document.closedLogs?.[0]?.logKey ?? document.logKey
  const mend = `if a key was changed: ${remake}; else the key folder or the document belongs to another node: put back the right one`
  const pairs: readonly (readonly [string, boolean])[] = [
    [
      'message key',
      document.messageKeys.some(
        ({ id, key }) => id === keys.messageKeyId && key === toBase64(keys.messagePublicKey),
      ),
    ],
    ['encryption key', document.encryptionRecipient === keys.encryptionRecipient],
    ['log key', firstLogKey === formatVkey(log.key)],
    ['witness key', document.witnessKey === formatVkey(witness.key)],
    [
      'ML-DSA-44 witness key',
      document.witnessKeyMlDsa44 === (witnessMlDsa44 && formatVkey(witnessMlDsa44.key)),
    ],
  ]
  return pairs
    .filter(([, isSame]) => !isSame)
    .map(([what]) => wrong(`it does not name the ${what} that the node has`, mend))
}

export const logPolicy: Check = {
  name: 'log policy',
  run({ config, keys }) {
    const bytes = new Uint8Array(readFileSync(config.log.policyFile))
    const policy = parsePolicy(nodePrimitives, bytes)
    const found: Finding[] = []
    const signers = keys && logSigners(config.node.id, keys)
    const own = signers && formatVkey(signers.log.key)
    if (own && !policy.logs.some(({ key }) => formatVkey(key) === own)) {
      found.push(
        wrong(
          'it does not name this node’s own log: no receipt would count as sealed',
          `add the line: log ${own}`,
        ),
      )
    }
    const asked = new Set(config.log.witnesses.map(({ vkey }) => nameOfKey(vkey)))
    // A policy of several authorities lists this node too, which is no witness of its own log.
    const others = policy.witnesses.filter(({ key }) => key.name !== signers?.witness.key.name)
    const unasked = others.map(({ key }) => key.name).filter((name) => !asked.has(name))
    for (const name of new Set(unasked)) {
      found.push(
        warning(
          `its witness ${name} is never asked`,
          'add its address and its Ed25519 line to log.witnesses in the configuration',
        ),
      )
    }
    for (const name of countedTwice(policy)) {
      found.push(
        wrong(
          `two keys of ${name} count as two witnesses: one authority could be a quorum of two`,
          'agree on a group of its keys: group NAME any KEY KEY',
        ),
      )
    }
    if (policy.quorum === 'none' && config.node.profile === 'production') {
      found.push(
        warning(
          'no witness has to cosign: receipts show only what this node says itself',
          'agree with a peer or an outside witness, see docs/operating/install.md',
        ),
      )
    }
    return found.length > 0
      ? found
      : [well(`${policy.logs.length} logs, ${policy.witnesses.length} witnesses`)]
  },
}

export const diskSpace: Check = {
  name: 'disk space',
  async run({ config }) {
    const { bavail, blocks, bsize } = await statfs(config.folder)
    const share = bavail / Math.max(1, blocks)
    const says = `${Math.floor((bavail * bsize) / 2 ** 30)} GiB free (${Math.floor(share * 100)} %)`
    const mend = 'make room, or move the folder to a larger disk while the node is stopped'
    if (share < DISK_WRONG) return [wrong(says, mend)]
    return [share < DISK_WARNING ? warning(says, mend) : well(says)]
  },
}

export const pinnedDocuments: Check = {
  name: 'pinned peers',
  run({ config }) {
    const peers = pinnedPeers(join(config.folder, 'peers'))
    if (peers.length === 0) return [well('none: the node works alone')]
    const own = exerciseOf(config.node.profile)
    const mixed = peers.filter(({ document }) => !isSameWorld(document.exercise, own))
    if (mixed.length > 0) {
      return mixed.map(({ document: { node, exercise } }) =>
        wrong(
          `${node} is a ${exercise ?? 'production'} node and this one is for ${config.node.profile}: neither takes messages of the other`,
          `comity peer remove ${node}`,
        ),
      )
    }
    return [well(peers.map(({ document }) => document.node).join(', '))]
  },
}

/** The store of sealed exhibits, tried with a small object. */
export const exhibitStore: Check = {
  name: 'exhibits',
  async run({ config }) {
    const s3 = config.exhibits?.s3
    if (!s3) return [well('in the folder of the node')]
    const store = openBlobs(config)
    const text = `comity doctor ${new Date().toISOString()}`
    const { digest } = await store.keep(once(text))
    try {
      if (!(await store.has(digest))) {
        return [wrong('the bucket does not show what was just put into it', MEND_STORE)]
      }
    } finally {
      await store.remove(digest)
    }
    return [well(`in a bucket at ${new URL(s3.endpoint).host}; a backup does not hold it`)]
  },
}

const MEND_STORE = 'docs/operating/exhibits.md says what the account of the bucket may do'

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
