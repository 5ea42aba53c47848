import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { libraryHolidays, loadLawPacks, loadOverlays, withOverlay } from '../adapters/law-packs.ts'
import { ComityError } from '../base/errors.ts'
import { type CalendarDate, type Instant, instantFromMs } from '../base/time.ts'
import { workCalendar } from '../core/law/calendar.ts'
import { answerClock } from '../core/law/clock-question.ts'
import { competenceFindings } from '../core/law/competence.ts'
import { designatedFor } from '../core/law/overlay.ts'
import type { LawPack } from '../core/law/pack.ts'
import { layOver, readLawOverlay } from './law-overlay.ts'
import { lawOverlaySchemaText } from './law-overlay-schema.ts'

const LAW = fileURLToPath(new URL('../../law', import.meta.url))
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const holidaysOf = libraryHolidays()
const plain = loadLawPacks(LAW).find(({ id }) => id === 'law.eu') as LawPack
const shipped = loadOverlays(LAW)
const [meridia] = shipped
assert.ok(meridia !== undefined)
const laid = withOverlay([plain], meridia)[0] as LawPack

test('every overlay that is shipped fits its pack, and each is of a fictional State', () => {
  for (const found of shipped) {
    assert.equal(withOverlay([plain], found)[0]?.overlay?.code, found.overlay.code)
    assert.equal(found.overlay.isFictional, true)
    assert.equal(found.overlay.status, 'draft')
  }
})

test('the published schema is the one that overlays are read with', () => {
  const file = fileURLToPath(new URL('../../protocol/schemas/law-overlay.json', import.meta.url))
  assert.equal(readFileSync(file, 'utf8'), lawOverlaySchemaText())
})

test('the digest is that of two lines, which anyone can make again', () => {
  const file = readFileSync(`${LAW}/eu/overlays/xm.yaml`)
  const hex = createHash('sha256').update(file).digest('hex')
  const lines = `${plain.digest}  law.eu ${plain.version}\n${hex}  overlays/xm.yaml\n`
  assert.equal(laid.digest, createHash('sha256').update(lines).digest('hex'))
  assert.equal(laid.version, `${plain.version}+xm.0.1.0`)
})

test('whoever reads a name or a source of Meridia sees that it was invented', () => {
  const own = laid.instruments.flatMap((one) => [
    ...one.authorities,
    ...one.channels,
    ...one.clocks,
    ...one.sanctions,
  ])
  const added = own.filter(({ basis }) => basis.source.includes('Meridia'))
  assert.ok(added.length >= 15)
  for (const { basis } of added) assert.match(basis.source, /^Invented for the exercise: /)
  for (const { name } of laid.overlay?.designations ?? []) assert.match(name, /\(fictional\)$/)
  assert.match(laid.name, /\(fictional Member State of the exercise\)$/)
})

test('authorities get their names where no fact decides; otherwise facts choose', () => {
  const named = (id: string) =>
    laid.instruments.flatMap((one) => one.authorities).find((one) => one.id === id)?.name
  assert.equal(named('eu.msa'), 'Meridia AI Safety Authority (fictional)')
  assert.equal(named('eu.aio'), 'AI Office of the European Commission')
  assert.equal(named('eu.frb'), 'national authority that protects fundamental rights')
  const body = (facts: Parameters<typeof designatedFor>[2], id = 'eu.frb') =>
    designatedFor(laid, id, facts)
  assert.deepEqual(body({}), { missing: ['usedInEmployment'] })
  assert.match(JSON.stringify(body({ usedInEmployment: true })), /Equality at Work/)
  assert.match(JSON.stringify(body({ usedInEmployment: false })), /Human Rights Commission/)
  assert.equal(body({}, 'eu.aio'), undefined)
  assert.equal(designatedFor(plain, 'eu.msa', {}), undefined)
})

