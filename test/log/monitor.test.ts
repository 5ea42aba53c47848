/** `comity monitor` against real servers on loopback: honest logs, and logs that lie under their own key. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import Fastify from 'fastify'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { migrate, openDatabase } from '../../src/adapters/postgres/database.ts'
import { publicFiles } from '../../src/adapters/postgres/log/public-files.ts'
import type { KnownWitness } from '../../src/adapters/postgres/log/sequencer-parts.ts'
import { logRoutes } from '../../src/api/log/routes.ts'
import { toHex, utf8 } from '../../src/base/bytes.ts'
import { monitorCommand } from '../../src/cli/monitor/monitor.ts'
import type { Watched } from '../../src/cli/monitor/watch.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { verifyCommand } from '../../src/cli/verify.ts'
import { parseCheckpoint } from '../../src/proof/checkpoint.ts'
import { parseSignedNote } from '../../src/proof/signed-note.ts'
import { formatVkey, KEY_TYPE } from '../../src/proof/vkey.ts'
import { withDatabase } from '../support/database.ts'
import { type ForgingLog, forgingLog, type History } from '../support/forging-log.ts'
import { type LogNode, withLogNode } from '../support/log-node.ts'
import { flipped } from '../support/merkle.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { logSigner, testSigner, witnessSigner } from '../support/test-log.ts'
import { startWitness } from '../support/witness-server.ts'

type Looked = {
  readonly code: number
  readonly lines: readonly Watched[]
  readonly line: Watched
  readonly found: readonly string[]
}

type World = {
  readonly log: ForgingLog
  readonly folder: string
  readonly policy: string
  /** Shows a head as the witness says it has cosigned it; undefined: never. */
  cosigned(history: History | undefined): void
  look(...args: readonly string[]): Promise<Looked>
}

async function world(t: TestContext): Promise<World> {
  const log = await forgingLog()
  t.after(() => log.stop())
  let held: History | undefined
  const witness = createServer((request, response) => {
    const hash = toHex(nodePrimitives.sha256(utf8(logSigner.key.name)))
    const isAsked = request.url === `/witness/${hash}/checkpoint`
    if (!held || !isAsked) return void response.writeHead(404).end()
    response.end(log.note({ cosigners: [witnessSigner], ...held }))
  })
  witness.listen(0, '127.0.0.1')
  await new Promise((resolve) => witness.once('listening', resolve))
  t.after(() => void witness.close())
  const { port } = witness.address() as AddressInfo
  const folder = temporaryFolder()
  const policy = join(folder, 'policy')
  writeFileSync(
    policy,
    [
      `log ${log.vkey} ${log.url}`,
      `witness w1 ${formatVkey(witnessSigner.key)} http://127.0.0.1:${port}/witness`,
      'quorum w1',
      '',
    ].join('\n'),
  )
  const base = ['--policy', policy, '--state', join(folder, 'state'), '--once', '--json']
  return {
    log,
    folder,
    policy,
    cosigned: (history) => {
      held = history
    },
    look: (...args) => monitor([...base, '--recheck', '0', ...args]),
  }
}

async function monitor(args: readonly string[]): Promise<Looked> {
  let out = ''
  let err = ''
  const code = await monitorCommand(
    args,
    {
      write: (text) => {
        out += text
      },
    },
    {
      write: (text) => {
        err += text
      },
    },
  )
  assert.notEqual(code, 2, err)
  const lines = out.split('\n').filter((one) => one !== '')
  const watched = lines.map((one) => JSON.parse(one) as Watched)
  const line = watched[0] as Watched
  return {
    code,
    lines: watched,
    line,
    found: watched.flatMap((one) => one.found.map((f) => f.finding)),
  }
}

const cosigners = [witnessSigner]

/** What an auditor says of the only new evidence, with the policy alone. */
async function verdictOn({ line }: Looked, policy: string, index = 0) {
  const file = line.found[index]?.file ?? ''
  let out = ''
  const code = await verifyCommand([file, '--policy', policy, '--json'], {
    write: (text) => {
      out += text
    },
  })
  return { code, report: JSON.parse(out), file }
}

