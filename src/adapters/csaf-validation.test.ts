import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { corpusFolder } from '../../test/support/corpus.ts'
import { csafSamples, sampleAdvisory } from '../../test/support/csaf-samples.ts'
import { instant } from '../base/time.ts'
import { type AdvisoryInput, advisoryFileName, writeAdvisory } from '../wire/csaf.ts'
import { writeCsaf } from '../wire/csaf-writer.ts'
import { type CsafValidation, validateCsafAll } from './csaf-validation.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests break documents on purpose
type Any = any

const input: AdvisoryInput = {
  trackingId: 'MERIDIA-2026-0001',
  title: 'Advice against prescribed medicine',
  publisher: {
    name: 'Meridia AI Safety Authority (fictional)',
    namespace: 'https://meridia.example',
  },
  issuedAt: instant('2026-11-22T09:00:00.000Z'),
  notes: [{ category: 'description', title: 'What happens', text: 'It tells people to stop.' }],
  vendor: 'Larkspur Dialogue Ltd (invented)',
  product: 'Larkspur Companion',
  ids: [{ system: 'AVID', text: 'AVID-2026-R9001' }],
  references: [{ summary: 'Product page', url: 'https://larkspur.example/a?b=c#d' }],
  status: 'under_investigation',
  remediationText: 'Switch the health mode off.',
  acknowledgements: [{ names: ['A. Tester'] }],
  tlp: 'WHITE',
  lang: 'en',
}

const good: readonly [string, AdvisoryInput][] = [
  ['under investigation', input],
  [
    'affected, with a range',
    { ...input, status: 'known_affected', versionRange: 'vers:generic/<2' },
  ],
  ['with a CVE id', { ...input, ids: [...input.ids, { system: 'CVE', text: 'CVE-2026-12345' }] }],
  ['with two CVE ids', { ...input, ids: [cve('CVE-2026-12345'), cve('CVE-2026-12346')] }],
  ['with nothing optional', { ...input, ids: [], references: [], acknowledgements: [] }],
  [
    'with references that are no addresses',
    {
      ...input,
      references: [
        { summary: 'Log', url: 'heegyu/bbq' },
        { summary: 'Odd', url: 'https://example.org/a b"c' },
        { summary: '', url: 'https://example.org/%E2%82%AC' },
      ],
    },
  ],
  ['of a fixed product', { ...input, status: 'fixed' }],
  ['of a product that is not affected', { ...input, status: 'known_not_affected' }],
  [
    'in its third version',
    {
      ...input,
      revisions: [1, 2, 3].map((number) => ({
        number: String(number),
        date: instant(`2026-11-0${number}T09:00:00.000Z`),
        summary: 'Why.',
      })),
      issuedAt: instant('2026-11-03T09:00:00.000Z'),
    },
  ],
  ['with an empty credit', { ...input, acknowledgements: [{ names: [' '] }, { names: [] }] }],
]

const bad: readonly [string, (document: Any) => void, RegExp][] = [
  ['no title', (d) => delete d.document.title, /csaf_2_0/],
  ['another version', (d) => (d.document.csaf_version = '1.0'), /csaf_2_0/],
  ['an unknown member', (d) => (d.document.surprise = true), /csaf_2_0/],
  [
    'a date without a zone',
    (d) => (d.document.tracking.initial_release_date = '2026-11-22'),
    /csaf_2_0/,
  ],
  [
    'an unknown product',
    (d) => (d.vulnerabilities[0].product_status = { fixed: ['NONE'] }),
    /6_1_1$/m,
  ],
  [
    'one product twice',
    (d) => (d.product_tree.full_product_names = [{ name: 'x', product_id: 'COMITY-1' }]),
    /6_1_2$/m,
  ],
  [
    'two statuses of one product',
    (d) => (d.vulnerabilities[0].product_status.fixed = ['COMITY-1']),
    /6_1_6$/m,
  ],
  ['a version that is not the last', (d) => (d.document.tracking.version = '2'), /6_1_16$/],
  [
    'a final status and a draft version',
    (d) => {
      d.document.tracking.version = '0'
      d.document.tracking.revision_history[0].number = '0'
    },
    /6_1_17$/m,
  ],
  ['an unknown language', (d) => (d.document.lang = 'qq-Zzzz-QQ-nothing'), /csaf_2_0|6_1_12$/m],
  ['no vulnerability notes', (d) => delete d.vulnerabilities[0].notes, /6_1_27/],
  ['no product tree', (d) => delete d.product_tree, /6_1_(1|27_4)$/m],
]

