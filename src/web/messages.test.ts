import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { loadCatalogues } from './messages.ts'

const locales = path.join(import.meta.dirname, '../../locales')
const isolates = /[\u2066-\u2069]/g

test('values stand in the text, numbers choose the plural', () => {
  const { t } = loadCatalogues(locales).messagesFor('en', 'public')
  assert.equal(t('log.entries', { count: 1 }).replaceAll(isolates, ''), '1 entry')
  assert.equal(t('log.entries', { count: 1342 }).replaceAll(isolates, ''), '1,342 entries')
})

test('a missing key or value throws: a page never shows a hole', () => {
  const { t } = loadCatalogues(locales).messagesFor('en', 'public')
  assert.throws(() => t('no.such.key'), /no\.such\.key/)
  assert.throws(() => t('log.entries'), /log\.entries/)
  assert.throws(() => loadCatalogues(locales).messagesFor('xx', 'public'), /xx/)
})

test('pseudo-languages change every letter they can and no value', () => {
  const catalogues = loadCatalogues(locales)
  const plain = catalogues.messagesFor('en', 'public').t('home.title')
  const accented = catalogues.messagesFor('en-XA', 'public').t('home.title')
  assert.ok(accented.length >= plain.length * 1.3)
  assert.doesNotMatch(accented, /[aeiou]/)
  const mirrored = catalogues.messagesFor('ar-XB', 'public')
  assert.equal(mirrored.dir, 'rtl')
  const text = mirrored.t('footer.phone', { phone: '+00 1 fictional' })
  assert.match(text, /\+00 1 fictional/)
  assert.match(text, /\u202e/)
})

describe('languages and scopes', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'comity-locales-'))
    write('en/public', { a: 'A', b: 'B' })
    write('en/officers', { o: 'O' })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const write = (place: string, texts: object) => {
    mkdirSync(path.join(folder, place), { recursive: true })
    writeFileSync(path.join(folder, place, 'a.json'), JSON.stringify(texts))
  }
  const offer = (fr: readonly string[]) => {
    const en = { offered: ['public', 'officers'], safetyTexts: 'source' }
    const languages = { en, fr: { offered: fr, safetyTexts: 'notReviewed' } }
    writeFileSync(path.join(folder, 'languages.json'), JSON.stringify(languages))
  }

  test('a language that is offered but not complete stops the start', () => {
    offer(['public'])
    write('fr/public', { a: 'A' })
    assert.throws(() => loadCatalogues(folder), /fr has the message b/)
    write('fr/public', { a: 'A', b: 'B', c: 'C' })
    assert.throws(() => loadCatalogues(folder), /fr has no message beyond c/)
    offer([])
    assert.deepEqual(loadCatalogues(folder).languagesOf('public'), ['en'])
  })

  test('officers have English until their own scope is offered', () => {
    offer(['public'])
    write('fr/public', { a: 'Le A', b: 'Le B' })
    const half = loadCatalogues(folder)
    assert.deepEqual(half.languagesOf('public'), ['en', 'fr'])
    assert.deepEqual(half.languagesOf('officers'), ['en'])
    assert.equal(half.messagesFor('fr', 'public').t('a'), 'Le A')
    const inEnglish = half.messagesFor('fr', 'officers')
    assert.deepEqual([inEnglish.lang, inEnglish.t('o'), inEnglish.t('a')], ['en', 'O', 'A'])
    offer(['public', 'officers'])
    write('fr/officers', { o: 'Le O' })
    const whole = loadCatalogues(folder).messagesFor('fr', 'officers')
    assert.deepEqual([whole.lang, whole.t('o'), whole.t('a')], ['fr', 'Le O', 'Le A'])
  })

  test('a page of the public scope has no word of officers', () => {
    offer([])
    const { t, has } = loadCatalogues(folder).messagesFor('en', 'public')
    assert.equal(has('o'), false)
    assert.throws(() => t('o'), /message o/)
  })

  test('a message in both scopes stops the start', () => {
    offer([])
    write('en/officers', { a: 'A' })
    assert.throws(() => loadCatalogues(folder).messagesFor('en', 'officers'), /a is in one scope/)
  })
})
