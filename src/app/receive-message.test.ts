import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../base/canonical-json.ts'
import type { Instant } from '../base/time.ts'
import type { Recorded } from '../core/case/recorded.ts'
import type { Kernel } from './kernel.ts'
import type { ReceivedMessage } from './ports/exchange.ts'
import type { AnyEvent, OutgoingMessage, Unit } from './ports/streams.ts'
import { receiveMessage } from './receive-message.ts'

const CASE = '018f3c1e-0000-7000-8000-000000000001'
const releaseId = '018f3c1e-0000-7000-8000-000000000002'
const [MERIDIA, ALBION, SIERRA] = ['meridia.example', 'albion.example', 'sierra.example']
const now = '2026-03-02T09:00:00.000Z' as Instant

const invitedBy = (participant: string, id: string) => [
  { type: 'participantJoined', participant, roles: ['coordinator'] },
  {
    ...{ type: 'releaseDecided', releaseId: id, kind: 'stub', recipient: participant },
    ...{ agreement: null, decision: 'permit', why: null, policyDigest: '', because: [] },
    ...{ purpose: 'coordinatedDisclosure', legalBasis: 'a law', categories: [], duties: [] },
    ...{ rightsTest: null, emergency: null, view: {}, preparedBy: 'ada', reviewedBy: null },
  },
  { type: 'releaseSent', releaseId: id, messageId: `m-${id}` },
]
const opened = {
  ...{ type: 'caseOpened', title: 'A case (invented)', kinds: ['disclosure'], lead: MERIDIA },
  ...{ leadCaseId: null, filedOn: null },
}
/** The same case where Albion leads it. */
const away = { ...opened, lead: ALBION, leadCaseId: CASE }
const both = [opened, ...invitedBy(ALBION, 'r1'), ...invitedBy(SIERRA, 'r2')]
const left = {
  ...{ type: 'participantLeft', participant: ALBION, keepsEmbargo: true },
  reason: 'it has no such system',
}
const has = (participant: string) => ({
  ...{ type: 'reportStateChanged', participant, event: 'receive', from: 'start', to: 'received' },
})

/** At Meridia, which leads the case; of Albion, unless another sent it. */
async function receive(events: readonly object[], type: string, content: Json, origin = ALBION) {
  const history: Recorded<AnyEvent>[] = []
  const append = async (more: readonly object[]) => {
    for (const event of more as readonly AnyEvent[]) {
      history.push({ event, version: history.length + 1, at: now, by: origin })
    }
  }
  append(events)
  const stream = { id: CASE, kind: 'case', history, append }
  const isLed = !events.includes(away)
  const [open, openLinked] = isLed ? [stream, undefined] : [undefined, stream]
  const sent: OutgoingMessage[] = []
  const send = async (message: OutgoingMessage) => sent.push(message)
  const unit = {
    ...{ open: async () => open, openLinked: async () => openLinked, send },
  } as unknown as Unit
  const kernel = {
    node: { id: MERIDIA },
    peers: { find: (id: string) => ({ id }) },
    clocks: { caseNow: () => now },
    registers: { agreements: async () => [] },
    streams: { read: async () => undefined },
  } as unknown as Kernel
  const message = { origin, header: { type }, content } as unknown as ReceivedMessage
  const outcome = await receiveMessage(kernel, unit, message)
  const more = history.slice(events.length).map(({ event }) => event.type)
  return { outcome, events: more, sent }
}

const answered = (answer: string): Json => ({ caseId: CASE, answer, embargoId: null })
const release: Json = {
  caseId: CASE,
  release: {
    ...{ releaseId, kind: 'case', purpose: 'coordinatedDisclosure', legalBasis: 'a law' },
    agreement: { id: releaseId, version: 1, digest: 'a'.repeat(64) },
    ...{ categories: ['caseSummary'], duties: [], view: {} },
  },
}

test('a yes where there is no embargo is the moment at which a peer has the report', async () => {
  const yes = await receive(both, 'invitationAnswer', answered('accept'))
  assert.deepEqual([yes.outcome, yes.events], [{ decision: 'applied' }, ['reportStateChanged']])
  const again = await receive([...both, has(ALBION)], 'invitationAnswer', answered('accept'))
  assert.deepEqual([again.outcome, again.events], [{ decision: 'applied' }, []])
})

test('a no is applied and changes nothing', async () => {
  const no = await receive(both, 'invitationAnswer', answered('decline'))
  assert.deepEqual([no.outcome, no.events], [{ decision: 'applied' }, []])
})

test('the answer of a stranger is not applied', async () => {
  const { outcome, events } = await receive(
    both,
    'invitationAnswer',
    answered('accept'),
    'outside.example',
  )
  assert.deepEqual([outcome.decision, outcome.rule], ['rejected', 'disclosure:participant'])
  assert.deepEqual(events, [])
})

test('nothing is taken in from who left the case', async () => {
  const before = await receive(both, 'release', release)
  assert.equal(before.outcome.rule, 'agreement:none', 'the next thing that it misses')
  const { outcome, events } = await receive([...both, left], 'release', release)
  assert.deepEqual(outcome, {
    ...{ decision: 'rejected', reason: 'object-owner', rule: 'disclosure:left' },
  })
  assert.deepEqual(events, [])
})