test('honest growth is quiet, from nothing over edges of tiles', async (t) => {
  const { log, look, cosigned } = await world(t)
  for (const size of [0, 1, 2, 255, 256, 257, 511, 600, 600]) {
    log.show({ size, cosigners })
    cosigned({ size })
    const looked = await look()
    assert.deepEqual(looked.found, [], `at ${size}`)
    assert.equal(looked.code, 0, `at ${size}: ${looked.line.failure}`)
    assert.equal(looked.line.treeSize, size)
    assert.equal(looked.line.auditedSize, size)
    assert.equal(looked.line.witnessesReached, 1)
  }
})

test('a first look that is bounded goes on where the last one ended', async (t) => {
  const { log, look } = await world(t)
  log.show({ size: 700, cosigners })
  const sizes: number[] = []
  for (let i = 0; i < 3; i++) sizes.push((await look('--tiles', '1')).line.auditedSize)
  assert.deepEqual(sizes, [256, 512, 700])
})

test('two roots at one size convict the log, and the file alone shows it', async (t) => {
  const { log, look, cosigned, policy } = await world(t)
  log.show({ size: 20, cosigners })
  assert.equal((await look()).code, 0)
  log.show({ size: 20, forkedAt: 10, cosigners })
  const looked = await look()
  assert.equal(looked.code, 1)
  assert.deepEqual(looked.found, ['equivocation'])
  const { code, report, file } = await verdictOn(looked, policy)
  assert.equal(code, 0, JSON.stringify(report))
  assert.equal(report.verdict, 'verified')
  const again = await look()
  assert.equal(again.code, 1, 'a log that lied once is not well again')
  assert.deepEqual(again.found, [], 'the same is found once')
  const text = readFileSync(file, 'utf8')
  const forged = JSON.parse(text)
  forged.notes[1] = forged.notes[0]
  writeFileSync(file, JSON.stringify(forged))
  assert.equal(
    (await verdictOn(looked, policy)).report.verdict,
    'failed',
    'one head convicts nobody',
  )
  cosigned(undefined)
})

test('a witness that was shown another history tells it', async (t) => {
  const { log, look, cosigned, policy } = await world(t)
  log.show({ size: 20, cosigners })
  cosigned({ size: 20, forkedAt: 3 })
  const looked = await look()
  assert.deepEqual(looked.found, ['equivocation'])
  assert.equal((await verdictOn(looked, policy)).report.verdict, 'verified')
})

for (const [older, newer] of [
  [1, 2],
  [8, 300],
  [100, 300],
  [256, 600],
  [257, 600],
] as const) {
  test(`a head of ${newer} that does not extend the one of ${older} is proven not to`, async (t) => {
    const { log, look, policy } = await world(t)
    log.show({ size: older, cosigners })
    assert.equal((await look()).code, 0)
    log.show({ size: newer, forkedAt: 0, cosigners })
    const looked = await look()
    assert.deepEqual(looked.found, ['unconnected'])
    assert.equal(looked.line.treeSize, older, 'the first history stays the trusted one')
    const { report, file } = await verdictOn(looked, policy)
    assert.equal(report.verdict, 'verified', JSON.stringify(report))
    log.show({ size: newer + 5, forkedAt: 0, cosigners })
    assert.deepEqual((await look()).found, [], 'the same fork, grown')
    // Without what shows it, two heads of two sizes convict nobody.
    const finding = JSON.parse(readFileSync(file, 'utf8'))
    const bad = { ...finding, otherRoot: Buffer.alloc(32, 7).toString('base64') }
    writeFileSync(file, JSON.stringify(bad))
    assert.equal((await verdictOn(looked, policy)).report.verdict, 'failed')
  })
}

