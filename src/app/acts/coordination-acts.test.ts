import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openDesk } from '../../../test/support/access.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting, Recorded, Role } from '../../core/case/recorded.ts'
import { participantOf } from '../../core/disclosure/disclosure-state.ts'
import { foldCaseStream } from '../case-stream.ts'
import type { Kernel } from '../kernel.ts'
import type { AnyEvent, OutgoingMessage, Unit } from '../ports/streams.ts'
import { claimPublicFact, decideFactClaim, recordFactClaim } from './claim-acts.ts'
import {
  addParticipant,
  inviteParty,
  proposeEmbargo,
  recordEmbargoAnswer,
  recordLeaving,
  recordReportStep,
  recordSilence,
  rejectProposal,
} from './coordination-acts.ts'
import { decideOnReport, recordProgress, refuseEmbargo } from './disclosure-acts.ts'
import { recordProductStatus } from './vendor-acts.ts'

const CASE = '018f3c1e-0000-7000-8000-000000000001'
const [MERIDIA, ALBION, VENDOR] = ['meridia.example', 'albion.example', 'Larkspur (invented)']
const start = '2026-03-02T09:00:00.000Z' as Instant
const until = addMs(start, 30 * DAY_MS)
const zone = 'Europe/Brussels'
const why = 'a letter of 2 March'

const acts = {
  addParticipant,
  inviteParty,
  proposeEmbargo,
  recordEmbargoAnswer,
  recordLeaving,
  recordReportStep,
  recordSilence,
  rejectProposal,
  decideOnReport,
  recordProgress,
  recordProductStatus,
  refuseEmbargo,
  recordFactClaim,
  decideFactClaim,
  claimPublicFact,
}
type Asked = readonly [act: keyof typeof acts, input?: object, days?: number]

const opened = (lead: string) => ({
  ...{ type: 'caseOpened', title: 'A case (invented)', kinds: ['disclosure'], lead },
  ...{ leadCaseId: lead === MERIDIA ? null : CASE, filedOn: null },
})
const reported = { type: 'reportAdmitted', report: {}, filingId: null }
const joined = (participant: string, roles: readonly string[]) => ({
  ...{ type: 'participantJoined', participant, roles },
})
const moved = (event: string, from: string, to: string, participant = MERIDIA) => ({
  ...{ type: 'reportStateChanged', participant, event, from, to },
})
const validated = [
  opened(MERIDIA),
  reported,
  joined(MERIDIA, ['caseOwner', 'caseManager', 'coordinator']),
  moved('receive', 'start', 'received'),
  moved('validate', 'received', 'valid'),
]
const accepted = [...validated, moved('accept', 'valid', 'accepted')]

type Happened = AnyEvent & { readonly [member: string]: unknown }

/** Meridia's desk, with Albion as its peer, on a case with this history. */
function desk(events: readonly object[] = accepted) {
  const history: Recorded<Happened>[] = []
  const append = async (more: readonly object[], by: string, at = start) => {
    for (const event of more as readonly Happened[]) {
      history.push({ event, version: history.length + 1, at, by })
    }
  }
  append(events, 'officer-1')
  const sent: OutgoingMessage[] = []
  let ids = 0
  let now = start
  const stream = {
    ...{ id: CASE, kind: 'case', history },
    append: (more: readonly AnyEvent[], by: string) => append(more, by, now),
  }
  const unit = { open: async () => stream, send: async (it: OutgoingMessage) => sent.push(it) }
  const kernel = {
    streams: { transact: async <T>(work: (unit: Unit) => Promise<T>) => work(unit as never) },
    access: openDesk,
    attestations: {},
    clocks: { wireNow: () => now },
    node: { id: MERIDIA },
    peers: { find: (id: string) => (id === ALBION ? { id } : undefined) },
    random: { uuid: () => `e${++ids}` },
    registers: { agreements: async () => [] },
  } as unknown as Kernel
  const run = async ([name, input = {}, days = 0]: Asked, roles: readonly Role[] = officer) => {
    now = addMs(start, days * DAY_MS)
    const acting: Acting = { officer: 'officer-1', roles, authority: MERIDIA, now }
    const decided = await acts[name].run(kernel, CASE, { input, acting })
    return decided.decision === 'permit' ? 'permitted' : decided.why
  }
  return {
    ...{ run, history, sent },
    state: () => foldCaseStream(history),
    disclosure: () => foldCaseStream(history).disclosure,
    party: (id = VENDOR) => participantOf(foldCaseStream(history).disclosure, id),
  }
}

