import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { lawFolder, type Zedland } from '../../../test/support/invented-law.ts'
import { libraryHolidays, loadLaw } from '../../adapters/law-packs.ts'
import { calendarDate, type Instant, instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import {
  assessCaseCompetence,
  computeClocks,
  foldLaw,
  type LawContext,
  type LawEvent,
  type LawState,
  noLaw,
  recordClockEvent,
  recordFacts,
} from './case-law.ts'
import { clocksNow, newerVersions } from './kept-versions.ts'
import { packsOn } from './pack-versions.ts'
import { noSignOffs } from './sign-off.ts'

const OLD: Zedland = { version: '0.1.0', validFrom: '2026-01-01' }
const NEW: Zedland = { version: '0.2.0', validFrom: '2026-12-01', replaces: '0.1.0', days: 10 }
const THEN = instant('2026-11-03T09:00:00.000Z')
const LATER = instant('2026-12-05T09:00:00.000Z')

function contextOn(
  t: TestContext,
  day: string,
  packs: Readonly<Record<string, Zedland>>,
): LawContext {
  const { versions } = loadLaw(lawFolder(t, packs))
  const holidaysOf = libraryHolidays()
  return { packs: packsOn(versions, calendarDate(day)), versions, signOffs: noSignOffs, holidaysOf }
}

const acting = (now: Instant): Acting => ({
  ...{ officer: 'ada', roles: ['caseOfficer'], authority: 'meridia.example', now },
})

type Decided = { decision: string; value?: readonly LawEvent[] }

function after(state: LawState, decided: Decided, at: Instant): LawState {
  assert.equal(decided.decision, 'permit')
  const events = decided.value ?? []
  return events.reduce((law, event) => foldLaw(law, { event, at, version: 1, by: 'ada' }), state)
}

/** A case as it was computed on 3 November. */
function caseOf(context: LawContext): LawState {
  const as = acting(THEN)
  let law = after(noLaw, recordFacts(noLaw, { facts: { offeredIn: ['ZZ'] } }, as), THEN)
  const aware = {
    ...{ event: 'aware', clock: null, zone: 'Europe/Brussels', evidence: 'a letter' },
    at: instant('2026-11-02T11:00:00.000Z'),
  }
  law = after(law, recordClockEvent(law, aware, as, context), THEN)
  law = after(law, assessCaseCompetence(law, {}, as, context), THEN)
  return after(law, computeClocks(law, { clocks: ['zz.act/report'] }, as, context), THEN)
}

const FIFTEEN = '2026-11-18T00:00:00+01:00[Europe/Brussels]'
const TEN = '2026-11-13T00:00:00+01:00[Europe/Brussels]'

test('a case keeps the version that it was computed under, and shows what the newer one changes', (t) => {
  const both = { zz: NEW, 'zz/versions/0.1.0': OLD }
  const context = contextOn(t, '2026-11-03', both)
  const law = caseOf(context)
  assert.equal(law.under['zz.act/report']?.version, '0.1.0')
  const today = { ...context, packs: packsOn(context.versions ?? [], calendarDate('2026-12-05')) }
  assert.equal(today.packs[0]?.version, '0.2.0')
  const kept = clocksNow(law, LATER, today)
  assert.deepEqual(kept.lost, [])
  assert.equal(kept.clocks['zz.act/report']?.strictDue, FIFTEEN)
  const [found, ...none] = newerVersions(law, LATER, today)
  assert.deepEqual(none, [])
  assert.deepEqual([found?.kept.version, found?.newer.version], ['0.1.0', '0.2.0'])
  const [effect] = found?.effects ?? []
  assert.ok(effect?.kind === 'earlier')
  assert.deepEqual([effect.before?.strictDue, effect.after?.strictDue], [FIFTEEN, TEN])
})

test('once an officer computes anew, the case has the newer version and nothing is left to change', (t) => {
  const both = { zz: NEW, 'zz/versions/0.1.0': OLD }
  const context = contextOn(t, '2026-11-03', both)
  const today = { ...context, packs: packsOn(context.versions ?? [], calendarDate('2026-12-05')) }
  const as = acting(LATER)
  let law = caseOf(context)
  law = after(law, computeClocks(law, { clocks: ['zz.act/report'] }, as, today), LATER)
  law = after(law, assessCaseCompetence(law, {}, as, today), LATER)
  assert.equal(law.under['zz.act/report']?.version, '0.2.0')
  assert.equal(clocksNow(law, LATER, today).clocks['zz.act/report']?.strictDue, TEN)
  assert.deepEqual(newerVersions(law, LATER, today), [])
})

test('a version that is not loaded any more: what was recorded stands, and nothing is compared', (t) => {
  const law = caseOf(contextOn(t, '2026-11-03', { zz: OLD }))
  const alone = contextOn(t, '2026-12-05', { zz: { version: '0.2.0', validFrom: '2026-12-01' } })
  const kept = clocksNow(law, LATER, alone)
  assert.deepEqual(kept.lost, ['zz.act/report'])
  assert.deepEqual(kept.clocks, law.clocks)
  const [found] = newerVersions(law, LATER, alone)
  assert.equal(found?.newer.version, '0.2.0')
  assert.equal(found?.effects, undefined)
})
