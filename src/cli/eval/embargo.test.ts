import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Json } from '../../base/canonical-json.ts'
import { evalEmbargo } from './embargo.ts'

type Step = { readonly [member: string]: Json }
type Answer = {
  readonly steps: readonly {
    readonly at: string
    readonly type: string
    readonly decision: string
    readonly why?: string
    readonly because: readonly { readonly rule: string; readonly text: string }[]
    readonly embargo: string
    readonly endsAt: string | null
  }[]
  readonly embargo: string
  readonly endsAt: string | null
  readonly ended: { readonly why: string; readonly at: string } | null
  readonly proposals: readonly { readonly embargoId: string }[]
  readonly participants: readonly {
    readonly id: string
    readonly report: string
    readonly consent: string
    readonly answerBy: string | null
    readonly timedOut: boolean
    readonly vendor: string | null
  }[]
}

/** Day 0 is 1 March 2027, 09:00 UTC. */
const day = (days: number, hours = 9) => new Date(Date.UTC(2027, 2, 1 + days, hours)).toISOString()
const at = (days: number, type: string, more: Step = {}): Step => ({ at: day(days), type, ...more })
const ask = (events: readonly Step[], until?: string) =>
  evalEmbargo({ events: [...events], ...(until && { until }) }) as unknown as Answer
const lastOf = (answer: Answer) => answer.steps.at(-1)
const of = (answer: Answer, id: string) => answer.participants.find((each) => each.id === id)

const lead = at(0, 'receive', { participant: 'lead', roles: ['caseManager'] })
const vendor = at(0, 'join', { participant: 'vendor', roles: ['vendor', 'deployer'] })
const other = at(0, 'join', { participant: 'other', roles: ['vendor'] })
const proposes = (participant: string, id: string, until: number, on = 0) =>
  at(on, 'propose', { participant, id, until: day(until) })
const invites = (participant: string, on = 0, more: Step = {}) =>
  at(on, 'invite', { participant, ...more })
const accepts = (participant: string, id: string, on = 1) => at(on, 'accept', { participant, id })
const everybody = [lead, vendor, other]
const running = [
  ...everybody,
  proposes('lead', 'e30', 30),
  invites('vendor'),
  invites('other'),
  accepts('vendor', 'e30'),
]

