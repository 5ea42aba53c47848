/** Tables that people bring along: most of them are refused, each at its row and column. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileTables, TABLE_LIMITS } from '../../src/adapters/tables/tables.ts'
import { textFromUtf8, utf8 } from '../../src/base/bytes.ts'
import { bookOf, inline, zipOf } from '../support/workbook.ts'

async function faultsOf(bytes: Uint8Array, format: 'csv' | 'xlsx' = 'csv') {
  const read = await fileTables.read(bytes, format)
  return read.isSound ? [] : read.faults.map(({ why, row, column }) => [why, row, column])
}

const csv = (...lines: string[]) => utf8(lines.join('\r\n'))

test('a sound table is read, with a mark, with semicolons, with quoted lines', async () => {
  for (const bytes of [
    csv('id,title', '7,"A, B"'),
    csv('id;title', '7;A, B', '', ';'),
    csv('\ufeffid,title', '7,"A, B"'),
    csv('id\ttitle', '7\tA, B'),
  ]) {
    assert.deepEqual(await fileTables.read(bytes, 'csv'), {
      isSound: true,
      table: { columns: ['id', 'title'], rows: [['7', 'A, B']] },
    })
  }
  const greek = csv('id,title', '1,"Βοήθεια\nПомощь"')
  const read = await fileTables.read(greek, 'csv')
  assert.ok(read.isSound && read.table.rows[0]?.[1] === 'Βοήθεια\nПомощь')
})

for (const [name, bytes, fault] of [
  ['Latin-1', Buffer.from('id,title\r\n1,a\r\n2,Gef\xe4hrdung', 'latin1'), ['notText', 3]],
  ['UTF-16 with a mark', Buffer.from('\ufeffid,title\r\n1,a', 'utf16le'), ['notText', 1]],
  ['UTF-16 without one', Buffer.from('id,title\r\n1,a', 'utf16le'), ['notText', 1]],
  ['a cut character', utf8('id,title\r\n1,ä').slice(0, -1), undefined],
  ['nothing', csv(''), ['empty', 1]],
  ['only names', csv('id,title'), ['empty', 2]],
  ['a column without a name', csv('id,,title', '1,2,3'), ['columnUnnamed', 1, 2]],
  ['a name twice', csv('id,Title,title', '1,2,3'), ['columnTwice', 1, 3]],
  ['a formula', csv('id,title', '1,a', '2,=HYPERLINK("http://x.example")'), ['formula', 3, 2]],
  ['a formula by plus', csv('id,title', '1,+cmd|x'), ['formula', 2, 2]],
  ['a formula by minus', csv('id,title', '1,-2+3+cmd|x'), ['formula', 2, 2]],
  ['a formula by at', csv('id,title', '1,@SUM(A1)'), ['formula', 2, 2]],
  ['a formula behind a blank', csv('id,title', '1," =1+1"'), ['formula', 2, 2]],
  ['a formula as a name', csv('id,=1+1', '1,a'), ['formula', 1, 2]],
  ['a huge cell', csv('id,title', `1,${'x'.repeat(20_001)}`), ['cellTooLong', 2, 2]],
  ['a bell', csv('id,title', '1,a\u0007b'), ['characters', 2, 2]],
  ['more cells than names', csv('id,title', '1,a', '2,b,c'), ['rowTooLong', 3]],
  ['an open quote', csv('id,title', '1,"a'), ['notATable', 2]],
  [
    'too many rows',
    csv('id', ...Array.from({ length: 2001 }, (_, n) => `r${n}`)),
    ['tooManyRows', 2002],
  ],
  [
    'too many columns',
    csv(Array.from({ length: 61 }, (_, n) => `c${n}`).join(',')),
    ['tooManyColumns', 1],
  ],
  ['too large a file', new Uint8Array(TABLE_LIMITS.fileBytes + 1).fill(65), ['tooLarge', 1]],
] as const) {
  test(`refused: ${name}`, async () => {
    const [first] = await faultsOf(bytes)
    assert.ok(first, 'it is refused')
    if (fault) assert.deepEqual(first.slice(0, fault.length), [...fault])
  })
}

test('a number with a sign and a phone number are no formulas', async () => {
  const rows = csv('id,title', '1,-12.5', '2,+49 30 1234-567', '3,- 1')
  assert.deepEqual(await faultsOf(rows), [])
})

test('what is written is read again as it was, as CSV and as XLSX', async () => {
  const table = {
    columns: ['id', 'title'],
    rows: [
      ['1', 'Größe, "β"'],
      ['2', 'Zwei\nZeilen'],
    ],
  }
  for (const format of ['csv', 'xlsx'] as const) {
    const bytes = await fileTables.write(table, format)
    assert.deepEqual(await fileTables.read(bytes, format), { isSound: true, table }, format)
  }
})

test('no cell that is written runs as a formula', async () => {
  const evil = ['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\tx', '\r=1']
  const table = { columns: ['=id'], rows: evil.map((cell) => [cell]) }
  const text = textFromUtf8(await fileTables.write(table, 'csv'))
  for (const cell of ['=id', ...evil]) assert.ok(text.includes(`'${cell}`), cell)
  const read = await fileTables.read(await fileTables.write(table, 'xlsx'), 'xlsx')
  assert.ok(read.isSound && read.table.rows.every(([cell]) => cell?.startsWith("'")))
})

test('an XLSX that is none, is cut, or unpacks without end is refused', async () => {
  const sound = await fileTables.write({ columns: ['id'], rows: [['1']] }, 'xlsx')
  const bomb = zipOf('xl/worksheets/sheet1.xml', Buffer.alloc(64 * 1024 * 1024, 0x20))
  assert.ok(bomb.length < 200_000)
  for (const bytes of [utf8('id,title'), sound.slice(0, -30), sound.slice(100), bomb]) {
    assert.deepEqual(await faultsOf(bytes, 'xlsx'), [['notATable', 1, undefined]])
  }
})

const HEAD = `<row r="1">${inline('A1', 'id')}${inline('B1', 'title')}</row>`

test('a workbook whose cells stand far out is refused before its gaps are filled', async () => {
  const row = (at: string, cells: string) => `<row r="${at}">${cells}</row>`
  const near = bookOf(HEAD + row('2', inline('A2', '7') + inline('B2', 'x')))
  assert.ok((await fileTables.read(near, 'xlsx')).isSound)
  for (const [rows, why] of [
    [row('1048576', inline('A1048576', '7')), 'tooManyRows'],
    [row('1e6', inline('A1000000', '7')), 'notATable'],
    [row('&#49;000000', inline('A1000000', '7')), 'notATable'],
    [row("1000000'", inline('A1000000', '7')), 'notATable'],
    [row('2', inline('XFD2', '7')), 'tooManyColumns'],
    [row('2', inline('ZZZZ2', '7')), 'notATable'],
  ] as const) {
    assert.deepEqual((await faultsOf(bookOf(HEAD + rows), 'xlsx'))[0]?.[0], why, rows)
  }
})

test('of an archive only what its directory names is read, at its true size', async () => {
  const rows = `${HEAD}<row r="2">${inline('A2', '7')}${inline('B2', 'x')}</row>`
  const other = Buffer.from(
    `<worksheet><sheetData>${HEAD}<row r="2">${inline('A2', 'hidden')}</row></sheetData></worksheet>`,
  )
  const unlisted = { name: 'xl/worksheets/sheet1.xml', content: other, isListed: false }
  const bomb = { name: 'xl/b.xml', content: Buffer.alloc(64 << 20, 0x20), isListed: false }
  const stated = { name: 'xl/c.xml', content: Buffer.from('<a/>'), statedSize: 0x30000000 }
  for (const more of [[unlisted], [bomb], [stated]]) {
    const before = process.memoryUsage.rss()
    assert.deepEqual(await fileTables.read(bookOf(rows, more), 'xlsx'), {
      isSound: true,
      table: { columns: ['id', 'title'], rows: [['7', 'x']] },
    })
    assert.ok(process.memoryUsage.rss() - before < 48 << 20, 'nothing is unpacked unseen')
  }
  const twice = { name: 'xl/worksheets/sheet1.xml', content: other }
  assert.equal((await faultsOf(bookOf(rows, [twice]), 'xlsx'))[0]?.[0], 'notATable')
})

const FAST_MS = 3000

/** Time of the processor: others on the machine do not count. */
async function cpuMs(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Cells that share one text: a small file of much text. */
function sharedBook(text: string, rows: number): Uint8Array {
  const content = Buffer.from(`<sst><si><t>${text}</t></si></sst>`)
  const numbers = Array.from({ length: rows }, (_, index) => index + 2)
  const row = (at: number) => `<row r="${at}"><c r="A${at}" t="s"><v>0</v></c></row>`
  return bookOf(HEAD + numbers.map(row).join(''), [{ name: 'xl/sharedStrings.xml', content }])
}

test('long cells that almost are numbers take no more time than others', async () => {
  const evil = `+${'1'.repeat(19_997)}x`
  const line = Array.from({ length: 50 }, () => evil).join(',')
  const names = Array.from({ length: 50 }, (_, index) => `c${index}`).join(',')
  const took = await cpuMs(async () => {
    const faults = await faultsOf(csv(names, line, line, line))
    assert.deepEqual(faults.slice(0, 1), [['formula', 2, 1]])
    assert.equal(faults.length, 20)
  })
  assert.ok(took < FAST_MS, `${took} ms`)
})

test('a small workbook whose cells share one long text is refused as too large', async () => {
  const bytes = sharedBook(`+${'1'.repeat(19_998)}`, 1999)
  assert.ok(bytes.length < 100_000)
  const took = await cpuMs(async () => {
    assert.deepEqual(await faultsOf(bytes, 'xlsx'), [['tooLarge', 1, undefined]])
  })
  assert.ok(took < FAST_MS, `${took} ms`)
  const few = await fileTables.read(sharedBook('+49 30 1234-567', 3), 'xlsx')
  assert.deepEqual(few.isSound && few.table.rows, Array(3).fill(['+49 30 1234-567', '']))
})

test('a cell that is computed is refused at its place, whatever value it states', async () => {
  const row = (cells: string) => `${HEAD}<row r="2">${inline('A2', '7')}${cells}</row>`
  for (const cell of [
    '<c r="B2"><f>HYPERLINK("http://x.example")</f></c>',
    '<c r="B2" t="str"><f>A2</f><v>7</v></c>',
    '<c t="str" r=\'B2\'><f t="shared" si="0"/><v>7</v></c>',
    '<x:c r="B2"><x:f>A2</x:f><x:v>7</x:v></x:c>',
    `<c r="B2"><${'p'.repeat(300)}:f>A2</${'p'.repeat(300)}:f></c>`,
    '<c r="B2"><f\n>A2</f><v>7</v></c>',
    '<c r="B2"><v>7</v><f>A2</f></c>',
  ]) {
    assert.deepEqual(await faultsOf(bookOf(row(cell)), 'xlsx'), [['formulaCell', 2, 2]], cell)
  }
  const far = row(`<c r="B2" cm="${'1'.repeat(2000)}"><f>A2</f></c>`)
  assert.equal((await faultsOf(bookOf(far), 'xlsx'))[0]?.[0], 'formulaCell')
  const other = Buffer.from(
    '<worksheet><sheetData><row r="4"><c r="C4"><f>1</f></c></row></sheetData></worksheet>',
  )
  const second = bookOf(row(inline('B2', 'x')), [
    { name: 'xl/worksheets/sheet2.xml', content: other },
  ])
  assert.deepEqual(await faultsOf(second, 'xlsx'), [['formulaCell', 4, 3]])
  const text = bookOf(row(inline('B2', '&lt;f&gt;')))
  assert.ok((await fileTables.read(text, 'xlsx')).isSound)
})
