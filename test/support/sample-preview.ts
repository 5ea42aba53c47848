/** Samples of the page that says what each authority would get. All of it is invented. */
import { addMs, DAY_MS } from '../../src/base/time.ts'
import type {
  PreviewPart,
  ReleasePreviewModel,
} from '../../src/web/officer/release-preview/model.ts'
import { NOW } from './ring.ts'

const head = { id: 'case-1', ref: 'MER-2026-0001', title: 'Canary leaks (invented)' }
const ALBION = { id: 'albion.example', name: 'Albion Algorithm Inspectorate (fictional)' }
const SIERRA = { id: 'sierra.example', name: 'Sierra Office of AI Harms (fictional)' }
const reviewMissing = {
  rule: 'clause:5.2',
  text: 'exhibitTranscript needs the approval of an independent reviewer',
}
const forbidden = {
  rule: 'clause:4.2',
  text: 'reporterContact: Who reported a case, and how to reach them, is never released.',
}
const duty = { text: 'The recipient deletes it.', owedBy: ALBION.name, dueAt: addMs(NOW, DAY_MS) }

const albion: PreviewPart = {
  recipient: ALBION,
  agreement: { title: 'Model agreement (fictional)', version: 1, state: 'inForce' },
  goes: [
    {
      category: 'technicalFacts',
      content: [
        { name: 'problem', value: 'It repeats canary strings (invented).' },
        { name: 'references/0', value: '–' },
      ],
      duties: [duty, { text: 'Not to be passed on.', owedBy: ALBION.name }],
      because: [{ rule: 'clause:4.1', text: 'A party may give the technical facts of a case.' }],
    },
  ],
  stays: [
    {
      category: 'reporterContact',
      because: [forbidden],
      remedies: ['amendAgreement', 'review'],
    },
  ],
  exhibits: [
    {
      outcome: 'goes',
      names: [{ name: 'Transcript (redacted)', parts: 12, hidden: 3, isOriginal: false }],
      duties: [duty],
      because: [{ rule: 'clause:4.3', text: 'A party may give a transcript.' }],
      remedies: [],
    },
    {
      outcome: 'stays',
      names: [
        { name: 'Transcript', parts: 12, hidden: 0, isOriginal: true },
        { name: 'Second transcript', parts: 4, hidden: 0, isOriginal: true },
      ],
      duties: [],
      because: [reviewMissing],
      remedies: ['review'],
    },
  ],
}
const { agreement: _, ...withoutAgreement } = albion
const sierra: PreviewPart = { ...withoutAgreement, recipient: SIERRA, goes: [], exhibits: [] }

export const releasePreviewSample: ReleasePreviewModel = {
  case: head,
  at: NOW,
  purpose: 'investigation',
  kind: 'case',
  purposes: ['coordinatedDisclosure', 'investigation'],
  kinds: ['stub', 'case', 'exhibit'],
  authorities: [ALBION, SIERRA],
  chosen: '',
  previews: [albion, sierra],
  rows: [
    { category: 'technicalFacts', cells: [{ outcome: 'goes' }, { outcome: 'stays' }] },
    {
      category: 'reporterContact',
      cells: [
        { outcome: 'stays', because: forbidden },
        { outcome: 'stays', because: forbidden },
      ],
    },
  ],
}

export const oneAuthorityPreview: ReleasePreviewModel = {
  ...releasePreviewSample,
  chosen: ALBION.id,
  previews: [albion],
  rows: [],
}

export const nobodyToPreview: ReleasePreviewModel = {
  ...releasePreviewSample,
  authorities: [],
  previews: [],
  rows: [],
}

/** In the form of a release. */
export const filledInRelease = {
  ...albion,
  whole: { outcome: 'stays' as const, because: [forbidden], remedies: ['amendAgreement'] },
}
