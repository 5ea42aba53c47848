/**
 * An operator's counsel at a real node: claims privilege, which holds the release back, is
 * rejected, challenges, offers a commitment, appeals; and a reader of an exhibit under a
 * protective order, whose every look is in the chain of custody.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseAt, startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { browserAt } from '../support/page-hand.ts'

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
  return { page: async () => (await door.get(link)).html, send }
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
    custody.map((one) => [one['exhibitId'], one['act'], one['purpose']]),
    [[documentId, 'opened', 'To decide the case.']],
  )
  await officer.do(caseId, 'withdrawDocument', share)
  assert.equal((await look('Once more.')).status, 403)
})
