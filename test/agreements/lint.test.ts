/** The linter of agreements, over the shipped law packs: what it finds, where, and by which law. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { addMs, DAY_MS, type Instant } from '../../src/base/time.ts'
import { shippedLaw } from '../../src/cli/law/shipped-law.ts'
import type { Clause } from '../../src/core/agreement/clause.ts'
import type { AgreementDocument } from '../../src/core/agreement/document.ts'
import type { LintFinding } from '../../src/core/agreement/lint/finding.ts'
import { lintAgreement } from '../../src/core/agreement/lint/lint-agreement.ts'
import { reachOf } from '../../src/core/agreement/lint/satisfiable.ts'
import type { Condition } from '../../src/core/law/condition.ts'
import { lintContext } from '../../src/wire/agreement-lint.ts'
import { ALBION, MERIDIA, NOW, ringAgreement, START, SUNSET } from '../support/ring.ts'

const { packs } = shippedLaw()
const { clauses, categories, purposes, parties, transferInstruments } = ringAgreement()

function lint(change: Partial<AgreementDocument>, now: Instant = NOW): readonly LintFinding[] {
  return lintAgreement(ringAgreement(change), lintContext(nodePrimitives, packs, now))
}

const adding = (...more: readonly object[]): Partial<AgreementDocument> => ({
  clauses: [...clauses, ...more.map((each) => ({ text: 't', ...each }) as Clause)],
})
const changing = (id: string, change: object): Partial<AgreementDocument> => ({
  clauses: clauses.map((clause) =>
    clause.id === id ? ({ ...clause, ...change } as Clause) : clause,
  ),
})
const without = (...ids: readonly string[]): Partial<AgreementDocument> => ({
  clauses: clauses.filter(({ id }) => !ids.includes(id)),
})
const orders = (...codes: readonly string[]): Partial<AgreementDocument> => ({
  parties: parties.slice(0, codes.length).map((party, n) => ({
    ...party,
    legalOrder: codes[n] ?? '',
  })),
})
const category = (id: string, change: object): Partial<AgreementDocument> => ({
  categories: categories.map((each) => (each.id === id ? { ...each, ...change } : each)),
})
const permit = {
  ...{ id: 'x', kind: 'permitRelease', duties: ['7.1'], releaseKinds: ['case'] },
  ...{ categories: ['caseSummary'], purposes: ['investigation'] },
}

test('each finding has its severity, its code and its place', () => {
  const never = { all: [{ fact: 'a', is: true }, { not: { fact: 'a', is: true } }] }
  const always = {
    any: [
      { fact: 'a', is: true },
      { fact: 'a', is: false },
    ],
  }
  const phase = (id: string, name: string, days: number) => ({
    ...{ id, kind: 'phase', phase: name, fromAt: addMs(START, days * DAY_MS) },
  })
  const exempt = (days: number) => ({
    ...{ id: 'x', kind: 'exempt', clauses: ['4.2'], until: addMs(START, days * DAY_MS) },
  })
  const [toGb, toEu] = transferInstruments
  assert.ok(toGb && toEu)
  const instrument = (change: object) => ({ transferInstruments: [{ ...toGb, ...change }, toEu] })
  const table: readonly [string, Partial<AgreementDocument>][] = [
    ['error fault title', { title: '' }],
    ['error notUnderstood clauses/x', adding({ id: 'x', kind: 'permitOnFridays' })],
    [
      'error neverPermits clauses/4.1',
      changing('4.2', { categories: ['caseSummary', 'technicalFacts'] }),
    ],
    ['warning categoryShut clauses/4.1', changing('4.2', { categories: ['technicalFacts'] })],
    ['warning nobodyReceives categories', changing('4.2', { categories: ['technicalFacts'] })],
    ['warning nobodyReceives categories', without('4.5')],
    ['error neverPermits clauses/4.4', { transferInstruments: [] }],
    ['error phaseNeverReached clauses/x', adding({ ...permit, phases: ['full'] })],
    [
      'error phaseNeverReached clauses/x',
      adding({ ...permit, phases: ['full'] }, phase('y', 'pilot', 0)),
    ],
    ['error conditionNeverHolds clauses/x', adding({ ...permit, when: never })],
    ['warning conditionAlwaysHolds clauses/x', adding({ ...permit, when: always })],
    ['note factUnasked clauses/x', adding({ ...permit, when: { fact: 'unheardOf', is: true } })],
    [
      'warning purposeUnused purposes',
      { purposes: [...purposes, { id: 'audit', text: 't', iri: null }] },
    ],
    [
      'warning dutyUnused clauses/x',
      adding({ id: 'x', kind: 'duty', duty: { kind: 'noJudicialUse' } }),
    ],
    ['note phasesWithoutEffect clauses/x', adding(phase('x', 'pilot', 0))],
    ['warning phasesBackwards clauses/y', adding(phase('x', 'full', 0), phase('y', 'pilot', 9))],
    ['error lawBlocks clauses/4.4', orders('CN', 'GB')],
    ['note lawBlocksDirect parties', orders('EU', 'GB')],
    ['note lawAsks parties', {}],
    ['note noPack parties', orders('EU', 'XX')],
    ['warning instrumentMissing transferInstruments', {}],
    ['note instrumentIdle transferInstruments', orders('EU', 'US-CA')],
    ['note instrumentEndsFirst transferInstruments', instrument({ validUntil: '2027-03-01' })],
    ['note instrumentStartsLater transferInstruments', instrument({ authorisedOn: '2027-01-01' })],
    ['note instrumentSimulated transferInstruments', {}],
    ['warning instrumentMissing transferInstruments', instrument({ categories: ['personalData'] })],
    ['error noDeletionDuty clauses/4.4', changing('4.4', { duties: ['7.2', '7.3'] })],
    ['warning noOnwardDuty clauses/4.4', changing('4.4', { duties: ['7.1'] })],
    ['warning noNoticeDuty clauses/4.3', changing('4.3', { duties: ['7.1'] })],
    ['error retentionContradicts retention', { retention: { clause: '7.1', deleteAfterDays: 30 } }],
    [
      'error retentionContradicts clauses/4.4',
      { retention: { clause: '7.1', deleteAfterDays: 30 } },
    ],
    ['warning retentionNoDuty retention', { retention: { clause: '9.1', deleteAfterDays: 365 } }],
    ['error instrumentClauseMissing clauses', without('4.6')],
    ['error instrumentMissing transferInstruments', without('4.6')],
    ['warning personalUnreviewed categories', category('personalData', { reviewRequired: false })],
    [
      'error termContradicts categories',
      category('personalData', { iri: 'https://w3id.org/dpv#NonPersonalData' }),
    ],
    [
      'warning termUnknown categories',
      category('personalData', { iri: 'https://w3id.org/dpv/pd#Sorrow' }),
    ],
    [
      'warning termUnknown purposes',
      { purposes: purposes.map((each) => ({ ...each, iri: 'https://w3id.org/dpv#Curiosity' })) },
    ],
    [
      'error personalShownWidely clauses/x',
      adding({ id: 'x', kind: 'handling', categories: ['personalData'], tlp: 'GREEN', codes: [] }),
    ],
    [
      'warning handlingTwice categories',
      adding(
        ...['x', 'y'].map((id) => ({
          id,
          kind: 'handling',
          categories: ['statistics'],
          tlp: 'GREEN',
          codes: [],
        })),
      ),
    ],
    [
      'warning wordsDiffer clauses/7.1',
      changing('7.1', { duty: { kind: 'deleteBy', withinDays: 36 } }),
    ],
    [
      'warning wordsDiffer clauses/5.3',
      { emergencyClause: { clause: '5.3', postReviewWithinHours: 24 } },
    ],
    ['error redNeverLeaves handling', { handling: { tlp: 'RED' } }],
    [
      'error redNeverLeaves clauses/x',
      adding({ id: 'x', kind: 'handling', categories: ['statistics'], tlp: 'RED', codes: [] }),
    ],
    [
      'note consentOfNobody clauses/x',
      adding({ id: 'x', kind: 'requireConsent', categories: ['statistics'] }),
    ],
    ['warning sunsetFar sunsetAt', { sunsetAt: addMs(START, 1900 * DAY_MS) }],
    [
      'warning reviewFar reviewAt',
      { reviewAt: addMs(START, 800 * DAY_MS), sunsetAt: addMs(START, 900 * DAY_MS) },
    ],
    ['warning reviewAtSunset reviewAt', { reviewAt: SUNSET }],
    ['note reviewOverdue reviewAt', { reviewAt: START }],
    ['error exemptAlways clauses/x', adding({ ...exempt(1), until: SUNSET })],
    ['note exemptOver clauses/x', adding(exempt(1))],
    ['note exemptUntil clauses/x', adding(exempt(300))],
    [
      'warning noticeShort clauses/x',
      adding({ id: 'x', kind: 'rapidAmendment', noticeDays: 3, members: ['handling'] }),
    ],
    ['error quorumUnmet quorum', { quorum: 'quorum nobody\n' }],
    ['error quorumUnmet quorum', { quorum: 'group g 2\nquorum g\n' }],
    ['warning quorumNone quorum', {}],
    [
      'warning languageOfNobody languageRule',
      { languageRule: { clause: '1.2', accepted: ['la'] } },
    ],
    ['note languageForeign languageRule', { ...orders('EU', 'JP') }],
    ['warning emergencyOneOfficer emergencyClause', {}],
    [
      'warning emergencyLong emergencyClause',
      { emergencyClause: { clause: '5.3', postReviewWithinHours: 49 } },
    ],
    [
      'note emergencyWaivesNothing emergencyClause',
      { categories: categories.map((each) => ({ ...each, reviewRequired: false })) },
    ],
    ['warning noDispute clauses', {}],
    ['note noConfidentiality clauses', {}],
    ['note noCosts clauses', {}],
    ['note noSafeHarbour clauses', {}],
  ]
  for (const [expected, change] of table) {
    const found = lint(change).map(({ severity, code, where }) => `${severity} ${code} ${where}`)
    assert.ok(found.includes(expected), `${expected} in ${found.join('; ')}`)
  }
  const ended = lint({}, SUNSET).map(({ code, where }) => `${code} ${where}`)
  assert.ok(ended.includes('ended sunsetAt'))
  assert.ok(!lint({}, addMs(SUNSET, -1)).some(({ code }) => code === 'ended'))
})

test('a finding by law names the article, and is silent where the agreement does not go', () => {
  const blocked = lint(orders('CN', 'GB')).filter(({ code }) => code === 'lawBlocks')
  assert.deepEqual([...new Set(blocked.map(({ where }) => where))], ['clauses/4.3', 'clauses/4.4'])
  for (const { source } of blocked) assert.match(source ?? '', /PIPL 41/)
  const direct = lint(orders('EU', 'GB')).find(({ code }) => code === 'lawBlocksDirect')
  assert.match(direct?.source ?? '', /2016\/679.*art\. 48/)
  const barred = {
    ...orders('CN', 'GB'),
    ...changing('4.2', { categories: ['exhibitTranscript', 'exhibitFile', 'personalData'] }),
  }
  assert.deepEqual(
    lint(barred).filter(({ code }) => code === 'lawBlocks'),
    [],
  )
  const oneWay = {
    ...orders('CN', 'GB'),
    clauses: clauses.map((clause) =>
      clause.kind === 'permitRelease'
        ? { ...clause, between: [{ from: ALBION, to: MERIDIA }] }
        : clause,
    ),
  }
  assert.deepEqual(
    lint(oneWay).filter(({ code }) => code === 'lawBlocks'),
    [],
  )
  const secrets = { ...orders('CN', 'GB'), ...category('technicalFacts', { confidential: true }) }
  const lines = lint(secrets).filter(({ code }) => code === 'lawBlocks')
  assert.ok(
    lines.some(({ text, source }) => /technicalFacts/.test(text) && /DSL 36/.test(source ?? '')),
  )
})

test('errors come first, and the same document gets the same findings', () => {
  const change = { ...orders('CN', 'GB') }
  const severities = lint(change).map(({ severity }) => severity)
  const sorted = ['error', 'warning', 'note'].flatMap((each) =>
    severities.filter((it) => it === each),
  )
  assert.deepEqual(severities, sorted)
  assert.deepEqual(lint(change), lint(change))
})

test('a condition is tried with every value that it names', () => {
  const a = (is: boolean | number | string): Condition => ({ fact: 'a', is })
  const has = (word: string): Condition => ({ fact: 'l', has: word })
  const table: readonly [string, Condition][] = [
    ['sometimes', a(true)],
    ['never', { all: [a(true), a(false)] }],
    ['never', { all: [a('x'), a('y')] }],
    ['never', { all: [a('x'), a(true)] }],
    ['sometimes', { all: [{ not: a('x') }, { not: a('y') }] }],
    ['sometimes', { all: [has('x'), has('y'), { not: has('z') }] }],
    ['never', { all: [has('x'), { not: has('x') }] }],
    ['never', { all: [has('x'), { fact: 'l', is: 'x' }] }],
    ['sometimes', { all: [{ fact: 'l', here: true }, has('GB')] }],
    ['never', { all: [{ fact: 'l', here: true }, { not: { fact: 'l', here: true } }] }],
    ['always', { any: [a(true), { not: a(true) }] }],
    ['sometimes', { any: [a(1), a(2)] }],
    ['notJudged', { all: Array.from({ length: 16 }, (_, n) => ({ fact: `f${n}`, is: true })) }],
  ]
  for (const [expected, condition] of table)
    assert.equal(reachOf(condition), expected, JSON.stringify(condition))
})

test('the dates of a document that is no instant never reach the linter', () => {
  assert.deepEqual(
    lint({ sunsetAt: 'later' as Instant }).map(({ code }) => code),
    ['fault'],
  )
})

test('words that say the value, or say no number, are not called different', () => {
  const differs = (change: Partial<AgreementDocument>) =>
    lint(change).some(({ code }) => code === 'wordsDiffer')
  const duty = (text: string) => changing('7.1', { text })
  assert.equal(differs({}), false)
  assert.equal(differs(duty('Deleted within 30 days if asked, else within 365 days.')), false)
  assert.equal(differs(duty('Deleted within a year.')), false)
  assert.equal(differs(duty('Deleted after 30 cases and 5 daydreams.')), false)
  assert.equal(differs(duty('Deleted within 30 days.')), true)
  assert.equal(differs(duty('Deleted within 36 days, or 3650 days.')), true)
})