describe('CSAF 2.0', () => {
  const folder = corpusFolder && join(corpusFolder, 'csaf/valid-2.0')
  const files = folder === undefined ? [] : readdirSync(folder)
  let results: readonly CsafValidation[] = []

  // One child process for all: loading the validator takes most of the time.
  before(async () => {
    const published = files.map((file) =>
      JSON.parse(readFileSync(join(folder ?? '', file), 'utf8')),
    )
    results = await validateCsafAll([
      ...good.map(([, each]) => writeAdvisory(each)),
      ...bad.map(([, change]) => {
        const document = structuredClone(writeAdvisory(input)) as Any
        change(document)
        return document
      }),
      ...published,
    ])
  })

  for (const [index, [name]] of good.entries()) {
    test(`an advisory ${name} is valid`, () => {
      assert.deepEqual(results[index], { valid: true, problems: [] })
    })
  }

  for (const [index, [name, , testName]] of bad.entries()) {
    test(`an advisory with ${name} is not`, () => {
      const result = results[good.length + index]
      assert.equal(result?.valid, false)
      assert.match(result?.problems.map((problem) => problem.test).join('\n') ?? '', testName)
    })
  }

  test('published valid documents are valid', {
    skip: files.length === 0 && 'COMITY_CORPUS is not set',
  }, () => {
    for (const [index, file] of files.entries()) {
      assert.deepEqual(results[good.length + bad.length + index]?.problems, [], file)
    }
  })
})

describe('CSAF in all forms and versions', () => {
  const bad21: readonly [string, (document: Any) => void, RegExp][] = [
    ['no schema named', (d) => delete d.$schema, /csaf_2_1/],
    ['a label of TLP 1', (d) => (d.document.distribution.tlp.label = 'WHITE'), /csaf_2_1/],
    ['an unknown member', (d) => (d.document.surprise = true), /csaf_2_1/],
    ['a remedy for what is fixed', fixedByMitigation, /6_1_36/],
    [
      'a date of disclosure to come',
      (d) => (d.vulnerabilities[0].disclosure_date = later),
      /6_1_45/,
    ],
    ['a category that looks like a profile', (d) => (d.document.category = 'csaf_vexx'), /6_1_26/],
    ['no product affected', (d) => rename(d.vulnerabilities[0].product_status), /6_1_27/],
  ]
  const later = '2030-01-01T00:00:00.000Z'
  let results: readonly CsafValidation[] = []
  before(async () => {
    results = await validateCsafAll([
      ...csafSamples.map(({ advisory, shape }) => writeCsaf(advisory, shape)),
      ...bad21.map(([, change]) => {
        const document = structuredClone(
          writeCsaf(sampleAdvisory, { version: '2.1', form: 'securityAdvisory' }),
        ) as Any
        change(document)
        return document
      }),
    ])
  })
  for (const [index, { name }] of csafSamples.entries()) {
    test(`${name} is valid`, () => {
      assert.deepEqual(results[index], { valid: true, problems: [] })
    })
  }
  for (const [index, [name, , testName]] of bad21.entries()) {
    test(`an advisory of 2.1 with ${name} is not`, () => {
      const result = results[csafSamples.length + index]
      assert.equal(result?.valid, false)
      assert.match(result?.problems.map((problem) => problem.test).join('\n') ?? '', testName)
    })
  }
})

function fixedByMitigation({ vulnerabilities: [one] }: Any) {
  one.product_status = { fixed: one.product_status.known_affected }
}

function rename(status: Any) {
  status.under_investigation = status.known_affected
  delete status.known_affected
}

test('an advisory without a text it needs is malformed', () => {
  for (const part of [{ title: ' ' }, { vendor: '' }, { notes: [] }, { remediationText: '' }]) {
    assert.throws(() => writeAdvisory({ ...input, ...part }), { code: 'malformed' })
  }
})

test('the file name follows the tracking id', () => {
  assert.equal(advisoryFileName('MERIDIA/2026 Ä+0001'), 'meridia_2026_+0001.json')
})

function cve(text: string) {
  return { system: 'CVE', text }
}
