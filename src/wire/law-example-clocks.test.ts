/** Every row of every table of clocks beside the shipped packs, and rows that are wrong. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shippedExamples } from '../../test/support/shipped-examples.ts'
import { shippedLaw } from '../cli/law/shipped-law.ts'
import { clockExampleFault } from './law-example-clocks.ts'
import { readExamples } from './law-examples.ts'

for (const row of shippedExamples('clock')) {
  const { clock, start, zone, state } = row.cells
  test(`${row.place}: ${clock} from ${start} in ${zone}: ${state}`, () => {
    assert.equal(clockExampleFault(shippedLaw(), row), undefined)
  })
}

const HEAD =
  '| clock | start | zone | events and facts | state | strict | legal | why |\n' +
  '|---|---|---|---|---|---|---|---|\n'

function wrong(line: string): string | undefined {
  const [row] = readExamples(`${HEAD}${line}\n`, 'x.md')
  assert.ok(row)
  return clockExampleFault(shippedLaw(), row)
}

const RIGHT =
  '| eu.gdpr/rro | 2026-11-27T15:00+01:00 | Europe/Paris | | due | 2026-12-25 | 2026-12-28 | |'

test('a row that the packs do not compute is named with its place', () => {
  assert.equal(wrong(RIGHT), undefined)
  for (const [text, other] of [
    ['due', 'confirm'],
    ['2026-12-25', '2026-12-26'],
    ['2026-12-28', '-'],
    ['2026-12-28', '2026-12-28T00:00+01:00'],
    ['2026-11-27T15', '2026-11-28T15'],
    ['eu.gdpr/rro', 'eu.gdpr/none'],
    ['| | due', '| performed@2026-12-01T00:00Z | due'],
  ] as const) {
    assert.match(wrong(RIGHT.replace(text, other)) ?? '', /^x\.md:3: /, other)
  }
})

for (const [text, other] of [
  ['due', 'late'],
  ['Europe/Paris', 'Paris'],
  ['15:00+01:00', '15:00'],
  ['2026-12-25', '25 December'],
  ['2026-12-25', ''],
  ['| | due', '| soon | due'],
] as const) {
  test(`not a row: ${other}`, () => {
    assert.throws(() => wrong(RIGHT.replace(text, other)), { code: 'malformed', field: 'x.md:3' })
  })
}
