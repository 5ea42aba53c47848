/** Contents of messages as a hostile peer would write them: each is refused, and its place named. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALBION, digestOf, MERIDIA, NOW, ringAgreement } from '../../../test/support/ring.ts'
import type { Json } from '../../base/canonical-json.ts'
import { ComityError } from '../../base/errors.ts'
import type { AssistanceRequest } from '../../core/assistance/request.ts'
import { readContent } from './contents.ts'

const ID = '01990000-0000-7000-8000-000000000009'
const document = ringAgreement()

const request: AssistanceRequest = {
  requestId: ID,
  type: 'info',
  requestingAuthority: ALBION,
  requestedAuthority: MERIDIA,
  officer: ID,
  power: 'statute 3, section 1',
  agreement: { id: document.id, version: 1, digest: digestOf(document) },
  purpose: 'assistance',
  legalBasis: ['statute 3'],
  subject: { classification: 'suspected breach', provision: 'statute 3, 4', facts: 'a harm' },
  dualLegality: { asserted: false, equivalentProvision: null },
  necessity: 'only the transcript shows what was said',
  proportionality: 'one transcript',
  ownEnquiries: 'the operator was asked',
  rightsTest: ID,
  dataCategories: ['exhibitTranscript'],
  identifiers: [{ kind: 'exhibit', value: ID }],
  urgency: { level: 'standard', reason: null },
  answerBy: NOW,
  affectedPerson: { inform: 'now', ground: null, reviewAt: null },
  conditionsOfUse: [],
  language: 'en',
}

const offer = (changes: object) => ({
  document: { ...document, ...changes },
  digest: digestOf(document),
})
const asked = (changes: object) => ({ caseId: ID, request: { ...request, ...changes } })
const first = document.clauses[0] as object

const bad: readonly (readonly [string, object, string])[] = [
  ['agreementOffer', offer({ id: 'no uuid' }), '/document/id'],
  ['agreementOffer', offer({ parties: {} }), '/document/parties'],
  ['agreementOffer', offer({ parties: [null] }), '/document/parties/0'],
  ['agreementOffer', offer({ clauses: [{ id: '1', kind: 'statement' }] }), '/document/clauses/0'],
  ['agreementOffer', offer({ clauses: [{ ...first, text: 7 }] }), '/document/clauses/0'],
  [
    'agreementOffer',
    offer({ clauses: [{ id: '1', text: 'x', kind: 'permitRelease', categories: 'all' }] }),
    '/document/clauses/0',
  ],
  ['agreementOffer', offer({ clauses: Array(101).fill(first) }), '/document/clauses'],
  ['agreementOffer', offer({ retention: null }), '/document/retention'],
  ['agreementOffer', offer({ quorum: 'x'.repeat(100_001) }), '/document/quorum'],
  ['agreementOffer', offer({ sunsetAt: '2027-99-01T00:00:00.000Z' }), '/document/sunsetAt'],
  ['agreementOffer', offer({ hidden: 'a member that nobody shows' }), '/document/hidden'],
  ['assistanceRequest', { caseId: ID, request: {} }, '/request/requestId'],
  ['assistanceRequest', asked({ subject: null }), '/request/subject'],
  ['assistanceRequest', asked({ legalBasis: [7] }), '/request/legalBasis/0'],
  ['assistanceRequest', asked({ necessity: 'x'.repeat(4001) }), '/request/necessity'],
  ['assistanceRequest', asked({ answerBy: '2027-02-30T00:00:00.000Z' }), '/request/answerBy'],
  ['assistanceRequest', asked({ officer: 'Somebody by Name' }), '/request/officer'],
  ['assistanceRequest', asked({ more: 'x' }), '/request/more'],
  [
    'invitationAnswer',
    { caseId: ID, answer: 'accept', embargoId: null, reason: 'what happened here' },
    '/reason',
  ],
]

test('what fits is read', () => {
  readContent('agreementOffer', offer({}) as unknown as Json)
  readContent('assistanceRequest', asked({}) as unknown as Json)
  readContent('invitationAnswer', { caseId: ID, answer: 'accept', embargoId: null })
})

test('a clause of a later version is kept for people; it permits nothing by itself', () => {
  const later = { id: '99', kind: 'permitLater', text: 'unknown here', from: { days: 3 } }
  readContent('agreementOffer', offer({ clauses: [...document.clauses, later] }) as unknown as Json)
})

for (const [type, content, field] of bad) {
  test(`${type}: ${field}, ${JSON.stringify(content).length} characters`, () => {
    assert.throws(
      () => readContent(type, content as unknown as Json),
      (error: unknown) => {
        assert.ok(error instanceof ComityError)
        assert.equal(error.code, 'malformed')
        assert.ok(`${error.field}`.startsWith(`/content${field}`), `${error.field}`)
        return true
      },
    )
  })
}
