import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstRevisionOf } from './advisory-versions.ts'

test('whatever stands in the place of an old document, a version comes of it', () => {
  for (const document of [
    null,
    'x',
    7,
    [],
    {},
    { document: [] },
    { product_tree: { branches: 3 } },
  ]) {
    const { number, kind, content } = firstRevisionOf(document)
    assert.deepEqual([number, kind, content.title, content.vendor], [1, 'first', '', ''])
  }
})

test('the version of an old document has its texts', () => {
  const { content } = firstRevisionOf({
    document: {
      lang: 'fr',
      title: 'Titre',
      notes: [
        { category: 'legal_disclaimer', text: 'no' },
        { category: 'summary', text: 'Ce qui arrive.' },
      ],
    },
    product_tree: { branches: [{ name: 'V', branches: [{ name: 'P' }] }] },
    vulnerabilities: [
      { product_status: { under_investigation: ['X'] }, remediations: [{ details: 'Attendre.' }] },
    ],
  })
  const { lang, title, summary, vendor, product, status, remediation } = content
  assert.deepEqual(
    [lang, title, summary, vendor, product, status, remediation],
    ['fr', 'Titre', 'Ce qui arrive.', 'V', 'P', 'under_investigation', 'Attendre.'],
  )
})
