import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, test } from 'node:test'
import { Value } from '@sinclair/typebox/value'
import { corpusLines } from '../../../test/support/corpus.ts'
import type { Json } from '../../base/canonical-json.ts'
import { isAlreadyPublic } from '../../core/triage/admitted-report.ts'
import { writeAiidIncident } from './aiid.ts'
import { INPUT_FORMS } from './forms.ts'
import { readInput } from './read-input.ts'

const corpus = process.env['COMITY_CORPUS']
const noCorpus = corpus === undefined && 'COMITY_CORPUS is not set'

const INCIDENT = {
  incident_id: 9001,
  title: 'Invented lift refuses to stop',
  description: 'An invented lift controller skipped floors for a day.',
  date: '2026-03-01',
  AllegedDeployerOfAISystem: [{ entity_id: 'larkspur', name: 'Larkspur Lifts (invented)' }],
  developers: ['Larkspur Dialogue Ltd (invented)'],
  harmed_parties: ['tenants'],
  implicated_systems: ['LiftMind (invented)'],
  reports: [
    { report_number: 7, url: 'https://news.example/7', title: 'Stuck', authors: ['A. Person'] },
    8,
  ],
  editors: ['B. Person'],
  embedding: { vector: [0.5] },
}

describe('AIID', () => {
  test('an incident is carried with its articles, and people stay out', () => {
    const { format, report, notCarried } = readInput(INCIDENT)
    assert.equal(format, 'aiid')
    assert.deepEqual(report.identifiers, { reportId: 'AIID-9001' })
    assert.deepEqual(report.affected, {
      developers: ['Larkspur Dialogue Ltd (invented)'],
      deployers: ['Larkspur Lifts (invented)'],
      artifacts: [{ kind: 'System', name: 'LiftMind (invented)' }],
    })
    assert.equal(report.reportedOn, '2026-03-01')
    assert.match(report.description.text, /Alleged harmed parties: tenants$/)
    assert.deepEqual(
      report.references?.map(({ url }) => url),
      [
        'https://news.example/7',
        'https://incidentdatabase.ai/reports/8',
        'https://incidentdatabase.ai/cite/9001',
      ],
    )
    assert.deepEqual(notCarried, [
      { pointer: '/reports/0/report_number', why: 'noPlace' },
      { pointer: '/reports/0/authors', why: 'personal' },
      { pointer: '/editors', why: 'personal' },
      { pointer: '/embedding', why: 'noPlace' },
    ])
    assert.doesNotMatch(JSON.stringify(report), /Person/)
  })

  test('an article is a report in its own language', () => {
    const { report, notCarried } = readInput({
      report_number: 12,
      url: 'https://news.example/12',
      title: 'Ascenseur bloqué',
      text: 'Un ascenseur inventé.',
      language: 'fr',
      date_published: '2026-03-02T10:00:00.000Z',
      authors: ['A. Person'],
      tags: [],
      image_url: 'https://news.example/12.png',
    })
    assert.deepEqual(report.title, { language: 'fr', text: 'Ascenseur bloqué' })
    assert.equal(report.publishedOn, '2026-03-02')
    assert.deepEqual(notCarried, [
      { pointer: '/authors', why: 'personal' },
      { pointer: '/image_url', why: 'noPlace' },
    ])
  })

  const ROW = {
    incident_id: 5,
    namespace: 'CSET',
    classifications: {
      'Full Description': 'A long description. It goes on.',
      'Short Description': 'Short words.',
      Severity: 'Moderate',
      'Lives Lost': false,
      'Harm Type': ['Psychological harm', 'Other'],
      'Finacial Cost': '',
      'System Developer': 'Larkspur Dialogue Ltd (invented)',
      Annotator: 'A. Person',
    },
  }

  test('a row of a classification is carried with what it classifies', () => {
    const { report, notCarried } = readInput(ROW)
    assert.equal(report.title.text, 'Short words.')
    assert.match(
      report.description.text,
      /^A long description\. It goes on\.\n\nClassified in CSET/,
    )
    assert.match(
      report.description.text,
      /Severity: Moderate\n\nLives Lost: no\n\nHarm Type: Psych/,
    )
    assert.doesNotMatch(report.description.text, /Finacial|Person/)
    assert.deepEqual(report.affected.developers, ['Larkspur Dialogue Ltd (invented)'])
    assert.deepEqual(notCarried, [{ pointer: '/classifications/Annotator', why: 'personal' }])
  })

  test('so is one in the newer form', () => {
    const attributes = [
      { short_name: 'Full Description', value_json: '"A long description."' },
      { short_name: 'Harm Type', value_json: '["One","Two"]' },
      { short_name: 'Broken', value_json: '{' },
    ]
    const row = { namespace: 'CSETv1', incidents: [5], attributes, publish: true }
    const { report, notCarried } = readInput(row)
    assert.match(report.description.text, /Harm Type: One; Two$/)
    assert.deepEqual(notCarried, [
      { pointer: '/attributes/2/value_json', why: 'wrongType' },
      { pointer: '/publish', why: 'noPlace' },
    ])
  })

  test('an incident goes out again with what it came in with', () => {
    const out = writeAiidIncident(readInput(INCIDENT).report)
    assert.deepEqual(out?.incident, {
      incident_id: 9001,
      title: 'Invented lift refuses to stop',
      description:
        'An invented lift controller skipped floors for a day.\n\nAlleged harmed parties: tenants',
      date: '2026-03-01',
      developers: ['Larkspur Dialogue Ltd (invented)'],
      deployers: ['Larkspur Lifts (invented)'],
      implicated_systems: ['LiftMind (invented)'],
      reports: [
        { url: 'https://news.example/7', title: 'Stuck' },
        { url: 'https://incidentdatabase.ai/reports/8', title: 'AIID report 8' },
      ],
    })
    assert.deepEqual(out?.lost, [])
    assert.deepEqual(readInput(out?.incident ?? null).report.identifiers, { reportId: 'AIID-9001' })
  })

  test('what no article tells is no incident of a public database', () => {
    const { report } = readInput(FLAW)
    assert.equal(writeAiidIncident(report), undefined)
  })

  test('every row of the corpus is read, and what is left is named', { skip: noCorpus }, () => {
    const lines = corpusLines('incidents/aiid.jsonl') ?? []
    assert.equal(lines.length, 87)
    for (const line of lines) {
      const row = JSON.parse(line)
      const { report, notCarried } = readInput(row)
      assert.ok(report.description.text.includes(row.classifications['Full Description'].trim()))
      assert.equal(report.identifiers.reportId, `AIID-${row.incident_id}`)
      const places = notCarried.map(({ pointer }) => pointer.replace('/classifications/', ''))
      assert.deepEqual(
        places.filter((one) => !['Annotation Status', 'Quality Control', 'Notes'].includes(one)),
        [],
      )
    }
  })
})