const officer: readonly Role[] = ['caseOfficer']

/** All but the last are permitted; answers why the last is not. */
async function whyNot(events: readonly object[], ...asked: readonly Asked[]) {
  const { run } = desk(events)
  for (const one of asked.slice(0, -1)) assert.equal(await run(one), 'permitted', one[0])
  const last = asked.at(-1)
  return last ? run(last) : undefined
}

const vendor: Asked = ['addParticipant', { participant: VENDOR, roles: ['vendor'] }]
const proposed: Asked = ['proposeEmbargo', { participant: MERIDIA, until, zone }]
const proposal = (change: object): Asked => [
  'proposeEmbargo',
  { participant: MERIDIA, until, zone, ...change },
]
const invited: Asked = ['inviteParty', { participant: VENDOR }]
const answer = (change: object = {}, days = 0): Asked => [
  'recordEmbargoAnswer',
  { participant: VENDOR, embargoId: 'e1', answer: 'accept', evidence: why, ...change },
  days,
]
const left = (change: object = {}): Asked => [
  'recordLeaving',
  { participant: VENDOR, keepsEmbargo: 'yes', reason: why, ...change },
]
const step = (step: string, change: object = {}): Asked => [
  'recordReportStep',
  { participant: VENDOR, step, reason: why, ...change },
]
const silence = (days: number): Asked => ['recordSilence', {}, days]
const rejected: Asked = ['rejectProposal', { reason: 'nobody answered it' }]
const running = [vendor, proposed, invited, answer()] as const
const peerIn = [...accepted, joined(ALBION, ['coordinator'])]
const stub = {
  ...{ type: 'releaseDecided', releaseId: 'r1', kind: 'stub', recipient: ALBION },
  ...{ agreement: null, decision: 'permit', why: null, policyDigest: '', because: [] },
  ...{ purpose: 'coordinatedDisclosure', legalBasis: 'a law', categories: [], duties: [] },
  ...{ rightsTest: null, emergency: null, view: {}, preparedBy: 'ada', reviewedBy: null },
}
const peerAsked = [...peerIn, stub, { type: 'releaseSent', releaseId: 'r1', messageId: 'm1' }]

const STATUS = {
  participant: VENDOR,
  product: 'Larkspur Chat 4',
  status: 'affected',
  evidence: why,
}
const product = (status = 'affected', evidence = why): Asked => [
  'recordProductStatus',
  { ...STATUS, status, evidence },
]
const given = [vendor, step('receive')] as const

