import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lexiconMessages } from '../../test/support/lexicon-messages.ts'
import { mapIn, mapOut, neverMapped } from '../core/triage/crosswalk.ts'
import { type DecisionTable, evaluateTable } from '../core/triage/decision-table.ts'
import {
  cisaCoordinatorTable,
  crosswalks,
  decisionTables,
  lexicon,
  vocabularies,
} from './vocabulary.ts'

test('ids are unique, and each vocabulary names its source and version', () => {
  for (const vocabulary of vocabularies) {
    const ids = vocabulary.terms.map((term) => term.id)
    assert.equal(new Set(ids).size, ids.length, vocabulary.scheme)
    assert.notEqual(vocabulary.source, '')
    assert.notEqual(vocabulary.version, '')
  }
})

test('AVID has 48 effects and six lifecycle stages', () => {
  const terms = vocabularies.find((each) => each.scheme === 'avid')?.terms ?? []
  assert.equal(terms.filter((term) => term.group === 'effect').length, 48)
  assert.equal(terms.filter((term) => term.group === 'lifecycle').length, 6)
})

test('each harm names its source and how well it was read', () => {
  const terms = vocabularies.find((each) => each.scheme === 'ai-harm')?.terms ?? []
  assert.ok(terms.length > 0)
  for (const { id, source, evidence } of terms) {
    assert.ok(source, id)
    assert.ok(evidence === 'P' || evidence === 'S', id)
  }
})

const ROWS: Readonly<Record<string, number>> = {
  'cisa-coordinator': 36,
  'coordinator-triage': 192,
  'coordinator-publish': 27,
  'comity-ai': 216,
}

test('every table that the product ships is counted here', () => {
  assert.deepEqual(Object.keys(decisionTables).sort(), Object.keys(ROWS).sort())
})

for (const [name, count] of Object.entries(ROWS)) {
  test(`${name} has each of ${count} combinations once and never falls as an input rises`, () => {
    const table = tableNamed(name)
    assert.equal(table.rows.length, count)
    assert.equal(new Set(table.rows.map((row) => row.slice(0, -1).join(' '))).size, count)
    const columns = [...table.inputs, table.outcome].map(({ values }) => values.map((v) => v.key))
    const ranks = table.rows.map((row) => row.map((key, i) => columns[i]?.indexOf(key) ?? -1))
    assert.ok(ranks.flat().every((rank) => rank >= 0))
    for (const lower of ranks) {
      for (const higher of ranks) {
        const isAbove = table.inputs.every((_, i) => (lower[i] ?? 0) <= (higher[i] ?? 0))
        if (isAbove) assert.ok((lower.at(-1) ?? 0) <= (higher.at(-1) ?? 0), `${lower} ${higher}`)
      }
    }
  })

  test(`${name}: each input changes the outcome of some row`, () => {
    const table = tableNamed(name)
    for (const [column, { id, values }] of table.inputs.entries()) {
      const others = (row: readonly string[]) => row.filter((_, i) => i !== column).join(' ')
      const apart = new Set(table.rows.map(others)).size
      assert.ok(apart > table.rows.length / values.length, `${name} does without ${id}`)
    }
  })
}

// Keys in the order of the table's inputs, then the outcome; read off the printed tables.
const BY_HAND: readonly [string, string][] = [
  ['coordinator-triage', 'Y N C O A E S D'],
  ['coordinator-triage', 'Y Y C M U S S C'],
  ['coordinator-triage', 'N N NC M A S S C'],
  ['coordinator-triage', 'N N C O U S S D'],
  ['coordinator-triage', 'N Y NC O A L M D'],
  ['coordinator-triage', 'N Y C O U L M T'],
  ['coordinator-triage', 'N Y C M U L M C'],
  ['coordinator-triage', 'N Y NC M A S M T'],
  ['coordinator-triage', 'N Y C M A E S T'],
  ['coordinator-triage', 'N Y NC M A S S C'],
  ['coordinator-triage', 'N Y NC O U S S T'],
  ['coordinator-triage', 'N Y C O U E S C'],
  ['coordinator-publish', 'FR N L N'],
  ['coordinator-publish', 'FR A A P'],
  ['coordinator-publish', 'C P A N'],
  ['coordinator-publish', 'UU N A N'],
  ['coordinator-publish', 'UU P A P'],
  ['coordinator-publish', 'UU A L P'],
  ['coordinator-publish', 'C N P P'],
  // occurrence, access, safety, rights, remedy, transfer
  ['comity-ai', 'N P M N P N R'],
  ['comity-ai', 'P O M N N Y C'],
  ['comity-ai', 'H O M N N Y C'],
  ['comity-ai', 'N P M I P N R'],
  ['comity-ai', 'P P M I P N C'],
  ['comity-ai', 'H O M I N N W'],
  ['comity-ai', 'N P S N P N C'],
  ['comity-ai', 'H P M G P N W'],
  ['comity-ai', 'H O M G N N I'],
  ['comity-ai', 'N O C N N N W'],
  ['comity-ai', 'P P C N P N W'],
  ['comity-ai', 'H P S G P N I'],
]

test('rows of the tables, by hand', () => {
  for (const [name, text] of BY_HAND) {
    const table = tableNamed(name)
    const keys = text.split(' ')
    const inputs = Object.fromEntries(table.inputs.map(({ id }, i) => [id, keys[i] ?? null]))
    const [only, ...others] = evaluateTable(table, inputs).outcomes
    assert.deepEqual([only?.key, others.length], [keys.at(-1), 0], `${name} ${text}`)
  }
})

