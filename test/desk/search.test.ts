/** Search over real streams: what is found, what a filter keeps back, and at what size. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { SEARCHED_MAX } from '../../src/adapters/postgres/desk/search.ts'
import { titleContext } from '../../src/adapters/postgres/projections/list-rows.ts'
import { searchCases } from '../../src/app/desk/search-cases.ts'
import { utf8 } from '../../src/base/bytes.ts'
import { DAY_MS, instantFromMs } from '../../src/base/time.ts'
import { deskKernel } from '../support/desk-kernel.ts'
import { keys } from '../support/kernel-database.ts'

test('words, number, phase, handler, period and peer each narrow the search', async (t) => {
  const desk = await deskKernel(t)
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const odo = await desk.enrol('Odo Fern (invented)', ['caseOfficer'])
  const lark = await desk.openCase('Chatbot Larkspur gefährdet Größe', iris)
  const finch = await desk.openCase('Assistant Finch, 100% wrong', odo)
  await desk.database
    .insertInto('p_deadline')
    .values({
      stream_id: lark,
      clock: 'a',
      state: 'due',
      due_at: instantFromMs(Date.now() + 2 * DAY_MS),
    })
    .execute()
  await desk.database
    .insertInto('p_case_tie')
    .values({ stream_id: finch, kind: 'peer', value: 'albion.example' })
    .execute()
  const ask = async (asked: object) =>
    (await searchCases(desk.kernel, { isMine: false, ...asked }, desk.now(iris))).cases.map(
      ({ id }) => id,
    )
  assert.deepEqual((await ask({})).sort(), [lark, finch].sort())
  for (const words of ['larkspur', 'LARK gefahr', 'grosse', lark.slice(-6), 'größe  chatbot']) {
    assert.deepEqual(await ask({ words }), [lark], words)
  }
  for (const words of ['larkspur finch', 'chatbots', '%', '.*', "' or 1=1 --"]) {
    assert.deepEqual(await ask({ words }), words === '%' ? [finch] : [], words)
  }
  assert.deepEqual(await ask({ isMine: true }), [lark])
  assert.deepEqual(await ask({ dueWithinDays: 3 }), [lark])
  assert.deepEqual(await ask({ dueWithinDays: 1 }), [])
  assert.deepEqual(await ask({ peer: 'albion.example' }), [finch])
  assert.deepEqual(await ask({ peer: 'nobody.example' }), [])
  assert.deepEqual((await ask({ phase: 'triage' })).length, 2)
  assert.deepEqual(await ask({ phase: 'published' }), [])
  assert.deepEqual(await ask({ agreement: 'x' }), [])
  const hidden = { words: '', hidden: [lark] }
  assert.deepEqual(
    (await desk.desk.search.cases(hidden)).cases.map(({ id }) => id),
    [finch],
  )
})

test('of more than ten thousand cases the newest are searched, within the bound', async (t) => {
  const desk = await deskKernel(t)
  const wrapped = keys.newKey()
  const key = keys.unwrap(wrapped)
  const total = SEARCHED_MAX + 5
  const ids = Array.from({ length: total }, () => desk.kernel.random.uuid())
  for (let from = 0; from < total; from += 1000) {
    const part = ids.slice(from, from + 1000)
    await desk.database
      .insertInto('stream')
      .values(part.map((id) => ({ id, kind: 'case', wrapped_key: wrapped })))
      .execute()
    const at = (index: number) => instantFromMs(Date.UTC(2026, 0, 1) + (from + index) * 60_000)
    await desk.database
      .insertInto('p_case')
      .values(
        part.map((id, index) => ({
          stream_id: id,
          lead: 'meridia.example',
          phase: 'triage',
          is_under_embargo: false,
          opened_at: at(index),
          changed_at: at(index),
          sealed_title: key.seal(titleContext(id), utf8(`Case number ${from + index}`)),
        })),
      )
      .execute()
  }
  await sql`analyze`.execute(desk.database)
  const started = process.cpuUsage()
  const found = await desk.desk.search.cases({ words: 'number 9', hidden: [] })
  // Its own work, however busy the machine is.
  const { user, system } = process.cpuUsage(started)
  const tookMs = (user + system) / 1000
  t.diagnostic(`search of ${SEARCHED_MAX} cases: ${Math.round(tookMs)} ms`)
  assert.ok(found.isCut)
  assert.ok(tookMs < 10_000)
  const oldest = await desk.desk.search.cases({ words: 'number 3', hidden: [] })
  assert.ok(!oldest.cases.some(({ title }) => title === 'Case number 3'), 'beyond the bound')
  assert.ok(oldest.cases.some(({ title }) => title === 'Case number 30'))
  const one = await desk.desk.search.cases({ words: `number ${total - 1}`, hidden: [] })
  assert.equal(one.cases.length, 1)
})
