/**
 * An operator's counsel at a real node: claims privilege, which holds the release back, is
 * rejected, challenges, offers a commitment, appeals; and a reader of an exhibit under a
 * protective order, whose every look is in the chain of custody.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseAt, startWorld } from '../support/demo.ts'
import { pdfOfPages } from '../support/hostile-files.ts'
import { fill, formIn } from '../support/html-form.ts'
import { browserAt, enterWorkspace } from '../support/page-hand.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('5.transfer-refused')
await telling.step('7.operator-and-tree')
const caseId = caseAt(telling.story, 'meridia')
const node = world.node('meridia')
const { officer, reviewer } = world.hands.meridia
const REASON = 'So that the other side has its seat.'

async function letIn(changed: object = {}) {
  const { result } = await officer.do(caseId, 'admitGuest', {
    name: 'Canary Counsel (invented)',
    sees: ['summary', 'measures', 'exhibits'],
    legalOrder: 'EU',
    days: 3,
    reason: REASON,
    answersAs: 'respondentCounsel',
    ...changed,
  })
  const { linkId, code } = result as { linkId: string; code: string }
  const door = browserAt(node)
  const link = `/en/officer/guest/${linkId}`
  const form = formIn((await door.get(link)).html, linkId)
  fill(form, { code })
  assert.equal((await door.send(form)).status, 303)
  const send = (path: string, fields: Record<string, string | readonly string[]>) =>
    door.send({
      action: `${link}/${path}`,
      fields: new Map(
        Object.entries(fields).map(([name, value]) => [
          name,
          { kind: 'text', values: [value].flat(), offered: [] } as const,
        ]),
      ),
    })
  const get = (path: string) => door.get(path)
  const leave = () => door.send({ action: `${link}/leave`, fields: new Map() })
  return { page: async () => (await door.get(link)).html, send, get, leave, link }
}

const events = async (type: string) =>
  (await world.events('meridia'))
    .filter(({ envelope }) => envelope.stream === caseId)
    .map(({ envelope }) => envelope.event as unknown as Record<string, string> & { type: string })
    .filter((event) => event.type === type)
const personOf = async () => (await events('guestAdmitted')).at(-1)?.['person'] ?? ''

const RELEASE = {
  recipient: 'albion.example',
  purpose: 'coordinatedDisclosure',
  categories: ['technicalFacts'],
  legalBasis: 'Agreement clause 2.1; task of the authority in the public interest.',
  necessity: 'The harm reaches people in the territory of the other authority.',
  proportionality: 'Only what the other authority needs to decide on its own steps.',
  nonDiscrimination: 'The choice depends on where the system is offered, on nothing personal.',
  leastIntrusive: 'No name, contact or text of any person is included.',
  expression: 'It touches no press, union, protest, religion or politics.',
}

test('counsel claims privilege, is heard, challenges the rejection and appeals', async () => {
  const counsel = await letIn()
  assert.match(await counsel.page(), /Your side/)
  const claim = { kind: 'legalPrivilege', categories: ['technicalFacts'] }
  assert.equal((await counsel.send('say/claim', { ...claim, text: 'secret' })).status, 409)
  assert.equal((await counsel.send('say/claim', { ...claim, text: '' })).status, 400)
  assert.equal((await counsel.send('say/else', { text: 'x' })).status, 404)
  const words = 'Advice of counsel about these proceedings.'
  assert.equal((await counsel.send('say/claim', { ...claim, text: words })).status, 303)
  await officer.mustRefuse(caseId, 'releaseToPeer', RELEASE, 'claimStands')

  const claimId = (await events('claimFiled')).at(-1)?.['claimId'] ?? ''
  await officer.do(caseId, 'decideClaim', {
    claimId,
    outcome: 'rejected',
    reason: 'The technical facts were published by the operator itself.',
  })
  await officer.mustRefuse(caseId, 'releaseToPeer', RELEASE, 'claimStands')
  assert.match(await counsel.page(), /Rejected, may be challenged/)
  const challenge = { claimId, text: 'The publication was of another version of the system.' }
  assert.equal((await counsel.send('say/challengeClaim', challenge)).status, 303)
  const other = await letIn()
  assert.ok(!(await other.page()).includes(words), 'nobody sees the claim of somebody else')
  assert.equal((await other.send('say/challengeClaim', challenge)).status, 409)

  const reviewId = (await events('reviewOpened')).at(-1)?.['reviewId'] ?? ''
  await reviewer.do(caseId, 'decideReview', {
    reviewIds: [reviewId],
    outcome: 'dismissed',
    reason: 'It is the same version, as the operator says on its own page.',
  })
  const released = await officer.act(caseId, 'releaseToPeer', RELEASE)
  assert.ok(
    'done' in released || released.refused.why !== 'claimStands',
    'a claim that was heard and dismissed holds back nothing',
  )

  const offer = { byOn: '2031-01-01', text: 'The companion is switched off for minors.' }
  assert.equal((await counsel.send('say/offer', { ...offer, byOn: '2020-01-01' })).status, 409)
  assert.equal((await counsel.send('say/offer', offer)).status, 303)
  const commitmentId = (await events('commitmentOffered')).at(-1)?.['commitmentId'] ?? ''
  const accept = { commitmentId, answer: 'accepted', reason: 'It ends the harm to minors.' }
  await officer.do(caseId, 'answerCommitment', accept)
  await officer.mustRefuse(caseId, 'answerCommitment', accept, 'noOffer')

  const grounds = { text: 'The authority overlooked that the versions differ.' }
  const appeal = { ...grounds, against: `claim:${claimId}` }
  assert.equal((await counsel.send('say/appeal', appeal)).status, 303)
  assert.equal((await counsel.send('say/appeal', appeal)).status, 409)
  const appealId = (await events('appealFiled')).at(-1)?.['appealId'] ?? ''
  assert.match(await counsel.page(), /the authority has not recorded one/)
  const period = { against: appeal.against, source: 'Instruction on remedies, page 4 (invented)' }
  await officer.mustRefuse(
    ...([caseId, 'recordAppealPeriod', { ...period, untilOn: '2020-01-01' }] as const),
    'dateImpossible',
  )
  await officer.do(caseId, 'recordAppealPeriod', { ...period, untilOn: '2031-02-03' })
  assert.match(await counsel.page(), /3 February 2031.*Instruction on remedies, page 4/)
  const step = { appealId, text: 'The file was sent to the court (fictional).' }
  await officer.do(caseId, 'followAppeal', { ...step, step: 'forwarded' })
  const page = await counsel.page()
  assert.match(page, /The file was sent to the court/)
  assert.match(page, /It ends the harm to minors/)
})

test('an exhibit is read under its safeguard only, and each look is an act of custody', async () => {
  const court = await letIn({ answersAs: undefined })
  const person = await personOf()
  const sealed = await officer.do(caseId, 'sealExhibit', {
    name: 'Transcript for the court (invented)',
    mediaType: 'application/json',
    purpose: REASON,
    parts: ['first canary turn', 'second canary turn'],
  })
  const documentId = sealed.result['exhibitId'] as string
  const look = (purpose: string) => court.send(`exhibits/${documentId}`, { purpose })
  assert.equal((await look('To decide the case.')).status, 403, 'by default no')
  const share = { documentId, person, reason: REASON }
  await officer.mustRefuse(caseId, 'shareDocument', share, 'safeguardMissing')
  const safeguard = 'Protective order 7 K 12/26 (fictional)'
  await officer.do(caseId, 'shareDocument', { ...share, safeguard })
  assert.match(await court.page(), /Protective order 7 K 12\/26/)
  assert.equal((await look('')).status, 400, 'a look has a purpose')
  const shown = await look('To decide the case.')
  assert.equal(shown.status, 200)
  assert.match(shown.html, /second canary turn/)
  const custody = (await events('custodyRecorded')).filter((one) => one['by'] === person)
  assert.deepEqual(
    custody.map((one) => [one['exhibitId'], one['act'], one['purpose'], one['capacity']]),
    [[documentId, 'opened', 'To decide the case.', 'guest']],
  )
  await officer.do(caseId, 'withdrawDocument', share)
  assert.equal((await look('Once more.')).status, 403)
})

async function sealPdf(pages: number): Promise<string> {
  const desk = await enterWorkspace(node, 'case-officer-1')
  const at = `/en/officer/cases/${caseId}`
  const token = /name="formToken" value="([^"]+)"/.exec((await desk.get(`${at}/files`)).html)?.[1]
  const form = new FormData()
  form.append('formToken', token ?? '')
  form.append('purpose', REASON)
  form.append(
    'file',
    new Blob([Buffer.from(pdfOfPages(pages))], { type: 'text/plain' }),
    'expert report.txt',
  )
  const sent = await desk.post?.(`${at}/files`, form)
  assert.equal(sent?.status, 303)
  return /exhibits\/([^/]+)\/about/.exec(sent.location ?? '')?.[1] ?? assert.fail('sealed')
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47])
const pictures = (html: string) =>
  [...html.matchAll(/<img class="comity-page__image" src="([^"]+)"/g)].map(([, at = '']) => at)

test('a file is looked into at the seat, and its drawn pages go to that session only', async () => {
  const reader = await letIn()
  const person = await personOf()
  const other = await letIn({ answersAs: undefined })
  const nobody = browserAt(node)
  const documentId = await sealPdf(12)
  const safeguard = 'Undertaking of 2 March (fictional)'
  for (const one of [person, await personOf()]) {
    await officer.do(caseId, 'shareDocument', {
      documentId,
      person: one,
      reason: REASON,
      safeguard,
    })
  }
  const look = (more: object = {}) =>
    reader.send(`exhibits/${documentId}`, { purpose: 'To answer the report.', ...more })
  const pageOne = `${reader.link}/exhibits/${documentId}/pages/1`
  assert.equal((await reader.get(pageOne)).status, 404, 'nothing is drawn before a look')
  assert.equal((await look({ purpose: '' })).status, 400)

  const shown = await look()
  assert.equal(shown.status, 200, shown.html.slice(0, 300))
  assert.match(shown.html, /application\/pdf/)
  assert.match(shown.html, /text\/plain/)
  assert.match(shown.html, /It is not what it is said to be/)
  assert.match(shown.html, /Pages 1 to 10 of 12/)
  assert.equal(pictures(shown.html).length, 10)
  assert.equal(pictures(shown.html)[0], pageOne)
  const drawn = await reader.get(pageOne)
  assert.equal(drawn.status, 200)
  assert.deepEqual(Buffer.from(drawn.bytes.subarray(0, 4)), PNG)
  const fetched = await fetch(node.baseUrl + pageOne, { redirect: 'manual' })
  assert.deepEqual([fetched.status, fetched.headers.get('cache-control')], [404, 'no-store'])

  const ofOther = pageOne.replace(reader.link, other.link)
  for (const [who, address] of [
    [other, pageOne],
    [other, ofOther],
    [nobody, pageOne],
    [reader, `${reader.link}/exhibits/${documentId}/pages/11`],
    [reader, `${reader.link}/exhibits/${documentId}/pages/0`],
    [reader, ofOther],
  ] as const) {
    const answer = await who.get(address)
    assert.equal(answer.status, 404, address)
    assert.ok(!Buffer.from(answer.bytes).includes(PNG), address)
  }
  const next = await look({ first: '11' })
  assert.equal(pictures(next.html).length, 2)
  const custody = (await events('custodyRecorded')).filter((one) => one['by'] === person)
  const seen = [documentId, 'previewed', 'To answer the report.', 'respondentCounsel']
  assert.deepEqual(
    custody.map((one) => [one['exhibitId'], one['act'], one['purpose'], one['capacity']]),
    [seen, seen],
  )

  const pageLast = `${reader.link}/exhibits/${documentId}/pages/12`
  assert.equal((await reader.get(pageLast)).status, 200)
  await officer.do(caseId, 'withdrawDocument', { documentId, person, reason: REASON })
  assert.equal((await reader.get(pageLast)).status, 404, 'withdrawn is withdrawn at once')
  assert.equal((await look()).status, 403)

  const others = await other.send(`exhibits/${documentId}`, { purpose: 'To decide.' })
  assert.equal(others.status, 200)
  assert.equal((await other.get(ofOther)).status, 200)
  assert.equal((await other.leave()).status, 200)
  assert.equal((await other.get(ofOther)).status, 404, 'the session is over')
})
