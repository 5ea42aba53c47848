import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { loadCatalogues } from './messages.ts'
import { commaOf, listHtml, phraseHtml } from './phrases.ts'

const catalogues = loadCatalogues(path.join(import.meta.dirname, '../../locales'))
const english = catalogues.messagesFor('en', 'public')
const plain = (html: string) => html.replaceAll(/[\u2066-\u2069]/g, '')

test('markup stands where the message says, text of others is escaped', () => {
  const time = { html: '<time datetime="2026-11-23">23 November 2026</time>' }
  assert.equal(
    plain(phraseHtml(english, 'answer.due', { time })),
    `It must be here before ${time.html}.`,
  )
  assert.equal(
    plain(phraseHtml(english, 'otherSide.under', { safeguard: '<b>“two”</b>' })),
    'Condition for reading: &lt;b&gt;“two”&lt;/b&gt;',
  )
})

test('a value cannot name the place of another', () => {
  const place = { html: '<i>x</i>' }
  const forged = phraseHtml(english, 'agreements.direction', { from: '\ue0000\ue001', to: place })
  assert.equal(plain(forged), 'From 0 to <i>x</i>')
})

test('a value that is missing throws', () => {
  assert.throws(() => phraseHtml(english, 'answer.due', {}), /answer\.due/)
})

test('a list is joined as its language joins', () => {
  const items = ['<b>1</b>', '<b>0</b>', '<b>2</b>']
  const said: readonly (readonly [string, string])[] = [
    ['en', '<b>1</b>, <b>0</b>, <b>2</b>'],
    ['de', '<b>1</b>, <b>0</b> und <b>2</b>'],
    ['ar', '<b>1</b> و<b>0</b> و<b>2</b>'],
    ['zh', '<b>1</b>、<b>0</b>、<b>2</b>'],
    ['ja', '<b>1</b>、<b>0</b>、<b>2</b>'],
    ['en-XA', '<b>1</b>, <b>0</b>, <b>2</b>'],
  ]
  for (const [lang, text] of said) assert.equal(listHtml(items, lang), text, lang)
  assert.equal(listHtml([], 'fr'), '')
  assert.equal(listHtml(['<b>1</b>'], 'ar'), '<b>1</b>')
})

test('facts beside each other are parted as their language parts them', () => {
  const said = { en: ', ', ko: ', ', ar: '، ', 'ar-XB': '، ', zh: '，', ja: '、' }
  for (const [lang, comma] of Object.entries(said)) assert.equal(commaOf(lang), comma, lang)
})
