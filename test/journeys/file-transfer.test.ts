/**
 * A file of the vault goes to a peer, between nodes that run: previewed, released, fetched
 * sealed, accepted or rejected, downloaded, called back and destroyed. What may not arrive
 * leaves nothing behind.
 */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import type { Hand } from '../../src/cli/story/client.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { parsePolicy } from '../../src/proof/policy.ts'
import { verifyPackage } from '../../src/wire/package/verify-package.ts'
import { caseAt, type Place, startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { enterWorkspace } from '../support/page-hand.ts'

const GB = 'albion.example'
const WAIT_MS = 90_000
const MiB = 1024 * 1024

const world = await startWorld()
const telling = world.begin()
await telling.until('6.seal-exhibit')
const caseId = caseAt(telling.story, 'meridia')
const albionCase = caseAt(telling.story, 'albion')
const { officer } = world.hands.meridia
const albion = world.hands.albion
const atMeridia = await enterWorkspace(world.node('meridia'), 'case-officer-1')
const atAlbion = await enterWorkspace(world.node('albion'), 'case-officer-1')
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const reasons = {
  legalBasis: 'Agreement clause 4.3 (fictional).',
  necessity: 'The peer acts on the same service today.',
  proportionality: 'Only the recording that shows the failure.',
  nonDiscrimination: 'Depends on nothing personal.',
  leastIntrusive: 'No other recording is included.',
  expression: 'It touches no press, union, protest, religion or politics.',
}
const emergency = {
  ...{ recipient: GB, purpose: 'investigation', threat: 'life', ...reasons },
  reason: 'A person follows the advice of the service at this moment (invented).',
}

type Event = { readonly type: string; readonly [member: string]: unknown }
type Exhibit = {
  exhibitId: string
  digest: string
  releaseId: string | null
  origin: string
  isDestroyed: boolean
  file?: { digest: string; sizeBytes: number }
  derivation: object | null
  custody: { act: string; by: string }[]
}

async function eventsAt(at: Place): Promise<readonly Event[]> {
  const stream = at === 'meridia' ? caseId : albionCase
  const events = (await world.events(at)).filter((one) => one.stream === stream)
  return events.map(({ envelope }) => envelope.event as Event)
}

function eventAt(at: Place, type: string, releaseId: string): Promise<Event> {
  const isIt = (one: Event) => one.type === type && one['releaseId'] === releaseId
  return waitFor(`${type} at ${at}`, async () => (await eventsAt(at)).find(isIt), WAIT_MS)
}

async function exhibitsAt(hand: Hand, at: string): Promise<readonly Exhibit[]> {
  const read = await hand.get<{ state: { evidence: { exhibits: Exhibit[] } } }>(`/cases/${at}`)
  return read.state.evidence.exhibits
}

async function sealFile(bytes: Uint8Array): Promise<string> {
  const place = `/en/officer/cases/${caseId}/files`
  const { html } = await atMeridia.get(place)
  const form = new FormData()
  form.append('formToken', /name="formToken" value="([^"]+)"/.exec(html)?.[1] ?? '')
  form.append('purpose', 'recording that the report names (invented)')
  form.append('file', new Blob([new Uint8Array(bytes)], { type: 'video/mp4' }), 'recording.mp4')
  assert.ok(atMeridia.post)
  assert.equal((await atMeridia.post(place, form)).status, 303)
  const found = (await exhibitsAt(officer, caseId)).find(({ file }) => file?.digest === sha(bytes))
  assert.ok(found)
  return found.exhibitId
}

async function releaseIn(act: string, input: object): Promise<string> {
  const done = await waitFor(
    act,
    async () => {
      const answer = await officer.act(caseId, act, input)
      if ('done' in answer) return answer.done
      assert.equal(answer.refused.why, 'receiptNotSealed', JSON.stringify(answer.refused))
      return undefined
    },
    WAIT_MS,
  )
  return done.result['releaseId'] as string
}

/** What lies in the folders of files on their way. */
function onTheWay(at: Place): readonly string[] {
  const folder = join(world.node(at).folder, 'transfers')
  if (!existsSync(folder)) return []
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => /\.(age|part|tmp)$/.test(name))
}

/** Proposed by one, approved by another who is shown exactly that. */
async function byTwo(first: Hand, other: Hand, at: string, act: string, input: object) {
  await first.do(at, act, input)
  type Waiting = { readonly proposalId: string; readonly act: string; readonly digest: string }
  const open = await other.get<Waiting[]>(`/cases/${at}/proposals`)
  const found = open.find((one) => one.act === act)
  assert.ok(found, `${act} waits for a second person`)
  const { proposalId, digest } = found
  const answer = await other.post(`/cases/${at}/proposals/${proposalId}/approve`, { digest })
  assert.ok('done' in answer, JSON.stringify(answer))
}

