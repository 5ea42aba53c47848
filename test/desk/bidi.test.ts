/** Order of letters on a line: the same as a browser shows, for texts that mix both ways. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPlain, levelsOf, visualRuns } from '../../src/adapters/letters/bidi.ts'
import { launchBrowser, newPage } from '../support/browser.ts'

const LETTERS = [
  ...'aBéЖ',
  ...'אבשת',
  ...'بمسك',
  ...'123',
  ...'٣٤',
  ...'۵۶',
  ...'+-.,/:$%',
  ...'()[]!?"&',
  ...'     ',
]
const SAMPLES = [
  'The word שלום, and more.',
  'النموذج Larkspur (v2.1) لم يتغير',
  'ref: MER-2026-ABC123 · 22/11/2026',
  'السعر 1,250.50 $ أو 10% من',
  '(א) a [ב] (b',
  'abc (אבג) def',
  'a (ב) [(c) ד] {1 (א)} b',
  'א (b [ג) d] (1)',
  `א ${'('.repeat(40)}b${')'.repeat(40)} ג`,
]

/** mulberry32, so that a text that fails comes again. */
function randomFrom(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6d2b79f5) % 2 ** 32
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** From left to right, as ours says; what is turned round is turned here letter by letter. */
function visual(text: string, isRightToLeft: boolean): string {
  return visualRuns(levelsOf(text, isRightToLeft), isRightToLeft)
    .map((run) => (run.isRightToLeft ? [...run.text].reverse().join('') : run.text))
    .join('')
}

/** In the page: each letter's place, then the letters from left to right. */
const ORDER = `(texts) => texts.map(([text, isRightToLeft]) => {
  const line = document.querySelector('p')
  line.dir = isRightToLeft ? 'rtl' : 'ltr'
  line.textContent = text
  const node = line.firstChild
  return [...text].map((letter, index) => {
    const range = document.createRange()
    range.setStart(node, index)
    range.setEnd(node, index + 1)
    return { letter, left: range.getBoundingClientRect().left }
  }).sort((a, b) => a.left - b.left).map(({ letter }) => letter).join('')
})`

test('a browser shows the same order', async () => {
  const random = randomFrom(20_261_122)
  const made = Array.from({ length: 1500 }, () =>
    Array.from({ length: 2 + random(14) }, () => LETTERS[random(LETTERS.length)]).join(''),
  )
  const texts = [...SAMPLES, ...made].flatMap((text) => [
    [text, false] as const,
    [text, true] as const,
  ])
  const browser = await launchBrowser()
  try {
    const page = await newPage(browser)
    await page.setContent('<p style="white-space: pre; position: absolute; font-size: 20px"></p>')
    const shown = (await page.evaluate(`(${ORDER})(${JSON.stringify(texts)})`)) as string[]
    const wrong = texts.flatMap(([text, isRightToLeft], index) => {
      const ours = visual(text, isRightToLeft)
      return ours === shown[index] ? [] : [{ text, isRightToLeft, ours, browser: shown[index] }]
    })
    assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} of ${texts.length}`)
  } finally {
    await browser.close()
  }
})

test('explicit marks are not for it', () => {
  for (const mark of ['\u200f', '\u202e', '\u2067', '\u061c', '\u200b']) {
    assert.equal(isPlain(`a${mark}b`), false)
  }
})

test('brackets without end take no more time than letters', () => {
  const before = process.cpuUsage()
  for (const text of [
    `\u05d0${'()'.repeat(50_000)}`,
    `\u05d0${'('.repeat(50_000)}${')'.repeat(50_000)}`,
    `\u05d0${'([{'.repeat(30_000)}`,
    `\u05d0${'(a\u05d01)'.repeat(20_000)}`,
  ]) {
    assert.equal(levelsOf(text, true).length, text.length)
  }
  const { user, system } = process.cpuUsage(before)
  assert.ok((user + system) / 1000 < 10_000, `${(user + system) / 1000} ms`)
})
