/** The list of requirements and the pages of the specification say the same. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ALL_CHECKS } from './conformance.ts'
import { REQUIREMENTS } from './report.ts'

const SPEC = new URL('../../../protocol/spec/', import.meta.url)
const PAGES = ['exchange.md', 'log.md']
const WORDS = 'The words MUST, MUST NOT, SHOULD and MAY are used as in BCP 14 (RFC 2119, RFC 8174).'

const oneLine = (page: string) => readFileSync(new URL(page, SPEC), 'utf8').replaceAll(/\s+/g, ' ')

test('each requirement has an id of its own and stands on its page', () => {
  const ids = REQUIREMENTS.map(({ id }) => id)
  assert.equal(new Set(ids).size, ids.length)
  for (const { id, page, says } of REQUIREMENTS) {
    assert.equal(id.slice(0, id.indexOf('/')), page.slice(0, page.indexOf('.')), id)
    assert.ok(
      PAGES.includes(page) && oneLine(page).includes(says),
      `${id}: ${page} does not say so`,
    )
  }
})

for (const page of PAGES) {
  test(`every MUST of ${page} is in protocol/spec/requirements.json`, () => {
    const said = REQUIREMENTS.filter((each) => each.page === page).map(({ says }) => says)
    const rest = [WORDS, ...said].reduce((text, each) => text.replace(each, '…'), oneLine(page))
    const left = [...rest.matchAll(/.{0,100}\bMUST\b.{0,100}/g)].map(([around]) => around)
    assert.deepEqual(left, [])
  })
}

test('what can be seen from outside has a check, and nothing else has one', () => {
  const checked = new Set(ALL_CHECKS.map(({ requirement }) => requirement))
  const seen = REQUIREMENTS.filter(({ outside }) => outside === undefined).map(({ id }) => id)
  assert.deepEqual([...checked].sort(), seen.sort())
})

test('no two checks of a requirement have one name', () => {
  const names = ALL_CHECKS.map(({ requirement, does }) => `${requirement}: ${does}`)
  assert.equal(new Set(names).size, names.length)
})
