import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { generateIdentity, recipientOf } from './seal.ts'
import { joinShares, type KnownSet, readShare, type ShareSet, splitIdentity } from './shares.ts'

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const identity = await generateIdentity()
const options = { threshold: 3, total: 5 }
const setId = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8])
const set = await splitIdentity(sha256, identity, { setId, ...options })
const other = await splitIdentity(sha256, identity, { setId: setId.toReversed(), ...options })

const known = ({ setId, recipient, threshold, shares }: ShareSet): KnownSet => ({
  setId,
  recipient,
  threshold,
  digests: shares.map(({ digest }) => digest),
})
const code = (index: number, of = set) => of.shares[index - 1]?.code ?? ''
const join = (codes: readonly string[], of: KnownSet = known(set)) =>
  joinShares(
    sha256,
    codes.map((one) => readShare(sha256, one)),
    of,
  )

test('every three of five give the identity back, however the codes were typed', async () => {
  assert.equal(set.recipient, await recipientOf(identity))
  for (let a = 1; a <= 5; a++) {
    for (let b = a + 1; b <= 5; b++) {
      for (let c = b + 1; c <= 5; c++)
        assert.equal(await join([code(c), code(a), code(b)]), identity)
    }
  }
  const typed = code(1)
    .toLowerCase()
    .replaceAll('-', ' \n')
    .replaceAll('0', 'o')
    .replaceAll('1', 'l')
  assert.equal(await join([typed, code(2), code(5)]), identity)
})

test('hybrid identities are split as well', async () => {
  const hybrid = await generateIdentity('hybrid')
  const split = await splitIdentity(sha256, hybrid, { setId, threshold: 2, total: 2 })
  assert.equal(await join([code(2, split), code(1, split)], known(split)), hybrid)
})

test('too few, repeated, foreign and wrong shares are told apart and named', async () => {
  await assert.rejects(join([code(1), code(2)]), { reason: 'too-few-shares' })
  await assert.rejects(join([]), { reason: 'too-few-shares' })
  await assert.rejects(join([code(1), code(2), code(2)]), {
    reason: 'share-repeated',
    field: 'share 2',
  })
  await assert.rejects(join([code(1), code(2), code(3, other)]), {
    reason: 'share-of-another-set',
    field: 'share 3',
  })
  const changed = known(set)
  const digests = changed.digests.with(3, '0'.repeat(64))
  await assert.rejects(join([code(1), code(2), code(4)], { ...changed, digests }), {
    reason: 'share-wrong',
    field: 'share 4',
  })
  const recipient = await recipientOf(await generateIdentity())
  await assert.rejects(join([code(1), code(2), code(3)], { ...changed, recipient }), {
    reason: 'wrong-key',
  })
})

test('every single wrong letter is noticed, and every missing or added one', () => {
  const plain = code(2).replaceAll('-', '')
  for (let at = 0; at < plain.length; at++) {
    const wrong = plain.slice(0, at) + (plain[at] === 'Z' ? 'Y' : 'Z') + plain.slice(at + 1)
    assert.throws(() => readShare(sha256, wrong), { code: 'malformed' }, `letter ${at}`)
    assert.throws(() => readShare(sha256, plain.slice(0, at) + plain.slice(at + 1)), `cut ${at}`)
    assert.throws(() => readShare(sha256, `${plain.slice(0, at)}7${plain.slice(at)}`), `more ${at}`)
  }
  for (const text of ['', '-', 'no code', 'ÜÜÜÜ', '0'.repeat(900), identity]) {
    assert.throws(() => readShare(sha256, text), { code: 'malformed' }, text)
  }
})

test('a set needs at least two shares, and no more than there are', async () => {
  for (const [threshold, total] of [
    [1, 3],
    [0, 3],
    [4, 3],
    [2, 17],
    [Number.NaN, 3],
  ] as const) {
    await assert.rejects(splitIdentity(sha256, identity, { setId, threshold, total }), {
      code: 'malformed',
    })
  }
  await assert.rejects(splitIdentity(sha256, 'AGE-SECRET-KEY-1X', { setId, ...options }), {
    field: 'identity',
  })
})

test('no share and no digest holds a piece of the identity', () => {
  const text = JSON.stringify(set)
  for (let at = 16; at + 6 < identity.length; at++) {
    assert.ok(!text.includes(identity.slice(at, at + 7)))
  }
})
