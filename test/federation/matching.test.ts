/**
 * Hit or no hit between real nodes: who asks learns which of its own identifiers the other
 * approved for it too; who answers learns how many were asked. Nothing else crosses.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitFor } from '../../src/cli/story/story.ts'
import type { MatchingState } from '../../src/core/triage/matching.ts'
import { type Place, startWorld } from '../support/demo.ts'
import { inventedAvid } from '../support/invented-avid.ts'
import { NODE_OF, TESTED, WAIT_MS } from '../support/three-nodes.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('2.admit')
const { hands } = world
const { purpose: _, ...REASONS } = TESTED

type Case = {
  readonly state: {
    readonly triage: { readonly matching: MatchingState }
    readonly releases: { readonly permitted: readonly { readonly duties: readonly object[] }[] }
  }
}

const matchingAt = async (at: Place, caseId: string) =>
  (await hands[at].officer.get<Case>(`/cases/${caseId}`)).state.triage.matching

async function opened(at: Place, title: string, ids: readonly string[]): Promise<string> {
  const text = `It is about ${ids.join(' and ')}. Invented.`
  const avid = {
    ...inventedAvid,
    metadata: { report_id: ids[0] },
    description: { lang: 'eng', value: text },
  }
  const answer = await hands[at].officer.post('/cases', { title, avid })
  assert.ok('done' in answer, JSON.stringify(answer))
  return answer.done.streamId
}

const ask = (at: Place, of: Place, caseId: string, identifiers: readonly string[]) =>
  hands[at].officer.post(`/cases/${caseId}/acts/matchWithPeer`, {
    peer: NODE_OF[of],
    identifiers,
    ...REASONS,
  })

async function hitsOf(at: Place, caseId: string, question = 0): Promise<readonly string[]> {
  return waitFor(
    `the answer at ${at}`,
    async () => (await matchingAt(at, caseId)).questions[question]?.answer?.hits,
    WAIT_MS,
  )
}

const SHARED = 'CVE-2099-4711'
const ONLY_ALBION = 'CVE-2099-8888'
const ONLY_MERIDIA = 'CVE-2099-9999'
let atMeridia = ''
let atAlbion = ''

test('who asks first has nothing to be compared with', async () => {
  atMeridia = await opened('meridia', 'A tutor (invented)', [SHARED, ONLY_MERIDIA])
  const asked = await ask('meridia', 'albion', atMeridia, [SHARED, ONLY_MERIDIA])
  assert.ok('done' in asked, JSON.stringify(asked))
  assert.deepEqual(await hitsOf('meridia', atMeridia), [])
})

test('who asks then gets the hit, and the other side hears of a question without its content', async () => {
  atAlbion = await opened('albion', 'An assistant (invented)', [ONLY_ALBION, SHARED])
  const asked = await ask('albion', 'meridia', atAlbion, [ONLY_ALBION, SHARED])
  assert.ok('done' in asked, JSON.stringify(asked))
  assert.deepEqual(await hitsOf('albion', atAlbion), [SHARED])
  const { compared } = await matchingAt('meridia', atMeridia)
  assert.deepEqual(
    compared.map(({ from }) => from),
    ['albion.example'],
  )
  const held = (await world.events('meridia')).map(({ envelope }) => JSON.stringify(envelope))
  assert.ok(held.some((one) => one.includes(ONLY_MERIDIA)))
  assert.ok(!held.some((one) => one.includes(ONLY_ALBION)), 'meridia never heard of it')
  const other = (await world.events('albion')).map(({ envelope }) => JSON.stringify(envelope))
  assert.ok(!other.some((one) => one.includes(ONLY_MERIDIA)), 'nor albion of the other')
})

test('to another peer it was not approved', async () => {
  const atSierra = await opened('sierra', 'A program (invented)', [SHARED])
  const asked = await ask('sierra', 'meridia', atSierra, [SHARED])
  assert.ok('done' in asked, JSON.stringify(asked))
  assert.deepEqual(await hitsOf('sierra', atSierra), [])
})

test('called back, it is compared no more', async () => {
  const questions = (await matchingAt('meridia', atMeridia)).questions
  const { releaseId = '' } = questions[0] ?? {}
  const why = { releaseId, cause: 'error', reason: 'Approved by mistake (invented).' }
  await hands.meridia.officer.do(atMeridia, 'withdrawRelease', why)
  const { releases } = (await hands.meridia.officer.get<Case>(`/cases/${atMeridia}`)).state
  assert.deepEqual(releases.permitted[0]?.duties, [], 'nobody owes a deletion: nothing was given')
  const asked = await ask('albion', 'meridia', atAlbion, [SHARED])
  assert.ok('done' in asked, JSON.stringify(asked))
  assert.deepEqual(await hitsOf('albion', atAlbion, 1), [])
})

test('what the report does not name is not asked', async () => {
  const refused = await ask('albion', 'meridia', atAlbion, ['CVE-2099-1111'])
  assert.equal('refused' in refused && refused.refused.why, 'notInReport')
})
