import assert from 'node:assert/strict'
import path from 'node:path'
import test from 'node:test'
import { Value } from '@sinclair/typebox/value'
import { libraryHolidays, loadLawPacks } from '../../../adapters/law-packs.ts'
import type { CaseAct } from '../../../app/act.ts'
import { caseActs, findCaseAct } from '../../../app/acts.ts'
import type { Json } from '../../../base/canonical-json.ts'
import { addMs, DAY_MS, instant } from '../../../base/time.ts'
import { agreementFromModel } from '../../../core/agreement/agreement-model.ts'
import type { AssistanceRequest } from '../../../core/assistance/request.ts'
import { afterEvents, type CaseEvent, type CaseState, noCase } from '../../../core/case/case.ts'
import type { Acting } from '../../../core/case/recorded.ts'
import { inviteParticipant } from '../../../core/disclosure/consent.ts'
import { proposeEmbargo, setEmbargoEnd } from '../../../core/disclosure/embargo-start.ts'
import { addParticipant, leaveEmbargo } from '../../../core/disclosure/participant.ts'
import { acceptReport, receiveReport, validateReport } from '../../../core/disclosure/report.ts'
import {
  agreeDecisionTree,
  openHearing,
  receiveRepresentation,
  skipRung,
  warn,
} from '../../../core/enforcement/climb-ladder.ts'
import { proposeOrder } from '../../../core/enforcement/decide-measure.ts'
import { nameOperator } from '../../../core/enforcement/operator.ts'
import { redactExhibit, sealExhibit } from '../../../core/evidence/decide-evidence.ts'
import { computeClocks, recordClockEvent, recordFacts } from '../../../core/law/case-law.ts'
import { challengeNotice, recordAffectedPerson, sendNotice } from '../../../core/rights/notice.ts'
import { openReview } from '../../../core/rights/review.ts'
import { reportFromPortal } from '../../../core/triage/portal-report.ts'
import { computePriority, decidePriority } from '../../../core/triage/priority.ts'
import { assignTaxonomy } from '../../../core/triage/taxonomy.ts'
import { admitReport } from '../../../core/triage/triage.ts'
import { disclosureRing, enforcementTree } from '../../../wire/model-agreements.ts'
import {
  cisaCoordinatorTable,
  crosswalks,
  decisionTables,
  vocabularies,
} from '../../../wire/vocabulary.ts'
import type { FormSchema } from '../../form/field-spec.ts'
import { type FieldModel, formModel, type RawValues } from '../../form/form-model.ts'
import { readForm } from '../../form/read-form.ts'
import { loadCatalogues } from '../../messages.ts'
import type { HintContext } from './hint-context.ts'
import { actHints } from './hints-of-act.ts'
import { readRedactions } from './redactions.ts'

const root = path.join(import.meta.dirname, '../../../..')
const packs = loadLawPacks(path.join(root, 'law'))
const { has } = loadCatalogues(path.join(root, 'locales')).messagesFor('en', 'officers')

const now = instant('2026-11-22T09:00:00.000Z')
const ines: Acting = { officer: 'ines', roles: ['caseOfficer'], authority: 'meridia.example', now }
const later: Acting = { ...ines, now: addMs(now, 30 * DAY_MS) }
const sha = (seed: string) => seed.repeat(64).slice(0, 64)

/** The state after decisions that must be permitted, each made on the state before it. */
type Decide = (
  state: CaseState,
) =>
  | { readonly decision: 'permit'; readonly value: readonly CaseEvent[] }
  | { readonly decision: 'refuse'; readonly why: string }

function after(start: CaseState, acting: Acting, ...steps: readonly Decide[]): CaseState {
  return steps.reduce((state, decide) => {
    const decision = decide(state)
    assert.equal(decision.decision, 'permit', JSON.stringify(decision))
    return decision.decision === 'permit' ? afterEvents(state, decision.value, acting) : state
  }, start)
}
const happened =
  (...value: CaseEvent[]) =>
  () =>
    ({ decision: 'permit', value }) as const

const report = reportFromPortal({
  reportId: 'r-1',
  language: 'en',
  title: 'The companion tells minors how to hide self-harm',
  description: 'Shown in nine of twelve accounts.',
  developers: ['Larkspur Dialogue Ltd (invented)'],
  deployers: [],
  artifacts: [{ kind: 'System', name: 'Larkspur Companion' }],
  references: [],
  reportedOn: '2026-11-20',
  isPublic: false,
})
const own = { participant: 'meridia.example' }
const terms = { until: addMs(now, 20 * DAY_MS), zone: 'Europe/Brussels' }
const opened = { type: 'caseOpened', title: 'A case', kinds: [], filedOn: null } as const

