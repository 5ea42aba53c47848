/** A change of the log key by its ceremony, on a real node with a real witness. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { readNodeDocument } from '../../src/adapters/peers/pinned-folder.ts'
import { openDatabase } from '../../src/adapters/postgres/database.ts'
import { utf8 } from '../../src/base/bytes.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { readNodeConfig } from '../../src/node/config.ts'
import { parseSignedNote } from '../../src/proof/signed-note.ts'
import { parseLogNotice } from '../../src/wire/log-notice.ts'
import { comity, type Serving, serve, setUpNode } from '../support/real-node.ts'

const PRESENT = ['--present', 'administrator', '--present', 'oversight']
const ids = ['logging.example', 'watching.example'] as const
type Place = Awaited<ReturnType<typeof setUpNode>>
const [own, peer] = (await Promise.all(
  ids.map((id) => setUpNode(id, { name: `Authority ${id} (invented)` })),
)) as [Place, Place]
let serving: Serving
let watching: Serving

after(async () => {
  for (const one of [serving, watching]) {
    one?.process.kill('SIGTERM')
    await one?.ended
  }
})

const documentIn = (folder: string) => readNodeDocument(join(folder, 'node.json')).document
const keys = (...args: string[]) => comity(['keys', ...args, '--config', own.config])
const textAt = async (path: string) => (await fetch(`http://127.0.0.1:${own.port}${path}`)).text()
const witnessed = (origin: string) =>
  waitFor(`a cosigned checkpoint of ${origin}`, async () => {
    const note = await textAt('/ledger/checkpoint')
    return note.startsWith(`${origin}\n`) && note.includes('— watching.example/witness ') && note
  })

async function restart(): Promise<void> {
  serving.process.kill('SIGTERM')
  assert.equal((await serving.ended).code, 0)
  serving = await serve(own.config)
}

async function stopPeer(): Promise<void> {
  watching.process.kill('SIGTERM')
  await watching.ended
}

test('two nodes watch each other’s log', async () => {
  for (const [here, there] of [
    [own, peer],
    [peer, own],
  ] as const) {
    const file = join(there.folder, 'node.json')
    const digits = (await comity(['peer', 'fingerprint', file])).out.trim().split('\n')[1] ?? ''
    const add = ['peer', 'add', file, '--config', here.config, '--fingerprint', digits]
    assert.equal((await comity(add)).code, 0)
    const { logKey, witnessKey } = documentIn(there.folder)
    const policy = join(here.folder, 'policy.txt')
    const lines = [`log ${logKey}`, `witness other ${witnessKey}`, 'quorum other']
    writeFileSync(policy, readFileSync(policy, 'utf8').replace('quorum none', lines.join('\n')))
    const url = `http://127.0.0.1:${there.port + 2}/witness`
    const witness = `[{ vkey: "${witnessKey}", url: "${url}" }]`
    const text = readFileSync(here.config, 'utf8').replace('witnesses: []', `witnesses: ${witness}`)
    writeFileSync(here.config, text)
  }
  serving = await serve(own.config)
  watching = await serve(peer.config)
  await witnessed('logging.example/ledger')
})

test('one person alone, no reason, a second wish, and a word too much change nothing', async () => {
  for (const [args, code] of [
    [['log', '--reason', 'planned'], 1],
    [['log', '--reason', 'planned', '--present', 'administrator'], 1],
    [['log', ...PRESENT], 1],
    [['log', '--reason', 'restored', ...PRESENT], 1],
    [['log', 'now', '--reason', 'planned', ...PRESENT], 2],
    [['rotate', 'log', ...PRESENT], 1],
  ] as const) {
    assert.equal((await keys(...args)).code, code, args.join(' '))
  }
  const database = openDatabase(readNodeConfig(own.config).database.url, 1)
  const asked = await database
    .selectFrom('node_setting')
    .select('key')
    .where('key', '=', 'log-change')
    .execute()
  await database.destroy()
  assert.deepEqual(asked, [])
  assert.match((await comity(['keys', 'ceremony', 'log'])).out, /4 {2}A starts the node again/)
})

test('without its witness the node goes on with the old log, and says so', async () => {
  const asked = await keys('log', '--reason', 'planned', ...PRESENT)
  assert.equal(asked.code, 0, asked.err)
  assert.match(asked.out, /^log-1\n {2}([0-9a-f]{4} ){15}[0-9a-f]{4}\n/)
  assert.match((await keys('log', '--reason', 'planned', ...PRESENT)).err, /under way/)
  await stopPeer()
  await restart()
  assert.match(serving.printed(), /"log-change-waits","reason":"too-few-witnesses"/)
  assert.match(await textAt('/ledger/checkpoint'), /^logging\.example\/ledger\n/)
  assert.deepEqual(documentIn(own.folder).closedLogs, undefined)
})

test('a planned change: closed where the witness saw it, followed, and known to the peer', async () => {
  watching = await serve(peer.config)
  const [, size, root] = (await textAt('/ledger/checkpoint')).split('\n')
  await restart()
  assert.match(serving.printed(), /"log-changed","ordinal":2,"reason":"planned"/)
  await witnessed('logging.example/ledger/2')
  const notice = await textAt('/ledger/1/log-notice')
  const { closed, opened, reason } = parseLogNotice(
    nodePrimitives,
    parseSignedNote(utf8(notice)).text,
  )
  assert.equal(reason, 'planned')
  assert.ok(closed.treeSize >= Number(size))
  if (closed.treeSize === Number(size)) {
    assert.equal(Buffer.from(closed.rootHash).toString('base64'), root)
  }
  assert.match(await textAt('/ledger/1/checkpoint'), /^logging\.example\/ledger\n/)
  const { logKey } = documentIn(own.folder)
  assert.match(logKey, /^logging\.example\/ledger\/2\+/)
  assert.ok(logKey.startsWith(opened.name))
  const pinned = join(peer.folder, 'peers', 'logging.example.json')
  await waitFor('the peer to name the new log', async () => {
    return readNodeDocument(pinned).document.logKey === logKey
  })
  const policy = await (await fetch(`http://127.0.0.1:${peer.port}/ledger/policy.txt`)).text()
  assert.ok(policy.includes(`log ${logKey}`))
  await restart()
  assert.doesNotMatch(serving.printed(), /log-change/)
  assert.match(await textAt('/ledger/checkpoint'), /^logging\.example\/ledger\/2\n/)
})

test('a compromised log key: the same at once, and the third log follows the second', async () => {
  const asked = await keys('log', '--reason', 'compromised', ...PRESENT)
  assert.match(asked.out, /^log-2\n/)
  await restart()
  await witnessed('logging.example/ledger/3')
  assert.match(await textAt('/ledger/2/log-notice'), /\nreason compromised\n/)
  const { closedLogs = [] } = documentIn(own.folder)
  assert.equal(closedLogs.length, 2)
  const database = openDatabase(readNodeConfig(own.config).database.url, 1)
  const rows = await database
    .selectFrom('own_log')
    .select(['ordinal', 'closed_at'])
    .orderBy('ordinal')
    .execute()
  await database.destroy()
  assert.deepEqual(
    rows.map(({ ordinal, closed_at }) => [ordinal, closed_at !== null]),
    [
      [1, true],
      [2, true],
      [3, false],
    ],
  )
})

test('the export of all three logs holds under the policy of the first, and grows', async () => {
  const out = join(own.folder, 'export')
  const run = () => comity(['export-log', '--config', own.config, '--out', out])
  const agreed = join(own.folder, 'policy.txt')
  assert.doesNotMatch(readFileSync(agreed, 'utf8'), /ledger\/[23]/)
  const verify = () => comity(['verify', out, '--policy', agreed, '--json'])
  const first = await run()
  assert.match(first.out, /^3 logs, [1-9]/, first.err)
  const checked = await verify()
  assert.equal(checked.code, 0, checked.out + checked.err)
  assert.match((await run()).out, /^3 logs, 0 new entries, 0 files written/)
  for (const name of ['ledger', 'ledger-2']) {
    const log = await comity([
      'verify',
      join(own.folder, name),
      '--policy',
      join(out, 'policy.txt'),
    ])
    assert.match(log.out, /✓ Entries: [1-9]\d* entries were hashed again/)
  }
})
