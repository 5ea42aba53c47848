import assert from 'node:assert/strict'
import path from 'node:path'
import test from 'node:test'
import {
  PAGE_VARIANTS,
  sampleContext,
  sampleModels,
  sampleOfficer,
} from '../../test/support/sample-models.ts'
import type { PageName } from './pages.ts'
import { createRenderer } from './render.ts'

const root = path.join(import.meta.dirname, '../..')
const names = [
  'app.css',
  'app.rtl.css',
  'officer.css',
  'officer.rtl.css',
  'page.js',
  'open-report.js',
  'open-contact.js',
  'report-sealed.js',
  'seal-report.js',
  'report-mailbox.js',
  'verify-page.js',
  'reply.js',
  'passkey.js',
  'upload.js',
  'boxes.js',
  'sealing-key.js',
  'recovery.js',
  'reseal.js',
]
const manifest = Object.fromEntries(
  [...names, 'mark.svg'].map((name) => [name, { file: name, sha256: '00' }]),
)
const { render } = createRenderer({
  localesFolder: path.join(root, 'locales'),
  viewsFolders: [path.join(root, 'src/web'), path.join(root, 'node_modules/govuk-frontend/dist')],
  manifest,
})
const context = { ...sampleContext, signedIn: sampleOfficer }
const samples = [
  ...Object.entries(sampleModels).map(([page, model]) => ({ page: page as PageName, model })),
  ...PAGE_VARIANTS,
]

test('every page stands in its language and direction, without holes or inline styles', () => {
  for (const { page, model } of samples) {
    const html = render(page, model as never, context)
    assert.match(html, /^<!DOCTYPE html>\n<html dir="ltr" lang="en" class=/, page)
    assert.doesNotMatch(
      html,
      />\s*undefined\s*<|\[object Object\]|<[^>]* style=|<[^>]* on\w+=/,
      page,
    )
    assert.doesNotMatch(html, /GOV\.UK|Crown|BBC/, page)
  }
  const mirrored = render('public/home', sampleModels['public/home'], { ...context, lang: 'ar-XB' })
  assert.match(mirrored, /<html dir="rtl" lang="ar-XB"/)
  assert.match(mirrored, /app\.rtl\.css/)
})

test('equal arguments give equal pages', () => {
  const once = render('officer/case', sampleModels['officer/case'], context)
  assert.equal(render('officer/case', sampleModels['officer/case'], context), once)
})

const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'

/** Adds markup to every text that a person may have written. */
function poisoned(value: unknown): unknown {
  if (typeof value === 'string') return value.includes(' ') ? `${value} ${HOSTILE}` : value
  if (Array.isArray(value)) return value.map(poisoned)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, poisoned(item)]))
}

test('no text of a model becomes markup', () => {
  for (const { page, model } of samples) {
    const html = render(page, poisoned(model) as never, context)
    assert.doesNotMatch(html, /<script>alert|<img src=x/, page)
  }
})

test('a model that lacks a value throws instead of leaving a hole', () => {
  const broken = { ...sampleModels['officer/why'], subject: undefined } as never
  assert.throws(() => render('officer/why', broken, context), /undefined/)
})

test('a control that is not allowed is disabled and says why', () => {
  const html = render('officer/case', sampleModels['officer/case'], context)
  assert.match(html, /aria-disabled="true" aria-describedby="off-publishAdvisory"/)
  assert.match(html, /id="off-publishAdvisory"[^>]*>[\s\S]*?The embargo has not ended\./)
  assert.doesNotMatch(html, /acts\/publishAdvisory/)
})

test('reporters see one neutral title and no links into the workspace', () => {
  for (const page of ['reporter/start', 'reporter/basic', 'reporter/receipt'] as const) {
    const html = render(page, sampleModels[page] as never, sampleContext)
    assert.match(html, /<title[^>]*>Contact the authority<\/title>/, page)
    assert.match(html, /govuk-exit-this-page__button[^>]*rel="nofollow noreferrer"/, page)
    assert.doesNotMatch(html, /autocomplete="on"|spellcheck="true"/, page)
  }
})

test('what a compromised server could do is said before the first question and at the button', () => {
  const htmlOf = (page: 'reporter/choose' | 'reporter/basic' | 'reporter/review') =>
    render(page, sampleModels[page] as never, sampleContext)
  const warning = 'a compromised server could read it as it arrives'
  const [choose, questions, review] = [
    htmlOf('reporter/choose'),
    htmlOf('reporter/basic'),
    htmlOf('reporter/review'),
  ]
  assert.ok(choose.includes(warning) && choose.indexOf(warning) < choose.indexOf('id="f-kind"'))
  assert.ok(questions.indexOf(warning) > 0)
  assert.ok(questions.indexOf(warning) < questions.indexOf('id="f-title"'))
  assert.ok(review.indexOf(warning) > 0)
  assert.ok(review.indexOf(warning) < review.indexOf('value="send"'))
})
