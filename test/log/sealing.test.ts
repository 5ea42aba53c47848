import assert from 'node:assert/strict'
import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { logReceipts, unsealedEntries } from '../../src/adapters/postgres/log/receipts.ts'
import type { Sequencer } from '../../src/adapters/postgres/log/sequencer.ts'
import type { KnownWitness } from '../../src/adapters/postgres/log/sequencer-parts.ts'
import { utf8 } from '../../src/base/bytes.ts'
import { addMs } from '../../src/base/time.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { parseAddCheckpoint } from '../../src/proof/add-checkpoint.ts'
import { parsePolicy } from '../../src/proof/policy.ts'
import { verifyReceipt } from '../../src/proof/receipt.ts'
import {
  formatSignatureLine,
  formatSignedNote,
  parseSignedNote,
} from '../../src/proof/signed-note.ts'
import { formatVkey, KEY_TYPE } from '../../src/proof/vkey.ts'
import { checkFiles, type LogNode, realNow, withLogNode } from '../support/log-node.ts'
import {
  logSigner,
  mlDsaSigner,
  signedHead,
  testCosignature,
  testSigner,
} from '../support/test-log.ts'
import { listen, startWitness, type WitnessServer } from '../support/witness-server.ts'

const policyOf = (witnesses: readonly KnownWitness[], threshold: string) =>
  parsePolicy(
    nodePrimitives,
    utf8(
      [
        `log ${formatVkey(logSigner.key)}`,
        ...witnesses.map(({ key }, i) => `witness w${i} ${formatVkey(key)}`),
        `group all-of-them ${threshold} ${witnesses.map((_, i) => `w${i}`).join(' ')}`,
        'quorum all-of-them\n',
      ].join('\n'),
    ),
  )

const common = { primitives: nodePrimitives, wireNow: realNow }

const receiptsOf = (node: LogNode, witnesses: readonly KnownWitness[], threshold = 'all') =>
  logReceipts({
    database: node.database,
    directory: node.directory,
    primitives: nodePrimitives,
    policy: policyOf(witnesses, threshold),
    wireNow: realNow,
  })

async function cosigners(node: LogNode, witnesses: readonly KnownWitness[]): Promise<string[]> {
  const note = parseSignedNote(await readFile(join(node.directory, 'checkpoint')))
  const known = witnesses.map(({ key }) => key.name)
  const names = note.signatures.map(({ name }) => name).filter((name) => known.includes(name))
  return [...new Set(names)]
}

/** The witnesses keep their own database, as they would elsewhere. */
async function withWitnesses(
  names: readonly string[],
  work: (node: LogNode, witnesses: WitnessServer[]) => Promise<void>,
): Promise<void> {
  await withLogNode((elsewhere) =>
    withLogNode(async (node) => {
      const [first, ...others] = names
      const witnesses = [await startWitness(elsewhere.database, first as string)]
      // One state row an origin: further witnesses live in the log's own database.
      for (const name of others) witnesses.push(await startWitness(node.database, name))
      try {
        await work(node, witnesses)
      } finally {
        for (const witness of witnesses) await witness.stop()
      }
    }),
  )
}

test('an entry is accepted, then sequenced, signed and sealed; its receipt verifies offline', () =>
  withWitnesses(['w1.example', 'w2.example'], async (node, witnesses) => {
    const receipts = receiptsOf(node, witnesses)
    const ids = await node.accept(300)
    const id = ids[270] as string
    assert.equal((await receipts.of(id))?.state, 'accepted')
    assert.equal(await receipts.of('00000000-0000-4000-8000-000000000000'), undefined)

    const alone = await node.start({ witnesses: [] })
    await alone.flush()
    await alone.stop()
    const signed = await receipts.of(id)
    const judging = { ...node, ...common, policy: policyOf(witnesses, 'all') }
    const { count, since } = await unsealedEntries(judging)
    assert.equal(count, 300)
    assert.ok(since !== undefined && since <= Date.now() + 1000)
    assert.deepEqual(
      [signed?.state, signed?.leafIndex, signed?.isDegraded, signed?.isOverdue],
      ['signed', 270, true, false],
    )

    const sequencer = await node.start({ witnesses })
    await sequencer.flush()
    assert.deepEqual(await cosigners(node, witnesses), ['w1.example', 'w2.example'])
    assert.deepEqual(await unsealedEntries(judging), { count: 0, since: undefined })
    const policy = policyOf(witnesses, 'all')
    for (const [index, each] of ids.entries()) {
      if (index % 37 !== 0 && index < 295) continue
      const sealed = await receipts.of(each)
      assert.equal(sealed?.state, 'sealed')
      assert.deepEqual([sealed.isDegraded, sealed.isOverdue], [false, false])
      const receipt = sealed.receipt as Uint8Array
      const verified = verifyReceipt(nodePrimitives, { receipt, entry: sealed.entry, policy })
      assert.equal(verified.leafIndex, index)
      assert.equal(verified.cosignatures.length, 2)
    }
    assert.deepEqual(node.troubles, [])
  }))

