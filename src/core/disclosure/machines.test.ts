import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corpusLines } from '../../../test/support/corpus.ts'
import { caseStateAfter, caseStates, letterDue, letters } from './case-state.ts'
import { judgeHistory } from './history.ts'
import { destination, type Machine } from './machine.ts'
import {
  consentMachine,
  consentStates,
  consentTriggers,
  embargoMachine,
  embargoStates,
  embargoTriggers,
  publicLetters,
  publicMachine,
  publicStates,
  reportMachine,
  reportStates,
  reportTriggers,
  vendorLetters,
  vendorMachine,
  vendorStates,
} from './machines.ts'

const file = corpusLines('vultron-machines.json')?.join('\n')
const skip = file === undefined && 'COMITY_CORPUS is not set'

const edges = caseStates.flatMap((from) =>
  letters.flatMap((letter) => {
    const to = caseStateAfter(from, letter)
    return to === undefined ? [] : [`${from} ${to}`]
  }),
)
const orders = permutations([...letters])
const legalOrders = orders.filter((order) => judgeHistory(order).legal)

test('the machines have as many transitions as the protocol', () => {
  const machines = [reportMachine, embargoMachine, vendorMachine, publicMachine]
  assert.deepEqual(
    machines.map((machine) => machine.length),
    [11, 10, 3, 12],
  )
  // Ten listed transitions and `reset` from each of the five states.
  assert.equal(consentMachine.length, 15)
})

test('no machine has two ways for one trigger', () => {
  for (const machine of [reportMachine, embargoMachine, consentMachine, publicMachine]) {
    const keys = machine.map(({ source, trigger }) => `${source} ${trigger}`)
    assert.equal(new Set(keys).size, keys.length)
  }
})

test('closed and exited are final, and a valid report does not close', () => {
  for (const trigger of reportTriggers) {
    assert.equal(destination(reportMachine, 'closed', trigger), undefined)
  }
  for (const trigger of embargoTriggers) {
    assert.equal(destination(embargoMachine, 'exited', trigger), undefined)
  }
  assert.equal(destination(reportMachine, 'valid', 'close'), undefined)
  assert.equal(destination(consentMachine, 'signatory', 'invite'), undefined)
})

test('there are 32 case states, 58 steps, 12 states that do not last, 70 legal orders', () => {
  assert.equal(new Set(caseStates).size, 32)
  assert.equal(edges.length, 58)
  assert.equal(caseStates.filter((state) => letterDue(state) !== undefined).length, 12)
  assert.equal(new Set(orders).size, 720)
  assert.equal(legalOrders.length, 70)
})

test('every case state can be reached', () => {
  const reached = new Set<string>(['vfdpxa'])
  for (const state of reached) {
    for (const edge of edges) if (edge.startsWith(`${state} `)) reached.add(edge.slice(7))
  }
  assert.equal(reached.size, 32)
})

test('in a state that does not last only the letter due leads on', () => {
  for (const state of caseStates) {
    const due = letterDue(state)
    if (due === undefined) continue
    const possible = letters.filter((letter) => caseStateAfter(state, letter) !== undefined)
    assert.deepEqual(possible, [due], state)
  }
})

test('the first event of a legal order', () => {
  const count = (letter: string) => legalOrders.filter((order) => order.startsWith(letter)).length
  assert.deepEqual(['V', 'A', 'P', 'X'].map(count), [42, 13, 12, 3])
})

test('an illegal order is told by its first wrong event', () => {
  const why = (order: string) => {
    const judgement = judgeHistory(order)
    return judgement.legal ? '' : judgement.why
  }
  assert.match(why('FVDPXA'), /^event 1, F: .*vendor is aware/)
  assert.match(why('VDFPXA'), /^event 2, D: .*fix is ready/)
  assert.match(why('PFVDXA'), /^event 2, F: .*V must come next/)
  assert.match(why('VXFDPA'), /^event 3, F: .*P must come next/)
})

for (const history of [
  '',
  'VFDPX',
  'VFDPXX',
  'VFDPXAA',
  'vfdpxa',
  'VFDPXB',
  'VFDPX ',
  'VFDPXA\n',
]) {
  test(`${JSON.stringify(history)} is no order of the six events`, () => {
    assert.throws(() => judgeHistory(history), { code: 'malformed', reason: 'not-an-order-of-six' })
  })
}

