import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALBION, folded, NOW, officer, SIERRA } from '../../../test/support/ring.ts'
import type { Decision } from '../../base/decision.ts'
import { addMs, DAY_MS } from '../../base/time.ts'
import { authorisationGaps, endAuthorisation, recordAuthorisation } from './authorisations.ts'
import {
  answerConsent,
  askConsent,
  consentGaps,
  recordConsent,
  releasesUnder,
  withdrawConsent,
} from './consents.ts'
import { foldRights, noRights, type RightsEvent, type RightsState } from './rights.ts'

const ada = officer('ada')
const covers = {
  recipients: [ALBION],
  categories: ['exhibitTranscript'],
  purposes: ['mutualAssistance'],
}
const consent = {
  consentId: 'k1',
  personId: 'p1',
  covers,
  how: 'inWriting',
  shownBy: 'letter of 20 November',
} as const
const asked = {
  recipient: ALBION,
  purpose: 'mutualAssistance',
  categories: ['exhibitTranscript', 'harmSummary'],
  required: ['exhibitTranscript'],
}

type Decided = Decision<readonly RightsEvent[]>

function why(decided: Decision<unknown>): string {
  return decided.decision === 'refuse' ? decided.why : 'permitted'
}

function step(state: RightsState, decided: Decided, at = NOW): RightsState {
  assert.equal(decided.decision, 'permit', JSON.stringify(decided))
  const events = decided.decision === 'permit' ? decided.value : []
  return events.reduce(
    (sofar, event) => foldRights(sofar, { event, at, by: 'ada', version: 1 }),
    state,
  )
}

function withPersons(...ids: readonly string[]): RightsState {
  const events = ids.map((personId) => ({ type: 'affectedPersonRecorded', personId }) as const)
  return folded(foldRights, noRights, events, 'ada')
}

const rules = (state: RightsState, question = asked) =>
  consentGaps(state, question).map(({ rule }) => rule)

test('a consent names a known person, what it covers and what shows it', () => {
  const state = withPersons('p1')
  const table = [
    ['unknownPerson', { personId: 'p2' }],
    ['coversNothing', { covers: { ...covers, recipients: [] } }],
    ['coversNothing', { covers: { ...covers, categories: [] } }],
    ['coversNothing', { covers: { ...covers, purposes: [] } }],
    ['shownByMissing', { shownBy: '  ' }],
  ] as const
  for (const [expected, change] of table) {
    assert.equal(why(recordConsent(state, { ...consent, ...change }, ada)), expected)
  }
  const given = step(state, recordConsent(state, consent, ada))
  assert.equal(why(recordConsent(given, consent, ada)), 'alreadyRecorded')
})

test('where consent is required every affected person gives it, for exactly that release', () => {
  assert.deepEqual(rules(noRights), ['consent:nobodyAsked'])
  const two = withPersons('p1', 'p2')
  assert.deepEqual(rules(two), ['consent:missing', 'consent:missing'])
  const one = step(two, recordConsent(two, consent, ada))
  assert.deepEqual(rules(one), ['consent:missing'])
  const both = step(one, recordConsent(one, { ...consent, consentId: 'k2', personId: 'p2' }, ada))
  assert.deepEqual(rules(both), [])
  assert.deepEqual(rules(both, { ...asked, recipient: SIERRA }).length, 2)
  assert.deepEqual(rules(both, { ...asked, purpose: 'joint' }).length, 2)
  assert.deepEqual(rules(both, { ...asked, required: ['harmSummary'] }).length, 2)
})

test('a withdrawal takes effect at once, also where no clause asks for consent', () => {
  const state = withPersons('p1')
  const given = step(state, recordConsent(state, consent, ada))
  const withdrawal = withdrawConsent(given, { consentId: 'k1', how: 'onPage' }, ada)
  const withdrawn = step(given, withdrawal, addMs(NOW, 1))
  assert.deepEqual(rules(withdrawn), ['consent:withdrawn'])
  assert.deepEqual(rules(withdrawn, { ...asked, required: [] }), ['consent:withdrawn'])
  assert.deepEqual(rules(withdrawn, { ...asked, required: [], recipient: SIERRA }), [])
  assert.equal(why(withdrawConsent(withdrawn, { consentId: 'k1', how: 'onPage' }, ada)), 'notGiven')
  const unknown = withdrawConsent(withdrawn, { consentId: 'k9', how: 'onPage' }, ada)
  assert.equal(why(unknown), 'unknownConsent')
  const again = recordConsent(withdrawn, { ...consent, consentId: 'k2' }, ada)
  assert.deepEqual(rules(step(withdrawn, again, addMs(NOW, 2))), [])
  // Another consent for the same, given before, does not outlive the later no.
  const before = recordConsent(given, { ...consent, consentId: 'k3' }, ada)
  const twice = step(given, before)
  assert.deepEqual(rules(step(twice, withdrawal, addMs(NOW, 1))), ['consent:withdrawn'])
  assert.deepEqual(rules(step(twice, withdrawal, NOW)), ['consent:withdrawn'])
})