const refusals: readonly [string, string, readonly object[], ...Asked[]][] = [
  [
    'a peer takes part before its invitation',
    'invitedByMessage',
    accepted,
    ['addParticipant', { participant: ALBION, roles: ['coordinator'] }],
  ],
  ['roles are given twice', 'rolesKnown', accepted, vendor, vendor],
  ['a stranger proposes', 'unknownParticipant', accepted, proposal({ participant: VENDOR })],
  [
    'a peer proposes through officers',
    'speaksForItself',
    peerIn,
    proposal({ participant: ALBION }),
  ],
  ['the end has passed', 'endNotInFuture', accepted, proposal({ until: start })],
  ['the end is a year off', 'endTooFar', accepted, proposal({ until: addMs(start, 366 * DAY_MS) })],
  [
    'a long one has no reason',
    'justificationMissing',
    accepted,
    proposal({
      until: addMs(start, 91 * DAY_MS),
    }),
  ],
  ['who left proposes', 'hasLeft', accepted, vendor, left(), proposal({ participant: VENDOR })],
  ['there is no embargo to join', 'nothingToJoin', accepted, vendor, invited],
  ['a stranger is invited', 'unknownParticipant', accepted, proposed, invited],
  [
    'a peer that no message brought into the case is asked',
    'invitedByMessage',
    peerIn,
    proposed,
    ['inviteParty', { participant: ALBION }],
  ],
  [
    'the lead invites itself',
    'ownAuthority',
    accepted,
    proposed,
    ['inviteParty', { participant: MERIDIA }],
  ],
  ['a signatory is invited', 'stepNotInMachine', accepted, ...running, invited],
  ['nothing was proposed', 'nothingToJoin', accepted, vendor, answer()],
  ['a stranger answers', 'unknownParticipant', accepted, proposed, answer()],
  [
    'a peer answers through officers',
    'speaksForItself',
    peerIn,
    proposed,
    answer({
      participant: ALBION,
    }),
  ],
  [
    'other terms are answered',
    'otherTerms',
    accepted,
    vendor,
    proposed,
    answer({
      embargoId: 'e9',
    }),
  ],
  [
    'an answer rests on nothing',
    'evidenceMissing',
    accepted,
    vendor,
    proposed,
    answer({
      evidence: 'mail',
    }),
  ],
  [
    'the longer one is answered first',
    'shorterFirst',
    accepted,
    vendor,
    proposed,
    proposal({
      participant: VENDOR,
      until: addMs(start, 5 * DAY_MS),
    }),
    answer(),
  ],
  ['a signatory says yes again', 'stepNotInMachine', accepted, ...running, answer()],
  ['who left answers', 'hasLeft', accepted, ...running, left(), answer()],
  ['nobody was invited', 'nobodyLate', accepted, silence(8)],
  ['an invitation is still open', 'nobodyLate', accepted, vendor, proposed, invited, silence(6)],
  ['an invitation was answered', 'nobodyLate', accepted, ...running, silence(8)],
  ['nothing is open to reject', 'noProposal', accepted, rejected],
  ['terms in force are rejected', 'noProposal', accepted, ...running, rejected],
  [
    'a rejection has no reason',
    'reasonMissing',
    accepted,
    proposed,
    ['rejectProposal', { reason: 'no' }],
  ],
  ['a stranger leaves', 'unknownParticipant', accepted, left()],
  ['the lead leaves', 'ownAuthority', accepted, left({ participant: MERIDIA })],
  ['a party leaves twice', 'alreadyLeft', accepted, vendor, left(), left()],
  ['leaving has no reason', 'reasonMissing', accepted, vendor, left({ reason: 'gone' })],
  ['a stranger gets the report', 'unknownParticipant', accepted, step('receive')],
  [
    'a report that we have not taken on is given',
    'senderNotAccepted',
    validated,
    vendor,
    step('receive'),
  ],
  [
    'a report is given twice',
    'alreadyReceived',
    accepted,
    vendor,
    step('receive'),
    step('receive'),
  ],
  [
    'a report is given before consent',
    'consentMissing',
    accepted,
    vendor,
    proposed,
    step('receive'),
  ],
  ['a report is given to who left', 'consentMissing', accepted, vendor, left(), step('receive')],
  ['who has no report judges it', 'stepNotInMachine', accepted, vendor, step('validate')],
  [
    'no end was decided before it is valid',
    'embargoEndMissing',
    accepted,
    vendor,
    step('receive'),
    step('validate'),
  ],
  [
    'a step is not in the machine',
    'stepNotInMachine',
    accepted,
    vendor,
    step('receive'),
    step('accept'),
  ],
  [
    'a party closes under an embargo',
    'embargoInForce',
    accepted,
    ...running,
    step('invalidate'),
    step('close'),
  ],
  ['a step rests on nothing', 'reasonMissing', accepted, vendor, step('receive', { reason: '-' })],
  [
    'a peer steps through officers',
    'speaksForItself',
    peerIn,
    step('receive', {
      participant: ALBION,
    }),
  ],
  [
    'we step as if we were another',
    'ownAuthority',
    accepted,
    step('close', {
      participant: MERIDIA,
    }),
  ],
  ['a stranger has a product', 'unknownParticipant', accepted, product()],
  [
    'a coordinator has a product',
    'notTheirStep',
    accepted,
    ['addParticipant', { participant: VENDOR, roles: ['coordinator'] }],
    product(),
  ],
  ['a vendor that knows nothing speaks', 'vendorNotAware', accepted, vendor, product()],
  ['a product is fixed without a fix', 'fixMissing', accepted, ...given, product('fixed')],
  ['a status rests on nothing', 'evidenceMissing', accepted, ...given, product('affected', '-')],
  ['the same is said twice', 'saidAlready', accepted, ...given, product(), product()],
  [
    'a peer says it through officers',
    'speaksForItself',
    peerIn,
    ['recordProductStatus', { ...STATUS, participant: ALBION }],
  ],
  [
    'what is valid is found invalid',
    'stepNotInMachine',
    validated,
    ['decideOnReport', { step: 'invalidate' }],
  ],
  [
    'what is not judged is deferred',
    'stepNotInMachine',
    validated.slice(0, 4),
    ['decideOnReport', { step: 'defer' }],
  ],
]