test('the tables are equal to the published protocol', { skip }, () => {
  const oracle = JSON.parse(file ?? '')
  assert.deepEqual(rowsOf(reportMachine, reportStates), expected(oracle.rm, reportStates))
  assert.deepEqual(rowsOf(embargoMachine, embargoStates), expected(oracle.em, embargoStates))
  assert.deepEqual(rowsOf(consentMachine, consentStates), expected(oracle.pec, consentStates))
  assert.deepEqual(rowsOf(vendorMachine, vendorStates), expected(oracle.vfd, vendorStates))
  assert.deepEqual(rowsOf(publicMachine, publicStates), expected(oracle.pxa, publicStates))
  assert.deepEqual(reportStates.map(upper), oracle.states.rm)
  assert.deepEqual(embargoStates.map(upper), oracle.states.em)
  assert.deepEqual(consentStates.map(upper), oracle.states.pec)
  assert.deepEqual(vendorStates, oracle.states.vfd)
  assert.deepEqual(publicStates, oracle.states.pxa)
})

test('no trigger leads anywhere that the protocol does not list', { skip }, () => {
  const oracle = JSON.parse(file ?? '')
  sameOverAllPairs(reportMachine, reportStates, reportTriggers, oracle.rm)
  sameOverAllPairs(embargoMachine, embargoStates, embargoTriggers, oracle.em)
  sameOverAllPairs(consentMachine, consentStates, consentTriggers, oracle.pec)
  sameOverAllPairs(vendorMachine, vendorStates, vendorLetters, oracle.vfd)
  sameOverAllPairs(publicMachine, publicStates, publicLetters, oracle.pxa)
})

test('case states, steps, letters due and orders are equal to the published ones', { skip }, () => {
  const oracle = JSON.parse(file ?? '')
  assert.deepEqual([...caseStates].sort(), [...oracle.states.cs].sort())
  assert.deepEqual(
    [...edges].sort(),
    oracle.cs_edges.map((edge: string[]) => edge.join(' ')).sort(),
  )
  const due = caseStates.map((state) => [state, letterDue(state)] as const)
  assert.deepEqual(
    Object.fromEntries(due.filter(([, letter]) => letter !== undefined)),
    oracle.ephemeral_cs,
  )
  assert.deepEqual([...legalOrders].sort(), [...oracle.histories].sort())
})

test('of all 32 times 32 pairs of case states the published 58 are steps', { skip }, () => {
  const oracle = JSON.parse(file ?? '')
  const published = new Set(oracle.cs_edges.map((edge: string[]) => edge.join(' ')))
  const own = new Set(edges)
  let pairs = 0
  for (const from of caseStates) {
    for (const to of caseStates) {
      pairs += 1
      assert.equal(own.has(`${from} ${to}`), published.has(`${from} ${to}`), `${from} ${to}`)
    }
  }
  assert.deepEqual([pairs, published.size], [1024, 58])
})

function permutations(items: readonly string[]): readonly string[] {
  if (items.length <= 1) return [items.join('')]
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => item + rest),
  )
}

/** `noEmbargo` → `NO_EMBARGO`, as the published tables write states. */
function upper(word: string): string {
  return word.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

function isLetters(states: readonly string[]): boolean {
  return states.some((state) => /^[vp][fx][da]$/i.test(state))
}

function rowsOf<S extends string, T extends string>(
  machine: Machine<S, T>,
  states: readonly string[],
): readonly string[] {
  const spell = isLetters(states) ? (word: string) => word : upper
  return machine
    .map((row) => `${spell(row.source)} ${spell(row.trigger)} ${spell(row.dest)}`)
    .sort()
}

function expected(rows: readonly string[][], states: readonly string[]): readonly string[] {
  const spell = isLetters(states) ? (word: string) => word : upper
  return rows
    .flatMap(([from = '', event, to]) => {
      const sources = from === '*' ? states.map(spell) : [from]
      return sources.map((source) => `${source} ${event} ${to}`)
    })
    .sort()
}

function sameOverAllPairs<S extends string, T extends string>(
  machine: Machine<S, T>,
  states: readonly S[],
  triggers: readonly T[],
  rows: readonly string[][],
): void {
  const spell = isLetters(states) ? (word: string) => word : upper
  for (const state of states) {
    for (const trigger of triggers) {
      const row = rows.find(
        ([from, event]) => (from === '*' || from === spell(state)) && event === spell(trigger),
      )
      const to = destination(machine, state, trigger)
      assert.equal(to && spell(to), row?.[2], `${state} ${trigger}`)
    }
  }
}
