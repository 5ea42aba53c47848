/**
 * Oversight of a running node: it sees decisions without asking, content only under its
 * statute and in an inspection, and neither without a trace. What it recommends is answered,
 * and the public reads the words written for it and nothing of the case.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, caseNowOf, moveClock } from '../../src/cli/story/client.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { caseAt, startWorld } from '../support/demo.ts'
import { pdfOfPages } from '../support/hostile-files.ts'
import { formIn } from '../support/html-form.ts'
import { browserAt, enterWorkspace } from '../support/page-hand.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('3.competence')
const caseId = caseAt(telling.story, 'meridia')
const { officer, oversight, liaison } = world.hands.meridia
const outside = browserAt(world.node('meridia'))

const sealed = await officer.do(caseId, 'sealExhibit', {
  name: 'Transcript (invented)',
  mediaType: 'application/json',
  purpose: 'Collected from an invented test account.',
  parts: [{ by: 'tester', text: 'canary words of the transcript' }],
})
const exhibitId = sealed.result['exhibitId'] as string

type Found = {
  readonly type: string
  readonly purpose?: string
  readonly caseId?: string
  readonly inspectionId?: string
}

async function recorded(type: string): Promise<readonly Found[]> {
  const events = await world.events('meridia')
  return events.map(({ envelope }) => envelope.event as Found).filter((one) => one.type === type)
}

type Record = {
  readonly mandates: readonly { readonly mandateId: string }[]
  readonly recommendations: readonly {
    readonly recommendationId: string
    readonly status: string
  }[]
}
const record = () => oversight.get<Record>('/oversight')
const act = (name: string, input: object, hand = oversight) =>
  hand.post(`/oversight/acts/${name}`, input)
const why = (answer: Answer) => ('refused' in answer ? answer.refused.why : 'permit')
const statute = {
  body: 'Rights ombuds office of Meridia (fictional)',
  statute: 'Act on the oversight of authorities (fictional)',
  source: 'made up for this test',
  retrievedOn: '2026-11-02',
}

test('content is closed to oversight until its statute and an inspection open it', async () => {
  const inspect = () => oversight.act(caseId, 'inspectExhibit', { exhibitId })
  assert.equal(why(await inspect()), 'noContentMandate')
  await act('recordMandate', { ...statute, article: 'art. 3', access: 'decisions' })
  await act('recordMandate', { ...statute, article: 'art. 9', access: 'content' })
  const [decisions, content] = (await record()).mandates
  const { mandateId } = content ?? {}
  const question = { caseIds: [caseId], question: 'Was the transcript needed in this case?' }
  await act('openInspection', { ...question, mandateId: decisions?.mandateId })
  assert.equal(why(await inspect()), 'noContentMandate', 'that statute opens decisions only')
  // Meridia has one officer of oversight: content waits until the public could read of it.
  assert.equal(why(await act('openInspection', { ...question, mandateId })), 'notConfirmed')
  assert.equal(why(await act('confirmMandate', { mandateId })), 'noticeRuns')
  const { html } = await outside.get('/en/oversight')
  assert.match(html, /Act on the oversight of authorities/)
  assert.match(html, /not confirmed yet/)
  for (const node of world.demo.nodes) {
    await moveClock(node, (await caseNowOf(node)).offsetMs + 25 * 3_600_000)
  }
  assert.equal(why(await act('confirmMandate', { mandateId })), 'permit')
  assert.equal(why(await act('openInspection', { ...question, mandateId })), 'permit')
  const opened = await oversight.do(caseId, 'inspectExhibit', { exhibitId })
  assert.match(JSON.stringify(opened.result), /canary words of the transcript/)
})

test('the authority can neither open an inspection nor miss one', async () => {
  await assert.rejects(officer.act(caseId, 'inspectExhibit', { exhibitId }), /roleMissing/)
  for (const hand of [officer, liaison]) {
    const own = { ...statute, article: 'art. 1', access: 'content' }
    await assert.rejects(act('recordMandate', own, hand), /roleMissing/)
  }
  const purposes = (await recorded('custodyRecorded')).map(({ purpose }) => purpose)
  assert.ok(purposes.some((text) => text?.includes('(fictional), art. 9')))
  assert.deepEqual(await recorded('caseLookedAt'), [], 'an act stands in the case itself')
  await oversight.get(`/cases/${caseId}`)
  await oversight.get(`/cases/${caseId}`)
  const looks = await recorded('caseLookedAt')
  assert.deepEqual(
    looks.map((event) => event.caseId),
    [caseId],
  )
})

test('a recommendation is answered by the authority, assessed by oversight, and published in its own words', async () => {
  const { caseNow } = await caseNowOf(world.node('meridia'))
  const dueAt = new Date(Date.parse(caseNow) + 30 * 86_400_000).toISOString()
  await act('makeRecommendation', {
    title: 'Ask for less',
    text: 'Name in each case why the whole transcript is needed.',
    caseId,
    dueAt,
  })
  const [made] = (await record()).recommendations
  assert.equal(made?.status, 'open')
  const { recommendationId } = made
  const reasons = 'The form asks for the reason from January on.'
  const accepts = { recommendationId, answer: 'accepted', reasons }
  await assert.rejects(act('answerRecommendation', accepts), /roleMissing/)
  const page = async () => (await outside.get('/en/oversight')).html
  assert.doesNotMatch(await page(), /Ask for less/)
  assert.equal(why(await act('answerRecommendation', accepts, liaison)), 'permit')
  const summary = 'Transcripts are sealed only where the whole text is needed.'
  await act('publishRecommendation', { recommendationId, summary, confirmed: true })
  // Public pages are kept for a moment.
  const html = await waitFor('the published words', async () => {
    const now = await page()
    return now.includes('Ask for less') && now
  })
  assert.match(html, /sealed only where the whole text is needed/)
  for (const secret of [
    caseId,
    'Name in each case',
    'canary',
    'Was the transcript needed',
    reasons,
  ]) {
    assert.ok(!html.includes(secret), secret)
  }
})

test('oversight looks into a file in its open inspection, and nobody else gets the pages', async () => {
  const desk = await enterWorkspace(world.node('meridia'), 'case-officer-1')
  const place = `/en/officer/cases/${caseId}`
  const token = /name="formToken" value="([^"]+)"/.exec((await desk.get(`${place}/files`)).html)
  const form = new FormData()
  form.append('formToken', token?.[1] ?? '')
  form.append('purpose', 'Collected from an invented operator.')
  form.append(
    'file',
    new Blob([Buffer.from(pdfOfPages(2))], { type: 'application/pdf' }),
    'letter.pdf',
  )
  const sent = await desk.post?.(`${place}/files`, form)
  const about = sent?.location ?? assert.fail('sealed')
  const fileId = /exhibits\/([^/]+)\//.exec(about)?.[1] ?? ''
  assert.equal(why(await oversight.act(caseId, 'inspectExhibit', { exhibitId: fileId })), 'isFile')

  const one = await enterWorkspace(world.node('meridia'), 'oversight')
  const two = await enterWorkspace(world.node('meridia'), 'oversight')
  assert.doesNotMatch((await desk.get(about)).html, /action="[^"]*\/inspect"/)
  await one.hand.prove()
  const look = async () => one.send(formIn((await one.get(about)).html, '/inspect'))
  const shown = await look()
  assert.equal(shown.status, 200, shown.html.slice(0, 300))
  const at = `${place}/exhibits/${fileId}/inspected/1`
  assert.ok(shown.html.includes(`src="${at}"`))
  assert.deepEqual(Buffer.from((await one.get(at)).bytes.subarray(1, 4)).toString(), 'PNG')
  for (const other of [two, desk, outside]) assert.notEqual((await other.get(at)).status, 200)
  assert.equal((await desk.get(at.replace('inspected', 'pages'))).status, 404)
  const looks = (await recorded('custodyRecorded')) as readonly Readonly<{
    [name: string]: string
  }>[]
  const ofFile = looks.filter((entry) => entry['exhibitId'] === fileId).slice(1)
  assert.deepEqual(
    ofFile.map((entry) => [entry['act'], entry['capacity']]),
    [['previewed', 'oversight']],
  )
  assert.match(ofFile[0]?.['purpose'] ?? '', /^Inspection .* \(fictional\), art\. 9$/)

  const ask = formIn((await one.get(about)).html, '/inspect')
  for (const { inspectionId } of await recorded('inspectionOpened')) {
    const finding = 'The letter was needed in this case.'
    assert.equal(why(await act('closeInspection', { inspectionId, finding })), 'permit')
  }
  assert.equal((await one.get(at)).status, 404, 'a closed inspection shows nothing more')
  assert.equal((await one.send(ask)).status, 409)
  assert.doesNotMatch((await one.get(about)).html, /action="[^"]*\/inspect"/)
})
