import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decision } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant, instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import type { EscrowMade, EscrowShare, SealingWorkEvent } from './events.ts'
import {
  cancelRecovery,
  completeRecovery,
  foldRecovery,
  giveShare,
  makeEscrow,
  requestRecovery,
} from './recovery.ts'
import type { SealingKeys } from './sealing-keys.ts'

const NOW = instant('2026-11-22T12:00:00.000Z')
const OFFICERS = ['ada', 'bob', 'cyd', 'eve']

const share = (index: number, holder: EscrowShare['holder']): EscrowShare => ({
  index,
  holder,
  digest: String(index).repeat(64),
  sealed: 'officer' in holder ? 'YQ==' : null,
})
const set: Omit<EscrowMade, 'type'> = {
  setId: '1'.repeat(16),
  recipient: 'age1escrow',
  threshold: 2,
  shares: [
    share(1, { officer: 'ada' }),
    share(2, { officer: 'bob' }),
    share(3, { person: 'Notary N' }),
  ],
}
const keys: SealingKeys = {
  keys: [{ officer: 'eve', recipient: 'age1eve', kept: 'browser', ended: null }],
  rosters: [],
}

function desk() {
  const history: Recorded<SealingWorkEvent>[] = []
  const state = (now: Instant = NOW) => foldRecovery(history, now)
  const add = (by: string, decided: Decision<readonly SealingWorkEvent[]>) => {
    if (decided.decision === 'refuse') return decided.why
    for (const event of decided.value) {
      history.push({ event, version: history.length + 1, at: NOW, by })
    }
    return 'done'
  }
  const ask = {
    requestId: 'r1',
    setId: set.setId,
    ground: 'Both inner officers are ill.',
    now: NOW,
  }
  return {
    state,
    make: (changes: Partial<typeof set> = {}) =>
      add('ada', makeEscrow(state(), { ...set, ...changes }, OFFICERS)),
    request: (officer = 'eve', changes: Partial<typeof ask> = {}) =>
      add(officer, requestRecovery(state(changes.now), keys, { ...ask, ...changes }, { officer })),
    give: (officer: string, index: number, sealed: string | null = 'YQ==', now = NOW) =>
      add(officer, giveShare(state(now), { requestId: 'r1', index, sealed }, { officer })),
    cancel: (officer: string, mayCancelAny = false) =>
      add(
        officer,
        cancelRecovery(state(), { requestId: 'r1', reason: 'no need', mayCancelAny }, { officer }),
      ),
    complete: (officer = 'eve', now = NOW) =>
      add(officer, completeRecovery(state(now), 'r1', { officer })),
  }
}

function asked() {
  const made = desk()
  assert.equal(made.make(), 'done')
  assert.equal(made.request(), 'done')
  return made
}

test('two of three give their shares, one of them at the desk, and the requester completes', () => {
  const it = asked()
  assert.equal(it.give('ada', 1), 'done')
  assert.equal(it.state().requests[0]?.state, 'open')
  assert.equal(it.complete(), 'tooFewShares')
  assert.equal(it.give('eve', 3, null), 'done')
  assert.equal(it.state().requests[0]?.state, 'ready')
  assert.equal(it.complete('ada'), 'notRequester')
  assert.equal(it.complete(), 'done')
  assert.equal(it.complete(), 'requestOver')
  assert.equal(it.give('bob', 2), 'requestOver')
})

const wrongSets: readonly [string, Partial<typeof set>, string][] = [
  ['a threshold of one', { threshold: 1 }, 'escrowFaulty'],
  ['a threshold above the shares', { threshold: 4 }, 'escrowFaulty'],
  [
    'a gap in the numbers',
    { shares: [share(1, { officer: 'ada' }), share(3, { officer: 'bob' })] },
    'escrowFaulty',
  ],
  [
    'two shares for one officer',
    { shares: [share(1, { officer: 'ada' }), share(2, { officer: 'ada' })] },
    'escrowFaulty',
  ],
  [
    'two shares for one person, spelled otherwise',
    { shares: [share(1, { person: 'N' }), share(2, { person: ' n' })] },
    'escrowFaulty',
  ],
  [
    'the same share twice',
    {
      shares: [
        share(1, { officer: 'ada' }),
        { ...share(2, { officer: 'bob' }), digest: '1'.repeat(64) },
      ],
    },
    'escrowFaulty',
  ],
  [
    'a stranger',
    { shares: [share(1, { officer: 'ada' }), share(2, { officer: 'zed' })] },
    'escrowFaulty',
  ],
  [
    'a share kept here for a person outside',
    { shares: [share(1, { officer: 'ada' }), { ...share(2, { person: 'N' }), sealed: 'YQ==' }] },
    'escrowFaulty',
  ],
]
for (const [what, changes, why] of wrongSets) {
  test(`a set of shares with ${what} is refused`, () => assert.equal(desk().make(changes), why))
}

test('a set is recorded once', () => {
  const it = desk()
  assert.equal(it.make(), 'done')
  assert.equal(it.make(), 'escrowKnown')
  assert.equal(it.make({ setId: '2'.repeat(16) }), 'escrowKnown', 'the same key')
})

test('who asks names a ground and has a key, and one request is open for a set', () => {
  const it = desk()
  assert.equal(it.request(), 'unknownSet')
  it.make()
  assert.equal(it.request('eve', { ground: '   because.          ' }), 'noGround')
  assert.equal(it.request('ada'), 'noKey')
  assert.equal(it.request(), 'done')
  assert.equal(it.request('eve', { requestId: 'r2' }), 'requestOpen')
})

test('a share is given by who holds it, once, and sealed', () => {
  const it = asked()
  assert.equal(it.give('bob', 1), 'notHolder')
  assert.equal(it.give('eve', 1), 'notHolder')
  assert.equal(it.give('ada', 1, null), 'notHolder', 'not in clear')
  assert.equal(it.give('bob', 3, null), 'notHolder', 'only at the requester’s desk')
  assert.equal(it.give('ada', 9), 'notHolder')
  assert.equal(it.give('ada', 1), 'done')
  assert.equal(it.give('ada', 1), 'shareGiven')
})

test('after three days nothing goes on, and a new request may be made', () => {
  const it = asked()
  it.give('ada', 1)
  it.give('bob', 2)
  const late = addMs(NOW, 3 * DAY_MS)
  assert.equal(it.complete('eve', late), 'requestOver')
  assert.equal(it.give('eve', 3, null, late), 'requestOver')
  assert.equal(it.request('eve', { requestId: 'r2', now: late }), 'done')
})

test('every holder, the requester and oversight cancel, and nobody else', () => {
  assert.equal(asked().cancel('cyd'), 'notHolder')
  assert.equal(asked().cancel('cyd', true), 'done')
  assert.equal(asked().cancel('eve'), 'done')
  const it = asked()
  it.give('ada', 1)
  it.give('eve', 3, null)
  assert.equal(it.cancel('bob'), 'done')
  assert.equal(it.complete(), 'requestOver')
})
