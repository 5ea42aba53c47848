import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { parseMessage } from 'messageformat'
import { loadCatalogues } from './messages.ts'

const locales = path.join(import.meta.dirname, '../../locales')
const isolates = /[\u2066-\u2069]/g

test('every English text is a message that can be parsed', () => {
  const folder = path.join(locales, 'en')
  for (const file of readdirSync(folder)) {
    const texts = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as object
    for (const [key, text] of Object.entries(texts)) {
      assert.doesNotThrow(() => parseMessage(text as string), `${file} ${key}`)
    }
  }
})

test('values stand in the text, numbers choose the plural', () => {
  const { t } = loadCatalogues(locales).messagesFor('en')
  assert.equal(t('log.entries', { count: 1 }).replaceAll(isolates, ''), '1 entry')
  assert.equal(t('log.entries', { count: 1342 }).replaceAll(isolates, ''), '1,342 entries')
})

test('a missing key or value throws: a page never shows a hole', () => {
  const { t } = loadCatalogues(locales).messagesFor('en')
  assert.throws(() => t('no.such.key'), /no\.such\.key/)
  assert.throws(() => t('log.entries'), /log\.entries/)
  assert.throws(() => loadCatalogues(locales).messagesFor('xx'), /xx/)
})

test('pseudo-languages change every letter they can and no value', () => {
  const catalogues = loadCatalogues(locales)
  const plain = catalogues.messagesFor('en').t('home.title')
  const accented = catalogues.messagesFor('en-XA').t('home.title')
  assert.ok(accented.length >= plain.length * 1.3)
  assert.doesNotMatch(accented, /[aeiou]/)
  const mirrored = catalogues.messagesFor('ar-XB')
  assert.equal(mirrored.dir, 'rtl')
  const text = mirrored.t('footer.phone', { phone: '+00 1 fictional' })
  assert.match(text, /\+00 1 fictional/)
  assert.match(text, /\u202e/)
})

test('a language that is not complete stops the start', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'comity-locales-'))
  const write = (lang: string, texts: object) => {
    mkdirSync(path.join(folder, lang), { recursive: true })
    writeFileSync(path.join(folder, lang, 'a.json'), JSON.stringify(texts))
  }
  try {
    write('en', { a: 'A', b: 'B' })
    write('fr', { a: 'A' })
    assert.throws(() => loadCatalogues(folder), /fr has the message b/)
    write('fr', { a: 'A', b: 'B', c: 'C' })
    assert.throws(() => loadCatalogues(folder), /fr has no message beyond c/)
    write('fr', { a: 'A', b: 'B' })
    assert.deepEqual(loadCatalogues(folder).languages, ['en', 'fr'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
