/** Every row of every table of tiers beside the shipped packs, and rows that are wrong. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shippedExamples } from '../../test/support/shipped-examples.ts'
import { shippedLaw } from '../cli/law/shipped-law.ts'
import { capExampleFault } from './law-example-caps.ts'
import { readExamples } from './law-examples.ts'

for (const row of shippedExamples('tier')) {
  const { tier, turnover, circumstances, maximum } = row.cells
  test(`${row.place}: ${tier} ${turnover} ${circumstances}: ${maximum}`, () => {
    assert.equal(capExampleFault(shippedLaw(), row), undefined)
  })
}

const HEAD = '| tier | turnover | circumstances | maximum | why |\n|---|---|---|---|---|\n'
function wrong(line: string): string | undefined {
  const [row] = readExamples(`${HEAD}${line}\n`, 'x.md')
  assert.ok(row)
  return capExampleFault(shippedLaw(), row)
}

test('a row that the packs do not compute is named with its place', () => {
  assert.equal(
    wrong('| us-ca.sb53/main | - | violations=4 | 4000001 USD | |'),
    'x.md:3: us-ca.sb53/main is 4000000 USD, the example says 4000001 USD',
  )
  assert.match(wrong('| us-ca.sb53/none | - | | 1 USD | |') ?? '', /is unknown_tier/)
  assert.match(wrong('| gb.osa/main | 5 USD | | 1 USD | |') ?? '', /is (refused|unknown_tier)/)
})

for (const line of [
  '| us-ca.sb53/main | a lot | | 1 USD | |',
  '| us-ca.sb53/main | - | violations=0 | 1 USD | |',
  '| us-ca.sb53/main | - | is=rich | 1 USD | |',
  '| us-ca.sb53/main | - | benefit | 1 USD | |',
  '| us-ca.sb53/main | - | what happened | 1 USD | |',
]) {
  test(`not a row: ${line}`, () => {
    assert.throws(() => wrong(line), { code: 'malformed' })
  })
}