const review = {
  ...{ type: 'afterActionRecorded', reviewId: 'v1', wentWell: 'Fast.', wentLate: 'Nothing.' },
  ...{ lessons: 'Ask sooner.', facts: {} },
}
const close = (why?: string): Asked => [
  'decideOnReport',
  { step: 'close', ...(why === undefined ? {} : { reason: why }) },
]
const deferred = [...accepted, moved('defer', 'accepted', 'deferred')]

test('the lead closes a report after a review, or says why nobody looks back', async () => {
  for (const nothing of [undefined, '', ' \n']) {
    const { run, party } = desk(deferred)
    assert.equal(await run(close(nothing)), 'noReview')
    assert.equal(party(MERIDIA)?.reportState, 'deferred')
  }
  assert.equal(await whyNot(accepted.slice(0, 4), close('a duplicate')), 'stepNotInMachine')
  assert.equal(await whyNot(validated, close()), 'stepNotInMachine', 'the machine speaks first')
  for (const [events, asked] of [
    [deferred, close('a duplicate')],
    [[...deferred, review], close()],
    [[...deferred, { type: 'caseClosed', reviewId: null, reason: 'a duplicate' }], close()],
  ] as const) {
    const { run, party } = desk(events)
    assert.equal(await run(asked), 'permitted')
    assert.equal(party(MERIDIA)?.reportState, 'closed')
  }
})

describe('refused, and nothing but the refusal is recorded', () => {
  for (const [what, expected, events, ...asked] of refusals) {
    test(what, async () => assert.equal(await whyNot(events, ...asked), expected))
  }

  test('a refusal leaves its reason and changes nothing', async () => {
    const { run, history, disclosure } = desk()
    const before = disclosure()
    assert.equal(await run(left()), 'unknownParticipant')
    assert.deepEqual(disclosure(), before)
    const { event } = history.at(-1) ?? assert.fail()
    assert.deepEqual([event.type, history.length], ['actRefused', accepted.length + 1])
  })
})

const each: readonly Asked[] = [
  ...[vendor, proposed, invited, answer(), silence(8), rejected, left(), step('receive')],
  product(),
  ['recordFactClaim', { participant: VENDOR, letter: 'A', evidence: why }],
]

