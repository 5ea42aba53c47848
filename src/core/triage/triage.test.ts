import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Decision } from '../../base/decision.ts'
import { instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import { type AdmittedReport, isAlreadyPublic, publicSources } from './admitted-report.ts'
import type { Crosswalk } from './crosswalk.ts'
import { type DecisionTable, evaluateTable, requireCompleteTable } from './decision-table.ts'
import { reportFromPortal } from './portal-report.ts'
import { computePriority, decidePriority } from './priority.ts'
import {
  assignTaxonomy,
  classifyReport,
  suggestLexicon,
  suggestTerms,
  type Vocabulary,
} from './taxonomy.ts'
import {
  admitReport,
  foldTriage,
  initialTriage,
  type TriageEvent,
  type TriageState,
} from './triage.ts'

const acting: Acting = {
  officer: 'officer-1',
  roles: ['caseOfficer'],
  authority: 'meridia.example',
  now: instant('2026-11-22T09:00:00.000Z'),
}

const report: AdmittedReport = reportFromPortal({
  reportId: 'R1',
  language: 'en',
  title: 'The companion advises against medicine',
  description: 'It told a person to stop.',
  developers: ['Larkspur Dialogue Ltd (invented)'],
  deployers: [],
  artifacts: [{ kind: 'System', name: 'Larkspur Companion' }],
  references: [{ label: 'product page', url: 'https://larkspur.example/' }],
  reportedOn: '2026-11-22',
  isPublic: false,
})

const table: DecisionTable = {
  id: 'test:DT',
  version: '1.0.0',
  name: 'Test',
  source: 'made for this test',
  inputs: [
    { id: 'test:A:1', name: 'A', values: [key('N'), key('Y')] },
    { id: 'test:B:1', name: 'B', values: [key('L'), key('M'), key('H')] },
  ],
  outcome: { id: 'test:O:1', name: 'O', values: [key('low'), key('mid'), key('top')] },
  rows: [
    ['N', 'L', 'low'],
    ['N', 'M', 'low'],
    ['N', 'H', 'mid'],
    ['Y', 'L', 'low'],
    ['Y', 'M', 'mid'],
    ['Y', 'H', 'top'],
  ],
}

const vocabulary: Vocabulary = {
  scheme: 'avid',
  title: 'Test',
  version: '1',
  source: 'made for this test',
  terms: [
    { id: 'E0100', label: 'Bias/ Discrimination' },
    { id: 'L06', label: 'Deployment' },
    { id: 'Ethics', label: 'Ethics' },
  ],
}

function key(name: string) {
  return { key: name, name: `value ${name}` }
}

function fold(events: readonly TriageEvent[]): TriageState {
  return events.reduce(
    (state, event, index) =>
      foldTriage(state, { event, version: index + 1, at: acting.now, by: acting.officer }),
    initialTriage,
  )
}

function eventsOf<E>(decision: Decision<readonly E[]>): readonly E[] {
  assert.ok(decision.decision === 'permit', JSON.stringify(decision))
  return decision.value
}

function why(decision: Decision<unknown>): string {
  if (decision.decision === 'permit') return 'permitted'
  assert.ok(decision.because.length > 0, 'a refusal names its rule')
  return decision.why
}

const admitted = eventsOf(admitReport(initialTriage, { report, filingId: 'f1' }, acting))
const computed = (inputs: { readonly [id: string]: string | null }) =>
  eventsOf(computePriority(fold(admitted), { table, inputs }, acting))

describe('admission', () => {
  test('records who admitted what from which filing', () => {
    const state = fold(admitted)
    assert.deepEqual(state.report, report)
    assert.equal(state.filingId, 'f1')
    assert.equal(state.admittedBy, 'officer-1')
    assert.equal(state.admittedAt, acting.now)
  })

  test('a case has one report', () => {
    assert.equal(why(admitReport(fold(admitted), { report }, acting)), 'alreadyAdmitted')
  })
})

describe('public or not', () => {
  const avid: AdmittedReport = {
    kind: report.kind,
    source: { format: 'AVID', formatVersion: '0.3.3' },
    identifiers: report.identifiers,
    title: report.title,
    description: report.description,
    affected: report.affected,
    problem: report.problem,
    extensions: [],
    remarks: [],
  }

  test('at a portal the reporter answers', () => {
    assert.equal(isAlreadyPublic(report), false)
    assert.equal(isAlreadyPublic({ ...report, statedPublic: true }), true)
  })

  test('a record of a public database is public by an address or a date', () => {
    const references = [{ url: 'https://paper.example/1' }, { url: 'heegyu/bbq' }]
    assert.deepEqual(publicSources({ ...avid, references }), ['https://paper.example/1'])
    assert.deepEqual(publicSources({ ...avid, reportedOn: '2026-01-01' }), [
      'reported on 2026-01-01',
    ])
    assert.equal(isAlreadyPublic({ ...avid, publishedOn: '2026-01-01' }), true)
  })

  test('a record without either is not said to be public', () => {
    assert.equal(isAlreadyPublic({ ...avid, references: [{ url: 'heegyu/bbq' }] }), false)
    assert.equal(isAlreadyPublic({ ...avid, references: null, reportedOn: null }), false)
    assert.equal(isAlreadyPublic({ ...avid, references: [{ url: 'javascript:alert(1)' }] }), false)
  })
})

describe('taxonomy', () => {
  const assign = (terms: readonly { scheme: string; id: string }[], state = fold(admitted)) =>
    assignTaxonomy(state, { terms, vocabularies: [vocabulary] }, acting)

  test('terms carry the label and version of their vocabulary, each once', () => {
    const term = { scheme: 'avid', id: 'L06' }
    const events = eventsOf(assign([term, term]))
    assert.deepEqual(fold([...admitted, ...events]).terms, [
      { scheme: 'avid', id: 'L06', label: 'Deployment', version: '1' },
    ])
  })

  test('an unknown term or scheme is refused and named', () => {
    const decision = assign([
      { scheme: 'avid', id: 'L06' },
      { scheme: 'avid', id: 'L99' },
      { scheme: 'other', id: 'L06' },
    ])
    assert.equal(why(decision), 'unknownTerm')
    assert.equal(decision.because.length, 2)
    assert.match(decision.because[0]?.text ?? '', /L99/)
    assert.equal(why(assign([{ scheme: 'avid', id: 'toString' }])), 'unknownTerm')
  })

  test('no terms, or no report, is refused', () => {
    assert.equal(why(assign([])), 'noTerms')
    assert.equal(why(assign([{ scheme: 'avid', id: 'L06' }], initialTriage)), 'noReport')
  })

  test('suggestions follow codes, whatever the spelling, and are never invented', () => {
    const impact = {
      avid: {
        riskDomains: ['Ethics', 'Unheard'],
        effects: ['E0100: Bias/Discrimination', 'E0999: Nothing'],
        lifecycleStages: null,
      },
    }
    const ids = suggestTerms({ ...report, impact }, [vocabulary]).map((term) => term.id)
    assert.deepEqual(ids, ['Ethics', 'E0100'])
    assert.deepEqual(suggestTerms(report, [vocabulary]), [])
    assert.deepEqual(suggestTerms({ ...report, impact: null }, [vocabulary]), [])
  })
})

describe('the common lexicon', () => {
  const words: Vocabulary = {
    scheme: 'comity',
    title: 'Lexicon',
    version: '1',
    source: 'by hand',
    terms: ['impact.health', 'weakness.bias'].map((id) => ({ id, label: id })),
  }
  const crosswalk: Crosswalk = {
    scheme: 'avid',
    title: 'AVID',
    version: '0.2',
    source: 'by hand',
    evidence: 'P',
    isWhole: false,
    notes: [],
    terms: [],
    rows: [
      { ours: 'weakness.bias', theirs: 'E0100', relation: 'exact' },
      { ours: 'weakness.bias', theirs: 'P0200', relation: 'broad' },
    ],
  }
  const both = [vocabulary, words]

  test('classifying keeps the terms of other lists and replaces its own', () => {
    const terms = [{ scheme: 'avid', id: 'L06' }]
    const avid = eventsOf(assignTaxonomy(fold(admitted), { terms, vocabularies: both }, acting))
    const ids = (state: TriageState, given: readonly string[]) => {
      const decision = classifyReport(state, { ids: given, vocabularies: both }, acting)
      return fold([...admitted, ...avid, ...eventsOf(decision)]).terms.map(({ id }) => id)
    }
    const state = fold([...admitted, ...avid])
    assert.deepEqual(ids(state, ['impact.health']), ['L06', 'impact.health'])
    const again = fold([
      ...admitted,
      ...avid,
      ...eventsOf(classifyReport(state, { ids: ['impact.health'], vocabularies: both }, acting)),
    ])
    assert.deepEqual(ids(again, ['weakness.bias']), ['L06', 'weakness.bias'])
  })

  test('nothing chosen, a foreign term or no report is refused', () => {
    const classify = (ids: readonly string[], state = fold(admitted)) =>
      why(classifyReport(state, { ids, vocabularies: both }, acting))
    assert.equal(classify([]), 'noTerms')
    assert.equal(classify(['L06']), 'unknownTerm')
    assert.equal(classify(['constructor']), 'unknownTerm')
    assert.equal(classify(['impact.health'], initialTriage), 'noReport')
  })

  test('a record fills what it names, and what goes lost is listed', () => {
    const impact = { avid: { effects: ['E0100: Bias/Discrimination', 'P0200: Model Issues'] } }
    const { terms, lost } = suggestLexicon({ ...report, impact }, [crosswalk])
    assert.deepEqual(terms, [
      { from: 'E0100', to: 'weakness.bias', relation: 'exact', scheme: 'avid' },
    ])
    assert.deepEqual(lost, [
      { id: 'P0200', why: 'onlyMoreExact', candidates: ['weakness.bias'], scheme: 'avid' },
    ])
    assert.deepEqual(suggestLexicon(report, [crosswalk]), { terms: [], lost: [] })
  })
})

describe('decision table', () => {
  test('a full input gives its row', () => {
    for (const [a = '', b = '', outcome] of table.rows) {
      const { outcomes, rowCount } = evaluateTable(table, { 'test:A:1': a, 'test:B:1': b })
      assert.equal(rowCount, 1)
      assert.deepEqual(
        outcomes.map((value) => value.key),
        [outcome],
      )
    }
  })

  test('an unknown input gives the union over its values, and never less', () => {
    const anyInput = fc.record({
      'test:A:1': fc.constantFrom('N', 'Y'),
      'test:B:1': fc.constantFrom('L', 'M', 'H'),
    })
    const hidden = fc.constantFrom('test:A:1', 'test:B:1')
    fc.assert(
      fc.property(anyInput, hidden, (inputs, id) => {
        const full = evaluateTable(table, inputs).outcomes[0]
        const open = evaluateTable(table, { ...inputs, [id]: null })
        assert.ok(open.outcomes.includes(full ?? key('none')))
        assert.equal(open.path.find((step) => step.point === id)?.value, null)
        const absent = { ...inputs } as Record<string, string>
        delete absent[id]
        assert.deepEqual(evaluateTable(table, absent), open)
      }),
    )
  })

  const first = table.rows[0] ?? []
  const broken: readonly [string, readonly (readonly string[])[]][] = [
    ['a missing row', table.rows.slice(1)],
    ['a doubled row', [...table.rows, first]],
    ['a row too short', [...table.rows.slice(1), ['N', 'L']]],
    ['a foreign value', [...table.rows.slice(1), ['N', 'Z', 'low']]],
    ['a foreign outcome', [...table.rows.slice(1), ['N', 'L', 'huge']]],
    ['no rows', []],
  ]
  for (const [name, rows] of broken) {
    test(`with ${name} is malformed`, () => {
      assert.throws(() => requireCompleteTable({ ...table, rows }), { code: 'malformed' })
    })
  }

  test('an input or value that the table does not have is malformed', () => {
    assert.throws(() => evaluateTable(table, { 'test:C:1': 'N' }), { code: 'malformed' })
    assert.throws(() => evaluateTable(table, { 'test:A:1': 'toString' }), { code: 'malformed' })
  })
})

describe('priority', () => {
  test('is computed with its inputs and its path', () => {
    const [event] = computed({ 'test:A:1': 'Y', 'test:B:1': 'M' })
    assert.equal(event?.outcome, 'mid')
    assert.deepEqual(
      event?.path.map((step) => `${step.name}=${step.value}`),
      ['A=Y', 'B=M'],
    )
  })

  test('needs a report, and inputs of the table', () => {
    assert.equal(why(computePriority(initialTriage, { table, inputs: {} }, acting)), 'noReport')
    const inputs = { 'test:A:1': 'maybe' }
    assert.equal(why(computePriority(fold(admitted), { table, inputs }, acting)), 'unknownInput')
  })

  const state = fold([...admitted, ...computed({ 'test:A:1': 'Y', 'test:B:1': 'M' })])
  const open = fold([...admitted, ...computed({ 'test:A:1': 'Y' })])
  const reason = 'harm to minors is likely'
  const cases: readonly [string, TriageState, Parameters<typeof decidePriority>[1], string][] = [
    ['accepting', state, { decision: 'accepted', reason: '' }, 'permitted'],
    ['accepting by name', state, { decision: 'accepted', outcome: 'mid', reason: '' }, 'permitted'],
    [
      'accepting another one',
      state,
      { decision: 'accepted', outcome: 'top', reason },
      'notTheComputedOutcome',
    ],
    ['accepting an open one', open, { decision: 'accepted', reason }, 'outcomeOpen'],
    [
      'accepting one of the open ones',
      open,
      { decision: 'accepted', outcome: 'mid', reason },
      'outcomeOpen',
    ],
    ['overruling', state, { decision: 'overruled', outcome: 'top', reason }, 'permitted'],
    [
      'overruling an open one',
      open,
      { decision: 'overruled', outcome: 'mid', reason },
      'permitted',
    ],
    [
      'overruling in nine characters',
      state,
      { decision: 'overruled', outcome: 'top', reason: ' too low!!  ' },
      'reasonMissing',
    ],
    [
      'overruling to the same',
      state,
      { decision: 'overruled', outcome: 'mid', reason },
      'sameOutcome',
    ],
    ['overruling to nothing', state, { decision: 'overruled', reason }, 'unknownOutcome'],
    [
      'overruling to no outcome of the table',
      state,
      { decision: 'overruled', outcome: 'huge', reason },
      'unknownOutcome',
    ],
    ['deciding before computing', fold(admitted), { decision: 'accepted', reason }, 'notComputed'],
  ]
  for (const [name, from, command, expected] of cases) {
    test(`${name}: ${expected}`, () => {
      assert.equal(why(decidePriority(from, command, acting)), expected)
    })
  }

  test('is decided by a person', () => {
    const machine: Acting = { ...acting, roles: [] }
    const command = { decision: 'accepted', reason } as const
    assert.equal(why(decidePriority(state, command, machine)), 'personNeeded')
  })

  test('a decision names its officer and falls when the table is run again', () => {
    const command = { decision: 'overruled', outcome: 'top', reason } as const
    const decided = eventsOf(decidePriority(state, command, acting))
    const inputs = { 'test:A:1': 'Y', 'test:B:1': 'M' }
    const history = [...admitted, ...computed(inputs), ...decided]
    assert.equal(fold(history).decided?.by, 'officer-1')
    assert.equal(fold(history).decided?.computedOutcome, 'mid')
    assert.equal(fold([...history, ...computed(inputs)]).decided, null)
  })
})
