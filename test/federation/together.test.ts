/**
 * One act that releases something of several cases, between real nodes: each case is decided
 * by itself, and either all of it leaves or nothing.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Refused } from '../../src/cli/story/client.ts'
import { fill, formIn } from '../support/html-form.ts'
import { linkedCase, openAccepted, openJointCases } from '../support/joint-cases.ts'
import { enterWorkspace, proveAtPage } from '../support/page-hand.ts'
import { NODE_OF, startThreeNodes, TESTED } from '../support/three-nodes.ts'

const nodes = await startThreeNodes()
const { world, waitFor } = nodes
await world.begin().until('0.suspension')
const { meridia, albion } = world.hands
const { officer } = meridia
const joint = await openJointCases({
  lead: officer,
  peer: albion.officer,
  peerId: NODE_OF.albion,
  count: 3,
})
const lonely = await openAccepted(officer)

type Event = { readonly type: string; readonly [member: string]: unknown }
type Result = {
  readonly actId: string
  readonly releases: readonly {
    readonly caseId: string
    readonly result: { readonly releaseId: string; readonly messageId: string }
  }[]
}

const SUMMARY = { ...TESTED, recipient: NODE_OF.albion, categories: ['caseSummary'] }
const asked = (cases: readonly string[]) => cases.map((caseId) => ({ caseId }))

async function eventsOf(caseId: string): Promise<readonly Event[]> {
  const events = await world.events('meridia')
  return events
    .filter(({ stream }) => stream === caseId)
    .map(({ envelope }) => envelope.event as Event)
}

const lengths = async () =>
  Promise.all([...joint, lonely].map(async (id) => (await eventsOf(id)).length))

const actIdOf = (event: Event | undefined) =>
  (event?.['together'] as { actId?: string } | undefined)?.actId

async function refusedFor(body: object): Promise<Refused> {
  const answer = await officer.post('/releases', body)
  assert.ok('refused' in answer, 'refused')
  return answer.refused
}

test('all of it leaves: one message, one receipt and one decision for each case', async () => {
  const answer = await officer.post('/releases', { ...SUMMARY, cases: asked(joint) })
  assert.ok('done' in answer, JSON.stringify(answer))
  const value = answer.done as unknown as Result
  assert.deepEqual(value.releases.map(({ caseId }) => caseId).sort(), [...joint].sort())
  for (const { caseId, result } of value.releases) {
    const decided = (await eventsOf(caseId)).find(
      ({ type, releaseId }) => type === 'releaseDecided' && releaseId === result.releaseId,
    )
    assert.deepEqual(decided?.['together'], { actId: value.actId, cases: 3 })
    assert.equal(decided?.['decision'], 'permit')
    await waitFor('the receipt', async () =>
      (await eventsOf(caseId)).some(
        ({ type, releaseId }) =>
          type === 'releaseReceiptReceived' && releaseId === result.releaseId,
      ),
    )
    const own = await linkedCase(albion.officer, caseId)
    const there = (await world.events('albion')).filter(({ stream }) => stream === own)
    const received = there.map(({ envelope }) => envelope.event as Event)
    assert.ok(received.some(({ releaseId }) => releaseId === result.releaseId))
  }
})

test('one case stands against it: nothing leaves, and that case alone keeps the refusal', async () => {
  const before = await lengths()
  const problem = await refusedFor({ ...SUMMARY, cases: asked([...joint, lonely]) })
  assert.equal(problem.why, 'noPartner')
  assert.deepEqual(problem.errors, [{ field: lonely, reason: 'noPartner' }])
  assert.deepEqual(
    (await lengths()).map((length, at) => length - (before[at] ?? 0)),
    [0, 0, 0, 1],
  )
  const last = (await eventsOf(lonely)).at(-1)
  assert.deepEqual([last?.type, last?.['act']], ['actRefused', 'releaseTogether'])
})

test('each case keeps why the agreement does not let it go', async () => {
  const problem = await refusedFor({
    ...SUMMARY,
    categories: ['nothingAgreed'],
    cases: asked(joint),
  })
  assert.equal(problem.errors?.length, 3)
  for (const id of joint) {
    const last = (await eventsOf(id)).at(-1)
    assert.deepEqual([last?.type, last?.['decision']], ['releaseDecided', 'refuse'])
    assert.deepEqual(last?.['together'], { actId: actIdOf(last), cases: 3 })
  }
})

test('a case that moved on since it was looked at stands against it, and keeps nothing', async () => {
  const before = await lengths()
  const [first = '', ...others] = joint
  const cases = [{ caseId: first, version: 1 }, ...asked(others)]
  const problem = await refusedFor({ ...SUMMARY, cases })
  assert.deepEqual(problem.errors, [{ field: first, reason: 'caseMovedOn' }])
  assert.deepEqual(await lengths(), before)
})

test('a case twice, no case, one that is not there, too many: no release', async () => {
  const [first = ''] = joint
  const before = await lengths()
  const none = '0190a1b2-0000-7000-8000-000000000099'
  const many = Array(51).fill({ caseId: first })
  for (const [cases, status] of [
    [asked([first, first.toUpperCase()]), 404],
    [asked([first, first]), 400],
    [[], 400],
    [asked([first, none]), 404],
    [many, 400],
  ] as const) {
    const asking = officer.post('/releases', { ...SUMMARY, cases })
    await assert.rejects(asking, new RegExp(`: ${status} `))
  }
  assert.deepEqual(await lengths(), before)
})

test('who may not release one of them releases none', async () => {
  const before = await lengths()
  const asking = meridia.reviewer.post('/releases', { ...SUMMARY, cases: asked(joint) })
  await assert.rejects(asking, /: 403 roleMissing/)
  assert.deepEqual(await lengths(), before)
})

test('an officer at the pages: chooses cases, sees what each answers, and releases', async () => {
  const node = world.node('meridia')
  const desk = await enterWorkspace(node, 'case-officer-1')
  const place = '/en/officer/release-together'
  const choose = async (cases: readonly string[]) => {
    const page = await desk.get(place)
    assert.equal(page.status, 200)
    const form = formIn(page.html, 'release-together')
    fill(form, { ...SUMMARY, cases: cases.map((caseId) => JSON.stringify({ caseId })) })
    return desk.send(form)
  }
  const before = await lengths()
  const mixed = await choose([...joint, lonely])
  assert.match(mixed.html, /Stands against it \(1\)/)
  assert.match(mixed.html, /Permits it \(3\)/)
  assert.doesNotMatch(mixed.html, /value="release"/)
  const good = await choose(joint)
  assert.match(good.html, /Nothing has left yet/)
  assert.deepEqual(await lengths(), before, 'nothing is written by looking')
  const shown = formIn(good.html, 'release-together')
  const fields = new Map(shown.fields).set('step', {
    kind: 'hidden',
    values: ['release'],
    offered: [],
  })
  const form = { ...shown, fields }
  const unproved = await desk.send(form)
  assert.equal(unproved.status, 403)
  assert.match(unproved.html, /Nothing was released/)
  await proveAtPage(desk)
  assert.deepEqual(await lengths(), before, 'and nothing is on record without a proof')
  const done = await desk.send(form)
  assert.match(done.html, /3 cases were released to/)
  const again = await desk.send(form)
  assert.equal(again.status, 409)
  assert.match(again.html, /Nothing was released/)
})