const admitted = after(
  noCase,
  ines,
  happened({ ...opened, lead: 'meridia.example', leadCaseId: null }),
  ({ disclosure }) => receiveReport(disclosure, { ...own, roles: ['coordinator'] }, ines),
  ({ triage }) => admitReport(triage, { report, filingId: 'f-1' }, ines),
)

const document = agreementFromModel(disclosureRing, {
  id: 'agreement-1',
  parties: ['meridia', 'albion', 'sierra'].map((name) => ({
    node: `${name}.example`,
    name,
    legalOrder: 'EU',
    messageKeys: [],
  })),
  quorum: '',
  validFromAt: now,
  sunsetAt: addMs(now, 900 * DAY_MS),
})
const ref = { id: document.id, version: 1, digest: sha('a') }
const request = {
  requestId: 'request-1',
  type: 'info',
  requestingAuthority: 'albion.example',
  requestedAuthority: 'meridia.example',
  subject: { classification: 'Harm to minors', provision: '1.1', facts: 'seen here too' },
  agreement: ref,
} as unknown as AssistanceRequest

const law = { packs, signOffs: { signOffs: [] }, holidaysOf: libraryHolidays() }
const clockEvent = { at: now, zone: 'Europe/Brussels', evidence: 'stated in the report' }
const exhibit = {
  exhibitId: 'exhibit-1',
  name: 'Transcript',
  mediaType: 'application/json',
  sizeBytes: 900,
  digest: sha('b'),
  partsRoot: sha('c'),
  parts: 4,
}
const copy = { ...exhibit, exhibitId: 'exhibit-2', digest: sha('d'), derivedFrom: 'exhibit-1' }
const covers = {
  recipient: 'albion.example',
  purpose: 'investigation',
  categories: ['exhibitTranscript'],
}
const review = { covers: null, caseHandlers: ['ines'] }
const released = {
  releaseId: 'release-1',
  kind: 'case',
  agreement: ref,
  purpose: 'investigation',
  legalBasis: 'clause 2.1',
  categories: ['caseSummary'],
  duties: [
    { dutyId: '5.1', kind: 'deleteBy', text: 'Delete it.', owedBy: 'albion.example', dueAt: now },
  ],
  view: { caseSummary: {} },
} as const

const coordinated = after(
  admitted,
  ines,
  ({ triage }) =>
    assignTaxonomy(triage, { terms: [{ scheme: 'ai-harm', id: 'eu-3-49-c' }], vocabularies }, ines),
  ({ triage }) => computePriority(triage, { table: cisaCoordinatorTable, inputs: {} }, ines),
  ({ triage }) => {
    const outcome = triage.computed?.choices[0]?.key ?? ''
    return decidePriority(triage, { decision: 'overruled', outcome, reason: 'Few people.' }, ines)
  },
  ({ law: state }) => recordFacts(state, { facts: { isAiSystem: true, offeredIn: ['DE'] } }, ines),
  ({ law: state }) =>
    recordClockEvent(state, { event: 'aware', clock: null, ...clockEvent }, ines, law),
  ({ law: state }) => computeClocks(state, { clocks: ['eu.cra/sev_final'] }, ines, law),
  ({ disclosure }) => setEmbargoEnd(disclosure, { ...terms, ground: 'A fix needs time.' }, ines),
  ({ disclosure }) => validateReport(disclosure, own, ines),
  ({ disclosure }) => acceptReport(disclosure, own, ines),
  ({ disclosure }) => proposeEmbargo(disclosure, { ...own, ...terms, embargoId: 'e-1' }, ines),
  ({ disclosure }) =>
    inviteParticipant(disclosure, { participant: 'albion.example', roles: ['coordinator'] }, ines),
  ({ evidence }) => sealExhibit(evidence, { ...exhibit, purpose: 'collected' }, ines),
  happened({ type: 'assistanceReceived', request }),
  ({ evidence }) => {
    const redactions = [{ part: 2, reason: 'a name' }]
    return redactExhibit(evidence, { ...copy, redactions, purpose: 'answer' }, ines)
  },
  ...(['assistance', 'release'] as const).map<Decide>((kind) => ({ rights }) => {
    const subject = { kind, id: kind === 'release' ? 'release-2' : 'request-1' }
    const each = kind === 'release' ? { ...review, covers } : review
    return openReview(rights, { ...each, reviewId: `review-${kind}`, subject }, ines)
  }),
  happened({
    type: 'releaseDecided',
    ...released,
    ...{ recipient: 'albion.example', policyDigest: sha('e'), rightsTest: 'test-1' },
    ...{ emergency: null, decision: 'permit', why: null, because: [], preparedBy: 'ines' },
    reviewedBy: null,
  }),
)

