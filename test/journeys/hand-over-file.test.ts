/**
 * A file of the vault for a recipient without a node: tested, reviewed, released, sealed to
 * the recipient's own key, downloaded, opened and checked. And what stops it.
 */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { waitFor } from '../../src/cli/story/story.ts'
import { verifyCommand } from '../../src/cli/verify.ts'
import { generateIdentity, openWith, recipientOf } from '../../src/seal/seal.ts'
import { readTar } from '../../src/wire/package/tar.ts'
import { caseAt, startWorld } from '../support/demo.ts'
import { enterWorkspace } from '../support/page-hand.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const GB = 'albion.example'
const WAIT_MS = 90_000
const world = await startWorld()
const telling = world.begin()
await telling.until('6.seal-exhibit')
const caseId = caseAt(telling.story, 'meridia')
const { officer, reviewer } = world.hands.meridia
const desk = await enterWorkspace(world.node('meridia'), 'case-officer-1')
const folder = temporaryFolder()
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const why = 'It is needed to find out what the service did to people there (invented).'
const yes = { answer: 'yes', reason: why }

async function sealFile(bytes: Uint8Array): Promise<string> {
  const place = `/en/officer/cases/${caseId}/files`
  const { html } = await desk.get(place)
  const form = new FormData()
  form.append('formToken', /name="formToken" value="([^"]+)"/.exec(html)?.[1] ?? '')
  form.append('purpose', 'recording that the report names (invented)')
  form.append('file', new Blob([new Uint8Array(bytes)], { type: 'video/mp4' }), 'recording.mp4')
  assert.ok(desk.post)
  assert.equal((await desk.post(place, form)).status, 303)
  type Read = {
    state: { evidence: { exhibits: { exhibitId: string; file?: { digest: string } }[] } }
  }
  const { state } = await officer.get<Read>(`/cases/${caseId}`)
  const found = state.evidence.exhibits.find(({ file }) => file?.digest === sha(bytes))
  assert.ok(found)
  return found.exhibitId
}

/** Tested for exactly this file; the review that it opened is still to be decided. */
async function tested(exhibitId: string) {
  const done = await officer.do(caseId, 'recordRightsTest', {
    ...{ recipient: GB, purpose: 'investigation', exhibitId, legalBasis: yes },
    necessity: { aim: why, alternatives: why, ...yes },
    categories: { exhibitFile: why },
    proportionality: { seriousness: 'serious', people: 1, safeguards: why, ...yes },
    nonDiscrimination: { groups: 'none', effect: why, mitigation: 'none needed', ...yes },
    leastIntrusive: yes,
    expression: { touches: [], ...yes },
    confirmed: true,
  })
  const { testId, releaseId } = done.result as { testId: string; releaseId: string }
  type Review = { reviewId: string; subject: { id: string } }
  type Read = { state: { rights: { reviews: Review[] } } }
  const { state } = await officer.get<Read>(`/cases/${caseId}`)
  const review = state.rights.reviews.find(({ subject }) => subject.id === releaseId)
  assert.ok(review, 'the agreement puts files under review')
  const input = { exhibitId, recipient: GB, purpose: 'investigation', legalBasis: why }
  return { input: { ...input, rightsTestId: testId }, reviewId: review.reviewId, releaseId }
}

async function decided(exhibitId: string): Promise<string> {
  const { input, reviewId, releaseId } = await tested(exhibitId)
  await officer.mustRefuse(caseId, 'releaseFileByHand', input, 'reviewMissing')
  const review = { reviewIds: [reviewId], outcome: 'approved', reason: why }
  await reviewer.do(caseId, 'decideReview', review)
  const done = await officer.do(caseId, 'releaseFileByHand', input)
  assert.deepEqual(done.result, { releaseId })
  return releaseId
}

async function verify(name: string, bytes: Uint8Array) {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  const said: string[] = []
  const out = { write: (text: string) => said.push(text) }
  const code = await verifyCommand([file, '--policy', world.demo.policyFile], out, out)
  return { code, said: said.join('') }
}

const recording = randomBytes(400_000)
const identity = await generateIdentity()
const recipientKey = await recipientOf(identity)
const confirmed = { keyConfirmedBy: 'the registry of Albion (invented)', keyMeans: 'phone' }

test('a file is decided by all, sealed to the key of its recipient, and opens with that alone', async () => {
  const releaseId = await decided(await sealFile(recording))
  const refused = (more: object, expected: string) =>
    officer.mustRefuse(caseId, 'makeHandOver', { releaseId, ...more }, expected)
  const last = recipientKey.endsWith('q') ? 'p' : 'q'
  await refused({}, 'keyMissing')
  await refused({ ...confirmed }, 'keyMissing')
  for (const bad of ['age1', 'age1 x', `${recipientKey.slice(0, -1)}${last}`, identity]) {
    await refused({ recipientKey: bad, ...confirmed }, 'keyBad')
  }
  await refused({ recipientKey }, 'keyUnconfirmed')
  await refused({ recipientKey, keyMeans: 'phone', keyConfirmedBy: '  ' }, 'keyUnconfirmed')

  const input = { releaseId, recipientKey, ...confirmed }
  const handOverId = await waitFor(
    'the sealed receipt',
    async () => {
      const answer = await officer.act(caseId, 'makeHandOver', input)
      if ('done' in answer) return (answer.done.result as { handOverId: string }).handOverId
      assert.equal(answer.refused.why, 'receiptNotSealed')
      return undefined
    },
    WAIT_MS,
  )
  const { bytes, status } = await desk.get(`/en/officer/cases/${caseId}/hand-overs/${handOverId}`)
  assert.equal(status, 200)
  const sound = await verify('sound.tar', bytes)
  assert.equal(sound.code, 0, sound.said)
  assert.ok(sound.said.includes(sha(recording)))
  const middle = Math.floor(bytes.length / 2)
  const altered = bytes.slice()
  altered[middle] = (altered[middle] ?? 0) ^ 1
  assert.equal((await verify('altered.tar', altered)).code, 1)
  const sealed = readTar(bytes).get('exhibit.age') ?? new Uint8Array()
  assert.equal(sha(await openWith(identity, sealed)), sha(recording))
  const events = await world.events('meridia')
  const made = events
    .map(({ envelope }) => envelope.event as { type: string; handOverId?: string; digest?: string })
    .find((event) => event.type === 'handOverMade' && event.handOverId === handOverId)
  assert.equal(made?.digest, sha(bytes))
})

test('an order that came after the decision stops the package, and nothing of it is kept', async () => {
  const exhibitId = await sealFile(randomBytes(1000))
  const releaseId = await decided(exhibitId)
  await officer.do(caseId, 'recordProtectiveOrder', {
    ...{ orderedBy: 'Invented Court', reference: 'X 1/26 (invented)' },
    ...{ scope: 'exhibits', exhibits: [exhibitId] },
    ...{ maySee: [officer.officer.id], mayReceive: [], purposes: [] },
  })
  const input = { releaseId, recipientKey, ...confirmed }
  await officer.mustRefuse(caseId, 'makeHandOver', input, 'orderForbids')
  const kept = await world.database('meridia').selectFrom('hand_over').select('id').execute()
  assert.equal(kept.length, 1)
})