test('a witness is asked once and answers by both algorithms; each key counts, and none twice', () =>
  withWitnesses(['w1.example'], async (node, [witness]) => {
    const { key, moreKeys: [second] = [], url } = witness as WitnessServer
    assert(second)
    const sequencer = await node.start({ witnesses: [{ key, moreKeys: [second], url }] })
    const [id] = await node.accept(1)
    await sequencer.flush()
    const policy = (group: string) =>
      parsePolicy(
        nodePrimitives,
        utf8(
          `log ${formatVkey(logSigner.key)}\nwitness a ${formatVkey(key)}\n` +
            `witness b ${formatVkey(second)}\n${group}\nquorum g\n`,
        ),
      )
    for (const group of ['group g all a b', 'group g any a b']) {
      const receipts = logReceipts({ ...node, ...common, policy: policy(group) })
      const sealed = await receipts.of(id as string)
      assert.equal(sealed?.state, 'sealed')
      const { receipt = new Uint8Array(), entry } = sealed
      const check = { receipt, entry, policy: policy(group) }
      assert.equal(verifyReceipt(nodePrimitives, check).cosignatures.length, 2)
      // Where there is no ML-DSA its line counts for nothing, and the other one still does.
      const { verifyMlDsa44: _, ...browser } = nodePrimitives
      if (group.includes('any')) {
        assert.equal(verifyReceipt(browser, check).cosignatures.length, 1)
      } else {
        assert.throws(() => verifyReceipt(browser, check), { reason: 'no-quorum' })
      }
    }
    assert.deepEqual(node.troubles, [])
  }))

test('a line that verifies under no key of a witness spoils the answer', async () => {
  const key = testSigner('w1.example', KEY_TYPE.cosignature, new Uint8Array(32).fill(5))
  const second = mlDsaSigner('w1.example', new Uint8Array(32).fill(6))
  await withLogNode(async (node) => {
    const server = await listen(key.key, (http) => {
      http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
        done(null, body),
      )
      http.post('/witness/add-checkpoint', async (request) => {
        const { note } = parseAddCheckpoint(new Uint8Array(request.body as Buffer))
        const good = testCosignature(key, note.text, 1_800_000_000)
        const bad = testCosignature(second, `${note.text}changed\n`, 1_800_000_000)
        const other = { ...bad, signature: bad.signature.with(20, 0).with(21, 0).with(22, 0) }
        return formatSignatureLine(good) + formatSignatureLine(other)
      })
    })
    try {
      const witness = { ...server, moreKeys: [second.key] }
      const sequencer = await node.start({ witnesses: [witness], retryMs: 0 })
      await node.accept(1)
      await sequencer.flush()
      assert.deepEqual(await cosigners(node, [witness]), [])
      assert(
        node.troubles.some(({ message }) => /cosignature of w1.example is wrong/.test(message)),
      )
    } finally {
      await server.stop()
    }
  })
})

test('receipts stay the same while the log grows, and old entries keep theirs', () =>
  withWitnesses(['w1.example'], async (node, witnesses) => {
    const receipts = receiptsOf(node, witnesses)
    const sequencer = await node.start({ witnesses })
    const [id] = await node.accept(1)
    await sequencer.flush()
    const before = await receipts.of(id as string)
    for (let round = 0; round < 3; round++) {
      await node.accept(100)
      await sequencer.flush()
    }
    assert.deepEqual(await receipts.of(id as string), before)
    await checkFiles(node, 301)
  }))

