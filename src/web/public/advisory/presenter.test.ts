import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { sampleAdvisoryText } from '../../../../test/support/advisory-samples.ts'
import { nodePrimitives } from '../../../adapters/node-primitives.ts'
import { canonicalText } from '../../../base/canonical-json.ts'
import { instant } from '../../../base/time.ts'
import { type AdvisoryInput, writeAdvisory } from '../../../wire/csaf.ts'
import { advisoryModel } from './presenter.ts'

const issuedAt = instant('2026-12-06T09:00:00.000Z')
const input: AdvisoryInput = {
  trackingId: 'COMITY-2026-0A1B2C3D',
  title: 'Companion gives unsafe advice (invented)',
  publisher: { name: 'Invented authority', namespace: 'https://meridia.example' },
  issuedAt,
  notes: [
    { category: 'summary', title: 'Summary', text: 'What happens.' },
    { category: 'legal_disclaimer', title: 'Demonstration', text: 'Not a real advisory.' },
  ],
  vendor: 'Larkspur Dialogue Ltd (invented)',
  product: 'Larkspur Companion',
  versionRange: 'before 4.2',
  ids: [
    { system: 'list', text: 'INC-17' },
    { system: 'cve', text: 'CVE-2026-12345' },
  ],
  references: [{ summary: 'Report', url: 'https://example.com/report' }],
  status: 'known_affected',
  remediationText: 'Update.',
  acknowledgements: [],
  tlp: 'WHITE',
  lang: 'en',
}
const view = { hashing: nodePrimitives, isDemonstration: true, files: [], keys: [] }
const modelOf = (changes: Partial<AdvisoryInput> = {}) => {
  const document = writeAdvisory({ ...input, ...changes })
  const { trackingId } = input
  return advisoryModel({ trackingId, publishedAt: issuedAt, document }, sampleAdvisoryText, view)
}

test('the page tells what the file says', () => {
  const model = modelOf()
  assert.equal(model.text, sampleAdvisoryText)
  assert.deepEqual(model.notes, [{ title: 'Demonstration', text: 'Not a real advisory.' }])
  assert.equal(model.tlp, 'TLP:CLEAR')
  assert.deepEqual(model.products, [
    {
      name: 'Larkspur Dialogue Ltd (invented) Larkspur Companion before 4.2',
      status: 'known_affected',
    },
  ])
  assert.deepEqual(model.identifiers, [
    { system: 'CVE', text: 'CVE-2026-12345' },
    { system: 'list', text: 'INC-17' },
  ])
  assert.deepEqual(model.references, [{ title: 'Report', url: 'https://example.com/report' }])
})

test('what the file does not have is left out', () => {
  const model = modelOf({ ids: [], references: [] })
  assert.deepEqual([model.identifiers, model.references], [[], []])
})

test('the digest is that of the canonical form, however the database kept the members', () => {
  const document = writeAdvisory(input) as Record<string, never>
  const turned = Object.fromEntries(Object.entries(document).toReversed())
  const row = { trackingId: input.trackingId, publishedAt: issuedAt, document: turned }
  const sha256 = createHash('sha256').update(canonicalText(document)).digest('hex')
  assert.equal(advisoryModel(row, sampleAdvisoryText, view).csaf.sha256, sha256)
  assert.equal(advisoryModel(row, sampleAdvisoryText, view).csaf.file, 'comity-2026-0a1b2c3d.json')
})

test('what the provider serves of it is named by form and version, with its key', () => {
  const document = writeAdvisory(input)
  const served = {
    ...({ version: '2.1', fileName: 'comity-2026-0a1b2c3d-vex.json', year: '2026' } as const),
    ...{ trackingId: 'COMITY-2026-0A1B2C3D-VEX', title: 'T', summary: 'S', content: '{"a":"é"}' },
    ...{ initialAt: issuedAt, currentAt: issuedAt, signature: 'armour' },
    ...{ sha256: '0a'.repeat(32), sha512: '0b'.repeat(64) },
  }
  const keys = ['5e', '6f'].map((part) => ({
    ...{ fingerprint: part.repeat(20), publicKey: 'armour', madeAt: issuedAt },
  }))
  const row = { trackingId: input.trackingId, publishedAt: issuedAt, document }
  const { served: shown } = advisoryModel(row, sampleAdvisoryText, {
    ...view,
    files: [served],
    keys,
  })
  assert.deepEqual(shown, {
    files: [
      {
        ...{ version: '2.1', form: 'vex', year: '2026', file: 'comity-2026-0a1b2c3d-vex.json' },
        // The letter é takes two bytes.
        ...{ sizeBytes: 10, sha256: '0a'.repeat(32), sha512: '0b'.repeat(64) },
      },
    ],
    keyFingerprint: '5e'.repeat(20),
  })
})

test('before the files are signed none is named', () => {
  assert.deepEqual(modelOf().served, { files: [], keyFingerprint: null })
})
