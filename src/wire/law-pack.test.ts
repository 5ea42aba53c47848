import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse, stringify } from 'yaml'
import { ComityError } from '../base/errors.ts'
import { type PackFiles, readLawPack, readSharedQuestions } from './law-pack.ts'
import { lawPackSchemaText } from './law-pack-schema.ts'

const root = new URL('../../', import.meta.url)
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const names = readdirSync(new URL('law/', root)).filter(
  (name) => !name.includes('.') && name !== 'scenarios',
)
const fileOf = (name: string) => readFileSync(new URL(`law/${name}`, root), 'utf8')
const questions = readSharedQuestions(fileOf('questions.yaml'), 'law/questions.yaml')

for (const name of names) {
  test(`the pack of ${name} loads`, () => {
    const textOf = (file: string) => fileOf(`${name}/${file}`)
    const pack = readLawPack({ folder: `law/${name}`, textOf, questions }, sha256)
    assert.equal(pack.id, `law.${name}`)
    assert.equal(pack.status, 'draft')
    const files = ['pack.yaml', ...(parse(textOf('pack.yaml')) as Head).instruments]
    const lines = files.map((file) => `${hex(textOf(file))}  ${file}\n`)
    assert.equal(pack.digest, hex(lines.join('')))
    for (const { clocks } of pack.instruments) {
      for (const { id, basis } of clocks) {
        assert.ok(basis.source.length > 10 && basis.article.length > 0, id)
        assert.match(basis.retrievedOn, /^\d{4}-\d{2}-\d{2}$/)
      }
    }
  })
}
type Head = { readonly instruments: readonly string[] }
const hex = (text: string) => createHash('sha256').update(text).digest('hex')

test('the published schema is the one that packs are read with', () => {
  const published = readFileSync(new URL('protocol/schemas/law-pack.json', root), 'utf8')
  assert.equal(published, lawPackSchemaText())
})

const basis = { article: '1(1)', source: 'act', evidence: 'P', quote: 'within 15 days of it' }
const clock = {
  id: 'report',
  stage: 'notification',
  kind: 'max',
  period: { count: 15, unit: 'calendar_day' },
  start: { event: 'aware' },
  basis,
}
const good = {
  pack: 'law.zz',
  version: '0.1.0',
  status: 'draft',
  legalOrder: 'ZZ',
  name: 'Zedland (invented)',
  validFrom: '2026-01-01',
  asOf: '2026-01-01',
  languages: ['en'],
  sources: { act: { title: 'Invented Act', place: 'nowhere', retrievedOn: '2026-01-01' } },
  questions: { offeredIn: 'Where?' },
  calendar: {
    places: [{ zone: 'Europe/Brussels', holidays: 'BE' }],
    weekend: [6, 7],
    counting: 'eu1182',
    countingBasis: { article: '3', source: 'act', evidence: 'P' },
    holidaysBasis: { article: '2', source: 'act', evidence: 'S' },
  },
  instruments: [
    {
      id: 'zz.act',
      name: 'Invented Act',
      matter: 'other',
      citation: { text: 'Act 1' },
      status: 'in_force',
      statusBasis: { article: '9', source: 'act', evidence: 'P' },
      authorities: [
        {
          id: 'zz.office',
          kind: 'office',
          name: 'Office',
          basis: { article: '2', source: 'act', evidence: 'P' },
        },
      ],
      competence: [
        {
          id: 'office',
          authority: 'zz.office',
          text: 'Where it is offered.',
          when: { fact: 'offeredIn', here: true },
          basis: { article: '2', source: 'act', evidence: 'P' },
        },
      ],
      clocks: [clock],
      measures: [],
    },
  ],
}
type Draft = typeof good
const instrumentOf = (draft: Draft) => draft.instruments[0] as Draft['instruments'][number]
// biome-ignore lint/suspicious/noExplicitAny: bad packs have any form
const clockOf = (draft: Draft): any => instrumentOf(draft).clocks[0]

const tier = {
  id: 'fine',
  for: 'not reporting',
  cap: 'higher_of',
  fixed: 15_000_000,
  currency: 'EUR',
  percent: 3,
  base: 'worldwide_prev_fy',
  basis: {
    article: '9',
    source: 'act',
    evidence: 'P',
    quote: 'up to EUR 15 000 000 or 3 % of its turnover, whichever is higher',
  },
}
function tierOf(draft: Draft, changed: object): void {
  Object.assign(instrumentOf(draft), { sanctions: [{ ...tier, ...changed }] })
}