const FLAW = {
  'Report ID': 'AIFR-1',
  'Reporter ID': 'someone@example.org',
  'Session ID': 'https://chat.example/s/1',
  Systems: ['ChatLark 2 (invented)'],
  'Report Types': ['Vulnerability Report'],
  'Flaw Description': 'The model gives out its keys. Every time.',
  'Flaw Description - Detailed': 'Ask it in verse.',
  Severity: 'High',
  Impacts: ['Privacy loss'],
  'CSAM Related': false,
  'Disclosure Intent': 'Undecided',
  'Embargo Request': '90 days',
  'Submission Timestamp': '2026-04-01T08:00:00Z',
  'Unknown Question': { deep: 1 },
}

describe('AI flaw report', () => {
  test('every answer is carried, who reported is not', () => {
    const { format, report, notCarried } = readInput(FLAW)
    assert.equal(format, 'flawReport')
    assert.equal(report.title.text, 'The model gives out its keys.')
    assert.equal(
      report.description.text,
      'The model gives out its keys. Every time.\n\nAsk it in verse.\n\nReport Types: Vulnerability Report\n\nSeverity: High\n\nImpacts: Privacy loss\n\nCSAM Related: no\n\nDisclosure Intent: Undecided\n\nEmbargo Request: 90 days',
    )
    assert.equal(report.reportedOn, '2026-04-01')
    assert.equal(isAlreadyPublic(report), false)
    assert.deepEqual(notCarried, [
      { pointer: '/Reporter ID', why: 'personal' },
      { pointer: '/Session ID', why: 'personal' },
      { pointer: '/Unknown Question', why: 'noPlace' },
    ])
  })

  test('one about what everybody knows is public', () => {
    const known = { ...FLAW, 'Disclosure Intent': 'Already Public Knowledge' }
    assert.equal(isAlreadyPublic(readInput(known).report), true)
  })
})

