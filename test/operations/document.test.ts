/** `comity document` after an address, a name or nothing changed, and where it must not write. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openFileKeys } from '../../src/adapters/keys/file-keys.ts'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { readNodeDocument } from '../../src/adapters/peers/pinned-folder.ts'
import { addMs, DAY_MS, instantFromMs } from '../../src/base/time.ts'
import { logSigners } from '../../src/node/log-signers.ts'
import { formatVkey, KEY_TYPE, noteKey } from '../../src/proof/vkey.ts'
import { logOriginOf } from '../../src/wire/event-opening.ts'
import {
  messageKeysOf,
  type NodeDocument,
  signNodeDocument,
  verifyNodeDocument,
} from '../../src/wire/exchange/node-document.ts'
import { comity } from '../support/real-node.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const NODE = 'moving.example'

async function setUp(id = NODE) {
  const place = temporaryFolder()
  const folder = join(place, 'node')
  const answers = {
    id,
    name: 'Authority (invented)',
    legalOrder: 'EU',
    profile: 'training',
    escalationBody: 'O',
    escalationAddress: 'A',
  }
  writeFileSync(join(place, 'answers.yaml'), JSON.stringify(answers))
  const made = await comity(['init', folder, '--from', join(place, 'answers.yaml')])
  assert.equal(made.code, 0, made.err)
  const config = join(folder, 'comity.yaml')
  const file = join(folder, 'node.json')
  const edit = (from: string, to: string) => {
    const text = readFileSync(config, 'utf8')
    assert.ok(text.includes(from), from)
    writeFileSync(config, text.replaceAll(from, to))
  }
  const written = () => readNodeDocument(file).document
  /** Another document in its place, signed with the node's own key. */
  const sign = async (change: (document: NodeDocument) => NodeDocument) => {
    const keys = await openFileKeys(join(folder, 'keys'), id)
    const signer = { keyId: keys.messageKeyId, sign: keys.signMessage }
    writeFileSync(file, await signNodeDocument(change(written()), signer))
    return keys
  }
  return { folder, config, file, edit, written, sign }
}

const findings = async (config: string) => {
  const { out } = await comity(['doctor', '--config', config, '--json'])
  const { findings } = JSON.parse(out) as {
    findings: { check: string; state: string; says: string; mend?: string }[]
  }
  return findings.filter(({ check, state }) => check === 'node document' && state === 'wrong')
}

test('after an address has changed: the doctor names it, peers accept the new one', async () => {
  const { config, file, edit, written } = await setUp()
  const before = written()
  edit('https://federation.moving.example', 'https://nodes.moving.example')
  const [said] = await findings(config)
  assert.match(said?.says ?? '', /other addresses/)
  assert.match(said?.mend ?? '', /comity document --config \S+comity\.yaml$/)

  const { code, out, err } = await comity(['document', '--config', config])
  assert.equal(code, 0, err)
  assert.match(out, /node\.json of moving\.example was written: changed the addresses\./)
  assert.match(out, /fingerprint, as before:\n {2}([0-9a-f]{4} ){15}[0-9a-f]{4}\n/)
  assert.match(out, /1\. Start .*\n2\. Send .*\n/)
  assert.doesNotMatch(out, /--replace/)
  assert.deepEqual(await findings(config), [])
  assert.equal(written().endpoints.federation, 'https://nodes.moving.example')
  assert.equal(written().exercise, 'training')
  const now = instantFromMs(Date.now())
  // As a peer does that has pinned the old one.
  verifyNodeDocument(nodePrimitives, readFileSync(file), {
    node: NODE,
    pinned: messageKeysOf(before),
    now,
  })
  const again = await comity(['document', '--config', config])
  assert.match(again.out, /only its dates changed/)
})

test('a key stays valid from when it was, logs that ended stay named', async () => {
  const { config, written, sign } = await setUp()
  const long = addMs(instantFromMs(Date.now()), -300 * DAY_MS)
  const first = written().logKey
  const keys = await sign((document) => ({
    ...document,
    messageKeys: document.messageKeys.map((key) => ({ ...key, validFrom: long })),
    logKey: formatVkey(
      noteKey(nodePrimitives, logOriginOf(NODE, 2), KEY_TYPE.ed25519, Buffer.alloc(32, 7)),
    ),
    closedLogs: [
      { logKey: first, treeSize: 7, rootHash: 'A'.repeat(43).concat('='), closedAt: long },
    ],
  }))
  assert.equal(first, formatVkey(logSigners(NODE, keys).log.key))
  const { logKey, closedLogs } = written()
  assert.deepEqual(await findings(config), [], 'a restored node is sound')
  for (const command of [
    ['document', '--config', config],
    [
      'keys',
      'rotate',
      'encryption',
      '--config',
      config,
      '--present',
      'administrator',
      '--present',
      'oversight',
    ],
  ]) {
    const { code, err } = await comity(command)
    assert.equal(code, 0, err)
    assert.equal(written().messageKeys[0]?.validFrom, long, command.join(' '))
    assert.deepEqual({ ...written() }.closedLogs, closedLogs)
    assert.equal(written().logKey, logKey)
    assert.equal(written().exercise, 'training', command.join(' '))
  }
})

test('a document that is gone or unreadable is made again, the same for peers', async () => {
  const { config, file, written } = await setUp()
  const { logKey, messageKeys } = written()
  for (const harm of [() => rmSync(file), () => writeFileSync(file, '{"document":')]) {
    harm()
    const [{ mend = '' } = {}] = await findings(config)
    assert.match(mend, /comity document --config|mend this first/)
    const { code, out, err } = await comity(['document', '--config', config])
    assert.equal(code, 0, err)
    assert.match(out, /was written: anew/)
    assert.equal(written().logKey, logKey)
    assert.equal(written().messageKeys[0]?.key, messageKeys[0]?.key)
  }
})

test('without its keys, with those of another, with a bad configuration: nothing is written', async () => {
  const { folder, config, file, edit } = await setUp()
  const own = readFileSync(file)
  const other = await setUp('other.example')
  const refused = async (why: RegExp) => {
    const { code, err } = await comity(['document', '--config', config])
    assert.equal(code, 1)
    assert.match(err, why)
  }
  renameSync(join(folder, 'keys'), join(folder, 'away'))
  await refused(/keys is missing: put it back/)
  assert.ok(!existsSync(join(folder, 'keys')), 'no new keys')
  assert.deepEqual(readFileSync(file), own)
  renameSync(join(folder, 'away'), join(folder, 'keys'))

  writeFileSync(file, readFileSync(other.file))
  await refused(/is of other\.example .*nothing was changed/)
  assert.deepEqual(readFileSync(file), readFileSync(other.file))
  writeFileSync(file, own)

  edit('folder: .', 'folder: .\ncolour: red')
  await refused(/colour/)
  assert.deepEqual(readFileSync(file), own)
  assert.equal((await comity(['document'])).code, 2)
  assert.equal((await comity(['document', 'more', '--config', config])).code, 2)
})
