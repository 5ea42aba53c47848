/** The board of clocks over more of them than it shows. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dueFigures } from '../../src/adapters/postgres/operations/figures.ts'
import { type BoardFilter, clockBoard } from '../../src/app/desk/clock-board.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { deskKernel } from '../support/desk-kernel.ts'

const DAY = 24 * 60 * 60 * 1000

test('what was met long ago takes no place from what is due', async (t) => {
  const desk = await deskKernel(t)
  const law = { context: async () => ({ packs: [] }) }
  const kernel = { ...desk.kernel, law } as unknown as Kernel
  const ada = await desk.enrol('Ada', ['caseOfficer'])
  const streamId = await desk.openCase('A case', ada)
  const row = (clock: string, state: string, days: number) => {
    const due = new Date(Date.now() + days * DAY)
    const text = `${due.toISOString()}[UTC]`
    const dates = { due_at: due, strict_due: text, legal_due: text }
    return { stream_id: streamId, clock, state, legal_order: 'EU', ...dates }
  }
  const met = Array.from({ length: 1200 }, (_, n) => row(`eu.act/met_${n}`, 'met', -n - 1))
  await desk.database
    .insertInto('p_deadline')
    .values([...met, row('eu.act/next', 'due', 3), row('eu.act/late', 'due', -3)])
    .execute()
  const shown = async (filter: BoardFilter) =>
    (await clockBoard(kernel, desk.now(ada), filter)).map(({ clock, state }) => [clock, state])
  const [late, next] = [
    ['eu.act/late', 'overdue'],
    ['eu.act/next', 'due'],
  ]
  assert.deepEqual(await shown({}), [late, next])
  assert.deepEqual(await shown({ state: 'due' }), [next])
  assert.deepEqual(await shown({ state: 'overdue' }), [late])
  const all = await shown({ isComplete: true })
  assert.deepEqual(all.slice(0, 2), [late, next])
  assert.equal(all.length, 1002)
  assert.equal((await shown({ state: 'met' })).length, 1000)
})

test('between its two dates a clock is overdue nowhere, and after the later one everywhere', async (t) => {
  const desk = await deskKernel(t)
  const law = { context: async () => ({ packs: [] }) }
  const kernel = { ...desk.kernel, law } as unknown as Kernel
  const ada = await desk.enrol('Ada', ['caseOfficer'])
  const streamId = await desk.openCase('A case', ada)
  const computed = {
    ...{ clock: 'eu.act/report', legalOrder: 'EU', state: 'due', steps: [], because: [] },
    strictDue: `${new Date(Date.now() + DAY).toISOString()}[UTC]`,
    legalDue: `${new Date(Date.now() + 3 * DAY).toISOString()}[UTC]`,
  }
  await desk.append(streamId, ada.officer, {
    ...{ type: 'clocksComputed', results: [computed], packs: [] },
  } as { readonly type: string })
  const overdue = async () => {
    const { now } = desk.now(ada)
    const [counts, figures, [work], [board]] = await Promise.all([
      kernel.registers.counts(now),
      dueFigures(desk.database, now),
      kernel.desk.records.deadlinesFor(ada.officer),
      clockBoard(kernel, desk.now(ada)),
    ])
    return [
      counts.some(({ measure, key }) => measure === 'clocks' && key === 'overdue'),
      figures.overdueDeadlines === 1,
      work !== undefined && work.overdueAt <= now,
      board?.state === 'overdue',
    ]
  }
  assert.deepEqual(await overdue(), [false, false, false, false])
  desk.pass(2 * DAY)
  assert.deepEqual(await overdue(), [false, false, false, false], 'only the stricter has passed')
  desk.pass(2 * DAY)
  assert.deepEqual(await overdue(), [true, true, true, true])
})