const leaving = (participant: string): Json => ({ caseId: CASE, participant, keepsEmbargo: true })

test('a peer leaves by its own word alone, and once', async () => {
  const gone = await receive(both, 'participantLeft', leaving(ALBION))
  assert.deepEqual([gone.outcome, gone.events], [{ decision: 'applied' }, ['participantLeft']])
  const again = await receive([...both, left], 'participantLeft', leaving(ALBION))
  assert.deepEqual([again.outcome, again.events], [{ decision: 'applied' }, []])
  for (const [who, from] of [
    [SIERRA, ALBION],
    [MERIDIA, MERIDIA],
    ['outside.example', 'outside.example'],
  ] as const) {
    const other = await receive(both, 'participantLeft', leaving(who), from)
    assert.deepEqual([other.outcome.decision, other.events], ['rejected', []], who)
  }
})

const embargoId = '018f3c1e-0000-7000-8000-00000000000e'
const ends = { embargoId, until: '2026-04-02T09:00:00.000Z', zone: 'Europe/London' }
const terms = (change: object = {}): Json => ({
  ...{ caseId: CASE, intent: 'propose', inForce: null, proposals: [ends], leadTo: embargoId },
  ...{ answerBy: '2026-03-09T09:00:00.000Z', ...change },
})
const asked = {
  ...{ type: 'invitationReceived', from: ALBION, releaseId, terms: null },
  answerBy: '2026-03-09T09:00:00.000Z',
}

test('terms come from the lead of the case, and from nobody else', async () => {
  const heard = await receive([away, asked], 'embargoTerms', terms())
  assert.equal(heard.outcome.decision, 'applied')
  assert.equal(heard.events.at(-1), 'embargoTermsReceived')
  for (const [events, from] of [
    [both, ALBION],
    [[away, asked], SIERRA],
  ] as const) {
    const other = await receive(events, 'embargoTerms', terms(), from)
    assert.deepEqual([other.outcome.rule, other.events], ['disclosure:lead', []])
  }
  const lies = await receive([away, asked], 'embargoTerms', terms({ intent: 'revise' }))
  assert.deepEqual([lies.outcome.rule, lies.events], ['disclosure.embargoMachine', []])
})

const factClaim: Json = {
  ...{ caseId: CASE, claimId: releaseId, letter: 'A', evidence: 'seen in logs of today' },
}

test('a claim of a peer is held, once, and only from who was asked into the case', async () => {
  const first = await receive(both, 'factClaim', factClaim)
  assert.deepEqual([first.outcome, first.events], [{ decision: 'held' }, ['publicFactClaimed']])
  const held = {
    ...{ type: 'publicFactClaimed', claimId: releaseId, letter: 'A', participant: SIERRA },
    evidence: 'seen in logs of today',
  }
  const same = await receive([...both, held], 'factClaim', factClaim)
  assert.deepEqual([same.outcome.rule, same.events], ['disclosure.claimOnce', []])
  const other = await receive(both, 'factClaim', factClaim, 'outside.example')
  assert.deepEqual([other.outcome.rule, other.events], ['disclosure:participant', []])
})

const wish = (change: object = {}): Json => ({
  ...{ caseId: CASE, proposal: ends, reason: 'the fix needs another month' },
  ...change,
})

test('a peer proposes terms: they are open, it wants them itself, and the others are asked', async () => {
  const done = await receive(both, 'embargoProposal', wish())
  assert.equal(done.outcome.decision, 'applied')
  assert.deepEqual(done.events, ['embargoChanged', 'consentChanged', 'consentChanged'])
  assert.deepEqual(
    done.sent.map(({ destination, type }) => [destination, type]),
    [
      [ALBION, 'embargoTerms'],
      [SIERRA, 'embargoTerms'],
    ],
  )
})

test('terms of a peer are refused by the rules, and from who has no say in the case', async () => {
  const happened = { type: 'progressChanged', letter: 'A', evidence: 'three providers wrote' }
  const open = { type: 'embargoChanged', event: 'propose', from: 'none', to: 'proposed' }
  const cases: readonly (readonly [readonly object[], Json, string, string?])[] = [
    [[...both, happened], wish(), 'disclosure.noEmbargoWhenAttacked'],
    [[...both, left], wish(), 'disclosure:left'],
    [both, wish(), 'disclosure:participant', 'outside.example'],
    [[away, asked], wish(), 'disclosure:participant'],
    [[...both, { ...open, terms: ends }], wish(), 'disclosure.termsNamed'],
    [both, wish({ proposal: { ...ends, zone: '+02:00' } }), 'disclosure:zone'],
    [both, wish({ proposal: { ...ends, until: now } }), 'disclosure.endInFuture'],
    [
      both,
      wish({ proposal: { ...ends, until: '2028-01-01T00:00:00.000Z' } }),
      'disclosure.endWithinYear',
    ],
  ]
  for (const [events, content, rule, from] of cases) {
    const { outcome, events: more, sent } = await receive(events, 'embargoProposal', content, from)
    assert.deepEqual([outcome.decision, outcome.rule, more, sent], ['rejected', rule, [], []])
  }
})