test('a finding of competence names the body, and by which act', () => {
  const facts = { isAiSystem: true, offeredIn: ['XM'], usedIn: ['XM'], inVeryLargePlatform: false }
  const rights = { ...facts, sameProviderGpaiModel: false, fundamentalRightsHarm: true }
  const on = '2026-11-24' as CalendarDate
  const find = (pack: LawPack, authority: string, more = {}) =>
    competenceFindings([pack], { ...rights, ...more }, on).find(
      (one) => one.authority === authority,
    )
  const msa = find(laid, 'eu.msa')
  assert.equal(msa?.competent, 'yes')
  assert.equal(msa?.authorityName, 'Meridia AI Safety Authority (fictional)')
  assert.match(msa?.because.at(-1)?.source ?? '', /^Invented for the exercise: .*, art\. 1 /)
  assert.equal(find(plain, 'eu.msa')?.competent, 'no')
  const equality = find(laid, 'eu.frb', { usedInEmployment: true })
  assert.equal(equality?.authorityName, 'Meridia Office for Equality at Work (fictional)')
  assert.match(find(laid, 'eu.frb')?.authorityName ?? '', /^national authority/)
})

test('its own days off count, and only in its place', () => {
  const day = Temporal.PlainDate.from('2027-09-14')
  const isHoliday = (pack: LawPack, zone: string) =>
    workCalendar(pack, holidaysOf, zone).isHoliday(day)
  assert.equal(isHoliday(laid, 'Europe/Brussels'), true)
  assert.equal(isHoliday(laid, 'Europe/Paris'), false)
  assert.equal(isHoliday(plain, 'Europe/Brussels'), false)
  const belgian = Temporal.PlainDate.from('2027-07-21')
  assert.equal(workCalendar(laid, holidaysOf).isHoliday(belgian), true)
})

const at = (text: string): Instant => instantFromMs(Temporal.Instant.from(text).epochMilliseconds)
const signedBy = ({ id: pack, version, digest }: LawPack) => ({
  signOffs: ['ada', 'ben'].map((officer) => ({ pack, version, digest, officer, simulated: true })),
})

function answer(pack: LawPack, clock: string, signedPack: LawPack = pack) {
  const law = { packs: [pack], signOffs: signedBy(signedPack), holidaysOf }
  const facts = { reportByWorker: true, essentialOrImportantEntity: true }
  const start = at('2026-11-24T10:00+01:00')
  return answerClock(law, { clock, start, timeZone: 'Europe/Brussels', facts, events: [] })
}

test('a directive counts where national law says how: 7 days from a Tuesday', () => {
  assert.equal(answer(plain, 'eu.whistle/ack')?.state, 'confirm')
  const result = answer(laid, 'eu.whistle/ack')
  assert.equal(result?.state, 'due')
  assert.equal(result?.strictDue, '2026-12-02T00:00:00+01:00[Europe/Brussels]')
  assert.equal(result?.article, '8')
})

test('signing the pack does not sign the overlay, nor the other way round', () => {
  assert.equal(answer(laid, 'eu.whistle/ack', plain)?.state, 'confirm')
  assert.equal(answer(plain, 'eu.gdpr/breach_sa', laid)?.state, 'confirm')
})

test('what the Union counts itself stays as it was', () => {
  const clocks = (pack: LawPack) => pack.instruments.find(({ id }) => id === 'eu.ai_act')?.clocks
  assert.deepEqual(clocks(laid), clocks(plain))
})

test('a national tier with the id of a tier stands in its place, others are added', () => {
  const tiers = (pack: LawPack, id: string) =>
    pack.instruments.find((one) => one.id === id)?.sanctions ?? []
  const essential = tiers(laid, 'eu.nis2').filter(({ id }) => id === 'eu.nis2/essential')
  assert.deepEqual(
    essential.map(({ fixed, basisPoints }) => [fixed, basisPoints]),
    [[[1_200_000_000n], 250]],
  )
  assert.equal(tiers(laid, 'eu.nis2').length, tiers(plain, 'eu.nis2').length)
  assert.equal(tiers(laid, 'eu.ai_act').length, tiers(plain, 'eu.ai_act').length + 1)
})

test('a designated channel names its designation; without an overlay none is designated', () => {
  const channel = (pack: LawPack) =>
    pack.instruments
      .find(({ id }) => id === 'eu.ai_act')
      ?.channels.find(({ id }) => id === 'incident_report')
  assert.equal(channel(plain)?.designation, null)
  assert.match(channel(laid)?.designation ?? '', /article 7 \(invented\)$/)
})

