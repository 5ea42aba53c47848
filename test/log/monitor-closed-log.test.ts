/** `comity monitor --node`: a log that its node closed by a signed notice is followed to the next. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { toBase64 } from '../../src/base/bytes.ts'
import { addMs, DAY_MS, instantFromMs } from '../../src/base/time.ts'
import { monitorCommand } from '../../src/cli/monitor/monitor.ts'
import type { Watched } from '../../src/cli/monitor/watch.ts'
import { verifyCommand } from '../../src/cli/verify.ts'
import { formatVkey, KEY_TYPE } from '../../src/proof/vkey.ts'
import { signNodeDocument } from '../../src/wire/exchange/node-document.ts'
import { signLogNotice } from '../../src/wire/log-notice.ts'
import { type ForgingLog, forgingLog } from '../support/forging-log.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testSigner } from '../support/test-log.ts'

const NODE = 'authority.example'
const SEED = new Uint8Array(32).fill(5)
const signer = { keyId: `${NODE}/msg1`, sign: (bytes: Uint8Array) => signEd25519(SEED, bytes) }
const witness = testSigner(`${NODE}/witness`, KEY_TYPE.cosignature, new Uint8Array(32).fill(8))
const next = testSigner(`${NODE}/ledger/2`, KEY_TYPE.ed25519, new Uint8Array(32).fill(6))
const cosigners = [witness]
const now = instantFromMs(Date.now())

async function world(t: TestContext) {
  const log = await forgingLog()
  t.after(() => log.stop())
  const folder = temporaryFolder()
  const file = join(folder, 'node.json')
  writeFileSync(file, await documentOf(log))
  const look = async () => {
    let out = ''
    const args = ['--node', file, '--state', join(folder, 's'), '--once', '--json']
    const write = (text: string) => {
      out += text
    }
    await monitorCommand([...args, '--recheck', '0'], { write })
    return out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Watched)
  }
  return { log, folder, look }
}

function documentOf(log: ForgingLog): Promise<Uint8Array> {
  const base = log.url.slice(0, -'/log'.length)
  return signNodeDocument(
    {
      v: 1,
      node: NODE,
      name: 'Authority (invented)',
      legalOrder: 'EU',
      endpoints: { federation: base, log: log.url },
      messageKeys: [
        {
          id: signer.keyId,
          alg: 'ed25519',
          key: toBase64(publicKeyOf(SEED)),
          validFrom: addMs(now, -DAY_MS),
          validUntil: addMs(now, DAY_MS),
        },
      ],
      encryptionRecipient: `age1${'q'.repeat(58)}`,
      logKey: log.vkey,
      witnessKey: formatVkey(witness.key),
      issuedAt: now,
    },
    signer,
  )
}

function noticeOf(log: ForgingLog, size: number, by = signer): Promise<Uint8Array> {
  const { treeSize, rootHash } = log.head({ size })
  const closed = { origin: log.signer.key.name, treeSize, rootHash }
  const said = { node: NODE, closed, opened: next.key, at: now, reason: 'planned' } as const
  return signLogNotice(nodePrimitives, said, by, publicKeyOf(SEED))
}

function close(log: ForgingLog, notice: Uint8Array): void {
  log.lie('log-notice', (response) => response.end(notice))
  const opened = log.note({ size: 0, signer: next, cosigners })
  log.lie('2/checkpoint', (response) => response.end(opened))
}

test('the next log is followed, also after a restart, and the closed one does not grow old', async (t) => {
  const { log, look } = await world(t)
  log.show({ size: 20, cosigners })
  assert.deepEqual(
    (await look()).map(({ origin, standing }) => [origin, standing]),
    [[`${NODE}/ledger`, 'well']],
  )
  close(log, await noticeOf(log, 20))
  const both = [
    [`${NODE}/ledger`, 'well', true],
    [`${NODE}/ledger/2`, 'well', false],
  ]
  const said = async () =>
    (await look()).map(({ origin, standing, isClosed }) => [origin, standing, isClosed])
  assert.deepEqual(await said(), both)
  log.lie('log-notice', (response) => response.writeHead(404).end())
  const old = Math.floor(Date.now() / 1000) - 86_400
  log.show({ size: 20, cosigners, timeSeconds: old })
  assert.deepEqual(await said(), both, 'the notice was kept')
})

test('a closed log that goes on is convicted by the notice', async (t) => {
  const { log, look, folder } = await world(t)
  log.show({ size: 21, cosigners })
  close(log, await noticeOf(log, 20))
  const [line] = await look()
  assert.deepEqual(
    line?.found.map(({ finding }) => finding),
    ['beyondNotice'],
  )
  const policy = join(folder, 'policy')
  writeFileSync(policy, `log ${log.vkey}\nquorum none\n`)
  let out = ''
  const write = (text: string) => {
    out += text
  }
  await verifyCommand([line?.found[0]?.file ?? '', '--policy', policy, '--json'], { write })
  assert.equal(JSON.parse(out).verdict, 'verified', out)
})

test('a notice that no key of the document has signed closes nothing', async (t) => {
  const { log, look } = await world(t)
  log.show({ size: 21, cosigners })
  const thief = (bytes: Uint8Array) => signEd25519(new Uint8Array(32).fill(9), bytes)
  close(log, await noticeOf(log, 20, { ...signer, sign: thief }))
  const lines = await look()
  assert.equal(lines.length, 1)
  assert.equal(lines[0]?.isClosed, false)
  assert.deepEqual(lines[0]?.found, [])
})
