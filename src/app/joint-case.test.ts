import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../base/time.ts'
import { jointCase, nameOfCase } from './joint-case.ts'
import type { AnyEvent, OpenStream } from './ports/streams.ts'

const CASE = '018f3c1e-0000-7000-8000-000000000001'
const OURS = '018f3c1e-0000-7000-8000-000000000002'
const [MERIDIA, ALBION, SIERRA] = ['meridia.example', 'albion.example', 'sierra.example']
const at = '2026-03-02T09:00:00.000Z' as Instant

function streamOf(id: string, events: readonly object[], kind = 'case'): OpenStream {
  const history = events.map((event, index) => {
    return { event: event as AnyEvent, version: index + 1, at, by: 'ada' }
  })
  return { id, kind, history, append: async () => {} } as OpenStream
}

const opened = (lead: string, leadCaseId: string | null) => ({
  ...{ type: 'caseOpened', title: 'A case', kinds: [], lead, leadCaseId, filedOn: null },
})
const joined = { type: 'participantJoined', participant: ALBION, roles: ['coordinator'] }
const released = (kind: string) => ({
  ...{ type: 'releaseDecided', releaseId: 'r1', kind, recipient: ALBION, agreement: null },
  ...{ policyDigest: '', purpose: 'coordinatedDisclosure', legalBasis: 'a law', categories: [] },
  ...{ rightsTest: null, emergency: null, decision: 'permit', why: null, because: [] },
  ...{ duties: [], view: {}, preparedBy: 'ada', reviewedBy: null },
})
const matched = { ...released('stub'), categories: ['identifierMatch'] }
const sent = { type: 'releaseSent', releaseId: 'r1', messageId: 'm1' }
const stopped = { type: 'releaseStopped', releaseId: 'r1', why: 'withdrawn', because: [] }
const invited = [opened(MERIDIA, null), joined, released('stub'), sent]

/** At Meridia, or wherever else these streams are. */
function unit(streams: readonly OpenStream[], links: Readonly<Record<string, OpenStream>> = {}) {
  return {
    open: async (id: string) => streams.find((one) => one.id === id),
    openLinked: async (peer: string, caseId: string) => links[`${peer} ${caseId}`],
    openNamed: async (caseId: string) =>
      Object.entries(links).flatMap(([link, one]) => (link.endsWith(` ${caseId}`) ? [one] : [])),
  }
}

test('the lead finds its own case for whom it invited', async () => {
  const own = streamOf(CASE, invited)
  assert.equal(await jointCase(unit([own]), ALBION, CASE), own)
})

for (const [what, peer, events, kind] of [
  ['a peer that was never invited', SIERRA, invited, 'case'],
  ['a peer that was only asked for a match', ALBION, [invited[0], joined, matched, sent]],
  ['a party that only got something else', ALBION, [invited[0], joined, released('case'), sent]],
  ['an invitation that has not left', ALBION, invited.slice(0, 3)],
  ['an invitation that was stopped', ALBION, [...invited, stopped]],
  ['who is no participant', ALBION, [invited[0], released('stub'), sent]],
  ['a stream that is no case', ALBION, invited, 'agreement'],
  ['our case under its own id, which another leads', ALBION, [opened(SIERRA, OURS), joined]],
] as const) {
  test(`no case for ${what}`, async () => {
    const own = streamOf(CASE, events as readonly object[], kind)
    assert.equal(await jointCase(unit([own]), peer, CASE), undefined)
  })
}

test('the invited side finds its case by the lead and its reference, and for nobody else', async () => {
  const own = streamOf(OURS, [opened(MERIDIA, CASE)])
  const at = unit([own], { [`${MERIDIA} ${CASE}`]: own })
  assert.equal(await jointCase(at, MERIDIA, CASE), own)
  assert.equal(await jointCase(at, ALBION, CASE), undefined)
  assert.equal(await jointCase(at, MERIDIA, OURS), undefined)
})

function told(lead: string, by: string, id = OURS): OpenStream {
  const own = streamOf(id, [opened(lead, CASE), joined])
  const [first, second] = own.history as [(typeof own.history)[0], (typeof own.history)[0]]
  return {
    ...own,
    history: [
      { ...first, by: lead },
      { ...second, by },
    ],
  }
}

test('a participant is found by what the lead said of it', async () => {
  const own = told(MERIDIA, MERIDIA)
  const at = unit([own], { [`${MERIDIA} ${CASE}`]: own })
  assert.equal(await jointCase(at, ALBION, CASE), own)
  assert.equal(await jointCase(at, SIERRA, CASE), undefined)
})

test('by what itself or anybody else said it is not', async () => {
  for (const by of [ALBION, SIERRA, 'ada']) {
    const own = told(MERIDIA, by)
    const at = unit([own], { [`${MERIDIA} ${CASE}`]: own })
    assert.equal(await jointCase(at, ALBION, CASE), undefined)
  }
})

test('of two cases by one name, led by two, neither is taken', async () => {
  const [one, other] = [told(MERIDIA, MERIDIA), told(SIERRA, SIERRA, 'another')]
  const links = { [`${MERIDIA} ${CASE}`]: one, [`${SIERRA} ${CASE}`]: other }
  assert.equal(await jointCase(unit([one, other], links), ALBION, CASE), undefined)
})

test('a case has one name at every node', () => {
  assert.equal(nameOfCase({ stream: { id: CASE }, state: { leadCaseId: null } }), CASE)
  assert.equal(nameOfCase({ stream: { id: OURS }, state: { leadCaseId: CASE } }), CASE)
})