test('a question binds nobody until it is answered, and is answered once', () => {
  const state = withPersons('p1')
  const { consentId, personId } = consent
  const question = { consentId, personId, covers, question: 'May Albion read the conversation?' }
  assert.equal(why(askConsent(state, { ...question, question: '' }, ada)), 'questionMissing')
  const open = step(state, askConsent(state, question, ada))
  assert.deepEqual(rules(open), ['consent:missing'])
  assert.deepEqual(rules(open, { ...asked, required: [] }), [])
  const answer = { consentId, isGiven: true, shownBy: 'answered on the page' }
  assert.equal(why(answerConsent(open, { ...answer, consentId: 'k9' }, ada)), 'unknownConsent')
  assert.equal(why(withdrawConsent(open, { consentId, how: 'onPage' }, ada)), 'notGiven')
  const yes = step(open, answerConsent(open, answer, ada))
  assert.deepEqual(rules(yes), [])
  assert.equal(yes.consents[0]?.how, 'onPage')
  assert.equal(why(answerConsent(yes, answer, ada)), 'notAsked')
  const no = step(open, answerConsent(open, { ...answer, isGiven: false }, ada))
  assert.deepEqual(rules(no, { ...asked, required: [] }), ['consent:refused'])
})

test('a withdrawal calls back the releases that it covers, and no other', () => {
  const of = (recipient: string, purpose: string, ...categories: readonly string[]) => ({
    recipient,
    purpose,
    categories,
  })
  const hit = of(ALBION, 'mutualAssistance', 'harmSummary', 'exhibitTranscript')
  const missed = [
    of(SIERRA, 'mutualAssistance', 'exhibitTranscript'),
    of(ALBION, 'joint', 'exhibitTranscript'),
    of(ALBION, 'mutualAssistance', 'harmSummary'),
  ]
  assert.deepEqual(releasesUnder(consent, [...missed, hit]), [hit])
})

const until = addMs(NOW, 30 * DAY_MS)
const authorisation = {
  authorisationId: 'a1',
  body: 'court',
  by: 'District Court of Meridia (fictional)',
  reference: '7 K 12/26',
  recipients: [ALBION],
  categories: ['exhibitTranscript'],
  from: NOW,
  until,
  documentDigest: 'a'.repeat(64),
} as const

test('an authorisation names its body, reference, cover, end and document', () => {
  const table = [
    ['coversNothing', { recipients: [] }],
    ['coversNothing', { categories: [] }],
    ['sourceMissing', { by: ' ' }],
    ['sourceMissing', { reference: '' }],
    ['notADigest', { documentDigest: 'A'.repeat(64) }],
    ['notADigest', { documentDigest: 'a'.repeat(63) }],
    ['datesOutOfOrder', { until: NOW }],
    ['datesOutOfOrder', { from: until }],
    ['datesOutOfOrder', { from: addMs(NOW, -2), until: addMs(NOW, -1) }],
  ] as const
  for (const [expected, change] of table) {
    assert.equal(why(recordAuthorisation([], { ...authorisation, ...change }, ada)), expected)
  }
  assert.equal(why(recordAuthorisation([], authorisation, ada)), 'permitted')
})

test('an authorisation serves its recipient and categories, in its time, until it is ended', () => {
  const state = step(noRights, recordAuthorisation([], authorisation, ada))
  const gaps = (recipient: string, category: string, now = NOW, of = state) =>
    authorisationGaps(of.authorisations, { recipient, required: [category] }, now).length
  assert.equal(gaps(ALBION, 'exhibitTranscript'), 0)
  assert.equal(gaps(ALBION, 'exhibitTranscript', addMs(until, -1)), 0)
  assert.equal(gaps(ALBION, 'exhibitTranscript', until), 1)
  assert.equal(gaps(ALBION, 'exhibitTranscript', addMs(NOW, -1)), 1)
  assert.equal(gaps(SIERRA, 'exhibitTranscript'), 1)
  assert.equal(gaps(ALBION, 'harmSummary'), 1)
  const end = { authorisationId: 'a1', reason: 'quashed on appeal' }
  const { authorisations } = state
  assert.equal(why(recordAuthorisation(authorisations, authorisation, ada)), 'alreadyRecorded')
  assert.equal(why(endAuthorisation(authorisations, { ...end, reason: ' ' }, ada)), 'reasonMissing')
  const unknown = endAuthorisation(authorisations, { ...end, authorisationId: 'a9' }, ada)
  assert.equal(why(unknown), 'unknownAuthorisation')
  const ended = step(state, endAuthorisation(authorisations, end, ada))
  assert.equal(gaps(ALBION, 'exhibitTranscript', NOW, ended), 1)
  assert.equal(why(endAuthorisation(ended.authorisations, end, ada)), 'alreadyEnded')
})
