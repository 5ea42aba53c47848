/** Samples of the page on which an exhibit is redacted or compared. All of it is invented. */
import { REDACTION_GROUNDS } from '../../src/core/evidence/grounds.ts'
import type { RedactModel, RedactRow } from '../../src/web/officer/redact/model.ts'

const row = (index: number, place: string, more: Partial<RedactRow>): RedactRow => {
  return { index, place, depth: 1, kind: 'text', isFlat: false, hasName: true, runs: [], ...more }
}
const rows = [
  row(0, '1', { kind: 'group', depth: 0, hasName: false }),
  row(1, '1 › speaker', { runs: [{ text: 'user' }] }),
  row(2, '1 › text', { runs: [{ text: 'Please call Ines Invented tomorrow.' }] }),
  row(3, '1 › age', { kind: 'scalar', runs: [{ text: '34' }] }),
  row(4, '2', { kind: 'part', depth: 0, hasName: false }),
]
const copy = rows.with(
  2,
  row(2, '1 › text', {
    runs: [{ text: 'Please call ' }, { why: 'names a bystander' }, { text: 'tomorrow.' }],
  }),
)

export const askToRedact: RedactModel = {
  case: { id: 'case-1', ref: 'MER-2026-0001', title: 'Canary leaks (invented)' },
  exhibit: { id: 'e1', name: 'transcript (invented)' },
  ...{ mode: 'redact', step: 'ask', action: '/en/officer/cases/case-1/redact/e1' },
  ...{
    formToken: 'token',
    purpose: '',
    hasScrubbedCopy: true,
    whyOriginal: '',
    grounds: REDACTION_GROUNDS,
    faults: [],
    rows: [],
    copy: [],
  },
  ...{
    pages: [],
    copyPages: [],
    boxLines: [],
    boxesMax: 500,
    marks: '',
    leftovers: [],
    isSame: false,
  },
  reviewHref: '/en/officer/cases/case-1/acts/reviewRedaction?about=e2',
}
export const refusedToRedact: RedactModel = {
  ...askToRedact,
  refusedNow: [{ rule: 'role:openExhibit', text: 'only a case officer or a reviewer may do this' }],
}
export const markRecord: RedactModel = { ...askToRedact, step: 'mark', rows }
export const marksMissing: RedactModel = {
  ...markRecord,
  faults: ['reasonMissing', 'nothingMarked', 'wordsNotThere', 'boxIncomplete'],
}
/** The server of the samples has it. */
export const SAMPLE_PICTURE = '/sample-page.png'
const why = { ground: 'thirdPerson', reason: 'shows a bystander' }
const page = { page: 1, href: SAMPLE_PICTURE }
export const markPages: RedactModel = {
  ...askToRedact,
  step: 'mark',
  pages: [page],
  boxLines: [
    { ...{ line: 0, page: '1', x: '0', y: '0', width: '1', height: '1' }, ...why },
    { ...{ line: 1, page: '', x: '', y: '', width: '', height: '' }, ground: '', reason: '' },
  ],
}
export const previewCopy: RedactModel = {
  ...askToRedact,
  step: 'preview',
  rows,
  copy,
  marks: '[]',
  leftovers: [{ place: '2 › text', words: 'Ines Invented' }],
}
export const previewPages: RedactModel = {
  ...askToRedact,
  step: 'preview',
  pages: [page],
  marks: '[{"page":1}]',
}
export const compareCopy: RedactModel = {
  ...{ ...askToRedact, mode: 'compare', step: 'compare', rows, copy, isSame: true },
}
export const comparePages: RedactModel = {
  ...{ ...askToRedact, mode: 'compare', step: 'compare', pages: [page], copyPages: [page] },
}