const enforced = after(
  after(
    coordinated,
    ines,
    ({ enforcement }) => {
      const named = { operatorId: 'op-1', name: 'Larkspur Holdings Ltd (invented)' }
      const command = { ...named, role: 'deployer', invented: true } as const
      return nameOperator(enforcement, { ...command, inventedOnly: true, namesInReport: [] }, ines)
    },
    ({ enforcement }) =>
      agreeDecisionTree(
        enforcement,
        { tree: enforcementTree, digest: sha('f'), simulated: true },
        ines,
      ),
    ({ enforcement }) =>
      warn(enforcement, { measureId: 'm-1', basis: 'art. 16', reason: 'Shown.' }, ines),
    ({ enforcement }) => {
      const ground = 'noCommitmentsProposedInTime'
      return skipRung(enforcement, { rung: 'commitments', ground, reason: 'No answer.' }, ines)
    },
    ...['m-2', 'm-3'].map<Decide>((measureId) => ({ enforcement }) => {
      const hearing = {
        measureId,
        rung: 'correctiveOrder',
        endsAt: addMs(now, 15 * DAY_MS),
      } as const
      return openHearing(enforcement, { ...hearing, steps: [] }, ines)
    }),
    ({ enforcement }) =>
      receiveRepresentation(
        enforcement,
        { measureId: 'm-2', exhibitId: null, summary: 'No.' },
        ines,
      ),
    ({ rights }) => recordAffectedPerson(rights, { personId: 'person-1' }, ines),
    ({ rights }) => recordAffectedPerson(rights, { personId: 'person-2' }, ines),
    ({ rights }) => {
      const notice = { noticeId: 'n-1', personId: 'person-1', channel: 'post' } as const
      return sendNotice(rights, { ...notice, remedies: ['challengeHere'] }, ines)
    },
    ({ rights }) => {
      const challenge = { challengeId: 'c-1', noticeId: 'n-1', ground: 'Too late.' }
      const opens = { reviewId: 'review-challenge', caseHandlers: ['ines'] }
      return challengeNotice(rights, { ...challenge, ...opens }, ines)
    },
  ),
  later,
  ({ enforcement }) => {
    const order = { measureId: 'm-2', rung: 'correctiveOrder', basis: 'art. 16' } as const
    return proposeOrder(enforcement, { ...order, reason: 'It goes on.', urgency: null }, later)
  },
)

const invited = after(
  noCase,
  ines,
  happened(
    { ...opened, lead: 'albion.example', leadCaseId: 'case-9' },
    {
      type: 'invitationReceived',
      from: 'albion.example',
      releaseId: 'release-9',
      terms: null,
      answerBy: addMs(now, DAY_MS),
    },
    {
      type: 'assistanceRequested',
      request: {
        ...request,
        requestingAuthority: 'meridia.example',
        requestedAuthority: 'albion.example',
      },
    },
    { type: 'exhibitReceived', ...copy, from: 'albion.example', releaseId: 'r-8', redactions: [] },
    { type: 'releaseReceived', ...released, from: 'albion.example' },
  ),
)

const states = { empty: noCase, admitted, coordinated, enforced, invited }

