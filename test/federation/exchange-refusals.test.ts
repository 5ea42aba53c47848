/** What a node does not take, from the network and from a peer that misuses its own keys. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { test } from 'node:test'
import { signEd25519 } from '../../src/adapters/node-primitives.ts'
import { channelStart } from '../../src/wire/exchange/channel.ts'
import { type Bend, forge, send, signedPut } from '../support/exchange-forger.ts'
import { applyAsEffect, type NodeOptions } from '../support/exchange-node.ts'
import { A, B, type Pair, withPair } from '../support/exchange-pair.ts'

const stranger = new Uint8Array(randomBytes(32))
const bySomebodyElse = (bytes: Uint8Array) => signEd25519(stranger, bytes)

async function nothingHappened({ b }: Pair) {
  assert.deepEqual(await b.effects(), [])
  assert.deepEqual(await b.db.selectFrom('fed_in').selectAll().execute(), [])
}

test('what the network does to a signed request is refused without any effect', async () => {
  await withPair(async (pair) => {
    const { a, toB } = pair
    const one = await forge(a, toB, [{ n: 1 }])
    const put = await signedPut(a, toB, one)
    const header = (name: string, value: string) => ({
      ...put,
      headers: put.headers.map(([each, old]) => [each, each === name ? value : old] as const),
    })
    const other = await forge(a, toB, [{ n: 1 }], { bend: { id: one.id } })
    const cases: [string, Parameters<typeof send>[0], number, string][] = [
      ['sealed bytes altered', { ...put, body: altered(one.body) }, 401, 'digest'],
      ['body exchanged', { ...put, body: other.body }, 401, 'digest'],
      [
        'another transaction id',
        { ...put, url: put.url.replace(/.$/, (x) => (x === '0' ? '1' : '0')) },
        401,
        'signature',
      ],
      ['a query added', { ...put, url: `${put.url}?x=1` }, 401, 'signature'],
      ['another destination', header('comity-destination', 'sierra.example'), 401, 'signature'],
      ['another origin', header('comity-origin', 'sierra.example'), 401, 'key-node'],
      [
        'signature removed',
        { ...put, headers: put.headers.filter(([name]) => name !== 'signature') },
        401,
        'field-missing',
      ],
      ['another content type', header('content-type', 'text/plain'), 415, 'content-type'],
      ['a charset', header('content-type', 'application/json; charset=utf-8'), 415, 'content-type'],
      [
        'coded content',
        { ...put, headers: [...put.headers, ['content-encoding', 'gzip']] },
        415,
        'content-encoding',
      ],
      ['no body', { ...put, body: new Uint8Array() }, 401, 'profile'],
    ]
    for (const [name, bent, status, code] of cases) {
      const answer = await send(bent)
      assert.deepEqual([answer.status, answer.code], [status, code], name)
      assert.equal(answer.isSigned, false, name)
      assert.equal(answer.contentType, 'application/problem+json', name)
    }
    await nothingHappened(pair)
    assert.equal((await send(put)).status, 200)
    const replayed = await send(put)
    assert.deepEqual([replayed.status, replayed.code], [401, 'replay'])
    assert.equal((await pair.b.effects()).length, 1)
  })
})

test('forged and misdirected requests are refused', async () => {
  await withPair(async (pair) => {
    const { a, b, toB } = pair
    const one = await forge(a, toB, [{ n: 1 }])
    const attempt = async (options: Parameters<typeof signedPut>[3]) => {
      const { status, code, isSigned } = await send(await signedPut(a, toB, one, options))
      return [status, code, isSigned]
    }
    assert.deepEqual(await attempt({ sign: bySomebodyElse }), [401, 'signature', false])
    assert.deepEqual(await attempt({ origin: 'sierra.example' }), [401, 'key-node', false])
    assert.deepEqual(await attempt({ base: 'https://albion.example' }), [401, 'signature', false])
    assert.deepEqual(await attempt({ nowMs: Date.now() - 400_000 }), [401, 'time-expired', false])
    assert.deepEqual(await attempt({ nowMs: Date.now() + 120_000 }), [401, 'time-created', false])
    assert.deepEqual(await attempt({ destination: 'sierra.example' }), [421, 'misdirected', true])
    const forAnother = await forge(a, { ...toB, node: 'sierra.example' }, [{ n: 1 }])
    const wrapped = await send(await signedPut(a, toB, forAnother))
    assert.deepEqual([wrapped.status, wrapped.code, wrapped.isSigned], [421, 'misdirected', true])
    // A peer that b has never pinned.
    const unknown = {
      ...a,
      signer: { ...a.signer, keyId: 'sierra.example/msg1' },
      node: 'sierra.example',
    }
    const strange = await send(await signedPut(unknown, toB, await forge(unknown, toB, [{}])))
    assert.deepEqual([strange.status, strange.code], [401, 'key-unknown'])
    await nothingHappened(pair)
    assert.deepEqual(b.faults, [])
  })
})

test('a transaction above 1 MiB is refused before it is read to its end', async () => {
  await withPair(async (pair) => {
    const { a, toB } = pair
    const body = Buffer.alloc(1024 * 1024 + 1, 0x20)
    const put = await signedPut(a, toB, { id: 'd9428888-122b-4111-9111-111111111111', body })
    const status = await new Promise((resolve, reject) => {
      // Not through the proxy, which reads all of it first.
      const url = put.url.replace(toB.endpoint, pair.proxyOfB.target)
      const request = httpRequest(
        url,
        { method: 'PUT', headers: Object.fromEntries(put.headers) },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      )
      request.on('error', reject)
      request.setHeader('content-length', body.length)
      request.end(body)
    })
    assert.equal(status, 413)
    await nothingHappened(pair)
  })
})

const badTransactions: [string, Bend, string][] = [
  ['sealed bytes altered by the origin', { sealed: (bytes) => altered(bytes) }, 'sealed'],
  ['sealed is no age file', { sealed: () => new Uint8Array([1, 2, 3]) }, 'sealed'],
  [
    'contents sealed for swapped headers',
    { links: (links) => links.toReversed() },
    'header-digests',
  ],
  [
    'a header of the contents left out',
    { links: ([first]) => [first ?? '', '0'.repeat(64)] },
    'header-digests',
  ],
  ['headers signed by nobody we know', { signHeaders: bySomebodyElse }, 'header-signature'],
  [
    'a header of another channel',
    { header: (h) => ({ ...h, origin: 'sierra.example' }) },
    'origin',
  ],
  ['a number left out', { header: (h) => (h.seq === 2 ? { ...h, seq: 3 } : h) }, 'sequence'],
  [
    'a wrong link inside',
    { header: (h) => (h.seq === 2 ? { ...h, prev: 'f'.repeat(64) } : h) },
    'sequence',
  ],
  [
    'a first message with a link before it',
    { header: (h) => (h.seq === 1 ? { ...h, prev: 'f'.repeat(64) } : h) },
    'sequence',
  ],
  [
    'one id twice',
    { header: (h) => ({ ...h, id: 'd9428888-122b-4111-9111-111111111111' }) },
    'schema',
  ],
  ['an unknown member', { header: (h) => ({ ...h, owner: A }) as never }, 'schema'],
  ['a type of another form', { header: (h) => ({ ...h, type: 'x y' }) }, 'schema'],
  [
    'a day that is none',
    { header: (h) => ({ ...h, notAfter: '2026-02-30T00:00:00.000Z' }) as never },
    'not-an-instant',
  ],
]

test('a bad transaction of an authenticated peer is refused as a whole, and signed', async () => {
  await withPair(async (pair) => {
    const { a, toB } = pair
    for (const [name, bend, code] of badTransactions) {
      const made = await forge(a, toB, [{ n: 1 }, { n: 2 }], { bend })
      const answer = await send(await signedPut(a, toB, made))
      assert.equal(answer.status, 400, name)
      assert.equal(answer.isSigned, true, name)
      if (code !== 'not-an-instant') assert.equal(answer.code, code, name)
    }
    const good = await forge(a, toB, [{ n: 1 }])
    const otherId = { id: 'd9428888-122b-4111-9111-111111111111', body: good.body }
    assert.equal((await send(await signedPut(a, toB, otherId))).code, 'id')
    const notCanonical = Buffer.from(`${Buffer.from(good.body).toString().slice(0, -1)} }`)
    const spaced = await send(await signedPut(a, toB, { id: good.id, body: notCanonical }))
    assert.deepEqual([spaced.status, spaced.code], [400, 'not-canonical'])
    const noJson = await send(await signedPut(a, toB, { id: good.id, body: Buffer.from('{') }))
    assert.deepEqual([noJson.status, noJson.code], [400, 'not-json'])
    await nothingHappened(pair)
  })
})

test('the same transaction gives the same receipts; its id with other bytes is a conflict', async () => {
  await withPair(async ({ a, b, toB }) => {
    const one = await forge(a, toB, [{ n: 1 }, { n: 2 }])
    const first = await send(await signedPut(a, toB, one))
    const again = await send(await signedPut(a, toB, one))
    assert.equal(first.status, 200)
    assert.deepEqual(again.receipts, first.receipts)
    const other = await forge(a, toB, [{ n: 3 }], { position: one.position, bend: { id: one.id } })
    const conflict = await send(await signedPut(a, toB, other))
    assert.deepEqual(
      [conflict.status, conflict.code, conflict.isSigned],
      [409, 'transaction-conflict', true],
    )
    assert.equal((await b.effects()).length, 2)
  })
})

test('a message that comes again in another transaction is a duplicate with its first decision', async () => {
  await withPair(async ({ a, b, toB }) => {
    const one = await forge(a, toB, [{ n: 1 }, { n: 2 }])
    await send(await signedPut(a, toB, one))
    const stored = JSON.parse(Buffer.from(one.body).toString())
    const body = Buffer.from(
      JSON.stringify({ ...stored, id: 'd9428888-122b-4111-9111-111111111111' }),
    )
    const again = await send(
      await signedPut(a, toB, { id: 'd9428888-122b-4111-9111-111111111111', body }),
    )
    assert.deepEqual(
      again.receipts?.map(({ receipt }) => [receipt.decision, receipt.firstDecision]),
      [
        ['duplicate', 'applied'],
        ['duplicate', 'applied'],
      ],
    )
    assert.equal((await b.effects()).length, 2)
  })
})

test('a gap is refused with the place to go on from', async () => {
  await withPair(async (pair) => {
    const { a, toB } = pair
    const first = await forge(a, toB, [{ n: 1 }])
    const second = await forge(a, toB, [{ n: 2 }], { position: first.position })
    const early = await send(await signedPut(a, toB, second))
    const expected = { epoch: 1, seq: 1, link: '0'.repeat(64) }
    assert.deepEqual([early.status, early.code, early.expected], [409, 'gap', expected])
    await nothingHappened(pair)
    assert.equal((await send(await signedPut(a, toB, first))).status, 200)
    assert.equal((await send(await signedPut(a, toB, second))).status, 200)
    const ofLater = await forge(a, toB, [{ n: 3 }], {
      position: { ...channelStart(A, B), epoch: 3 },
    })
    assert.equal((await send(await signedPut(a, toB, ofLater))).code, 'wrong-epoch')
  })
})

test('two histories of one origin are kept as proof and freeze the channel', async () => {
  await withPair(async ({ a, b, toB }) => {
    const first = await forge(a, toB, [{ told: 'one thing' }])
    const second = await forge(a, toB, [{ told: 'another' }])
    await send(await signedPut(a, toB, first))
    const answer = await send(await signedPut(a, toB, second))
    assert.deepEqual([answer.status, answer.code, answer.isSigned], [409, 'equivocation', true])
    const kept = await b.db.selectFrom('fed_equivocation').selectAll().executeTakeFirstOrThrow()
    const headerIn = (body: Uint8Array) => JSON.parse(Buffer.from(body).toString()).messages[0]
    assert.deepEqual(JSON.parse(kept.ours ?? ''), headerIn(first.body))
    assert.deepEqual(JSON.parse(kept.theirs), headerIn(second.body))
    assert.deepEqual(b.alarms, [{ kind: 'equivocation', peer: A, seq: 1 }])

    const next = await forge(a, toB, [{ n: 2 }], { position: first.position })
    assert.equal((await send(await signedPut(a, toB, next))).code, 'channel-frozen')
    // What was answered before is answered still.
    assert.equal((await send(await signedPut(a, toB, first))).status, 200)
    await b.inbox.thaw(A)
    assert.equal((await send(await signedPut(a, toB, next))).status, 200)
    assert.equal((await b.effects()).length, 2)
  })
})

test('a successor of a message that we never had under this number is equivocation too', async () => {
  await withPair(async ({ a, b, toB }) => {
    await send(await signedPut(a, toB, await forge(a, toB, [{ n: 1 }])))
    const elsewhere = await forge(a, toB, [{ n: 1, other: true }])
    const after = await forge(a, toB, [{ n: 2 }], { position: elsewhere.position })
    assert.equal((await send(await signedPut(a, toB, after))).code, 'equivocation')
    const kept = await b.db.selectFrom('fed_equivocation').selectAll().executeTakeFirstOrThrow()
    assert.ok(kept.ours?.includes('"seq":1'))
  })
})

test('one bad message gets a negative receipt and holds up no other', async () => {
  await withPair(async ({ a, b, toB }) => {
    const made = await forge(a, toB, [{ n: 1 }, { n: 2 }, { n: 3 }], {
      bend: {
        opening: (opening, index) =>
          index === 0 ? { ...opening, content: { n: 9 } } : index === 1 ? null : opening,
      },
    })
    const answer = await send(await signedPut(a, toB, made))
    assert.deepEqual(
      answer.receipts?.map(({ receipt }) => [receipt.seq, receipt.decision, receipt.reason]),
      [
        [1, 'rejected', 'commitment'],
        [2, 'rejected', 'withheld'],
        [3, 'applied', undefined],
      ],
    )
    assert.deepEqual(
      (await b.effects()).map(({ content }) => content),
      ['{"n":3}'],
    )
  })
})

test('reading needs a signature too, and only one\u2019s own channels are there', async () => {
  await withPair(async ({ a, b, toB }) => {
    for (const path of [
      `/federation/v1/channels/${A}/head`,
      `/federation/v1/channels/${B}/${A}/messages?from=1&to=1`,
    ]) {
      const plain = await fetch(toB.endpoint + path)
      assert.equal(plain.status, 401)
    }
    const get = async (path: string) => {
      const { response, isVerified } = await a.call(toB, { method: 'GET', path })
      assert.equal(isVerified, true, path)
      return response.status
    }
    assert.equal(await get(`/federation/v1/channels/${A}/head`), 200)
    assert.equal(await get(`/federation/v1/channels/${B}/head`), 200)
    assert.equal(await get('/federation/v1/channels/sierra.example/head'), 404)
    assert.equal(await get(`/federation/v1/channels/${B}/sierra.example/messages?from=1&to=1`), 404)
    await b.enqueue({ destination: A, content: {} })
    await b.deliverer.deliverOnce(A)
    const messages = `/federation/v1/channels/${B}/${A}/messages`
    assert.equal(await get(`${messages}?from=1&to=1`), 200)
    assert.equal(await get(`${messages}?from=2&to=2`), 404)
    for (const range of [
      '',
      '?from=1',
      '?from=0&to=1',
      '?from=2&to=1',
      '?from=1&to=51',
      '?from=1&to=1&x=1',
      '?from=1&to=1&epoch=0',
      '?from=1&from=1&to=1',
    ]) {
      assert.equal(await get(messages + range), 400, range)
    }
  })
})

function altered(bytes: Uint8Array): Uint8Array {
  const at = Math.floor(bytes.length * 0.7)
  return bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))
}

test('a peer that sends more at once than it may is told when to come again, and does', async () => {
  const gate = Promise.withResolvers<void>()
  const apply: NodeOptions['apply'] = async (tx, message) => {
    await gate.promise
    return applyAsEffect(tx, message)
  }
  await withPair(
    async ({ a, b }) => {
      await a.enqueue({ destination: B, content: { n: 1 } })
      const attempts = [1, 2, 3].map(() => a.deliverer.deliverOnce(B))
      const first = await Promise.race(attempts)
      assert.deepEqual(first, { kind: 'later', afterMs: 2000, reason: 'http-429' })
      assert.deepEqual(await b.effects(), [])
      gate.resolve()
      const kinds = (await Promise.all(attempts)).map(({ kind }) => kind)
      assert.ok(kinds.includes('delivered'))
      assert.equal((await b.effects()).length, 1)
      await a.enqueue({ destination: B, content: { n: 2 } })
      assert.equal((await a.deliverer.deliverOnce(B)).kind, 'delivered')
    },
    { apply },
  )
})
