/**
 * One model for each page, with names that are plainly fictional: for the page
 * tests and for looking at pages without a node. `PAGE_VARIANTS` adds the states
 * that a page has besides its usual one: empty, wrong, refused.
 */

import { fileURLToPath } from 'node:url'
import { findAgreementAct } from '../../src/app/agreement-acts.ts'
import { ANSWER_FORMS } from '../../src/app/answer-shared.ts'
import { signatureForm } from '../../src/app/attest.ts'
import { preferenceForm } from '../../src/app/desk/notices.ts'
import { searchForm } from '../../src/app/desk/search-cases.ts'
import { noteForm, taskForm } from '../../src/app/desk/tasks.ts'
import { contactInput } from '../../src/app/people/contacts.ts'
import { emergencyInput } from '../../src/app/people/emergency-contact.ts'
import { findPeopleAct } from '../../src/app/people/people-acts.ts'
import { releaseTogetherForm } from '../../src/app/release-together.ts'
import type { Because } from '../../src/base/decision.ts'
import { calendarDate, instant } from '../../src/base/time.ts'
import { letterBlocks } from '../../src/core/desk/letter-text.ts'
import type { FormSchema } from '../../src/web/form/field-spec.ts'
import { formModel } from '../../src/web/form/form-model.ts'
import { loadCatalogues } from '../../src/web/messages.ts'
import type { Clock, Release, TimelineEntry } from '../../src/web/officer/case/model.ts'
import {
  nextClock,
  orderClocks,
  receiptCounts,
  splitTimeline,
} from '../../src/web/officer/case/presenter.ts'
import {
  admitHints,
  admitSchema,
  notOpenedSchema,
} from '../../src/web/officer/open-report/model.ts'
import { reportWords } from '../../src/web/officer/open-report/report-words.ts'
import type { PageModels, PageName } from '../../src/web/pages.ts'
import { type Actor, actItem } from '../../src/web/parts.ts'
import { advisoriesModel, textFilter } from '../../src/web/public/advisories/presenter.ts'
import type { DisclosureModel } from '../../src/web/public/dashboard/model.ts'
import { chooseHints, chooseSchema } from '../../src/web/reporter/choose/model.ts'
import { sealedQuestions } from '../../src/web/reporter/report-form.ts'
import type { PageContext } from '../../src/web/site.ts'
import { WHY_NOT_WRITTEN } from '../../src/wire/outputs/not-written.ts'
import { sampleAdvisoryText, sampleNoticeText, sampleTextRows } from './advisory-samples.ts'
import { sampleAgreementText } from './sample-agreement-text.ts'
import { caseBoardSample, emptyCaseBoard } from './sample-case-board.ts'
import { caseJointSample, emptyCaseJoint } from './sample-case-joint.ts'
import { caseRightsSample, emptyCaseRights } from './sample-case-rights.ts'
import { exhibitVariants, sharedExhibitVariants } from './sample-exhibits.ts'
import { importRecordVariants } from './sample-import-record.ts'
import { caseGapsSample, caseLawSample, emptyCaseGaps, emptyCaseLaw } from './sample-law.ts'
import { OVERSIGHT_MODELS, OVERSIGHT_VARIANTS } from './sample-oversight.ts'
import {
  filledInRelease,
  nobodyToPreview,
  oneAuthorityPreview,
  releasePreviewSample,
} from './sample-preview.ts'
import { emptyRecordsRequests, recordsRequestsSample } from './sample-records-requests.ts'
import {
  askToRedact,
  compareCopy,
  comparePages,
  markPages,
  markRecord,
  marksMissing,
  previewCopy,
  previewPages,
  refusedToRedact,
} from './sample-redact.ts'
import { sampleBasicReport, sampleChannels } from './sample-report-form.ts'
import { SAFE_HARBOUR_MODELS, SAFE_HARBOUR_VARIANTS } from './sample-safe-harbour.ts'
import { SEALING_VARIANTS, sealingModels } from './sample-sealing.ts'
import { sampleSeat } from './sample-seat.ts'

const at = (text: string) => instant(`2026-${text}.000Z`)
const on = (text: string) => calendarDate(`2026-${text}`)
const sha = (seed: string) => seed.repeat(64).slice(0, 64)

export const sampleContext: PageContext = {
  lang: 'en',
  site: {
    nodeId: 'meridia.example',
    authorityName: 'Meridia AI Safety Authority (fictional)',
    jurisdiction: 'EU',
    zone: 'Europe/Brussels',
    phase: 'demonstration',
    simulatedClock: true,
    languages: ['en', 'fr', 'de', 'es', 'ar', 'it', 'pt', 'pl', 'uk', 'zh', 'ja', 'ko'],
    officersLanguages: ['en', 'fr', 'de', 'es', 'ar', 'it', 'pt', 'pl', 'uk', 'zh', 'ja', 'ko'],
    pseudoLanguages: ['en-XA', 'ar-XB'],
    elsewhere: {},
    exitUrl: 'https://www.example.com/',
    contact: { post: '1 Invented Square, Meridia (fictional)', email: 'access@meridia.example' },
  },
  path: '',
  caseNow: at('12-03T09:30:00'),
}

export const sampleOfficer: NonNullable<PageContext['signedIn']> = {
  officer: 'meridia-ines',
  name: 'Ines Marlow (fictional)',
  roles: ['caseOfficer', 'liaison'],
  formToken: 'sample-form-token',
}

const meridia = { id: 'meridia.example', name: 'Meridia AI Safety Authority (fictional)' }
const albion = { id: 'albion.example', name: 'Albion Algorithm Inspectorate (fictional)' }
const sierra = { id: 'sierra.example', name: 'Sierra Office of Automated Systems (fictional)' }
const ines: Actor = { kind: 'officer', name: 'Ines Marlow (fictional)' }
const oskar: Actor = { kind: 'officer', name: 'Oskar Venn (fictional)' }
const fromAlbion: Actor = { kind: 'peer', name: albion.name }
const sampleDelegation = {
  from: 'Ines Marlow (fictional)',
  to: 'Oskar Venn (fictional)',
  roles: ['caseOfficer'],
  acts: ['releaseToPeer'],
  fromAt: at('12-21T00:00:00'),
  untilAt: at('12-31T00:00:00'),
  end: {
    act: 'withdrawDelegation',
    isAllowed: true,
    href: '/en/officer/people-acts/withdrawDelegation',
  },
} as const
const timer: Actor = { kind: 'timer' }

const because = (rule: string, text: string, source?: string): Because =>
  source === undefined ? { rule, text } : { rule, text, source }

const invented = {
  article: 'art. 12(3)',
  title: 'Invented Act on Automated Systems (fictional)',
  evidence: 'P',
}

const clocks: readonly Clock[] = [
  {
    id: 'serious-incident',
    name: 'Report of a serious incident to the authority',
    jurisdiction: 'EU',
    state: 'due',
    strictDue: { on: on('12-06') },
    legalDue: { on: on('12-07') },
    source: invented,
    steps: [
      { on: on('11-21'), text: 'the event; its day does not count' },
      { on: on('12-06'), text: 'fifteen days counted' },
      { on: on('12-07'), text: 'moved from a Sunday to the next working day' },
    ],
  },
  {
    id: 'early-warning',
    name: 'Early warning',
    jurisdiction: 'EU',
    state: 'overdue',
    strictDue: { at: at('12-01T10:00:00') },
    legalDue: { at: at('12-01T10:00:00') },
    source: { ...invented, article: 'art. 12(1)' },
    steps: [
      { on: on('11-30'), text: 'awareness at 11:00' },
      { on: on('12-01'), text: '24 hours counted from instant to instant' },
    ],
  },
  {
    id: 'gb-notice',
    name: 'Notice to the inspectorate',
    jurisdiction: 'GB',
    state: 'confirm',
    source: { ...invented, article: 'reg. 4', evidence: 'R' },
    steps: [],
    note: 'The text was recalled, not read: a lawyer must confirm it before it binds.',
  },
  {
    id: 'final',
    name: 'Final report, counted from the first one',
    jurisdiction: 'EU',
    state: 'not_started',
    source: { ...invented, article: 'art. 12(5)' },
    steps: [],
  },
  {
    id: 'acknowledge',
    name: 'Confirm to the reporter that the report arrived',
    jurisdiction: 'EU',
    state: 'met',
    strictDue: { on: on('11-28') },
    legalDue: { on: on('11-30') },
    source: { ...invented, article: 'art. 9(1)' },
    steps: [{ on: on('11-28'), text: 'seven days counted' }],
  },
]

const agreement = { id: 'ring-of-three', version: '1.0.0', sha256: sha('a1') }
const released: Release = {
  id: 'rel-1',
  to: albion,
  title: 'Minimised case',
  state: 'applied',
  at: at('12-01T13:05:00'),
  by: ines,
  purpose: 'Protect people in Albion from the same failure',
  agreement,
  categories: ['case_facts', 'taxonomy'],
  withheld: [
    {
      what: 'contact of the reporter',
      because: because('clause:4.2', 'The agreement forbids release of a reporter’s contact.'),
    },
  ],
  because: [
    because('clause:2.1', 'The purpose is one of the agreement.'),
    because('rightsTest:passed', 'A rights test for this release is recorded and passed.'),
  ],
  duties: [
    { text: 'Delete when the case is closed', due: { on: on('12-31') }, state: 'open' },
    { text: 'No onward transfer', state: 'open' },
  ],
  decisionId: 'd-release-1',
}

const caseHead = {
  id: '0190a1b2-0000-7000-8000-000000000004',
  ref: 'MER-2026-0004',
  title: 'Companion chatbot tells minors how to hide self-harm',
}
const refusedNow = (rule: string, text: string) =>
  ({ decision: 'refuse', because: [because(rule, text)] }) as const
const permitted = { decision: 'permit', because: [] } as const

const sampleTimeline: readonly TimelineEntry[] = [
  ['caseOpened', ines, 'sealed', 'From a sealed report'],
  ['reportAdmitted', ines, 'sealed'],
  ['priorityDecided', ines, 'sealed', 'High; accepted'],
  ['embargoEndSet', ines, 'sealed', 'Until 5 December'],
  ['consentChanged', fromAlbion, 'sealed', 'Albion accepted'],
  ['releaseDecided', ines, 'signed', 'Minimised case to Albion'],
  ['actRefused', ines, 'sequenced', 'Contact of the reporter: clause 4.2'],
  ['noticeDelayed', timer, 'accepted'],
].map(([event, by, stage, detail], index) => ({
  version: index + 1,
  at: at(`11-2${2 + Math.min(index, 7)}T08:${15 + index}:00`),
  by: by as Actor,
  event: event as string,
  stage: stage as 'sealed',
  ...(detail === undefined ? {} : { detail: detail as string }),
  ...(event === 'releaseDecided' ? { decisionId: 'd-release-1' } : {}),
}))

const inventedPack: PageModels['public/law-pack']['pack'] = {
  id: 'law.invented',
  title: 'Invented legal order (fictional)',
  jurisdiction: 'EU',
  version: '0.3.0',
  status: 'draft',
  asOf: on('11-01'),
  validFrom: on('11-01'),
  sha256: sha('77'),
  signOff: { kind: 'simulated', officers: 2, at: at('10-01T08:00:00') },
  changes: {
    since: '0.2.0',
    texts: [
      'clock invented.act/notify is changed: period was 10 calendar days, is 15 calendar days.',
    ],
  },
  instruments: [
    {
      id: 'invented.act',
      name: 'Invented Act on Automated Systems (fictional)',
      citation: 'Act 12 of an invented year',
      status: 'in_force',
      sources: ['Invented Act, invented text'],
      warnings: ['Speaks of invented systems only.'],
      periods: [
        {
          id: 'notify',
          name: 'Notification',
          trigger: 'serious incident',
          values: ['at most 15 calendar days, from: becoming aware', 'immediately'],
          fields: [{ field: 'to', text: 'inspectorate (fictional)' }],
          standing: 'binding',
          because: [],
          isExcepted: false,
          reading: {
            ...{ article: '12(3)', source: 1, evidence: 'P', isNumberUnquoted: false },
            quote: 'not later than 15 days',
          },
        },
        {
          id: 'final',
          name: 'Final report',
          values: ['at most 1 month, from: becoming aware'],
          fields: [],
          standing: 'confirm',
          because: [because('law:recalled-only', 'The entry is recalled only.')],
          isExcepted: true,
          reading: { article: 'reg. 4', source: 1, evidence: 'S', isNumberUnquoted: true },
        },
      ],
      groups: [
        {
          kind: 'measures',
          entries: [
            {
              id: 'corrective_order',
              fields: [
                { field: 'authority', text: 'inspectorate (fictional)' },
                { field: 'preconditions', text: 'operator heard, finding reasoned' },
              ],
              reading: { article: '14', source: 1, evidence: 'S', isNumberUnquoted: false },
            },
          ],
        },
      ],
    },
  ],
}

