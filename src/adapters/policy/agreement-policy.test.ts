import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import fc from 'fast-check'
import { readAgreement } from '../../../test/support/careful-reader.ts'
import { ALBION, MERIDIA, ringAgreement, SIERRA } from '../../../test/support/ring.ts'
import { ComityError } from '../../base/errors.ts'
import { addMs, instant } from '../../base/time.ts'
import type { Clause, CooperationPhase, ReleaseKind } from '../../core/agreement/clause.ts'
import { clausesOutOfEffect, documentInEffect } from '../../core/agreement/clauses-in-effect.ts'
import type { AgreementDocument } from '../../core/agreement/document.ts'
import { answerConditions } from '../../core/agreement/threshold.ts'
import type { Condition, Facts } from '../../core/law/condition.ts'
import { RELEASE_SCHEMA } from '../../core/release/cedar-schema.ts'
import { compileAgreement } from '../../core/release/compile-agreement.ts'
import { policyFaults } from '../../core/release/policy-faults.ts'
import { askPolicy, type ReleaseQuestion } from '../../core/release/request.ts'
import { createCedarPolicy } from './cedar.ts'

const policy = createCedarPolicy()
const document = ringAgreement()

const question: ReleaseQuestion = {
  officer: 'ada',
  roles: ['caseOfficer'],
  authority: MERIDIA,
  recipient: ALBION,
  purpose: 'investigation',
  legalBasis: 'statute 1',
  kind: 'case',
  categories: ['caseSummary'],
  emergency: false,
}

function answer(of: AgreementDocument, change: Partial<ReleaseQuestion>) {
  const asked = { ...question, ...change }
  const answers = askPolicy(of, asked, policy.decide)
  const found = answers.get(asked.categories[0] ?? '')
  assert.ok(found)
  assert.deepEqual(found.errors, [])
  return found
}

test('the compiled model agreement is valid Cedar under the schema, in strict mode', () => {
  const validated = cedar.validate({
    schema: RELEASE_SCHEMA,
    policies: { staticPolicies: compileAgreement(document) },
    validationSettings: { mode: 'strict' },
  })
  assert.equal(validated.type, 'success')
  assert.deepEqual(validated.type === 'success' && validated.validationErrors, [])
})

test('combinations of category, purpose, kind and recipient', () => {
  const table: readonly [Partial<ReleaseQuestion>, 'allow' | 'deny', string[]][] = [
    [{}, 'allow', ['clause:4.1']],
    [{ categories: ['technicalFacts'] }, 'allow', ['clause:4.1']],
    [{ recipient: SIERRA }, 'allow', ['clause:4.1']],
    [{ purpose: 'assistance', kind: 'exhibit' }, 'allow', ['clause:4.1']],
    [{ purpose: 'statistics' }, 'deny', []],
    [{ purpose: 'curiosity' }, 'deny', []],
    [{ kind: 'stub' }, 'deny', []],
    [{ roles: ['reviewer'] }, 'deny', []],
    [{ roles: [] }, 'deny', []],
    [{ roles: ['administrator', 'liaison'] }, 'allow', ['clause:4.1']],
    [{ recipient: MERIDIA }, 'deny', []],
    [{ recipient: 'outside.example' }, 'deny', []],
    [{ authority: 'outside.example' }, 'deny', []],
    [{ categories: ['coordinationStub'] }, 'deny', []],
    [
      { categories: ['coordinationStub'], kind: 'stub', purpose: 'coordinatedDisclosure' },
      'allow',
      ['clause:2.1'],
    ],
    [{ categories: ['reporterContact'] }, 'deny', ['categories:releasable', 'clause:4.2']],
    [
      { categories: ['reporterContact'], recipient: SIERRA },
      'deny',
      ['categories:releasable', 'clause:4.2', 'clause:4.6'],
    ],
    [{ categories: ['personalData'] }, 'allow', ['clause:4.4']],
    [{ categories: ['personalData'], recipient: SIERRA }, 'deny', ['clause:4.6']],
    [{ categories: ['personalData'], authority: SIERRA }, 'deny', ['clause:4.6']],
    [{ categories: ['exhibitTranscript'] }, 'deny', []],
    [{ categories: ['exhibitTranscript'], kind: 'exhibit' }, 'allow', ['clause:4.3']],
    [{ categories: ['statistics'], purpose: 'statistics' }, 'allow', ['clause:4.5']],
    [{ categories: ['unheardOf'] }, 'deny', ['categories:releasable']],
  ]
  for (const [change, decision, policyIds] of table) {
    const found = answer(document, change)
    assert.deepEqual(
      [found.decision, found.policyIds],
      [decision, policyIds],
      JSON.stringify(change),
    )
  }
})

test('without any instrument no personal data leaves a legal order', () => {
  const bare = ringAgreement({ transferInstruments: [] })
  const asked = { categories: ['personalData'] }
  assert.deepEqual(answer(bare, asked).policyIds, ['clause:4.6'])
  const [eu, gb, us] = bare.parties
  assert.ok(eu && gb && us)
  const sameOrder = ringAgreement({
    transferInstruments: [],
    parties: [eu, { ...gb, legalOrder: 'EU' }, us],
  })
  assert.equal(answer(sameOrder, asked).decision, 'allow')
})

