/**
 * Redacting on a running node: words of a record and a place of a picture are hidden, the
 * copy is seen before it is made, and somebody else compares it before it may leave.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { evalRedaction } from '../../src/cli/eval/redaction.ts'
import type { Answer } from '../../src/cli/story/client.ts'
import { caseAt, startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { grid, pdfOf, pngOf, readPng } from '../support/page-files.ts'
import { enterWorkspace, proveAtPage } from '../support/page-hand.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('3.competence')
const caseId = caseAt(telling.story, 'meridia')
const { officer, reviewer } = world.hands.meridia
const why = (answer: Answer) => ('refused' in answer ? answer.refused.why : 'permit')
const purpose = 'To prepare a copy for a peer (invented).'
const why1 = { ground: 'thirdPerson', reason: 'somebody who is not concerned' }

const sealed = await officer.do(caseId, 'sealExhibit', {
  name: 'Transcript of a talk',
  mediaType: 'application/json',
  purpose,
  parts: [
    { by: 'tester', text: 'Please call Ines Invented tomorrow.' },
    { by: 'bot', text: 'I will call Ines.', note: { phone: '0123 456789' } },
  ],
})
const { exhibitId, partsRoot } = sealed.result as { exhibitId: string; partsRoot: string }
const words = { part: 0, path: ['text'], words: 'Ines Invented', ...why1 }
const field = { part: 1, path: ['note'], withName: true, ...why1 }

type Record = { readonly parts: readonly object[] }
const open = async (id: string, hand = officer) =>
  (await hand.do(caseId, 'openExhibit', { exhibitId: id, purpose })).result as unknown as Record

async function events(type: string) {
  const all = await world.events('meridia')
  return all
    .map(({ envelope }) => envelope.event as { type: string; exhibitId?: string })
    .filter((one) => one.type === type)
}

test('hidden words that still stand elsewhere stop the copy until somebody answers', async () => {
  const redactions = [words]
  const stopped = await officer.act(caseId, 'redactRecord', { exhibitId, purpose, redactions })
  assert.equal(why(stopped), 'textLeft')
  assert.doesNotMatch(JSON.stringify(stopped), /Ines/, 'the refusal does not say the words')
  const table: [object, string][] = [
    [{ ...words, words: 'Nobody' }, 'placeMissing'],
    [{ part: 7, ...why1 }, 'placeMissing'],
    [{ part: 0, path: ['nobody'], ...why1 }, 'placeMissing'],
  ]
  for (const [redaction, code] of table) {
    const asked = { exhibitId, purpose, redactions: [redaction], leftReason: 'x' }
    assert.equal(why(await officer.act(caseId, 'redactRecord', asked)), code)
  }
})

let copyId = ''
test('the copy holds none of the hidden words, and leads to the sealed root', async () => {
  const redactions = [words, field, { part: 1, path: ['text'], words: 'Ines', ...why1 }]
  const made = await officer.do(caseId, 'redactRecord', { exhibitId, purpose, redactions })
  copyId = made.result['exhibitId'] as string
  const copy = await open(copyId)
  const text = JSON.stringify(copy)
  for (const hidden of ['Ines', 'Invented', '0123', 'phone']) assert.ok(!text.includes(hidden))
  assert.ok(text.includes('tomorrow.') && text.includes('tester'))
  const root = Buffer.from(partsRoot, 'hex').toString('base64')
  const judged = evalRedaction({ root, copy: copy as never }) as { verified: boolean }
  assert.equal(judged.verified, true)
  assert.match(JSON.stringify(await open(exhibitId)), /Ines Invented/, 'the original stays')
})

test('who redacts does not review; the reviewer compares both, on record, and approves', async () => {
  const decide = { exhibitId: copyId, outcome: 'approved', reason: 'Compared line by line.' }
  await assert.rejects(officer.act(caseId, 'reviewRedaction', decide), /roleMissing/)
  const workspace = await enterWorkspace(world.node('meridia'), 'reviewer')
  await proveAtPage(workspace)
  const path = `/en/officer/cases/${caseId}/redact/${copyId}`
  const asked = formIn((await workspace.get(path)).html, `/redact/${copyId}`)
  const before = (await events('custodyRecorded')).length
  fill(asked, { purpose })
  const compared = await workspace.send(asked)
  assert.equal(compared.status, 200, compared.html.slice(0, 500))
  assert.match(compared.html, /Ines Invented/)
  assert.match(compared.html, /it is the same/)
  assert.equal((await events('custodyRecorded')).length, before + 2)
  assert.equal(why(await reviewer.act(caseId, 'reviewRedaction', decide)), 'permit')
  assert.equal(why(await reviewer.act(caseId, 'reviewRedaction', decide)), 'nothingToReview')
})

test('an officer marks, sees the copy, and makes it on the page, without a script', async () => {
  const workspace = await enterWorkspace(world.node('meridia'), 'case-officer-1')
  await proveAtPage(workspace)
  const path = `/en/officer/cases/${caseId}/redact/${exhibitId}`
  const ask = await workspace.get(path)
  assert.doesNotMatch(ask.html, /Ines/, 'nothing is shown before it is opened')
  const step = async (html: string, fields: { [name: string]: string }) => {
    const form = formIn(html, `/redact/${exhibitId}`)
    fill(form, fields)
    return workspace.send(form)
  }
  const marking = await step(ask.html, { purpose })
  assert.match(marking.html, /Ines Invented/)
  const nothing = await step(marking.html, {})
  assert.equal(nothing.status, 400)
  const seen = await step(marking.html, { 'words-2': 'Ines Invented', 'reason-2': 'a bystander' })
  assert.equal(seen.status, 200)
  assert.match(seen.html, /Hidden words can still be read elsewhere/)
  const refused = await step(seen.html, {})
  assert.equal(refused.status, 409)
  const made = await step(seen.html, { leftReason: 'It is the first name of many people.' })
  assert.equal(made.status, 303, made.html.slice(0, 800))
  const [last] = (await events('exhibitRedacted')).toReversed()
  assert.doesNotMatch(JSON.stringify(last), /Ines/)
  assert.match(JSON.stringify(last), /first name of many people/)
})

test('a picture: boxes are painted, and the reviewer makes the same bytes again', async () => {
  const file = await pngOf(grid(120, 90))
  const picture = await officer.do(caseId, 'sealExhibit', {
    name: 'Screenshot (invented)',
    mediaType: 'image/png',
    purpose,
    parts: [{ base64: Buffer.from(file).toString('base64') }],
  })
  const source = picture.result['exhibitId'] as string
  const box = { page: 1, x: 20, y: 10, width: 30, height: 20, ...why1 }
  const outside = await officer.act(caseId, 'redactPages', {
    ...{ exhibitId: source, purpose, boxes: [{ ...box, x: 119 }] },
  })
  assert.equal(why(outside), 'boxOutside')
  const none = await officer.act(caseId, 'redactPages', { exhibitId, purpose, boxes: [box] })
  assert.equal(why(none), 'notPages')
  const made = await officer.do(caseId, 'redactPages', { exhibitId: source, purpose, boxes: [box] })
  const id = made.result['exhibitId'] as string
  const [transform, page] = (await open(id)).parts as {
    part: { base64: string; input: { digest: string }; pages: { digest: string }[] }
  }[]
  const png = Buffer.from(page?.part.base64 ?? '', 'base64')
  assert.deepEqual(readPng(png).colours(box), ['0,0,0,255'])
  assert.equal(transform?.part.pages[0]?.digest, createHash('sha256').update(png).digest('hex'))
  assert.equal(transform?.part.input.digest, createHash('sha256').update(file).digest('hex'))
  const back = { exhibitId: id, outcome: 'returned', reason: 'The box is too small.' }
  assert.equal(why(await reviewer.act(caseId, 'reviewRedaction', back)), 'permit')
  const [review] = (await events('redactionReviewed')).toReversed() as { isSame?: boolean }[]
  assert.equal(review?.isSame, true)
})

test('an encrypted document is refused with a plain message, and that is recorded', async () => {
  const file = await pdfOf([{ text: 'words', x: 72, y: 72 }], { password: 'secret' })
  const document = await officer.do(caseId, 'sealExhibit', {
    name: 'Letter (invented)',
    mediaType: 'application/pdf',
    purpose,
    parts: [{ base64: Buffer.from(file).toString('base64') }],
  })
  const boxes = [{ page: 1, x: 0, y: 0, width: 9, height: 9, ...why1 }]
  const source = document.result['exhibitId'] as string
  const refused = await officer.act(caseId, 'redactPages', { exhibitId: source, purpose, boxes })
  assert.equal(why(refused), 'encrypted')
  assert.match(JSON.stringify((await events('actRefused')).at(-1)), /protected by a password/)
})
