import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { instant } from '../../base/time.ts'
import type { AdmittedReport } from './admitted-report.ts'
import {
  foldMatching,
  type MatchAsked,
  type MatchingState,
  matchableIdentifiers,
  mayAskMatch,
  noMatching,
  openQuestion,
} from './matching.ts'
import { reportFromPortal } from './portal-report.ts'

const AT = instant('2026-11-23T12:00:00.000Z')
const report: AdmittedReport = reportFromPortal({
  reportId: 'R1',
  language: 'en',
  title: 'Larkspur (invented) and cve-2026-1234',
  description: 'Also seen in AVID-2026-R0001. Call 555-0100.',
  developers: [],
  deployers: [],
  artifacts: [],
  references: [],
  reportedOn: '2026-11-22',
  isPublic: false,
})
const misconduct: AdmittedReport = { ...report, stated: { kind: 'misconduct' } }
const asked: MatchAsked = {
  type: 'matchAsked',
  releaseId: 'r1',
  recipient: 'albion.example',
  identifiers: ['CVE-2026-1234'],
  blinds: ['b'],
  blinded: ['c'],
}
const waiting = foldMatching(noMatching, { event: asked, at: AT })

test('only published identifiers can be matched, in one spelling, and none of a misconduct report', () => {
  assert.deepEqual(matchableIdentifiers(report), ['AVID-2026-R0001', 'CVE-2026-1234'])
  assert.deepEqual(matchableIdentifiers(misconduct), [])
  assert.deepEqual(matchableIdentifiers(null), [])
})

describe('may it be asked', () => {
  const many = Array.from({ length: 21 }, (_, n) => `CVE-2026-${1000 + n}`)
  const ROWS: readonly [
    why: string | null,
    report: AdmittedReport | null,
    matching: MatchingState,
    identifiers: readonly string[],
    recipient?: string,
  ][] = [
    [null, report, noMatching, ['CVE-2026-1234']],
    [null, report, waiting, ['CVE-2026-1234'], 'sierra.example'],
    ['noReport', null, noMatching, ['CVE-2026-1234']],
    ['misconduct', misconduct, noMatching, ['CVE-2026-1234']],
    ['nothingToMatch', report, noMatching, []],
    ['tooManyIdentifiers', report, noMatching, many],
    ['notInReport', report, noMatching, ['CVE-2026-1234', 'CVE-2026-4321']],
    ['notInReport', report, noMatching, ['cve-2026-1234']],
    ['stillWaiting', report, waiting, ['CVE-2026-1234']],
  ]
  for (const [why, of, matching, identifiers, recipient = 'albion.example'] of ROWS) {
    test(`${why ?? 'yes'}: ${identifiers.length} of ${recipient}`, () => {
      const decided = mayAskMatch({ report: of, matching }, { recipient, identifiers })
      assert.equal(decided.decision === 'refuse' ? decided.why : null, why)
    })
  }
})

test('an answer belongs to the open question of who was asked', () => {
  const own = { releaseId: 'r1', from: 'albion.example' }
  assert.equal(openQuestion(waiting, own)?.recipient, 'albion.example')
  assert.equal(openQuestion(waiting, { ...own, from: 'sierra.example' }), undefined)
  assert.equal(openQuestion(waiting, { ...own, releaseId: 'r2' }), undefined)
  const event = { type: 'matchAnswered', ...own, hits: ['CVE-2026-1234'] } as const
  const answered = foldMatching(waiting, { event, at: AT })
  assert.equal(openQuestion(answered, own), undefined)
  assert.deepEqual(answered.questions[0]?.answer, { hits: ['CVE-2026-1234'], at: AT })
})
