/** What must hold for every question about competence and gaps, and questions that are none. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Json } from '../../base/canonical-json.ts'
import { isUnderstood } from '../../core/agreement/clause.ts'
import { caseCompetence } from '../../core/law/case-competence.ts'
import { caseGaps } from '../../core/law/case-overview.ts'
import { definitionsCrosswalk } from '../../core/law/definitions.ts'
import { lawQuestion } from '../../wire/law-question.ts'
import { readScenario } from '../../wire/law-scenarios.ts'
import { competenceText } from './competence-text.ts'
import { gapsText } from './gaps-text.ts'
import { LAW_FOLDER, shippedLaw } from './shipped-law.ts'
import { WIDTH } from './text-lines.ts'

const { packs } = shippedLaw()
const folder = join(LAW_FOLDER, 'scenarios')
const scenarios = readdirSync(folder)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => readScenario(readFileSync(join(folder, name), 'utf8'), name))

const ask = (question: Record<string, Json>) => {
  const asked = lawQuestion(question, packs)
  return caseGaps(asked.packs, asked.question)
}

/** Some of the facts of a scenario, and more of them. */
const fewerAndMore = fc
  .constantFrom(...scenarios)
  .chain(({ question }) => {
    const facts = Object.entries(question['facts'] as Record<string, Json>)
    const some = fc.subarray(facts)
    return fc.record({ question: fc.constant(question), fewer: some, more: some })
  })
  .map(({ question, fewer, more }) => ({
    question,
    few: Object.fromEntries(fewer),
    all: Object.fromEntries([...fewer, ...more]),
  }))

test('a further fact never unsettles who is competent, nor takes a measure away', () => {
  fc.assert(
    fc.property(fewerAndMore, ({ question, few, all }) => {
      const before = ask({ ...question, facts: few })
      const after = ask({ ...question, facts: all })
      const answers = new Map(after.competence.findings.map((each) => [each.rule, each.competent]))
      for (const { rule, competent } of before.competence.findings) {
        if (competent !== 'open') assert.equal(answers.get(rule), competent, rule)
      }
      const available = (answer: typeof before) =>
        answer.powers.flatMap(({ instrument, measure, authority, basis, state }) =>
          state === 'available' ? [`${instrument} ${measure} ${authority} ${basis.article}`] : [],
        )
      const kept = new Set(available(after))
      for (const key of available(before)) assert.ok(kept.has(key), key)
    }),
    { numRuns: 60 },
  )
})

test('a gap is never asserted where a question is open, and each has its articles or says why', () => {
  fc.assert(
    fc.property(fewerAndMore, ({ question, few }) => {
      const { gaps, undecided, competence } = ask({ ...question, facts: few })
      const asked = new Set(undecided.map(({ id }) => id))
      for (const { id } of gaps) assert.ok(!asked.has(id), id)
      assert.equal(new Set(gaps.map(({ id }) => id)).size, gaps.length)
      const open = competence.findings.filter(({ competent }) => competent === 'open')
      for (const { openQuestions, rule } of open) assert.ok(openQuestions.length > 0, rule)
    }),
    { numRuns: 60 },
  )
})

test('a higher yardstick never lets a sanction suffice that was too low', () => {
  const facts = { isAiSystem: true, processesPersonalData: true, offeredIn: ['DE', 'KR', 'US-CA'] }
  const low = (basisPoints: number) => {
    const turnovers = [
      { amount: 800_000_000, currency: 'EUR' },
      { amount: 900_000_000_000, currency: 'KRW' },
      { amount: 900_000_000, currency: 'USD' },
    ]
    const { gaps } = ask({ facts, packs: ['EU', 'KR'], yardstick: { basisPoints, turnovers } })
    return gaps.flatMap(({ type, id }) => (type === 'sanctionTooLow' ? [id] : []))
  }
  const points = fc.integer({ min: 1, max: 10_000 })
  fc.assert(
    fc.property(points, points, (a, b) => {
      const more = low(Math.max(a, b))
      for (const id of low(Math.min(a, b))) assert.ok(more.includes(id), id)
    }),
    { numRuns: 40 },
  )
  // The GDPR reaches 4 % of worldwide turnover (Article 83(5)).
  assert.ok(!low(400).includes('sanctionTooLow/EU/personal_data/maximum'))
  assert.ok(low(401).includes('sanctionTooLow/EU/personal_data/maximum'))
})