test('a witness that is down delays no entry, only the seal; then it catches up', () =>
  withWitnesses(['w1.example', 'w2.example'], async (node, witnesses) => {
    const receipts = receiptsOf(node, witnesses)
    const enough = receiptsOf(node, witnesses, '1')
    const [up, down] = witnesses as [WitnessServer, WitnessServer]
    const away = { ...down, url: 'http://127.0.0.1:9/witness' }
    const sequencer = await node.start({ witnesses: [up, away], retryMs: 0 })
    const ids = await node.accept(3)
    await sequencer.flush()
    await checkFiles(node, 3)
    assert.equal((await receipts.of(ids[0] as string))?.state, 'signed')
    assert.equal((await enough.of(ids[0] as string))?.state, 'sealed')
    assert(node.troubles.length > 0 && node.troubles.every(({ kind }) => kind === 'warning'))
    await sequencer.stop()
    const again = await node.start({ witnesses })
    await node.accept(2)
    await again.flush()
    assert.equal((await receipts.of(ids[0] as string))?.state, 'sealed')
  }))

test('an entry that waits too long is overdue', () =>
  withLogNode(async (node) => {
    const later = (ms: number) =>
      logReceipts({
        database: node.database,
        directory: node.directory,
        primitives: nodePrimitives,
        policy: parsePolicy(nodePrimitives, utf8('quorum none\n')),
        wireNow: () => addMs(realNow(), ms),
      })
    const [id] = (await node.accept(1)) as [string]
    const [hidden] = (await node.accept(1, { ready: false })) as [string]
    assert.equal((await later(9000).of(id))?.isOverdue, false)
    assert.equal((await later(11_000).of(id))?.isOverdue, true)
    assert.equal((await later(11_000).of(hidden))?.isOverdue, false, 'its batch has not come')
    const sequencer = await node.start()
    await sequencer.flush()
    const sealed = await later(11_000).of(id)
    assert.deepEqual([sealed?.state, sealed?.isOverdue], ['sealed', false])
  }))

test('a log that has forgotten what a witness saw asks, and goes on', () =>
  withWitnesses(['w1.example'], async (node, witnesses) => {
    const sequencer = await node.start({ witnesses })
    await node.accept(5)
    await sequencer.flush()
    await node.database.deleteFrom('witness_cursor').execute()
    await node.accept(5)
    await sequencer.flush()
    assert.deepEqual(await cosigners(node, witnesses), ['w1.example'])
    assert.deepEqual(node.troubles, [])
  }))

test('an idle log is cosigned again; the first line is kept', () =>
  withWitnesses(['w1.example'], async (node, witnesses) => {
    const sequencer = await node.start({ witnesses, heartbeatMs: 0 })
    await node.accept(1)
    await sequencer.flush()
    const lines = () =>
      node.database
        .selectFrom('log_cosig')
        .selectAll()
        .where('size', '=', '1')
        .executeTakeFirstOrThrow()
    const before = await lines()
    // Cosignatures count in seconds.
    await new Promise((resolve) => setTimeout(resolve, 1100))
    await sequencer.flush()
    const after = await lines()
    assert.equal(after.first_line, before.first_line)
    assert(Number(after.time_seconds) > Number(before.time_seconds))
    const published = await readFile(join(node.directory, 'checkpoint'), 'utf8')
    assert(published.includes(after.line))
  }))

test('a log that was restored from an older backup does not sign a second history', () =>
  withLogNode(async (elsewhere) => {
    const witness = await startWitness(elsewhere.database, 'w1.example')
    try {
      await withLogNode(async (before) => {
        const sequencer = await before.start({ witnesses: [witness] })
        await before.accept(7)
        await sequencer.flush()
      })
      for (const size of [0, 3, 7, 9]) {
        await withLogNode(async (restored) => {
          if (size > 0) {
            const alone = await restored.start({ witnesses: [] })
            const accepted = Array.from({ length: size }, (_, i) => utf8(`other ${i}`))
            await restored.accept(size)
            if (size >= 7) await otherEntries(restored, accepted)
            await alone.flush()
            await alone.stop()
          }
          const sequencer = await restored.start({ witnesses: [witness] })
          await sequencer.flush()
          assert.deepEqual(
            restored.troubles.map(({ kind }) => kind),
            ['frozen'],
            `size ${size}`,
          )
        })
      }
    } finally {
      await witness.stop()
    }
  }))

async function otherEntries({ database }: LogNode, entries: readonly Uint8Array[]): Promise<void> {
  const rows = await database.selectFrom('log_pending').select('id').execute()
  for (const [index, { id }] of rows.entries()) {
    const entry = entries[index] as Uint8Array
    const leaf = nodePrimitives.sha256(new Uint8Array([0, ...entry]))
    await database
      .updateTable('log_pending')
      .set({ entry, leaf_hash: leaf })
      .where('id', '=', id)
      .execute()
  }
}

