/** Matching: the function with real keys, and the daily count in a real database. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ristretto255_oprf } from '@noble/curves/ed25519.js'
import vectors from '../../protocol/vectors/matching/marks.json' with { type: 'json' }
import { kernelDatabase } from '../../test/support/kernel-database.ts'
import type { Matching } from '../app/ports/matching.ts'
import { fromBase64, fromHex, toBase64, utf8 } from '../base/bytes.ts'
import { ComityError } from '../base/errors.ts'
import { MATCH_MARKS, MATCH_QUESTIONS_A_DAY } from '../core/triage/matching.ts'
import { createMatching, markUnder } from './matching.ts'
import type { Database } from './postgres/database.ts'
import { systemRandom } from './random.ts'

const PARTIES = { asker: 'albion.example', answerer: 'meridia.example' }
const ASKED = ['CVE-2026-1234', 'AVID-2026-R0001', 'GHSA-AAAA-BBBB-CCCC']
const HELD = ['CVE-2026-9999', 'AVID-2026-R0001']

const matching = createMatching(systemRandom, undefined as unknown as Database)
const question = () => ({ identifiers: ASKED, ...matching.blind(PARTIES, ASKED) })

function isMalformed(field: string) {
  return (error: unknown) =>
    error instanceof ComityError && error.code === 'malformed' && error.field === field
}

describe('the function', () => {
  test('finds what both hold, and nothing else', () => {
    const asked = question()
    const answer = matching.answer(PARTIES, asked.blinded, HELD)
    assert.deepEqual(matching.hits(PARTIES, asked, answer), ['AVID-2026-R0001'])
    const none = matching.answer(PARTIES, asked.blinded, [])
    assert.deepEqual(matching.hits(PARTIES, asked, none), [])
  })

  test('an answer has one size, whatever was compared', () => {
    const { blinded } = question()
    const sizes = [[], HELD, Array.from({ length: 300 }, (_, n) => `CVE-2026-${n}`)].map((own) => {
      const { marks } = matching.answer(PARTIES, blinded, own)
      assert.equal(new Set(marks).size, MATCH_MARKS)
      return JSON.stringify(marks).length
    })
    assert.equal(new Set(sizes).size, 1)
  })

  test('what is asked twice looks different, and two answers share no mark', () => {
    const [first, second] = [question(), question()]
    assert.ok(first.blinded.every((one) => !second.blinded.includes(one)))
    const marks = [first, second].map(
      ({ blinded }) => matching.answer(PARTIES, blinded, HELD).marks,
    )
    assert.ok(marks[0]?.every((one) => !marks[1]?.includes(one)))
  })

  test('holds for these two and this direction only', () => {
    const asked = question()
    const answer = matching.answer(PARTIES, asked.blinded, HELD)
    const others = { ...PARTIES, answerer: 'sierra.example' }
    assert.deepEqual(matching.hits(others, asked, answer), [])
    const around = { asker: PARTIES.answerer, answerer: PARTIES.asker }
    assert.deepEqual(matching.hits(around, asked, answer), [])
  })

  test('what is no element of the group is refused', () => {
    const zero = toBase64(new Uint8Array(32))
    const ones = toBase64(new Uint8Array(32).fill(255))
    for (const bad of [zero, ones, toBase64(new Uint8Array(31)), '']) {
      assert.throws(() => matching.answer(PARTIES, [bad], HELD), isMalformed('blinded'))
    }
  })

  test('an answer that was tampered with is refused', () => {
    const asked = question()
    const answer = matching.answer(PARTIES, asked.blinded, HELD)
    const other = matching.answer(PARTIES, asked.blinded, HELD)
    const [first = '', ...rest] = answer.evaluated
    const flipped = fromBase64(answer.proof)
    flipped[0] = (flipped[0] ?? 0) ^ 1
    const bad: Parameters<Matching['hits']>[2][] = [
      { ...answer, evaluated: [other.evaluated[0] ?? '', ...rest] },
      { ...answer, evaluated: [...rest, first] },
      { ...answer, publicKey: other.publicKey },
      { ...answer, proof: toBase64(flipped) },
    ]
    for (const one of bad) {
      assert.throws(() => matching.hits(PARTIES, asked, one), isMalformed('proof'))
    }
    const short = { ...answer, evaluated: rest }
    assert.throws(() => matching.hits(PARTIES, asked, short), isMalformed('evaluated'))
  })
})

test('marks equal the vectors', () => {
  const { seed, keyInfo, publicKey, marks } = vectors
  const keys = ristretto255_oprf.voprf.deriveKeyPair(fromHex(seed), utf8(keyInfo))
  assert.equal(toBase64(keys.publicKey), publicKey)
  for (const { identifier, mark, ...parties } of marks) {
    assert.equal(markUnder(keys.secretKey, parties, identifier), mark)
  }
})

test('each peer asks so often a day, and the next day again', async (t) => {
  const { take } = createMatching(systemRandom, await kernelDatabase(t))
  const asked = []
  for (let n = 0; n < MATCH_QUESTIONS_A_DAY + 2; n++)
    asked.push(await take('a.example', '2026-11-23'))
  assert.equal(asked.filter((isTaken) => isTaken).length, MATCH_QUESTIONS_A_DAY)
  assert.equal(await take('b.example', '2026-11-23'), true)
  assert.equal(await take('a.example', '2026-11-24'), true)
})
