import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import type { AdvisoryDraft } from './advisories.ts'
import { initialDisclosure, participantOf, stateAfter } from './disclosure-state.ts'
import type { DisclosureEvent } from './events.ts'
import { openAtSeat, type Saying, speakAtSeat } from './seat.ts'

const start = '2026-03-02T09:00:00.000Z' as Instant
const [LEAD, VENDOR, OTHER] = ['meridia.example', 'Larkspur (invented)', 'Brightwater (invented)']
const zone = 'Europe/Brussels'
const text = 'a note of our engineers'
const acting = (days = 0): Acting => ({
  ...{ officer: 'guest-1', roles: ['guest'], authority: LEAD },
  now: addMs(start, days * DAY_MS),
})
const draft = {
  ...{ trackingId: 'COMITY-1', draftedAs: 7, draftedAt: start, draftedBy: 'o' },
  revision: {},
} as unknown as AdvisoryDraft
const seat = { participant: VENDOR, person: 'guest-1', spokenId: 's1', drafts: [draft] }

const joined = (participant: string, roles: readonly string[] = ['vendor']) =>
  ({ type: 'participantJoined', participant, roles }) as DisclosureEvent
const terms = (embargoId: string, days: number) => ({
  embargoId,
  until: addMs(start, days * DAY_MS),
  zone,
})
const proposed = (days = 30): readonly DisclosureEvent[] => [
  {
    ...{ type: 'embargoChanged', event: 'propose', from: 'none', to: 'proposed' },
    ...{ terms: terms('e1', days), participant: LEAD },
  },
]
const received: readonly DisclosureEvent[] = [
  {
    ...{ type: 'reportStateChanged', participant: VENDOR, event: 'receive' },
    ...{ from: 'start', to: 'received' },
  },
  { type: 'progressChanged', letter: 'V', participant: VENDOR, evidence: 'received the report' },
]
const moved = (event: string, from: string, to: string) =>
  ({ type: 'reportStateChanged', participant: VENDOR, event, from, to }) as DisclosureEvent
const accepted = [
  ...received,
  moved('validate', 'received', 'valid'),
  moved('accept', 'valid', 'accepted'),
]
const ended = {
  ...{ type: 'embargoEndRefused', why: 'notSought', because: [] },
} as const satisfies DisclosureEvent

/** Meridia leads; two vendors take part. */
const after = (...events: readonly DisclosureEvent[]) =>
  stateAfter(
    initialDisclosure,
    [joined(LEAD, ['coordinator', 'caseOwner']), joined(VENDOR), joined(OTHER), ...events],
    start,
  )

function said(state: ReturnType<typeof after>, saying: Saying, at: Partial<typeof seat> = {}) {
  return speakAtSeat(state, { ...seat, ...at }, saying, acting())
}
const whyOf = (decided: ReturnType<typeof said>) =>
  decided.decision === 'refuse' ? decided.why : 'permitted'
const textOf = (decided: ReturnType<typeof said>) => decided.because[0]?.text ?? ''

describe('what is said at a seat is a step of that participant', () => {
  test('who said it stands first, then the step of the machine, of nobody else', () => {
    const done = said(after(ended, ...received), { word: 'judgeReport', step: 'validate', text })
    assert.deepEqual(done.decision === 'permit' && done.value, [
      {
        ...{ type: 'participantSpoke', spokenId: 's1', participant: VENDOR, person: 'guest-1' },
        ...{ word: 'judgeReport', text },
      },
      {
        ...{ type: 'reportStateChanged', participant: VENDOR, event: 'validate' },
        ...{ from: 'received', to: 'valid', reason: text },
      },
    ])
  })

  test('a yes to the shortest proposal puts it in force and brings the report', () => {
    const state = after(...proposed())
    const done = said(state, { word: 'answerEmbargo', embargoId: 'e1', answer: 'accept' })
    assert.equal(done.decision, 'permit')
    const next = stateAfter(state, done.decision === 'permit' ? done.value : [], start)
    const own = participantOf(next, VENDOR)
    assert.equal(next.embargo, 'active')
    assert.deepEqual(
      [own?.consent, own?.reportState, own?.vendorState],
      ['signatory', 'received', 'Vfd'],
    )
    assert.equal(participantOf(next, OTHER)?.consent, 'noEmbargo')
    const events = done.decision === 'permit' ? done.value : []
    const consent = events.find((event) => event.type === 'consentChanged')
    assert.equal(consent?.evidence, 'said at its own seat: s1')
  })

  test('another end is a proposal of its own; the longer one cannot be accepted first', () => {
    const state = after(...proposed(30))
    const until = addMs(start, 20 * DAY_MS)
    const done = said(state, { word: 'proposeTerms', embargoId: 'e2', until, zone, text })
    const next = stateAfter(state, done.decision === 'permit' ? done.value : [], start)
    assert.deepEqual(
      next.proposals.map(({ embargoId }) => embargoId),
      ['e2', 'e1'],
    )
    assert.deepEqual(participantOf(next, VENDOR)?.consentedTo, ['e2'])
    const longer = said(next, { word: 'answerEmbargo', embargoId: 'e1', answer: 'accept' })
    assert.equal(whyOf(longer), 'shorterFirst')
  })

  test('a claim changes no public fact, and leaving ends the own consent only', () => {
    const claim = said(after(), { word: 'claimFact', letter: 'P', text })
    const types = claim.decision === 'permit' && claim.value.map(({ type }) => type)
    assert.deepEqual(types, ['participantSpoke', 'publicFactClaimed'])
    const state = after(...proposed(), {
      ...{ type: 'consentChanged', participant: VENDOR, event: 'accept' },
      ...{ from: 'noEmbargo', to: 'signatory', embargoId: 'e1' },
    })
    const left = said(state, { word: 'leave', keepsEmbargo: true, text })
    const next = stateAfter(state, left.decision === 'permit' ? left.value : [], start)
    assert.equal(next.embargo, 'proposed')
    assert.equal(participantOf(next, VENDOR)?.left?.keepsEmbargo, true)
    assert.equal(whyOf(said(next, { word: 'claimFact', letter: 'P', text })), 'hasLeft')
  })
})