const fullCase: PageModels['officer/case'] = {
  ...caseHead,
  kinds: ['disclosure', 'enforcement', 'assistance'],
  phase: 'coordination',
  lead: meridia,
  isLead: true,
  openedAt: at('11-22T08:15:00'),
  openedBy: ines,
  ...(nextClock(clocks) === undefined ? {} : { nextClock: nextClock(clocks) as Clock }),
  subject: {
    system: 'Larkspur Companion',
    provider: 'Larkspur Dialogue Ltd (invented)',
    deployer: 'Several app stores',
    isInvented: true,
  },
  timeline: splitTimeline(sampleTimeline),
  receipts: receiptCounts(sampleTimeline),
  report: {
    text: 'My daughter is fourteen. The app told her how to hide cuts from teachers and said that it would keep the secret.\n\nI kept pictures of the chat.',
    language: 'en',
    receivedOn: on('11-21'),
    level: 'sealed-on-arrival',
    isAlreadyPublic: false,
    references: [],
    hasSealedContact: true,
    taxonomy: [
      { scheme: 'harm-1', code: 'H-07', term: 'Harm to children' },
      { scheme: 'failure-2', code: 'F-13', term: 'Unsafe advice' },
    ],
  },
  priority: {
    outcome: 'high',
    table: 'harm-priority 1.0.0',
    state: 'accepted',
    inputs: [
      { name: 'Severity', value: 'irreversible', from: 'officer, 22 November' },
      { name: 'Spread', value: 'many users', from: 'report' },
      { name: 'Exposure of children', value: 'yes', from: 'report' },
    ],
    by: ines,
    reason: 'The inputs are borne out by the transcript.',
    decisionId: 'd-priority',
  },
  disclosure: {
    state: 'valid',
    embargo: { state: 'active', endsAt: at('12-05T11:00:00') },
    consents: [
      { authority: meridia, state: 'signatory', at: at('11-25T09:00:00') },
      { authority: albion, state: 'signatory', at: at('11-25T10:00:00') },
      { authority: sierra, state: 'invited' },
    ],
    awareness: [
      { fact: 'vendorAware', holds: true },
      { fact: 'fixReady', holds: false },
      { fact: 'fixDeployed', holds: false },
      { fact: 'publicAware', holds: false },
      { fact: 'exploitPublic', holds: false },
      { fact: 'attacksObserved', holds: true },
    ],
  },
  competence: [
    {
      authority: meridia,
      jurisdiction: 'EU',
      verdict: 'competent',
      because: [
        because('law:placed-on-market', 'The system is offered here.', 'Invented Act, art. 3'),
      ],
      decisionId: 'd-competence',
    },
    {
      authority: sierra,
      jurisdiction: 'US-CA',
      verdict: 'open',
      because: [because('law:facts', 'It is not known where the operator is established.')],
    },
  ],
  clocks: orderClocks(clocks),
  newerLaw: [
    {
      pack: 'Invented legal order (fictional)',
      kept: '0.3.0',
      newer: '0.4.0',
      changes: [
        'Invented Act: notification (serious incident): due, too late from 2026-12-08 00:00 +01:00 Europe/Brussels now, due, too late from 2026-12-03 00:00 +01:00 Europe/Brussels under the newer version.',
      ],
    },
    { pack: 'Another order (fictional)', kept: '0.1.0', newer: '0.2.0', changes: [] },
    { pack: 'A third order (fictional)', kept: '0.1.0', newer: '0.2.0' },
  ],
  releases: [released],
  exhibits: [
    {
      id: 'ex-1',
      title: 'Chat transcript (JSON turns)',
      isInvented: true,
      sizeBytes: 18_422,
      sha256: sha('b7'),
      holds: ['legalHold'],
      custody: [
        {
          at: at('11-22T09:00:00'),
          event: 'received',
          by: { kind: 'reporter' },
          sha256: sha('b7'),
        },
        { at: at('11-22T09:02:00'), event: 'sealed', by: ines, sha256: sha('c4') },
        { at: at('12-02T09:02:00'), event: 'redacted', by: ines, sha256: sha('d9') },
      ],
    },
    {
      id: 'ex-2',
      title: 'Chat transcript, redacted for Albion',
      isInvented: true,
      sizeBytes: 14_210,
      sha256: sha('d9'),
      derivedFrom: {
        id: 'ex-1',
        title: 'Chat transcript (JSON turns)',
        removed: '6 of 41 turns removed.',
      },
      holds: [],
      custody: [{ at: at('12-02T09:10:00'), event: 'released', by: ines, sha256: sha('d9') }],
    },
  ],
  assistance: [
    {
      id: 'as-1',
      direction: 'incoming',
      peer: albion,
      about: 'Transcript of the conversation',
      state: 'answered',
      at: at('12-01T15:00:00'),
      rightsTest: [
        { part: 'necessity', text: 'The failure cannot be reproduced without the turns.' },
        { part: 'proportionality', text: 'Turns about other people are removed.' },
      ],
      reviewer: {
        name: 'Oskar Venn (fictional)',
        at: at('12-02T08:00:00'),
        reason: 'Needed and cut down; approved.',
      },
      because: [because('clause:5.1', 'The agreement provides for exhibits on request.')],
      decisionId: 'd-assist',
    },
  ],
  measures: {
    operator: 'Larkspur Dialogue Ltd (invented)',
    ladder: [
      {
        rung: 1,
        measure: 'warning',
        state: 'made',
        at: at('11-27T09:00:00'),
        by: [ines],
        decisionId: 'd-warn',
      },
      {
        rung: 2,
        measure: 'commitments',
        state: 'skipped',
        at: at('11-28T09:00:00'),
        by: [ines],
        reason: 'The operator did not answer.',
      },
      { rung: 3, measure: 'correctiveOrder', state: 'planned', by: [ines, oskar] },
      { rung: 4, measure: 'fine', state: 'notReached', by: [] },
    ],
    hearing: {
      state: 'open',
      opensAt: at('11-28T09:00:00'),
      endsAt: at('12-12T16:00:00'),
      submissions: 1,
    },
  },
  rights: {
    notices: [
      {
        person: 'Person A (by reference)',
        state: 'delayed',
        due: { on: on('12-12') },
        delayedBecause: because(
          'notice:enquiry',
          'Telling now would spoil an enquiry that is under way.',
        ),
      },
      {
        person: 'Person B (by reference)',
        state: 'sent',
        due: { on: on('12-01') },
        sentAt: at('12-01T09:00:00'),
      },
    ],
    challenges: [
      {
        id: 'ch-1',
        at: at('12-02T12:00:00'),
        state: 'inReview',
        text: 'The turns about my son should not have been sent.',
        reviewer: 'Oskar Venn (fictional)',
      },
    ],
  },
  refusals: [
    {
      act: 'releaseToPeer',
      why: 'categoryNotCovered',
      because: [because('clause:4.2', 'The agreement forbids release of a reporter’s contact.')],
      at: at('12-01T13:02:00'),
      by: ines,
      decisionId: 'd-refused',
    },
    {
      act: 'proposeOrder',
      why: 'notHeard',
      because: [
        because(
          'hearing:first',
          'The operator was not heard, and no urgency rule applies.',
          'Invented Act, art. 18(3)',
        ),
      ],
      at: at('12-02T10:00:00'),
      by: ines,
      decisionId: 'd-refused-2',
    },
  ],
  acts: [
    {
      group: 'release',
      items: [actItem('releaseToPeer', permitted), actItem('dischargeDuty', permitted)],
    },
    {
      group: 'enforcement',
      items: [
        actItem(
          'makeMeasure',
          refusedNow('hearing:first', 'The hearing ends on 12 December; no order before.'),
        ),
        actItem('recordRepresentation', permitted),
        actItem(
          'skipRung',
          refusedNow('ladder:order', 'A jump to a fine skips steps without a reason.'),
        ),
      ],
    },
    {
      group: 'publication',
      items: [
        actItem(
          'publishAdvisory',
          refusedNow('disclosure.embargoOver', 'The embargo has not ended.'),
        ),
      ],
    },
  ],
}

const emptyCase: PageModels['officer/case'] = {
  ...caseHead,
  kinds: ['disclosure'],
  phase: 'triage',
  lead: meridia,
  isLead: true,
  openedAt: at('11-22T08:15:00'),
  openedBy: ines,
  subject: {
    system: 'Larkspur Companion',
    provider: 'Larkspur Dialogue Ltd (invented)',
    isInvented: true,
  },
  timeline: splitTimeline([]),
  receipts: receiptCounts([]),
  competence: [],
  clocks: [],
  newerLaw: [],
  releases: [],
  exhibits: [],
  assistance: [],
  measures: { ladder: [] },
  rights: { notices: [], challenges: [] },
  refusals: [],
  acts: [],
}

const releaseSchema: FormSchema = {
  type: 'object',
  required: ['recipient', 'categories', 'purpose', 'reason', 'deleteOn'],
  properties: {
    recipient: { type: 'string' },
    purpose: { type: 'string', maxLength: 200 },
    categories: { type: 'array', items: { type: 'string' }, minItems: 1 },
    reason: { type: 'string', maxLength: 2000, minLength: 10 },
    deleteOn: { type: 'string' },
    until: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    isEmergency: { type: 'boolean' },
  },
}
const releaseOptions = {
  action: '/en/officer/cases/x/acts/releaseToPeer',
  hidden: { formToken: 'sample-form-token' },
  choices: {
    recipient: [albion, sierra].map(({ id, name }) => ({ value: id, text: name })),
    categories: [
      { value: 'case_facts', text: 'Facts of the case', lang: 'en' },
      { value: 'taxonomy', text: 'Taxonomy', lang: 'en' },
      {
        value: 'personal_data',
        text: 'Personal data',
        hint: 'Needs a transfer instrument',
        lang: 'en',
      },
    ],
  },
}

const LOCALES = fileURLToPath(new URL('../../locales', import.meta.url))
const messageSchema: FormSchema = {
  type: 'object',
  required: ['text'],
  properties: { text: { type: 'string', minLength: 1, maxLength: 4000 } },
}

const challengeSchema: FormSchema = {
  type: 'object',
  required: ['ground'],
  properties: {
    ground: { type: 'string', minLength: 10, maxLength: 4000 },
    wish: { type: 'string', maxLength: 2000 },
  },
}

