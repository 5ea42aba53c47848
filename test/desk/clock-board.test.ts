/** The board of clocks over more of them than it shows. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
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
