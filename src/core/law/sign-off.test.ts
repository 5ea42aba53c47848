import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import {
  foldSignOffs,
  isSignedOff,
  isSignOffSimulated,
  noSignOffs,
  openClocksOf,
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

function sign(
  state: SignOffs,
  officer: string,
  of = pack,
  simulated = false,
  excepted: readonly string[] = [],
) {
  const decision = signOffLawPack(state, { pack: of, simulated, excepted }, as(officer))
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
  const type = 'lawPackSignedOff' as const
  const event = { type, ...pack, officer: 'ada', excepted: [] }
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

const ACK = 'eu.whistle/ack'
const BREACH = 'eu.gdpr/breach_sa'

/** Signs one after the other; a refusal stops the test. */
function signed(...steps: readonly [officer: string, ...excepted: string[]][]): SignOffs {
  return steps.reduce<SignOffs>((state, [officer, ...excepted]) => {
    const next = sign(state, officer, pack, false, excepted)
    assert.ok(typeof next === 'object', `${officer}: ${String(next)}`)
    return next
  }, noSignOffs)
}

test('a clock that one of two officers excepts stays unbound, the others bind', () => {
  const state = signed(['ada', ACK], ['ben'])
  assert.equal(isSignedOff(state, pack), true)
  assert.equal(isSignedOff(state, pack, BREACH), true)
  assert.equal(isSignedOff(state, pack, ACK), false)
  assert.deepEqual(openClocksOf(state, pack), [ACK])
})

test('a clock that was excepted binds once two have signed it: a third, or the same without it', () => {
  const half = signed(['ada', ACK], ['ben'])
  for (const officer of ['cleo', 'ada']) {
    const state = sign(half, officer)
    assert.ok(typeof state === 'object')
    assert.equal(isSignedOff(state, pack, ACK), true)
    assert.deepEqual(openClocksOf(state, pack), [])
    assert.equal(sign(state, 'dora'), 'alreadySignedOff')
  }
})

test('who has signed cannot except more, the same or something else afterwards', () => {
  const state = signed(['ada', ACK], ['ben', ACK, BREACH])
  for (const excepted of [[ACK], [ACK, BREACH], [BREACH], [ACK, 'eu.dsa/orders']]) {
    assert.equal(sign(state, 'ada', pack, false, excepted), 'sameOfficer')
  }
  assert.equal(sign(signed(['ada']), 'ada', pack, false, [ACK]), 'sameOfficer')
})

test('one officer who signs twice is one officer for every clock', () => {
  const state = signed(['ada', ACK], ['ada'])
  assert.equal(isSignedOff(state, pack), false)
  assert.equal(isSignedOff(state, pack, ACK), false)
  assert.equal(isSignedOff(state, pack, BREACH), false)
})

test('who stands in for the first is not the second, nor the other way, nor two who stand in for one', () => {
  const inPlace = (state: SignOffs, officer: string, inPlaceOf: string) => {
    const by = { ...as(officer), inPlaceOf }
    const decision = signOffLawPack(state, { pack, simulated: false }, by)
    if (decision.decision === 'refuse') return decision.why
    return decision.value.reduce(
      (folded, event) => foldSignOffs(folded, recorded(event, officer)),
      state,
    )
  }
  assert.equal(inPlace(signed(['ada']), 'ben', 'ada'), 'sameOfficer')
  const lent = inPlace(noSignOffs, 'ben', 'ada')
  assert.ok(typeof lent === 'object')
  assert.equal(sign(lent, 'ada'), 'sameOfficer')
  assert.equal(sign(lent, 'ben'), 'sameOfficer')
  assert.equal(inPlace(lent, 'cleo', 'ada'), 'sameOfficer')
  assert.equal(inPlace(lent, 'cleo', 'ben'), 'sameOfficer')
  assert.equal(isSignedOff(lent, pack), false)
  const two = inPlace(lent, 'cleo', 'dora')
  assert.ok(typeof two === 'object')
  assert.equal(isSignedOff(two, pack), true)
})
