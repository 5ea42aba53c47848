import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALBION, MERIDIA, ringAgreement, SIERRA } from '../../../test/support/ring.ts'
import type { Json } from '../../base/canonical-json.ts'
import type { Clause } from '../../core/agreement/clause.ts'
import type { AgreementDocument } from '../../core/agreement/document.ts'
import { evalRelease } from './release.ts'

type Line = Readonly<Record<string, Json>>

const context: Line = {
  at: '2026-11-22T12:00:00.000Z',
  purpose: 'investigation',
  kind: 'case',
  categories: ['caseSummary', 'technicalFacts'],
  legalBasis: 'statute 1, section 2',
  rightsTest: 'passed',
  isExercise: true,
}
const good: Line = {
  agreement: ringAgreement() as unknown as Json,
  packs: ['law.eu', 'law.gb', 'law.us-ca'],
  principal: { authority: MERIDIA, officer: 'ines', roles: ['caseOfficer'] },
  recipient: ALBION,
  context,
}

const ask = (changes: Line = {}, of: Line = {}) =>
  evalRelease({ ...good, ...changes, context: { ...context, ...of } }) as {
    readonly decision: string
    readonly why?: string
    readonly view?: object
    readonly duties?: readonly { readonly duty: string }[]
    readonly because: readonly { readonly rule: string; readonly text: string; source?: string }[]
    readonly remedies?: readonly string[]
  }

const withClause = (more: object): Line => {
  const clause = { id: '99.1', text: 'an invented clause', ...more } as unknown as Clause
  const document = ringAgreement({ clauses: [...ringAgreement().clauses, clause] })
  return { agreement: document as unknown as Json }
}
const withText = (changes: Partial<AgreementDocument>): Line => ({
  agreement: ringAgreement(changes) as unknown as Json,
})

const transcript: Line = { kind: 'exhibit', categories: ['exhibitTranscript'] }
const summary: Line = { categories: ['caseSummary'] }

test('a permit has the view, the marking, the duties and the clauses', () => {
  const record = { caseSummary: 'a summary', technicalFacts: 'facts', personalData: 'not asked' }
  const answer = ask({}, { record })
  assert.equal(answer.decision, 'permit')
  assert.deepEqual(answer.view, { caseSummary: 'a summary', technicalFacts: 'facts' })
  assert.deepEqual(
    answer.duties?.map(({ duty }) => duty),
    ['7.1', '7.2', '7.4'],
  )
  assert.deepEqual(
    answer.because.map(({ rule }) => rule),
    ['agreement:inForce', 'clause:4.1', 'clause:5.1'],
  )
})

test('every reason for a no is named, and what would lift it', () => {
  const table: readonly [string, Line, Line][] = [
    ['categoryNotReleasable', {}, { categories: ['reporterContact'] }],
    ['categoryNotReleasable', {}, { categories: ['weather'] }],
    ['purposeNotCovered', {}, { purpose: 'curiosity' }],
    ['recipientNotParty', { recipient: 'outside.example' }, {}],
    ['recipientNotParty', { principal: { authority: 'outside.example', roles: ['liaison'] } }, {}],
    ['officerNotAuthorised', { principal: { authority: MERIDIA, roles: ['reviewer'] } }, {}],
    ['officerNotAuthorised', { principal: { authority: MERIDIA } }, {}],
    ['rightsTestMissing', {}, { rightsTest: 'missing' }],
    ['rightsTestFailed', {}, { rightsTest: 'failed' }],
    ['nothingToRelease', {}, { legalBasis: ' ' }],
    ['agreementNotInForce', {}, { agreement: 'suspended' }],
    ['agreementNotInForce', {}, { agreement: 'none' }],
    ['agreementNotInForce', {}, { at: '2027-11-01T00:00:00.000Z' }],
    ['embargoConsentMissing', {}, { embargo: { state: 'active', signatories: [MERIDIA] } }],
    ['recipientLeft', {}, { embargo: { state: 'exited', signatories: [], left: [ALBION] } }],
    [
      'reportNotReceived',
      {},
      { embargo: { state: 'revise', signatories: [ALBION], withoutReport: [ALBION] } },
    ],
    ['noTransferInstrument', { recipient: SIERRA }, { ...transcript, reviewedBy: 'judge' }],
    ['noTransferInstrument', {}, { ...transcript, reviewedBy: 'judge', isExercise: false }],
    ['reviewMissing', {}, transcript],
    ['reviewMissing', {}, { ...transcript, reviewedBy: 'ines' }],
    ['reviewerConflict', {}, { ...transcript, reviewedBy: 'judge', conflicted: ['judge'] }],
    ['officerConflict', {}, { conflicted: ['ines'] }],
    ['clauseNotInEffect', {}, { disputed: ['4.1'] }],
    [
      'noEmergency',
      withText({ emergencyClause: null }),
      { emergency: { threat: 'life', reason: 'now' } },
    ],
    ['consentMissing', withClause({ kind: 'requireConsent', categories: ['caseSummary'] }), {}],
    [
      'consentMissing',
      {},
      {
        ...summary,
        persons: ['p1'],
        consents: [
          {
            person: 'p1',
            recipients: [ALBION],
            categories: ['caseSummary'],
            purposes: ['investigation'],
            state: 'withdrawn',
          },
        ],
      },
    ],
    [
      'authorisationMissing',
      withClause({ kind: 'requireAuthorisation', categories: ['caseSummary'] }),
      {},
    ],
    [
      'secondOfficerMissing',
      withClause({ kind: 'requireSecondOfficer', categories: ['caseSummary'] }),
      {},
    ],
    [
      'handlingForbids',
      withClause({ kind: 'handling', categories: ['caseSummary'], tlp: 'RED', codes: [] }),
      {},
    ],
    [
      'orderForbids',
      {},
      {
        orders: [{ by: 'a court (fictional)', mayReceive: [SIERRA], purposes: ['investigation'] }],
      },
    ],
    ['originatorConsentMissing', {}, { held: [{ originator: SIERRA }] }],
    [
      'originatorConsentMissing',
      {},
      { held: [{ originator: SIERRA, consentedTo: [{ recipient: ALBION, purpose: 'research' }] }] },
    ],
    [
      'contentRetracted',
      {},
      { held: [{ originator: SIERRA, consentedTo: [ALBION], isRetracted: true }] },
    ],
    [
      'conditionNotMet',
      withText({
        clauses: ringAgreement().clauses.map((one) =>
          one.id === '4.1' ? ({ ...one, when: { fact: 'isAiSystem', is: true } } as Clause) : one,
        ),
      }),
      {},
    ],
  ]
  for (const [why, changes, of] of table) {
    const answer = ask(changes, of)
    assert.equal(answer.why, why, JSON.stringify([changes['recipient'], of, answer.because]))
    assert.ok((answer.remedies?.length ?? 0) > 0)
  }
})

