/**
 * A joint case in both directions, between real nodes: an authority that was invited
 * releases to the lead, which answers, discharges its duties and confirms a deletion; and to
 * another that was invited, because the lead told each of the other.
 */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { Hand } from '../../src/cli/story/client.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { caseAt, type Place, startWorld } from '../support/demo.ts'
import { enterWorkspace } from '../support/page-hand.ts'
import { NODE_OF, TESTED, WAIT_MS } from '../support/three-nodes.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('5.emergency')
const { story } = telling
const caseOf = (at: Place) => caseAt(story, at)
const { hands } = world

type Receipt = { readonly status: string; readonly reasons: readonly string[] }
type Duty = { readonly dutyId: string; readonly dischargedAt: string | null }
type Case = {
  readonly state: {
    readonly releases: {
      readonly permitted: { releaseId: string; receipt: Receipt | null; duties: Duty[] }[]
      readonly received: { releaseId: string; from: string; view: Record<string, unknown> }[]
    }
    readonly evidence: {
      readonly exhibits: {
        exhibitId: string
        releaseId: string | null
        file?: { digest: string }
      }[]
    }
  }
}

const read = async (at: Place) => (await hands[at].officer.get<Case>(`/cases/${caseOf(at)}`)).state

async function receiptOf(at: Place, releaseId: string): Promise<Receipt> {
  return waitFor(
    `the receipt at ${at}`,
    async () => {
      const { releases } = await read(at)
      return releases.permitted.find((one) => one.releaseId === releaseId)?.receipt ?? undefined
    },
    WAIT_MS,
  )
}

async function released(from: Place, to: Place, categories: readonly string[]): Promise<string> {
  const input = { recipient: NODE_OF[to], categories, ...TESTED }
  const { result } = await hands[from].officer.do(caseOf(from), 'releaseToPeer', input)
  return result['releaseId'] as string
}

async function happened(at: Place, type: string, releaseId: string): Promise<object> {
  return waitFor(
    `${type} at ${at}`,
    async () =>
      (await world.events(at))
        .filter(({ stream }) => stream === caseOf(at))
        .map(({ envelope }) => envelope.event as { type: string; releaseId?: string })
        .find((one) => one.type === type && one.releaseId === releaseId),
    WAIT_MS,
  )
}

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

let summary = ''

test('an invited authority releases to the lead, in the case that the lead invited it to', async () => {
  summary = await released('albion', 'meridia', ['caseSummary', 'technicalFacts'])
  assert.deepEqual(await receiptOf('albion', summary), { status: 'applied', reasons: [] })
  const arrived = (await read('meridia')).releases.received.find(
    ({ releaseId }) => releaseId === summary,
  )
  assert.equal(arrived?.from, 'albion.example')
  assert.equal(
    (arrived?.view['caseSummary'] as { title: string } | undefined)?.title,
    'Invitation by meridia.example',
  )
})

test('the lead discharges what it owes, and the invited authority hears it', async () => {
  const input = {
    releaseId: summary,
    dutyId: '7.4',
    proof: 'It was used to compare two reports (invented).',
  }
  await hands.meridia.officer.do(caseOf('meridia'), 'dischargeDuty', input)
  await waitFor(
    'the discharge at albion',
    async () => {
      const release = (await read('albion')).releases.permitted.find(
        ({ releaseId }) => releaseId === summary,
      )
      return release?.duties.some((duty) => duty.dutyId === '7.4' && duty.dischargedAt !== null)
    },
    WAIT_MS,
  )
})

test('called back, the lead deletes it and confirms that under its key', async () => {
  const withdraw = { releaseId: summary, cause: 'error', reason: 'A wrong summary (invented).' }
  await hands.albion.officer.do(caseOf('albion'), 'withdrawRelease', withdraw)
  await happened('meridia', 'releaseRetracted', summary)
  const { officer, second } = hands.meridia
  const proof = { releaseId: summary, proof: 'Deleted, and looked for elsewhere (invented).' }
  await byTwo(officer, second, caseOf('meridia'), 'confirmDeletion', proof)
  await happened('albion', 'retractionDone', summary)
})

async function sealFile(at: Place, bytes: Buffer): Promise<string> {
  const page = await enterWorkspace(world.node(at), 'case-officer-1')
  const place = `/en/officer/cases/${caseOf(at)}/files`
  const { html } = await page.get(place)
  const form = new FormData()
  form.append('formToken', /name="formToken" value="([^"]+)"/.exec(html)?.[1] ?? '')
  form.append('purpose', 'recording of its own enquiry (invented)')
  form.append('file', new Blob([new Uint8Array(bytes)], { type: 'video/mp4' }), 'recording.mp4')
  assert.ok(page.post)
  const { location = '' } = await page.post(place, form)
  return /exhibits\/([0-9a-f-]{36})/.exec(location)?.[1] ?? assert.fail(location)
}

test('a file of the invited authority arrives at the lead, which accepts it', async () => {
  const recording = randomBytes(2 * 1024 * 1024 + 5)
  const exhibitId = await sealFile('albion', recording)
  const input = { ...TESTED, exhibitId, recipient: 'meridia.example', threat: 'life' }
  const reason = 'A person follows the advice of the service at this moment (invented).'
  const done = await hands.albion.officer.do(caseOf('albion'), 'releaseFileInEmergency', {
    ...input,
    reason,
  })
  const releaseId = done.result['releaseId'] as string
  await happened('albion', 'exhibitTransferEnded', releaseId)
  const arrived = (await read('meridia')).evidence.exhibits.find(
    (one) => one.releaseId === releaseId,
  )
  assert.equal(arrived?.file?.digest, createHash('sha256').update(recording).digest('hex'))
  const answer = { exhibitId: arrived.exhibitId, answer: 'accepted' }
  await hands.meridia.officer.do(caseOf('meridia'), 'acknowledgeExhibit', answer)
  await happened('albion', 'exhibitAnswerReceived', releaseId)
})

test('one participant releases to another, in the case that neither leads', async () => {
  const toSierra = await released('albion', 'sierra', ['caseSummary'])
  assert.deepEqual(await receiptOf('albion', toSierra), { status: 'applied', reasons: [] })
  const [arrived, ...more] = (await read('sierra')).releases.received.filter(
    ({ from }) => from === 'albion.example',
  )
  assert.deepEqual([arrived?.releaseId, more], [toSierra, []])
  const withdraw = { releaseId: toSierra, cause: 'error', reason: 'A wrong one (invented).' }
  await hands.albion.officer.do(caseOf('albion'), 'withdrawRelease', withdraw)
  await happened('sierra', 'releaseRetracted', toSierra)
})
