/** Scrubbed copies, over the real workers, a folder of blobs and a database. */
import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folderBlobs } from '../../src/adapters/blobs/folder-blobs.ts'
import { exhibitRoom } from '../../src/adapters/exhibit-room.ts'
import { pageRoom } from '../../src/adapters/page-room.ts'
import { sealExhibit } from '../../src/app/acts/evidence-acts.ts'
import { openToRedact } from '../../src/app/acts/open-to-redact.ts'
import { redactPages, redactRecord, reviewRedaction } from '../../src/app/acts/redaction-acts.ts'
import { scrubExhibit } from '../../src/app/acts/scrub-acts.ts'
import { foldCaseStream } from '../../src/app/case-stream.ts'
import { openFile, takeFile } from '../../src/app/exhibit-files.ts'
import { lookAsOversight } from '../../src/app/oversight/inspect-exhibit.ts'
import type { ByteStream } from '../../src/app/ports/exhibits.ts'
import { previewExhibit } from '../../src/app/preview-file.ts'
import type { Acting } from '../../src/core/case/recorded.ts'
import { deskKernel } from '../support/desk-kernel.ts'
import { keys } from '../support/kernel-database.ts'
import { grid, jpegWithNotes } from '../support/page-files.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const workerOf = (name: string) =>
  fileURLToPath(new URL(`../../src/node/${name}.ts`, import.meta.url))
const purpose = 'to see what it shows (invented)'

async function vault(t: TestContext) {
  const desk = await deskKernel(t)
  const folder = temporaryFolder()
  const exhibits = exhibitRoom({
    ...{ database: desk.database, atRest: keys, blobs: folderBlobs(folder), folder },
    ...{ worker: workerOf('exhibit-worker'), fileBytesMax: 1_000_000 },
  })
  const pages = pageRoom({ worker: workerOf('page-worker') })
  const kernel = Object.assign(desk.kernel, { exhibits, pages })
  const ada = await desk.enrol('Ada Invented', ['caseOfficer'])
  const rea = await desk.enrol('Rea Invented', ['reviewer'])
  const caseId = await desk.openCase('An invented case', ada)
  const now = (who = ada): Acting => ({ ...desk.now(who), steppedUpAt: desk.now(who).now })
  const state = async () => foldCaseStream((await kernel.streams.read(caseId))?.history ?? [])
  const take = async (bytes: Uint8Array, mediaType: string) => {
    const file = { name: 'photo', mediaType, purpose, bytes: once(bytes) }
    const taken = await takeFile(kernel, caseId, now(), file)
    assert.equal(taken.decision, 'permit')
    return (await state()).evidence.exhibits.at(-1)?.exhibitId ?? ''
  }
  const scrub = (exhibitId: string) =>
    scrubExhibit.run(kernel, caseId, { input: { exhibitId, purpose }, acting: now() })
  return { desk, kernel, caseId, now, rea, state, take, scrub }
}

async function* once(bytes: Uint8Array): ByteStream {
  yield bytes
}

async function all(bytes: ByteStream): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const whyNot = (decision: { decision: string; why?: string }) => decision.why ?? 'permit'

test('a scrubbed copy leads to its original, which stays, and is opened first', async (t) => {
  const { kernel, caseId, now, state, take, scrub } = await vault(t)
  const photo = await jpegWithNotes(grid(40, 30))
  const source = await take(photo, 'image/jpeg')
  assert.equal(whyNot(await scrub(source)), 'permit')
  const [original, copy] = (await state()).evidence.exhibits
  assert.ok(original?.file && copy?.file)
  assert.deepEqual([copy.derivedFrom, copy.origin, copy.parts], [source, 'sealedHere', 1])
  assert.equal(copy.scrub?.input.digest, original.file.digest)
  assert.deepEqual(
    original.custody.map(({ act }) => act),
    ['collected', 'copied'],
  )
  const open = (exhibitId: string, more: object = {}) =>
    openFile(kernel, caseId, now(), { exhibitId, purpose, ...more })
  const opened = await open(copy.exhibitId)
  assert.ok(opened.decision === 'permit')
  assert.doesNotMatch((await all(opened.value.bytes)).toString('latin1'), /Ines|GPS|adobe/)
  // The original only with a reason of its own, whichever way it is opened.
  for (const whyOriginal of [undefined, '', '  ']) {
    assert.equal(whyNot(await open(source, { whyOriginal })), 'copyFirst')
    const ask = {
      exhibitId: source,
      purpose,
      ...(whyOriginal === undefined ? {} : { whyOriginal }),
    }
    assert.equal(whyNot(await previewExhibit(kernel, caseId, now(), ask)), 'copyFirst')
    const marks = await openToRedact.run(kernel, caseId, { input: ask, acting: now() })
    assert.equal(whyNot(marks), 'copyFirst')
  }
  const why = { whyOriginal: 'the place where it was taken matters' }
  const kept = await open(source, why)
  assert.ok(kept.decision === 'permit' && (await all(kept.value.bytes)).equals(photo))
  const last = (await state()).evidence.exhibits[0]?.custody.at(-1)
  assert.deepEqual(
    [last?.act, last?.purpose],
    ['downloaded', `${purpose} (the original, because: ${why.whyOriginal})`],
  )
  const input = { exhibitId: source, purpose, ...why }
  assert.equal(whyNot(await openToRedact.run(kernel, caseId, { input, acting: now() })), 'permit')
  const marked = (await state()).evidence.exhibits[0]?.custody.at(-1)
  assert.deepEqual(
    [marked?.act, marked?.purpose],
    ['previewed', `${purpose} (the original, because: ${why.whyOriginal})`],
  )
})