const CVE = {
  dataType: 'CVE_RECORD',
  dataVersion: '5.1',
  cveMetadata: {
    cveId: 'CVE-2026-12345',
    state: 'PUBLISHED',
    assignerOrgId: '00000000-0000-4000-8000-000000000000',
    datePublished: '2026-05-01T00:00:00.000Z',
  },
  containers: {
    cna: {
      providerMetadata: { orgId: '00000000-0000-4000-8000-000000000000' },
      descriptions: [
        { lang: 'es', value: 'Texto inventado.' },
        { lang: 'en-US', value: 'An invented flaw. More of it.' },
      ],
      affected: [
        { vendor: 'Larkspur (invented)', product: 'ChatLark', versions: [{ version: '2' }] },
        { vendor: 'Larkspur (invented)', product: 'LiftMind' },
      ],
      problemTypes: [{ descriptions: [{ lang: 'en', cweId: 'CWE-1427', description: 'Prompt' }] }],
      metrics: [
        {
          cvssV3_1: {
            version: '3.1',
            vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
            baseScore: 7.5,
            baseSeverity: 'HIGH',
            attackVector: 'NETWORK',
          },
        },
      ],
      references: [{ url: 'https://vendor.example/a', tags: ['vendor-advisory'] }],
      credits: [{ lang: 'en', value: 'A finder (pseudonym)' }],
    },
    adp: [{ title: 'CISA' }],
  },
}

describe('CVE', () => {
  test('what the assigning authority says is carried', () => {
    const { report, notCarried } = readInput(CVE)
    assert.equal(report.kind, 'vulnerability')
    assert.deepEqual(report.identifiers, { vulnerabilityId: 'CVE-2026-12345' })
    assert.deepEqual(report.title, { language: 'en-US', text: 'An invented flaw.' })
    assert.deepEqual(report.affected.developers, ['Larkspur (invented)'])
    assert.deepEqual(
      report.affected.artifacts?.map(({ name }) => name),
      ['ChatLark', 'LiftMind'],
    )
    assert.equal(report.impact?.cvss?.baseScore, 7.5)
    assert.deepEqual(report.impact?.cwe, [
      { weaknessId: 'CWE-1427', text: 'Prompt', language: 'en' },
    ])
    assert.deepEqual(notCarried, [
      { pointer: '/cveMetadata/assignerOrgId', why: 'noPlace' },
      { pointer: '/containers/cna/providerMetadata', why: 'noPlace' },
      { pointer: '/containers/cna/descriptions/0', why: 'otherLanguage' },
      { pointer: '/containers/cna/affected/0/versions', why: 'noPlace' },
      { pointer: '/containers/adp', why: 'noPlace' },
    ])
  })

  for (const state of ['RESERVED', 'REJECTED', undefined]) {
    test(`a record that is ${state} is refused`, () => {
      const record = { ...CVE, cveMetadata: { ...CVE.cveMetadata, state: state ?? null } }
      assert.throws(() => readInput(record), { code: 'malformed', field: '/cveMetadata/state' })
    })
  }
})

const CSAF = {
  document: {
    category: 'csaf_security_advisory',
    csaf_version: '2.0',
    title: 'An invented advisory',
    lang: 'en',
    distribution: { tlp: { label: 'WHITE' } },
    notes: [{ category: 'summary', title: 'Summary', text: 'It leaks.' }],
    tracking: { id: 'INV-1', initial_release_date: '2026-05-01T00:00:00Z' },
    references: [{ category: 'self', summary: 'Here', url: 'https://vendor.example/inv-1' }],
  },
  product_tree: {
    branches: [
      {
        category: 'vendor',
        name: 'Larkspur (invented)',
        branches: [{ category: 'product_name', name: 'ChatLark' }],
      },
    ],
  },
  vulnerabilities: [
    { cve: 'CVE-2026-12345', cwe: { id: 'CWE-200', name: 'Exposure' } },
    { cve: 'CVE-2026-12346' },
  ],
}

