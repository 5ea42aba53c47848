/** A fine under the shipped AI Act, from an order that was not obeyed to the second officer. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../../base/canonical-json.ts'
import type { Instant } from '../../base/time.ts'
import { shippedLaw } from '../../cli/law/shipped-law.ts'
import type { Acting, Recorded } from '../../core/case/recorded.ts'
import { noStanding, type Person, type Standing } from '../../core/people/standing.ts'
import { findCaseAct } from '../acts.ts'
import type { Kernel } from '../kernel.ts'
import type { AnyEvent, OpenStream, Unit } from '../ports/streams.ts'

const CASE = '018f3c1e-0000-7000-8000-000000000001'
const now = '2026-11-23T09:00:00.000Z' as Instant
const ORDER = '018f3c1e-0000-7000-8000-00000000000a'
const taken = { basis: 'art. 16', reason: 'shown', officers: ['ada', 'bo'] }

const HISTORY = [
  { type: 'caseOpened', title: 'A case', kinds: [], lead: 'meridia.example', leadCaseId: null },
  { type: 'participantJoined', participant: 'albion.example', roles: ['coordinator'] },
  { type: 'operatorNamed', operatorId: 'o', name: 'Larkspur', role: 'provider', invented: true },
  { type: 'measureTaken', measureId: 'm1', rung: 'warning', ...taken },
  { type: 'rungSkipped', rung: 'commitments', ground: 'wilfulConduct', reason: 'none' },
  { type: 'measureTaken', measureId: ORDER, rung: 'correctiveOrder', ...taken },
] as unknown as readonly AnyEvent[]

const person = (officer: string): Person => ({
  officer,
  roles: ['caseOfficer'],
  state: 'active',
  leaving: null,
})
const office: Standing = { ...noStanding, people: [person('ada'), person('bo')] }

/** One case in memory, and what its officers do to it. */
function oneCase() {
  let kept: readonly Recorded<AnyEvent>[] = HISTORY.map((event, n) => recorded(event, n + 1, 'ada'))
  let made = 0
  const streams = {
    async read() {
      return { id: CASE, kind: 'case', history: kept, sealedEvents: [] }
    },
    async transact<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
      const history = [...kept]
      const stream: OpenStream = {
        id: CASE,
        kind: 'case',
        history,
        async append(events, by) {
          for (const event of events) history.push(recorded(event, history.length + 1, by))
        },
      }
      const result = await work({ open: async () => stream } as unknown as Unit)
      kept = history
      return result
    },
  }
  const kernel = {
    streams,
    access: { standing: async () => office },
    attestations: {},
    clocks: { wireNow: () => now },
    node: { id: 'meridia.example', name: 'Meridia', legalOrder: 'EU' },
    peers: { find: (id: string) => (id === 'albion.example' ? { id, name: 'Albion' } : undefined) },
    random: { uuidByTime: () => `018f3c1e-0000-7000-8000-0000000000f${made++}` },
    law: { context: async () => shippedLaw(), ownPackId: () => 'law.eu' },
  } as unknown as Kernel
  return {
    async act(name: string, input: Json, officer = 'ada') {
      const acting: Acting = {
        officer,
        roles: ['caseOfficer'],
        authority: 'meridia.example',
        now,
        steppedUpAt: now,
      }
      const act = findCaseAct(name)
      assert.ok(act)
      return act.run(kernel, CASE, { input, acting })
    },
    last: () => kept.at(-1)?.event as unknown as Record<string, Json>,
  }
}

function recorded(event: AnyEvent, version: number, by: string): Recorded<AnyEvent> {
  return { event, version, at: now, by }
}

type Decided = Awaited<ReturnType<ReturnType<typeof oneCase>['act']>>
const why = (decided: Decided) => (decided.decision === 'refuse' ? decided.why : 'permitted')

async function disobeyedCase() {
  const hands = oneCase()
  const facts = { measureId: ORDER, sinceAt: now, facts: 'the system is still offered' }
  assert.equal(why(await hands.act('recordNonCompliance', facts)), 'permitted')
  return hands
}

const FINE = {
  tier: 'eu.ai_act/t2',
  turnover: '800000000',
  currency: 'EUR',
  basis: 'Regulation (EU) 2024/1689, art. 99(4)',
  reason: 'The order was not obeyed.',
  gravity: 'Minors are affected.',
  otherFines: 'Asked Albion.',
}
const SMALL = { turnover: '8000000', addressee: 'sme' }

