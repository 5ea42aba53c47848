/** Letters as files: their text is read back from both formats, by other means than ours. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateRawSync, inflateSync } from 'node:zlib'
import { makeLetter as makeFiles } from '../../src/adapters/letters/make-letter.ts'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { makeLetter } from '../../src/app/acts/letter-acts.ts'
import { toHex } from '../../src/base/bytes.ts'
import { letterBlocks } from '../../src/core/desk/letter-text.ts'
import { deskKernel } from '../support/desk-kernel.ts'

const LETTER = {
  from: 'Meridia AI Safety Authority (fictional)',
  to: ['Larkspur Dialogue Ltd (invented)', '1 Invented Square'],
  date: '2026-11-22',
  ref: 'MER-2026-ABC123',
  subject: 'Opportunity to be heard',
  paragraphs: [
    'Größe & <b>Ehre</b> – “so”.',
    'Second paragraph.',
    'Ακρόαση',
    'Слухання: Їжак',
    'Zażółć gęślą jaźń',
  ],
  signedBy: 'Iris Quill (invented)',
  language: 'en',
}

/** One part of a zip archive, by its local header. */
function partOf(zip: Uint8Array, name: string): string {
  const buffer = Buffer.from(zip)
  for (
    let at = buffer.indexOf('PK\u0001\u0002');
    at >= 0;
    at = buffer.indexOf('PK\u0001\u0002', at + 4)
  ) {
    const length = buffer.readUInt16LE(at + 28)
    if (buffer.toString('utf8', at + 46, at + 46 + length) !== name) continue
    const place = buffer.readUInt32LE(at + 42)
    const from = place + 30 + buffer.readUInt16LE(place + 26) + buffer.readUInt16LE(place + 28)
    const body = buffer.subarray(from, from + buffer.readUInt32LE(at + 20))
    return (buffer.readUInt16LE(at + 10) === 8 ? inflateRawSync(body) : body).toString('utf8')
  }
  assert.fail(`no part ${name}`)
}

const docxText = (docx: Uint8Array) =>
  [...partOf(docx, 'word/document.xml').matchAll(/<w:t[^>]*>([^<]*)<\/w:t>/g)]
    .map(([, text = '']) => text)
    .join('\n')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** Every stream of a PDF that can be inflated. */
function streamsOf(pdf: Uint8Array): string[] {
  const bytes = Buffer.from(pdf)
  const streams: string[] = []
  for (const match of bytes
    .toString('latin1')
    .matchAll(/\/Length (\d+)[\s\S]{0,80}?stream\r?\n/g)) {
    const from = match.index + match[0].length
    try {
      const whole = inflateSync(bytes.subarray(from, from + Number(match[1])))
      streams.push(whole.toString('latin1'))
    } catch {
      // An image or a font that is not deflated.
    }
  }
  return streams
}

/** What a reader copies out of a PDF: its glyphs, through the table of each embedded font. */
function pdfText(pdf: Uint8Array): string {
  const streams = streamsOf(pdf)
  const tables = streams.flatMap((stream) => {
    const [, list] = /beginbfrange\s+<0000> <[0-9a-f]{4}> \[([^\]]*)\]/.exec(stream) ?? []
    return list === undefined
      ? []
      : [[...list.matchAll(/<([0-9a-f ]*)>/g)].map(([, hex = '']) => hex)]
  })
  assert.equal(tables.length, 2, 'the plain and the bold font')
  const shown = streams.flatMap((stream) => [...stream.matchAll(/\[([^\]]*)\] TJ/g)])
  const glyphs = shown.map(([, parts = '']) => parts.replaceAll(/[^0-9a-f<>]|>[^<]*</g, ''))
  const texts = tables.map((table) =>
    glyphs.map((list) =>
      [...list.matchAll(/[0-9a-f]{4}/g)]
        .map(([glyph]) => utf16Of(table[Number.parseInt(glyph, 16)] ?? ''))
        .join(''),
    ),
  )
  return texts.flat().join('\n')
}

function utf16Of(hex: string): string {
  const units = [...hex.matchAll(/[0-9a-f]{4}/g)].map(([unit]) => Number.parseInt(unit, 16))
  return String.fromCharCode(...units)
}

test('both formats show the whole letter, as text and nothing else', async () => {
  const { docx, pdf } = await makeFiles(LETTER)
  assert.ok(pdf)
  const word = docxText(docx)
  for (const part of [
    LETTER.from,
    ...LETTER.to,
    LETTER.subject,
    ...LETTER.paragraphs,
    LETTER.signedBy,
  ]) {
    assert.ok(word.includes(part), part)
  }
  assert.equal(Buffer.from(pdf).toString('latin1', 0, 5), '%PDF-')
  const shown = pdfText(pdf)
  for (const part of [
    LETTER.from,
    LETTER.to[1] ?? '',
    LETTER.subject,
    'Second paragraph.',
    'Größe & <b>Ehre</b>',
    'Ακρόαση',
    'Слухання: Їжак',
    'Zażółć gęślą jaźń',
  ]) {
    assert.ok(shown.includes(part), part)
  }
})

test('a text that the font cannot show gives no PDF rather than one with holes', async () => {
  for (const text of ['漢字', 'ܫܠܡܐ', 'של\u202eabc', 'ﷺ', 'a\u{1f600}b']) {
    const { docx, pdf } = await makeFiles({ ...LETTER, paragraphs: [text] })
    assert.equal(pdf, undefined, text)
    assert.ok(docxText(docx).includes(text), text)
  }
})

