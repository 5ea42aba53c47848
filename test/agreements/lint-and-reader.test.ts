/**
 * The linter against the careful reader of releases: a clause that the linter calls dead
 * permits nothing in any case, at any time, for anybody; and a clause that it says nothing
 * of mostly does.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addMs, DAY_MS, type Instant, instant } from '../../src/base/time.ts'
import type { Clause } from '../../src/core/agreement/clause.ts'
import type { AgreementDocument } from '../../src/core/agreement/document.ts'
import { documentFaults } from '../../src/core/agreement/document-faults.ts'
import { lintAgreement } from '../../src/core/agreement/lint/lint-agreement.ts'
import { answerConditions } from '../../src/core/agreement/threshold.ts'
import type { Condition, Facts } from '../../src/core/law/condition.ts'
import { readAgreement } from '../support/careful-reader.ts'
import { ALBION, MERIDIA, NOW, ringAgreement, SIERRA, START, SUNSET } from '../support/ring.ts'

const CATEGORIES = ['c1', 'c2', 'c3']
const PURPOSES = ['p1', 'p2']
const NODES = [MERIDIA, ALBION, SIERRA]
const ORDERS = ['EU', 'GB', 'US-CA']
const CONDITIONS: readonly Condition[] = [
  { fact: 'a', is: true },
  { all: [{ fact: 'a', is: true }, { not: { fact: 'a', is: true } }] },
  {
    all: [
      { fact: 'a', is: 'x' },
      { fact: 'a', is: true },
    ],
  },
  {
    any: [
      { fact: 'l', has: 'x' },
      { fact: 'a', is: false },
    ],
  },
]
const FACTS: readonly Facts[] = [
  {},
  { a: true, l: [] },
  { a: false, l: ['x'] },
  { a: 'x', l: ['x', 'y'] },
]
const some = <T>(items: readonly T[]) => fc.subarray([...items], { minLength: 1 })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })
const day = (n: number) => addMs(START, n * DAY_MS)
const ways = NODES.flatMap((from) => NODES.filter((to) => to !== from).map((to) => ({ from, to })))

const permits = fc.record({
  kind: fc.constant('permitRelease'),
  categories: some(CATEGORIES),
  purposes: some(PURPOSES),
  releaseKinds: fc.constant(['case']),
  duties: fc.constant([]),
  between: maybe(some(ways)),
  when: maybe(fc.constantFrom(...CONDITIONS)),
  phases: maybe(some(['pilot', 'full'])),
})
const others = fc.oneof(
  fc.record({
    kind: fc.constant('forbidRelease'),
    categories: some(CATEGORIES),
    to: maybe(some(ORDERS)),
  }),
  fc.record({ kind: fc.constant('requireTransferInstrument') }),
)
const texts = fc
  .record({
    permits: fc.array(permits, { minLength: 1, maxLength: 3 }),
    others: fc.array(others, { maxLength: 3 }),
    phases: fc.subarray([
      { kind: 'phase', phase: 'pilot', fromAt: START },
      { kind: 'phase', phase: 'full', fromAt: day(200) },
    ]),
    isExempted: fc.boolean(),
    personal: fc.subarray(CATEGORIES),
    routes: fc.array(
      fc.record({
        from: fc.constantFrom(...ORDERS),
        to: fc.constantFrom(...ORDERS),
        authorisedOn: fc.constantFrom('2026-01-01', '2027-01-01', '2028-01-01'),
        validUntil: maybe(fc.constantFrom('2026-06-01', '2027-03-01')),
        categories: maybe(some(CATEGORIES)),
      }),
      { maxLength: 4 },
    ),
  })
  .map((choice): AgreementDocument => {
    const barred = choice.others.findIndex(({ kind }) => kind === 'forbidRelease')
    const exempt =
      choice.isExempted && barred >= 0
        ? [{ kind: 'exempt', clauses: [`o${barred}`], until: day(100) }]
        : []
    const named = (prefix: string, clauses: readonly object[]) =>
      clauses.map((clause, n) => withoutAbsent({ id: `${prefix}${n}`, text: 't', ...clause }))
    return ringAgreement({
      purposes: PURPOSES.map((id) => ({ id, text: 't', iri: null })),
      categories: CATEGORIES.map((id) => ({
        ...{ id, text: 't', reviewRequired: false },
        personal: choice.personal.includes(id),
        releasable: true,
      })),
      clauses: [
        ...named('p', choice.permits),
        ...named('o', choice.others),
        ...named('h', choice.phases),
        ...named('e', exempt),
        ...named('s', [{ kind: 'statement' }]),
      ] as unknown as Clause[],
      transferInstruments: choice.routes
        .filter(isSound)
        .map((route) =>
          withoutAbsent({ ...route, kind: 'treaty', authorisation: 'a', simulated: true }),
        ) as AgreementDocument['transferInstruments'],
      ...{ retention: { clause: 's0', deleteAfterDays: 1 }, emergencyClause: null },
      ...{ onwardTransfer: { clause: 's0', allowed: 'never' as const } },
      languageRule: { clause: 's0', accepted: ['en'] },
    })
  })

type Route = {
  readonly from: string
  readonly to: string
  readonly authorisedOn: string
  readonly validUntil?: string | undefined
}

function isSound({ from, to, authorisedOn, validUntil }: Route): boolean {
  return from !== to && (validUntil === undefined || authorisedOn <= validUntil)
}

const DEAD = ['neverPermits', 'phaseNeverReached', 'conditionNeverHolds']
const MOMENTS = [
  START,
  ...[99, 100, 199, 200, 300].map(day),
  instant('2027-01-01T00:00:00.000Z'),
  addMs(SUNSET, -1),
]

test('a clause that the linter calls dead never permits anything', () => {
  const seen = { dead: 0, alive: 0, silentButIdle: 0 }
  fc.assert(
    fc.property(texts, (document) => {
      if (documentFaults(document).length > 0) return
      const findings = lintAgreement(document, {
        ...{ now: NOW, packs: [], terms: new Set<string>() },
        quorumFault: () => undefined,
      })
      const dead = findings.filter(({ code }) => DEAD.includes(code)).map(({ where }) => where)
      const permitting = everPermitting(document)
      for (const { id, kind } of document.clauses) {
        if (kind !== 'permitRelease') continue
        if (dead.includes(`clauses/${id}`)) {
          seen.dead++
          assert.ok(!permitting.has(`clause:${id}`), `${id} ${JSON.stringify(document.clauses)}`)
        } else if (permitting.has(`clause:${id}`)) seen.alive++
        else seen.silentButIdle++
      }
    }),
    { numRuns: 100 },
  )
  assert.ok(seen.dead > 10 && seen.alive > 50, JSON.stringify(seen))
  // A clause may be idle for a reason that takes two dates at once; seldom.
  assert.ok(seen.silentButIdle < seen.alive / 10, JSON.stringify(seen))
})

/** Ids of the policies that permit somebody something at some moment, by the slow reader. */
function everPermitting(document: AgreementDocument): ReadonlySet<string> {
  const found = new Set<string>()
  const region = { legalOrder: 'EU', members: [], within: [] }
  for (const now of MOMENTS) {
    for (const facts of FACTS) {
      const conditions = answerConditions(document.clauses, facts, region)
      for (const { from, to } of ways) {
        for (const purpose of PURPOSES) {
          for (const id of permittedBy(document, now, { from, to, purpose, conditions })) {
            found.add(id)
          }
        }
      }
    }
  }
  return found
}