test('the name of a copy stays within what a name may be, and two at once leave one file', async (t) => {
  const { desk, kernel, caseId, now, state, take, scrub } = await vault(t)
  const name = `${'ä😀'.repeat(66)}x`
  const bytes = await jpegWithNotes(grid(20, 20))
  const file = { name, mediaType: 'image/jpeg', purpose, bytes: once(bytes) }
  assert.equal((await takeFile(kernel, caseId, now(), file)).decision, 'permit')
  const source = (await state()).evidence.exhibits[0]?.exhibitId ?? ''
  const rows = () => desk.database.selectFrom('exhibit_blob').select('staged_at').execute()
  const blank = { input: { exhibitId: source, purpose: ' ' }, acting: now() }
  assert.equal(whyNot(await scrubExhibit.run(kernel, caseId, blank)), 'purposeMissing')
  assert.equal((await rows()).length, 1, 'nothing was made for it')
  const both = await Promise.all([scrub(source), scrub(source)])
  assert.deepEqual(both.map(whyNot).sort(), ['alreadyScrubbed', 'permit'])
  const copy = (await state()).evidence.exhibits[1]
  assert.equal(copy?.name, `${'ä😀'.repeat(63)} (scrubbed)`)
  assert.ok(copy.name.length <= 200)
  assert.deepEqual(await rows(), [{ staged_at: null }, { staged_at: null }])
  await take(bytes, 'image/jpeg')
})

test('no second copy, no copy of a copy, and none of what cannot be scrubbed', async (t) => {
  const { kernel, state, take, scrub } = await vault(t)
  const source = await take(await jpegWithNotes(grid(20, 20)), 'image/jpeg')
  assert.equal(whyNot(await scrub(source)), 'permit')
  assert.equal(whyNot(await scrub(source)), 'alreadyScrubbed')
  const copy = (await state()).evidence.exhibits[1]?.exhibitId ?? ''
  assert.equal(whyNot(await scrub(copy)), 'alreadyScrubbed')
  assert.equal(whyNot(await scrub(kernel.random.uuid())), 'unknownExhibit')
  const claims = await take(Buffer.from('words that claim to be a picture'), 'image/jpeg')
  assert.equal(whyNot(await scrub(claims)), 'notPages')
  const cut = await take((await jpegWithNotes(grid(20, 20))).subarray(0, -2), 'image/jpeg')
  assert.equal(whyNot(await scrub(cut)), 'damaged')
  assert.equal((await state()).evidence.exhibits.length, 4)
})

test('a picture that came in as a file is opened, redacted and reviewed like any other', async (t) => {
  const { kernel, caseId, now, rea, state, take } = await vault(t)
  const exhibitId = await take(await jpegWithNotes(grid(40, 30)), 'image/jpeg')
  const input = { exhibitId, purpose }
  const opened = await openToRedact.run(kernel, caseId, { input, acting: now() })
  assert.ok(opened.decision === 'permit')
  assert.ok('pages' in (opened.value.result as object))
  const box = { page: 1, x: 1, y: 1, width: 9, height: 9, ground: 'other', reason: 'invented' }
  const asked = { input: { ...input, boxes: [box] }, acting: now() }
  const made = await redactPages.run(kernel, caseId, asked)
  assert.equal(whyNot(made), 'permit')
  const copyId = (await state()).evidence.exhibits[1]?.exhibitId ?? ''
  const review = { exhibitId: copyId, outcome: 'approved' as const, reason: 'as it should be' }
  const reviewed = await reviewRedaction.run(kernel, caseId, { input: review, acting: now(rea) })
  assert.equal(whyNot(reviewed), 'permit')
  const acts = (await state()).evidence.exhibits[0]?.custody.map(({ act }) => act)
  assert.deepEqual(acts, ['collected', 'previewed', 'redacted', 'previewed'])
})

