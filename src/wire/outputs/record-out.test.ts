import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inventedAvid } from '../../../test/support/invented-avid.ts'
import { instant } from '../../base/time.ts'
import type { AdmittedReport } from '../../core/triage/admitted-report.ts'
import { readAvid } from '../avid.ts'
import type { CsafAdvisory } from '../csaf-advisory.ts'
import { readInput } from '../inputs/read-input.ts'
import { type PublicCase, type RecordFormat, writeRecord } from './record-out.ts'

const at = instant('2026-12-06T09:00:00.000Z')
const advisory: CsafAdvisory = {
  trackingId: 'COMITY-2026-0A1B2C3D',
  title: 'Companion gives unsafe advice (invented)',
  lang: 'fr',
  publisher: { name: 'Invented authority', namespace: 'https://meridia.example' },
  status: 'final',
  revisions: [{ number: '1', date: at, summary: 'First version.' }],
  notes: [
    { category: 'summary', title: 'Summary', text: 'Ce qui se passe.' },
    { category: 'general', title: 'For users', text: 'Parlez à un médecin.' },
  ],
  severity: null,
  products: [
    {
      vendor: 'Larkspur Dialogue Ltd (invented)',
      name: 'Larkspur Companion',
      versionRange: 'before 4.2',
      standing: 'known_affected',
      action: 'Turn it off.',
      remedy: 'mitigation',
      flag: null,
    },
  ],
  cve: null,
  ids: [],
  references: [],
  acknowledgements: [{ names: ['A finder (invented)'] }],
  withdrawn: null,
  sharing: null,
  disclosureAt: null,
  involvements: [],
}
const address = 'https://meridia.example/en/advisories/COMITY-2026-0A1B2C3D'
const confidential = {
  ...readAvid(inventedAvid as never),
  source: { format: 'portal', formatVersion: '1' },
  title: { language: 'en', text: 'CANARY-OF-THE-REPORTER' },
} satisfies AdmittedReport
const sample: PublicCase = {
  isUnderEmbargo: false,
  published: { advisory, at, address },
  report: confidential,
  terms: ['trait.probabilistic', 'lifecycle.deployment', 'weakness.prompt-injection'],
  hasScore: true,
}

function of(format: RecordFormat, change: Partial<PublicCase> = {}) {
  const decision = writeRecord(format, { ...sample, ...change })
  assert.ok(decision.decision === 'permit', JSON.stringify(decision))
  return decision.value
}

test('an advisory becomes an incident for the AI Incident Database', () => {
  const { record, from, notCarried } = of('aiid')
  assert.equal(from, 'advisory')
  assert.deepEqual(record, {
    title: 'Companion gives unsafe advice (invented)',
    description: 'Ce qui se passe.',
    date: '2026-12-06',
    developers: ['Larkspur Dialogue Ltd (invented)'],
    deployers: [],
    implicated_systems: ['Larkspur Companion'],
    reports: [{ url: address, title: 'Companion gives unsafe advice (invented)' }],
  })
  assert.deepEqual(
    notCarried.map(({ pointer, why }) => `${why} ${pointer}`),
    [
      'noPlace /lang',
      'noPlace /notes/1',
      'noPlace /products/0/versionRange',
      'noPlace /products/0/standing',
      'noPlace /products/0/action',
      'personal /acknowledgements/0',
      'notPublished /cvss',
      'noPlace /terms/trait.probabilistic',
      'noPlace /terms/lifecycle.deployment',
      'noPlace /terms/weakness.prompt-injection',
    ],
  )
})

test('an advisory becomes a record of AVID without an id, in the three letters of its language', () => {
  const { record, notCarried } = of('avid')
  assert.deepEqual(record, {
    data_type: 'AVID',
    data_version: '0.3.1',
    metadata: {},
    affects: {
      developer: ['Larkspur Dialogue Ltd (invented)'],
      deployer: [],
      artifacts: [{ type: 'System', name: 'Larkspur Companion' }],
    },
    problemtype: {
      classof: 'Third-party Report',
      type: 'Advisory',
      description: { lang: 'fra', value: 'Companion gives unsafe advice (invented)' },
    },
    references: [
      { type: 'source', label: 'Companion gives unsafe advice (invented)', url: address },
    ],
    description: { lang: 'fra', value: 'Ce qui se passe.' },
    reported_date: '2026-12-06',
  })
  const lost = notCarried.map(({ pointer, why }) => `${why} ${pointer}`)
  assert.ok(lost.includes('notPublished /terms/lifecycle.deployment'))
  assert.ok(lost.includes('noPlace /terms/trait.probabilistic'))
})

