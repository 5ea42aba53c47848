/** A name goes out with the version that both voices stand behind, and with no other. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../base/time.ts'
import { type CaseState, noCase } from '../core/case/case.ts'
import type { AdvisoryContent } from '../core/disclosure/advisory-events.ts'
import { changedMembers } from '../core/disclosure/advisory-steps.ts'
import { publicTextRows } from './public-text-rows.ts'
import { creditedContent, withCredits } from './recognition-facts.ts'

const at = instant('2026-03-01T10:00:00.000Z')
const text: AdvisoryContent = {
  ...{ is: 'advisory', lang: 'en', title: 'T', product: 'P', severity: 'low', sectors: [] },
  ...{ summary: 'S', vendor: 'V', versionRange: null, status: 'fixed' },
  ...{ remediation: 'R', forUsers: null },
}
const KITE = { credits: [{ name: 'Blue Kite', roles: ['finder'] as const }] }
const agreed: CaseState = {
  ...noCase,
  triage: { ...noCase.triage, filingId: 'f1' },
  recognition: {
    ...noCase.recognition,
    choice: { shownAs: 'pseudonym', name: 'Blue Kite', at },
    credit: { creditId: 'c1', roles: ['finder'], name: 'Blue Kite', at },
  },
}
const takenBack: CaseState = {
  ...agreed,
  recognition: { ...agreed.recognition, choice: { shownAs: 'nothing', name: null, at } },
}

test('the version names whom it may, and drops a name that was taken back meanwhile', () => {
  const revision = { number: 2, kind: 'correction', summary: 's', content: text } as const
  assert.deepEqual(withCredits(agreed, revision).content, { ...text, ...KITE })
  const drafted = { ...revision, content: { ...text, ...KITE } }
  assert.deepEqual(withCredits(takenBack, drafted).content, text)
  assert.deepEqual(withCredits(noCase, revision), revision)
})

test('a safety notice names nobody', () => {
  const notice = { is: 'safetyNotice', lang: 'en', title: 'T' } as never
  assert.deepEqual(creditedContent(agreed, notice), notice)
})

test('a name that comes or goes is a change of the text', () => {
  assert.deepEqual(changedMembers(text, { ...text, ...KITE }), ['credits'])
  assert.deepEqual(changedMembers({ ...text, ...KITE }, text), ['credits'])
  assert.deepEqual(changedMembers(text, text), [])
})

test('in public a name that was taken back stands in no version', () => {
  const revision = { number: 1, kind: 'first', summary: 's', at, by: 'iris' } as const
  const published = {
    ...{ trackingId: 'A-1', publishedAt: at, digest: 'd', document: {} },
    revisions: [{ ...revision, content: { ...text, ...KITE } }],
  }
  const texts = { publications: [published], safetyNotices: [], advisoryDrafts: [] }
  const shown = (named?: string) => publicTextRows(texts, named)[0]?.revisions[0]?.content
  assert.deepEqual(shown('Blue Kite'), { ...text, ...KITE })
  assert.deepEqual(shown('Red Kite'), text)
  assert.deepEqual(shown(), text)
})
