/**
 * Import of reports: from the bytes of a file to sealed filings, as by hand. What is
 * wrong with a file keeps all of it out; what stops in the middle goes on later.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signEd25519 } from '../../src/adapters/node-primitives.ts'
import { ageSealing } from '../../src/adapters/sealing.ts'
import { fileTables } from '../../src/adapters/tables/tables.ts'
import { type Mapping, planImport, runImport } from '../../src/app/desk/import-rows.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { rosterDigest } from '../../src/app/sealing-keys.ts'
import { textFromUtf8, utf8 } from '../../src/base/bytes.ts'
import { unavailable } from '../../src/base/errors.ts'
import { unpad } from '../../src/seal/padme.ts'
import { generateIdentity, openWith, recipientOf } from '../../src/seal/seal.ts'
import { deskKernel, NODE } from '../support/desk-kernel.ts'
import { bookOf, inline } from '../support/workbook.ts'

const HEAD = ['No', 'What', 'Story', 'Public']
const ROWS = [
  ['R-1', 'Canary assistant', 'It told “ß, é, Ж, 漢” to a child; it said so twice.', 'no'],
  ['R-2', 'Canary scoring', 'It refused\na whole street.', 'yes'],
  ['R-3', 'Canary search', '+49 30 1234 was shown to everybody.', ''],
]
const MAPPING: Mapping = { key: 'No', title: 'What', whatHappened: 'Story', isPublic: 'Public' }
const SEED = new Uint8Array(32).fill(7)

async function office(t: Parameters<typeof deskKernel>[0]) {
  const desk = await deskKernel(t)
  const identity = await generateIdentity()
  const inner = [await recipientOf(identity), await recipientOf(await generateIdentity())]
  const holder = { officer: desk.kernel.random.uuid() }
  const entries = inner.map((recipient) => ({ recipient, layer: 'inner' as const, holder }))
  const digest = rosterDigest(desk.kernel.primitives, { inner, outer: [] })
  await desk.append(desk.kernel.authorityStreamId, NODE.id, {
    type: 'sealingRosterSet',
    entries,
    digest,
    proposedBy: null,
  } as { readonly type: string })
  const kernel = {
    ...desk.kernel,
    sealing: ageSealing,
    intake: { batchIntervalMs: 1000, sealDelayMs: 1000, escalation: { body: 'B', address: 'A' } },
    law: { filingClocks: () => [] },
    keys: {
      messageSigner: () => ({
        keyId: `${NODE.id}/msg1`,
        sign: async (message: Uint8Array) => signEd25519(SEED, message),
      }),
    },
  } as unknown as Kernel
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const reports = async (): Promise<Record<string, string>[]> => {
    const waiting = await kernel.filings.waiting()
    return Promise.all(
      waiting.map(async ({ id }) => {
        const sealed = await kernel.filings.sealedReport(id)
        const plain = unpad(await openWith(identity, sealed ?? new Uint8Array()))
        return (JSON.parse(textFromUtf8(plain)) as { answers: Record<string, string> }).answers
      }),
    )
  }
  const imported = async (bytes: Uint8Array, format: 'csv' | 'xlsx', on = kernel) => {
    const read = await fileTables.read(bytes, format)
    if (!read.isSound) return { faults: read.faults }
    const plan = await planImport(on, 'report', read.table, MAPPING)
    if (plan.faults.length > 0) return { faults: plan.faults }
    const done = await runImport(on, plan, iris)
    return done.decision === 'permit' ? done.value : { because: done.because }
  }
  return { desk, kernel, iris, reports, imported }
}

const tableOf = (rows = ROWS) => ({ columns: HEAD, rows })
const csvOf = (rows = ROWS) => fileTables.write(tableOf(rows), 'csv')
const titlesOf = (reports: readonly Record<string, string>[]) =>
  reports.map(({ title }) => title).sort()

test('a trial run files nothing; the import files each row sealed, in either format', async (t) => {
  for (const format of ['csv', 'xlsx'] as const) {
    const { kernel, reports, imported, desk } = await office(t)
    const bytes = await fileTables.write(tableOf(), format)
    const read = await fileTables.read(bytes, format)
    assert.ok(read.isSound)
    const plan = await planImport(kernel, 'report', read.table, MAPPING)
    assert.deepEqual([plan.fresh.length, plan.known, plan.faults], [3, 0, []])
    assert.deepEqual(await reports(), [])
    assert.deepEqual(await imported(bytes, format), { added: 3, known: 0, refused: [] })
    const filed = await reports()
    assert.deepEqual(titlesOf(filed), ['Canary assistant', 'Canary scoring', 'Canary search'])
    const first = filed.find(({ title }) => title === 'Canary assistant')
    assert.equal(first?.['whatHappened'], ROWS[0]?.[2])
    assert.deepEqual(filed.map(({ isPublic }) => isPublic).sort(), ['no', 'unknown', 'yes'])
    const rows = [
      await desk.database.selectFrom('filing').selectAll().execute(),
      await desk.database.selectFrom('import_row').selectAll().execute(),
    ].flat()
    for (const value of rows.flatMap((row) => Object.values(row))) {
      const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : `${value}`
      assert.doesNotMatch(text, /Canary|R-1/)
    }
  }
})

test('the same file again, also at once, also with more rows, files nothing twice', async (t) => {
  const { reports, imported } = await office(t)
  const [one, two] = await Promise.all([
    imported(await csvOf(), 'csv'),
    imported(await csvOf(), 'csv'),
  ])
  assert.ok('added' in one && 'added' in two)
  assert.equal(one.added + two.added, 3)
  assert.equal((await reports()).length, 3)
  const more = [...ROWS, ['R-4', 'Canary voice', 'It called at night.', 'no']]
  assert.deepEqual(await imported(await csvOf(more), 'csv'), { added: 1, known: 3, refused: [] })
  assert.equal((await reports()).length, 4)
})

test('a stop in the middle is told with its row; the same file goes on from there', async (t) => {
  const { kernel, reports, imported } = await office(t)
  let left = 1
  const failing = {
    ...kernel,
    filings: {
      ...kernel.filings,
      add: async (filing: Parameters<Kernel['filings']['add']>[0]) => {
        if (left-- <= 0) throw unavailable('the database is away')
        return kernel.filings.add(filing)
      },
    },
  } as Kernel
  const stopped = await imported(await csvOf(), 'csv', failing)
  assert.deepEqual(stopped, { added: 1, known: 0, refused: [], stoppedAt: 3 })
  assert.equal((await reports()).length, 1)
  assert.deepEqual(await imported(await csvOf(), 'csv'), { added: 2, known: 1, refused: [] })
  assert.equal((await reports()).length, 3)
})

test('a stop after a row was filed and before that was noted doubles nothing', async (t) => {
  const { kernel, reports, imported } = await office(t)
  const failing = {
    ...kernel,
    desk: {
      ...kernel.desk,
      imports: {
        ...kernel.desk.imports,
        finish: () => Promise.reject(unavailable('the database is away')),
      },
    },
  } as Kernel
  const stopped = await imported(await csvOf(), 'csv', failing)
  assert.deepEqual(stopped, { added: 0, known: 0, refused: [], stoppedAt: 2 })
  assert.equal((await reports()).length, 1, 'the row is in, though it is not counted')
  assert.deepEqual(await imported(await csvOf(), 'csv'), { added: 2, known: 1, refused: [] })
  assert.equal((await reports()).length, 3)
})

test('a fault of ours is thrown, and is no outage', async (t) => {
  const { kernel, imported } = await office(t)
  const broken = {
    ...kernel,
    filings: { ...kernel.filings, add: () => Promise.reject(new TypeError('a mistake')) },
  } as unknown as Kernel
  await assert.rejects(imported(await csvOf(), 'csv', broken), TypeError)
})

test('without officers to seal for nothing comes in', async (t) => {
  const { desk, kernel, imported, reports } = await office(t)
  await desk.append(kernel.authorityStreamId, NODE.id, {
    type: 'sealingRosterSet',
    entries: [],
    digest: '0'.repeat(64),
    proposedBy: null,
  } as { readonly type: string })
  const stopped = await imported(await csvOf(), 'csv')
  assert.deepEqual(stopped, { added: 0, known: 0, refused: [], stoppedAt: 2 })
  assert.deepEqual(await reports(), [])
})

const line = (...cells: string[]) => cells.join(',')
const plain = (...lines: string[]) => lines.join('\r\n')
const GOOD_LINE = line('R-1', 'Title', 'Story', 'no')

const rowOf = (number: number, cells: readonly string[]) =>
  `<row r="${number}">${cells.map((cell, at) => inline(`${'ABCD'[at]}${number}`, cell)).join('')}</row>`
const SHEET = rowOf(1, HEAD) + rowOf(2, ['R-1', '=HYPERLINK(1)', 'Story', 'no'])

const BAD: Readonly<Record<string, readonly [Uint8Array, 'csv' | 'xlsx', string, number]>> = {
  'Latin-1': [
    Buffer.from(plain(line(...HEAD), 'R-1,Gef\xe4hrdung,S,no'), 'latin1'),
    'csv',
    'notText',
    2,
  ],
  'Windows-1252': [
    Buffer.concat([utf8(plain(line(...HEAD), 'R-1,T,')), Buffer.from([0x93, 0x94])]),
    'csv',
    'notText',
    2,
  ],
  'UTF-16': [
    Buffer.from(`\ufeff${plain(line(...HEAD), GOOD_LINE)}`, 'utf16le'),
    'csv',
    'notText',
    1,
  ],
  'a formula': [utf8(plain(line(...HEAD), GOOD_LINE, 'R-2,=1+1,S,no')), 'csv', 'formula', 3],
  'a formula behind a blank': [
    utf8(plain(line(...HEAD), 'R-1, @SUM(A1),S,no')),
    'csv',
    'formula',
    2,
  ],
  'a formula in a workbook': [bookOf(SHEET), 'xlsx', 'formula', 2],
  'a key twice': [utf8(plain(line(...HEAD), GOOD_LINE, GOOD_LINE)), 'csv', 'keyTwice', 3],
  'no story': [utf8(plain(line(...HEAD), GOOD_LINE, 'R-2,T,,no')), 'csv', 'missing', 3],
  'a word that is no answer': [utf8(plain(line(...HEAD), 'R-1,T,S,maybe')), 'csv', 'notAllowed', 2],
}

for (const [what, [bytes, format, why, row]] of Object.entries(BAD)) {
  test(`nothing of the file comes in, and its row is named: ${what}`, async (t) => {
    const { imported, reports, desk } = await office(t)
    const outcome = await imported(bytes, format)
    assert.ok('faults' in outcome, JSON.stringify(outcome))
    assert.deepEqual([outcome.faults[0]?.why, outcome.faults[0]?.row], [why, row])
    assert.deepEqual(await reports(), [])
    assert.deepEqual(await desk.database.selectFrom('import_row').selectAll().execute(), [])
  })
}

test('who may open no case imports no report', async (t) => {
  const { desk, kernel, reports } = await office(t)
  const read = await fileTables.read(await csvOf(), 'csv')
  assert.ok(read.isSound)
  const plan = await planImport(kernel, 'report', read.table, MAPPING)
  for (const role of ['administrator', 'reviewer', 'auditor'] as const) {
    const other = await desk.enrol(`A ${role} (invented)`, [role])
    const refused = await runImport(kernel, plan, other)
    assert.equal(refused.decision === 'refuse' && refused.why, 'roleMissing', role)
  }
  assert.deepEqual(await reports(), [])
})