test('a witness with a head of another size of another history convicts the log', async (t) => {
  const { log, look, cosigned, policy } = await world(t)
  log.show({ size: 300, cosigners })
  cosigned({ size: 200, forkedAt: 50 })
  const looked = await look()
  assert.deepEqual(looked.found, ['unconnected'])
  assert.equal((await verdictOn(looked, policy)).report.verdict, 'verified')
  log.show({ size: 400, cosigners })
  assert.deepEqual((await look()).found, [], 'found once')
})

test('a log that goes back is told; one that a proxy showed late is not', async (t) => {
  const { log, look, cosigned, policy } = await world(t)
  log.show({ size: 30, cosigners })
  assert.equal((await look()).code, 0)
  const late = log.note({ size: 20, cosigners })
  log.lie('checkpoint', (response) => {
    log.lie('checkpoint', undefined)
    response.end(late)
  })
  assert.equal((await look()).code, 0, 'the second look sees the newest')
  log.show({ size: 20, cosigners })
  const looked = await look()
  assert.deepEqual(looked.found, ['rollback'])
  const { report } = await verdictOn(looked, policy)
  assert.equal(report.verdict, 'verified')
  assert.ok(JSON.stringify(report.about).includes('"convicts the log by itself","no"'))
  assert.equal(looked.line.treeSize, 30)
  log.show({ size: 31, cosigners })
  assert.equal((await look()).code, 0, 'what no signature proves does not last')
  cosigned({ size: 40 })
  assert.deepEqual((await look()).found, ['rollback'], 'behind what a witness has')
})

test('a head that no witness confirmed for too long is stale, not wrong', async (t) => {
  const { log, look } = await world(t)
  const timeSeconds = Math.floor(Date.now() / 1000) - 31 * 60
  log.show({ size: 5, cosigners, timeSeconds })
  const looked = await look()
  assert.equal(looked.line.standing, 'stale')
  assert.equal(looked.code, 3)
  assert.deepEqual(looked.found, [])
  assert.equal((await look('--stale', '40')).code, 0)
  log.show({ size: 6 })
  assert.equal((await look()).line.standing, 'stale', 'a new head needs its own cosignatures')
  log.show({ size: 6, cosigners })
  assert.equal((await look()).line.standing, 'well')
})

test('without any cosignature the age is unknown, which is said', async (t) => {
  const { log, look } = await world(t)
  log.show({ size: 5 })
  const { line, code } = await look()
  assert.equal(line.standing, 'uncosigned')
  assert.equal(code, 3)
})

test('a witness of tomorrow does not keep a log fresh', async (t) => {
  const { log, look } = await world(t)
  log.show({ size: 5, cosigners, timeSeconds: Math.floor(Date.now() / 1000) + 86_400 })
  assert.equal((await look()).line.standing, 'uncosigned')
})

const tileOf = (log: ForgingLog, path: string, change: (bytes: Uint8Array) => Uint8Array) =>
  fetch(`${log.url}/${path}`)
    .then((answer) => answer.bytes())
    .then((bytes) => {
      log.lie(path, (response) => response.end(change(bytes)))
    })

for (const path of ['tile/0/000', 'tile/0/002.p/88', 'tile/1/000.p/2', 'tile/0/001']) {
  test(`one altered bit in ${path} is found and named`, async (t) => {
    const { log, look } = await world(t)
    log.show({ size: 600, cosigners })
    await tileOf(log, path, (bytes) => flipped(bytes, 40, 3))
    const looked = await look()
    assert.deepEqual(looked.found, ['wrongTile'])
    const file = readFileSync(looked.line.found[0]?.file ?? '', 'utf8')
    assert.ok(file.includes(path), file)
    log.lie(path, undefined)
    assert.equal((await look()).line.auditedSize, 600)
  })
}