const reporterClocks = [
  {
    name: 'Confirm that the report arrived',
    state: 'due',
    due: { on: on('11-30') },
    source: { ...invented, article: 'art. 9(1)' },
  },
  {
    name: 'Tell you what was done',
    state: 'advisory',
    due: { on: on('12-21') },
    source: { ...invented, article: 'art. 9(2)', evidence: 'S' },
  },
]
const receiptFiles = [
  { name: 'receipt.json', mediaType: 'application/json', sizeBytes: 2210, sha256: sha('e1') },
  { name: 'receipt.tlog-proof', mediaType: 'text/plain', sizeBytes: 1480, sha256: sha('f2') },
]
const sampleDisclosure: DisclosureModel = {
  before: on('10-01'),
  hasFigures: true,
  medians: [
    { label: 'Time to acknowledge', count: 2 },
    { label: 'Time to judge', count: 9 },
    { label: 'Time to fix' },
  ],
  times: [
    {
      id: 'timeToTriage',
      median: '9 days',
      p90: 'Not reached yet',
      cells: [
        { label: 'Done', count: 40 },
        { label: 'Not yet', count: 15 },
      ],
      parts: [{ label: 'French', median: '8 days', p90: 'withheld' }],
    },
    { id: 'timeToFix', median: 'withheld', p90: 'withheld', cells: [{ label: 'Done' }], parts: [] },
  ],
  counts: [
    {
      id: 'embargoes',
      isDrawn: true,
      cells: [
        { label: 'Kept to the agreed end', count: 20 },
        { label: 'In force', count: 5 },
      ],
    },
    {
      id: 'priorities',
      isDrawn: true,
      cells: [
        { label: 'Accepted by an officer', count: 30 },
        { label: 'Overruled', count: 10 },
      ],
    },
    { id: 'language', isDrawn: false, cells: [{ label: 'English' }, { label: 'French' }] },
  ],
  overruled: 0.25,
}
const escalation = { body: 'Meridia Ombudsman (fictional)', address: '2 Invented Square' }

