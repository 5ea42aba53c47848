/** Models of the pages of safe-harbour statements; every name is fictional. */
import { findSafeHarbourAct } from '../../src/app/safe-harbour.ts'
import { calendarDate, instant } from '../../src/base/time.ts'
import type { FormSchema } from '../../src/web/form/field-spec.ts'
import { formModel } from '../../src/web/form/form-model.ts'
import type { PageModels } from '../../src/web/pages.ts'
import { chosenItems, safeHarbourVocabulary } from '../../src/wire/safe-harbour.ts'

const { promises, conditions, limits } = safeHarbourVocabulary
const digest = 'a1b2c3d4'.repeat(8)

const statement = {
  ...{ legalOrder: 'EU', version: 2, lang: 'en', simulated: true, digest },
  scope: 'Research on the assistants that this authority watches (fictional).',
  promises: chosenItems(promises, ['noAction', 'aiTesting']),
  conditions: chosenItems(conditions, ['leastData']),
  limits,
  laws: [],
  channel: 'https://meridia.example/en/report',
  validUntil: calendarDate('2027-12-31'),
  standing: 'inForce',
  issuedAt: instant('2026-11-20T10:00:00.000Z'),
  withdrawn: null,
  file: 'EU-2.json',
} as const

const cited = {
  ...{ text: 'An invented protection.', citation: 'Invented Act (fictional)', article: 'art. 3' },
  ...{ source: 'made up for this page', evidence: 'P', isSignedOff: false },
}

export const SAFE_HARBOUR_MODELS: Pick<
  PageModels,
  'public/safe-harbour' | 'officer/safe-harbour' | 'officer/safe-harbour-act'
> = {
  'public/safe-harbour': {
    statements: [
      { ...statement, laws: [cited] },
      {
        ...statement,
        ...{ legalOrder: 'GB', version: 1, standing: 'withdrawn', file: 'GB-1.json' },
        withdrawn: { at: instant('2026-11-21T10:00:00.000Z'), reason: 'A new act (fictional).' },
      },
    ],
    earlier: [
      {
        ...{ legalOrder: 'EU', version: 1, standing: 'replaced', file: 'EU-1.json' },
        issuedAt: instant('2026-10-20T10:00:00.000Z'),
      },
    ],
  },
  'officer/safe-harbour': {
    drafts: [
      {
        ...statement,
        ...{ draftId: 'd1', drafter: 'Iris Halden (fictional)', version: 3 },
        draftedAt: instant('2026-11-21T09:00:00.000Z'),
        issue: { isAllowed: true, action: '/en/officer/safe-harbour/acts/issueSafeHarbour' },
        drop: { isAllowed: true, action: '/en/officer/safe-harbour/acts/dropSafeHarbourDraft' },
      },
    ],
    issued: [
      {
        ...statement,
        withdraw: {
          isAllowed: false,
          because: [{ rule: 'access:role', text: 'needs one of these roles: reviewer' }],
        },
      },
    ],
    draft: { isAllowed: true, action: '/en/officer/safe-harbour/acts/draftSafeHarbour' },
  },
  'officer/safe-harbour-act': {
    form: formModel(
      'dropSafeHarbourDraft',
      findSafeHarbourAct('dropSafeHarbourDraft')?.input as FormSchema,
      {},
      [],
      {
        action: '/en/officer/safe-harbour/acts/dropSafeHarbourDraft',
        hidden: { formToken: 'sample-form-token' },
        choices: { draftId: [{ value: 'd1', text: 'EU, 3' }] },
      },
    ),
    back: '/en/officer/safe-harbour',
  },
}

export const SAFE_HARBOUR_VARIANTS = [
  {
    name: 'empty',
    page: 'public/safe-harbour',
    model: { statements: [], earlier: [] },
  },
  {
    name: 'empty',
    page: 'officer/safe-harbour',
    model: {
      ...{ drafts: [], issued: [] },
      draft: SAFE_HARBOUR_MODELS['officer/safe-harbour'].draft,
    },
  },
] as const
