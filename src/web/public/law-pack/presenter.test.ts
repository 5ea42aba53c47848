import assert from 'node:assert/strict'
import path from 'node:path'
import test from 'node:test'
import { lawFolder } from '../../../../test/support/invented-law.ts'
import { loadLaw, loadLawPacks } from '../../../adapters/law-packs.ts'
import { calendarDate, instant } from '../../../base/time.ts'
import type { Recorded } from '../../../core/case/recorded.ts'
import { type LawPack, packRef } from '../../../core/law/pack.ts'
import { foldSignOffs, noSignOffs, type SignOffEvent } from '../../../core/law/sign-off.ts'
import { loadCatalogues } from '../../messages.ts'
import { lawPackModel } from './presenter.ts'

const root = path.join(import.meta.dirname, '../../../..')
const packs = loadLawPacks(path.join(root, 'law'))
const messages = loadCatalogues(path.join(root, 'locales')).messagesFor('en', 'public')
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
  const { id } = first as LawPack
  return lawPackModel({ context: { packs, signOffs }, history, today, messages }, id)?.pack
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
  for (const { standing, because, id } of periods) {
    assert.notEqual(standing, 'binding', id)
    assert.ok(because.length > 0, id)
  }
})

test('every entry of every pack is on its page, with its article, source and mark', () => {
  const facts = { context: { packs, signOffs: noSignOffs }, history: [], messages }
  for (const pack of packs) {
    const model = lawPackModel({ ...facts, today: calendarDate('2026-11-22') }, pack.id)
    assert.ok(model)
    for (const [n, { id, sources, periods, groups }] of model.pack.instruments.entries()) {
      const shown = [...periods, ...groups.flatMap(({ entries }) => entries)]
      const instrument = pack.instruments[n]
      assert.ok(instrument)
      const held = [
        ...instrument.clocks.map((clock) => clock.id),
        ...instrument.sanctions.map((tier) => tier.id),
        ...instrument.authorities.map((authority) => `${id}/${authority.id}`),
        ...instrument.measures.map(({ code }) => `${id}/${code}`),
        ...instrument.remedies.map((remedy) => remedy.id),
      ]
      for (const each of held) {
        const own = each.startsWith(`${id}/`) ? each.slice(id.length + 1) : each
        const entry = shown.find((one) => one.id === own || one.id === each)
        assert.ok(entry?.reading, `${each} is shown with where it was read`)
      }
      for (const { reading, id: entry } of shown) {
        if (reading === undefined) continue
        assert.notEqual(reading.article, '', entry)
        assert.ok(sources[reading.source - 1], entry)
        assert.match(reading.evidence, /^[PSR]$/)
        assert.ok(!(reading.isNumberUnquoted && reading.quote), entry)
      }
      for (const { values } of periods) assert.ok(values.every((value) => value !== ''))
    }
  }
})

test('a number without a quote is marked, and one with a quote is not', (t) => {
  const [pack] = loadLawPacks(lawFolder(t, { zz: { version: '0.1.0' } }))
  assert.ok(pack)
  const shown = (law: LawPack) => {
    const context = { packs: [law], signOffs: noSignOffs }
    const today = calendarDate('2026-11-22')
    return lawPackModel({ context, history: [], today, messages }, law.id)?.pack.instruments[0]
      ?.periods[0]?.reading
  }
  assert.equal(shown(pack)?.isNumberUnquoted, true)
  const [act] = pack.instruments
  assert.ok(act)
  const clocks = act.clocks.map((clock) => ({
    ...clock,
    basis: { ...clock.basis, quote: 'within 15 days of it' },
  }))
  const quoted = { ...pack, instruments: [{ ...act, clocks }] }
  assert.deepEqual(
    [shown(quoted)?.isNumberUnquoted, shown(quoted)?.quote],
    [false, 'within 15 days of it'],
  )
})

test('each version has a page with its history and what changed; others do not', (t) => {
  const { current, versions } = loadLaw(
    lawFolder(t, {
      zz: { version: '0.2.0', validFrom: '2026-06-01', replaces: '0.1.0', days: 10 },
      'zz/versions/0.1.0': { version: '0.1.0' },
    }),
  )
  const context = { packs: current, versions, signOffs: noSignOffs }
  const facts = { context, history: [], today: calendarDate('2026-11-22'), messages }
  const newest = lawPackModel(facts, 'law.zz')
  assert.deepEqual(
    newest?.versions.map(({ version, validFrom, validTo, isShown }) => [
      version,
      validFrom,
      validTo,
      isShown,
    ]),
    [
      ['0.1.0', '2026-01-01', '2026-06-01', false],
      ['0.2.0', '2026-06-01', undefined, true],
    ],
  )
  assert.equal(newest?.pack.changes?.since, '0.1.0')
  const texts = newest?.pack.changes?.texts ?? []
  assert.ok(
    texts.includes(
      'clock zz.act/report is changed: period was 15 calendar days, is 10 calendar days.',
    ),
  )
  const older = lawPackModel(facts, 'law.zz', '0.1.0')
  assert.equal(older?.pack.version, '0.1.0')
  assert.equal(older?.pack.changes, undefined)
  for (const [id, version] of [
    ['law.zz', '0.3.0'],
    ['law.yy', undefined],
    ['', ''],
  ] as const) {
    assert.equal(lawPackModel(facts, id, version), undefined)
  }
})
