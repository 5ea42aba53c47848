import assert from 'node:assert/strict'
import test from 'node:test'
import { intakeRoom, roomOf } from './intake-room.ts'

const SHARES = [
  [1, 'ample'],
  [0.05, 'ample'],
  [0.0499, 'scarce'],
  [0.02, 'scarce'],
  [0.0199, 'none'],
  [0, 'none'],
] as const
for (const [share, room] of SHARES) {
  test(`${share} free: ${room}`, () => assert.equal(roomOf(share), room))
}

test('the disk is looked at now and then, not for each report', async () => {
  let [looks, share, nowMs] = [0, 0.5, 0]
  const look = async () => {
    looks += 1
    return share
  }
  const room = intakeRoom('/nowhere', look, () => nowMs)
  assert.deepEqual([await room(), await room(), looks], ['ample', 'ample', 1])
  share = 0.01
  nowMs = 10_001
  assert.deepEqual([await room(), looks], ['none', 2])
})

test('a disk that cannot be looked at turns nobody away', async () => {
  assert.equal(await intakeRoom('/nowhere/at/all')(), 'ample')
})