test('a PDF from right to left shows the letters in the order in which a page shows them', async () => {
  const paragraphs = [
    'שלום (עולם) 2026, Larkspur v2.',
    'النموذج سيئ',
    'Answer with كتاب please.',
    'מילה '.repeat(60).trim(),
  ]
  const { pdf } = await makeFiles({ ...LETTER, subject: 'نشر', paragraphs })
  assert.ok(pdf)
  const shown = pdfText(pdf).split('\n').join('')
  const turned = (text: string) => [...text].reverse().join('')
  for (const part of [
    `.Larkspur v2 ,2026 (${turned('עולם')}) ${turned('שלום')}`,
    turned('النموذج سيئ'),
    `Answer with ${turned('كتاب')} please.`,
    turned('نشر'),
  ]) {
    assert.ok(shown.includes(part), part)
  }
  assert.equal(shown.split(turned('מילה')).length - 1, 60, 'no word is lost between two lines')
})

test('DOCX and PDF hold the blocks of the letter in their order, and what runs from right to left is marked', async () => {
  const paragraphs = ['Latin first, then שלום.', 'مرحبا بالعالم 2026', 'line one\nline two']
  const { docx } = await makeFiles({ ...LETTER, paragraphs })
  const blocks = letterBlocks({ ...LETTER, paragraphs })
  const document = partOf(docx, 'word/document.xml')
  const made = [...document.matchAll(/<w:p>([\s\S]*?)<\/w:p>/g)].map(([, inner = '']) => ({
    text: inner
      .replaceAll(/<w:br\/>/g, '\n')
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&'),
    isRightToLeft: inner.includes('<w:bidi/>'),
    runs: [...inner.matchAll(/<w:r>([\s\S]*?)<\/w:r>/g)].map(([, run = '']) => run),
  }))
  assert.deepEqual(
    made.map(({ text, isRightToLeft }) => ({ text, isRightToLeft })),
    blocks.map(({ text, isRightToLeft }) => ({ text, isRightToLeft })),
  )
  const marked = made.flatMap(({ runs }) => runs).filter((run) => run.includes('<w:rtl/>'))
  assert.deepEqual(
    marked.map((run) => run.replaceAll(/<[^>]*>/g, '').trim()),
    ['שלום.', 'مرحبا بالعالم 2026'],
  )
})

test('making a letter is an event with the digests of what is kept; missing facts refuse it', async (t) => {
  const desk = await deskKernel(t)
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const caseId = await desk.openCase('Larkspur and a canary', iris)
  const run = (input: object) =>
    makeLetter.run(desk.kernel, caseId, { input, acting: desk.now(iris) })
  const to = 'Ada Heath (invented)\nInvented Street 7'
  const done = await run({
    template: 'acknowledgement',
    to,
    text: 'Thank you.\n\nWe look into it.',
  })
  assert.equal(done.decision, 'permit')
  const history = (await desk.kernel.streams.read(caseId))?.history ?? []
  const event = history.at(-1)?.event as unknown as Record<string, string>
  assert.equal(event['type'], 'letterMade')
  const kept = await desk.desk.letters.kept(caseId, event['letterId'] ?? '')
  assert.ok(kept?.pdf)
  assert.equal(toHex(nodePrimitives.sha256(kept.docx)), event['docxDigest'])
  assert.equal(toHex(nodePrimitives.sha256(kept.pdf)), event['pdfDigest'])
  const text = docxText(kept.docx)
  for (const part of [
    'Larkspur and a canary',
    'We look into it.',
    'Invented Street 7',
    'Iris Quill',
  ]) {
    assert.ok(text.includes(part), part)
  }
  assert.ok(!text.includes('{{'))

  for (const [template, more, why] of [
    ['hearing', { dueOn: '2026-12-24' }, 'factMissing'],
    ['order', {}, 'factMissing'],
  ] as const) {
    const refused = await run({ template, to, text: 'x', ...more })
    assert.equal(refused.decision === 'refuse' && refused.why, why, template)
  }
  const rows = await desk.database.selectFrom('letter').selectAll().execute()
  assert.equal(rows.length, 1, 'a refused letter is not kept')
  for (const row of rows) assert.ok(!Buffer.from(row.sealed_docx).includes('PK\u0003\u0004'))
  assert.equal(
    await desk.desk.letters.kept(desk.kernel.random.uuid(), event['letterId'] ?? ''),
    undefined,
  )
})

/** Time of the processor: others on the machine do not count. */
const CPU_MS = 5000

test('a text of thousands of changes of direction holds nobody up, and comes as DOCX', async () => {
  for (const [text, hasPdf] of [
    [`\u05d0${'()'.repeat(9999)}`, true],
    [`\u05d0${'('.repeat(9999)}${')'.repeat(9999)}`, true],
    ['\u05d0'.repeat(20_000), true],
    ['\u05d0a'.repeat(9999), false],
    ['\u05d0 a '.repeat(4999), false],
    ['\u05d0\n'.repeat(9999), false],
    [Array.from({ length: 3000 }, (_, n) => `\u05d0${n}`).join(' '), false],
    [Array.from({ length: 700 }, (_, n) => `\u05d0 ${n}`).join(' '), true],
  ] as const) {
    const before = process.cpuUsage()
    const { docx, pdf } = await makeFiles({ ...LETTER, paragraphs: [text] })
    const { user, system } = process.cpuUsage(before)
    assert.ok(docx.length > 0)
    assert.equal(pdf !== undefined, hasPdf, text.slice(0, 8))
    const took = (user + system) / 1000
    assert.ok(took < CPU_MS, `${text.slice(0, 8)}: ${took} ms`)
  }
})
