import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folded } from '../../test/support/ring.ts'
import { validateCsafAll } from '../adapters/csaf-validation.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import type { Json } from '../base/canonical-json.ts'
import { instant } from '../base/time.ts'
import {
  type DisclosureState,
  foldDisclosure,
  initialDisclosure,
} from '../core/disclosure/disclosure-state.ts'
import type { DisclosureEvent } from '../core/disclosure/events.ts'
import type { Release, ReleaseView } from '../core/release/release.ts'
import { readCsaf } from './csaf-reader.ts'
import { reportOfRelease } from './csaf-report.ts'

const VENDOR = 'vendor.example'
const CASE_ID = '0198c000-0000-7000-8000-0000000000c1'
const UNTIL = instant('2027-01-04T09:00:00.000Z')

const facts = {
  description: { language: 'en', text: 'The companion tells people to stop their medicine.' },
  affected: {
    developers: ['Larkspur Dialogue Ltd (invented)'],
    deployers: ['A clinic (invented)'],
    artifacts: [{ type: 'Model', name: 'Larkspur Companion' }],
  },
  problem: { origin: 'Third-party Report', nature: 'Issue' },
  references: [
    { label: 'Product page', url: 'https://larkspur.example/a' },
    { label: 'A file', url: 'file:///home/somebody' },
  ],
}
const view = {
  caseSummary: { title: 'Advice against medicine', phase: 'open', priority: 'act', terms: [] },
  technicalFacts: facts,
}

const release = {
  ...{ releaseId: '0198c000-0000-7000-8000-0000000000b1', kind: 'case', recipient: VENDOR },
  ...{ agreement: null, policyDigest: '', purpose: 'coordinatedDisclosure', legalBasis: 'x' },
  ...{ categories: ['caseSummary', 'technicalFacts'], rightsTest: null, emergency: null },
  ...{ decision: 'permit', why: null, because: [], preparedBy: 'ada', reviewedBy: null, view },
  ...{ decidedAt: instant('2026-11-22T09:00:00.000Z'), sentAt: null, messageId: null },
  ...{ receipt: null, withdrawn: null, validation: null, stopped: null },
  handling: { tlp: 'AMBER+STRICT', codes: ['H2'] },
  duties: [{ dutyId: '7.1', kind: 'deleteBy', text: 'Delete it after a year.', owedBy: VENDOR }],
} as unknown as Release

const joined = { type: 'participantJoined', participant: VENDOR, roles: ['vendor'] } as const
const terms = { embargoId: 'e1', until: UNTIL, zone: 'Europe/Brussels' } as const
const disclosed = (...events: readonly DisclosureEvent[]) =>
  folded(foldDisclosure, initialDisclosure, events)
const invited = disclosed(joined)
const withConsent = (consent: 'noEmbargo' | 'invited' | 'signatory', embargo = 'active') => ({
  ...invited,
  ...{ embargo: embargo as DisclosureState['embargo'], terms: embargo === 'active' ? terms : null },
  participants: invited.participants.map((one) => ({ ...one, consent })),
})
const bound = withConsent('signatory')

function made(changes: Partial<Release> = {}, disclosure: DisclosureState = bound) {
  return reportOfRelease(nodePrimitives, {
    ...{ release: { ...release, ...changes }, disclosure, caseId: CASE_ID },
    publisher: { name: 'Meridia (fictional)', namespace: 'https://meridia.example' },
    ...{ recipient: 'Vendor (invented)', isDemo: false },
  })
}

function rulesOf(changes: Partial<Release>, disclosure?: DisclosureState): readonly string[] {
  const decision = made(changes, disclosure)
  assert.equal(decision.decision, 'refuse')
  return decision.because.map(({ rule }) => rule)
}

const seeing = (technicalFacts: object | null): Partial<Release> => ({
  view: { ...view, technicalFacts } as unknown as ReleaseView,
})

test('the report says what was released, to whom, how it is marked and what is owed', async () => {
  const decision = made()
  assert.ok(decision.decision === 'permit', JSON.stringify(decision.because))
  const { document, fileName } = decision.value
  const { advisory, form, version, lost } = readCsaf(document)
  assert.deepEqual([form, version, lost], ['vulnerabilityReport', '2.1', []])
  assert.equal(advisory.title, 'Advice against medicine')
  assert.deepEqual(
    advisory.products.map(({ vendor, name, standing }) => [vendor, name, standing]),
    [['Larkspur Dialogue Ltd (invented)', 'Larkspur Companion', 'known_affected']],
  )
  assert.deepEqual(
    advisory.notes.map(({ text }) => text),
    [facts.description.text, 'Handling codes: H2\nDelete it after a year.'],
  )
  assert.deepEqual(advisory.references, [
    { summary: 'Product page', url: 'https://larkspur.example/a' },
  ])
  assert.equal(advisory.sharing?.recipient, 'Vendor (invented)')
  assert.equal(advisory.sharing?.tlp, 'AMBER+STRICT')
  assert.equal(advisory.disclosureAt, UNTIL)
  assert.deepEqual(advisory.ids, [{ system: 'https://meridia.example', text: CASE_ID }])
  assert.ok(fileName.startsWith(String(advisory.sharing?.groupId)))
  assert.deepEqual(made(), decision, 'asked again it is the same')
  assert.ok(!JSON.stringify(document).includes('clinic'), 'a report has no place for deployers')
  const [checked] = await validateCsafAll([document])
  assert.deepEqual(checked, { valid: true, problems: [] })
})