test('a tile that is not there is found; a partial one that became full is not', async (t) => {
  const { log, look } = await world(t)
  log.show({ size: 300, cosigners })
  log.lie('tile/0/000', (response) => response.writeHead(404).end())
  assert.deepEqual((await look()).found, ['missingTile'])
  log.lie('tile/0/000', undefined)
  const gone = log.note({ size: 300, cosigners })
  log.show({ size: 512, cosigners })
  log.lie('checkpoint', (response) => response.end(gone))
  log.lie('tile/0/001.p/44', (response) => response.writeHead(404).end())
  const looked = await look()
  assert.equal(looked.code, 0, `${looked.line.failure}`)
})

test('entries that do not belong to their tile are found where bundles can be read', async (t) => {
  const { log, look } = await world(t)
  log.show({ size: 300, cosigners })
  await tileOf(log, 'tile/entries/000', (bytes) => flipped(bytes, 5))
  assert.deepEqual((await look()).found, ['wrongEntries'])
  const other = await world(t)
  other.log.show({ size: 300, cosigners })
  other.log.lie('tile/entries/000', (response) => response.writeHead(403).end())
  assert.equal((await other.look()).code, 0, 'closed to this reader is no wrong')
})

test('a head under another key, and one with a bad cosignature, are found', async (t) => {
  const { log, look } = await world(t)
  const thief = testSigner(logSigner.key.name, KEY_TYPE.ed25519, new Uint8Array(32).fill(7))
  log.show({ size: 5, signer: thief, cosigners })
  assert.deepEqual((await look()).found, ['badSignature'])
  log.show({ size: 5, cosigners })
  const wrong = { ...witnessSigner, sign: () => new Uint8Array(64) }
  const again = await world(t)
  again.log.show({ size: 5, cosigners: [wrong] })
  assert.deepEqual((await again.look()).found, ['badSignature'])
})

test('hostile answers are bounded and said, and are no finding', async (t) => {
  const endless = (response: ServerResponse) => {
    const write = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 65)));
    }
    response.on('drain', write)
    write()
  }
  const slow = (response: ServerResponse) => {
    const timer = setInterval(() => response.write('a'), 50)
    response.on('close', () => clearInterval(timer))
  }
  for (const [why, lie] of [
    ['too-large', endless],
    ['timeout', slow],
    ['timeout', () => {}],
    [
      'redirect',
      (response: ServerResponse) =>
        response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ],
    ['not-a-checkpoint', (response) => response.end('<html>')],
    ['status-500', (response) => response.writeHead(500).end()],
    ['unreachable', (response) => response.destroy()],
  ] as [string, (response: ServerResponse) => void][]) {
    const { log, look } = await world(t)
    log.show({ size: 300, cosigners })
    log.lie('checkpoint', lie)
    const looked = await look('--timeout', '1')
    assert.equal(looked.line.failure, why)
    assert.equal(looked.line.standing, 'unreached')
    assert.equal(looked.code, 3)
    assert.deepEqual(looked.found, [])
    log.lie('checkpoint', undefined)
    log.lie('tile/0/000', lie)
    const tiled = await look('--timeout', '1')
    if (why === 'not-a-checkpoint') assert.deepEqual(tiled.found, ['wrongTile'])
    else assert.equal(tiled.line.failure, why, 'of a tile')
  }
})

test('a monitor that is killed between asking and writing finds the same again', async (t) => {
  const { log, look, folder, policy } = await world(t)
  log.show({ size: 300, cosigners })
  assert.equal((await look()).code, 0)
  log.show({ size: 600, forkedAt: 10, cosigners })
  const held = Promise.withResolvers<void>()
  log.lie('tile/0/001', () => held.resolve())
  const args = ['--policy', policy, '--state', join(folder, 'state'), '--once']
  const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts')
  const child = spawn(process.execPath, [main, 'monitor', ...args])
  const ended = once(child, 'close')
  await Promise.race([held.promise, ended])
  assert.ok(child.kill('SIGKILL'), 'it had asked and was still at it')
  await ended
  log.lie('tile/0/001', undefined)
  const before = stateFile(folder)
  const looked = await look()
  assert.deepEqual(looked.found, ['unconnected'])
  assert.equal(looked.line.treeSize, 300)
  // Killed after the evidence was kept and before the state was.
  writeFileSync(before.path, before.bytes)
  const again = await look()
  assert.deepEqual(again.found, [], 'known by its file')
  assert.equal(again.line.findings, 1)
})

