/** The public beacon's own round 1000, as the network answers for it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fromHex, toHex } from '../../base/bytes.ts'
import { instant } from '../../base/time.ts'
import { quicknet } from './quicknet.ts'

const SIGNATURE =
  'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125' +
  'e342b73a8dd2bacbe47e4b6b63ed5e39'
const RANDOMNESS = 'fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd'
const beacon = quicknet()

describe('the beacon quicknet', () => {
  test('its round 1000 verifies and gives its randomness', () => {
    const randomness = beacon.randomnessOf(1000, fromHex(SIGNATURE))
    assert.equal(randomness && toHex(randomness), RANDOMNESS)
  })

  test('the signature of one round is not that of another', () => {
    for (const round of [1, 999, 1001, 2 ** 40]) {
      assert.equal(beacon.randomnessOf(round, fromHex(SIGNATURE)), undefined, String(round))
    }
  })

  test('no other bytes are a signature of it', () => {
    const good = fromHex(SIGNATURE)
    const bad = [
      new Uint8Array(),
      new Uint8Array(48),
      good.subarray(1),
      new Uint8Array([...good, 0]),
      // The same point with the other sign, another point, and no point at all.
      good.with(0, (good[0] ?? 0) ^ 0x20),
      good.with(0, (good[0] ?? 0) ^ 0x80),
      good.with(47, (good[47] ?? 0) ^ 1),
      new Uint8Array(48).fill(0xff),
      new Uint8Array(48).with(0, 0xc0),
    ]
    for (const bytes of bad) assert.equal(beacon.randomnessOf(1000, bytes), undefined, toHex(bytes))
  })

  test('rounds appear every three seconds, the first at the start of the chain', () => {
    assert.equal(beacon.appearsAt(1), '2023-08-23T15:09:27.000Z')
    assert.equal(beacon.appearsAt(2), '2023-08-23T15:09:30.000Z')
    for (const [at, round] of [
      ['2023-08-23T15:09:27.000Z', 1],
      ['2023-08-23T15:09:27.001Z', 2],
      ['2023-08-23T15:09:30.000Z', 2],
      ['2020-01-01T00:00:00.000Z', 1],
      ['2023-08-23T15:59:24.000Z', 1000],
    ] as const) {
      assert.equal(beacon.roundAt(instant(at)), round, at)
    }
  })
})