function contextOf(state: CaseState): HintContext {
  return {
    read: { state },
    peers: ['albion', 'sierra'].map((name) => ({
      id: `${name}.example`,
      name: `${name} (fictional)`,
    })),
    law: { packs },
    vocabulary: {
      vocabularies,
      crosswalks,
      decisionTables,
      priorityTable: cisaCoordinatorTable,
      decisionTrees: [enforcementTree],
    },
    agreements: [{ id: document.id, state: 'inForce', digest: ref.digest, document }],
    officers: [
      { id: 'ines', name: 'Ines Marlow (fictional)', roles: ['caseOfficer'] },
      { id: 'rosa', name: 'Rosa Quill (fictional)', roles: ['reviewer'] },
    ],
    node: {
      id: 'meridia.example',
      name: 'Meridia AI Safety Authority (fictional)',
      legalOrder: 'EU',
      zone: 'Europe/Brussels',
      urls: {
        public: 'https://meridia.example',
        officers: 'https://work.meridia.example',
        federation: 'https://nodes.meridia.example',
      },
      profile: 'demo',
      contact: {},
    },
    now: state === enforced ? later.now : now,
    related: [
      {
        caseId: '0198b2c4-7d1e-7000-8000-00000000000b',
        title: 'Another invented case',
        match: {
          isHit: true,
          likeness: 'same',
          textLikeness: undefined,
          reasons: [{ reason: 'sameIdentifier', values: ['CVE-2026-1234'] }],
          limits: ['languagesDiffer'],
        },
      },
    ],
  }
}

function formOf(name: string, state: CaseState) {
  const act = findCaseAct(name) as CaseAct
  const hints = actHints(act, contextOf(state))
  const schema = act.input as unknown as FormSchema
  const { fields } = formModel(name, schema, hints.values, [], { ...hints, action: '/' })
  const read = (raw: RawValues) => readForm(schema, raw, { ...hints, zone: 'Europe/Brussels' })
  return { act, hints, fields, read, field: fieldNamed(fields) }
}
const fieldNamed = (fields: readonly FieldModel[]) => (name: string) => {
  const found = fields.find((field) => field.name === name)
  assert.ok(found, `no field ${name}`)
  return found
}

/** What a person types where nothing is offered, by the name of the field. */
const TYPED: Readonly<Record<string, string>> = {
  'proportionality.people': '3',
  documentDigest: 'ab'.repeat(32),
  confirmed: 'true',
  until: '2031-01-01T09:00',
  startsAt: '2026-01-01T09:00',
  signedDigest: 'ab'.repeat(32),
  amountMinor: '100',
  turnover: '8000000.50',
  benefit: '1000',
  violations: '2',
  days: '3',
  decidedOn: '2026-11-20',
  currency: 'EUR',
  dueOn: '2026-12-24',
  startsOn: '2026-12-24',
  endsOn: '2026-12-24',
  receivedOn: '2026-12-24',
  filedOn: '2026-12-24',
  untilOn: '2026-12-24',
  dueAt: '2031-01-01T09:00',
  asOf: '7',
  parts: '["first turn"]',
  redactions: '0: a name',
}

const LISTS: Readonly<Record<string, string>> = {
  redactions: '[{"part":0,"ground":"other","reason":"a name"}]',
  boxes: '[{"page":1,"x":0,"y":0,"width":9,"height":9,"ground":"other","reason":"a name"}]',
}

function answerTo({ name, kind, value, choices }: FieldModel): string | readonly string[] {
  const [first] = choices
  if (kind === 'checkboxes') {
    const ticked = choices.filter(({ isChosen }) => isChosen).map((choice) => choice.value)
    return ticked.length > 0 ? ticked : [first?.value ?? 'nothing offered']
  }
  if (value !== '') return value
  if (kind === 'radios' || kind === 'select') return first?.value ?? 'nothing offered'
  if (kind === 'json') return LISTS[name] ?? '["first turn"]'
  return TYPED[name] ?? 'typed by one person.'
}

/** The one field that is written in lines which the form kit does not read itself. */
function redactionsOf({ redactions }: Readonly<Record<string, Json>>) {
  if (typeof redactions !== 'string') return {}
  const read = readRedactions(redactions)
  assert.ok(read.isValid)
  return { redactions: read.redactions }
}

for (const [stage, state] of Object.entries(states)) {
  for (const { name } of caseActs) {
    test(`${stage}: the form of ${name} can be answered, whole or in part`, () => {
      const { act, fields, read } = formOf(name, state)
      for (const asked of [fields, fields.filter(({ isRequired }) => isRequired)]) {
        const raw = Object.fromEntries(asked.map((field) => [field.name, answerTo(field)]))
        const result = read(raw)
        assert.ok(result.isValid, JSON.stringify(result))
        // Files are read from the parts of a form, not by the form kit.
        const files = asked.filter(({ kind }) => kind === 'file').map(({ name }) => [name, 'AAAA'])
        const input = {
          ...result.input,
          ...redactionsOf(result.input),
          ...Object.fromEntries(files),
        }
        const [fault] = Value.Errors(act.input, input)
        assert.equal(fault, undefined, JSON.stringify([fault, input]))
      }
    })
  }
}

