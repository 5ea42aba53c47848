/** Import over real streams: a trial changes nothing, a second import adds nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { atRest } from '../../src/adapters/keys/at-rest.ts'
import { resealColumns } from '../../src/adapters/postgres/column-keys/reseal-columns.ts'
import { postgresImports } from '../../src/adapters/postgres/desk/imports.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { type Mapping, planImport, runImport } from '../../src/app/desk/import-rows.ts'
import type { Table } from '../../src/app/ports/tables.ts'
import { deskKernel } from '../support/desk-kernel.ts'

const TABLE: Table = {
  columns: ['No', 'What', 'Story', 'Public', 'Tongue'],
  rows: [
    ['A-1', 'Canary one', 'It said something harmful.', 'no', 'en'],
    ['A-2', 'Canary two', 'It said it again.', '', ''],
    ['A-3', 'Canary three', 'And again.', 'YES', 'de'],
  ],
}
const MAPPING: Mapping = {
  key: 'No',
  title: 'What',
  whatHappened: 'Story',
  isPublic: 'Public',
  language: 'Tongue',
}

async function office(t: Parameters<typeof deskKernel>[0]) {
  const desk = await deskKernel(t)
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const lena = await desk.enrol('Lena Bridge (invented)', ['liaison'])
  const count = async () => {
    const { rows } = await sql<{ n: string }>`select count(*) as n from event`.execute(
      desk.database,
    )
    return Number(rows[0]?.n)
  }
  const plan = (table = TABLE, mapping = MAPPING) => planImport(desk.kernel, 'case', table, mapping)
  return { desk, iris, lena, count, plan }
}

test('a trial run changes nothing; the import opens each case as by hand', async (t) => {
  const { desk, iris, count, plan } = await office(t)
  const before = await count()
  const trial = await plan()
  assert.deepEqual([trial.fresh.length, trial.known, trial.faults], [3, 0, []])
  assert.equal(await count(), before)
  const done = await runImport(desk.kernel, trial, iris)
  assert.ok(done.decision === 'permit')
  assert.deepEqual(done.value, { added: 3, known: 0, refused: [] })
  const rows = await desk.desk.search.cases({ words: 'canary', hidden: [] })
  assert.equal(rows.cases.length, 3)
  const byHand = await desk.openCase('By hand', iris)
  const types = async (id: string) =>
    (await desk.kernel.streams.read(id))?.history.map(({ event, by }) => [event.type, by])
  const imported = rows.cases.find(({ title }) => title === 'Canary one')?.id ?? ''
  assert.deepEqual(await types(imported), await types(byHand))
})

test('a second import adds nothing, also of the same plan, also at once', async (t) => {
  const { desk, iris, count, plan } = await office(t)
  const trial = await plan()
  await runImport(desk.kernel, trial, iris)
  const after = await count()
  const again = await runImport(desk.kernel, trial, iris)
  assert.ok(again.decision === 'permit')
  assert.deepEqual(again.value, { added: 0, known: 3, refused: [] })
  assert.deepEqual([(await plan()).fresh.length, (await plan()).known], [0, 3])
  const more = { ...TABLE, rows: [...TABLE.rows, ['A-4', 'Canary four', 'More.', 'no', 'en']] }
  const grown = await runImport(desk.kernel, await plan(more), iris)
  assert.ok(grown.decision === 'permit')
  assert.deepEqual(grown.value, { added: 1, known: 3, refused: [] })
  assert.ok((await count()) > after)
})

test('an import that broke off after a case was opened goes on without doubling it', async (t) => {
  const { desk, iris, plan } = await office(t)
  const trial = await plan()
  await runImport(desk.kernel, trial, iris)
  await desk.database.updateTable('import_row').set({ is_done: false }).execute()
  const again = await runImport(desk.kernel, await plan(), iris)
  assert.ok(again.decision === 'permit')
  assert.equal(again.value.added, 0)
  assert.equal((await desk.desk.search.cases({ words: 'canary', hidden: [] })).cases.length, 3)
})

test('rows are known again after the node’s column key was changed', async (t) => {
  const { desk, iris, plan } = await office(t)
  await runImport(desk.kernel, await plan(), iris)
  const [former, current] = [new Uint8Array(32).fill(3), new Uint8Array(32).fill(4)]
  await resealColumns(desk.database, atRest(current, [former]))
  const imports = postgresImports(desk.database, atRest(current), systemRandom)
  assert.deepEqual(await imports.known('case', ['A-1', 'A-3', 'B-1']), new Set(['A-1', 'A-3']))
  const again = await imports.claim('case', 'A-1', systemRandom.uuid())
  assert.equal(again.isDone, true)
})

for (const [name, cells, fault] of [
  ['no key', ['', 'T', 'S', 'no', 'en'], ['No', 'missing']],
  ['a key twice', ['A-1', 'T', 'S', 'no', 'en'], ['No', 'keyTwice']],
  ['a key too long', ['k'.repeat(201), 'T', 'S', 'no', 'en'], ['No', 'tooLong']],
  ['no title', ['B', '', 'S', 'no', 'en'], ['What', 'missing']],
  ['a title too long', ['B', 't'.repeat(301), 'S', 'no', 'en'], ['What', 'tooLong']],
  ['no story', ['B', 'T', '', 'no', 'en'], ['Story', 'missing']],
  ['a word that is no answer', ['B', 'T', 'S', 'perhaps', 'en'], ['Public', 'notAllowed']],
  ['a language that is none', ['B', 'T', 'S', 'no', 'english!'], ['Tongue', 'notAllowed']],
] as const) {
  test(`one bad row keeps the whole table out: ${name}`, async (t) => {
    const { desk, iris, count, plan } = await office(t)
    const before = await count()
    const faulty = await plan({ ...TABLE, rows: [...TABLE.rows, [...cells]] })
    assert.deepEqual(faulty.faults, [{ row: 5, column: fault[0], why: fault[1] }])
    assert.equal((await runImport(desk.kernel, faulty, iris)).decision, 'refuse')
    assert.equal(await count(), before)
  })
}

test('without the columns that are needed, or the role, nothing comes in', async (t) => {
  const { desk, lena, count, plan } = await office(t)
  const before = await count()
  const { key: _, ...unkeyed } = MAPPING
  const faulty = await plan(TABLE, unkeyed)
  assert.deepEqual(faulty.faults, [{ row: 1, column: 'key', why: 'missing' }])
  const refused = await runImport(desk.kernel, await plan(), lena)
  assert.equal(refused.decision === 'refuse' && refused.why, 'roleMissing')
  assert.equal(await count(), before)
})

test('a table on its way is sealed, is its officer’s alone, and keys of rows are not to be read', async (t) => {
  const { desk, iris, lena, plan } = await office(t)
  const id = await desk.desk.imports.keep(iris.officer, TABLE)
  assert.deepEqual(await desk.desk.imports.kept(id, iris.officer), TABLE)
  assert.equal(await desk.desk.imports.kept(id, lena.officer), undefined)
  await runImport(desk.kernel, await plan(), iris)
  const kept = [
    await desk.database.selectFrom('import_draft').selectAll().execute(),
    await desk.database.selectFrom('import_row').selectAll().execute(),
  ].flat()
  assert.ok(kept.length === 4)
  for (const row of kept) {
    for (const value of Object.values(row)) {
      const text = value instanceof Uint8Array ? Buffer.from(value).toString() : String(value)
      assert.ok(!text.includes('Canary') && !text.includes('A-1'))
    }
  }
})