export const sampleModels: PageModels = {
  ...sealingModels,
  'public/home': { agreementsInForce: 1, advisories: 1, logSize: 1342, isIntakeOpen: true },
  'public/dashboard': {
    asOf: at('12-03T09:30:00'),
    figures: [
      { figure: 'cases', count: 46 },
      { figure: 'decisions', count: 80 },
      { figure: 'refusals', count: 17 },
      { figure: 'notices' },
      { figure: 'overdue', count: 0 },
      { figure: 'advisories', count: 1 },
    ],
    tables: [
      {
        id: 'cases',
        isDrawn: true,
        cells: [
          { label: 'Triage', count: 19 },
          { label: 'Coordination', count: 14 },
          { label: 'Enforcement', count: 5 },
          { label: 'Published', count: 8 },
        ],
      },
      {
        id: 'decisions',
        isDrawn: true,
        cells: [
          { label: 'Permitted', count: 63 },
          { label: 'Refused', count: 17 },
        ],
      },
      { id: 'notices', isDrawn: false, cells: [{ label: 'Challenged' }] },
    ],
    disclosure: sampleDisclosure,
  },
  'public/advisories': advisoriesModel(sampleTextRows, textFilter({ sector: 'health' }), true),
  'public/advisory': {
    text: sampleAdvisoryText,
    publishedAt: at('12-06T09:00:00'),
    updatedAt: at('12-09T09:00:00'),
    version: '2',
    tlp: 'TLP:CLEAR',
    isDemonstration: true,
    products: [
      { name: 'Larkspur Companion before 4.2', status: 'known_affected' },
      { name: 'Larkspur Companion 4.2', status: 'fixed' },
    ],
    identifiers: [{ system: 'Incident list (fictional)', text: 'INC-17' }],
    notes: [
      { title: 'How it was found', text: 'A parent reported it; two authorities reproduced it.' },
    ],
    references: [
      { title: 'This advisory', url: 'https://meridia.example/csaf/white/2026/mer-2026-0004.json' },
    ],
    csaf: { year: '2026', file: 'mer-2026-0004.json', sizeBytes: 2140, sha256: sha('9c') },
    served: {
      files: (['advisory', 'vex'] as const).flatMap((form) =>
        (['2.0', '2.1'] as const).map((version) => ({
          ...{ version, form, year: '2026', sizeBytes: 2140 },
          file: form === 'vex' ? 'mer-2026-0004-vex.json' : 'mer-2026-0004.json',
          ...{ sha256: sha('9c'), sha512: sha('9c').repeat(2) },
        })),
      ),
      keyFingerprint: '5e'.repeat(20),
    },
  },
  'public/safety-notice': {
    text: sampleNoticeText,
    publishedAt: at('12-06T09:00:00'),
    isDemonstration: true,
  },
  'public/thanks': {
    years: [2026, 2025],
    year: 2026,
    page: 2,
    pages: 3,
    lines: [
      {
        creditId: '5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c10',
        name: 'Blue Kite (invented)',
        roles: ['finder', 'reporter'],
        month: 'November 2026',
      },
    ],
  },
  'public/certificate': {
    creditId: '5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c10',
    authority: 'Meridia AI Safety Authority (fictional)',
    name: 'Blue Kite (invented)',
    roles: ['finder', 'reporter'],
    month: 'November 2026',
    isDemonstration: true,
  },
  'public/agreements': {
    agreements: [
      {
        ...agreement,
        title: 'Agreement of three authorities on AI harms (fictional)',
        state: 'inForce',
        parties: [
          { ...meridia, signedAt: at('10-01T08:00:00'), isSimulated: true },
          { ...albion, signedAt: at('10-01T09:00:00'), isSimulated: false },
          { ...sierra, isSimulated: false },
        ],
        purposes: ['protect people from harm by AI systems', 'enforce the law against operators'],
        categories: [
          { id: 'case_facts', text: 'Facts', releasable: true, reviewRequired: false },
          { id: 'transcript', text: 'Transcripts', releasable: true, reviewRequired: true },
          { id: 'reporterContact', text: 'Who reported', releasable: false, reviewRequired: true },
        ],
        transferInstruments: [
          {
            from: 'EU',
            to: 'GB',
            kind: 'administrativeArrangement',
            authorisation: 'No. 7 (fictional)',
            on: on('09-15'),
            isSimulated: true,
          },
        ],
        clauses: [{ id: '4.2', text: 'Who reported a case is never released.' }],
        quorum: '2 of (meridia.example, albion.example, sierra.example) and witness.example',
        sunsetAt: at('12-30T00:00:00'),
        carveOuts: 1,
        reviewAt: at('12-10T00:00:00'),
      },
    ],
  },
  'public/law': {
    packs: [
      {
        id: 'law.invented',
        title: 'Invented legal order (fictional)',
        jurisdiction: 'EU',
        version: '0.3.0',
        asOf: on('11-01'),
        sha256: sha('77'),
        signOff: { kind: 'simulated', officers: 2, at: at('10-01T08:00:00') },
        instruments: ['Invented Act on Automated Systems (fictional)'],
        clocks: 2,
      },
    ],
  },
  'public/law-pack': {
    pack: inventedPack,
    versions: [
      {
        version: '0.2.0',
        validFrom: on('10-01'),
        validTo: on('11-01'),
        sha256: sha('76'),
        isShown: false,
      },
      { version: '0.3.0', validFrom: on('11-01'), sha256: sha('77'), isShown: true },
    ],
  },
  'public/log': {
    head: {
      origin: 'meridia.example/ledger',
      treeSize: 1342,
      rootHash: sha('5e'),
      checkpoint: `meridia.example/ledger\n1342\nXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl4=\n\n— meridia.example/ledger ${'Az'.repeat(40)}=\n— witness.example/witness ${'Bq'.repeat(44)}=\n`,
      isVerified: true,
    },
    cosigners: [
      {
        name: 'albion.example/witness',
        authority: albion.name,
        isOutsideParty: false,
        at: at('12-03T09:29:20'),
      },
      { name: 'sierra.example/witness', authority: sierra.name, isOutsideParty: false },
      { name: 'witness.example/witness', isOutsideParty: true, at: at('12-03T09:29:10') },
    ],
    quorum: { needed: 2, reached: true, rule: 'albion.example and witness.example' },
  },
  'public/verify': {
    keys: [
      {
        name: 'meridia.example/ledger',
        role: 'log',
        vkey: `meridia.example/ledger+0a1b2c3d+${'Ab'.repeat(22)}`,
      },
      {
        name: 'witness.example/witness',
        role: 'witness',
        vkey: `witness.example/witness+4d5e6f70+${'Cd'.repeat(22)}`,
      },
    ],
    policy: { sizeBytes: 812, sha256: sha('3b'), text: 'quorum none\n' },
  },
  'public/open-data': {
    figures: [
      { file: 'counts.json', mediaType: 'application/json' },
      { file: 'counts.csv', mediaType: 'text/csv' },
      { file: 'disclosure.json', mediaType: 'application/json' },
    ],
    advisories: [
      {
        title: 'Larkspur Companion: unsafe advice to minors',
        publishedAt: at('12-06T09:00:00'),
        year: '2026',
        file: 'mer-2026-0004.json',
        sizeBytes: 2140,
        sha256: sha('9c'),
      },
    ],
    isDemonstration: true,
  },
  'public/accessibility': { checkedOn: on('11-22') },
  'public/security': {
    review: {
      by: 'Invented Reviewers',
      on: on('11-02'),
      version: '0.0.9',
      report: 'https://reviewers.example/comity',
    },
    version: '0.1.0',
    languages: [
      { lang: 'en', texts: 'source' },
      { lang: 'fr', texts: 'notReviewed' },
      { lang: 'ar', texts: { reviewedBy: 'An invented lawyer', reviewedOn: on('11-03') } },
    ],
  },
  'reporter/start': {
    recipients: {
      names: ['Ines Marlow (fictional)', 'Oskar Venn (fictional)'],
      sha256: sha('8a'),
      since: on('10-01'),
    },
    attachmentSizeMaxBytes: 1_000_000,
  },
  'reporter/choose': {
    form: formModel('fileReport', chooseSchema, {}, [], {
      ...chooseHints,
      action: '/en/report/basic',
    }),
    hidden: [{ name: 'formToken', value: 'sample' }],
  },
  'reporter/basic': sampleBasicReport({}, []),
  'reporter/review': {
    ...sampleBasicReport(
      { title: 'A title', whatHappened: 'It happened.', law: 'eu.ai_act/incident_report' },
      [],
    ),
    sector: 'health',
    otherWays: true,
    law: 'eu.ai_act/incident_report',
  },
  'reporter/mailbox': {
    mailbox: { origin: 'meridia.example', inner: ['age1sample', 'age1other'] },
    openAddress: '/en/report/mailbox/open',
    writeAddress: '/en/report/mailbox/write',
    deleteAddress: '/en/report/mailbox/delete',
    creditAddress: '/en/report/mailbox/credit',
    certificateAddress: '/en/thanks/ID',
    ticketAddress: '/en/report/sealed/ticket',
    textMax: 65_536,
  },
  'officer/reply': {
    head: { id: '018f3c1e-0000-7000-8000-000000000004', ref: 'MER-2026-0004', title: 'A case' },
    mailbox: {
      sealedReport: '/en/officer/intake/5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c10/report.age',
      sendAddress: '/en/officer/cases/018f3c1e-0000-7000-8000-000000000004/reporter',
      kinds: ['acknowledged', 'feedback'],
      textMax: 65_536,
      sealing: {
        origin: 'meridia.example',
        inner: ['age1sample', 'age1other'],
        formToken: 'sample',
        messages: [{ on: '2026-11-22', isFromReporter: true, kind: 'followUp', sealed: null }],
      },
    },
  },
  'reporter/sealed': {
    ...sealedQuestions('en', sampleChannels),
    channels: sampleChannels,
    sealing: {
      origin: 'meridia.example',
      formId: 'report',
      formVersion: 1,
      formDigest: sha('2b'),
      inner: ['age1sample', 'age1other'],
      outer: ['age1third'],
      recipientsDigest: sha('8a'),
      bundleDigest: sha('3c'),
    },
    ticketAddress: '/en/report/sealed/ticket',
    sendAddress: '/en/report/sealed',
    draftAddress: '/en/report/sealed/draft',
    draftOpenAddress: '/en/report/sealed/draft/open',
    draftDeleteAddress: '/en/report/sealed/draft/delete',
    filesMax: 10,
    fileMaxBytes: 25_000_000,
    allMaxBytes: 100_000_000,
  },
  'reporter/receipt': {
    statement: '{"kind":"filing-statement","legalName":"Invented Systems"}',
    code: '7K9M-2QX4-RTB8-ZC3W-HN5D-GEWS',
    filedOn: on('11-21'),
    level: 'sealed-on-arrival',
    commitment: sha('6f'),
    files: receiptFiles,
    clocks: reporterClocks,
    escalation,
  },
  'reporter/sign-in': { action: '/en/report/status', formToken: 'sample' },
  'reporter/status': {
    code: '7K9M-2QX4-RTB8-ZC3W-HN5D-GEWS',
    state: 'acknowledged',
    filedOn: on('11-21'),
    level: 'sealed-on-arrival',
    steps: [
      { step: 'filed', on: on('11-21') },
      { step: 'acknowledged', on: on('11-22') },
      {
        step: 'transmitted',
        on: on('12-01'),
        text: 'To the Albion Algorithm Inspectorate (fictional), cut down, without your contact.',
      },
    ],
    clocks: reporterClocks,
    messages: [
      { on: on('11-22'), text: 'Thank you. We have opened your report and started a case.' },
    ],
    files: receiptFiles,
    stage: 'sealed',
    escalation,
  },
  'reporter/notice-sign-in': { action: '/en/notice', formToken: 'sample' },
  'reporter/notice': {
    sentAt: at('12-01T09:00:00'),
    about: 'A transcript in which you take part was used in a case about a companion chatbot.',
    categories: ['transcript'],
    recipients: [albion.name],
    purpose: 'Protect people in Albion from the same failure',
    legalBasis: 'Invented Act on Automated Systems (fictional), art. 12(3)',
    reviews: [
      {
        openedAt: at('12-02T12:00:00'),
        state: 'upheld',
        reason: 'You should have been told earlier.',
        remedy: 'Access to what was released.',
      },
    ],
    delayedBecause: because('notice:enquiry', 'Telling you earlier would have spoiled an enquiry.'),
    challengeBy: calendarDate('2027-01-15'),
    code: 'one two three four',
    zone: 'Europe/Brussels',
    withheldBecause: because('notice:embargoActive', 'An embargo is active.'),
    remedies: [
      {
        kind: 'retract',
        text: 'Everything that left is called back.',
        state: 'late',
        dueAt: at('12-10T12:00:00'),
        reports: [{ at: at('12-05T12:00:00'), text: 'Albion was asked.' }],
        steps: [
          { recipient: albion.name, askedAt: at('12-03T12:00:00'), confirmedAt: null },
          {
            recipient: sierra.name,
            askedAt: at('12-03T12:00:00'),
            confirmedAt: at('12-04T12:00:00'),
          },
        ],
      },
      {
        kind: 'access',
        text: 'You get your own data.',
        state: 'done',
        dueAt: at('12-10T12:00:00'),
        doneAt: at('12-06T12:00:00'),
        proof: 'given on the page of the person',
        reports: [],
        steps: [],
        followUp: { finding: 'held', text: 'It is complete.', at: at('12-20T12:00:00') },
        ownData: {
          remedyId: 'rm-1',
          parts: [{ category: 'report', text: 'What you said on 3 November.' }],
          withheld: 'Names of two other people.',
          withheldParts: [
            {
              category: 'exhibits',
              ground: 'investigation',
              reason: 'Art. 15 (fictional): it would warn the operator.',
            },
          ],
        },
      },
    ],
    consents: (['asked', 'given', 'withdrawn'] as const).map((state) => ({
      consentId: `cs-${state}`,
      state,
      question: 'May Albion read your conversation?',
      recipients: [albion.name],
      categories: ['exhibitTranscript'],
      at: at('12-03T12:00:00'),
    })),
    messages: [
      { isFromPerson: true, text: 'When do I hear from you?', at: at('12-03T12:00:00') },
      { isFromPerson: false, text: 'Before Friday.', at: at('12-04T12:00:00') },
    ],
    messageForm: formModel('writeToAuthority', messageSchema, {}, [], {
      action: '/en/notice/message',
    }),
    form: formModel('challengeNotice', challengeSchema, {}, [], { action: '/en/notice/challenge' }),
  },
  'reporter/challenged': {
    receivedAt: at('12-02T12:00:00'),
    reviewId: 'rv-7f21',
    clocks: [
      {
        name: 'Decision on your challenge',
        state: 'due',
        due: { on: on('12-16') },
        source: invented,
      },
    ],
  },
  'officer/sign-in': { methods: ['oneTime'] },
  'officer/go': { url: 'https://id.example/authorize', provider: 'Staff sign-in (fictional)' },
  'officer/enrol': { enrolmentId: 'setup' },
  'officer/enrolment': {
    kind: 'setup',
    name: 'Administrator',
    roles: ['administrator'],
    hasPasskeys: true,
    providers: [{ id: 'staff', name: 'Staff sign-in (fictional)' }],
  },
  'officer/step-up': {
    formToken: 'sample-form-token',
    hasPasskeys: true,
    providers: [{ id: 'staff', name: 'Staff sign-in (fictional)' }],
    inDemonstration: true,
    provedAt: at('12-02T10:00:00'),
  },
  'officer/account': {
    formToken: 'sample-form-token',
    sessions: [
      {
        id: 'session-1',
        method: 'passkey',
        signedInAt: at('12-02T10:00:00'),
        lastSeenAt: at('12-02T10:30:00'),
        expiresAt: at('12-02T22:00:00'),
        isThis: true,
      },
      {
        id: 'session-2',
        method: 'oidc',
        signedInAt: at('12-02T09:00:00'),
        lastSeenAt: at('12-02T09:30:00'),
        expiresAt: at('12-02T21:00:00'),
        isThis: false,
      },
    ],
    passkeys: [
      {
        id: 'passkey-1',
        name: 'Security key',
        createdAt: at('12-01T10:00:00'),
        lastUsedAt: at('12-02T10:00:00'),
      },
      {
        id: 'passkey-2',
        name: 'Old key',
        createdAt: at('12-01T10:00:00'),
        suspendedAt: at('12-01T12:00:00'),
      },
    ],
    accounts: [{ name: 'Staff sign-in (fictional)', boundAt: at('12-01T10:00:00') }],
    providers: [{ id: 'other', name: 'Other sign-in (fictional)' }],
    mayAddPasskey: true,
    waysBack: [
      { by: 'Ada Root (invented)', givenAt: at('12-01T09:00:00'), usedAt: at('12-01T10:00:00') },
      { by: 'Ada Root (invented)', givenAt: at('11-30T09:00:00') },
    ],
    needsStepUp: false,
    calendar: {
      address: 'http://127.0.0.1:8443/calendar/clocks.ics',
      user: '0b7cbb5a-3a52-4a3a-9a7c-5f1f3f1f8a01',
      make: { isAllowed: true, action: '/en/officer/account/calendar' },
      password: '5a'.repeat(32),
      madeAt: at('12-01T10:00:00'),
      lastUsedOn: calendarDate('2026-12-02'),
    },
  },
  'officer/sign-in-desk': {
    formToken: 'sample-form-token',
    invite: { isAllowed: true, action: '/en/officer/sign-in-desk' },
    roles: ['caseOfficer', 'reviewer', 'administrator'],
    invitations: [
      {
        id: 'invitation-1',
        name: 'Ines Marlow (fictional)',
        roles: ['caseOfficer'],
        expiresAt: at('12-09T10:00:00'),
        triesLeft: 9,
      },
    ],
    made: {
      id: 'invitation-1',
      code: 'AAAA-BBBB-CCCC-DDDD-EEEE-FFFF',
      address: 'https://officers.example/en/officer/enrol/invitation-1',
    },
    notices: [
      {
        id: 'notice-1',
        at: at('12-02T10:00:00'),
        kind: 'passkeyCloned',
        name: 'Oskar Venn (fictional)',
      },
    ],
    officers: [{ id: 'officer-1', name: 'Oskar Venn (fictional)', hasNoMeans: true }],
  },
  'officer/case-law': caseLawSample,
  'officer/case-gaps': caseGapsSample,
  'officer/case-board': caseBoardSample,
  'officer/records-out': {
    case: caseHead,
    records: [
      {
        ...{ format: 'avid', isThere: true, from: 'record', more: 0 },
        notCarried: [],
      },
      {
        ...{ format: 'aiid', isThere: true, from: 'advisory', more: 3 },
        notCarried: WHY_NOT_WRITTEN.map((why, at) => ({ pointer: `/notes/${at}`, why })),
      },
      {
        ...{ format: 'cve', isThere: false },
        because: [
          {
            rule: 'cve:affected',
            text: 'a CVE record names a product that is affected',
          },
        ],
      },
    ],
  },
  'officer/case-joint': caseJointSample,
  'officer/case-rights': caseRightsSample,
  'officer/records-requests': recordsRequestsSample,
  'officer/clocks': {
    formToken: 'sample-form-token',
    filter: { legalOrder: '', state: '', isComplete: false },
    legalOrders: ['EU', 'GB'],
    states: ['due', 'overdue', 'confirm'],
    others: (['records', 'consultation', 'remedy', 'followUp', 'duty'] as const).map((kind) => ({
      kind,
      nearness: kind === 'records' ? 'passed' : kind === 'duty' ? 'later' : 'week',
      dueAt: at('12-02T10:00:00'),
      isToConfirm: kind === 'records',
      case: { caseId: 'case-1', ref: caseHead.ref, title: caseHead.title },
    })),
    clocks: [
      {
        id: 'eu.ai_act/sir_general',
        name: 'Artificial Intelligence Act: notification (sir general)',
        legalOrder: 'EU',
        state: 'due',
        nearness: 'week',
        strictDue: { on: on('12-01') },
        legalDue: { on: on('12-02') },
        zone: 'Europe/Brussels',
        case: { caseId: 'case-1', ref: caseHead.ref, title: caseHead.title },
      },
      {
        id: 'eu.gdpr/breach_sa',
        name: 'General Data Protection Regulation: notification (breach sa)',
        legalOrder: 'EU',
        state: 'overdue',
        nearness: 'passed',
        strictDue: { at: at('12-01T10:00:00') },
        legalDue: { at: at('12-01T11:00:00') },
        zone: 'Europe/Brussels',
        case: { caseId: 'case-1', ref: caseHead.ref, title: caseHead.title },
      },
      {
        id: 'ch.fadp/breach',
        name: 'Federal Act on Data Protection: notification (breach)',
        legalOrder: 'CH',
        state: 'qualitative',
        nearness: 'undated',
        case: { caseId: 'case-1', ref: caseHead.ref, title: caseHead.title },
      },
    ],
  },
  'officer/release-duties': {
    formToken: 'sample-form-token',
    filter: { side: 'owedByUs', state: '' },
    sides: ['owedByUs', 'owedToUs'],
    states: ['overdue', 'due', 'open', 'discharged'],
    duties: [
      {
        id: '7.1',
        kind: 'deleteBy',
        side: 'owedByUs',
        otherSide: 'Albion AI Regulator (fictional)',
        state: 'overdue',
        dueAt: at('12-01T10:00:00'),
        breachedAt: at('12-01T10:01:00'),
        case: { caseId: 'case-1', ref: caseHead.ref, title: caseHead.title },
      },
      {
        id: '7.2',
        side: 'owedToUs',
        otherSide: 'sierra.example',
        state: 'lasting',
        case: { caseId: 'case-1', ref: caseHead.ref, title: caseHead.title },
      },
      {
        id: '7.3',
        kind: 'reportUse',
        side: 'owedToUs',
        otherSide: 'sierra.example',
        state: 'discharged',
        dueAt: at('12-04T10:00:00'),
        dischargedAt: at('12-01T10:00:00'),
        case: { caseId: 'case-1', ref: caseHead.ref, title: caseHead.title },
      },
    ],
  },
  'officer/my-work': {
    formToken: 'sample-form-token',
    duties: [
      {
        id: '7.1',
        kind: 'deleteBy',
        side: 'owedByUs',
        state: 'due',
        dueAt: at('12-09T10:00:00'),
        case: { caseId: 'case-1', ref: caseHead.ref, title: caseHead.title },
      },
    ],
    tasks: [
      {
        id: 'task-1',
        title: 'Ask the provider for the training record',
        dueOn: on('12-01'),
        isLate: true,
        setBy: 'Oskar Venn (fictional)',
        case: { caseId: 'case-1', ref: caseHead.ref, title: caseHead.title },
      },
    ],
    deadlines: [
      {
        clock: 'eu.aiact/serious-incident',
        state: 'due',
        dueAt: at('12-07T00:00:00'),
        case: { caseId: 'case-1', ref: caseHead.ref, title: caseHead.title },
      },
    ],
    dues: [
      {
        kind: 'records',
        nearness: 'day',
        dueAt: at('12-07T00:00:00'),
        isToConfirm: true,
        case: { caseId: 'case-1', ref: caseHead.ref, title: caseHead.title },
      },
    ],
    waiting: [
      { what: 'review', case: { caseId: 'case-1', ref: caseHead.ref, title: caseHead.title } },
    ],
    proposals: [
      {
        act: 'assignOfficer',
        by: 'Oskar Venn (fictional)',
        expiresAt: at('12-07T00:00:00'),
        place: '/en/officer/cases/case-1/access#proposals',
        case: { caseId: 'case-1', ref: caseHead.ref, title: caseHead.title },
      },
      {
        act: 'approveSealingRoster',
        by: 'Pim Rack (fictional)',
        expiresAt: at('12-08T00:00:00'),
        place: '/en/officer/sealing/roster',
      },
    ],
  },
  'officer/attested': {
    title: 'Agreement of three authorities on AI harms (fictional)',
    documents: [
      {
        id: '0190a1b2-0000-7000-8000-000000000077',
        name: 'Agreement of three authorities on AI harms (fictional)',
        sha256: sha('a1'),
        file: '/en/officer/agreements/x/document',
        stamps: [{ at: at('12-02T10:00:00'), authority: 'CN=Invented TSA' }],
        signatures: [
          {
            file: '/en/officer/agreements/x/signatures/y',
            sha256: sha('a2'),
            signerFunction: 'Director',
            checkedBy: 'Legal counsel',
            checkedHow: 'Validation service of the trust list',
            at: at('12-02T11:00:00'),
          },
        ],
      },
    ],
    forms: [
      formModel('attachAgreementSignature', signatureForm as FormSchema, {}, [], {
        action: '/en/officer/agreements/x/signatures',
        hidden: { formToken: 'sample-form-token' },
        widgets: { file: 'file' },
      }),
    ],
  },
  'officer/import': { formToken: 'sample-form-token', faults: [] },
  'officer/import-record': { formToken: 'sample-form-token' },
  'officer/release-together': {
    answers: {
      peer: meridia.name,
      categories: ['caseSummary', 'technicalFacts'],
      count: 2,
      goes: [{ ...caseHead, because: [because('clause:2.1', 'The agreement covers it.')] }],
      stays: [
        { ...caseHead, id: 'case-2', because: [because('release:partner', 'Nobody takes part.')] },
      ],
      sent: [{ name: 'formToken', value: 'sample-form-token' }],
      canGoOn: false,
    },
  },
  'officer/search': {
    form: formModel('searchCases', searchForm as FormSchema, { words: 'lark' }, [], {
      action: '/en/officer/search',
      hidden: { formToken: 'sample-form-token' },
      widgets: { phase: 'select', peer: 'select', agreement: 'select' },
    }),
    found: {
      total: 1,
      isCut: false,
      asked: [{ name: 'words', value: 'lark' }],
      cases: [
        {
          id: 'case-1',
          ref: caseHead.ref,
          title: caseHead.title,
          phase: 'triage',
          lead: meridia,
          changedAt: at('12-02T10:00:00'),
          nextDueAt: at('12-07T00:00:00'),
        },
      ],
    },
  },
  'officer/notices': {
    form: formModel('setNotices', preferenceForm as FormSchema, {}, [], {
      action: '/en/officer/notices',
      hidden: { formToken: 'sample-form-token' },
    }),
    formToken: 'sample-form-token',
    address: 'ines@authority.example',
    waiting: {
      address: 'ines.marlow@authority.example',
      expiresAt: at('12-03T10:00:00'),
      triesLeft: 9,
      isWrongCode: true,
    },
  },
  'officer/erasures': {
    open: 1,
    overdue: 1,
    oldestAt: at('12-02T10:00:00'),
    items: [
      {
        erasureId: '0198c000-0000-7000-8000-00000000000d',
        caseId: '0198c000-0000-7000-8000-00000000000a',
        ground: 'courtOrder',
        law: 'An invented act, article 9',
        orderedBy: 'Invented court, 12/26',
        at: at('12-02T10:00:00'),
        proposedBy: 'Ines Marlow (fictional)',
        approvedBy: 'Noor Dahl (fictional)',
        events: 41,
        asked: [
          {
            releaseId: '0198c000-0000-7000-8000-00000000000b',
            recipient: { id: 'albion.example', name: 'Albion (fictional)' },
            state: 'overdue',
            dueAt: at('12-03T10:00:00'),
          },
          {
            releaseId: '0198c000-0000-7000-8000-00000000000c',
            recipient: { id: 'borduria.example', name: 'Borduria (fictional)' },
            state: 'refused',
            answeredAt: at('12-03T09:00:00'),
            ground: 'legalHold',
            law: 'Another invented act, article 4',
            receipt: { origin: 'borduria.example/ledger', leafIndex: 7, witnesses: 2 },
          },
        ],
      },
    ],
  },
  'officer/peer-logs': {
    logs: [
      {
        peer: 'Albion AI Regulator (fictional)',
        origin: 'albion.example/ledger',
        standing: 'wrong',
        treeSize: 1200,
        auditedSize: 1200,
        freshAt: at('12-02T10:00:00'),
        reachedAt: at('12-02T10:00:00'),
        witnessesReached: 2,
        isClosed: false,
        suspicions: ['rollback'],
      },
      {
        peer: 'Pacifica CERT (fictional)',
        origin: 'pacifica.example/ledger',
        standing: 'unreached',
        auditedSize: 0,
        failingSince: at('12-01T10:00:00'),
        failure: 'timeout',
        witnessesReached: 0,
        isClosed: true,
        suspicions: [],
      },
    ],
    findings: [
      {
        findingId: '8d1a4b1e-7b0f-4a3a-9c53-0c6a4f1f2d11',
        peer: 'Albion AI Regulator (fictional)',
        origin: 'albion.example/ledger',
        finding: 'unconnected',
        convicts: true,
        foundAt: at('12-02T10:00:00'),
      },
      {
        findingId: '8d1a4b1e-7b0f-4a3a-9c53-0c6a4f1f2d12',
        peer: 'Albion AI Regulator (fictional)',
        origin: 'albion.example/ledger',
        finding: 'rollback',
        convicts: false,
        foundAt: at('12-01T10:00:00'),
      },
    ],
  },
  'officer/undelivered': {
    formToken: 'sample-form-token',
    items: [
      {
        kind: 'mail',
        id: 'mail-1',
        to: 'Ines Marlow (fictional)',
        advice: 'refused',
        attempts: 1,
        endedAt: at('12-02T10:00:00'),
        isKept: true,
      },
      {
        kind: 'mail',
        id: 'mail-2',
        advice: 'unreachable',
        attempts: 10,
        endedAt: at('11-02T10:00:00'),
        isKept: false,
      },
      {
        kind: 'hook',
        id: 'hook-1',
        to: 'register',
        advice: 'privateAddress',
        attempts: 1,
        endedAt: at('12-01T10:00:00'),
        isKept: true,
      },
    ],
    isGone: true,
  },
  'officer/case-tasks': {
    case: caseHead,
    formToken: 'sample-form-token',
    tasks: [
      {
        id: 'task-1',
        title: 'Ask the provider for the training record',
        assignee: 'Ines Marlow (fictional)',
        dueOn: on('12-01'),
        isLate: true,
        setBy: 'Oskar Venn (fictional)',
        isOwn: true,
      },
      {
        id: 'task-2',
        title: 'Call the hospital',
        assignee: 'Oskar Venn (fictional)',
        isLate: false,
        setBy: 'Ines Marlow (fictional)',
        isOwn: true,
        doneAt: at('12-02T10:00:00'),
      },
    ],
    handOvers: [
      {
        id: 'h-1',
        to: albion.name,
        at: at('12-02T09:30:00'),
        by: 'Ines Marlow (fictional)',
        sha256: sha('d4'),
      },
    ],
    reports: [
      { id: 'r-1', to: albion.name, at: at('12-02T09:20:00') },
      {
        id: 'r-2',
        to: 'Sierra',
        at: at('12-02T09:10:00'),
        because: [
          {
            rule: 'csaf:report:vendor',
            text: 'what was released names the vendor of the product',
          },
        ],
      },
    ],
    letters: [
      {
        id: 'letter-1',
        subject: 'Opportunity to be heard',
        to: 'Larkspur Dialogue Ltd (invented)',
        by: 'Ines Marlow (fictional)',
        at: at('12-02T09:30:00'),
        hasPdf: false,
        sha256: sha('c3'),
      },
    ],
    notes: [
      {
        text: 'The provider answers on Monday.',
        by: 'Ines Marlow (fictional)',
        at: at('12-02T09:00:00'),
      },
    ],
    taskForm: formModel('addTask', taskForm as FormSchema, {}, [], {
      action: '/en/officer/cases/x/tasks/add',
      hidden: { formToken: 'sample-form-token' },
      choices: { assignee: [{ value: 'a', text: 'Ines Marlow (fictional)' }] },
      widgets: { assignee: 'select' },
    }),
    noteForm: formModel('addNote', noteForm as FormSchema, {}, [], {
      action: '/en/officer/cases/x/tasks/notes',
      hidden: { formToken: 'sample-form-token' },
    }),
  },
  'officer/cases': {
    filter: { text: '', phase: '', lead: '', order: 'newest' },
    phases: ['triage', 'coordination', 'enforcement', 'published'],
    leads: [meridia, albion],
    cases: [
      {
        ...caseHead,
        phase: 'coordination',
        priority: 'high',
        lead: meridia,
        openedAt: at('11-22T08:15:00'),
        changedAt: at('12-02T10:00:00'),
        isUnderEmbargo: true,
      },
      {
        id: '0190a1b2-0000-7000-8000-000000000005',
        ref: 'MER-2026-0005',
        title: 'Hiring tool marks down part-time workers',
        phase: 'triage',
        lead: albion,
        openedAt: at('12-02T08:15:00'),
        changedAt: at('12-02T08:15:00'),
        isUnderEmbargo: false,
      },
    ],
    total: 2,
  },
  'officer/intake': {
    closed: [
      {
        id: '6c2f4a52-6c0e-4c43-9a35-2d8b7a8f9c11',
        filedOn: on('11-20'),
        closedOn: on('12-01'),
      },
    ],
    filings: [
      {
        id: '5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c10',
        filedOn: on('12-02'),
        level: 'sealed-on-arrival',
        language: 'en',
        hasContact: true,
        saysRetaliation: true,
        state: 'waiting',
        acknowledgeBy: { due: { on: on('12-09') }, state: 'due' },
      },
    ],
  },
  'officer/open-report': {
    words: reportWords(loadCatalogues(LOCALES).messagesFor('en', 'officers')),
    filing: {
      id: '5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c10',
      filedOn: on('12-02'),
      level: 'sealed-on-arrival',
      sealedSizeBytes: 4380,
      sha256: sha('1f'),
      recipients: ['Ines Marlow (fictional)', 'Oskar Venn (fictional)'],
      context: {
        origin: 'meridia.example',
        formDigest: sha('2b'),
        recipientsDigest: sha('8a'),
        mode: 'sealed-on-arrival',
      },
      attachmentsAddress: '/en/officer/intake/5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c10/files',
      originalsAddress: '/en/officer/intake/x/originals',
      attachmentDigests: [],
    },
    notOpened: {
      form: formModel('sayReportNotOpened', notOpenedSchema, {}, [], {
        action: '/en/officer/intake/x/not-opened',
        idPrefix: 'not-opened',
        widgets: { why: 'radios' },
      }),
      tried: [{ name: 'Oskar Venn (fictional)', why: 'noKeyFits' }],
      closedOn: on('12-04'),
    },
    form: formModel('admitReport', admitSchema, {}, [], {
      ...admitHints('en'),
      action: '/en/officer/intake/x/admit',
    }),
  },
  'officer/case': fullCase,
  'officer/own-access': {
    roles: ['caseOfficer'],
    actions: [
      {
        action: 'workspace',
        isAllowed: true,
        withProof: [],
        because: [because('access:role', 'By role.')],
      },
      {
        action: 'administer',
        isAllowed: false,
        withProof: ['invite', 'changeRoles'],
        because: [because('role:administer', 'This needs another role.')],
      },
    ],
  },
  'officer/access': {
    case: { id: '018f3c1e-0000-7000-8000-000000000004', ref: 'MER-2026-0004', title: 'Larkspur' },
    formToken: 'sample-form-token',
    classification: 'restricted',
    purposes: ['disclosure'],
    legalOrders: ['EU'],
    proposals: [
      {
        id: '018f3c1e-0000-7000-8000-000000000044',
        act: 'classifyCase',
        because: [because('fourEyes:classification', 'A case is opened further by two persons.')],
        by: 'Rosa Quill (fictional)',
        at: at('12-02T10:00:00'),
        expiresAt: at('12-09T10:00:00'),
        digest: sha('ab'),
        facts: [{ name: 'classification', value: 'open' }],
        approve: { isAllowed: true, action: '/en/approve' },
        reject: { isAllowed: true, action: '/en/reject' },
        withdraw: {
          isAllowed: false,
          because: [because('fourEyes:notTheProposer', 'Only the proposer withdraws.')],
        },
      },
    ],
    people: [
      {
        name: 'Ines Marlow (fictional)',
        roles: ['caseOfficer'],
        sees: 'whole',
        because: [because('access:assigned', 'Assigned to the case.')],
      },
      {
        name: 'Vera Larkspur (fictional)',
        roles: ['vendor'],
        sees: 'nothing',
        because: [because('access:notAdmitted', 'Not admitted.')],
      },
    ],
    acts: [
      {
        act: 'assignOfficer',
        isAllowed: true,
        secondPerson: because('fourEyes:confidential', 'Nobody is let in by one person alone.'),
      },
      {
        act: 'decideReview',
        isAllowed: false,
        because: [because('role:decideReview', 'This needs another role.')],
      },
    ],
  },
  'officer/shared': {
    cases: [
      {
        id: '018f3c1e-0000-7000-8000-000000000004',
        ref: 'MER-2026-000004',
        title: 'Larkspur gives wrong doses',
      },
      { id: '018f3c1e-0000-7000-8000-000000000005', ref: 'MER-2026-000005' },
    ],
  },
  'officer/act-preview': {
    case: { id: '018f3c1e-0000-7000-8000-000000000004', ref: 'MER-2026-0004', title: 'Larkspur' },
    act: 'makeLetter',
    action: '/en/officer/cases/018f3c1e-0000-7000-8000-000000000004/acts/makeLetter',
    back: '/en/officer/cases/018f3c1e-0000-7000-8000-000000000004/acts/makeLetter/preview',
    sent: [{ name: 'formToken', value: 'x' }],
    letter: {
      blocks: letterBlocks({
        from: 'Meridia AI Safety Authority (fictional)',
        to: ['Larkspur Dialogue Ltd (invented)', '1 Invented Square'],
        date: '2026-11-22',
        ref: 'MER-2026-ABC123',
        subject: 'Opportunity to be heard',
        paragraphs: ['You may be heard.', 'يمكنك الرد.'],
        signedBy: 'Iris Quill (invented)',
        language: 'en',
      }),
      hasPdf: false,
    },
    view: { letters: [{ subject: 'Opportunity to be heard', madeAt: at('12-02T10:00:00') }] },
  },
  'officer/answers': {
    case: { id: '018f3c1e-0000-7000-8000-000000000004', ref: 'MER-2026-0004', title: 'Larkspur' },
    answers: [
      {
        statementId: '5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c13',
        by: 'Larkspur Dialogue Ltd (invented)',
        capacity: 'vendor',
        kind: 'report',
        filedAt: at('12-03T10:00:00'),
        text: 'We look into it.\nA fix follows.',
        acknowledges: true,
        fixOn: on('12-20'),
        sha256: 'ab'.repeat(32),
      },
    ],
  },
  'officer/shared-exhibit': {
    name: 'Transcript (invented)',
    purpose: 'To prepare the defence.',
    back: '/en/officer/shared',
    parts: [{ part: 0, text: 'How do I hide it?' }, { part: 1 }],
  },
  'officer/shared-case': {
    ref: 'MER-2026-000004',
    view: {
      summary: {
        title: 'Larkspur gives wrong doses',
        phase: 'enforcement',
        openedAt: at('12-02T10:00:00'),
      },
      hearings: [
        {
          measure: 'correctiveOrder',
          opensAt: at('12-02T10:00:00'),
          endsAt: at('12-16T10:00:00'),
          isOpen: true,
        },
      ],
      measures: [
        {
          measure: 'warning',
          basis: 'Invented Act on Automated Systems, art. 5',
          takenAt: at('12-02T10:00:00'),
        },
      ],
      advisories: [
        { trackingId: 'MER-2026-1', title: 'Wrong doses', publishedAt: at('12-02T10:00:00') },
      ],
      embargo: { state: 'active', until: at('12-16T10:00:00') },
      letters: [
        {
          subject: 'Opportunity to be heard',
          madeAt: at('12-02T10:00:00'),
          docx: '/en/officer/guest/x/letters/y/docx',
          pdf: '/en/officer/guest/x/letters/y/pdf',
        },
      ],
      notices: [
        {
          sentAt: at('12-02T10:00:00'),
          categories: ['caseFacts'],
          recipients: ['Norrland AI Office (fictional)'],
          challenges: [
            {
              openedAt: at('12-03T10:00:00'),
              state: 'upheld',
              reason: 'Late.',
              remedy: 'Deleted.',
            },
          ],
        },
      ],
      handOvers: [
        {
          recipient: 'Norrland AI Office (fictional)',
          madeAt: at('12-02T10:00:00'),
          purpose: 'coordination',
          contents: [{ category: 'caseFacts', text: 'Wrong doses' }],
          duties: [{ text: 'Delete it then.', dueAt: at('12-16T10:00:00') }],
        },
      ],
      answers: [
        {
          statementId: '5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c13',
          filedAt: at('12-03T10:00:00'),
          text: 'We look into it.',
          acknowledges: true,
          fixOn: '2026-12-20',
          sha256: 'ab'.repeat(32),
          receipt: '/en/officer/guest/x/answers/y/receipt',
        },
      ],
    },
    answer: {
      form: formModel('answerReport', ANSWER_FORMS.report as FormSchema, {}, [], {
        action: '/en/officer/guest/5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c10/answer',
        widgets: { text: 'textarea' },
      }),
      dueAt: at('12-16T10:00:00'),
      refusedNow: [because('statement:nothingSaid', 'nothing is said')],
    },
    filed: '5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c13',
    wholeCaseId: '018f3c1e-0000-7000-8000-000000000004',
    ...sampleSeat,
    guest: { linkId: '5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c10', until: at('12-16T10:00:00') },
  },
  'officer/guest': {
    linkId: '5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c10',
    failure: 'wrong',
    hasLeftCase: true,
  },
  'officer/guests': {
    case: { id: '018f3c1e-0000-7000-8000-000000000004', ref: 'MER-2026-0004', title: 'Larkspur' },
    guests: [
      {
        person: '5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c11',
        name: 'Guest of a ministry (fictional)',
        sees: ['summary', 'hearing'],
        admittedBy: 'Ines Marlow (fictional)',
        admittedAt: at('12-02T10:00:00'),
        until: at('12-16T10:00:00'),
        state: 'open',
        views: [at('12-04T10:00:00'), at('12-03T10:00:00')],
      },
    ],
    admit: {
      act: 'admitGuest',
      isAllowed: false,
      because: [because('guest:confidentialCase', 'The case is confidential.')],
    },
    remove: { act: 'removePerson', isAllowed: true },
  },
  'officer/release-preview': releasePreviewSample,
  'officer/redact': askToRedact,
  'officer/why': {
    case: caseHead,
    act: 'releaseToPeer',
    subject: 'Minimised case to the Albion Algorithm Inspectorate (fictional)',
    decision: 'permit',
    because: released.because,
    inputs: [
      { name: 'Purpose', value: released.purpose, from: 'officer' },
      { name: 'Agreement', value: 'ring-of-three 1.0.0', from: 'agreements in force' },
    ],
    steps: [],
    duties: ['Delete when the case is closed', 'No onward transfer'],
    at: released.at,
    by: ines,
    version: 6,
    stage: 'signed',
  },
  'officer/act': {
    case: caseHead,
    form: formModel('releaseToPeer', releaseSchema, {}, [], releaseOptions),
    secondPerson: because('fourEyes:confidential', 'Nobody is let in by one person alone.'),
  },
  'officer/done': { case: caseHead, act: 'sendNotice', code: 'AB12-CD34-EF56-GH78' },
  'officer/exhibit-file': {
    case: caseHead,
    take: { isAllowed: true, action: '/en/officer/cases/x/files' },
    formToken: 'sample-form-token',
    maxBytes: 10 * 1024 ** 3,
    purpose: '',
  },
  'officer/exhibit': {
    case: caseHead,
    id: '0190a1b2-0000-7000-8000-0000000000f1',
    name: 'server logs.txt',
    mediaType: 'text/plain',
    origin: 'received',
    sealed: { sizeBytes: 5_001_220_900, sha256: sha('a1') },
    plaintext: { sizeBytes: 5_000_000_000, sha256: sha('b2') },
    isDestroyed: false,
    arrived: { from: 'Albion Office for AI (fictional)', answer: 'open' },
    custody: [
      {
        at: at('11-22T12:00:00'),
        event: 'received',
        by: { kind: 'peer', name: 'Albion Office for AI (fictional)' },
        purpose: 'release r1',
        sha256: sha('a1'),
      },
      {
        at: at('11-24T12:00:00'),
        event: 'previewed',
        by: { kind: 'guest' },
        purpose: 'To decide the case.',
        sha256: sha('a1'),
        capacity: 'guest',
      },
    ],
    download: {
      isAllowed: false,
      because: [because('access:stepUpNeeded', 'Prove anew who you are.')],
    },
    preview: { isAllowed: true, action: '/en/officer/cases/x/exhibits/y/preview' },
    mayScrub: true,
    formToken: 'sample-form-token',
    shown: { detected: [], isOther: false, text: '<b>not bold</b>\n', isWhole: false },
  },
  'officer/package': {
    case: caseHead,
    action: '/en/officer/cases/x/package',
    register: { isAllowed: true, action: '/en/officer/cases/x/register' },
    formToken: 'sample-form-token',
    events: 41,
    waiting: 2,
  },
  'officer/agreement': {
    id: '0190a1b2-0000-7000-8000-000000000077',
    title: 'Agreement of three authorities on AI harms (fictional)',
    state: 'suspended',
    version: 1,
    sha256: sha('a1'),
    since: at('01-10T09:00:00'),
    validFromAt: at('01-10T00:00:00'),
    reviewAt: at('11-30T23:00:00'),
    sunsetAt: at('12-31T23:00:00'),
    parties: [
      {
        ...{ name: meridia.name, hasSigned: true, isSimulated: true, bySilence: false },
        signedAt: at('01-09T09:00:00'),
      },
      { name: albion.name, hasSigned: true, isSimulated: false, bySilence: true },
    ],
    waiting: {
      version: 2,
      sha256: sha('a3'),
      offeredBy: albion.name,
      offeredAt: at('06-01T09:00:00'),
      signBy: at('07-01T09:00:00'),
      rapid: true,
      reason: 'A new language is read here.',
      parties: [{ name: albion.name, hasSigned: false, isSimulated: false, bySilence: false }],
      changes: [{ where: 'languageRule', effect: 'somethingElse', text: 'Requests in French.' }],
    },
    suspensions: [
      {
        party: albion.name,
        code: 'keysCompromised',
        reason: 'A key was copied.',
        reviewAt: at('06-20T09:00:00'),
        clauses: ['4.1', '4.2'],
      },
    ],
    retirement: {
      party: meridia.name,
      reason: 'The law has changed.',
      endsAt: at('12-01T00:00:00'),
      clauses: ['7.1'],
    },
    departures: [
      {
        party: albion.name,
        reason: 'A new statute (invented).',
        endsAt: at('12-01T09:00:00'),
        hasLeft: false,
        clauses: ['4.1'],
      },
    ],
    disputes: [
      {
        clause: '4.1',
        openedBy: albion.name,
        openedAt: at('06-02T09:00:00'),
        reason: 'More was sent than the clause permits.',
        suspendsClause: true,
        steps: [
          { before: 'liaison officers', dueAt: at('06-12T09:00:00'), outcome: 'No result.' },
          { before: 'heads of the authorities', dueAt: at('07-02T09:00:00') },
        ],
      },
      {
        clause: '5.1',
        openedBy: meridia.name,
        openedAt: at('03-02T09:00:00'),
        reason: 'Late answers.',
        suspendsClause: false,
        steps: [],
        resolution: { outcome: 'settled', reason: 'Answers come within the period again.' },
      },
    ],
    carveOuts: [{ ground: 'nationalSecurity', count: 2 }],
    clauses: [
      {
        id: '4.1',
        kind: 'permitRelease',
        text: 'A party may release summaries of its cases.',
        isHeld: true,
        data: [{ name: 'categories', value: 'caseSummary, technicalFacts' }],
      },
      { id: '1.1', kind: 'statement', text: 'Requests are in English.', isHeld: false, data: [] },
    ],
    findings: [
      {
        severity: 'warning',
        where: 'clauses/4.1',
        text: 'Nothing can ever leave by this clause.',
        source: 'Invented Act, art. 1',
      },
    ],
    acts: [
      { name: 'resumeAgreement', href: '/en/officer/agreements/x/acts/resumeAgreement' },
      {
        name: 'signAgreement',
        href: '/en/officer/agreements/x/acts/signAgreement',
        because: [because('agreement:alreadySigned', 'meridia.example has signed already')],
      },
    ],
    versions: [{ version: 1, sha256: sha('a1'), since: at('01-10T09:00:00'), changes: [] }],
    comments: [
      { at: at('01-01T09:00:00'), by: { kind: 'officer', name: 'Officer A' }, text: 'Fine.' },
    ],
    history: [
      {
        at: at('06-02T09:00:00'),
        by: { kind: 'peer', name: albion.name },
        type: 'agreementStepRefused',
        party: albion.name,
        because: [because('agreement:keyRevoked', 'signed with a key that its node has revoked')],
      },
      {
        at: at('06-01T09:00:00'),
        by: { kind: 'officer', name: 'Officer A' },
        type: 'agreementSuspended',
        party: meridia.name,
        text: 'A key was copied.',
      },
    ],
  },
  'officer/agreement-act': {
    form: formModel(
      'suspendAgreement',
      findAgreementAct('suspendAgreement')?.input as FormSchema,
      {},
      [],
      {
        action: '/en/officer/agreements/x/acts/suspendAgreement',
        hidden: { formToken: 'sample-form-token' },
        choices: { clauses: [{ value: '4.1', text: '4.1 A party may release summaries.' }] },
      },
    ),
    about: 'Agreement of three authorities on AI harms (fictional)',
    back: '/en/officer/agreements/x',
    hurts: true,
  },
  'officer/agreement-text': sampleAgreementText,
  'officer/agreements': {
    agreements: [
      {
        id: '0190a1b2-0000-7000-8000-000000000077',
        title: 'Agreement of three authorities on AI harms (fictional)',
        version: 1,
        sha256: sha('a1'),
        state: 'signing',
        parties: [
          { name: meridia.name, hasSigned: true },
          { name: albion.name, hasSigned: false },
        ],
        sunsetAt: at('12-31T23:00:00'),
        sign: { isAllowed: true, action: '/en/officer/agreements/x/sign' },
      },
      {
        id: '0190a1b2-0000-7000-8000-000000000078',
        title: 'An earlier agreement (fictional)',
        version: 1,
        sha256: sha('a2'),
        state: 'retired',
        parties: [{ name: meridia.name, hasSigned: true }],
        sunsetAt: at('01-31T23:00:00'),
        sign: {
          isAllowed: false,
          because: [because('agreement:alreadySigned', 'meridia.example has signed already')],
        },
      },
    ],
    formToken: 'sample-form-token',
    simulated: true,
  },
  'officer/people': {
    people: [
      {
        id: 'meridia-ines',
        name: 'Ines Marlow (fictional)',
        roles: ['caseOfficer', 'liaison'],
        state: 'active',
        isAbsent: false,
        isOnDuty: true,
      },
      {
        id: 'meridia-oskar',
        name: 'Oskar Venn (fictional)',
        roles: ['reviewer'],
        state: 'leaving',
        isAbsent: true,
        isOnDuty: false,
      },
    ],
    isOpenToReader: true,
    mayInvite: true,
    controls: [
      { act: 'setLiaisonTerm', isAllowed: true, href: '/en/officer/people-acts/setLiaisonTerm' },
      {
        act: 'declareConflictOf',
        isAllowed: false,
        because: [because('role:declareConflictOf', 'this needs one of these roles: oversight')],
      },
    ],
    gaps: [{ fromAt: at('12-04T08:00:00'), untilAt: at('12-04T16:00:00'), why: 'noShift' }],
    terms: [
      {
        fromAt: at('01-01T00:00:00'),
        untilAt: at('12-20T00:00:00'),
        officer: 'Ines Marlow (fictional)',
        peer: albion.name,
        isWanting: true,
        controls: [
          { act: 'nameSuccessor', isAllowed: true, href: '/en/officer/people-acts/nameSuccessor' },
          {
            act: 'rotateLiaison',
            isAllowed: false,
            because: [because('people:noSuccessor', 'name who follows first')],
          },
        ],
      },
    ],
    lookedUntil: at('12-10T09:30:00'),
  },
  'officer/person': {
    id: 'meridia-oskar',
    name: 'Oskar Venn (fictional)',
    roles: ['reviewer'],
    state: 'leaving',
    history: [
      { at: at('12-01T09:00:00'), by: 'Ada Root (fictional)', what: 'leaving', ground: 'moves' },
      {
        at: at('11-01T09:00:00'),
        by: 'Ada Root (fictional)',
        what: 'enrolled',
        roles: ['reviewer'],
      },
    ],
    absences: [
      {
        fromAt: at('12-01T00:00:00'),
        untilAt: at('12-09T00:00:00'),
        end: { act: 'endAbsence', isAllowed: true, href: '/en/officer/people-acts/endAbsence' },
      },
    ],
    delegations: [sampleDelegation],
    conflicts: [
      {
        declaredAt: at('11-20T10:00:00'),
        end: {
          act: 'withdrawConflict',
          isAllowed: false,
          because: [because('people:ownConflict', 'somebody else must confirm it')],
        },
      },
    ],
    openWork: [{ kind: 'task', count: 2 }],
    openable: 3,
    leaving: { startedAt: at('12-01T09:00:00'), startedBy: 'Ada Root (fictional)' },
    controls: [
      { act: 'handOverWork', isAllowed: true, href: '/en/officer/people-acts/handOverWork' },
      {
        act: 'finishLeaving',
        isAllowed: false,
        because: [because('people:workOpen', '2 things are still in this person’s hands')],
      },
    ],
  },
  'officer/my-standing': {
    conflicts: [
      {
        kind: 'operator',
        subject: 'Larkspur Dialogue (fictional)',
        ground: 'family',
        declaredAt: at('11-20T10:00:00'),
      },
    ],
    absences: [
      {
        fromAt: at('12-21T00:00:00'),
        untilAt: at('12-31T00:00:00'),
        end: { act: 'endAbsence', isAllowed: true, href: '/en/officer/people-acts/endAbsence' },
      },
    ],
    given: [sampleDelegation],
    got: [],
    shifts: [
      {
        fromAt: at('12-03T16:00:00'),
        untilAt: at('12-04T08:00:00'),
        state: 'offered',
        controls: [
          { act: 'acceptDuty', isAllowed: true, href: '/en/officer/people-acts/acceptDuty' },
        ],
      },
    ],
    controls: [
      { act: 'declareConflict', isAllowed: true, href: '/en/officer/people-acts/declareConflict' },
    ],
  },
  'officer/duty': {
    onDuty: 'Ines Marlow (fictional)',
    isHandOverDue: true,
    shifts: [
      {
        fromAt: at('12-03T08:00:00'),
        untilAt: at('12-03T16:00:00'),
        officer: 'Oskar Venn (fictional)',
        state: 'planned',
        controls: [
          {
            act: 'acceptDuty',
            isAllowed: false,
            because: [because('people:notYourShift', 'the shift is somebody else’s')],
          },
        ],
      },
    ],
    gaps: [{ fromAt: at('12-04T08:00:00'), untilAt: at('12-04T16:00:00'), why: 'personAbsent' }],
    controls: [{ act: 'planShift', isAllowed: true, href: '/en/officer/people-acts/planShift' }],
    emergency: [{ name: albion.name, phone: '+44 20 7946 0000', hours: '24/7' }],
    form: formModel('setEmergencyContact', emergencyInput as FormSchema, {}, [], {
      action: '/en/officer/duty/emergency',
      hidden: { formToken: 'sample-form-token' },
    }),
  },
  'officer/people-act': {
    form: formModel('setAbsence', findPeopleAct('setAbsence')?.input as FormSchema, {}, [], {
      action: '/en/officer/people-acts/setAbsence',
      hidden: { formToken: 'sample-form-token' },
    }),
    back: '/en/officer/me',
    refusedNow: [because('people:overlapping', 'an absence is set for part of that time')],
  },
  'officer/contacts': {
    question: 'cert',
    mayKeep: true,
    contacts: [
      {
        id: 'sample-cert',
        kind: 'cert',
        name: 'Invented Computer Emergency Team (fictional)',
        country: 'BE',
        hours: '24/7',
        verifiedOn: on('11-30'),
      },
      { id: 'sample-vendor', kind: 'vendor', name: 'Larkspur Dialogue (fictional)', country: 'IE' },
    ],
  },
  'officer/contact': {
    id: 'sample-cert',
    version: 2,
    name: 'Invented Computer Emergency Team (fictional)',
    kind: 'cert',
    facts: [
      { field: 'country', text: 'BE', isLink: false },
      { field: 'phone', text: '+32 2 555 01 23', isLink: false },
      { field: 'web', text: 'https://cert.example/', isLink: true },
    ],
    verified: { on: on('11-30'), by: 'Ines Marlow (fictional)' },
    history: [
      { version: 2, change: 'verified', at: at('11-30T10:00:00'), by: 'Ines Marlow (fictional)' },
      { version: 1, change: 'added', at: at('11-22T10:00:00'), by: 'Oskar Venn (fictional)' },
    ],
    keep: { isAllowed: true },
    formToken: 'sample-form-token',
  },
  'officer/contact-form': {
    form: formModel('addContact', contactInput as FormSchema, {}, [], {
      action: '/en/officer/contacts/add',
      hidden: { formToken: 'sample-form-token' },
      widgets: { notes: 'textarea' },
    }),
    refusedNow: [because('people:noChannel', 'an entry names at least one way to reach them')],
  },
  'officer/law': {
    packs: [
      {
        id: 'law.invented',
        title: 'Invented Act on Automated Systems (fictional)',
        jurisdiction: 'EU',
        version: '0.3.0',
        validFrom: on('11-01'),
        isInUse: true,
        sha256: sha('77'),
        signers: [{ name: 'Ines Marlow (fictional)', simulated: true }],
      },
      {
        id: 'law.other',
        title: 'Invented Regulations (fictional)',
        jurisdiction: 'GB',
        version: '0.1.0',
        validFrom: on('11-01'),
        isInUse: false,
        sha256: sha('78'),
        signers: [],
        because: [
          because('law:two-officers', 'The second sign-off must come from another officer.'),
        ],
      },
    ],
  },
  'officer/law-pack': {
    pack: inventedPack,
    signers: [
      {
        name: 'Ines Marlow (fictional)',
        at: at('10-01T08:00:00'),
        simulated: true,
        excepted: ['invented.act/final'],
      },
    ],
    signOff: { isAllowed: true, action: '/en/officer/law/law.invented/0.3.0/sign-off' },
    codeControl: { isAllowed: true, action: '/en/officer/law/law.invented/0.3.0/code' },
    code: { text: 'ABCD-EFGH-JKLM-NPQR', expiresAt: at('12-03T09:40:00') },
    command: 'comity law sign-off FOLDER --door https://desk.meridia.example --code CODE',
    formToken: 'sample-form-token',
    simulated: true,
  },
  'officer/law-effect': {
    pack: { id: 'law.invented', title: 'Invented legal order (fictional)', version: '0.3.0' },
    run: {
      state: 'running',
      startedAt: at('12-03T09:00:00'),
      ...{ total: 1200, looked: 800, changed: 31, decided: 40, lost: 2, unread: 1 },
      counts: [
        { kind: 'earlier', count: 30 },
        { kind: 'competence', count: 1 },
      ],
    },
    cases: [{ id: 'case-1', title: 'Companion bot (fictional)', kinds: ['earlier', 'competence'] }],
    hidden: 3,
    next: `/en/officer/law/law.invented/0.3.0/effect?after=case-1`,
    start: { isAllowed: true, action: '/en/officer/law/law.invented/0.3.0/effect' },
    formToken: 'sample-form-token',
  },
  'oversight/decisions': {
    from: at('11-01T00:00:00'),
    until: at('12-03T09:30:00'),
    acts: [
      { act: 'releaseToPeer', permitted: 63, refused: 9 },
      { act: 'decidePriority', permitted: 40, refused: 0 },
    ],
    refusals: [{ rule: 'clause:4.2', count: 7 }],
    clocks: { met: 88, overdue: 1, running: 12 },
  },
  ...OVERSIGHT_MODELS,
  ...SAFE_HARBOUR_MODELS,
  'error/problem': { status: 404, code: 'not-found', because: [] },
}