function stateFile(folder: string) {
  const hash = toHex(nodePrimitives.sha256(utf8(logSigner.key.name)))
  const path = join(folder, 'state', hash, 'state.json')
  return { path, bytes: readFileSync(path) }
}

test('a real log with a real witness is quiet while it grows', () =>
  withDatabase(async (databaseUrl) => {
    const database = openDatabase(databaseUrl, 4)
    await migrate(database)
    const witness = await startWitness(database, 'lantern.example/witness')
    try {
      await withLogNode((node) => growQuietly(node, witness), [witness])
    } finally {
      await witness.stop()
      await database.destroy()
    }
  }))

async function growQuietly(node: LogNode, witness: KnownWitness): Promise<void> {
  const server = Fastify({ forceCloseConnections: true })
  const { read } = publicFiles(node.directory)
  logRoutes(server, { prefix: '/ledger', read })
  await server.listen({ host: '127.0.0.1', port: 0 })
  try {
    const { port } = server.server.address() as AddressInfo
    const folder = temporaryFolder()
    const policy = join(folder, 'policy')
    writeFileSync(
      policy,
      [
        `log ${formatVkey(logSigner.key)} http://127.0.0.1:${port}/ledger`,
        `witness w ${formatVkey(witness.key)} ${witness.url}`,
        'quorum w',
        '',
      ].join('\n'),
    )
    const args = ['--policy', policy, '--state', join(folder, 's'), '--once', '--json']
    const sequencer = await node.start()
    let size = 0
    for (const more of [1, 254, 1, 300]) {
      await node.accept(more)
      await sequencer.flush()
      size += more
      await waitFor('the cosigned checkpoint', async () => cosignedSize(node) === size)
      const { line, code, found } = await monitor([...args, '--recheck', '0'])
      assert.deepEqual([line.treeSize, line.auditedSize, found], [size, size, []])
      assert.equal(code, 0, `${line.standing} ${line.failure}`)
      assert.equal(line.witnessesReached, 1)
    }
  } finally {
    await server.close()
  }
}

/** Of the public checkpoint, once the witness has cosigned it. */
function cosignedSize({ directory }: LogNode): number {
  const note = parseSignedNote(readFileSync(join(directory, 'checkpoint')))
  return note.signatures.length < 2 ? -1 : parseCheckpoint(note.text).treeSize
}

test('a monitor that is told nothing usable says so', async () => {
  let err = ''
  const run = (...args: readonly string[]) =>
    monitorCommand(
      args,
      { write: () => {} },
      {
        write: (text) => {
          err += text
        },
      },
    )
  const log = formatVkey(logSigner.key)
  for (const args of [
    [],
    ['--state', join(import.meta.filename, 'x'), '--once', '--log', `${log} http://127.0.0.1:1`],
    ['--state', 'x', '--policy', import.meta.dirname],
    ['--state', 'x'],
    ['--state', 'x', '--log', log],
    ['--state', 'x', '--log', `${log} http://203.0.113.1/log`],
    ['--state', 'x', '--log', `${log} https://user:secret@example.org/log`],
    ['--state', 'x', '--log', `${log} https://example.org/log`, 'other.example/ledger'],
    ['--state', 'x', '--log', `${formatVkey(witnessSigner.key)} https://example.org/log`],
    ['--state', 'x', '--policy', '/nowhere/policy'],
    ['--state', 'x', '--interval', '-1'],
    ['--wrong'],
  ]) {
    err = ''
    assert.equal(await run(...args), 2, args.join(' '))
    assert.ok(err.startsWith('comity: ') && !err.includes('secret'), err)
  }
})