const recording = randomBytes(5 * MiB + 12_345)
let sealedId = ''
let arrived: Exhibit

test('without a review the file stays; in an emergency it goes, and Albion opens the very bytes', async () => {
  sealedId = await sealFile(recording)
  const plain = { exhibitId: sealedId, recipient: GB, purpose: 'investigation', ...reasons }
  await officer.mustRefuse(caseId, 'releaseFile', plain, 'reviewMissing')
  const releaseId = await releaseIn('releaseFileInEmergency', { exhibitId: sealedId, ...emergency })
  const ended = await eventAt('meridia', 'exhibitTransferEnded', releaseId)
  assert.equal(ended['outcome'], 'arrived')
  const found = (await exhibitsAt(albion.officer, albionCase)).find(
    (one) => one.releaseId === releaseId,
  )
  assert.deepEqual(found?.file, { digest: sha(recording), sizeBytes: recording.length })
  arrived = found
  const own = (await exhibitsAt(officer, caseId)).find(({ exhibitId }) => exhibitId === sealedId)
  assert.notEqual(arrived.digest, own?.digest, 'each lies under a key of its own')
  assert.deepEqual(
    arrived.custody.map(({ act, by }) => [act, by]),
    [['received', 'meridia.example']],
  )
  await waitFor(
    'nothing on its way',
    async () => onTheWay('meridia').length + onTheWay('albion').length === 0,
    WAIT_MS,
  )

  const about = `/en/officer/cases/${albionCase}/exhibits/${arrived.exhibitId}/about`
  await atAlbion.hand.prove()
  const asked = formIn((await atAlbion.get(about)).html, '/download')
  fill(asked, { purpose: 'to see what it shows' })
  const down = await atAlbion.send(asked)
  assert.equal(sha(down.bytes), sha(recording))
})

test('the package of Albion holds the file as it lies there, and verifies by itself', async () => {
  const bytes = await waitFor(
    'the package',
    () =>
      albion.officer.bytes('POST', `/cases/${albionCase}/package`).catch((error: Error) => {
        if (error.message.includes('receiptsNotSealed')) return undefined
        throw error
      }),
    WAIT_MS,
  )
  const policy = parsePolicy(nodePrimitives, new Uint8Array(readFileSync(world.demo.policyFile)))
  const report = verifyPackage(nodePrimitives, bytes, policy)
  assert.equal(report.verdict, 'verified', JSON.stringify(report.checks.filter(({ ok }) => !ok)))
  const archive = Buffer.from(bytes)
  assert.ok(archive.includes(arrived.exhibitId))
  // Somewhere in the ciphertext of the file, by far the largest part.
  const altered = new Uint8Array(bytes)
  const middle = Math.floor(altered.length / 2)
  altered[middle] = (altered[middle] ?? 0) ^ 1
  assert.equal(verifyPackage(nodePrimitives, altered, policy).verdict, 'failed')
})

test('Albion rejects with a reason, Meridia sees it, and it is not answered twice', async () => {
  const input = { exhibitId: arrived.exhibitId, answer: 'rejected' }
  await albion.officer.mustRefuse(albionCase, 'acknowledgeExhibit', input, 'reasonMissing')
  const reason = 'It shows another service than the one reported (invented).'
  await albion.officer.do(albionCase, 'acknowledgeExhibit', { ...input, reason })
  const answer = await eventAt('meridia', 'exhibitAnswerReceived', arrived.releaseId ?? '')
  assert.deepEqual([answer['answer'], answer['reason']], ['rejected', reason])
  assert.equal(answer['digest'], sha(recording))
})

test('called back, it is destroyed at Albion with its key, and Albion confirms that', async () => {
  const releaseId = arrived.releaseId ?? ''
  const withdraw = { releaseId, cause: 'error', reason: 'It was the wrong recording (invented).' }
  await officer.do(caseId, 'withdrawRelease', withdraw)
  await eventAt('albion', 'releaseRetracted', releaseId)
  const proof = { releaseId, proof: 'Deleted, and looked for on other disks (invented).' }
  await byTwo(albion.officer, albion.second, albionCase, 'confirmDeletion', proof)
  await eventAt('meridia', 'retractionDone', releaseId)
  const gone = (await exhibitsAt(albion.officer, albionCase)).find(
    (one) => one.releaseId === releaseId,
  )
  assert.equal(gone?.isDestroyed, true)
  const names = readdirSync(join(world.node('albion').folder, 'exhibits'), { recursive: true })
  assert.ok(!names.some((name) => String(name).includes(arrived.digest)))
  assert.ok((await exhibitsAt(officer, caseId)).some((one) => one.exhibitId === sealedId))
})