function permittedBy(
  document: AgreementDocument,
  now: Instant,
  asked: {
    readonly from: string
    readonly to: string
    readonly purpose: string
    readonly conditions: ReturnType<typeof answerConditions>
  },
): readonly string[] {
  const { from, to, purpose, conditions } = asked
  const answers = readAgreement(
    document,
    {
      ...{ officer: 'ada', roles: ['liaison'], legalBasis: 'b', kind: 'case', emergency: false },
      ...{ authority: from, recipient: to, purpose, categories: CATEGORIES, conditions },
    },
    { now },
  )
  return [...answers.values()].flatMap(({ decision, policyIds }) =>
    decision === 'allow' ? policyIds : [],
  )
}

function withoutAbsent(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined))
}

test('a text as large as its form allows is judged, or called too large, at once', () => {
  const ids = Array.from({ length: 100 }, (_, n) => `w${n}`)
  const [first] = ringAgreement().parties
  assert.ok(first)
  const large = ringAgreement({
    parties: ids.map((id, n) => ({
      ...first,
      node: `${id}.example`,
      legalOrder: `X${n}`,
      messageKeys: [{ id, fingerprint: `${n}`.padStart(64, '0') }],
    })),
    purposes: ids.map((id) => ({ id, text: 't', iri: null })),
    categories: ids.map((id) => ({
      ...{ id, text: 't', releasable: true, personal: true, reviewRequired: true },
    })),
    clauses: [...ids, 's0'].map((id) =>
      id === 's0'
        ? { id, text: 't', kind: 'statement' }
        : {
            ...{ id: `k${id}`, text: 't', kind: 'permitRelease', categories: ids, purposes: ids },
            ...{ releaseKinds: ['case', 'exhibit'], duties: [] },
          },
    ) as Clause[],
    ...{ retention: { clause: 's0', deleteAfterDays: 1 }, emergencyClause: null },
    ...{ onwardTransfer: { clause: 's0', allowed: 'never' as const } },
    ...{ languageRule: { clause: 's0', accepted: ['en'] }, transferInstruments: [] },
  })
  const began = performance.now()
  const findings = lintAgreement(large, {
    ...{ now: NOW, packs: [], terms: new Set<string>() },
    quorumFault: () => undefined,
  })
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['tooLarge'],
  )
  assert.ok(performance.now() - began < 5_000)
})