describe('CSAF', () => {
  test('the first vulnerability is carried, the others are named', () => {
    const { report, notCarried } = readInput(CSAF)
    assert.deepEqual(report.identifiers, { reportId: 'INV-1', vulnerabilityId: 'CVE-2026-12345' })
    assert.equal(report.description.text, 'Summary: It leaks.')
    assert.deepEqual(report.affected.developers, ['Larkspur (invented)'])
    assert.deepEqual(notCarried, [
      { pointer: '/document/category', why: 'noPlace' },
      { pointer: '/vulnerabilities/1', why: 'onlyFirst' },
    ])
    assert.equal(isAlreadyPublic(report), true)
  })

  for (const label of ['AMBER', 'GREEN', 'RED', 'AMBER+STRICT']) {
    test(`what is shared under ${label} is not public`, () => {
      const distribution = { tlp: { label } }
      const shared = { ...CSAF, document: { ...CSAF.document, distribution } }
      assert.equal(isAlreadyPublic(readInput(shared).report), false)
    })
  }

  test('the private vulnerability report of 2.1 is not public', () => {
    const document = {
      ...CSAF.document,
      csaf_version: '2.1',
      category: 'csaf_vulnerability_report',
    }
    assert.equal(isAlreadyPublic(readInput({ ...CSAF, document }).report), false)
  })

  test('every document of the corpus is read', { skip: noCorpus }, () => {
    const folders = ['csaf/examples/csaf', 'csaf/examples/csaf/csaf_vex', 'csaf/valid-2.0']
    const files = folders.flatMap((folder) =>
      readdirSync(path.join(corpus ?? '', folder))
        .filter((name) => name.endsWith('.json'))
        .map((name) => path.join(corpus ?? '', folder, name)),
    )
    assert.ok(files.length >= 39)
    for (const file of files) {
      const document = JSON.parse(readFileSync(file, 'utf8'))
      const { format, report } = readInput(document)
      assert.equal(format, 'csaf')
      assert.equal(report.identifiers.reportId, document.document.tracking.id)
      assert.equal(report.title.text, document.document.title.trim())
    }
  })
})

const formsOf = (record: Json) =>
  Object.entries(INPUT_FORMS)
    .filter(([, { form }]) => Value.Check(form, record))
    .map(([name]) => name)

describe('bad input', () => {
  const BAD: readonly (readonly [name: string, record: Json, field: string])[] = [
    ['nothing', null, ''],
    ['a list', [], ''],
    ['of no format', { hello: 'world' }, ''],
    ['an incident without a description', { incident_id: 1 }, '/description'],
    ['an incident whose number is a word', { ...INCIDENT, incident_id: 'one' }, '/incident_id'],
    ['an incident whose text is a number', { incident_id: 1, description: 7 }, '/description'],
    [
      'a row without a text',
      { incident_id: 1, namespace: 'X', classifications: {} },
      '/classifications/Full Description',
    ],
    ['a flaw report without a flaw', { 'Disclosure Intent': 'No' }, '/Flaw Description'],
    [
      'a CVE record with another id',
      { ...CVE, cveMetadata: { ...CVE.cveMetadata, cveId: 'CVE-1' } },
      '/cveMetadata/cveId',
    ],
    [
      'a CVE record without descriptions',
      { ...CVE, containers: {} },
      '/containers/cna/descriptions',
    ],
    ['CSAF 1.2', { document: { csaf_version: '1.2' } }, '/document/csaf_version'],
    ['CSAF without an id', { document: { csaf_version: '2.0' } }, '/document/tracking/id'],
    ['AVID without metadata', { data_type: 'AVID', data_version: '0.3' }, '/metadata'],
  ]
  for (const [name, record, field] of BAD) {
    test(`${name} is malformed`, () => {
      assert.throws(() => readInput(record), { code: 'malformed', field })
      assert.deepEqual(formsOf(record), [], 'no published schema takes it')
    })
  }

  test('the published schemas take what is read', () => {
    assert.deepEqual(formsOf(INCIDENT), ['aiid-incident'])
    assert.deepEqual(formsOf(FLAW), ['flaw-report'])
    assert.deepEqual(formsOf(CVE), ['cve'])
    assert.deepEqual(formsOf(CSAF), ['csaf'])
  })

  test('they take every record of the corpus', { skip: noCorpus }, () => {
    for (const [file, name] of [
      ['avid/reports.jsonl', 'avid'],
      ['avid/vulnerabilities.jsonl', 'avid'],
      ['incidents/aiid.jsonl', 'aiid-classification'],
    ] as const) {
      for (const line of corpusLines(file) ?? [])
        assert.deepEqual(formsOf(JSON.parse(line)), [name])
    }
  })

  test('a record of more than 1 MiB is malformed', () => {
    const record = { ...INCIDENT, embedding: 'x'.repeat(1024 * 1024) }
    assert.throws(() => readInput(record), { code: 'malformed', reason: 'too-large' })
  })

  test('a text or a list that is too long is left and named', () => {
    const { notCarried } = readInput({
      ...FLAW,
      'Harm Narrative': 'x'.repeat(64 * 1024 + 1),
      Systems: Array.from({ length: 1001 }, (_, at) => `System ${at}`),
    })
    assert.ok(notCarried.some((one) => one.pointer === '/Harm Narrative' && one.why === 'tooMuch'))
    assert.ok(notCarried.some((one) => one.pointer === '/Systems/1000' && one.why === 'tooMuch'))
  })
})