describe('defaults and several proposals', () => {
  const policies = (more: Step) => [
    ...everybody,
    at(0, 'policies', { sender: 'lead', receiver: 'vendor', ...more }),
  ]
  const terms = (id: string, until: number) => ({ id, until: day(until) })

  test('without a proposal and a default there is no embargo', () => {
    const answer = ask(policies({}))
    assert.equal(answer.embargo, 'none')
    assert.equal(lastOf(answer)?.because[0]?.rule, 'disclosure.embargoNotSought')
  })

  test('a silent sender accepts the default, and it is in force at once', () => {
    const answer = ask(policies({ default: terms('d', 45) }))
    assert.deepEqual([answer.embargo, answer.endsAt], ['active', day(45)])
    assert.deepEqual(
      [of(answer, 'lead')?.consent, of(answer, 'vendor')?.consent],
      ['signatory', 'signatory'],
    )
  })

  test('a proposal without a default waits for its answer', () => {
    const answer = ask(policies({ proposal: terms('p', 20) }))
    assert.deepEqual([answer.embargo, answer.endsAt], ['proposed', null])
  })

  for (const [proposal, byDefault, inForce, revision] of [
    [20, 45, 'p', 'd'],
    [45, 20, 'd', 'p'],
  ] as const) {
    test(`of ${proposal} and ${byDefault} days the shorter holds, the longer is a revision`, () => {
      const given = { proposal: terms('p', proposal), default: terms('d', byDefault) }
      const answer = ask(policies(given))
      assert.deepEqual([answer.embargo, answer.endsAt], ['revise', day(20)])
      assert.deepEqual(
        answer.proposals.map((open) => open.embargoId),
        [revision],
      )
      assert.notEqual(inForce, revision)
    })
  }

  const three = [
    ...everybody,
    proposes('lead', 'e60', 60),
    proposes('lead', 'e20', 20),
    proposes('lead', 'e40', 40),
  ]

  test('of three proposals the shortest is decided first, the rest are revisions', () => {
    assert.equal(lastOf(ask([...three, accepts('vendor', 'e40')]))?.why, 'shorterFirst')
    const answer = ask([...three, accepts('vendor', 'e20')])
    assert.deepEqual([answer.embargo, answer.endsAt], ['revise', day(20)])
    assert.deepEqual(
      answer.proposals.map((open) => open.embargoId),
      ['e40', 'e60'],
    )
  })

  test('revisions are decided earliest first, and the last accepted one holds', () => {
    const taken = [...three, accepts('vendor', 'e20'), accepts('vendor', 'e40', 2)]
    assert.deepEqual([ask(taken).embargo, ask(taken).endsAt], ['revise', day(40)])
    const rejected = ask([...taken, at(3, 'reject')])
    assert.deepEqual([rejected.embargo, rejected.endsAt], ['active', day(40)])
    assert.deepEqual(rejected.proposals, [])
  })

  test('if the first revision is rejected the embargo stands for those who agreed to it', () => {
    const answer = ask([...running, proposes('lead', 'e60', 60, 2), at(3, 'reject')])
    assert.deepEqual([answer.embargo, answer.endsAt], ['active', day(30)])
    assert.equal(of(answer, 'vendor')?.consent, 'signatory')
    assert.equal(of(answer, 'other')?.consent, 'invited')
  })

  test('a revision makes every consent lapse, once', () => {
    const once = ask([...running, proposes('lead', 'e60', 60, 2)])
    assert.equal(of(once, 'vendor')?.consent, 'lapsed')
    const back = [...running, proposes('lead', 'e60', 60, 2), accepts('vendor', 'e30', 3)]
    const twice = ask([...back, proposes('lead', 'e50', 50, 4)])
    assert.equal(of(twice, 'vendor')?.consent, 'signatory')
  })

  test('one who proposed longer terms may accept the shorter', () => {
    const both = [...everybody, proposes('lead', 'e20', 20), proposes('vendor', 'e60', 60)]
    const answer = ask([...both, accepts('vendor', 'e20')])
    assert.deepEqual([answer.embargo, answer.endsAt], ['revise', day(20)])
    assert.equal(lastOf(ask([...both, accepts('lead', 'e20')]))?.why, 'stepNotInMachine')
  })
})

describe('the window for an answer', () => {
  const invited = (more: Step = {}) => [
    ...everybody,
    proposes('lead', 'e30', 30),
    invites('vendor', 0, more),
  ]

  test('is seven days, and a shorter one is widened to 72 hours', () => {
    assert.equal(of(ask(invited()), 'vendor')?.answerBy, day(7))
    assert.equal(of(ask(invited({ answerBy: day(1) })), 'vendor')?.answerBy, day(3))
    assert.equal(of(ask(invited({ answerBy: day(10) })), 'vendor')?.answerBy, day(10))
  })

  test('silence is a step of its own at its instant, and says that it was silence', () => {
    const before = ask(invited(), day(7, 8))
    assert.equal(of(before, 'vendor')?.consent, 'invited')
    const answer = ask(invited(), day(7))
    assert.deepEqual([lastOf(answer)?.type, lastOf(answer)?.at], ['silence', day(7)])
    assert.deepEqual(
      [of(answer, 'vendor')?.consent, of(answer, 'vendor')?.timedOut],
      ['declined', true],
    )
  })

  test('a late yes to terms that stand is a yes, to other terms it is none', () => {
    const late = ask([...invited(), accepts('vendor', 'e30', 9)])
    assert.deepEqual([late.embargo, of(late, 'vendor')?.consent], ['active', 'signatory'])
    const other = ask([...invited(), accepts('vendor', 'e29', 9)])
    assert.equal(lastOf(other)?.why, 'otherTerms')
  })

  test('a late yes to an embargo that is gone changes nothing, and the party stays', () => {
    const p = at(8, 'progress', { letter: 'P' })
    const answer = ask([...invited(), p, accepts('vendor', 'e30', 9)])
    assert.equal(lastOf(answer)?.decision, 'permit')
    assert.equal(lastOf(answer)?.because[0]?.rule, 'disclosure.embargoGone')
    assert.deepEqual([answer.embargo, of(answer, 'vendor')?.consent], ['none', 'noEmbargo'])
  })
})

