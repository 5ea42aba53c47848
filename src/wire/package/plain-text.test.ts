import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainJson, plainText } from './plain-text.ts'

const NASTY = 'a\u0085\u009b2Jb\u202ec\u2066\u{e0041}\ud800\n"é漢'

test('what steers a terminal or turns the writing is escaped, and read back the same', () => {
  const said = plainJson({ [NASTY]: [NASTY, 1] })
  assert.match(said, /^[ -~é漢]+$/)
  assert.deepEqual(JSON.parse(said), { [NASTY]: [NASTY, 1] })
})

test('as text it is replaced, and long text cut', () => {
  assert.match(plainText(NASTY), /^[ -~é漢\ufffd]+$/)
  assert.equal(plainText('x'.repeat(9), 4), 'xxxx…')
})
