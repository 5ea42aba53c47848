import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../../base/time.ts'
import type { Policy } from '../../proof/policy.ts'
import { KEY_TYPE, type NoteKey } from '../../proof/vkey.ts'
import type { Answers, Notices, PeerSaw, Saw, WitnessSaw } from './ask.ts'
import { planReturn } from './plan.ts'

const keyOf = (index: number): NoteKey => ({
  name: `w${index}.example/witness`,
  keyId: new Uint8Array([0, 0, 0, index]),
  type: KEY_TYPE.cosignature,
  publicKey: new Uint8Array(32).fill(index),
})
const witness = (index: number, saw: Saw): WitnessSaw => ({ key: keyOf(index), saw, notices: [] })
const witnesses = (...saw: readonly Saw[]) => saw.map((one, index) => witness(index, one))
const peers = (...saw: readonly Saw[]): PeerSaw[] =>
  saw.map((one, index) => ({ peer: `p${index}.example`, saw: one, beyond: 0 }))

/** Two of the three. */
const members = [0, 1, 2].map((index) => ({ name: `w${index}`, key: keyOf(index) }))
const POLICY: Policy = {
  logs: [],
  witnesses: members,
  quorum: { name: 'most', threshold: 2, members },
}
const NOBODY: Policy = { logs: [], witnesses: [], quorum: 'none' }

function planned(answers: Omit<Answers, 'notices'>, policy = POLICY, notices: Notices = []) {
  const { step, log, channels } = planReturn({ ...answers, notices }, policy)
  return [step, log, ...channels.map((channel) => channel.step)]
}

test('nobody saw more and everybody answered: the node goes on as it was, without a new log', () => {
  const answers = { witnesses: witnesses('held', 'held', 'held'), peers: peers('held', 'held') }
  assert.deepEqual(planned(answers), ['goOn', 'same', 'same', 'same'])
})

test('anything else takes a person, and opens anew what could be a second history', () => {
  const three = witnesses('held', 'held', 'held')
  for (const [answers, expected] of [
    [{ witnesses: three, peers: peers('held', 'more') }, ['confirm', 'same', 'same', 'newEpoch']],
    [{ witnesses: three, peers: peers('held', 'silent') }, ['confirm', 'same', 'same', 'askLater']],
    [
      { witnesses: witnesses('held', 'held', 'more'), peers: peers('held', 'silent') },
      ['confirm', 'follow', 'newEpoch', 'askLater'],
    ],
    // Who is silent may have seen more.
    [{ witnesses: witnesses('held', 'silent', 'held'), peers: [] }, ['confirm', 'follow']],
  ] as const) {
    assert.deepEqual(planned(answers), expected)
  }
})

test('a later log that a peer alone has been told of is followed, though no witness has seen it', () => {
  const answers = { witnesses: witnesses('held', 'held', 'held'), peers: peers('more', 'held') }
  const closed = { origin: 'm.example/ledger', treeSize: 7, rootHash: new Uint8Array(32) }
  const opened = { ...keyOf(9), name: 'm.example/ledger/2' }
  const at = '2026-11-22T12:00:00.000Z' as Instant
  const notice = { node: 'm.example', closed, opened, at, reason: 'restored' } as const
  const expected = ['confirm', 'follow', 'newEpoch', 'newEpoch']
  assert.deepEqual(planned(answers, POLICY, [{ notice, bytes: new Uint8Array() }]), expected)
})

test('without a quorum of answers nothing is done, whatever those who answer have seen', () => {
  for (const saw of ['held', 'more'] as const) {
    const answers = { witnesses: witnesses(saw, 'silent', 'silent'), peers: peers('held') }
    assert.equal(planned(answers)[0], 'wait')
  }
  assert.equal(planned({ witnesses: [], peers: peers('held') })[0], 'wait')
})

test('a log without any witness is never taken for one that nobody has seen', () => {
  assert.deepEqual(planned({ witnesses: [], peers: [] }, NOBODY), ['confirm', 'follow'])
  const answers = { witnesses: [], peers: peers('held') }
  assert.deepEqual(planned(answers, NOBODY), ['confirm', 'follow', 'newEpoch'])
})