test('nobody types JSON or an id where there is something to choose', () => {
  const typed = caseActs.flatMap(({ name }) =>
    formOf(name, enforced)
      .fields.filter(({ name, kind }) => kind === 'json' || (kind === 'text' && /Id$/.test(name)))
      .map((field) => `${name}.${field.name}`),
  )
  // Fulfilment is of our own requests, and this case has none; the peer's exhibit is not known here.
  assert.deepEqual(typed, [
    // No reporter appeals there.
    'decideReporterAppeal.appealId',
    'escalateReporterAppeal.appealId',
    // No file was sealed there.
    // Nobody claims a public fact there.
    'decideFactClaim.claimId',
    'releaseFile.exhibitId',
    'releaseFileInEmergency.exhibitId',
    // Nothing was released in an emergency, called back or asked about.
    'validateEmergency.releaseId',
    'confirmDeletion.releaseId',
    'keepErased.releaseId',
    'askOnwardConsent.releaseId',
    'answerOnwardConsent.requestId',
    'withdrawOnwardConsent.requestId',
    'passOnRelease.releaseId',
    // It owes nothing that is open there, and nobody said that a duty was discharged.
    'dischargeDuty.releaseId',
    'dischargeDuty.dutyId',
    'answerDutyDischarge.releaseId',
    'answerDutyDischarge.dutyId',
    'sealExhibit.parts',
    // No order and no hold stands there.
    // Their pages of their own make the lists; it has no pages, and no copy waits.
    'redactRecord.redactions',
    'redactPages.exhibitId',
    'redactPages.boxes',
    'reviewRedaction.exhibitId',
    'scrubExhibit.exhibitId',
    'liftProtectiveOrder.orderId',
    'liftLegalHold.holdId',
    // No clock there has a date that binds, and nobody asked for records.
    'recordRecordsRequest.clockId',
    'searchRecords.requestId',
    'decideRecordsItem.requestId',
    'askRecordsOriginator.requestId',
    'recordRecordsConsultation.requestId',
    'recordRecordsConsultation.consultationId',
    'answerRecordsConsultation.consultationId',
    'answerRecordsRequest.requestId',
    'makeRecordsLetter.requestId',
    'noteRecordsAppeal.requestId',
    'inspectExhibit.exhibitId',
    'acknowledgeExhibit.exhibitId',
    'requestAssistance.exhibitId',
    'fulfilAssistance.requestId',
    'fulfilAssistance.exhibitId',
    // No fine of another is recorded there yet.
    'recordOtherFine.fineId',
    // Nobody was wronged, asked for consent, claimed or appealed there.
    'orderRemedy.challengeId',
    'reportRemedy.remedyId',
    'giveOwnData.remedyId',
    'finishRemedy.remedyId',
    'followUpRemedy.remedyId',
    'withdrawConsent.consentId',
    'endAuthorisation.authorisationId',
    'decideClaim.claimId',
    'answerCommitment.commitmentId',
    'followAppeal.appealId',
    // Nothing was published or drafted there.
    'dropAdvisoryDraft.trackingId',
    'withdrawPublication.trackingId',
    // No playbook, offer or task force is there; a form of one case lists no other cases.
    'changePlaybookItem.itemId',
    'answerSupport.offerId',
    'joinTaskForce.homeCaseId',
    'joinTaskForce.taskForceId',
    'endTaskForce.taskForceId',
    // No document is shared there, and no package was handed over.
    'withdrawDocument.documentId',
    'releaseFileByHand.exhibitId',
    'recordHandOver.handOverId',
  ])
  const { field } = formOf('fulfilAssistance', invited)
  assert.equal(field('requestId').value, 'request-1')
  assert.equal(field('exhibitId').value, 'exhibit-2')
})

test('words of closed lists stand in the catalogue', () => {
  const isKnown = (key: string) =>
    [key, `choice.${key.slice(key.lastIndexOf('.') + 1)}`].some((known) => has(known))
  const missing = Object.values(states).flatMap((state) =>
    caseActs.flatMap(({ name }) =>
      formOf(name, state).fields.flatMap(({ choices }) =>
        choices.flatMap((choice) => ('key' in choice && !isKnown(choice.key) ? [choice.key] : [])),
      ),
    ),
  )
  assert.deepEqual([...new Set(missing)], [])
})

