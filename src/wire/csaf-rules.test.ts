import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { csafSamples, sampleAdvisory } from '../../test/support/csaf-samples.ts'
import type { CsafAdvisory, CsafForm, CsafVersion } from './csaf-advisory.ts'
import { readCsaf } from './csaf-reader.ts'
import { fitsForm } from './csaf-rules.ts'
import { writeCsaf } from './csaf-writer.ts'

const [product] = sampleAdvisory.products
assert.ok(product)
const of = (change: Partial<typeof product>) => ({ products: [{ ...product, ...change }] })
const sharing = {
  groupId: '6f1c0f0e-3f6b-4c39-9a58-7f5e0a7f6f10',
  recipient: 'Somebody',
  tlp: 'AMBER',
} as const
const twice = { revisions: [...sampleAdvisory.revisions, ...sampleAdvisory.revisions] }

describe('what we write is read back', () => {
  for (const { name, advisory, shape } of csafSamples) {
    test(name, () => {
      assert.equal(fitsForm(advisory, shape).decision, 'permit')
      const document = JSON.parse(JSON.stringify(writeCsaf(advisory, shape)))
      assert.deepEqual(readCsaf(document), { ...shape, advisory, lost: [] })
    })
  }
})

describe('a form that an advisory does not fit is refused by its rule', () => {
  const table: readonly [string, CsafForm, CsafVersion, Partial<CsafAdvisory>][] = [
    ['csaf:2.1:profile4', 'securityAdvisory', '2.1', of({ standing: 'under_investigation' })],
    ['csaf:2.1:profile4', 'securityAdvisory', '2.1', of({ standing: 'fixed' })],
    ['csaf:productTree', 'securityAdvisory', '2.0', { products: [] }],
    ['csaf:2.1:profile6', 'deprecatedSecurityAdvisory', '2.0', {}],
    ['csaf:notForOne', 'deprecatedSecurityAdvisory', '2.1', { sharing }],
    ['csaf:productTree', 'vex', '2.0', { products: [product, product] }],
    ['csaf:identifier', 'vex', '2.1', { ids: [] }],
    ['csaf:vex:action', 'vex', '2.1', of({ action: null })],
    ['csaf:vex:impact', 'vex', '2.0', of({ action: null, standing: 'known_not_affected' })],
    ['csaf:notForOne', 'securityAdvisory', '2.1', { sharing }],
    ['csaf:notForOne', 'vex', '2.1', { sharing }],
    ['csaf:2.1:vulnerabilityReport', 'vulnerabilityReport', '2.0', { sharing }],
    ['csaf:forOne', 'vulnerabilityReport', '2.1', {}],
    ['csaf:identifier', 'vulnerabilityReport', '2.1', { sharing, ids: [] }],
    [
      'csaf:knownAffected',
      'vulnerabilityReport',
      '2.1',
      { sharing, ...of({ standing: 'under_investigation' }) },
    ],
    ['csaf:stillHolds', 'securityAdvisory', '2.0', { withdrawn: 'wrong' }],
    ['csaf:stillHolds', 'vex', '2.1', { withdrawn: 'wrong' }],
    ['csaf:withdrawn:reason', 'withdrawn', '2.1', { ...twice, products: [] }],
    ['csaf:withdrawn:revisions', 'withdrawn', '2.1', { withdrawn: 'wrong', products: [] }],
    ['csaf:withdrawn:empty', 'withdrawn', '2.1', { ...twice, withdrawn: 'wrong' }],
  ]
  for (const [rule, form, version, change] of table) {
    test(`${rule} of ${form} ${version} ${JSON.stringify(change).slice(0, 60)}`, () => {
      const decision = fitsForm({ ...sampleAdvisory, ...change }, { form, version })
      assert.equal(decision.decision, 'refuse')
      assert.deepEqual(
        decision.because.map((one) => one.rule),
        [rule],
      )
    })
  }
})

test('an advisory without a text that it needs is malformed', () => {
  const shape = { version: '2.1', form: 'vex' } as const
  const table: readonly [string, Partial<CsafAdvisory>][] = [
    ['title', { title: ' ' }],
    ['trackingId', { trackingId: '' }],
    ['notes.0.text', { notes: [] }],
    ['products.0.vendor', of({ vendor: '' })],
    ['products.0.action', of({ action: ' ' })],
    ['products.0.versionRange', of({ versionRange: '' })],
    ['revisions', { revisions: [] }],
    ['references.0.url', { references: [{ summary: 'x', url: 'file:///etc/passwd' }] }],
    ['references.0.url', { references: [{ summary: 'x', url: 'https://a.example/a b' }] }],
  ]
  for (const [field, change] of table) {
    assert.throws(() => writeCsaf({ ...sampleAdvisory, ...change }, shape), {
      code: 'malformed',
      field,
    })
  }
})

test('a member that we do not write is listed as lost, another document is malformed', () => {
  const document = writeCsaf(sampleAdvisory, { version: '2.0', form: 'securityAdvisory' }) as object
  const more = { ...document, surprise: true }
  assert.deepEqual(readCsaf(more).lost, ['/surprise'])
  const head = (document as { document: object }).document
  const table: readonly [string, object | null][] = [
    ['', null],
    ['/document', {}],
    ['/document/csaf_version', { document: { ...head, csaf_version: '1.2' } }],
    ['/document/category', { document: { ...head, category: 'csaf_informational_advisory' } }],
    ['/document/tracking', { document: { ...head, tracking: [] } }],
    ['/document/notes', { document: { ...head, notes: 'none' } }],
    ['/vulnerabilities/0', { document: head }],
  ]
  for (const [field, given] of table) {
    assert.throws(() => readCsaf(given as never), { code: 'malformed', field })
  }
})