test('what lifts each no lifts it here', () => {
  const table: readonly [Line, Line][] = [
    [{}, { ...transcript, reviewedBy: 'judge' }],
    [
      withClause({ kind: 'requireSecondOfficer', categories: ['caseSummary'] }),
      { proposedBy: 'ben' },
    ],
    [{}, { held: [{ originator: SIERRA, tlp: 'GREEN', consentedTo: [ALBION] }] }],
    [
      {},
      {
        held: [
          {
            ...{ originator: SIERRA, tlp: 'GREEN' },
            consentedTo: [{ recipient: ALBION, purpose: 'investigation' }],
          },
        ],
      },
    ],
    [{}, { ...transcript, emergency: { threat: 'life', reason: 'a person is in danger' } }],
    [
      {},
      {
        orders: [{ by: 'a court (fictional)', mayReceive: [ALBION], purposes: ['investigation'] }],
      },
    ],
    [
      {
        facts: { isAiSystem: true },
        ...withText({
          clauses: ringAgreement().clauses.map((one) =>
            one.id === '4.1' ? ({ ...one, when: { fact: 'isAiSystem', is: true } } as Clause) : one,
          ),
        }),
      },
      {},
    ],
  ]
  for (const [changes, of] of table) {
    const answer = ask(changes, of)
    assert.equal(answer.decision, 'permit', JSON.stringify([of, answer]))
  }
})

test('a hard block of the shipped packs refuses with its article, whatever the agreement lists', () => {
  const [meridia, ...others] = ringAgreement().parties
  assert.ok(meridia)
  const [instrument] = ringAgreement().transferInstruments
  assert.ok(instrument)
  const text = withText({
    parties: [{ ...meridia, legalOrder: 'CN' }, ...others],
    transferInstruments: [{ ...instrument, from: 'CN', to: 'GB', simulated: false }],
  })
  const answer = ask({ ...text, packs: ['CN', 'GB'] }, { ...transcript, reviewedBy: 'judge' })
  assert.equal(answer.why, 'lawBlocks')
  assert.ok(
    answer.because.some(({ source }) => source?.includes('art. PIPL 41')),
    JSON.stringify(answer.because),
  )
  assert.equal(ask({ ...text, packs: ['CN', 'GB'] }).decision, 'permit', 'no personal data in it')
})

test('what this version does not know is denied, and named', () => {
  const table: readonly [string, Line, Line][] = [
    ['clause:99.1', withClause({ kind: 'permitOnFridays' }), {}],
    [
      'PURPLE',
      withClause({ kind: 'handling', categories: ['caseSummary'], tlp: 'PURPLE', codes: [] }),
      {},
    ],
    ['H9', {}, { held: [{ originator: SIERRA, codes: ['H9'], consentedTo: [ALBION] }] }],
    ['PINK', {}, { held: [{ originator: SIERRA, tlp: 'PINK', consentedTo: [ALBION] }] }],
    [
      'handling',
      { agreement: { ...ringAgreement(), handling: { tlp: 'PURPLE' } } as unknown as Json },
      {},
    ],
    ['sunsetAt', { agreement: { ...ringAgreement(), sunsetAt: null } as unknown as Json }, {}],
    ['curiosity', {}, { purpose: 'curiosity' }],
    ['weather', {}, { categories: ['weather'] }],
  ]
  for (const [named, changes, of] of table) {
    const answer = ask(changes, of)
    assert.equal(answer.decision, 'refuse')
    const said = answer.because.map(({ rule, text }) => `${rule} ${text}`).join('\n')
    assert.ok(said.includes(named), `${named} in ${said}`)
  }
})

test('a line that is no such question is an error', () => {
  const lines: readonly Json[] = [
    null,
    [],
    {},
    { ...good, recipient: '' },
    { ...good, packs: [] },
    { ...good, packs: ['XX'] },
    { ...good, principal: { authority: MERIDIA, roles: ['king'] } },
    { ...good, context: { ...context, at: 'now' } },
    { ...good, context: { ...context, at: '2026-13-40T00:00:00.000Z' } },
    { ...good, context: { ...context, categories: [] } },
    { ...good, context: { ...context, unheard: true } },
    { ...good, context: { ...context, emergency: { threat: 'boredom', reason: 'x' } } },
    { ...good, facts: { isAiSystem: null } },
  ]
  for (const line of lines) assert.throws(() => evalRelease(line), { code: 'malformed' })
})
