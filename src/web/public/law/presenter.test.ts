import assert from 'node:assert/strict'
import path from 'node:path'
import test from 'node:test'
import { loadLawPacks } from '../../../adapters/law-packs.ts'
import { calendarDate, instant } from '../../../base/time.ts'
import type { Recorded } from '../../../core/case/recorded.ts'
import { type LawPack, packRef } from '../../../core/law/pack.ts'
import { foldSignOffs, noSignOffs, type SignOffEvent } from '../../../core/law/sign-off.ts'
import { loadCatalogues } from '../../messages.ts'
import { lawModel } from './presenter.ts'

const root = path.join(import.meta.dirname, '../../../..')
const packs = loadLawPacks(path.join(root, 'law'))
const messages = loadCatalogues(path.join(root, 'locales')).messagesFor('en')
const first = packs.find(({ id }) => id === 'law.eu')
assert.ok(first)

const at = instant('2026-11-22T09:00:00.000Z')

function signed(
  officer: string,
  simulated: boolean,
  { id: pack, version, digest } = packRef(first as LawPack),
): Recorded<SignOffEvent> {
  const type = 'lawPackSignedOff' as const
  const event = { type, pack, version, digest, officer, simulated, excepted: [] }
  return { event, version: 1, at, by: officer }
}

function modelAfter(...history: Recorded<SignOffEvent>[]) {
  const signOffs = history.reduce(foldSignOffs, noSignOffs)
  const today = calendarDate('2030-01-01')
  const { packs: shown } = lawModel({ context: { packs, signOffs }, history, today, messages })
  return shown.find(({ id }) => id === first?.id)
}
const signOffAfter = (...history: Recorded<SignOffEvent>[]) => modelAfter(...history)?.signOff

test('a pack is signed off by two officers, and a simulated one says so', () => {
  assert.equal(signOffAfter()?.kind, 'none')
  assert.deepEqual(signOffAfter(signed('ada', false)), { kind: 'none', officers: 1, at })
  assert.equal(signOffAfter(signed('ada', false), signed('ada', false))?.kind, 'none')
  assert.equal(signOffAfter(signed('ada', false), signed('bo', false))?.kind, 'signed')
  assert.equal(signOffAfter(signed('ada', false), signed('bo', true))?.kind, 'simulated')
})

test('a sign-off of another version or digest counts nothing', () => {
  const ref = packRef(first as LawPack)
  for (const other of [
    { ...ref, digest: '0'.repeat(64) },
    { ...ref, version: '9.9.9' },
  ]) {
    const model = signOffAfter(signed('ada', false, other), signed('bo', false, other))
    assert.deepEqual(model, { kind: 'none', officers: 0 })
  }
})

test('nothing binds before the sign-off, and what does not bind says why', () => {
  const periods = (modelAfter()?.instruments ?? []).flatMap(({ periods: own }) => own)
  assert.ok(periods.length > 10)
  for (const { standing, because, name } of periods) {
    assert.notEqual(standing, 'binding', name)
    assert.ok(because.length > 0, name)
  }
})

test('every value of every pack names its article, its source and how it was read', () => {
  const { packs: items } = lawModel({
    context: { packs, signOffs: noSignOffs },
    history: [],
    today: calendarDate('2026-11-22'),
    messages,
  })
  assert.deepEqual(
    items.map(({ id }) => id),
    packs.map(({ id }) => id),
  )
  for (const { instruments } of items) {
    for (const { sources, periods, powers } of instruments) {
      for (const entry of [...periods, ...powers]) {
        assert.notEqual(entry.article, '')
        assert.ok(sources[entry.source - 1])
        assert.match(entry.evidence, /^[PSR]$/)
      }
      for (const { values } of periods) assert.ok(values.every((value) => value !== ''))
    }
  }
})