const values = ({ choices }: FieldModel) => choices.map(({ value }) => value)

test('a report is offered only the steps that it can take', () => {
  assert.deepEqual(values(formOf('decideOnReport', admitted).field('step')), [
    'validate',
    'invalidate',
  ])
  assert.deepEqual(values(formOf('decideOnReport', coordinated).field('step')), ['defer', 'close'])
})

test('a party without a node answers through officers, and a peer only leaves through them', () => {
  const party = { participant: 'Larkspur (invented)', roles: ['vendor'] } as const
  const state = after(coordinated, ines, ({ disclosure }) =>
    addParticipant(disclosure, party, ines),
  )
  const offered = (act: string) => values(formOf(act, state).field('participant'))
  assert.deepEqual(offered('inviteParty'), ['Larkspur (invented)'])
  assert.deepEqual(offered('recordReportStep'), ['Larkspur (invented)'])
  assert.deepEqual(offered('proposeEmbargo'), ['meridia.example', 'Larkspur (invented)'])
  assert.deepEqual(offered('recordEmbargoAnswer'), ['meridia.example', 'Larkspur (invented)'])
  assert.deepEqual(offered('recordLeaving'), ['albion.example', 'Larkspur (invented)'])
  const left = after(state, ines, ({ disclosure }) =>
    leaveEmbargo(
      disclosure,
      { participant: 'albion.example', keepsEmbargo: true, reason: 'it has no such system' },
      ines,
    ),
  )
  const still = values(formOf('recordLeaving', left).field('participant'))
  assert.deepEqual(still, ['Larkspur (invented)'])
})

test('what is not known stays out of the facts, and what was recorded stays in', () => {
  const { read, field } = formOf('recordFacts', coordinated)
  assert.deepEqual(read({}), { isValid: true, input: { facts: {} } })
  assert.equal(field('facts.isAiSystem').value, 'true')
  const places = values(field('facts.offeredIn'))
  assert.ok(['EU', 'GB', 'US-CA', 'DE'].every((place) => places.includes(place)))
  const sent = read({ 'facts.offeredIn': ['DE', 'GB'], 'facts.isAiSystem': 'false' })
  assert.deepEqual(sent.isValid && sent.input, {
    facts: { offeredIn: ['DE', 'GB'], isAiSystem: false },
  })
})

test('clocks that started or were computed are ticked, never more than one act takes', () => {
  const { hints } = formOf('computeClocks', coordinated)
  const ticked = hints.values['clocks'] ?? []
  assert.ok(ticked.includes('eu.cra/sev_final'))
  assert.ok(ticked.includes('eu.gdpr/breach_sa'))
  assert.ok(!ticked.includes('us-ca.sb53/csi'), 'nobody recorded its start')
  assert.ok(ticked.length <= 50)
  assert.deepEqual(formOf('computeClocks', admitted).hints.values['clocks'], [])
})

test('a review is decided only as its subject allows', () => {
  assert.deepEqual(values(formOf('decideReview', coordinated).field('outcome')), [
    'approved',
    'rejected',
  ])
  const all = ['approved', 'rejected', 'upheld', 'dismissed']
  assert.deepEqual(values(formOf('decideReview', enforced).field('outcome')), all)
})

test('only a hearing without a proposal is proposed on, and only a proposal approved', () => {
  assert.deepEqual(values(formOf('proposeOrder', enforced).field('measureId')), ['m-3'])
  assert.deepEqual(values(formOf('approveMeasure', enforced).field('measureId')), ['m-2'])
  assert.equal(formOf('proposeOrder', enforced).field('rung').value, 'correctiveOrder')
})

test('a likely duplicate is offered with its signs, and with what was not compared', () => {
  const { field } = formOf('judgeDuplicate', enforced)
  const [choice] = field('otherCaseId').choices
  assert.ok(choice !== undefined && 'hint' in choice)
  assert.equal(
    choice.hint,
    'likely the same; same identifier CVE-2026-1234; texts in two languages were not compared',
  )
  assert.ok(choice.isChosen)
  assert.equal(field('judgement').value, 'duplicate')
})