const liar = testSigner('liar.example', KEY_TYPE.cosignature, new Uint8Array(32).fill(5))
const stranger = testSigner('stranger.example', KEY_TYPE.cosignature, new Uint8Array(32).fill(6))
const lineBy = (signer: typeof liar, size: number) => {
  const note = signedHead({ treeSize: size, rootHash: new Uint8Array(32) }, { cosigners: [signer] })
  return new TextDecoder().decode(formatSignedNote(note)).split('\n').slice(5).join('\n')
}

/** Whatever a witness answers, the log neither stops, nor freezes, nor publishes a false line. */
const LIES: Record<string, (server: FastifyInstance) => void> = {
  'nothing but 500': (server) => {
    server.post('/witness/add-checkpoint', (_, reply) => reply.code(500).send('x'))
  },
  'an empty 200': (server) => {
    server.post('/witness/add-checkpoint', (_, reply) => reply.send(''))
  },
  'no note line': (server) => {
    server.post('/witness/add-checkpoint', (_, reply) => reply.send('hello\n'))
  },
  'a cosignature of another checkpoint': (server) => {
    server.post('/witness/add-checkpoint', (_, reply) => reply.send(lineBy(liar, 77)))
  },
  "a stranger's line": (server) => {
    server.post('/witness/add-checkpoint', (_, reply) => reply.send(lineBy(stranger, 2)))
  },
  'an endless body': (server) => {
    server.post('/witness/add-checkpoint', (_, reply) => reply.send('x'.repeat(1_000_000)))
  },
  'a redirect': (server) => {
    server.post('/witness/add-checkpoint', (_, reply) => reply.redirect('/elsewhere'))
    server.post('/elsewhere', (_, reply) => reply.send(lineBy(liar, 2)))
  },
  'a conflict with a larger size and nothing to show for it': (server) => {
    server.post('/witness/add-checkpoint', (_, reply) =>
      reply.code(409).header('content-type', 'text/x.tlog.size').send(Buffer.from('999\n')),
    )
  },
  'a conflict with a size that is none': (server) => {
    server.post('/witness/add-checkpoint', (_, reply) =>
      reply.code(409).header('content-type', 'text/x.tlog.size').send(Buffer.from('0x1\n')),
    )
  },
  'a conflict that never ends': (server) => {
    let size = 0
    server.post('/witness/add-checkpoint', (_, reply) => {
      size = 1 - size
      return reply
        .code(409)
        .header('content-type', 'text/x.tlog.size')
        .send(Buffer.from(`${size}\n`))
    })
  },
  'a larger checkpoint of ours that another key signed': (server) => {
    const forger = testSigner(logSigner.key.name, KEY_TYPE.ed25519, new Uint8Array(32).fill(9))
    const head = { treeSize: 999, rootHash: new Uint8Array(32) }
    server.get('/witness/:hash/checkpoint', (_, reply) =>
      reply.send(Buffer.from(formatSignedNote(signedHead(head, { signer: forger })))),
    )
  },
}

test('a false witness changes nothing, whatever it answers', () =>
  withLogNode(async (node) => {
    let size = 0
    for (const [lie, addRoutes] of Object.entries(LIES)) {
      const server = await listen(liar.key, (fastify) => {
        fastify.removeAllContentTypeParsers()
        fastify.addContentTypeParser('*', (_request, payload, done) => {
          payload.resume()
          payload.on('end', () => done(null))
        })
        addRoutes(fastify)
      })
      node.troubles.length = 0
      const sequencer = await node.start({ witnesses: [server], retryMs: 0 })
      await node.accept(2)
      size += 2
      await sequencer.flush()
      await sequencer.stop()
      await server.stop()
      await checkFiles(node, size)
      assert.deepEqual(await cosigners(node, [server]), [], lie)
      assert(node.troubles.length > 0, lie)
      assert(
        node.troubles.every(({ kind }) => kind === 'warning'),
        lie,
      )
    }
    const rows = await node.database.selectFrom('log_cosig').selectAll().execute()
    assert.deepEqual(rows, [])
  }))

