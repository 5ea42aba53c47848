import assert from 'node:assert/strict'
import test from 'node:test'
import { fromHex } from '../base/bytes.ts'
import { mailboxIdentity } from './mailbox-identity.ts'
import { recipientOf } from './seal.ts'

// Of the code 7K9M-2QX4-RTB8-ZC3W-HN5D-GEWS at node.example; see protocol/vectors/intake.
const key = fromHex('e217430a35651de8ff5e1fc61085b1dd31a22f9fd70f6a062959880dbe17f34f')

test('the known code gives the known recipient', async () => {
  const identity = mailboxIdentity(key, 'x25519')
  assert.equal(identity.slice(0, 16), 'AGE-SECRET-KEY-1')
  assert.equal(
    await recipientOf(identity),
    'age15z6ylnq9gz7u42t07f0g4r2nh0n0auh37qs2d7zq3cff8f22uvusfxu3m7',
  )
})

test('for hybrid officers the mailbox is hybrid as well', async () => {
  const recipient = await recipientOf(mailboxIdentity(key, 'hybrid'))
  assert.match(recipient, /^age1pq1/)
})

for (const size of [0, 16, 31, 33, 64]) {
  test(`a key of ${size} bytes is none`, () => {
    assert.throws(() => mailboxIdentity(new Uint8Array(size), 'x25519'), /has 32 bytes/)
  })
}