test('what was not released stands nowhere in it', () => {
  const decision = made({ view: { technicalFacts: facts as unknown as Json } })
  assert.ok(decision.decision === 'permit')
  const text = JSON.stringify(decision.value.document)
  assert.ok(!text.includes('Advice against medicine'))
  assert.equal(
    readCsaf(decision.value.document).advisory.title,
    'Vulnerability report on Larkspur Companion',
  )
})

test('two recipients of one case do not share a group', () => {
  const other = { ...bound, participants: bound.participants.map((one) => ({ ...one, id: 'b' })) }
  const groups = [made(), made({ recipient: 'b' }, other)].map((one) => {
    assert.ok(one.decision === 'permit')
    return readCsaf(one.value.document).advisory.sharing?.groupId
  })
  assert.notEqual(groups[0], groups[1])
  assert.match(String(groups[0]), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/)
})

test('vendor, product and failure must be in the view; all that is missing is named', () => {
  const { affected } = facts
  const [vendor, product, description] = ['vendor', 'product', 'description'].map(
    (what) => `csaf:report:${what}`,
  )
  const table: readonly [Partial<Release>, readonly (string | undefined)[]][] = [
    [seeing({ ...facts, affected: { ...affected, developers: [] } }), [vendor]],
    [seeing({ ...facts, affected: { ...affected, developers: ['  '] } }), [vendor]],
    [seeing({ ...facts, affected: { ...affected, developers: null } }), [vendor]],
    [seeing({ ...facts, affected: { ...affected, artifacts: [] } }), [product]],
    [seeing({ ...facts, affected: { ...affected, artifacts: [{ type: 'x' }] } }), [product]],
    [seeing({ ...facts, affected: 'all' }), [vendor, product]],
    [seeing({ ...facts, description: { language: 'en', text: '' } }), [description]],
    [seeing(null), [vendor, product, description]],
    [{ view: { caseSummary: view.caseSummary } as never }, [vendor, product, description]],
    [{ view: {} }, [vendor, product, description]],
  ]
  for (const [changes, rules] of table) assert.deepEqual(rulesOf(changes), rules)
})

test('a recipient that is not bound, has left, or is in no disclosure gets none', () => {
  const gone = disclosed(joined, {
    ...{ type: 'participantLeft', participant: VENDOR, keepsEmbargo: true, reason: 'no more' },
  } as DisclosureEvent)
  assert.deepEqual(rulesOf({}, initialDisclosure), ['csaf:report:participant'])
  assert.deepEqual(rulesOf({}, gone), ['csaf:report:participant'])
  for (const embargo of ['active', 'revise', 'proposed']) {
    for (const consent of ['noEmbargo', 'invited'] as const) {
      assert.deepEqual(rulesOf({}, withConsent(consent, embargo)), ['disclosure:recipientBound'])
    }
  }
  for (const embargo of ['none', 'exited']) {
    assert.equal(made({}, withConsent('noEmbargo', embargo)).decision, 'permit')
  }
})

test('what is red, was called back, never left, was refused or is a peer’s becomes none', () => {
  const red = { handling: { tlp: 'RED', codes: [] } } as const
  assert.deepEqual(rulesOf(red), ['csaf:notRed'])
  const others = [
    { withdrawn: {} },
    { stopped: { why: 'lawBlocks', at: UNTIL } },
    { decision: 'refuse' },
    { passesOn: 'another' },
    { view: null },
  ]
  for (const one of others) assert.deepEqual(rulesOf(one as never), ['csaf:report:release'])
})

test('without a marking it is the narrowest, and never wider than it was released', () => {
  const tlpOf = (changes: Partial<Release>) => {
    const decision = made(changes)
    assert.ok(decision.decision === 'permit')
    return readCsaf(decision.value.document).advisory.sharing?.tlp
  }
  const { handling: _, ...unmarked } = release
  assert.equal(tlpOf({ ...unmarked, handling: undefined } as never), 'AMBER+STRICT')
  for (const tlp of ['CLEAR', 'GREEN', 'AMBER'] as const) {
    assert.equal(tlpOf({ handling: { tlp, codes: [] } }), 'AMBER')
  }
})
