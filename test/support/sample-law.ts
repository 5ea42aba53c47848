/** Samples of the pages about the law of a case. All names and cases in them are invented. */
import { calendarDate } from '../../src/base/time.ts'
import type { Clock } from '../../src/web/officer/case/model.ts'
import type { CaseGapsModel } from '../../src/web/officer/case-gaps/model.ts'
import type { CaseLawModel, LawAsk } from '../../src/web/officer/case-law/model.ts'

const head = { id: 'case-1', ref: 'MER-2026-0001', title: 'Canary leaks (invented)' }
const on = calendarDate('2026-12-01')
const source = { article: 'art. 73(2)', title: 'Regulation (EU) 2024/1689', evidence: 'P' }
const because = [{ rule: 'law:eu.ai_act/msa', text: 'Systems placed on the market in the Union.' }]
const ask: LawAsk = {
  formToken: 'sample-form-token',
  orders: [
    { code: 'EU', name: 'European Union (covers the instruments below)', isChosen: true },
    { code: 'GB', name: 'United Kingdom (covers the instruments below)', isChosen: false },
  ],
  turnover: '800000000',
  currency: 'EUR',
  share: '3',
  wrong: 'yardstick/basisPoints',
}
const authority = {
  legalOrder: 'EU',
  name: 'market surveillance authority of a Member State',
  instrument: 'eu.ai_act',
  source,
  because,
  asks: ['Is it an AI system?'],
}

const sampleClock: Clock = {
  id: 'eu.ai_act/sir_general',
  name: 'Artificial Intelligence Act: notification (sir general)',
  jurisdiction: 'EU',
  state: 'confirm',
  strictDue: { on },
  legalDue: { on },
  source,
  steps: [{ on, text: 'the event' }],
  note: 'The provision applies, but its scope only from 2027-12-02.',
}

export const caseLawSample: CaseLawModel = {
  case: head,
  on,
  ask,
  versions: [
    { id: 'law.eu', version: '0.2.0', isSignedOff: true },
    { id: 'law.gb', version: '0.2.0', isSignedOff: false },
  ],
  facts: [{ name: 'offeredIn', value: 'DE, GB' }],
  questions: [{ fact: 'isAiSystem', text: 'Is it an AI system?', decides: 4 }],
  competent: [authority],
  open: [{ ...authority, legalOrder: 'GB' }],
  elsewhere: [{ ...authority, legalOrder: 'BR' }],
  notCompetent: [{ ...authority, legalOrder: 'US-CA', asks: [] }],
  leads: [
    {
      instrument: 'eu.gdpr',
      outcome: 'disputed',
      who: 'DE, FR',
      because,
      dispute: 'the Board, eu.gdpr/edpb_binding',
    },
  ],
  openLeads: [{ instrument: 'eu.cra', outcome: 'open', who: 'eu.csirt', because }],
  coordination: { rule: 'law:no-lead-across', text: 'Who coordinates is for their agreement.' },
  reached: [
    {
      instrument: 'eu.ai_act',
      entity: 'operator',
      role: 'Provider',
      state: 'yes',
      article: '3(3)',
    },
  ],
  clocks: {
    dated: [sampleClock],
    undated: [sampleClock],
    open: [sampleClock],
    waiting: [sampleClock],
    later: [sampleClock],
  },
  powers: [
    {
      legalOrder: 'EU',
      measures: [
        {
          measure: 'Corrective order',
          authority: 'eu.msa',
          state: 'not_yet',
          from: on,
          track: 'administrative',
          isCourtNeeded: true,
          conditions: ['operator heard'],
          limits: ['only for the purposes of the Regulation'],
          source,
        },
        {
          measure: 'Information request',
          authority: 'uk.ico',
          state: 'available',
          track: 'civil',
          isCourtNeeded: false,
          conditions: [],
          limits: [],
          source,
        },
      ],
    },
  ],
  caps: [
    {
      tier: 'eu.ai_act/t2',
      for: 'Articles 16, 22, 23',
      amount: 'EUR 24,000,000',
      state: 'maximum',
      base: 'worldwide turnover of the preceding financial year',
      steps: ['3 % of EUR 800,000,000 is EUR 24,000,000'],
      isFloorOfCap: true,
      source,
    },
  ],
  paths: [
    {
      from: 'EU',
      to: 'GB',
      data: 'personal',
      effect: 'needs_instrument',
      direct: 'blocked',
      because,
      conditions: because,
    },
  ],
}

export const emptyCaseLaw: CaseLawModel = {
  case: head,
  on,
  ask: { formToken: 'sample-form-token', orders: [], turnover: '', currency: '', share: '' },
  versions: [],
  facts: [],
  questions: [],
  competent: [],
  open: [],
  elsewhere: [],
  notCompetent: [],
  leads: [],
  openLeads: [],
  reached: [],
  clocks: { dated: [], undated: [], open: [], waiting: [], later: [] },
  powers: [],
  caps: [],
  paths: [],
}

const entry = {
  id: 'eu.ai_act/sir_general',
  label: 'provider: serious incident',
  detail: 'within 15 calendar days from aware',
  state: 'not_yet',
  from: on,
  source,
}

export const caseGapsSample: CaseGapsModel = {
  case: head,
  on,
  ask,
  columns: [
    { legalOrder: 'EU', name: 'European Union', linked: 'yes', competent: 'yes' },
    { legalOrder: 'GB', name: 'United Kingdom', linked: 'open', competent: 'no' },
  ],
  rows: ['obligations', 'powers', 'dataAccess', 'remedies', 'sanctions'].map((row) => ({
    row,
    cells: [
      { legalOrder: 'EU', entries: [entry], counts: [{ state: 'not_yet', count: 1 }] },
      { legalOrder: 'GB', entries: [], counts: [] },
    ],
  })),
  gaps: [
    {
      id: 'noAuthority/GB/ai_system/authority',
      type: 'noAuthority',
      legalOrders: ['GB'],
      text: 'The system is used in GB, and no pack names an authority for it.',
      articles: [{ id: 'eu.ai_act/msa', source }],
      near: ['uk.csrb/initial (not law)'],
      clauses: [
        {
          title: 'A contact where nobody is competent',
          kind: 'statement',
          text: 'GB names a contact.',
          parties: ['GB', 'EU'],
          annex: 'A transfer instrument',
          cannotCure: 'No agreement makes an authority competent.',
        },
      ],
    },
  ],
  undecided: [{ id: 'noDuty/EU/product/report', questions: ['Is it a product?'] }],
  terms: [
    {
      term: 'Serious incident',
      verdict: 'differs',
      entries: [
        { legalOrder: 'EU', text: 'One of four harms.', quote: 'serious incident', source },
      ],
      missing: ['GB'],
    },
  ],
}

export const emptyCaseGaps: CaseGapsModel = {
  case: head,
  on,
  ask: emptyCaseLaw.ask,
  columns: [],
  rows: [],
  gaps: [],
  undecided: [],
  terms: [],
}
