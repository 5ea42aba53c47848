import assert from 'node:assert/strict'
import { createHash, createHmac, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { fromBase64 } from '../../base/bytes.ts'
import { canonicalText } from '../../base/canonical-json.ts'
import { requireForm } from './form.ts'
import { linkOf, MessageHeaderForm } from './message-header.ts'
import { fingerprintOf } from './node-fingerprint.ts'
import { readContents, requireOpening } from './transaction.ts'

// Recomputed here with other means than those that wrote the vectors.
const FOLDER = new URL('../../../protocol/vectors/exchange/', import.meta.url)
const read = (name: string) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))
const hex = (text: string) => Buffer.from(text).toString('hex')

for (const [name, member, domain] of [
  ['message.json', 'header', 'comity/header/v1\0'],
  ['receipt.json', 'receipt', 'comity/message-receipt/v1\0'],
  ['channel-head.json', 'head', 'comity/channel-head/v1\0'],
  ['node-document.json', 'document', 'comity/node/v1\0'],
  ['node-document-two-witness-keys.json', 'document', 'comity/node/v1\0'],
] as const) {
  test(`${name}: the signed bytes are domain and canonical JSON, and the signature is right`, () => {
    const vector = read(name)
    assert.equal(vector.signedBytes, hex(domain + canonicalText(vector[member])))
    const publicKey = createPublicKey({
      key: Buffer.from(vector.publicKey, 'base64'),
      format: 'raw-public',
      asymmetricKeyType: 'ed25519',
    } as never)
    const signature = Buffer.from(vector.signature.value, 'base64')
    const signed = Buffer.from(vector.signedBytes, 'hex')
    assert.equal(verify(null, signed, publicKey, signature), true)
  })
}

test('a second key of the witness is in the fingerprint, and changes none that was known', () => {
  const fingerprint = (name: string) => fingerprintOf(nodePrimitives, read(name).document)
  const { document } = read('node-document.json')
  const { node, messageKeys, encryptionRecipient, logKey, witnessKey } = document
  const ids = messageKeys.map(({ id, key }: { id: string; key: string }) => ({ id, key }))
  const named = { node, messageKeys: ids, encryptionRecipient, logKey, witnessKey }
  const digest = createHash('sha256')
    .update(`comity/node-fingerprint/v1\0${canonicalText(named)}`)
    .digest('hex')
  assert.equal(fingerprint('node-document.json').replaceAll(' ', ''), digest)
  assert.notEqual(fingerprint('node-document-two-witness-keys.json').replaceAll(' ', ''), digest)
})

test('message.json: link, commitment and contents fit each other', () => {
  const { header, link, linkedBytes, opening, sealedContents } = read('message.json')
  requireForm(MessageHeaderForm, header, '')
  const hash = createHash('sha256').update(Buffer.from(linkedBytes, 'hex')).digest('hex')
  assert.equal(linkedBytes, hex(`comity/link/v1\0${canonicalText(header)}`))
  assert.equal(link, hash)
  assert.equal(linkOf(nodePrimitives, header), link)
  const hmac = createHmac('sha256', fromBase64(opening.salt)).update(canonicalText(opening.content))
  assert.equal(header.contentCommitment, hmac.digest('hex'))
  const [opened] = readContents(Buffer.from(sealedContents), [link])
  assert.ok(opened)
  requireOpening(nodePrimitives, header, opened)
})

test('receipt.json: the digest is that of the signed bytes', () => {
  const { digest, signedBytes } = read('receipt.json')
  const hash = createHash('sha256').update(Buffer.from(signedBytes, 'hex')).digest('hex')
  assert.equal(digest, hash)
})