test('a witness that answers with a newer head of ours does not freeze the log', () =>
  withLogNode(async (node) => {
    const publicHead = () => readFile(join(node.directory, 'checkpoint'))
    let asked = 0
    const server = await listen(liar.key, (fastify) => {
      fastify.removeAllContentTypeParsers()
      fastify.addContentTypeParser('*', (_request, payload, done) => {
        payload.resume()
        payload.on('end', () => done(null))
      })
      fastify.post('/witness/add-checkpoint', async (_, reply) => {
        asked += 1
        // Lets us wait until the next head is public, which anybody may send to a witness.
        if (asked === 1) {
          await node.accept(1)
          sequencer.wake()
          const isPublic = async () => (await publicHead()).toString().split('\n')[1] === '2'
          await waitFor('the next head', isPublic)
        }
        return reply.code(409).header('content-type', 'text/x.tlog.size').send(Buffer.from('2\n'))
      })
      fastify.get('/witness/:hash/checkpoint', async (_, reply) =>
        asked === 0 ? reply.code(404).send() : reply.send(await publicHead()),
      )
    })
    const sequencer = await node.start({ witnesses: [server], retryMs: 0 })
    await node.accept(1)
    await sequencer.flush()
    await node.accept(1)
    await sequencer.flush()
    await sequencer.stop()
    await server.stop()
    assert.deepEqual([...new Set(node.troubles.map(({ kind }) => kind))], ['warning'])
    await checkFiles(node, 3)
  }))

test('a witness that hangs holds up neither entries nor the end', () =>
  withLogNode(async (node) => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const witness = { key: liar.key, url: `http://127.0.0.1:${port}/witness` }
    try {
      const sequencer = await node.start({
        witnesses: [witness],
        witnessTimeoutMs: 300,
        intervalMs: 20,
      })
      await node.accept(3)
      for (let i = 0; i < 100 && !(await isSigned(node, 3)); i++) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await checkFiles(node, 3)
      await sequencer.stop()
    } finally {
      silent.closeAllConnections()
      await new Promise((resolve) => silent.close(resolve))
    }
  }))

test('while entries keep coming, every head is cosigned by the quick witness and the slow one', () =>
  withLogNode((elsewhere) =>
    withLogNode(async (node) => {
      let sequencer: Sequencer | undefined
      const asked = { quick: 0, slow: 0 }
      const keys = [logSigner.key]
      const more = async () => {
        if (sequencer === undefined) return
        await node.accept(1)
        sequencer.wake()
      }
      const quick = await startWitness(elsewhere.database, 'w1.example', {
        async keysOf() {
          asked.quick += 1
          await more()
          return keys
        },
      })
      const slow = await startWitness(node.database, 'w2.example', {
        async keysOf() {
          asked.slow += 1
          await pause(100)
          await more()
          return keys
        },
      })
      try {
        await node.accept(1)
        const started = await node.start({ witnesses: [quick, slow] })
        // Witnesses that have answered once are waited for. From now on entries keep coming.
        await started.flush()
        sequencer = started
        await node.accept(1)
        sequencer.wake()
        while (asked.slow < 8) await pause(20)
        await sequencer.stop()
        const heads = await cosignersBySize(node)
        heads.delete(Math.max(...heads.keys()))
        assert.ok(heads.size >= 5, JSON.stringify([...heads]))
        for (const [size, names] of heads) {
          assert.deepEqual(names, ['w1.example', 'w2.example'], `size ${size}`)
        }
        assert.ok(asked.quick <= asked.slow + 1, JSON.stringify(asked))
      } finally {
        await sequencer?.stop()
        for (const witness of [quick, slow]) await witness.stop()
      }
    }),
  ))

async function cosignersBySize({ database }: LogNode): Promise<Map<number, string[]>> {
  const rows = await database.selectFrom('log_cosig').select(['size', 'witness']).execute()
  const bySize = Map.groupBy(rows, ({ size }) => Number(size))
  const nameOf = ({ witness }: { witness: string }) => witness.split('+')[0] ?? ''
  return new Map([...bySize].map(([size, lines]) => [size, [...new Set(lines.map(nameOf))].sort()]))
}

async function isSigned({ database }: LogNode, size: number): Promise<boolean> {
  const row = await database.selectFrom('log_head').select('published_size').executeTakeFirst()
  return row?.published_size === String(size)
}

test('a receipt whose tiles are gone fails loudly instead of being wrong', () =>
  withWitnesses(['w1.example'], async (node, witnesses) => {
    const sequencer = await node.start({ witnesses })
    const ids = await node.accept(300)
    await sequencer.flush()
    await rm(join(node.directory, 'tile/0/000'))
    await assert.rejects(receiptsOf(node, witnesses).of(ids[3] as string), {
      code: 'unavailable',
    })
  }))