describe('an illegal step is refused, naming state and rule', () => {
  const cases: readonly (readonly [string, ReturnType<typeof after>, Saying, string, RegExp])[] = [
    ['judging what was not received', after(), judge('accept'), 'stepNotInMachine', /from start/],
    [
      'closing what is valid',
      after(...received, moved('validate', 'received', 'valid')),
      judge('close'),
      'stepNotInMachine',
      /close from valid/,
    ],
    [
      'accepting what is received',
      after(...received),
      judge('accept'),
      'stepNotInMachine',
      /accept from received/,
    ],
    [
      'a valid report without an end',
      after(...received),
      judge('validate'),
      'embargoEndMissing',
      /embargo end/,
    ],
    ['answering where nothing is', after(), answer('e1'), 'stepNotInMachine', /accept from none/],
    ['answering other terms', after(...proposed()), answer('e9'), 'otherTerms', /names the terms/],
    [
      'acknowledging nothing',
      after(),
      { word: 'acknowledge' },
      'stepNotInMachine',
      /acknowledge from start/,
    ],
    [
      'a fix that is not taken on',
      after(...received),
      progress('F'),
      'reportNotAccepted',
      /accepted/,
    ],
    ['deploying before the fix', after(...accepted), progress('D'), 'notTheirStep', /deploys/],
    ['a fix before it knows', after(), progress('F'), 'stepNotInMachine', /F from vfd/],
    ['a product before it knows', after(), product('affected'), 'vendorNotAware', /aware/],
    ['a fixed product without a fix', after(...received), product('fixed'), 'fixMissing', /fix/],
    [
      'a justification of what is affected',
      after(...received),
      { ...product('affected'), justification: 'componentNotPresent' } as Saying,
      'justificationMisplaced',
      /not affected/,
    ],
    [
      'no evidence',
      after(...received),
      { ...product('affected'), text: 'short' } as Saying,
      'evidenceMissing',
      /ten characters/,
    ],
    [
      'a draft that is not shared',
      after(...received),
      comment('COMITY-2', 7),
      'draftNotShared',
      /shared/,
    ],
    [
      'a draft that has changed',
      after(...received),
      comment('COMITY-1', 6),
      'draftChanged',
      /changed/,
    ],
    [
      'a draft under an embargo',
      after(...proposed(), ...received),
      comment('COMITY-1', 7),
      'consentMissing',
      /consented/,
    ],
  ]
  for (const [name, state, saying, why, reason] of cases) {
    test(name, () => {
      const decided = said(state, saying)
      assert.equal(whyOf(decided), why)
      assert.match(textOf(decided), reason)
      assert.match(decided.because[0]?.rule ?? '', /^disclosure[.:]/)
    })
  }

  test('a stranger has no seat', () => {
    const decided = said(after(), { word: 'acknowledge' }, { participant: 'Nobody' })
    assert.equal(whyOf(decided), 'unknownParticipant')
  })

  test('the report is acknowledged once, and the words of a day are bounded', () => {
    const once: DisclosureEvent = {
      ...{ type: 'participantSpoke', spokenId: 's0', participant: VENDOR, person: 'guest-1' },
      word: 'acknowledge',
    }
    const decided = said(after(...received, once), { word: 'acknowledge' })
    assert.equal(whyOf(decided), 'alreadyAcknowledged')
    const many = after(...Array.from({ length: 30 }, () => once))
    assert.equal(whyOf(said(many, { word: 'claimFact', letter: 'P', text })), 'tooManySayings')
    const next = speakAtSeat(many, seat, { word: 'claimFact', letter: 'P', text }, acting(2))
    assert.equal(next.decision, 'permit')
  })
})

test('whoever is only looking on gets the reasons beforehand, as the decision gives them', () => {
  const state = after()
  const own = participantOf(state, VENDOR)
  assert.ok(own)
  const open = openAtSeat(state, own, [])
  const closed = Object.entries(open).filter(([, one]) => one.decision === 'refuse')
  assert.deepEqual(
    closed.map(([word]) => word),
    [
      ...['acknowledge', 'judgeReport', 'answerEmbargo', 'stateProduct'],
      ...['reportProgress', 'commentDraft'],
    ],
  )
})

function judge(step: 'validate' | 'accept' | 'close'): Saying {
  return { word: 'judgeReport', step, text }
}
function answer(embargoId: string): Saying {
  return { word: 'answerEmbargo', embargoId, answer: 'accept' }
}
function progress(letter: 'F' | 'D'): Saying {
  return { word: 'reportProgress', letter, text }
}
function product(status: 'affected' | 'fixed'): Saying {
  return { word: 'stateProduct', product: 'A 1', status, text }
}
function comment(trackingId: string, draftedAs: number): Saying {
  return { word: 'commentDraft', trackingId, draftedAs, text }
}
