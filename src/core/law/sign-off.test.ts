import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import {
  foldSignOffs,
  isSignedOff,
  isSignOffSimulated,
  noSignOffs,
  type SignOffEvent,
  type SignOffs,
  signOffLawPack,
} from './sign-off.ts'

const now = instant('2026-11-23T09:00:00.000Z')
const pack = { id: 'law.eu', version: '0.1.0', digest: 'aa' }
const as = (officer: string): Acting => ({
  officer,
  roles: ['reviewer'],
  authority: 'meridia.example',
  now,
})

function sign(state: SignOffs, officer: string, of = pack, simulated = false) {
  const decision = signOffLawPack(state, { pack: of, simulated }, as(officer))
  if (decision.decision === 'refuse') return decision.why
  return decision.value.reduce(
    (folded, event) => foldSignOffs(folded, recorded(event, officer)),
    state,
  )
}

function recorded(event: SignOffEvent, by: string): Recorded<SignOffEvent> {
  return { event, version: 1, at: now, by }
}

test('two different officers sign a version off', () => {
  const one = sign(noSignOffs, 'ada')
  assert.ok(typeof one === 'object')
  assert.equal(isSignedOff(one, pack), false)
  const two = sign(one, 'ben')
  assert.ok(typeof two === 'object')
  assert.equal(isSignedOff(two, pack), true)
  assert.equal(isSignOffSimulated(two, pack), false)
  assert.equal(sign(two, 'cleo'), 'alreadySignedOff')
})

test('the same officer cannot sign twice', () => {
  const one = sign(noSignOffs, 'ada')
  assert.ok(typeof one === 'object')
  assert.equal(sign(one, 'ada'), 'sameOfficer')
})

test('a stream with one officer twice is not signed off', () => {
  const event = { type: 'lawPackSignedOff', pack: 'law.eu', ...pack, officer: 'ada' } as const
  const twice = [1, 2].reduce(
    (state) => foldSignOffs(state, recorded({ ...event, pack: 'law.eu', simulated: true }, 'ada')),
    noSignOffs,
  )
  assert.equal(isSignedOff(twice, pack), false)
})

test('a sign-off is for one digest and one version', () => {
  const one = sign(noSignOffs, 'ada', pack, true)
  assert.ok(typeof one === 'object')
  const two = sign(one, 'ben', pack, true)
  assert.ok(typeof two === 'object')
  assert.equal(isSignOffSimulated(two, pack), true)
  for (const other of [
    { ...pack, digest: 'bb' },
    { ...pack, version: '0.1.1' },
    { ...pack, id: 'law.gb' },
  ]) {
    assert.equal(isSignedOff(two, other), false)
  }
})
