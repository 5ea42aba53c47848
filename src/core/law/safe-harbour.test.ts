import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CalendarDate, instant } from '../../base/time.ts'
import type { AccessDecision } from '../access/decide-access.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import {
  draftSafeHarbour,
  dropSafeHarbourDraft,
  foldSafeHarbours,
  issueSafeHarbour,
  latestStatements,
  noSafeHarbours,
  type SafeHarbourDocument,
  type SafeHarbours,
  statementStanding,
  withdrawSafeHarbour,
} from './safe-harbour.ts'

const today = '2026-11-23' as CalendarDate
const acting = (officer: string, now = '2026-11-23T10:00:00.000Z'): Acting => ({
  ...{ officer, roles: ['reviewer'], authority: 'meridia.example', now: instant(now) },
})
const [ada, ben] = [acting('ada'), acting('ben')]
const value = { acting: acting('ada') }
const drafterMay = { decision: 'permit', value, because: [] } as unknown as AccessDecision
const drafterLeft = { decision: 'refuse', why: 'noRole', because: [] } as unknown as AccessDecision

function document(change: Partial<SafeHarbourDocument> = {}): SafeHarbourDocument {
  return {
    format: 'comity-safe-harbour-1',
    ...{ node: 'meridia.example', authority: 'Meridia (fictional)', legalOrder: 'EU' },
    ...{ version: 1, replaces: null, lang: 'en', scope: 'Invented systems.' },
    promises: [{ id: 'noAction', text: 'We take no action.' }],
    conditions: [],
    limits: [{ id: 'prosecutors', text: 'Binds no prosecutor.' }],
    vocabulary: { id: 'v', version: '1.0' },
    ...{ standsOn: 'ownPolicy', laws: [], channel: 'https://meridia.example/en/report' },
    ...{ validUntil: null, simulated: false },
    ...change,
  }
}

const command = (id: string, change: Partial<SafeHarbourDocument> = {}) => ({
  ...{ draftId: `draft-${id}`, document: document(change), digest: `digest-${id}` },
})

type Decided = { decision: string; value?: readonly { type: string }[]; why?: string }

function after(state: SafeHarbours, decided: Decided, by: Acting, version = 1): SafeHarbours {
  assert.equal(decided.decision, 'permit', decided.why ?? 'permitted')
  return (decided.value ?? [])
    .map((event): Recorded<{ type: string }> => ({ event, version, at: by.now, by: by.officer }))
    .reduce(foldSafeHarbours, state)
}

const issue = (state: SafeHarbours, id: string, by = ben, may = drafterMay) =>
  issueSafeHarbour(
    state,
    { draftId: `draft-${id}`, digest: `digest-${id}` },
    { drafterMay: may },
    by,
  )

const drafted = (state = noSafeHarbours, id = '1', change = {}) =>
  after(state, draftSafeHarbour(state, command(id, change), { today }, ada), ada)
const issued = () => after(drafted(), issue(drafted(), '1'), ben, 7)

test('one person drafts, another issues; a later version replaces and both keep their files', () => {
  const first = issued()
  assert.deepEqual(first.drafts, [])
  assert.equal(first.issued[0]?.issuedAs, 7)
  const again = drafted(first, '2', { version: 2, replaces: 'digest-1' })
  const second = after(again, issue(again, '2'), ben, 9)
  assert.deepEqual(
    second.issued.map((one) => statementStanding(second, one, today)),
    ['replaced', 'inForce'],
  )
  assert.deepEqual(
    latestStatements(second).map(({ digest }) => digest),
    ['digest-2'],
  )
})

test('nobody issues their own draft, another text, an old one, or that of somebody who left', () => {
  const state = drafted()
  const late = acting('ben', '2026-12-01T10:00:00.000Z')
  const other = { draftId: 'draft-1', digest: 'digest-2' }
  const refusals = [
    [issue(state, '1', ada), 'samePerson'],
    [issue(state, '1', { ...ben, inPlaceOf: 'ada' }), 'samePerson'],
    [issue(state, '1', late), 'proposalExpired'],
    [issue(state, '1', ben, drafterLeft), 'proposerMayNot'],
    [issue(state, '2'), 'unknownDraft'],
    [issueSafeHarbour(state, other, { drafterMay }, ben), 'otherText'],
    [issue(drafted(noSafeHarbours, '3', { replaces: 'digest-0' }), '3'), 'overtaken'],
    [draftSafeHarbour(state, command('4'), { today }, ben), 'draftWaits'],
    [
      draftSafeHarbour(noSafeHarbours, command('5', { promises: [] }), { today }, ada),
      'nothingPromised',
    ],
    [
      draftSafeHarbour(
        noSafeHarbours,
        command('6', { validUntil: '2026-11-22' as CalendarDate }),
        { today },
        ada,
      ),
      'alreadyPast',
    ],
    [dropSafeHarbourDraft(state, { draftId: 'draft-9', reason: 'None.' }), 'unknownDraft'],
  ] as const
  for (const [decision, why] of refusals) {
    assert.equal(decision.decision === 'refuse' && decision.why, why)
  }
})

test('a draft of another legal order waits beside it; a dropped one leaves room', () => {
  const two = drafted(drafted(), '2', { legalOrder: 'GB' })
  assert.equal(two.drafts.length, 2)
  const dropped = after(
    two,
    dropSafeHarbourDraft(two, { draftId: 'draft-1', reason: 'Wrong.' }),
    ada,
  )
  assert.equal(drafted(dropped, '3').drafts.length, 2)
})

test('a statement is withdrawn once, and one whose last day has passed has ended', () => {
  const state = issued()
  const command = { legalOrder: 'EU', reason: 'A new act.' }
  const gone = after(state, withdrawSafeHarbour(state, command, ada), ada)
  const [one] = gone.issued
  assert.ok(one)
  assert.equal(statementStanding(gone, one, today), 'withdrawn')
  const again = withdrawSafeHarbour(gone, command, ada)
  assert.equal(again.decision === 'refuse' && again.why, 'alreadyWithdrawn')
  const none = withdrawSafeHarbour(state, { ...command, legalOrder: 'GB' }, ada)
  assert.equal(none.decision === 'refuse' && none.why, 'noStatement')
  const ends = drafted(noSafeHarbours, '1', { validUntil: today })
  const until = after(ends, issue(ends, '1'), ben)
  const [last] = until.issued
  assert.ok(last)
  assert.equal(statementStanding(until, last, today), 'inForce')
  assert.equal(statementStanding(until, last, '2026-11-24' as CalendarDate), 'expired')
})