const basis = { article: '1', source: 'act', evidence: 'P' }
const good = {
  overlay: 'law.eu.xz',
  pack: 'law.eu',
  code: 'XZ',
  name: 'Zedland (fictional)',
  fictional: true,
  version: '1.0.0',
  status: 'draft',
  validFrom: '2026-01-01',
  asOf: '2026-01-01',
  languages: ['en'],
  sources: {
    act: {
      title: 'Invented for the exercise: Act',
      place: 'nowhere',
      retrievedOn: '2026-01-01',
    },
  },
  calendar: {
    zone: 'Europe/Brussels',
    like: 'BE',
    days: [{ date: '2027-02-01', holiday: true, name: 'Day', basis }],
    basis,
  },
  authorities: [{ id: 'eu.msa', name: 'Zed Office (fictional)', basis }],
  instruments: [
    {
      id: 'eu.whistle',
      channels: [
        {
          id: 'own',
          to: 'eu.whistle_authority',
          comity: 'designated',
          designation: 'Act, article 1 (invented)',
          where: 'here',
          basis,
        },
      ],
      sanctions: [{ id: 'own', for: 'all', cap: 'fixed_cap', fixed: 1, currency: 'EUR', basis }],
      transposition: {
        law: 'Act (invented)',
        counting: 'eu1182',
        clocks: [{ id: 'ack', basis }],
        basis,
      },
    },
  ],
}
// biome-ignore lint/suspicious/noExplicitAny: bad overlays have any form
type Draft = any

const FILE = 'law/eu/overlays/xz.yaml'
function lay(draft: Draft): LawPack {
  const text = stringify(draft, { aliasDuplicateObjects: false })
  return layOver(plain, readLawOverlay(text, FILE, sha256), FILE, sha256)
}

test('the overlay that the bad ones are made from fits', () => {
  assert.equal(lay(good).overlay?.code, 'XZ')
  assert.ok(lay(good).members.includes('XZ'))
})