test('without an order that was not obeyed there is no fine, whatever its amount', async () => {
  const decided = await oneCase().act('imposeFine', { ...FINE, amountMinor: 100 })
  assert.equal(why(decided), 'rungNotReached')
})

const ROWS: readonly (readonly [string, Record<string, Json>, string])[] = [
  ['24 million of 800', { amountMinor: 2_400_000_000 }, 'permitted'],
  ['a cent more', { amountMinor: 2_400_000_001 }, 'aboveMaximum'],
  ['an SME: 3 % of 8 million', { ...SMALL, amountMinor: 24_000_000 }, 'permitted'],
  ['an SME: a cent more', { ...SMALL, amountMinor: 24_000_001 }, 'aboveMaximum'],
  ['in dollars', { amountMinor: 100, currency: 'USD' }, 'currencyDiffers'],
  ['no such tier', { amountMinor: 100, tier: 'eu.ai_act/t9' }, 'unknownTier'],
  ['a tier of another legal order', { amountMinor: 100, tier: 'br.lgpd/simple' }, 'unknownTier'],
]

for (const [name, change, expected] of ROWS) {
  test(`${name}: ${expected}`, async () => {
    const hands = await disobeyedCase()
    assert.equal(why(await hands.act('imposeFine', { ...FINE, ...change })), expected)
    assert.equal(
      hands.last()['type'],
      expected === 'permitted' ? 'measureProposed' : 'measureRefused',
    )
  })
}

test('the proposal keeps the maximum and who was not asked; a fine that comes later stops it', async () => {
  const hands = await disobeyedCase()
  const proposed = await hands.act('imposeFine', { ...FINE, amountMinor: 100 })
  assert.equal(why(proposed), 'permitted')
  const fine = hands.last()['fine'] as Record<string, Json>
  const limit = fine['limit'] as Record<string, Json>
  assert.deepEqual([limit['tier'], limit['maximumMinor']], ['eu.ai_act/t2', '2400000000'])
  assert.match(JSON.stringify(fine['priorFines']), /albion\.example takes part in the case/)
  const measureId = hands.last()['measureId'] as string
  const other = {
    authority: 'Albion',
    instrument: 'uk.dp',
    fineState: 'imposed',
    sameInfringement: 'no',
    sameConduct: 'yes',
    source: 'its letter of 20 November',
  }
  assert.equal(why(await hands.act('recordOtherFine', other)), 'permitted')
  assert.equal(hands.last()['authority'], 'albion.example')
  assert.equal(why(await hands.act('approveMeasure', { measureId }, 'bo')), 'otherFinesNotChecked')
  assert.equal(why(await hands.act('imposeFine', { ...FINE, amountMinor: 100 })), 'permitted')
  const again = hands.last()
  assert.match(
    JSON.stringify((again['fine'] as Record<string, Json>)['priorFines']),
    /prior_fines_by_other_authorities_same_conduct/,
  )
  const second = { measureId: again['measureId'] as string }
  assert.equal(why(await hands.act('approveMeasure', second, 'bo')), 'permitted')
})

test('a data protection fine for the same conduct bars one under NIS2', async () => {
  const hands = await disobeyedCase()
  const other = {
    authority: 'Data Protection Authority of Brena',
    instrument: 'eu.gdpr',
    fineState: 'imposed',
    sameInfringement: 'no',
    sameConduct: 'yes',
    source: 'its publication',
  }
  await hands.act('recordOtherFine', other)
  const nis2 = { ...FINE, tier: 'eu.nis2/essential', amountMinor: 100 }
  assert.equal(why(await hands.act('imposeFine', nis2)), 'barredByOther')
  assert.equal(why(await hands.act('imposeFine', { ...FINE, amountMinor: 100 })), 'permitted')
})

test('a fine of another that nobody has assessed must be assessed first', async () => {
  const hands = await disobeyedCase()
  const other = {
    authority: 'Albion',
    fineState: 'imposed',
    sameInfringement: 'open',
    sameConduct: 'open',
    source: 'a press report',
  }
  await hands.act('recordOtherFine', other)
  const fineId = hands.last()['fineId'] as string
  const fine = { ...FINE, amountMinor: 100 }
  assert.equal(why(await hands.act('imposeFine', fine)), 'otherFinesOpen')
  const assessed = { ...other, fineId, sameInfringement: 'no', sameConduct: 'no' }
  assert.equal(why(await hands.act('recordOtherFine', assessed)), 'permitted')
  assert.equal(why(await hands.act('imposeFine', fine)), 'permitted')
})