describe('who may not', () => {
  for (const asked of each) {
    test(`${asked[0]}: nobody without the role, not in a case of another, not without a report`, async () => {
      const { run, history } = desk()
      assert.equal(await run(asked, ['reviewer']), 'roleMissing')
      assert.equal(history.length, accepted.length, 'who has no part leaves no trace')
      assert.equal(await whyNot([opened(ALBION), reported], asked), 'notTheLead')
      assert.equal(await whyNot([opened(MERIDIA)], asked), 'noReport')
    })
  }
})

const claimed: Asked = ['recordFactClaim', { participant: VENDOR, letter: 'A', evidence: why }]

describe('claims of parties', () => {
  test('a claim is held until it is adopted; then the embargo ends and peers are told', async () => {
    const { run, disclosure, sent } = desk(peerAsked)
    for (const one of [...running, claimed]) assert.equal(await run(one), 'permitted', one[0])
    assert.equal(disclosure().embargo, 'active')
    const [claim] = disclosure().claims
    const decided: Asked = [
      'decideFactClaim',
      { claimId: claim?.claimId, outcome: 'adopted', reason: why },
    ]
    assert.equal(await run(decided), 'permitted')
    assert.deepEqual([disclosure().embargo, disclosure().publicState], ['exited', 'pxA'])
    const last = sent.at(-1)
    const content = { caseId: CASE, reason: 'attacksObserved' }
    assert.deepEqual([last?.type, last?.content], ['embargoEnded', content])
    assert.equal(await run(decided), 'noClaim')
  })

  test('a fact that the lead records ends the embargo at the peers too, another does not', async () => {
    const { run, sent } = desk(peerAsked)
    for (const one of running) await run(one)
    const before = sent.length
    const fact = (letter: string): Asked => ['recordProgress', { letter, evidence: why }]
    assert.equal(await run(fact('X')), 'permitted')
    assert.deepEqual(
      sent.slice(before).map(({ content }) => content),
      [{ caseId: CASE, reason: 'exploitPublic' }],
    )
    assert.equal(await run(fact('A')), 'permitted')
    assert.equal(sent.length, before + 1, 'there is no embargo any more')
  })

  test('nobody claims for a peer or for itself, and the lead claims nothing from itself', async () => {
    const of = (participant: string): Asked => [
      'recordFactClaim',
      { participant, letter: 'A', evidence: why },
    ]
    assert.equal(await whyNot(peerIn, of(ALBION)), 'speaksForItself')
    assert.equal(await whyNot(peerIn, of(MERIDIA)), 'ownAuthority')
    const own: Asked = ['claimPublicFact', { letter: 'A', evidence: why }]
    assert.equal(await whyNot(accepted, own), 'notInvited')
  })
})

