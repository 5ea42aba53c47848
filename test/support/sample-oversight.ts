/** Models of the pages of oversight; every name is fictional. */
import { findOversightAct } from '../../src/app/oversight/oversight-acts.ts'
import { calendarDate, instant } from '../../src/base/time.ts'
import type { FormSchema } from '../../src/web/form/field-spec.ts'
import { formModel } from '../../src/web/form/form-model.ts'
import type { Control } from '../../src/web/officer/control.ts'
import type { PageModels } from '../../src/web/pages.ts'

const at = (text: string) => instant(`2026-${text}.000Z`)
const allowed = (act: string): Control => ({
  isAllowed: true,
  action: `/en/officer/oversight/acts/${act}`,
})
const refused: Control = {
  isAllowed: false,
  because: [{ rule: 'access:role', text: 'needs one of these roles: oversight' }],
}
const digest = 'a1b2c3d4'.repeat(8)
const draw = {
  population: 'delayedNotices',
  from: at('10-01T00:00:00'),
  until: at('12-01T00:00:00'),
  sampleSize: 2,
} as const

export const OVERSIGHT_MODELS: Pick<
  PageModels,
  'oversight/record' | 'oversight/draw' | 'oversight/act' | 'public/oversight'
> = {
  'oversight/act': {
    form: formModel(
      'makeRecommendation',
      findOversightAct('makeRecommendation')?.input as FormSchema,
      {},
      [],
      {
        action: '/en/officer/oversight/acts/makeRecommendation',
        hidden: { formToken: 'sample-form-token' },
      },
    ),
    back: '/en/officer/oversight/record',
  },
  'oversight/record': {
    mandates: [
      {
        body: 'Rights ombuds office of Meridia (fictional)',
        ...{ statute: 'Act on the oversight of authorities (fictional)', article: 'art. 9' },
        source: 'made up for this page',
        retrievedOn: calendarDate('2026-11-02'),
        access: 'content',
        endedAt: null,
        isWaiting: true,
        confirm: allowed('confirmMandate'),
        end: allowed('endMandate'),
      },
      {
        body: 'Audit office of Meridia (fictional)',
        ...{ statute: 'Audit Act (fictional)', article: 'art. 3', source: 'made up' },
        retrievedOn: calendarDate('2026-11-02'),
        access: 'decisions',
        endedAt: at('11-20T08:00:00'),
        isWaiting: false,
      },
    ],
    inspections: [
      {
        officer: 'Olu Adeyemi',
        question: 'Were the notices in these cases delayed for good reasons?',
        cases: 2,
        openedAt: at('12-02T09:00:00'),
        finding: null,
        close: allowed('closeInspection'),
      },
    ],
    draws: [
      { ...draw, drawId: '1', length: 37, appearsAt: at('12-02T09:20:00'), isHeld: true },
      { ...draw, drawId: '2', length: 12, appearsAt: at('12-04T09:20:00'), isHeld: false },
    ],
    recommendations: [
      {
        title: 'Tell people sooner',
        text: 'Give every delay of a notice a review date within thirty days.',
        caseId: null,
        madeAt: at('12-02T11:00:00'),
        dueAt: at('12-31T11:00:00'),
        status: 'accepted',
        answer: 'The form asks for the date from January on.',
        assessment: null,
        isPublished: false,
        controls: [
          { act: 'assessRecommendation', control: allowed('assessRecommendation') },
          { act: 'publishRecommendation', control: refused },
        ],
      },
    ],
    looks: [{ name: 'Olu Adeyemi', count: 14 }],
    add: {
      recordMandate: allowed('recordMandate'),
      openInspection: allowed('openInspection'),
      announceDraw: allowed('announceDraw'),
      makeRecommendation: refused,
    },
  },
  'oversight/draw': {
    ...draw,
    announcedAt: at('12-02T09:00:00'),
    length: 37,
    listDigest: digest,
    beacon: {
      name: 'drand quicknet',
      chain: digest,
      round: 34_567,
      appearsAt: at('12-02T09:20:00'),
    },
    held: {
      at: at('12-02T09:21:00'),
      signature: 'b2'.repeat(48),
      randomness: digest,
      picked: [
        { place: 31, caseId: '01990000-0000-7000-8000-000000000031' },
        { place: 4, caseId: '01990000-0000-7000-8000-000000000004' },
      ],
    },
    hold: refused,
  },
  'public/oversight': {
    mandates: [
      {
        body: 'Rights ombuds office of Meridia (fictional)',
        ...{ statute: 'Act on the oversight of authorities (fictional)', article: 'art. 9' },
        access: 'content',
        isWaiting: true,
      },
    ],
    recommendations: [
      {
        title: 'Tell people sooner',
        summary: 'Delays of notices should be reviewed within thirty days.',
        status: 'overdue',
        publishedAt: at('12-02T12:00:00'),
        dueAt: at('12-31T11:00:00'),
      },
    ],
    draws: [
      {
        ...{ population: 'delayedNotices', length: 37, sampleSize: 2, listDigest: digest },
        ...{ chain: digest, round: 34_567, appearsAt: at('12-02T09:20:00') },
        signature: 'b2'.repeat(48),
        picked: [31, 4],
      },
    ],
  },
}

const NOTHING: PageModels['oversight/record'] = {
  ...{ mandates: [], inspections: [], draws: [], recommendations: [], looks: [] },
  add: {
    ...{ recordMandate: refused, openInspection: refused },
    ...{ announceDraw: refused, makeRecommendation: refused },
  },
}

export const OVERSIGHT_VARIANTS = [
  { page: 'oversight/record', name: 'empty', model: NOTHING },
  {
    page: 'oversight/draw',
    name: 'announced',
    model: { ...OVERSIGHT_MODELS['oversight/draw'], held: null, hold: allowed('holdDraw') },
  },
  {
    page: 'public/oversight',
    name: 'empty',
    model: { mandates: [], recommendations: [], draws: [] },
  },
] as const