test('a sanction tier loads in minor units and basis points', () => {
  const draft = structuredClone(good)
  tierOf(draft, {})
  const [read] = readLawPack(filesOf(draft), sha256).instruments[0]?.sanctions ?? []
  assert.deepEqual(
    [read?.id, read?.fixed, read?.basisPoints],
    ['zz.act/fine', [1_500_000_000n], 300],
  )
})

test('the pack that the bad ones are made from loads', () => {
  assert.equal(readLawPack(filesOf(good), sha256).instruments.length, 1)
})

const bad: readonly [what: string, reason: string, path: string, break_: (d: Draft) => void][] = [
  // biome-ignore format: one line each
  ['an unknown field of the pack', 'schema', '/colour', (d) => Object.assign(d, { colour: 'red' })],
  // biome-ignore format: one line each
  ['an instrument without its matter', 'schema', '/instruments/0/matter', (d) => { delete (instrumentOf(d) as { matter?: string }).matter }],
  // biome-ignore format: one line each
  ['a matter that packs do not share', 'schema', '/instruments/0/matter', (d) => { instrumentOf(d).matter = 'fishery' }],
  // biome-ignore format: one line each
  ['an unknown field of a clock', 'schema', '/instruments/0/clocks/0/dueAt', (d) => { clockOf(d).dueAt = '2026-01-01' }],
  // biome-ignore format: one line each
  ['a missing source', 'schema', '/instruments/0/clocks/0/basis/source', (d) => { clockOf(d).basis = { article: '1', evidence: 'P' } }],
  // biome-ignore format: one line each
  ['a missing mark', 'schema', '/instruments/0/clocks/0/basis/evidence', (d) => { clockOf(d).basis = { article: '1', source: 'act' } }],
  // biome-ignore format: one line each
  ['a missing article', 'schema', '/instruments/0/clocks/0/basis/article', (d) => { clockOf(d).basis = { source: 'act', evidence: 'P' } }],
  // biome-ignore format: one line each
  ['an unknown mark', 'schema', '/instruments/0/clocks/0/basis/evidence', (d) => { clockOf(d).basis = { ...basis, evidence: 'Q' } }],
  // biome-ignore format: one line each
  ['a source that the pack does not name', 'unknown-source', '/instruments/0/clocks/0/basis/source', (d) => { clockOf(d).basis = { ...basis, source: 'other' } }],
  // biome-ignore format: one line each
  ['a source named like a prototype key', 'unknown-source', '/instruments/0/clocks/0/basis/source', (d) => { clockOf(d).basis = { ...basis, source: 'constructor' } }],
  // biome-ignore format: one line each
  ['a number without a start', 'no-start', '/instruments/0/clocks/0/start', (d) => { delete clockOf(d).start }],
  // biome-ignore format: one line each
  ['an unknown start event', 'schema', '/instruments/0/clocks/0/start/event', (d) => { clockOf(d).start = { event: 'full_moon' } }],
  // biome-ignore format: one line each
  ['an unknown unit', 'schema', '/instruments/0/clocks/0/period/unit', (d) => { clockOf(d).period = { count: 15, unit: 'fortnight' } }],
  // biome-ignore format: one line each
  ['a stage that packs do not share', 'schema', '/instruments/0/clocks/0/stage', (d) => { clockOf(d).stage = 'report' }],
  // biome-ignore format: one line each
  ['a measure that packs do not share', 'schema', '/instruments/0/measures/0/code', (d) => { instrumentOf(d).measures = [{ code: 'scolding', rung: 2, authority: 'zz.office', preconditions: [], track: 'administrative', basis: { article: '5', source: 'act', evidence: 'P' } }] as never }],
  // biome-ignore format: one line each
  ['a count of zero', 'schema', '/instruments/0/clocks/0/period/count', (d) => { clockOf(d).period = { count: 0, unit: 'hour' } }],
  // biome-ignore format: one line each
  ['a count with a fraction', 'schema', '/instruments/0/clocks/0/period/count', (d) => { clockOf(d).period = { count: 1.5, unit: 'hour' } }],
  // biome-ignore format: one line each
  ['a max clock without a period', 'period', '/instruments/0/clocks/0/period', (d) => { delete clockOf(d).period }],
  // biome-ignore format: one line each
  ['a qualitative clock with a period', 'period', '/instruments/0/clocks/0/period', (d) => { clockOf(d).kind = 'qualitative' }],
  // biome-ignore format: one line each
  ['a number that its quote does not hold', 'quote-number', '/instruments/0/clocks/0/basis/quote', (d) => { clockOf(d).period = { count: 10, unit: 'calendar_day' } }],
  // biome-ignore format: one line each
  ['a unit that its quote does not hold', 'quote-number', '/instruments/0/clocks/0/basis/quote', (d) => { clockOf(d).period = { count: 15, unit: 'hour' } }],
  // biome-ignore format: one line each
  ['working days quoted as days', 'quote-number', '/instruments/0/clocks/0/basis/quote', (d) => { clockOf(d).period = { count: 15, unit: 'working_day' } }],
  // biome-ignore format: one line each
  ['a number inside a longer one', 'quote-number', '/instruments/0/clocks/0/basis/quote', (d) => { clockOf(d).basis = { ...basis, quote: 'within 115 days of it' } }],
  // biome-ignore format: one line each
  ['a quote of a text that was not read', 'quote-unread', '/instruments/0/clocks/0/basis/quote', (d) => { clockOf(d).basis = { ...basis, evidence: 'S' } }],
  // biome-ignore format: one line each
  ['a quote of a text that was not read, deep in a clock', 'quote-unread', '/instruments/0/clocks/0/extension/basis/quote', (d) => { clockOf(d).extension = { count: 15, unit: 'calendar_day', times: 1, condition: 'where needed', basis: { ...basis, evidence: 'S' } } }],
  // biome-ignore format: one line each
  ['a quote of a status that was not read', 'quote-unread', '/instruments/0/statusBasis/quote', (d) => { instrumentOf(d).statusBasis = { ...basis, evidence: 'R' } }],
  // biome-ignore format: one line each
  ['a quote of a calendar that was not read', 'quote-unread', '/calendar/holidaysBasis/quote', (d) => { d.calendar.holidaysBasis = { ...basis, evidence: 'S' } }],
  // biome-ignore format: one line each
  ['a week without a working day', 'schema', '/calendar/weekend', (d) => { d.calendar.weekend = [1, 2, 3, 4, 5, 6, 7] }],
  // biome-ignore format: one line each
  ['a key of applicability that asks for an unknown fact', 'unknown-fact', '/instruments/0/applies', (d) => { Object.assign(instrumentOf(d), { applies: { provisionAppliesFrom: { date: '2026-01-01', when: { fact: 'unheard', is: true }, basis: { article: '9', source: 'act', evidence: 'P' } } } }) }],
  // biome-ignore format: one line each
  ['a recalled entry that is not marked', 'unverified-binding', '/instruments/0/clocks/0/binding', (d) => { clockOf(d).basis = { article: '1', source: 'act', evidence: 'R' } }],
  // biome-ignore format: one line each
  ['a recalled entry marked binding', 'unverified-binding', '/instruments/0/clocks/0/binding', (d) => { Object.assign(clockOf(d), { binding: true, basis: { article: '1', source: 'act', evidence: 'R' } }) }],
  // biome-ignore format: one line each
  ['a clock that starts from itself', 'cycle', '/instruments/0/clocks/0/start', (d) => { clockOf(d).start = { event: 'notification_submitted', ofClock: 'zz.act/report' } }],
  // biome-ignore format: one line each
  ['two clocks that start from each other', 'cycle', '/instruments/0/clocks/0/start', (d) => { instrumentOf(d).clocks = [{ ...clock, start: { event: 'notification_submitted', ofClock: 'zz.act/second' } }, { ...clock, id: 'second', start: { event: 'notification_submitted', ofClock: 'zz.act/report' } }] as never }],
  // biome-ignore format: one line each
  ['a chain to a clock that is not there', 'unknown-clock', '/instruments/0/clocks/0/start/ofClock', (d) => { clockOf(d).start = { event: 'notification_submitted', ofClock: 'zz.act/none' } }],
  // biome-ignore format: one line each
  ['two clocks of one id', 'duplicate-id', '/instruments/0/clocks/1/id', (d) => { instrumentOf(d).clocks = [clock, clock] }],
  // biome-ignore format: one line each
  ['two instruments of one id', 'duplicate-id', '/instruments/1/id', (d) => { d.instruments.push(instrumentOf(d)) }],
  // biome-ignore format: one line each
  ['a rule for an authority that is not there', 'unknown-authority', '/instruments/0/competence/0/authority', (d) => { instrumentOf(d).authorities = [] }],
  // biome-ignore format: one line each
  ['a fact without a question', 'unknown-fact', '/instruments/0/competence/0/when', (d) => { d.questions = {} as never }],
  // biome-ignore format: one line each
  ['a condition of no known form', 'schema', '/instruments/0/competence/0/when', (d) => { Object.assign(instrumentOf(d).competence[0] ?? {}, { when: { fact: 'offeredIn', near: true } }) }],
  // biome-ignore format: one line each
  ['a hearing that is no clock of kind min', 'unknown-clock', '/instruments/0/measures/0/hearing', (d) => { instrumentOf(d).measures = [{ code: 'corrective_order', rung: 4, authority: 'zz.office', preconditions: [], hearing: 'zz.act/report', track: 'administrative', basis: { article: '5', source: 'act', evidence: 'P' } }] as never }],
  // biome-ignore format: one line each
  ['a numeral that is not in the quote', 'quote-number', '/instruments/0/clocks/0/basis/quote', (d) => { clockOf(d).basis = { ...basis, numeral: 'quince' } }],
  // biome-ignore format: one line each
  ['a tier whose quote has another amount', 'quote-number', '/instruments/0/sanctions/0/basis/quote', (d) => { tierOf(d, { basis: { ...tier.basis, quote: 'up to EUR 25 000 000 or 3 %' } }) }],
  // biome-ignore format: one line each
  ['a tier whose quote has another percentage', 'quote-number', '/instruments/0/sanctions/0/basis/quote', (d) => { tierOf(d, { percent: 2 }) }],
  // biome-ignore format: one line each
  ['a threshold that its quote does not hold', 'quote-number', '/instruments/0/thresholds/1/basis/quote', (d) => { Object.assign(instrumentOf(d), { thresholds: [{ id: 'a', value: 15, unit: 'days', text: 'x', basis }, { id: 'b', value: 16, unit: 'days', text: 'x', basis }] }) }],
  // biome-ignore format: one line each
  ['a limitation that its quote does not hold', 'quote-number', '/instruments/0/limitation/basis/quote', (d) => { Object.assign(instrumentOf(d), { limitation: { years: 5, basis } }) }],
  // biome-ignore format: one line each
  ['a turnover to exceed that its quote does not hold', 'quote-number', '/instruments/0/sanctions/0/basis/quote', (d) => { tierOf(d, { percentAbove: 20_000_000 }) }],
  // biome-ignore format: one line each
  ['a percentage finer than a basis point', 'percent', '/instruments/0/sanctions/0/percent', (d) => { tierOf(d, { percent: 3.001 }) }],
  // biome-ignore format: one line each
  ['a tier that takes both arms without a percentage', 'cap-shape', '/instruments/0/sanctions/0/percent', (d) => { tierOf(d, { percent: undefined }) }],
  // biome-ignore format: one line each
  ['an amount without a currency', 'no-currency', '/instruments/0/sanctions/0/currency', (d) => { tierOf(d, { currency: undefined }) }],
  // biome-ignore format: one line each
  ['a range with one end', 'cap-shape', '/instruments/0/sanctions/0/fixed', (d) => { tierOf(d, { cap: 'fixed_range' }) }],
  // biome-ignore format: one line each
  ['a tier that changes one that is not there', 'unknown-tier', '/instruments/0/sanctions/0/modifies', (d) => { tierOf(d, { modifies: ['zz.act/none'] }) }],
  // biome-ignore format: one line each
  ['a recalled tier that binds', 'unverified-binding', '/instruments/0/sanctions/0/binding', (d) => { tierOf(d, { basis: { article: '1', source: 'act', evidence: 'R' } }) }],
  // biome-ignore format: one line each
  ['a clock that counts back from one without an end', 'unknown-clock', '/instruments/0/clocks/0/start/endOf', (d) => { clockOf(d).start = { endOf: 'zz.act/none' } }],
  // biome-ignore format: one line each
  ['a clock that starts from an event and counts back', 'two-starts', '/instruments/0/clocks/0/start', (d) => { clockOf(d).start = { event: 'aware', endOf: 'zz.act/report' } }],
  // biome-ignore format: one line each
  ['a clock that counts back from itself', 'cycle', '/instruments/0/clocks/0/start', (d) => { clockOf(d).start = { endOf: 'zz.act/report' } }],
  // biome-ignore format: one line each
  ['an extension by hours of a period in days', 'extension-unit', '/instruments/0/clocks/0/extension/unit', (d) => { clockOf(d).extension = { count: 3, unit: 'hour', times: 1, condition: 'where needed', basis } }],
  // biome-ignore format: a table that a lawyer can read
  ['an extension that its quote does not hold', 'quote-number', '/instruments/0/clocks/0/extension/basis/quote', (d) => { clockOf(d).extension = { count: 3, unit: 'month', times: 1, condition: 'where needed', basis } }],
  // biome-ignore format: one line each
  ['a zone that does not exist', 'not-a-zone', '/calendar/places/0/zone', (d) => { d.calendar.places = [{ zone: 'Europe/Atlantis', holidays: 'BE' }] }],
  // biome-ignore format: one line each
  ['a calendar without a place', 'schema', '/calendar/places', (d) => { d.calendar.places = [] }],
  // biome-ignore format: one line each
  ['a day that does not exist', 'not-a-date', '/validFrom', (d) => { d.validFrom = '2026-02-30' }],
  // biome-ignore format: one line each
  ['validity that ends before it begins', 'validity', '/validTo', (d) => Object.assign(d, { validTo: '2025-01-01' })],
  // biome-ignore format: one line each
  ['the id of another legal order', 'pack-id', '/pack', (d) => { d.pack = 'law.yy' }],
  // biome-ignore format: one line each
  ['a counting rule that nobody wrote', 'schema', '/calendar/counting', (d) => { d.calendar.counting = 'lunar' }],
]
for (const [what, reason, path, break_] of bad) {
  test(`does not load: ${what}`, () => {
    const draft = structuredClone(good)
    break_(draft)
    assert.throws(() => readLawPack(filesOf(draft), sha256), refusedAs(reason, path))
  })
}