describe('of a party with a node', () => {
  const terms = { embargoId: 'e1', until, zone }
  const told = (sent: readonly OutgoingMessage[]) =>
    sent.map(({ type, destination, content }) => [type, destination, content])

  test('it is asked by a message about a first proposal, and about a revision', async () => {
    const { run, sent, party } = desk(peerAsked)
    const answerBy = addMs(start, 7 * DAY_MS)
    assert.equal(await run(proposed), 'permitted')
    assert.deepEqual([party(ALBION)?.consent, party(ALBION)?.answerBy], ['invited', answerBy])
    const first = { intent: 'propose', inForce: null, proposals: [terms], leadTo: 'e1', answerBy }
    assert.deepEqual(told(sent), [['embargoTerms', ALBION, { caseId: CASE, ...first }]])
    for (const one of [vendor, invited, answer()]) await run(one)
    // The vendor's yes put the terms in force, which the peer is told.
    const inForce = { intent: 'join', inForce: terms, proposals: [], leadTo: 'e1', answerBy }
    assert.deepEqual(told(sent).slice(1), [['embargoTerms', ALBION, { caseId: CASE, ...inForce }]])
    assert.equal(await run(proposal({ until: addMs(start, 40 * DAY_MS) })), 'permitted')
    const longer = { embargoId: 'e2', until: addMs(start, 40 * DAY_MS), zone }
    const revised = {
      ...{ caseId: CASE, intent: 'revise', inForce: terms, proposals: [longer], leadTo: 'e2' },
      answerBy,
    }
    assert.deepEqual(told(sent).slice(2), [['embargoTerms', ALBION, revised]])
    assert.equal(await run(rejected), 'permitted')
    assert.deepEqual(told(sent).at(-1)?.[2], {
      ...{ caseId: CASE, intent: 'reject', inForce: terms, proposals: [], leadTo: 'e1' },
      answerBy,
    })
  })

  test('whoever left is told nothing, and the others are not told of a party without a node', async () => {
    const gone = { type: 'participantLeft', participant: ALBION, keepsEmbargo: true, reason: why }
    const { run, sent } = desk([...peerAsked, gone])
    assert.equal(await run(proposed), 'permitted')
    const other = desk(peerAsked)
    for (const one of [vendor, left()]) assert.equal(await other.run(one), 'permitted')
    assert.deepEqual([sent, other.sent], [[], []])
  })

  test('one that said no is asked again by a message', async () => {
    const no = [
      {
        ...{ type: 'consentChanged', participant: ALBION, event: 'decline' },
        ...{ from: 'invited', to: 'declined' },
      },
    ]
    const { run, sent, history, party } = desk(peerAsked)
    await run(proposed)
    history.push({ event: no[0] as never, version: history.length + 1, at: start, by: ALBION })
    assert.equal(await run(['inviteParty', { participant: ALBION }]), 'permitted')
    assert.equal(party(ALBION)?.consent, 'invited')
    assert.deepEqual(
      sent.map(({ type }) => type),
      ['embargoTerms', 'embargoTerms'],
    )
  })
})