test('with an id of its own, AVID’s record is read again', () => {
  const { record } = of('avid')
  const numbered = { ...(record as object), metadata: { report_id: 'AVID-2026-R9001' } }
  assert.equal(readAvid(numbered as never).description.text, 'Ce qui se passe.')
})

test('a record of AVID comes back as it was, member by member', () => {
  const report = readAvid(inventedAvid as never)
  const out = of('avid', { report, published: null })
  assert.deepEqual(out.record, inventedAvid)
  assert.deepEqual([out.from, out.notCarried], ['record', []])
})

test('a public record becomes an incident, without the names of people', () => {
  const report = readAvid(inventedAvid as never)
  const out = of('aiid', { report, published: null })
  assert.equal(out.from, 'record')
  assert.doesNotMatch(JSON.stringify(out.record), /Invented Person/)
  assert.ok(
    out.notCarried.some((one) => one.pointer === '/report/credits' && one.why === 'personal'),
  )
})

test('what came in by a portal is in no record, whatever the reporter said of it', () => {
  for (const format of ['avid', 'aiid'] as const) {
    assert.doesNotMatch(JSON.stringify(of(format)), /CANARY/)
    for (const statedPublic of [true, false]) {
      const report = { ...confidential, statedPublic }
      const decision = writeRecord(format, { ...sample, report, published: null })
      assert.equal(decision.decision === 'refuse' && decision.why, 'notPublished')
    }
  }
})

test('a draft for CVE is of the advisory only', () => {
  const english = { ...advisory, lang: 'en' }
  const { record, notCarried, from } = of('cve', { published: { advisory: english, at, address } })
  assert.equal(from, 'advisory')
  assert.match(JSON.stringify(record), /cnaContainer/)
  assert.doesNotMatch(JSON.stringify(record), /CANARY|probabilistic/)
  const lost = notCarried.map(({ pointer, why }) => `${why} ${pointer}`)
  assert.ok(lost.includes('notPublished /terms/weakness.prompt-injection'))
  assert.ok(lost.includes('noPlace /terms/trait.probabilistic'))
  assert.ok(lost.includes('notPublished /cvss'))
})

const withdrawn = { advisory: { ...advisory, withdrawn: 'Wrong.', products: [] }, at, address }
const csafGreen = readInput({
  document: {
    csaf_version: '2.0',
    title: 'Private',
    distribution: { tlp: { label: 'AMBER' } },
    tracking: { id: 'X-1' },
    references: [{ summary: 'r', url: 'https://vendor.example/1' }],
    notes: [{ category: 'summary', text: 'CANARY' }],
  },
} as never).report
const refused: readonly (readonly [string, RecordFormat, Partial<PublicCase>, string])[] = [
  ['an embargo', 'aiid', { isUnderEmbargo: true }, 'underEmbargo'],
  [
    'an embargo',
    'avid',
    { isUnderEmbargo: true, report: readAvid(inventedAvid as never) },
    'underEmbargo',
  ],
  ['an embargo', 'cve', { isUnderEmbargo: true }, 'underEmbargo'],
  ['nothing published', 'cve', { published: null }, 'notPublished'],
  ['nothing published and no report', 'aiid', { published: null, report: null }, 'notPublished'],
  [
    'a record that is not for everybody',
    'aiid',
    { published: null, report: csafGreen },
    'notPublished',
  ],
  [
    'a public record of another system',
    'avid',
    {
      published: null,
      report: { ...readAvid(inventedAvid as never), source: { format: 'CVE', formatVersion: '5' } },
    },
    'notPublished',
  ],
  ['a withdrawn advisory', 'aiid', { published: withdrawn }, 'withdrawn'],
  ['a withdrawn advisory', 'avid', { published: withdrawn }, 'withdrawn'],
  ['a withdrawn advisory', 'cve', { published: withdrawn }, 'notForCve'],
  ['an advisory in French', 'cve', {}, 'notForCve'],
  [
    'a public record without an article',
    'aiid',
    { published: null, report: { ...readAvid(inventedAvid as never), references: [] } },
    'noArticle',
  ],
]
for (const [name, format, change, why] of refused) {
  test(`${name}: no record for ${format}, and why`, () => {
    const decision = writeRecord(format, { ...sample, ...change })
    assert.equal(decision.decision === 'refuse' && decision.why, why)
    assert.ok(decision.because.length > 0)
  })
}
