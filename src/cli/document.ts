/**
 * `comity document`: writes the node's own document anew after its addresses, its name
 * or its keys have changed, and says what to do with it.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { pinnedPeers } from '../adapters/peers/pinned-folder.ts'
import { canonicalText } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import { instantFromMs } from '../base/time.ts'
import type { NodeConfig } from '../node/config.ts'
import { openNodeKeys } from '../node/node-keys.ts'
import { type Renewed, renewDocument } from '../node/renew-document.ts'
import { fingerprintOf } from '../wire/exchange/node-fingerprint.ts'
import { readOrRefuse } from './serve.ts'

const USAGE = `usage: comity document --config FILE

Writes node.json anew, from the configuration and the node's keys, and signs it. Needed
after an address or the name has changed; comity keys does it by itself. The node serves
the new one after its next start.

Exit codes: 0 done, 1 refused, 2 wrong usage.
`

export async function documentCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, help: { type: 'boolean', default: false } },
  })
  if (values.help || values.config === undefined) {
    ;(values.help ? process.stdout : process.stderr).write(USAGE)
    return values.help ? 0 : 2
  }
  const config = readOrRefuse(values.config)
  requireKeyFolder(config)
  const keys = await openNodeKeys(config)
  try {
    const now = instantFromMs(Date.now())
    const renewed = await renewDocument(config, keys, now, 'configured')
    process.stdout.write(outcome(renewed, values.config, peerNames(config)))
  } finally {
    await keys.close()
  }
  return 0
}

/** Opening makes keys where there is no folder, and a document of new keys helps nobody. */
function requireKeyFolder({ folder }: NodeConfig): void {
  const keys = join(folder, 'keys')
  if (existsSync(keys)) return
  throw malformed(`${keys} is missing: put it back from where you keep a copy of the keys`, {
    reason: 'keys-missing',
  })
}

function peerNames({ folder }: NodeConfig): readonly string[] {
  return pinnedPeers(join(folder, 'peers')).map(({ document }) => document.node)
}

function outcome({ file, before, document }: Renewed, config: string, peers: readonly string[]) {
  const fingerprint = fingerprintOf(nodePrimitives, document)
  const hasSameKeys = before && fingerprintOf(nodePrimitives, before) === fingerprint
  const replace = hasSameKeys ? '' : ' --replace'
  const what = before === undefined ? 'anew' : changesBetween(before, document)
  const to = peers.length > 0 ? peers.join(', ') : 'your peers (none is pinned here)'
  return `${file} of ${document.node} was written: ${what}.
fingerprint${hasSameKeys ? ', as before' : ''}:
  ${fingerprint}

1. Start the node again: comity serve --config ${config}
2. Send the file to ${to}.
   They compare the fingerprint with you by telephone, and pin it:
     comity peer add node.json --config FILE --fingerprint DIGITS${replace}
3. Look whether all is well: comity doctor --config ${config}
`
}

type Document = Renewed['document']

/** What others go by; dates change each time. */
const PARTS: Readonly<Record<string, (document: Document) => unknown>> = {
  'the name': ({ name }) => name,
  'the legal order': ({ legalOrder }) => legalOrder,
  'the addresses': ({ endpoints }) => endpoints,
  'the profile': ({ exercise }) => exercise,
  'message keys': ({ messageKeys }) => messageKeys.map(({ key }) => key),
  'the encryption key': ({ encryptionRecipient }) => encryptionRecipient,
  revocations: ({ revocations }) => revocations,
  'the log key': ({ logKey }) => logKey,
  'the witness key': ({ witnessKey }) => witnessKey,
  'the ML-DSA-44 witness key': ({ witnessKeyMlDsa44 }) => witnessKeyMlDsa44,
}

function changesBetween(before: Document, document: Document): string {
  const textOf = (value: unknown) => (value === undefined ? '' : canonicalText(value))
  const changed = Object.entries(PARTS)
    .filter(([, part]) => textOf(part(before)) !== textOf(part(document)))
    .map(([name]) => name)
  return changed.length > 0 ? `changed ${changed.join(', ')}` : 'only its dates changed'
}