for (const [what, text, reason] of [
  ['no YAML', 'pack: [', 'not-yaml'],
  ['a key that stands twice', 'pack: law.zz\npack: law.zz', 'not-yaml'],
  ['an alias', 'pack: &a law.zz\nversion: *a', 'alias'],
  ['a tag that makes objects', 'pack: !!js/function x', 'not-yaml'],
  ['a prototype key', '__proto__: { a: 1 }', 'forbidden-key'],
  ['nothing', '', 'schema'],
  ['a list', '- 1', 'schema'],
  ['too much', `name: ${'x'.repeat(2_000_001)}`, 'too-long'],
] as const) {
  test(`does not load: ${what}`, () => {
    const files = { folder: 'zz', textOf: () => text, questions: {} }
    assert.throws(() => readLawPack(files, sha256), refusedAs(reason, ''))
  })
}

test('a key that is not allowed is named with its file', () => {
  const files = { folder: 'zz', textOf: () => '{ a: { __proto__: 1 } }', questions: {} }
  assert.throws(() => readLawPack(files, sha256), /zz\/pack\.yaml#\/a\/__proto__/)
})

test('a number may stand in words', () => {
  const draft = structuredClone(good)
  clockOf(draft).period = { count: 2, unit: 'calendar_day' }
  clockOf(draft).basis = { ...basis, quote: 'not later than two days after' }
  assert.equal(readLawPack(filesOf(draft), sha256).instruments.length, 1)
})

test('a number may stand in words that the entry names', () => {
  const draft = structuredClone(good)
  clockOf(draft).basis = { ...basis, quote: 'dentro de quince días', numeral: 'quince días' }
  assert.equal(readLawPack(filesOf(draft), sha256).instruments.length, 1)
})

test('quotes are found in the packs for every number read in the text of the law', () => {
  const quoted = names
    .flatMap((name) => instrumentFiles(name))
    .flatMap(({ instrument: { clocks } }) => clocks ?? [])
    .filter(({ period, basis: of }) => period !== undefined && of.quote !== undefined)
  assert.ok(quoted.length >= 15, `${quoted.length}`)
})

function instrumentFiles(name: string) {
  const { instruments } = parse(fileOf(`${name}/pack.yaml`)) as Head
  return instruments.map(
    (file) => parse(fileOf(`${name}/${file}`)) as { instrument: Draft['instruments'][number] },
  )
}

/** In a draft all is one object; `/instruments/2/…` is the file `part-2.yaml#/instrument/…`. */
function filesOf({ instruments, ...head }: Draft): PackFiles {
  const parts = instruments.map((_, n) => `part-${n}.yaml`)
  const texts = new Map([
    ['pack.yaml', yamlOf({ ...head, instruments: parts })],
    ...instruments.map((instrument, n) => [`part-${n}.yaml`, yamlOf({ instrument })] as const),
  ])
  return { folder: 'zz', textOf: (name) => texts.get(name), questions: {} }
}

function refusedAs(reason: string, path: string) {
  const [, part, rest] = /^\/instruments\/(\d+)(\/.*)$/.exec(path) ?? []
  const field = part ? `zz/part-${part}.yaml#/instrument${rest}` : `zz/pack.yaml#${path}`
  return (error: unknown) => {
    assert.ok(error instanceof ComityError, String(error))
    assert.equal(error.code, 'malformed')
    assert.equal(error.reason, reason, error.message)
    if (path !== '') assert.equal(error.field, field)
    assert.match(error.field ?? '', /^zz\//)
    return true
  }
}

function yamlOf(value: object): string {
  return stringify(value, { aliasDuplicateObjects: false })
}