describe('the end', () => {
  for (const [letter, why] of [
    ['P', 'alreadyPublic'],
    ['X', 'exploitPublic'],
    ['A', 'attacksObserved'],
  ] as const) {
    test(`${letter} ends it in the same step, and nothing begins after it`, () => {
      const ended = [...running, at(5, 'progress', { letter })]
      const answer = ask(ended)
      assert.deepEqual([answer.embargo, answer.endsAt], ['exited', null])
      assert.deepEqual(answer.ended, { why, at: day(5) })
      assert.ok(answer.participants.every(({ consent }) => consent === 'noEmbargo'))
      const refused = lastOf(ask([...ended, proposes('lead', 'e60', 60, 6)]))
      assert.equal(refused?.decision, 'refuse')
      const open = [...everybody, at(1, 'progress', { letter }), proposes('lead', 'e60', 60, 6)]
      assert.equal(lastOf(ask(open))?.decision, 'refuse')
    })

    test(`${letter} makes an open proposal fall`, () => {
      const open = [...everybody, proposes('lead', 'e30', 30), at(1, 'progress', { letter })]
      assert.equal(ask(open).embargo, 'none')
      const stale = lastOf(ask([...open, accepts('vendor', 'e30', 2)]))
      assert.deepEqual([stale?.decision, stale?.embargo], ['permit', 'none'])
    })
  }

  test('comes at its instant, not before', () => {
    assert.equal(ask(running, day(30, 8)).embargo, 'active')
    const answer = ask(running, day(31))
    assert.deepEqual(answer.ended, { why: 'expired', at: day(30) })
  })

  test('does not come by one who leaves', () => {
    const leave = at(4, 'leave', { participant: 'vendor', keepsEmbargo: true })
    const answer = ask([...running, leave])
    assert.deepEqual([answer.embargo, of(answer, 'vendor')?.consent], ['active', 'noEmbargo'])
    assert.equal(of(answer, 'lead')?.consent, 'signatory')
    assert.equal(lastOf(ask([...running, leave, leave]))?.why, 'alreadyLeft')
  })

  test('of merged cases is the earlier one, and nobody has to sign again', () => {
    const merge = (until: number) => at(4, 'merge', { id: 'm', until: day(until) })
    const earlier = ask([...running, merge(20)])
    assert.deepEqual([earlier.embargo, earlier.endsAt], ['active', day(20)])
    assert.equal(of(earlier, 'vendor')?.consent, 'signatory')
    assert.equal(ask([...running, merge(50)]).endsAt, day(30))
    assert.equal(lastOf(ask([...running, merge(3)]))?.why, 'endNotInFuture')
  })

  test('of a split case comes earlier only once the siblings were told', () => {
    const split = [...running, at(2, 'split', { siblings: ['east', 'west'] })]
    const shorter = [...split, proposes('lead', 'e10', 10, 3)]
    assert.equal(lastOf(ask([...shorter, accepts('vendor', 'e10', 4)]))?.why, 'siblingsNotTold')
    const half = [...shorter, at(3, 'tell', { id: 'e10', siblings: ['east'] })]
    assert.equal(lastOf(ask([...half, accepts('vendor', 'e10', 4)]))?.why, 'siblingsNotTold')
    const told = [...half, at(3, 'tell', { id: 'e10', siblings: ['west'] })]
    assert.equal(ask([...told, accepts('vendor', 'e10', 4)]).endsAt, day(10))
    const longer = [...split, proposes('lead', 'e50', 50, 3), accepts('vendor', 'e50', 4)]
    assert.equal(ask(longer).endsAt, day(50))
  })
})

