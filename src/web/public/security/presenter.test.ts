import assert from 'node:assert/strict'
import test from 'node:test'
import type { SafetyTexts } from '../../messages.ts'
import { securityModel } from './presenter.ts'

const review = {
  ...{ by: 'A firm (invented)', on: '2027-01-31', version: '0.1.0' },
  report: 'https://firm.example/report',
}
const catalogues = (texts: Readonly<Record<string, SafetyTexts>>) => ({
  languagesOf: () => Object.keys(texts),
  safetyTextsOf: (lang: string) => texts[lang] ?? 'notReviewed',
})

test('until the operator records a review there is none', () => {
  assert.equal(securityModel({ software: '0.1.0' }, catalogues({})).review, null)
})

test('a review is shown with the version that runs, which may be another', () => {
  const model = securityModel({ software: '0.2.0', outsideReview: review }, catalogues({}))
  assert.deepEqual([model.review?.version, model.version], ['0.1.0', '0.2.0'])
})

test('each offered language says who checked its promises, or that nobody did', () => {
  const checked = { reviewedBy: 'A lawyer (invented)', reviewedOn: '2027-01-31' }
  const texts = { en: 'source', fr: 'notReviewed', ar: checked } as const
  assert.deepEqual(securityModel({}, catalogues(texts)).languages, [
    { lang: 'en', texts: 'source' },
    { lang: 'fr', texts: 'notReviewed' },
    { lang: 'ar', texts: checked },
  ])
})