test('a clause that is not understood forbids everything', () => {
  const strange: readonly object[] = [
    { id: '9.9', kind: 'permitOnFridays', text: 'On Fridays everything may be released.' },
    { id: '9.9', kind: 'statement', text: 'A statement.', until: '2026-12-31' },
    { id: '9.9', kind: 'duty', text: 'A duty.', duty: { kind: 'returnIt', withinDays: 3 } },
  ]
  for (const clause of strange) {
    const clauses = [...document.clauses, clause as Clause]
    const found = answer(ringAgreement({ clauses }), {})
    assert.deepEqual([found.decision, found.policyIds], ['deny', ['clause:9.9']])
  }
})

test('the words of a clause cannot become policy', () => {
  const injected =
    '"];\npermit (principal, action, resource);\r\u2028\u0085permit (principal, action, resource);'
  const clauses = document.clauses.map((clause) => ({ ...clause, text: injected }))
  const hostile = ringAgreement({ clauses, title: injected })
  const found = answer(hostile, { categories: ['reporterContact'] })
  assert.deepEqual(
    [found.decision, found.policyIds],
    ['deny', ['categories:releasable', 'clause:4.2']],
  )
  assert.equal(answer(hostile, { purpose: 'statistics' }).decision, 'deny')
})

test('an id that could not stand in policy text is malformed', () => {
  const bad = ['x"', 'a b', '', 'line\nbreak', '\\', 'ü', '"].contains("']
  for (const id of bad) {
    const clauses = [{ id: '1', kind: 'forbidRelease', text: 't', categories: [id] } as const]
    assert.throws(
      () => compileAgreement(ringAgreement({ clauses })),
      (error: unknown) => error instanceof ComityError && error.code === 'malformed',
      JSON.stringify(id),
    )
  }
})

const CATEGORIES = ['c1', 'c2', 'c3']
const PURPOSES = ['p1', 'p2']
const KINDS: readonly ReleaseKind[] = ['stub', 'case', 'exhibit']
const ORDERS = ['EU', 'GB', 'US-CA']
const some = <T>(items: readonly T[]) => fc.subarray([...items], { minLength: 1 })

const INSTANTS = ['2026-11-05', '2026-11-22', '2027-02-01'].map((day) =>
  instant(`${day}T12:00:00.000Z`),
)
const PHASES: readonly CooperationPhase[] = ['pilot', 'scaleUp', 'full']
const CONDITIONS: readonly Condition[] = [
  { fact: 'urgent', is: true },
  { not: { fact: 'urgent', is: true } },
  {
    all: [
      { fact: 'urgent', is: true },
      { fact: 'harms', has: 'health' },
    ],
  },
]
const NODES = [MERIDIA, ALBION, SIERRA]
const ways = fc.record({ from: fc.constantFrom(...NODES), to: fc.constantFrom(...NODES) })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })

const clauseBody = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('permitRelease' as const),
      categories: some(CATEGORIES),
      purposes: some(PURPOSES),
      releaseKinds: some(KINDS),
      duties: fc.constant([]),
      between: maybe(fc.array(ways, { minLength: 1, maxLength: 3 })),
      when: maybe(fc.constantFrom(...CONDITIONS)),
      phases: maybe(some(PHASES)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('forbidRelease' as const),
      categories: fc.subarray(CATEGORIES, { minLength: 1, maxLength: 1 }),
      to: maybe(some(ORDERS)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('requireTransferInstrument' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('exempt' as const),
      clauses: some(['0', '1', '2', '3']),
      until: fc.constantFrom(...INSTANTS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('phase' as const),
      phase: fc.constantFrom(...PHASES),
      fromAt: fc.constantFrom(...INSTANTS),
    }),
  },
)

const days = fc.constantFrom('2026-01-01', '2026-11-22', '2026-11-23', '2027-02-01')
const instruments = fc.record({
  from: fc.constantFrom(...ORDERS),
  to: fc.constantFrom(...ORDERS),
  authorisedOn: days,
  validUntil: maybe(days),
  categories: maybe(some(CATEGORIES)),
})

const agreements = fc
  .record({
    bodies: fc.array(clauseBody, { minLength: 1, maxLength: 6 }),
    flags: fc.array(fc.record({ releasable: fc.boolean(), personal: fc.boolean() }), {
      minLength: 3,
      maxLength: 3,
    }),
    routes: fc.array(instruments, { maxLength: 4 }),
  })
  .map(({ bodies, flags, routes }) =>
    ringAgreement({
      categories: flags.map((flag, n) => ({
        ...flag,
        ...{ id: CATEGORIES[n] as string, text: 't', reviewRequired: false },
      })),
      clauses: bodies.map((body, n) => withoutAbsent({ ...body, id: `${n}`, text: 't' }) as Clause),
      transferInstruments: routes.map((route) =>
        withoutAbsent({ ...route, kind: 'treaty', authorisation: 'a', simulated: true }),
      ) as AgreementDocument['transferInstruments'],
    }),
  )

