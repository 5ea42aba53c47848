/** What a newer version would change for open cases, on a real database and in real threads. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { libraryHolidays, loadLaw } from '../../src/adapters/law-packs.ts'
import {
  beginRun,
  finish,
  postgresLawEffects,
  readRun,
} from '../../src/adapters/postgres/law/effects.ts'
import { systemRandom as random } from '../../src/adapters/random.ts'
import { instant } from '../../src/base/time.ts'
import type { CaseForAccess } from '../../src/core/access/case-access.ts'
import type { CaseLaw } from '../../src/core/law/case-inputs.ts'
import { packRef } from '../../src/core/law/pack.ts'
import { versionsOf } from '../../src/core/law/pack-versions.ts'
import { noSignOffs } from '../../src/core/law/sign-off.ts'
import { lawFolder } from '../support/invented-law.ts'
import { keys as atRest, kernelDatabase } from '../support/kernel-database.ts'
import { insertLawCases, type LawCase } from '../support/law-cases.ts'

const OLD = { version: '0.1.0', validFrom: '2026-01-01' }
const NEW = { version: '0.2.0', validFrom: '2026-06-01', replaces: '0.1.0', days: 10 }
const aware = (day: string) => ({
  ...{ event: 'aware', clock: null, zone: 'Europe/Brussels', evidence: '' },
  at: instant(`${day}T11:00:00.000Z`),
})

async function world(t: TestContext) {
  const folder = lawFolder(t, { zz: NEW, 'zz/versions/0.1.0': OLD })
  const { versions } = loadLaw(folder)
  const [older, newer] = versionsOf(versions, 'law.zz')
  assert.ok(older && newer)
  const database = await kernelDatabase(t)
  const faults: unknown[] = []
  const onFault = (error: unknown) => void faults.push(error)
  const parts = { database, atRest, random, onFault }
  const context = { packs: [newer], versions, signOffs: noSignOffs, holidaysOf: libraryHolidays() }
  const now = instant('2026-11-03T09:00:00.000Z')
  const wish = { pack: newer, context, now, askedBy: 'ada' }
  const inputs: CaseLaw = {
    facts: { offeredIn: ['ZZ'] },
    events: [aware('2026-11-02') as CaseLaw['events'][number]],
    refs: [packRef(older)],
    clocks: [['zz.act/report']],
    assessed: [],
  }
  const add = (...cases: readonly LawCase[]) => insertLawCases(database, atRest, cases)
  const run = async () => {
    const begun = await beginRun(parts, wish)
    assert.ok(begun)
    await finish(parts, begun.id, wish)
    assert.deepEqual(faults, [])
    return readRun(database, begun.id)
  }
  return { database, parts, wish, newer, older, inputs, add, run }
}

const all = () => true

test('every open case is compared once; decided, lost and unread ones are counted apart', async (t) => {
  const { parts, newer, inputs, add, run } = await world(t)
  const gone = { ...packRef(newer), version: '0.0.1', digest: 'ab'.repeat(32) }
  const changed = await add({ inputs, title: 'First (invented)' }, { inputs })
  await add(
    { inputs, isDecided: true },
    { inputs, isUnread: true },
    { inputs: { ...inputs, refs: [gone] } },
    { inputs: { ...inputs, refs: [packRef(newer)] } },
    { inputs: { ...inputs, events: [] } },
    { inputs: { ...inputs, refs: [], clocks: [] } },
  )
  const { state, total, decided, unread, looked, lost, counts, changed: count, id } = await run()
  assert.deepEqual(
    { state, total, decided, unread, looked, lost, counts, count },
    {
      state: 'done',
      total: 6,
      decided: 1,
      unread: 1,
      looked: 6,
      lost: 1,
      counts: { earlier: 2 },
      count: 2,
    },
  )
  const page = await postgresLawEffects(parts).cases(id, all)
  assert.deepEqual(page.cases.map(({ caseId }) => caseId).sort(), [...changed].sort())
  assert.deepEqual(
    page.cases.find(({ caseId }) => caseId === changed[0]),
    {
      caseId: changed[0],
      title: 'First (invented)',
      kinds: ['earlier'],
    },
  )
  assert.equal(page.hidden, 0)
})

test('who may not see a case is told that it is there, and not its title', async (t) => {
  const { parts, inputs, add, run } = await world(t)
  await add({ inputs, title: 'Hidden', classification: 'confidential' }, { inputs, title: 'Shown' })
  const { id } = await run()
  const sees = ({ classification }: CaseForAccess) => classification === 'open'
  const page = await postgresLawEffects(parts).cases(id, sees)
  assert.deepEqual(
    page.cases.map(({ title }) => title),
    ['Shown'],
  )
  assert.equal(page.hidden, 1)
  assert.ok(!JSON.stringify(page).includes('Hidden'))
})

test('more cases than one batch and one page holds: all of them, in pages without a gap', async (t) => {
  const { parts, inputs, add, run } = await world(t)
  const cases = Array.from({ length: 2345 }, (_, n) => ({
    inputs: n % 2 === 0 ? inputs : { ...inputs, events: [] },
  }))
  await add(...cases)
  const { looked, changed, id } = await run()
  assert.deepEqual([looked, changed], [2345, 1173])
  const effects = postgresLawEffects(parts)
  const found = new Set<string>()
  let after: string | undefined
  let pages = 0
  do {
    const page = await effects.cases(id, all, after)
    for (const { caseId } of page.cases) found.add(caseId)
    after = page.next
    pages += 1
  } while (after !== undefined)
  assert.equal(found.size, 1173)
  assert.equal(pages, 6)
})

test('one run at a time; a new one takes the place of the one before', async (t) => {
  const { database, parts, wish, inputs, add, run } = await world(t)
  await add({ inputs })
  const first = await beginRun(parts, wish)
  assert.ok(first)
  assert.equal(await beginRun(parts, wish), undefined)
  await finish(parts, first.id, wish)
  const second = await run()
  assert.equal(second.changed, 1)
  const rows = await database.selectFrom('law_effect').select('id').execute()
  assert.deepEqual(
    rows.map(({ id }) => id),
    [second.id],
  )
})

test('a case whose row does not open ends the run as failed, with a fault', async (t) => {
  const { database, parts, wish, inputs, add } = await world(t)
  await add({ inputs })
  await database
    .updateTable('p_law_case')
    .set({ sealed_inputs: new Uint8Array(60) })
    .execute()
  const begun = await beginRun(parts, wish)
  assert.ok(begun)
  const faults: unknown[] = []
  await finish({ ...parts, onFault: (error) => void faults.push(error) }, begun.id, wish)
  assert.equal((await readRun(database, begun.id)).state, 'failed')
  assert.equal(faults.length, 1)
})
