import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCsaf } from '../../wire/csaf-reader.ts'
import { answerLine, ENGINES } from './eval.ts'

const engine = ENGINES['csaf']
assert.ok(engine)
const product = {
  vendor: 'Larkspur (invented)',
  name: 'Companion',
  standing: 'known_affected',
  action: 'Switch it off.',
}
const sample = {
  publisher: { name: 'Meridia (fictional)', namespace: 'https://meridia.example' },
  trackingId: 'MERIDIA-2026/0001',
  title: 'Unsafe advice',
  published: true,
  versions: [{ number: '1', date: '2026-11-22T09:00:00.000Z', summary: 'First version.' }],
  notes: [{ category: 'summary', title: 'Summary', text: 'It tells people to stop.' }],
  products: [product],
  ids: [{ system: 'AVID', text: 'AVID-2026-R9001' }],
}
const recipient = {
  name: 'Larkspur (invented)',
  groupId: '6f1c0f0e-3f6b-4c39-9a58-7f5e0a7f6f10',
  bound: true,
}
const ask = (change: object, form = 'vex', version = '2.1') =>
  JSON.parse(answerLine(engine, JSON.stringify({ case: { ...sample, ...change }, form, version })))

test('a published case becomes a document of the form that is asked for', () => {
  const table = [
    ['securityAdvisory', '2.0', 'csaf_security_advisory'],
    ['securityAdvisory', '2.1', 'csaf_security_advisory'],
    ['vex', '2.0', 'csaf_vex'],
    ['vex', '2.1', 'csaf_vex'],
  ] as const
  for (const [form, version, category] of table) {
    const { decision, fileName, document } = ask({}, form, version)
    assert.equal(decision, 'permit')
    assert.equal(fileName, 'meridia-2026_0001.json')
    assert.equal(document.document.category, category)
    assert.deepEqual(readCsaf(document).lost, [])
  }
})

test('a private report names its recipient and when the embargo ends', () => {
  const change = { recipient, published: false, embargo: 'active' }
  const disclosureAt = '2027-01-04T09:00:00.000Z'
  const { document } = ask({ ...change, disclosureAt }, 'vulnerabilityReport')
  const { tracking, distribution, category } = document.document
  assert.equal(category, 'csaf_vulnerability_report')
  assert.equal(tracking.id, `${recipient.groupId}-MERIDIA-2026/0001`)
  assert.deepEqual(distribution, {
    sharing_group: { id: recipient.groupId, name: recipient.name },
    tlp: { label: 'AMBER' },
  })
  assert.equal(document.vulnerabilities[0].disclosure_date, disclosureAt)
})

test('what may not be written is refused, naming the rule', () => {
  const report = 'vulnerabilityReport'
  const table: readonly [string, string, object, string?, string?][] = [
    ['notPublished', 'csaf:published', { published: false }],
    ['underEmbargo', 'disclosure:embargoFirst', { embargo: 'active' }],
    ['underEmbargo', 'disclosure:embargoFirst', { embargo: 'revise', published: false }],
    ['contentMayNotLeave', 'csaf:clearOnly', { tlp: 'AMBER' }],
    ['contentMayNotLeave', 'csaf:clearOnly', { tlp: 'GREEN' }],
    ['contentMayNotLeave', 'csaf:notRed', { tlp: 'RED', recipient }, report],
    [
      'recipientNotBound',
      'disclosure:recipientBound',
      { embargo: 'active', recipient: { ...recipient, bound: false } },
      report,
    ],
    ['recipientNotBound', 'disclosure:recipientBound', { embargo: 'active' }, report],
    ['notOfThisForm', 'csaf:forOne', {}, report],
    ['notOfThisForm', 'csaf:2.1:vulnerabilityReport', { recipient }, report, '2.0'],
    ['notOfThisForm', 'csaf:identifier', { ids: [] }],
    ['notOfThisForm', 'csaf:vex:action', { products: [{ ...product, action: null }] }],
    ['notOfThisForm', 'csaf:stillHolds', { withdrawn: 'wrong' }],
    ['notOfThisForm', 'csaf:productTree', { products: [] }],
  ]
  for (const [why, rule, change, form, version] of table) {
    const answer = ask(change, form, version)
    assert.deepEqual([answer.decision, answer.why, answer.document], ['refuse', why, undefined])
    assert.deepEqual(
      answer.because.map((one: { rule: string }) => one.rule),
      [rule],
    )
  }
})

test('a line of another form is an error that names the member', () => {
  const table: readonly [string, object, string?][] = [
    ['case/title', { title: '' }],
    ['case/published', { published: 'yes' }],
    ['case/embargo', { embargo: 'secret' }],
    ['case/versions', { versions: [] }],
    [
      'case/versions/0/date',
      { versions: [{ ...sample.versions[0], date: '2026-13-40T00:00:00.000Z' }] },
    ],
    ['case/products/0/standing', { products: [{ ...product, standing: 'maybe' }] }],
    ['case/cve', { cve: 'CVE-1' }],
    ['case/surprise', { surprise: 1 }],
    ['references.0.url', { references: [{ summary: 'x', url: 'file:///etc' }] }],
    ['form', {}, 'poem'],
  ]
  for (const [field, change, form] of table) {
    assert.deepEqual(
      [ask(change, form).error?.code, ask(change, form).error?.field],
      ['malformed', field],
    )
  }
})