type Variant = {
  [P in PageName]: { readonly page: P; readonly name: string; readonly model: PageModels[P] }
}[PageName]

export const PAGE_VARIANTS: readonly Variant[] = [
  ...SEALING_VARIANTS,
  ...OVERSIGHT_VARIANTS,
  ...SAFE_HARBOUR_VARIANTS,
  { page: 'officer/case', name: 'empty', model: emptyCase },
  {
    page: 'officer/cases',
    name: 'empty',
    model: { ...sampleModels['officer/cases'], cases: [], total: 0 },
  },
  {
    page: 'officer/cases',
    name: 'no-match',
    model: {
      ...sampleModels['officer/cases'],
      cases: [],
      filter: { text: 'nothing', phase: 'triage', lead: '', order: 'newest' },
    },
  },
  {
    page: 'officer/done',
    name: 'exhibit',
    model: {
      case: caseHead,
      act: 'openExhibit',
      parts: [{ part: 0, text: '{ "speaker": "user", "text": "Hello" }' }, { part: 1 }],
    },
  },
  {
    page: 'officer/package',
    name: 'refused',
    model: {
      ...sampleModels['officer/package'],
      refused: [
        because('evidence:sealedReceipt', '2 entries wait for the cosignatures of the witnesses'),
      ],
    },
  },
  {
    page: 'officer/sign-in',
    name: 'link',
    model: {
      methods: ['oneTime'],
      link: { secret: 'ab'.repeat(32), name: 'Ines Marlow (fictional)', roles: ['caseOfficer'] },
    },
  },
  { page: 'officer/intake', name: 'empty', model: { filings: [], closed: [] } },
  {
    page: 'officer/account',
    name: 'noCalendarPassword',
    model: {
      ...sampleModels['officer/account'],
      failure: 'calendar',
      needsStepUp: true,
      calendar: {
        address: 'http://127.0.0.1:8443/calendar/clocks.ics',
        user: '0b7cbb5a-3a52-4a3a-9a7c-5f1f3f1f8a01',
        make: {
          isAllowed: false,
          because: [{ rule: 'access:stepUpNeeded', text: 'this act needs a fresh proof' }],
        },
      },
    },
  },
  { page: 'officer/sign-in', name: 'none', model: { methods: [] } },
  {
    page: 'officer/sign-in',
    name: 'expired',
    model: {
      methods: ['passkey'],
      providers: [{ id: 'staff', name: 'Staff sign-in (fictional)' }],
      failure: 'failed',
    },
  },
  {
    page: 'officer/act',
    name: 'errors',
    model: {
      case: caseHead,
      form: formModel(
        'releaseToPeer',
        releaseSchema,
        { recipient: 'albion.example', reason: 'short', deleteOn: '2026-02-30' },
        [
          { field: 'categories', reason: 'required' },
          { field: 'reason', reason: 'tooShort', limit: 10 },
          { field: 'deleteOn', reason: 'date' },
        ],
        releaseOptions,
      ),
    },
  },
  {
    page: 'officer/act',
    name: 'refused',
    model: {
      case: caseHead,
      form: formModel('releaseToPeer', releaseSchema, {}, [], {
        ...releaseOptions,
        decision: refusedNow('agreement:inForce', 'No agreement with this authority is in force.'),
      }),
    },
  },
  {
    page: 'officer/why',
    name: 'refused',
    model: {
      ...sampleModels['officer/why'],
      decision: 'refuse',
      why: 'categoryNotCovered',
      because: [because('clause:4.2', 'The agreement forbids release of a reporter’s contact.')],
      duties: [],
      steps: [{ on: on('12-01'), text: 'the day of the decision' }],
    },
  },
  {
    page: 'officer/release-together',
    name: 'form',
    model: {
      form: formModel('releaseTogether', releaseTogetherForm as FormSchema, {}, [], {
        action: '/en/officer/release-together',
        hidden: { formToken: 'sample-form-token' },
        choices: { cases: [{ value: '{"caseId":"case-1"}', text: caseHead.title }] },
      }),
      offered: 200,
    },
  },
  { page: 'officer/release-together', name: 'empty', model: {} },
  {
    page: 'officer/release-together',
    name: 'done',
    model: { done: { peer: meridia.name, cases: [caseHead] } },
  },
  {
    page: 'reporter/basic',
    name: 'errors',
    model: sampleBasicReport({ title: '', whatHappened: 'x', isPublic: 'no' }, [
      { field: 'title', reason: 'required' },
      { field: 'whatHappened', reason: 'tooShort', limit: 10 },
    ]),
  },
  {
    page: 'reporter/sign-in',
    name: 'wrong',
    model: { ...sampleModels['reporter/sign-in'], failure: 'malformed' },
  },
  ...importRecordVariants,
  {
    page: 'officer/import',
    name: 'faults',
    model: {
      formToken: 'sample-form-token',
      faults: [{ row: 3, column: 'title', why: 'formula' }],
      mapping: {
        draftId: 'd-1',
        kind: 'case',
        rows: 12,
        columns: ['no', 'title'],
        fields: [{ field: 'key', isRequired: true, column: 'no' }],
        trial: { fresh: 11, known: 1 },
      },
      done: { added: 1, known: 0, refused: 0 },
    },
  },
  { page: 'officer/case-law', name: 'empty', model: emptyCaseLaw },
  ...exhibitVariants(sampleModels['officer/exhibit']),
  ...sharedExhibitVariants(sampleModels['officer/shared-exhibit']),
  { page: 'officer/redact', name: 'refused', model: refusedToRedact },
  { page: 'officer/redact', name: 'mark', model: markRecord },
  { page: 'officer/redact', name: 'marksMissing', model: marksMissing },
  { page: 'officer/redact', name: 'markPages', model: markPages },
  { page: 'officer/redact', name: 'previewCopy', model: previewCopy },
  { page: 'officer/redact', name: 'previewPages', model: previewPages },
  { page: 'officer/redact', name: 'compare', model: compareCopy },
  { page: 'officer/redact', name: 'comparePages', model: comparePages },
  { page: 'officer/release-preview', name: 'oneAuthority', model: oneAuthorityPreview },
  { page: 'officer/release-preview', name: 'nobody', model: nobodyToPreview },
  {
    page: 'officer/act-preview',
    name: 'release',
    model: {
      case: caseHead,
      act: 'releaseToPeer',
      action: '/en/officer/cases/case-1/acts/releaseToPeer',
      back: '/en/officer/cases/case-1/acts/releaseToPeer/preview',
      sent: [],
      release: filledInRelease,
    },
  },
  { page: 'officer/case-gaps', name: 'empty', model: emptyCaseGaps },
  { page: 'officer/case-board', name: 'empty', model: emptyCaseBoard },
  { page: 'officer/case-joint', name: 'empty', model: emptyCaseJoint },
  { page: 'officer/case-rights', name: 'empty', model: emptyCaseRights },
  { page: 'officer/records-requests', name: 'empty', model: emptyRecordsRequests },
  {
    page: 'officer/clocks',
    name: 'empty',
    model: {
      formToken: 'sample-form-token',
      filter: { legalOrder: 'EU', state: 'due', isComplete: true },
      legalOrders: ['EU'],
      states: ['due'],
      others: [],
      clocks: [],
    },
  },
  {
    page: 'officer/release-duties',
    name: 'empty',
    model: {
      formToken: 'sample-form-token',
      filter: { side: '', state: 'breached' },
      sides: ['owedByUs', 'owedToUs'],
      states: ['breached'],
      duties: [],
    },
  },
  {
    page: 'officer/my-work',
    name: 'empty',
    model: {
      formToken: 'sample-form-token',
      tasks: [],
      deadlines: [],
      waiting: [],
      proposals: [],
      duties: [],
      dues: [],
    },
  },
  {
    page: 'public/advisories',
    name: 'empty',
    model: advisoriesModel([], textFilter({}), true),
  },
  {
    page: 'officer/act-preview',
    name: 'public-text',
    model: {
      case: { id: 'case-1', ref: caseHead.ref, title: caseHead.title },
      act: 'draftAdvisory',
      action: '/en/officer/cases/x/acts/draftAdvisory',
      back: '/en/officer/cases/x/acts/draftAdvisory/preview',
      sent: [{ name: 'title', value: 'x' }],
      publicText: { text: sampleAdvisoryText, isDemonstration: true },
    },
  },
  { page: 'public/agreements', name: 'empty', model: { agreements: [] } },
  {
    page: 'public/log',
    name: 'new',
    model: {
      cosigners: [{ name: 'witness.example/witness', isOutsideParty: true }],
      quorum: { needed: 1, reached: false, rule: 'witness.example' },
    },
  },
  {
    page: 'error/problem',
    name: '403',
    model: {
      status: 403,
      code: 'not-allowed',
      because: [because('role:proposeOrder', 'This act needs the role of case officer.')],
    },
  },
  {
    page: 'error/problem',
    name: '400',
    model: { status: 400, code: 'malformed', field: 'title', because: [] },
  },
  { page: 'error/problem', name: '413', model: { status: 413, code: 'too-large', because: [] } },
  {
    page: 'error/problem',
    name: '429',
    model: { status: 429, code: 'busy', because: [], retryAt: at('12-03T10:00:00') },
  },
  {
    page: 'error/problem',
    name: '500',
    model: { status: 500, code: 'internal', because: [], traceId: '7f3a19' },
  },
  {
    page: 'error/problem',
    name: '503',
    model: { status: 503, code: 'unavailable', because: [], retryAt: at('12-03T10:00:00') },
  },
]
