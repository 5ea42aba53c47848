/** A vendor at its seat, on a real database: by a link and a code, in its participant's name. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { deskKernel } from '../../test/support/desk-kernel.ts'
import { keys } from '../../test/support/kernel-database.ts'
import { systemRandom as random } from '../adapters/random.ts'
import { postgresGuests } from '../adapters/sign-in/guests.ts'
import { countTries } from '../adapters/sign-in/tries.ts'
import type { Decision } from '../base/decision.ts'
import { addMs, DAY_MS, msOf } from '../base/time.ts'
import type { CaseEvent } from '../core/case/case.ts'
import type { SeatWord } from '../core/disclosure/events.ts'
import { findCaseAct } from './acts.ts'
import { foldCaseStream } from './case-stream.ts'
import { enterAsGuest, lookAsGuest } from './guests.ts'
import type { Kernel } from './kernel.ts'
import { speakFor } from './speak-at-seat.ts'

const [LARKSPUR, BRIGHT] = ['Larkspur (invented)', 'Brightwater (invented)']
const text = 'a note of our engineers'
const whyOf = (decision: Decision<unknown> | undefined) =>
  decision?.decision === 'refuse' ? decision.why : (decision?.decision ?? 'gone')

async function world(t: TestContext) {
  const desk = await deskKernel(t)
  const nowMs = () => msOf(desk.kernel.clocks.wireNow())
  const guests = postgresGuests({ database: desk.database, atRest: keys, random, nowMs })
  const kernel = {
    ...desk.kernel,
    desk: { ...desk.desk, guests },
    signIn: { tries: countTries({ now: nowMs }) },
    peers: { find: () => undefined, all: () => [] },
  } as unknown as Kernel
  const officer = await desk.enrol('Ines Invented', ['caseOfficer'])
  const caseId = await desk.openCase('A case (invented)', officer)
  const append = (events: readonly object[]) =>
    kernel.streams.transact(async (unit) => {
      const stream = await unit.open(caseId)
      await stream?.append(events as readonly CaseEvent[], officer.officer)
    })
  const act = (name: string, input: object) => {
    const at = desk.now(officer)
    return findCaseAct(name)?.run(kernel, caseId, { input, acting: { ...at, steppedUpAt: at.now } })
  }
  const joined = (participant: string) =>
    append([{ type: 'participantJoined', participant, roles: ['vendor'] }])
  await append([{ type: 'reportAdmitted', report: {}, filingId: null }])
  const admit = (changed: object = {}) =>
    act('admitGuest', {
      ...{ name: 'Canary Engineer', sees: ['summary'], legalOrder: 'EU', days: 2 },
      ...{ reason: 'The vendor answers here.', speaksFor: LARKSPUR, ...changed },
    })
  const sit = async (changed: object = {}) => {
    const made = await admit(changed)
    assert.equal(made?.decision, 'permit', JSON.stringify(made))
    const { linkId, code } = (made as { value: { result: { linkId: string; code: string } } }).value
      .result
    const entry = await enterAsGuest(kernel, linkId, { typed: code, from: '192.0.2.7' })
    if (typeof entry === 'string') throw new Error(entry)
    const door = { linkId, secret: entry.secret }
    return {
      say: (word: SeatWord, input: object = {}) => speakFor(kernel, door, word, input),
      look: async () => (await lookAsGuest(kernel, linkId, entry.secret))?.seat,
    }
  }
  const history = async () => (await kernel.streams.read(caseId))?.history ?? []
  const disclosure = async () => foldCaseStream(await history()).disclosure
  const tasks = () => desk.desk.records.tasksOf(caseId)
  return { ...desk, kernel, act, joined, admit, sit, append, history, disclosure, tasks }
}

test('a guest speaks for one participant only, which takes part and has no node', async (t) => {
  const { admit, joined, kernel } = await world(t)
  assert.equal(whyOf(await admit()), 'unknownParticipant')
  await joined(LARKSPUR)
  assert.equal(whyOf(await admit({ speaksFor: kernel.node.id })), 'ownAuthority')
  assert.equal(whyOf(await admit({ speaksFor: BRIGHT })), 'unknownParticipant')
  assert.equal(whyOf(await admit()), 'permit')
})

test('from invitation to leaving: each word is an event in its name, and a task', async (t) => {
  const { act, joined, sit, history, disclosure, tasks, kernel } = await world(t)
  await joined(LARKSPUR)
  await joined(BRIGHT)
  const { say, look } = await sit()
  const other = await sit({ speaksFor: BRIGHT })
  const nobody = await sit({ speaksFor: '' })
  assert.equal(await nobody.look(), undefined)
  assert.equal(whyOf(await nobody.say('acknowledge')), 'notAsked')
  const until = addMs(kernel.clocks.caseNow(), 30 * DAY_MS)
  const before = (await tasks()).length
  assert.equal(whyOf(await say('proposeTerms', { until, text })), 'permit')
  assert.equal((await tasks()).length, before + 1)
  const [embargoId = ''] = (await disclosure()).proposals.map((one) => one.embargoId)
  assert.equal((await look())?.others, null, 'without its yes and the report it knows of nobody')
  const answer = { embargoId, answer: 'accept' }
  assert.equal(whyOf(await other.say('answerEmbargo', answer)), 'permit')
  assert.equal((await disclosure()).embargo, 'active')
  assert.deepEqual((await other.look())?.others, {
    authorities: [{ id: kernel.node.id, consent: 'noEmbargo' }],
    vendors: { total: 1, aware: 0, fixReady: 0, fixDeployed: 0 },
  })
  assert.ok(!JSON.stringify(await other.look()).includes('Larkspur'))
  assert.equal(whyOf(await other.say('acknowledge')), 'permit')
  assert.equal(whyOf(await other.say('judgeReport', { step: 'close', text })), 'stepNotInMachine')
  assert.equal(whyOf(await act('refuseEmbargo', { ground: 'notSought', reason: text })), 'permit')
  for (const step of ['validate', 'accept']) {
    assert.equal(whyOf(await other.say('judgeReport', { step, text })), 'permit', step)
  }
  const product = { product: 'Bright 4', status: 'underInvestigation', text }
  assert.equal(whyOf(await other.say('stateProduct', product)), 'permit')
  assert.equal(whyOf(await other.say('reportProgress', { letter: 'F', text })), 'permit')
  const seen = await other.look()
  assert.deepEqual([seen?.own.reportState, seen?.own.vendorState], ['accepted', 'VFd'])
  assert.deepEqual(
    seen?.said.map(({ word }) => word),
    [
      'answerEmbargo',
      'acknowledge',
      'judgeReport',
      'judgeReport',
      'stateProduct',
      'reportProgress',
    ],
  )
  const left = await other.say('leave', { keepsEmbargo: 'yes', text })
  assert.equal(whyOf(left), 'permit')
  assert.equal(await other.look(), undefined, 'who left is shown nothing more')
  assert.equal(whyOf(await other.say('acknowledge')), 'gone')
  const spoken = (await history()).filter(({ event }) => event.type === 'participantSpoke')
  assert.ok(spoken.length === 8 && spoken.every(({ by }) => by === kernel.node.id))
  assert.ok(!JSON.stringify(await history()).includes('Canary'))
})

test('a draft is read and commented only where it was shared and the rules let it', async (t) => {
  const { act, append, joined, sit, history } = await world(t)
  await joined(LARKSPUR)
  const content = { is: 'advisory', lang: 'en', title: 'Canary draft (invented)' }
  const revision = { number: 1, kind: 'first', summary: 'first', content }
  await append([{ type: 'advisoryDrafted', trackingId: 'COMITY-1', revision }])
  const draftedAs = (await history()).length
  const { say, look } = await sit({ sees: ['drafts'] })
  const comment = { draft: `COMITY-1@${draftedAs}`, text: 'The fourth line is wrong.' }
  assert.equal(whyOf(await say('commentDraft', comment)), 'reportNotReceived')
  await append([
    {
      ...{ type: 'reportStateChanged', participant: LARKSPUR, event: 'receive' },
      ...{ from: 'start', to: 'received' },
    },
  ])
  assert.deepEqual((await look())?.drafts, [])
  const [person] = (await history()).flatMap(({ event }) =>
    event.type === 'guestAdmitted' ? [(event as unknown as { person: string }).person] : [],
  )
  const shared = await act('shareDocument', { documentId: 'COMITY-1', person, reason: text })
  assert.equal(whyOf(shared), 'permit')
  assert.equal((await look())?.drafts[0]?.content.title, 'Canary draft (invented)')
  const old = { ...comment, draft: `COMITY-1@${draftedAs - 1}` }
  assert.equal(whyOf(await say('commentDraft', old)), 'draftChanged')
  assert.equal(whyOf(await say('commentDraft', comment)), 'permit')
})