test('an instrument in place opens its one direction and lifts no block', () => {
  const between = (name: string, from: string, to: string) => ({ from, to, name })
  const facts = { processesPersonalData: true, offeredIn: ['DE', 'CN', 'US-CA'] }
  const question = { facts, packs: ['EU', 'CN', 'US-CA'] }
  const plain = ask(question)
  const inPlace = [between('a treaty', 'CN', 'EU'), between('an arrangement', 'EU', 'US-CA')]
  const opened = ask({ ...question, inPlace })
  const changed = opened.paths.filter(
    ({ effect }, n) => effect !== (plain.paths[n] as (typeof plain.paths)[number]).effect,
  )
  assert.deepEqual(changed.map(({ id, effect }) => [id, effect]).sort(), [
    ['EU>US-CA/confidential', 'permitted'],
    ['EU>US-CA/personal', 'permitted'],
  ])
})

test('each clause can be read by a machine, names its parties, and says what it cannot cure', () => {
  for (const { question, file } of scenarios) {
    const { gaps, clauses } = ask({ ...question, packs: null })
    const ids = new Set(gaps.map(({ id }) => id))
    for (const { gap, parties, clause, cannotCure } of clauses) {
      assert.ok(ids.has(gap), `${file} ${gap}`)
      assert.ok(parties.length >= 2, `${file} ${gap}`)
      assert.ok(isUnderstood({ id: 'x', ...clause }), `${file} ${gap}`)
      assert.ok(cannotCure.length > 20 && !clause.text.includes('undefined'), `${file} ${gap}`)
    }
  }
})

test('the text fits a terminal of 100 columns', () => {
  for (const { question, file } of scenarios) {
    const asked = lawQuestion({ ...question, packs: null }, packs)
    const answer = caseGaps(asked.packs, asked.question)
    const terms = definitionsCrosswalk(asked.packs, asked.question.on)
    const text = `${gapsText(answer, terms)}${competenceText(caseCompetence(asked.packs, asked.question))}`
    for (const line of text.split('\n')) assert.ok(line.length <= WIDTH, `${file}: ${line}`)
  }
})

const facts = { isAiSystem: true }
for (const [name, question, field] of [
  ['no object', [], 'question'],
  ['an unknown member', { facts, pack: ['EU'] }, 'question/pack'],
  ['facts as a list', { facts: [] }, 'facts'],
  ['a fact that is an object', { facts: { isAiSystem: {} } }, 'facts/isAiSystem'],
  ['a fact that is null', { facts: { isAiSystem: null } }, 'facts/isAiSystem'],
  ['a list of numbers', { facts: { offeredIn: [1] } }, 'facts/offeredIn'],
  ['the name of no fact', { facts: { 'is AI': true } }, 'facts'],
  ['a text without end', { facts: { offeredIn: 'x'.repeat(201) } }, 'facts/offeredIn'],
  ['a list without end', { facts: { offeredIn: Array(101).fill('DE') } }, 'facts/offeredIn'],
  [
    'facts without end',
    { facts: Object.fromEntries(Array.from({ length: 301 }, (_, n) => [`fact${n}`, true])) },
    'facts',
  ],
  ['an unknown pack', { facts, packs: ['EU', 'XX'] }, 'packs/1'],
  ['no packs', { facts, packs: [] }, 'packs'],
  ['packs as text', { facts, packs: 'EU' }, 'packs'],
  ['no such day', { facts, on: '2027-02-30' }, 'on'],
  ['a moment for a day', { facts, on: '2027-02-01T00:00Z' }, 'on'],
  ['a firm without a name', { facts, entities: [{ roles: [] }] }, 'entities/0/name'],
  ['roles as text', { facts, entities: [{ name: 'A', roles: 'provider' }] }, 'entities/0/roles'],
  ['a firm with more', { facts, entities: [{ name: 'A', ceo: 'B' }] }, 'entities/0/ceo'],
  ['a yardstick of nothing', { facts, yardstick: { basisPoints: 0 } }, 'yardstick/basisPoints'],
  ['a yardstick in part', { facts, yardstick: { basisPoints: 2.5 } }, 'yardstick/basisPoints'],
  ['more than all', { facts, yardstick: { basisPoints: 10_001 } }, 'yardstick/basisPoints'],
  [
    'a turnover below zero',
    { facts, yardstick: { basisPoints: 1, turnovers: [{ amount: -1, currency: 'EUR' }] } },
    'yardstick/turnovers/0/amount',
  ],
  [
    'no currency',
    { facts, yardstick: { basisPoints: 1, turnovers: [{ amount: 1 }] } },
    'yardstick/turnovers/0/currency',
  ],
  [
    'two turnovers in one currency',
    {
      facts,
      yardstick: {
        basisPoints: 1,
        turnovers: [
          { amount: 1, currency: 'EUR' },
          { amount: 2, currency: 'EUR' },
        ],
      },
    },
    'yardstick/turnovers',
  ],
  ['half an instrument', { facts, inPlace: [{ from: 'EU', to: 'GB' }] }, 'inPlace/0/name'],
] as const) {
  test(`${name} is no question`, () => {
    assert.throws(() => lawQuestion(question as unknown as Json, packs), {
      code: 'malformed',
      field,
    })
  })
}
