import assert from 'node:assert/strict'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { documentFaults } from '../core/agreement/document-faults.ts'

// Recomputed here with other means than those that wrote the vector.
const root = new URL('../../protocol/', import.meta.url)
const vector = JSON.parse(readFileSync(new URL('vectors/agreement/signature.json', root), 'utf8'))
const page = readFileSync(new URL('spec/agreement.md', root), 'utf8')
const { document, canonical, digest, statement, signedText, keyId, publicKey } = vector

test('the digest is that of domain and canonical text', () => {
  assert.deepEqual(JSON.parse(canonical), document)
  const hash = createHash('sha256').update(`comity/agreement/v1\n${canonical}`)
  assert.equal(digest, hash.digest('hex'))
  assert.deepEqual(documentFaults(document), [])
})

test('the signature is by the key that the document pins', () => {
  assert.equal(statement.digest, digest)
  const members = `"agreement":"${document.id}","digest":"${digest}","kind":"comity/agreement-signature/v1","party":"${statement.party}"`
  assert.equal(signedText, `{${members}}`)
  const raw = Buffer.from(publicKey, 'base64')
  const format = { format: 'raw-public', asymmetricKeyType: 'ed25519' }
  const key = createPublicKey({ key: raw, ...format } as never)
  assert.ok(verify(null, Buffer.from(signedText), key, Buffer.from(vector.signature, 'base64')))
  const party = document.parties.find((one: { node: string }) => one.node === statement.party)
  const fingerprint = createHash('sha256').update(raw).digest('hex')
  assert.deepEqual(party.messageKeys, [{ id: keyId, fingerprint }])
})

test('the specification shows these values', () => {
  for (const value of [canonical, digest, signedText, vector.signature, keyId, publicKey]) {
    assert.ok(page.includes(value), value)
  }
})
