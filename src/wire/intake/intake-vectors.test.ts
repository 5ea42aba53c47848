import assert from 'node:assert/strict'
import { createHash, createHmac, createPublicKey, hkdfSync, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { fromBase64, toBase64, utf8 } from '../../base/bytes.ts'
import { canonicalText } from '../../base/canonical-json.ts'
import { rootFromInclusion } from '../../proof/inclusion.ts'
import { hashLeaf } from '../../proof/tree-hash.ts'
import { entryCommitment } from '../event-commitment.ts'
import { requireForm } from '../exchange/form.ts'
import { SignedAcceptedForm } from './sealed-receipt.ts'

// Recomputed here with other means than those that wrote the vector.
const root = new URL('../../../protocol/', import.meta.url)
const vector = JSON.parse(readFileSync(new URL('vectors/intake/filing.json', root), 'utf8'))
const page = readFileSync(new URL('spec/intake.md', root), 'utf8')
const { code, node, secrets, sealed, batch, accepted } = vector
const symbols = code.replaceAll('-', '').slice(0, 22)
const hmac = (key: string | Uint8Array, ...parts: (string | Uint8Array)[]) =>
  parts.reduce((mac, part) => mac.update(part), createHmac('sha256', key)).digest('base64')

test('the secrets are HKDF of the symbols', () => {
  for (const [name, info] of Object.entries({
    mailboxId: 'mailbox-id',
    mailboxKey: 'mailbox-key',
    filingNonce: 'filing-nonce',
    eventTags: 'event-tags',
  })) {
    const derived = hkdfSync('sha256', symbols, `comity/intake/v1\n${node}`, info, 32)
    assert.equal(secrets[name], Buffer.from(derived).toString('hex'))
  }
  const mailboxId = Buffer.from(secrets.mailboxId, 'hex')
  assert.equal(vector.mailboxHash, createHash('sha256').update(mailboxId).digest('hex'))
})

test('the check symbols are the first ten bits of a hash', () => {
  const digest = createHash('sha256').update(`comity/receipt/v1\n${symbols}`).digest()
  const bits = digest.readUInt16BE(0) >> 6
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  assert.equal(code.slice(-2), `${alphabet[bits >> 5]}${alphabet[bits & 31]}`)
})

test('commitment, tags, path, entry and signature fit each other', () => {
  const digests = sealed.map((text: string) =>
    createHash('sha256').update(fromBase64(text)).digest(),
  )
  const nonce = Buffer.from(secrets.filingNonce, 'hex')
  assert.equal(vector.commitment, hmac(nonce, 'comity/filing/v1\n', ...digests))
  const tagKey = Buffer.from(secrets.eventTags, 'hex')
  for (const [event, tag] of Object.entries(vector.eventTags)) {
    assert.equal(tag, hmac(tagKey, event))
  }
  const leaf = hashLeaf(nodePrimitives, fromBase64(vector.commitment))
  const path = { leafIndex: batch.path.leafIndex, hashes: batch.path.hashes.map(fromBase64) }
  const reached = rootFromInclusion(nodePrimitives, leaf, path, batch.path.treeSize)
  assert.equal(toBase64(reached), batch.root)
  assert.equal(entryCommitment(utf8(batch.entry)), batch.root)
  assert.ok(JSON.parse(batch.entry).tags.includes(vector.eventTags.acknowledged))
  const { receipt, keyId, signature, publicKey, signedBytes } = accepted
  requireForm(SignedAcceptedForm, { receipt, keyId, signature }, '')
  const signed = Buffer.from(`comity/filing-accepted/v1\n${canonicalText(receipt)}`)
  assert.equal(signedBytes, signed.toString('hex'))
  const format = { format: 'raw-public', asymmetricKeyType: 'ed25519' }
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), ...format } as never)
  assert.ok(verify(null, signed, key, Buffer.from(signature, 'base64')))
})

test('the specification shows these values', () => {
  const shown = [code, node, ...Object.values(secrets), vector.mailboxHash, vector.commitment]
  shown.push(...sealed, batch.root, batch.entry, ...batch.path.hashes, ...batch.leaves)
  shown.push(vector.eventTags.acknowledged, canonicalText(accepted.receipt), accepted.signature)
  for (const value of shown) assert.ok(page.includes(String(value)), String(value))
})
