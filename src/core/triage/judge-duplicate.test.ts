import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import type { Match } from './duplicates.ts'
import { type JudgeDuplicate, judgeDuplicate } from './judge-duplicate.ts'
import { reportFromPortal } from './portal-report.ts'
import { scoreCvss } from './score-cvss.ts'
import { foldTriage, initialTriage, type TriageEvent } from './triage.ts'

const acting: Acting = {
  officer: 'officer-1',
  roles: ['caseOfficer'],
  authority: 'meridia.example',
  now: instant('2026-11-22T09:00:00.000Z'),
}
const report = reportFromPortal({
  reportId: 'R1',
  language: 'en',
  title: 'An invented title',
  description: 'An invented description.',
  developers: [],
  deployers: [],
  artifacts: [],
  references: [],
  reportedOn: '2026-11-22',
  isPublic: false,
})
const withReport = { ...initialTriage, report }
const match: Match = {
  isHit: true,
  likeness: 'same',
  textLikeness: 0.9,
  reasons: [{ reason: 'sameIdentifier', values: ['CVE-2026-1234'] }],
  limits: [],
}
const asked: JudgeDuplicate = {
  caseId: 'a',
  otherCaseId: 'b',
  judgement: 'duplicate',
  reason: '',
  match,
}
const fold = (events: readonly TriageEvent[]) =>
  events
    .map((event, index) => ({ event, version: index + 1, at: acting.now, by: 'officer-1' }))
    .reduce(foldTriage, withReport)

describe('judging another case', () => {
  const other: Partial<JudgeDuplicate> = { judgement: 'different' }
  const cases: readonly [string, Partial<JudgeDuplicate>, string][] = [
    ['what the comparison said', {}, 'permit'],
    ['against the comparison, with a reason', { ...other, reason: 'two models' }, 'permit'],
    ['against the comparison, without', other, 'reasonMissing'],
    ['against it in nine characters', { ...other, reason: ' two mods   ' }, 'reasonMissing'],
    ['related, where it is likely the same', { judgement: 'related' }, 'reasonMissing'],
    ['the case itself', { otherCaseId: 'a' }, 'sameCase'],
    ['a case that cannot be read', { match: undefined }, 'otherNotReadable'],
    [
      'a duplicate that the comparison did not see, with a reason',
      { match: { ...match, isHit: false, likeness: 'none', reasons: [] }, reason: 'by one author' },
      'permit',
    ],
  ]
  for (const [name, given, expected] of cases) {
    test(`${name}: ${expected}`, () => {
      const decision = judgeDuplicate(withReport, { ...asked, ...given }, acting)
      assert.equal(decision.decision === 'permit' ? 'permit' : decision.why, expected)
    })
  }

  test('a case without a report, or nobody, judges nothing', () => {
    const none = judgeDuplicate(initialTriage, asked, acting)
    assert.equal(none.decision === 'refuse' && none.why, 'noReport')
    const nobody = judgeDuplicate(withReport, asked, { ...acting, roles: [] })
    assert.equal(nobody.decision === 'refuse' && nobody.why, 'personNeeded')
  })

  test('the event keeps kinds of signs, never what they say; the last word on a case counts', () => {
    const first = judgeDuplicate(withReport, asked, acting)
    assert.ok(first.decision === 'permit')
    assert.ok(!JSON.stringify(first.value).includes('CVE-2026-1234'))
    assert.deepEqual(first.value[0]?.signs, ['sameIdentifier'])
    const second = judgeDuplicate(
      withReport,
      { ...asked, judgement: 'related', reason: 'two models' },
      acting,
    )
    assert.ok(second.decision === 'permit')
    const { comparisons } = fold([...first.value, ...second.value])
    assert.deepEqual(
      comparisons.map(({ judgement, by }) => [judgement, by]),
      [['related', 'officer-1']],
    )
  })
})

describe('a CVSS vector on record', () => {
  const vector = 'CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N'

  test('keeps score and severity', () => {
    const decision = scoreCvss(withReport, { vector }, acting)
    assert.ok(decision.decision === 'permit')
    const { cvss } = fold(decision.value)
    assert.deepEqual([cvss?.score, cvss?.severity, cvss?.vector], [7.3, 'High', vector])
  })

  test('a vector of another version, a part of one, or no report is refused', () => {
    const why = (given: string) => {
      const decision = scoreCvss(withReport, { vector: given }, acting)
      return decision.decision === 'refuse' ? [decision.why, decision.because[0]?.text] : []
    }
    assert.deepEqual(why('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'), [
      'wrongVector',
      'This is no CVSS 4.0 vector: does not begin with CVSS:4.0/.',
    ])
    assert.equal(why(vector.slice(0, -5))[0], 'wrongVector')
    const none = scoreCvss(initialTriage, { vector }, acting)
    assert.equal(none.decision === 'refuse' && none.why, 'noReport')
  })
})