const own = (d: Draft) => d.instruments[0]
type Bad = readonly [what: string, reason: string, path: string, break_: (d: Draft) => unknown]
const transposition = '/instruments/0/transposition'
// biome-ignore format: one line each
const bad: readonly Bad[] = [
  ['an unknown field', 'schema', '/colour', (d) => { d.colour = 'red' }],
  ['a missing source', 'schema', '/authorities/0/basis/source', (d) => delete d.authorities[0].basis.source],
  ['a missing mark', 'schema', '/calendar/basis/evidence', (d) => delete d.calendar.basis.evidence],
  ['a source that is not listed', 'unknown-source', '/calendar/basis/source', (d) => { d.calendar.basis.source = 'other' }],
  ['another id', 'overlay-id', '/overlay', (d) => { d.overlay = 'law.eu.xy' }],
  ['a day that does not exist', 'not-a-date', '/calendar/days/0/date', (d) => { d.calendar.days[0].date = '2027-02-30' }],
  ['a zone that does not exist', 'not-a-zone', '/calendar/zone', (d) => { d.calendar.zone = 'Europe/Atlantis' }],
  ['validity that ends before it begins', 'validity', '/validTo', (d) => { d.validTo = '2025-01-01' }],
  ['a fictional State with the code of a real one', 'fictional-code', '/code', (d) => Object.assign(d, { overlay: 'law.eu.fr', code: 'FR' })],
  ['a real State with a code for nobody', 'fictional-code', '/code', (d) => { d.fictional = false }],
  ['a State that is no member', 'unknown-member', '/code', (d) => Object.assign(d, { overlay: 'law.eu.no', code: 'NO', fictional: false })],
  ['a fictional State that does not say so', 'not-marked', '/name', (d) => { d.name = 'Zedland' }],
  ['a fictional authority that does not say so', 'not-marked', '/authorities/0/name', (d) => { d.authorities[0].name = 'Zed Office' }],
  ['a fictional act that does not say so', 'not-marked', `${transposition}/law`, (d) => { own(d).transposition.law = 'Act' }],
  ['a fictional source that does not say so', 'not-marked', '/sources/act/title', (d) => { d.sources.act.title = 'Act' }],
  ['words of an invented act', 'invented-quote', '/authorities/0/basis/quote', (d) => { d.authorities[0].basis.quote = 'so it was written' }],
  ['another pack', 'other-pack', '/pack', (d) => Object.assign(d, { overlay: 'law.gb.xz', pack: 'law.gb' })],
  ['an authority that the pack lacks', 'unknown-authority', '/authorities/0/id', (d) => { d.authorities[0].id = 'eu.nobody' }],
  ['a body after one for every case', 'never-reached', '/authorities/1', (d) => d.authorities.push(d.authorities[0])],
  ['a fact without a question', 'unknown-fact', '/authorities/0/when', (d) => { d.authorities[0].when = { fact: 'moonPhase', is: true } }],
  ['a question that the pack asks', 'duplicate-id', '/questions/deathOfPerson', (d) => { d.questions = { deathOfPerson: 'Again?' } }],
  ['an instrument that the pack lacks', 'unknown-instrument', '/instruments/0/id', (d) => { own(d).id = 'eu.none' }],
  ['an instrument twice', 'duplicate-id', '/instruments/1/id', (d) => d.instruments.push(own(d))],
  ['an instrument of which nothing is said', 'nothing-said', '/instruments/1', (d) => d.instruments.push({ id: 'eu.msr' })],
  ['a channel to nobody', 'unknown-authority', '/instruments/0/channels/0/to', (d) => { own(d).channels[0].to = 'eu.nobody' }],
  ['a channel for no clock', 'unknown-clock', '/instruments/0/channels/0/clocks', (d) => { own(d).channels[0].clocks = ['eu.whistle/none'] }],
  ['a designated channel without its designation', 'designation', '/instruments/0/channels/0/designation', (d) => delete own(d).channels[0].designation],
  ['a designation of what is not designated', 'designation', '/instruments/0/channels/0/designation', (d) => { own(d).channels[0].comity = 'not_designated' }],
  ['an amount without its currency', 'no-currency', '/instruments/0/sanctions/0/currency', (d) => delete own(d).sanctions[0].currency],
  ['a penalty in place of a maximum that Union law sets', 'no-room', '/instruments/0/sanctions/0/id', (d) => { own(d).id = 'eu.gdpr'; delete own(d).transposition; delete own(d).channels; own(d).sanctions[0].id = 'upper' }],
  ['a recalled penalty that binds', 'unverified-binding', '/instruments/0/sanctions/0/binding', (d) => { own(d).sanctions[0].basis.evidence = 'R' }],
  ['a transposition of a regulation', 'not-a-directive', transposition, (d) => { d.instruments = [{ id: 'eu.ai_act', transposition: own(d).transposition }] }],
  ['a transposition that leaves the counting to national law', 'schema', `${transposition}/counting`, (d) => { own(d).transposition.counting = 'national' }],
  ['a clock that the directive lacks', 'unknown-clock', `${transposition}/clocks/0/id`, (d) => { own(d).transposition.clocks[0].id = 'none' }],
  ['a recalled clock', 'unverified-binding', `${transposition}/clocks/0/basis`, (d) => { own(d).transposition.clocks[0].basis.evidence = 'R' }],
]

for (const [what, reason, path, break_] of bad) {
  test(`refused: ${what}`, () => {
    const draft = JSON.parse(JSON.stringify(good)) as Draft
    break_(draft)
    assert.throws(
      () => lay(draft),
      (error) => {
        assert.ok(error instanceof ComityError)
        assert.equal(error.field, `${FILE}#${path}`)
        assert.equal(error.reason, reason)
        assert.match(error.message, /law\/eu\/overlays\/xz\.yaml/)
        return true
      },
    )
  })
}

test('refused: a number that the quote of a real State does not hold', () => {
  const draft = JSON.parse(JSON.stringify(good)) as Draft
  Object.assign(draft, { overlay: 'law.eu.lu', code: 'LU', name: 'L', fictional: false })
  own(draft).transposition.clocks[0].basis.quote = 'within eight days'
  assert.throws(() => lay(draft), { message: /does not hold the number .*quote-number/ })
})