function withoutAbsent(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined))
}

const moments = fc.record({
  now: fc.constantFrom(...INSTANTS, ...INSTANTS.map((at) => addMs(at, -1))),
  disputed: fc.subarray(['0', '1', '2']).map((ids): ReadonlySet<string> => new Set(ids)),
})
const facts = fc.constantFrom<Facts>(
  {},
  { urgent: true },
  { urgent: true, harms: ['health'] },
  { urgent: false, harms: [] },
)
const HERE = { legalOrder: 'EU', members: [], within: [] }

const nodes = fc.constantFrom(MERIDIA, ALBION, SIERRA, 'outside.example')
const questions = fc.record({
  officer: fc.constant('ada'),
  roles: fc.subarray(['caseOfficer', 'reviewer', 'liaison'] as const),
  authority: nodes,
  recipient: nodes,
  purpose: fc.constantFrom(...PURPOSES, 'p9'),
  legalBasis: fc.constant('b'),
  kind: fc.constantFrom(...KINDS),
  categories: fc.constant([...CATEGORIES, 'c9']),
  emergency: fc.boolean(),
})

test('the engine permits exactly what a careful reader would', () => {
  const seen = { permitted: 0, narrowed: 0, dropped: 0 }
  fc.assert(
    fc.property(
      agreements,
      moments,
      facts,
      fc.array(questions, { minLength: 6, maxLength: 6 }),
      (of, moment, recorded, asked) => {
        const inEffect = documentInEffect(of, moment.now, moment.disputed)
        const conditions = answerConditions(of.clauses, recorded, HERE)
        if (inEffect.clauses.length < of.clauses.length) seen.dropped++
        for (const one of asked) {
          const question = { ...one, conditions }
          const expected = readAgreement(of, question, moment)
          for (const { decision } of expected.values()) if (decision === 'allow') seen.permitted++
          const answers = askPolicy(inEffect, question, policy.decide)
          assert.deepEqual(answers, expected, JSON.stringify([moment, one]))
          const faults = policyFaults(
            inEffect,
            question,
            answers,
            clausesOutOfEffect(of, moment.now, moment.disputed),
          )
          if (faults.some(({ why }) => NARROWED.includes(why))) seen.narrowed++
        }
      },
    ),
    { numRuns: 150 },
  )
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 0, what)
})

const NARROWED = ['conditionNotMet', 'clauseNotInEffect']

test('every new part of a clause compiles to Cedar that the strict validator accepts', () => {
  const narrow: Clause = {
    ...{ id: '9.1', text: 't', kind: 'permitRelease' },
    ...{
      categories: ['caseSummary'],
      purposes: ['statistics'],
      releaseKinds: ['case'],
      duties: [],
    },
    between: [{ from: MERIDIA, to: ALBION }],
    when: { fact: 'urgent', is: true },
  }
  const barred: Clause = {
    ...{ id: '9.2', text: 't', kind: 'forbidRelease', categories: ['statistics'], to: ['US-CA'] },
  }
  const [first] = document.transferInstruments
  assert.ok(first)
  const of = ringAgreement({
    clauses: [...document.clauses, narrow, barred],
    transferInstruments: [first, { ...first, to: 'US-CA', categories: ['exhibitTranscript'] }],
  })
  const validated = cedar.validate({
    schema: RELEASE_SCHEMA,
    policies: { staticPolicies: compileAgreement(of) },
    validationSettings: { mode: 'strict' },
  })
  assert.deepEqual(validated.type === 'success' && validated.validationErrors, [])
  const met = new Map([['9.1', { answer: 'yes', grounds: [], missing: [] } as const]])
  const unmet = new Map([['9.1', { answer: 'unknown', grounds: [], missing: ['urgent'] } as const]])
  const counted = { categories: ['caseSummary'], purpose: 'statistics' }
  const table: readonly [Partial<ReleaseQuestion>, 'allow' | 'deny', string[]][] = [
    [{ ...counted, conditions: met }, 'allow', ['clause:9.1']],
    [{ ...counted, conditions: unmet }, 'deny', []],
    [counted, 'deny', []],
    [{ ...counted, conditions: met, recipient: SIERRA }, 'deny', []],
    [{ ...counted, conditions: met, authority: ALBION, recipient: MERIDIA }, 'deny', []],
    [{ categories: ['statistics'], purpose: 'statistics' }, 'allow', ['clause:4.5']],
    [
      { categories: ['statistics'], purpose: 'statistics', recipient: SIERRA },
      'deny',
      ['clause:9.2'],
    ],
    [
      { categories: ['exhibitTranscript'], kind: 'exhibit', recipient: SIERRA },
      'allow',
      ['clause:4.3'],
    ],
    [{ categories: ['personalData'], recipient: SIERRA }, 'deny', ['clause:4.6']],
  ]
  for (const [change, decision, policyIds] of table) {
    const found = answer(of, change)
    assert.deepEqual(
      [found.decision, found.policyIds],
      [decision, policyIds],
      JSON.stringify(change),
    )
  }
})