test('what is not known leaves the range, and no more', () => {
  const keys = (name: string, inputs: Record<string, string>) =>
    evaluateTable(tableNamed(name), inputs).outcomes.map(({ key }) => key)
  assert.deepEqual(keys('coordinator-publish', { 'ssvc:PVA:1.0.0': 'P' }), ['P'])
  assert.deepEqual(keys('coordinator-triage', { 'ssvc:RP:1.0.0': 'Y' }), ['D', 'C'])
  assert.deepEqual(keys('comity-ai', { 'x_example.comity#ai:S:1.0.0': 'C' }), ['C', 'W', 'I'])
  assert.deepEqual(keys('comity-ai', {}), ['R', 'C', 'W', 'I'])
})

test('rows of the coordinator table', () => {
  const outcome = (text: string) => {
    const [E = '', A = '', TI = '', MWI = ''] = text.split(' ')
    const inputs = {
      'ssvc:E:1.1.0': E,
      'ssvc:A:2.0.0': A,
      'ssvc:TI:1.0.0': TI,
      'ssvc:MWI:1.0.0': MWI,
    }
    return evaluateTable(cisaCoordinatorTable, inputs).outcomes.map((value) => value.key)
  }
  // The row that another published package has wrong, and the corners.
  assert.deepEqual(outcome('N Y P H'), ['AT'])
  assert.deepEqual(outcome('N N P L'), ['T'])
  assert.deepEqual(outcome('P Y T M'), ['T*'])
  assert.deepEqual(outcome('A N T H'), ['AC'])
  assert.deepEqual(outcome('A Y P L'), ['AT'])
})

test('every term of the lexicon has a group, a definition, a source and a message', () => {
  const groups = new Set(lexicon.groups?.map(({ id }) => id))
  assert.equal(groups.size, 8)
  const messages = lexiconMessages('en')
  for (const { id, label, group = '', says, source } of lexicon.terms) {
    assert.ok(groups.has(group) && id.startsWith(`${group}.`), id)
    assert.ok(says && source, id)
    assert.equal(messages[`lexicon.${id}`], label)
    assert.equal(messages[`lexicon.${id}.says`], says)
    assert.ok(id.length <= 40, id)
  }
  const own = Object.keys(messages).filter((key) => key.startsWith('lexicon.'))
  assert.equal(own.length, 2 * lexicon.terms.length)
})

test('crosswalks reach the ten lists, each with source, version, evidence and losses', () => {
  const schemes = crosswalks.map(({ scheme }) => scheme).sort()
  assert.deepEqual(schemes, [
    'atlas',
    'avid',
    'cset-v1',
    'cwe',
    'eu-3-49',
    'eu-annex-iii',
    'mit-domain',
    'nist-600-1',
    'oecd',
    'owasp-llm',
  ])
  for (const { scheme, source, version, evidence, notes } of crosswalks) {
    assert.ok(source !== '' && version !== '' && notes.length > 0, scheme)
    assert.ok(evidence === 'P' || evidence === 'S', scheme)
  }
})

test('lists that are whole have all their terms', () => {
  const counts = Object.fromEntries(
    crosswalks.filter(({ isWhole }) => isWhole).map(({ scheme, terms }) => [scheme, terms.length]),
  )
  assert.deepEqual(counts, {
    avid: 57,
    'owasp-llm': 10,
    'nist-600-1': 12,
    'mit-domain': 24,
    'cset-v1': 13,
    oecd: 8,
    'eu-3-49': 4,
    'eu-annex-iii': 8,
  })
})

for (const crosswalk of crosswalks) {
  test(`${crosswalk.scheme}: rows name terms of both lists, each pair once; the same is the same`, () => {
    const ours = new Set(lexicon.terms.map(({ id }) => id))
    const theirs = new Set(crosswalk.terms.map(({ id }) => id))
    assert.equal(theirs.size, crosswalk.terms.length)
    const pairs = crosswalk.rows.map((row) => `${row.ours} ${row.theirs}`)
    assert.equal(new Set(pairs).size, pairs.length)
    for (const row of crosswalk.rows) {
      assert.ok(ours.has(row.ours) && theirs.has(row.theirs), JSON.stringify(row))
      if (row.relation !== 'exact') continue
      // A term has one exact counterpart at most, and goes there and back unchanged.
      assert.deepEqual(
        mapOut(crosswalk, [row.ours]).mapped.map(({ to }) => to),
        [row.theirs],
      )
      assert.deepEqual(
        mapIn(crosswalk, [row.theirs]).mapped.map(({ to }) => to),
        [row.ours],
      )
    }
  })

  test(`${crosswalk.scheme}: every term either maps or is listed as lost`, () => {
    const ids = lexicon.terms.map(({ id }) => id)
    const { mapped } = mapOut(crosswalk, ids)
    const { out } = neverMapped(crosswalk, ids)
    assert.equal(new Set(mapped.map(({ from }) => from)).size + out.length, ids.length)
    // No list of others has words for what sets a flaw of AI apart.
    assert.ok(out.includes('trait.not-patchable'))
  })
}

test('a harm to health is no serious incident by itself', () => {
  const crosswalk = crosswalks.find(({ scheme }) => scheme === 'eu-3-49')
  assert.ok(crosswalk)
  const { mapped, lost } = mapOut(crosswalk, ['impact.health'])
  assert.deepEqual(mapped, [])
  assert.deepEqual(lost[0]?.candidates, ['eu-3-49-a'])
  assert.equal(mapIn(crosswalk, ['eu-3-49-a']).mapped[0]?.to, 'impact.health')
})

function tableNamed(name: string): DecisionTable {
  const table = decisionTables[name]
  assert.ok(table, name)
  return table
}