describe('of a party without a node', () => {
  test('its yes puts the terms in force, with what shows it, and it has the report', async () => {
    const { run, disclosure, party, history } = desk()
    for (const one of running) assert.equal(await run(one), 'permitted', one[0])
    assert.deepEqual([disclosure().embargo, disclosure().terms?.until], ['active', until])
    assert.deepEqual(
      [party()?.consent, party()?.reportState, party()?.vendorState],
      ['signatory', 'received', 'Vfd'],
    )
    const yes = history.filter(({ event }) => 'evidence' in event && event['evidence'] === why)
    assert.deepEqual(
      yes.map(({ event }) => [event.type, event['participant']]),
      [['consentChanged', VENDOR]],
    )
    const adopted = history.find(({ event }) => event['event'] === 'accept' && event['terms'])
    assert.equal(adopted?.event['reason'], why)
  })

  test('the last word on each product stands, and a fix comes before fixed', async () => {
    const { run, disclosure } = desk()
    const other: Asked = ['recordProductStatus', { ...STATUS, product: 'B', status: 'willNotFix' }]
    const ready: Asked = ['recordProgress', { letter: 'F', participant: VENDOR, evidence: why }]
    const refused: Asked = ['refuseEmbargo', { ground: 'notSought', reason: 'nobody asked for it' }]
    const steps = [...given, product('notAffected'), other, product(), refused] as const
    for (const one of [...steps, step('validate'), step('accept'), ready, product('fixed')]) {
      assert.equal(await run(one), 'permitted', one[0])
    }
    const said = disclosure().products.map(({ product, status }) => [product, status])
    assert.deepEqual(said, [
      ['B', 'willNotFix'],
      ['Larkspur Chat 4', 'fixed'],
    ])
  })

  test('a late yes to terms that stand counts, and silence is no no', async () => {
    const { run, party } = desk()
    for (const one of [vendor, proposed, invited, silence(7)]) await run(one)
    assert.deepEqual([party()?.consent, party()?.isTimedOut], ['declined', true])
    assert.equal(await run(answer({}, 9)), 'permitted')
    assert.deepEqual([party()?.consent, party()?.isTimedOut], ['signatory', false])
  })

  test('a window of an hour is three days', async () => {
    const { run, party } = desk()
    await run(vendor)
    await run(proposed)
    const answerBy = addMs(start, DAY_MS / 24)
    assert.equal(await run(['inviteParty', { participant: VENDOR, answerBy }]), 'permitted')
    assert.equal(party()?.answerBy, '2026-03-05T09:00:00.000Z')
  })

  test('who leaves is bound by nothing, and comes back by a new invitation', async () => {
    const { run, party, disclosure } = desk()
    for (const one of running) await run(one)
    assert.equal(await run(left({ keepsEmbargo: 'notSaid' })), 'permitted')
    assert.deepEqual([party()?.left?.keepsEmbargo, party()?.consent], [false, 'noEmbargo'])
    assert.equal(disclosure().embargo, 'active', 'the embargo stands for the others')
    assert.equal(await run(invited), 'permitted')
    assert.equal(party()?.left, null)
    assert.equal(await run(answer()), 'permitted')
  })

  test('a rejected revision restores who consented to the old terms', async () => {
    const { run, party, disclosure } = desk()
    for (const one of running) await run(one)
    assert.equal(await run(proposal({ until: addMs(start, 60 * DAY_MS) })), 'permitted')
    assert.deepEqual([disclosure().embargo, party()?.consent], ['revise', 'lapsed'])
    assert.equal(await run(rejected), 'permitted')
    assert.deepEqual([disclosure().embargo, party()?.consent], ['active', 'signatory'])
    assert.equal(disclosure().terms?.until, until)
  })

  test('what it did with the report stands with its reason, step by step', async () => {
    const { run, party, history } = desk()
    await run(vendor)
    await run(proposed)
    await run(answer())
    for (const one of ['validate', 'accept', 'defer', 'accept']) {
      assert.equal(await run(step(one)), 'permitted', one)
    }
    assert.equal(party()?.reportState, 'accepted')
    const given = desk()
    await given.run(vendor)
    assert.equal(await given.run(step('receive')), 'permitted')
    for (const { event } of [...history, ...given.history].slice(accepted.length)) {
      if (event.type !== 'reportStateChanged' || event['participant'] !== VENDOR) continue
      if (event['event'] !== 'receive') assert.equal(event['reason'], why)
    }
    assert.deepEqual(
      given.history.slice(-2).map(({ event }) => [event.type, event['reason']]),
      [
        ['reportStateChanged', why],
        ['progressChanged', undefined],
      ],
    )
  })
})

test('a long embargo keeps its justification', async () => {
  const { run, history } = desk()
  const justification = 'the fix needs a new model'
  const asked = proposal({ until: addMs(start, 91 * DAY_MS), justification })
  assert.equal(await run(asked), 'permitted')
  const change = history.find(({ event }) => event.type === 'embargoChanged')
  assert.equal(change?.event['reason'], justification)
})

test('peers that were asked hear that the proposal fell', async () => {
  const terms = { embargoId: 'e0', until, zone }
  const { run, sent, disclosure } = desk([
    ...peerAsked,
    { type: 'embargoChanged', event: 'propose', from: 'none', to: 'proposed', terms },
  ])
  assert.equal(await run(rejected), 'permitted')
  assert.equal(disclosure().embargo, 'none')
  assert.deepEqual(
    sent.map(({ destination, type, content }) => [destination, type, content]),
    [[ALBION, 'embargoEnded', { caseId: CASE, reason: 'agreed' }]],
  )
})

test('officers record that a peer left, since it has no message for it', async () => {
  const { run, party } = desk(peerIn)
  assert.equal(await run(left({ participant: ALBION, keepsEmbargo: 'no' })), 'permitted')
  assert.equal(party(ALBION)?.left?.at, start)
})
