/** The public figures of disclosure come from the lists that the public door may read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { publicDisclosureFigures } from '../../src/app/disclosure-figures.ts'
import { DAY_MS } from '../../src/base/time.ts'
import { deskKernel, stayInOneMonth } from '../support/desk-kernel.ts'

test('reports of a quarter are in the figures of the next, and no small count is', async (t) => {
  const desk = await deskKernel(t)
  stayInOneMonth(desk)
  const { kernel, database, enrol, openCase, pass } = desk
  const ada = await enrol('Ada', ['caseOfficer'])
  for (let count = 0; count < 6; count += 1) await openCase(`Case ${count} (invented)`, ada)
  const { facts, waiting } = await kernel.registers.disclosureRecord()
  assert.equal(facts.length, 6)
  assert.deepEqual(waiting, [])
  const { rows } = await sql`select * from p_disclosure`.execute(database)
  assert.equal(JSON.stringify(rows).includes('invented'), false)
  assert.equal(JSON.stringify(rows).includes(ada.officer), false)

  const now = await publicDisclosureFigures(kernel)
  assert.deepEqual(
    now.rows.filter(({ statistic }) => statistic === 'count'),
    [],
    'of the running quarter nothing',
  )
  pass(92 * DAY_MS)
  const next = await publicDisclosureFigures(kernel)
  assert.ok(next.before > now.before)
  const counts = next.rows.filter(
    ({ figure, statistic }) => figure === 'timeToTriage' && statistic === 'count',
  )
  assert.deepEqual(
    counts.map(({ key, value }) => [key, value]),
    [['open', 5]],
  )
  assert.equal(JSON.stringify(next).includes('"value":6'), false)
})
