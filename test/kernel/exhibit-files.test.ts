/** Files as exhibits, over the real worker, a folder of blobs and a database. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folderBlobs } from '../../src/adapters/blobs/folder-blobs.ts'
import { exhibitRoom } from '../../src/adapters/exhibit-room.ts'
import { pageRoom } from '../../src/adapters/page-room.ts'
import type { CaseAct } from '../../src/app/act.ts'
import { sealExhibit } from '../../src/app/acts/evidence-acts.ts'
import { redactRecord } from '../../src/app/acts/redaction-acts.ts'
import { foldCaseStream } from '../../src/app/case-stream.ts'
import { openFile, sweepFiles, takeFile } from '../../src/app/exhibit-files.ts'
import type { ByteStream } from '../../src/app/ports/exhibits.ts'
import { previewExhibit } from '../../src/app/preview-file.ts'
import { DAY_MS } from '../../src/base/time.ts'
import type { Acting } from '../../src/core/case/recorded.ts'
import { deskKernel } from '../support/desk-kernel.ts'
import { joined, pdfOfPages } from '../support/hostile-files.ts'
import { keys } from '../support/kernel-database.ts'
import { grid, pngOf, readPng } from '../support/page-files.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const LIMIT = 3_000_000
const PURPOSE = 'logs that the operator handed over'
const PAGE_WORKER = fileURLToPath(new URL('../../src/node/page-worker.ts', import.meta.url))
const WORKER = fileURLToPath(new URL('../../src/node/exhibit-worker.ts', import.meta.url))

async function vault(t: TestContext) {
  const desk = await deskKernel(t)
  const folder = temporaryFolder()
  const room = exhibitRoom({
    ...{ database: desk.database, atRest: keys, blobs: folderBlobs(folder), folder },
    ...{ worker: WORKER, fileBytesMax: LIMIT },
  })
  const pages = pageRoom({ worker: PAGE_WORKER })
  const kernel = Object.assign(desk.kernel, { exhibits: room, pages })
  const ada = await desk.enrol('Ada Invented', ['caseOfficer'])
  const caseId = await desk.openCase('An invented case', ada)
  const proven = (): Acting => ({ ...desk.now(ada), steppedUpAt: desk.now(ada).now })
  const state = async () => foldCaseStream((await kernel.streams.read(caseId))?.history ?? [])
  const take = (bytes: ByteStream, more: object = {}) =>
    takeFile(kernel, caseId, desk.now(ada), {
      ...{ name: 'server logs.txt', mediaType: 'text/plain', purpose: PURPOSE, bytes },
      ...more,
    })
  const rows = () => desk.database.selectFrom('exhibit_blob').selectAll().execute()
  const files = () =>
    readdirSync(folder, { recursive: true }).filter((name) => /\.(age|tmp)$/.test(String(name)))
  return { desk, kernel, caseId, ada, proven, state, take, rows, files, folder }
}

async function* inPieces(bytes: Uint8Array, failAt = Number.POSITIVE_INFINITY): ByteStream {
  for (let at = 0; at < bytes.length; at += 100_000) {
    if (at >= failAt) throw new Error('cut')
    yield bytes.subarray(at, at + 100_000)
  }
}

async function all(bytes: ByteStream): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('a file is sealed, recorded with both digests, and comes back with a record of who asked', async (t) => {
  const { kernel, caseId, proven, state, take, files, folder, rows } = await vault(t)
  const plain = randomBytes(2_500_000)
  const done = await take(inPieces(plain), { saidDigest: sha(plain) })
  assert.equal(done.decision, 'permit', JSON.stringify(done))
  const [exhibit] = (await state()).evidence.exhibits
  assert.deepEqual(exhibit?.file, { digest: sha(plain), sizeBytes: plain.length })
  assert.deepEqual(files(), [join(exhibit?.digest.slice(0, 2) ?? '', `${exhibit?.digest}.age`)])
  const sealed = readFileSync(join(folder, files()[0] as string))
  assert.equal(sha(sealed), exhibit?.digest)
  assert.ok(!sealed.includes(plain.subarray(1000, 1032)))
  assert.deepEqual(
    (await rows()).map(({ staged_at }) => staged_at),
    [null],
  )
  const { exhibitId = '' } = exhibit ?? {}
  const opened = await openFile(kernel, caseId, proven(), { exhibitId, purpose: 'to read them' })
  assert.ok(opened.decision === 'permit' && (await all(opened.value.bytes)).equals(plain))
  const custody = (await state()).evidence.exhibits[0]?.custody ?? []
  assert.deepEqual(
    custody.map(({ act, by, purpose, digest }) => [act, by, purpose, digest]),
    [
      ['collected', proven().officer, PURPOSE, exhibit?.digest],
      ['downloaded', proven().officer, 'to read them', exhibit?.digest],
    ],
  )
})

test('a stream that is cut, too large, empty or not what was said leaves nothing', async (t) => {
  const { state, take, rows, files } = await vault(t)
  const plain = randomBytes(1_000_000)
  await assert.rejects(take(inPieces(plain, 500_000)), { message: 'cut' })
  await assert.rejects(take(inPieces(randomBytes(LIMIT + 1))), { reason: 'file-size' })
  const table = [
    ['exhibitFaulty', take(inPieces(new Uint8Array()))],
    ['digestMismatch', take(inPieces(plain), { saidDigest: '0'.repeat(64) })],
    ['purposeMissing', take(inPieces(plain), { purpose: '  ' })],
  ] as const
  for (const [why, taking] of table) {
    const decision = await taking
    assert.equal(decision.decision === 'refuse' && decision.why, why)
  }
  assert.deepEqual([await rows(), files(), (await state()).evidence.exhibits], [[], [], []])
})

test('who may not handle the case cannot begin, and nobody downloads without a fresh proof', async (t) => {
  const { desk, kernel, caseId, ada, proven, state, take } = await vault(t)
  const eve = await desk.enrol('Eve Invented', ['administrator'])
  let isRead = false
  const bytes = (async function* () {
    isRead = true
    yield randomBytes(10)
  })()
  const file = { name: 'a', mediaType: 'text/plain', purpose: PURPOSE, bytes }
  const refused = await takeFile(kernel, caseId, desk.now(eve), file)
  assert.deepEqual([refused.decision, isRead], ['refuse', false])
  await take(inPieces(randomBytes(10)))
  const exhibitId = (await state()).evidence.exhibits[0]?.exhibitId ?? ''
  const input = { exhibitId, purpose: 'to read it' }
  for (const acting of [desk.now(ada), desk.now(eve)]) {
    assert.equal((await openFile(kernel, caseId, acting, input)).decision, 'refuse')
    assert.equal((await previewExhibit(kernel, caseId, acting, input)).decision, 'refuse')
  }
  for (const bad of [
    { ...input, exhibitId: desk.kernel.random.uuid() },
    { ...input, purpose: ' ' },
  ]) {
    assert.equal((await openFile(kernel, caseId, proven(), bad)).decision, 'refuse')
  }
  assert.equal((await state()).evidence.exhibits[0]?.custody.length, 1)
})

test('a preview is the beginning as text, or nothing at all', async (t) => {
  const { kernel, caseId, proven, state, take } = await vault(t)
  const long = 'ä'.repeat(50_000)
  const table: [Uint8Array, string | undefined, boolean][] = [
    [Buffer.from('<script>alert(1)</script>\n'), '<script>alert(1)</script>\n', true],
    [Buffer.from(long), long.slice(0, 32 * 1024), false],
    [randomBytes(5000), undefined, true],
    [Buffer.from('%PDF-1.7\n\u0000\u0001'), undefined, false],
  ]
  for (const [bytes] of table) await take(inPieces(bytes))
  const { exhibits } = (await state()).evidence
  for (const [index, [, text, isWhole]] of table.entries()) {
    const input = { exhibitId: exhibits[index]?.exhibitId ?? '', purpose: 'to see what it is' }
    const shown = await previewExhibit(kernel, caseId, proven(), input)
    assert.ok(shown.decision === 'permit')
    assert.deepEqual([shown.value.text, shown.value.isWhole], [text, isWhole], `row ${index}`)
  }
  const acts = (await state()).evidence.exhibits.map(({ custody }) => custody.at(-1)?.act)
  assert.deepEqual(new Set(acts), new Set(['previewed']))
})

test('pages are drawn by what a file is, a sheet at a time, and each look is on record', async (t) => {
  const { kernel, caseId, proven, state, take } = await vault(t)
  const png = await pngOf(grid(30, 20))
  const archive = Buffer.from('PK\u0003\u0004 PK\u0005\u0006')
  const table: [Uint8Array, string, object][] = [
    [pdfOfPages(12), 'text/plain', { detected: ['application/pdf'], pages: 10, count: 12 }],
    [png, 'application/pdf', { detected: ['image/png'], pages: 1, count: 1 }],
    [joined(png, archive), 'image/png', { detected: ['image/png', 'application/zip'], pages: 1 }],
    [png.subarray(0, 60), 'image/png', { detected: ['image/png'], undrawn: 'damaged' }],
    [
      Buffer.from('%PDF-1.7 '),
      'application/pdf',
      { detected: ['application/pdf'], undrawn: 'damaged' },
    ],
    [
      Buffer.from('MZ\u0000'),
      'image/png',
      { detected: ['application/vnd.microsoft.portable-executable'] },
    ],
    [Buffer.from('<html>'), 'image/png', { detected: ['text/html'], text: '<html>' }],
  ]
  for (const [bytes, mediaType] of table) await take(inPieces(bytes), { mediaType })
  const { exhibits } = (await state()).evidence
  const look = async (index: number, first?: number) => {
    const exhibitId = exhibits[index]?.exhibitId ?? ''
    const ask = { exhibitId, purpose: 'to see it', ...(first ? { first } : {}) }
    const shown = await previewExhibit(kernel, caseId, proven(), ask)
    return shown.decision === 'permit' ? shown.value : assert.fail(shown.why)
  }
  for (const [index, [, , wanted]] of table.entries()) {
    const { sheet, detected, undrawn, text } = await look(index)
    const got = { detected, undrawn, text, pages: sheet?.pages.length, count: sheet?.count }
    const { count = got.count } = wanted as { readonly count?: number }
    const all = { undrawn: undefined, text: undefined, pages: undefined, count, ...wanted }
    assert.deepEqual(got, all, `row ${index}`)
  }
  assert.deepEqual((await look(0, 11)).sheet?.pages.length, 2)
  assert.equal((await look(0, 13)).undrawn, 'noSuchPage')
  const drawn = (await look(1)).sheet?.pages[0]?.png ?? new Uint8Array()
  assert.notDeepEqual(Buffer.from(drawn), Buffer.from(png), 'never the file itself')
  assert.deepEqual(readPng(drawn).chunks, ['IHDR', 'IDAT', 'IEND'])
  const looks = (await state()).evidence.exhibits.map(({ custody }) => custody.length - 1)
  assert.deepEqual(looks, [3, 2, 1, 1, 1, 1, 1])
})

test('a file that is too large to be drawn says so and is not read to its end', async (t) => {
  const { kernel, caseId, proven, state, take } = await vault(t)
  await take(inPieces(joined(Buffer.from('%PDF-1.7\n'), new Uint8Array(200_000))))
  const exhibit = (await state()).evidence.exhibits[0]
  let sent = 0
  const endless = async function* () {
    for (; sent < 1e9; sent += 65_536)
      yield joined(Buffer.from('%PDF-1.7\n'), new Uint8Array(65_527))
  }
  // As if it had a terabyte: the room's stream stands for it, and the record says its size.
  const streams = { ...kernel.streams }
  const large = { ...kernel.exhibits, openFile: async () => endless() }
  const read = streams.read.bind(kernel.streams)
  streams.read = async (id) => {
    const stream = await read(id)
    const grown = JSON.parse(JSON.stringify(stream?.history).replaceAll('200009', '1000000000000'))
    return stream && { ...stream, history: grown }
  }
  const ask = { exhibitId: exhibit?.exhibitId ?? '', purpose: 'to see it' }
  const asked = { ...kernel, exhibits: large, streams }
  const shown = await previewExhibit(asked, caseId, proven(), ask)
  assert.ok(shown.decision === 'permit')
  assert.equal(shown.value.undrawn, 'tooLarge')
  assert.ok(sent < 1_000_000, `${sent} bytes read`)
})

test('bytes at rest that were changed never come back as a whole file', async (t) => {
  const { kernel, caseId, proven, state, take, files, folder } = await vault(t)
  await take(inPieces(randomBytes(300_000)))
  const file = join(folder, files()[0] as string)
  const sealed = readFileSync(file)
  const exhibitId = (await state()).evidence.exhibits[0]?.exhibitId ?? ''
  for (const changed of [
    sealed.subarray(0, -1),
    Buffer.from(sealed.with(200_000, ((sealed[200_000] ?? 0) + 1) % 256)),
    Buffer.concat([sealed, Buffer.alloc(1)]),
  ]) {
    writeFileSync(file, changed)
    const opened = await openFile(kernel, caseId, proven(), { exhibitId, purpose: 'p' })
    assert.ok(opened.decision === 'permit')
    await assert.rejects(all(opened.value.bytes), { code: 'unverified' })
  }
})

test('what was taken and never recorded goes after a day; what was recorded stays', async (t) => {
  const { desk, kernel, caseId, take, rows, files } = await vault(t)
  await take(inPieces(randomBytes(10)))
  const orphan = { caseId, exhibitId: kernel.random.uuidByTime() }
  await kernel.exhibits.takeFile(orphan, inPieces(randomBytes(10)))
  // As if the node had been stopped between the record and its last step.
  await desk.database.updateTable('exhibit_blob').set({ staged_at: new Date() }).execute()
  await sweepFiles(kernel)
  assert.equal(files().length, 2)
  desk.pass(2 * DAY_MS)
  await sweepFiles(kernel)
  assert.deepEqual(
    (await rows()).map(({ exhibit_id, staged_at }) => [exhibit_id === orphan.exhibitId, staged_at]),
    [[false, null]],
  )
  assert.equal(files().length, 1)
})

test('a redacted copy whose act was refused leaves nothing; one that is recorded stays', async (t) => {
  const { desk, kernel, caseId, proven, state, rows, files } = await vault(t)
  const seal = { name: 'a chat', mediaType: 'application/json', purpose: PURPOSE }
  const parts = [{ text: 'Hello.' }, { text: 'Call Ines Invented.' }]
  const run = (act: CaseAct, input: object) => act.run(kernel, caseId, { input, acting: proven() })
  assert.equal((await run(sealExhibit, { ...seal, parts })).decision, 'permit')
  const source = (await state()).evidence.exhibits[0]?.exhibitId ?? ''
  const ask = (reason: string) => ({
    ...{ exhibitId: source, purpose: 'to pass it on' },
    redactions: [{ part: 1, ground: 'thirdPerson', reason }],
  })
  assert.equal((await run(redactRecord, ask('names a bystander'))).decision, 'permit')
  const refused = await run(redactRecord, { ...ask('names a bystander'), purpose: ' ' })
  assert.equal(refused.decision === 'refuse' && refused.why, 'purposeMissing')
  assert.equal(files().length, 2, 'the copy of the refused act went at once')
  desk.pass(2 * DAY_MS)
  await sweepFiles(kernel)
  const recorded = (await state()).evidence.exhibits.map(({ exhibitId }) => exhibitId).sort()
  assert.equal(recorded.length, 2)
  const left = await rows()
  assert.deepEqual(left.map(({ exhibit_id }) => exhibit_id).sort(), recorded)
  assert.deepEqual(
    left.map(({ staged_at }) => staged_at),
    [null, null],
  )
  assert.equal(files().length, 2)
})
