/** Nodes that speak other versions of the exchange: what they have in common, or that it is nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signNodeDocument } from '../../src/wire/exchange/node-document.ts'
import { commonVersion } from '../../src/wire/exchange/version.ts'
import { forge, send, signedPut } from '../support/exchange-forger.ts'
import { A, B, type Pair, withPair } from '../support/exchange-pair.ts'

async function says({ a, b }: Pair, exchange: number[]): Promise<void> {
  const document = { ...b.document, protocol: { exchange } }
  a.pin({ document }, await signNodeDocument(document, b.signer))
}

test('the highest version that both speak is used; one that says nothing speaks version 1', () => {
  assert.equal(commonVersion(undefined), 1)
  assert.equal(commonVersion([1, 2]), 1)
  assert.equal(commonVersion([1, 2, 3], [1, 2]), 2)
  assert.equal(commonVersion(undefined, [1, 2]), 1)
  assert.equal(commonVersion([2]), undefined)
  assert.equal(commonVersion([1], [2, 3]), undefined)
})

test('a peer that speaks version 1 among others is sent to', async () => {
  await withPair(async (pair) => {
    await says(pair, [1, 2])
    await pair.a.enqueue({ destination: B, content: { n: 1 } })
    assert.equal((await pair.a.deliverer.deliverOnce(B)).kind, 'delivered')
  })
})

test('without a common version the channel stops and says why, and goes on with a newer document', async () => {
  await withPair(async (pair) => {
    const { a, b } = pair
    await says(pair, [2])
    await a.enqueue({ destination: B, content: { n: 1 } })
    for (const _ of [1, 2]) {
      assert.deepEqual(await a.deliverer.deliverOnce(B), { kind: 'stopped', reason: 'version' })
    }
    assert.deepEqual(a.alarms, [{ kind: 'delivery-stopped', peer: B, reason: 'version' }])
    assert.deepEqual(await b.effects(), [])
    await says(pair, [1, 2])
    assert.equal((await a.deliverer.deliverOnce(B)).kind, 'delivered')
    assert.equal((await b.effects()).length, 1)
  })
})

test('a request of another version is answered with the versions that the node speaks, signed', async () => {
  await withPair(async ({ a, b, toB }) => {
    const refusal = [400, 'version', [1], true]
    const other = await forge(a, toB, [{ n: 1 }])
    const path = `/federation/v2/transactions/${other.id}`
    const { response, isVerified } = await a.call(toB, { method: 'PUT', path, body: other.body })
    const said = JSON.parse(Buffer.from(response.body).toString())
    assert.deepEqual([response.status, said.code, said.speaks, isVerified], refusal)

    const value = { ...JSON.parse(Buffer.from(other.body).toString()), v: 2 }
    const body = Buffer.from(JSON.stringify(value))
    const answer = await send(await signedPut(a, toB, { id: other.id, body }))
    const { status, code, isSigned } = answer
    assert.deepEqual([status, code, (answer as { speaks?: number[] }).speaks, isSigned], refusal)

    assert.equal((await fetch(`${toB.endpoint}${path}`, { method: 'PUT' })).status, 401)
    for (const unknown of ['/federation/v1/x', '/federation/v0/x', '/federation/vv/x']) {
      assert.equal((await fetch(`${toB.endpoint}${unknown}`)).status, 404, unknown)
    }
    assert.deepEqual(await b.effects(), [])
    assert.equal((await send(await signedPut(a, toB, other))).status, 200, A)
  })
})