test('of a copy that is refused nothing is left behind, neither of pages nor of a record', async (t) => {
  const { desk, kernel, caseId, now, state, take } = await vault(t)
  const rows = async () =>
    (await desk.database.selectFrom('exhibit_blob').select('exhibit_id').execute()).length
  const photo = await take(await jpegWithNotes(grid(40, 30)), 'image/jpeg')
  const record = { name: 'record', mediaType: 'application/json', purpose, parts: ['a', 'b'] }
  const sealed = await sealExhibit.run(kernel, caseId, { input: record, acting: now() })
  assert.equal(whyNot(sealed), 'permit')
  const transcript = (await state()).evidence.exhibits[1]?.exhibitId ?? ''
  assert.equal(await rows(), 2)
  const why = { ground: 'other', reason: 'invented' }
  const box = { page: 1, x: 1, y: 1, width: 9, height: 9, ...why }
  // Who decides wants a purpose; the copy was made before.
  const pages = { exhibitId: photo, purpose: ' ', boxes: [box] }
  const parts = { exhibitId: transcript, purpose: ' ', redactions: [{ part: 0, ...why }] }
  const ask = (input: object) => ({ input, acting: now() })
  assert.equal(whyNot(await redactPages.run(kernel, caseId, ask(pages))), 'purposeMissing')
  assert.equal(whyNot(await redactRecord.run(kernel, caseId, ask(parts))), 'purposeMissing')
  assert.equal(await rows(), 2)
  const made = await redactRecord.run(kernel, caseId, ask({ ...parts, purpose }))
  assert.equal(whyNot(made), 'permit')
  assert.equal(await rows(), 3)
})

test('oversight looks only in its own open inspection, and at the original only with a reason', async (t) => {
  const { desk, kernel, caseId, now, state, take, scrub } = await vault(t)
  const olu = await desk.enrol('Olu Invented', ['oversight'])
  const exhibitId = await take(await jpegWithNotes(grid(40, 30)), 'image/jpeg')
  assert.equal(whyNot(await scrub(exhibitId)), 'permit')
  const look = (more: object = {}, who = olu) =>
    lookAsOversight(kernel, caseId, now(who), { exhibitId, ...more })
  const why = { whyOriginal: 'what was taken out matters' }
  assert.equal(whyNot(await look(why)), 'noContentMandate')
  const note = (...events: { type: string }[]) =>
    desk.append(kernel.oversightStreamId, olu.officer, ...events)
  const mandate = {
    ...{ type: 'mandateRecorded', mandateId: 'm1', body: 'b', statute: 's (invented)' },
    ...{ article: 'art. 1', source: 'x', retrievedOn: '2026-01-01', access: 'content' },
  }
  const opened = { mandateId: 'm1', caseIds: [caseId], question: 'why?' }
  await note(mandate, { type: 'inspectionOpened', inspectionId: 'i1', ...opened } as never)
  assert.equal(whyNot(await look(why)), 'noContentMandate', 'nobody has confirmed the statute')
  await note({ type: 'mandateConfirmed', mandateId: 'm1', isAlone: false } as never)
  const omar = await desk.enrol('Omar Invented', ['oversight'])
  assert.equal(whyNot(await look(why, omar)), 'noContentMandate', 'the inspection of another')
  assert.equal(whyNot(await look()), 'copyFirst')
  assert.equal(whyNot(await look({ ...why, exhibitId: kernel.random.uuid() })), 'unknownExhibit')
  const stale = { ...now(olu), steppedUpAt: undefined } as unknown as Acting
  const unproven = await lookAsOversight(kernel, caseId, stale, { exhibitId, ...why })
  assert.equal(whyNot(unproven), 'stepUpNeeded')
  const shown = await look(why)
  assert.ok(shown.decision === 'permit' && shown.value.sheet?.pages.length === 1)
  const last = (await state()).evidence.exhibits[0]?.custody.at(-1)
  assert.deepEqual(
    [last?.act, last?.by, last?.capacity, last?.purpose],
    [
      ...['previewed', olu.officer, 'oversight'],
      `Inspection i1 under s (invented), art. 1 (the original, because: ${why.whyOriginal})`,
    ],
  )
  await note({ type: 'inspectionClosed', inspectionId: 'i1', finding: 'needed' } as never)
  assert.equal(whyNot(await look(why)), 'noContentMandate')
})
