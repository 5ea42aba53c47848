/** A witness of others, litewitness of torchwood, cosigns our log and refuses as it must. */
import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { logReceipts } from '../../src/adapters/postgres/log/receipts.ts'
import { fromBase64, utf8 } from '../../src/base/bytes.ts'
import { formatAddCheckpoint } from '../../src/proof/add-checkpoint.ts'
import { buildConsistency } from '../../src/proof/consistency.ts'
import { verifyCosignatures } from '../../src/proof/cosignature.ts'
import { parsePolicy } from '../../src/proof/policy.ts'
import { verifyReceipt } from '../../src/proof/receipt.ts'
import { parseSignatureLines } from '../../src/proof/signed-note.ts'
import { rootOf } from '../../src/proof/tree-hash.ts'
import { formatVkey, KEY_TYPE, type NoteKey, noteKey } from '../../src/proof/vkey.ts'
import { holdPorts } from '../support/held-ports.ts'
import { foreignProgram, missing, until } from '../support/interop.ts'
import { realNow, withLogNode } from '../support/log-node.ts'
import { numberedLeaves } from '../support/merkle.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { logSigner, signedHead, testSigner } from '../support/test-log.ts'

const skip = missing('litewitness', 'witnessctl', 'ssh-agent', 'ssh-add', 'ssh-keygen')
const NAME = 'witness.example/w1'
const second = testSigner('second.example/ledger', KEY_TYPE.ed25519, new Uint8Array(32).fill(2))
const children: ChildProcess[] = []
let url = ''
let key: NoteKey

const run = async (name: string, args: readonly string[], env = process.env) =>
  (await promisify(execFile)(foreignProgram(name) ?? name, [...args], { env })).stdout

function start(name: string, args: readonly string[]): ChildProcess {
  const child = spawn(foreignProgram(name) ?? name, [...args], { stdio: 'ignore' })
  children.push(child)
  return child
}

before(async () => {
  if (skip) return
  const folder = temporaryFolder()
  const [socket, database, file] = ['agent', 'w.db', 'key'].map((name) => join(folder, name))
  start('ssh-agent', ['-D', '-a', socket as string])
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file as string])
  const env = { ...process.env, SSH_AUTH_SOCK: socket as string }
  await until(async () => (await run('ssh-add', ['-q', file as string], env)) === '')
  const wire = fromBase64(readFileSync(`${file}.pub`, 'utf8').split(' ')[1] as string)
  key = noteKey(nodePrimitives, NAME, KEY_TYPE.cosignature, wire.slice(-32))
  const fingerprint = (await run('ssh-keygen', ['-lf', `${file}.pub`])).split(' ')[1] as string
  for (const { key: log } of [logSigner, second]) {
    await run('witnessctl', ['add-log', '-db', database as string, '-origin', log.name])
    const vkey = formatVkey(log)
    await run('witnessctl', [
      'add-key',
      '-db',
      database as string,
      '-origin',
      log.name,
      '-key',
      vkey,
    ])
  }
  const listen = `127.0.0.1:${await holdPorts(1)}`
  url = `http://${listen}`
  const own = ['-db', database as string, '-name', NAME, '-key', fingerprint]
  start('litewitness', [...own, '-ssh-agent', socket as string, '-listen', listen])
  await until(async () => (await fetch(url)).ok)
})

after(async () => {
  for (const child of children.toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill()
    await once(child, 'exit')
  }
})

test('litewitness cosigns our log as it grows, and the receipts verify', { skip }, () =>
  withLogNode(async (node) => {
    const sequencer = await node.start({ witnesses: [{ key, url }] })
    const ids: string[] = []
    for (const count of [1, 254, 1, 1, 300]) {
      ids.push(...(await node.accept(count)))
      await sequencer.flush()
    }
    const text = `log ${formatVkey(logSigner.key)}\nwitness w ${formatVkey(key)}\nquorum w\n`
    const policy = parsePolicy(nodePrimitives, utf8(text))
    const common = { primitives: nodePrimitives, policy, wireNow: realNow }
    const receipts = logReceipts({ ...node, ...common })
    for (const index of [0, 100, 255, 256, 556]) {
      const sealed = await receipts.of(ids[index] as string)
      assert.equal(sealed?.state, 'sealed', `entry ${index}`)
      const { receipt = new Uint8Array(), entry } = sealed
      const verified = verifyReceipt(nodePrimitives, { receipt, entry, policy })
      assert.equal(verified.leafIndex, index)
    }
    assert.deepEqual(node.troubles, [])
  }),
)

test('litewitness answers each fault with the status of the specification', { skip }, async () => {
  const leaves = numberedLeaves(40)
  const head = (treeSize: number) => ({
    treeSize,
    rootHash: rootOf(nodePrimitives, leaves.slice(0, treeSize)),
  })
  const body = (oldSize: number, size: number, signer = second, origin = second.key.name) =>
    formatAddCheckpoint({
      oldSize,
      proof:
        oldSize === 0 || oldSize >= size
          ? []
          : buildConsistency(nodePrimitives, oldSize, leaves.slice(0, size)),
      note: signedHead(head(size), { signer, origin }),
    })
  const post = async (bytes: Uint8Array) => {
    const init = { method: 'POST', body: new Uint8Array(bytes) }
    const response = await fetch(`${url}/add-checkpoint`, init)
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
  const first = await post(body(0, 5))
  assert.equal(first.status, 200)
  const { text } = signedHead(head(5), { signer: second })
  const signatures = parseSignatureLines(first.text)
  assert.equal(verifyCosignatures(nodePrimitives, { text, signatures }, [key]).length, 1)
  assert.equal((await post(body(5, 13))).status, 200)

  const conflict = await post(body(5, 20))
  assert.deepEqual([conflict.status, conflict.text], [409, '13\n'])
  assert.equal(conflict.headers.get('content-type'), 'text/x.tlog.size')
  const stranger = testSigner(second.key.name, KEY_TYPE.ed25519, new Uint8Array(32).fill(3))
  const unknown = testSigner('unknown.example', KEY_TYPE.ed25519, new Uint8Array(32).fill(4))
  const wrong = { ...signedHead({ ...head(20), rootHash: new Uint8Array(32) }, { signer: second }) }
  const proof = buildConsistency(nodePrimitives, 13, leaves.slice(0, 20))
  const faults: readonly (readonly [number, Uint8Array])[] = [
    [400, utf8('nothing of the kind')],
    [400, body(30, 20)],
    [403, body(13, 20, stranger)],
    [404, body(0, 5, unknown, 'unknown.example')],
    [422, formatAddCheckpoint({ oldSize: 13, proof, note: wrong })],
  ]
  for (const [status, bytes] of faults) assert.equal((await post(bytes)).status, status)
  assert.equal((await post(body(13, 13))).status, 200, 'and no fault has changed anything')
})
