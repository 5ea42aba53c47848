import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { toHex } from '../../base/bytes.ts'
import { ComityError } from '../../base/errors.ts'
import { displayCode, newReceiptCode, readReceiptCode, secretsOfCode } from './receipt-code.ts'

const KNOWN = '7K9M-2QX4-RTB8-ZC3W-HN5D-GEWS'

test('the known code has the known mailbox', () => {
  const code = readReceiptCode(nodePrimitives, KNOWN)
  const { mailboxId } = secretsOfCode(nodePrimitives, code, 'node.example')
  assert.equal(toHex(mailboxId), '9bc5129b9a1cd11b167c36fbc9233ac5fa1c918b90ca5da8901ab2d68fecfb03')
  assert.equal(
    toHex(nodePrimitives.sha256(mailboxId)),
    '2b14796fb3fcc1c9e54c52f9a6988b339da7a24367499dd05b21c8d441c8671e',
  )
})

test('a code reads back from every form in which people write it', () => {
  for (let round = 0; round < 50; round++) {
    const code = newReceiptCode(nodePrimitives, randomBytes(22))
    const shown = displayCode(code)
    const forms = [shown, shown.toLowerCase(), shown.replaceAll('-', ' '), ` ${code}\n`]
    forms.push(shown.replaceAll('0', 'O').replaceAll('1', 'l'))
    for (const form of forms) assert.equal(readReceiptCode(nodePrimitives, form), code)
  }
})

test('nearly every single wrong symbol is noticed', () => {
  const code = readReceiptCode(nodePrimitives, KNOWN)
  let missed = 0
  let tried = 0
  for (let at = 0; at < code.length; at++) {
    for (const symbol of '0123456789ABCDEFGHJKMNPQRSTVWXYZ') {
      if (symbol === code[at]) continue
      tried++
      try {
        readReceiptCode(nodePrimitives, code.slice(0, at) + symbol + code.slice(at + 1))
        missed++
      } catch (error) {
        assert.ok(error instanceof ComityError)
      }
    }
  }
  assert.ok(missed <= tried / 200, `${missed} of ${tried} not noticed`)
})

test('what cannot be a code is refused with a reason', () => {
  const reasons: Record<string, string> = {
    '': 'code-length',
    '7K9M': 'code-length',
    '7K9M-2QX4-RTB8-ZC3W-HN5D-GEWU': 'code-symbol',
    '7K9M-2QX4-RTB8-ZC3W-HN5D-GEWT': 'code-check',
    [`${KNOWN}7`]: 'code-length',
  }
  for (const [typed, reason] of Object.entries(reasons)) {
    assert.throws(
      () => readReceiptCode(nodePrimitives, typed),
      (error: ComityError) => error.reason === reason,
      typed,
    )
  }
})