describe('across the machines', () => {
  test('a report is valid only once an end is established; terms in force establish it', () => {
    const validate = at(2, 'validate', { participant: 'lead' })
    const refused = lastOf(ask([...everybody, validate]))
    assert.deepEqual([refused?.decision, refused?.why], ['refuse', 'embargoEndMissing'])
    assert.equal(lastOf(ask([...running, validate]))?.decision, 'permit')
  })

  test('an illegal step names the state and the rule', () => {
    const close = lastOf(ask([...running, at(2, 'close', { participant: 'lead' })]))
    assert.equal(close?.because[0]?.rule, 'disclosure.reportMachine')
    assert.match(close?.because[0]?.text ?? '', /close from received/)
    const invite = lastOf(ask([...running, invites('vendor', 2)]))
    assert.match(invite?.because[0]?.text ?? '', /invite from signatory/)
  })

  const took = [
    ...running,
    at(2, 'validate', { participant: 'vendor' }),
    at(2, 'take', { participant: 'vendor' }),
  ]
  const fix = at(3, 'progress', { letter: 'F', participant: 'vendor' })

  test('who accepts gets the report, a vendor is aware, and has a fix once it took it on', () => {
    assert.deepEqual(
      [of(ask(running), 'vendor')?.report, of(ask(running), 'vendor')?.vendor],
      ['received', 'Vfd'],
    )
    assert.equal(lastOf(ask([...running, fix]))?.why, 'reportNotAccepted')
    assert.equal(of(ask([...took, fix]), 'vendor')?.vendor, 'VFd')
  })

  test('a fix ends the embargo only when somebody says so', () => {
    const ready = at(4, 'terminate', { reason: 'fixReady' })
    assert.equal(ask([...took, fix]).embargo, 'active')
    assert.equal(lastOf(ask([...took, ready]))?.why, 'notBorneOut')
    assert.deepEqual(ask([...took, fix, ready]).ended, { why: 'fixReady', at: day(4) })
  })

  test('only who accepted the report sends it on, under an embargo to signatories', () => {
    const send = (sender: string, receiver: string) => at(5, 'send', { sender, receiver })
    assert.equal(lastOf(ask([...running, send('lead', 'other')]))?.why, 'senderNotAccepted')
    assert.equal(lastOf(ask([...took, send('vendor', 'other')]))?.why, 'consentMissing')
    assert.equal(lastOf(ask([...took, send('vendor', 'nobody')]))?.why, 'unknownParticipant')
  })

  test('who sends a report while a proposal is open accepts it', () => {
    const open = [
      ...everybody,
      at(0, 'join', { participant: 'finder', roles: ['finder'] }),
      at(0, 'receive', { participant: 'finder' }),
      proposes('vendor', 'e30', 30),
      invites('other'),
      accepts('other', 'e30'),
      at(1, 'validate', { participant: 'finder' }),
      at(1, 'take', { participant: 'finder' }),
    ]
    const first = [...open.slice(0, 5), proposes('vendor', 'e30', 30)]
    assert.equal(ask(first).embargo, 'proposed')
    const send = at(2, 'send', { sender: 'finder', receiver: 'vendor' })
    const answer = ask([...open, send])
    assert.equal(lastOf(answer)?.decision, 'permit')
    assert.equal(of(answer, 'vendor')?.vendor, 'Vfd')
  })
})

describe('what cannot be read', () => {
  const bad: readonly (readonly [string, Json, string])[] = [
    ['no list', {}, 'events'],
    ['a list of other things', { events: [7] }, 'events/0'],
    ['no time', { events: [{ type: 'receive', participant: 'a' }] }, 'events/0/at'],
    [
      'a time without offset',
      { events: [{ at: '2027-03-01T09:00:00', type: 'x' }] },
      'events/0/at',
    ],
    ['a day that is none', { events: [{ at: '2027-02-30T09:00:00Z', type: 'x' }] }, 'events/0/at'],
    ['an unknown step', { events: [at(0, 'celebrate')] }, 'events/0/type'],
    ['a name of every object', { events: [at(0, 'constructor')] }, 'events/0/type'],
    ['nobody', { events: [at(0, 'receive')] }, 'events/0/participant'],
    [
      'a claimed role',
      { events: [at(0, 'join', { participant: 'a', roles: ['emperor'] })] },
      'events/0/roles',
    ],
    ['time that runs back', { events: [at(2, 'reject'), at(1, 'reject')] }, 'events/1/at'],
    ['an end before the last step', { events: [lead], until: day(-1) }, 'until'],
    [
      'terms without end',
      { events: [at(0, 'propose', { participant: 'a', id: 'e' })] },
      'events/0/until',
    ],
    [
      'a zone that is an offset',
      { events: [lead, { ...proposes('lead', 'e', 9), zone: '+01:00' }] },
      'zone',
    ],
    [
      'an unknown letter',
      { events: [lead, at(0, 'progress', { letter: 'Z' })] },
      'events/1/letter',
    ],
    ['too many steps', { events: Array.from({ length: 1001 }, () => lead) }, 'events'],
  ]
  for (const [name, input, field] of bad) {
    test(name, () => assert.throws(() => evalEmbargo(input), { code: 'malformed', field }))
  }
})
