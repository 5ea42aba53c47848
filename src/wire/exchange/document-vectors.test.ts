/** The vectors of receipts, heads and node documents, through the functions that read them. */
import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { fromBase64, utf8 } from '../../base/bytes.ts'
import { ComityError } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import type { MessageKey } from '../http-signature.ts'
import { verifyChannelHead } from './channel-head.ts'
import { type NodeDocument, verifyNodeDocument } from './node-document.ts'
import { verifyReceipts } from './receipt.ts'
import { judgeRenewal } from './renewal.ts'

const FOLDER = new URL('../../../protocol/vectors/exchange-documents/', import.meta.url)

type Listed = Omit<MessageKey, 'publicKey'> & { publicKey: string }
type Vector = {
  says: string
  reads: 'receipts' | 'channelHead' | 'nodeDocument' | 'renewal'
  given: never
  text: string
  expect: string | { reason: string }
}

const keys = (listed: Listed[]): MessageKey[] =>
  listed.map((key) => ({ ...key, publicKey: fromBase64(key.publicKey) }))
const signer = ({ node, keys: listed }: { node: string; keys: Listed[] }) => ({
  node,
  messageKeys: keys(listed),
})

type Read = (bytes: Uint8Array, given: never) => string | Promise<string>

const READERS: Readonly<Record<Vector['reads'], Read>> = {
  async receipts(bytes, given: { transaction: string; messages: []; by: never }) {
    await verifyReceipts(nodePrimitives, bytes, { ...given, by: signer(given.by) })
    return 'verified'
  },
  channelHead(bytes, given: { origin: string; destination: string; by: never }) {
    verifyChannelHead(nodePrimitives, bytes, { ...given, by: signer(given.by) })
    return 'verified'
  },
  nodeDocument(bytes, given: { node: string; pinned: Listed[]; now: Instant }) {
    verifyNodeDocument(nodePrimitives, bytes, { ...given, pinned: keys(given.pinned) })
    return 'verified'
  },
  renewal(bytes, { pinned, now }: { pinned: NodeDocument; now: Instant }) {
    const context = { now, leadsTo: () => false }
    const judged = judgeRenewal(nodePrimitives, pinned, bytes, context)
    if (judged.decision === 'refuse') return judged.why
    return judged.value === undefined ? 'same' : 'renewed'
  },
}

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))
assert.ok(names.length > 100, 'the vectors are there')

async function outcomeOf({ reads, given, text }: Vector): Promise<Vector['expect']> {
  try {
    return await READERS[reads](utf8(text), given)
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    return { reason: error.reason ?? error.code }
  }
}

for (const name of names) {
  const vector = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Vector
  test(`vector ${name}: ${vector.says}`, async () => {
    assert.deepEqual(await outcomeOf(vector), vector.expect)
  })
}

// By other means than those that wrote and read them: the signatures of the good ones.
const SIGNED = [
  ['receipt-valid.json', 'receipt', 'comity/message-receipt/v1\0'],
  ['channel-head-valid.json', 'head', 'comity/channel-head/v1\0'],
  ['node-document-valid.json', 'document', 'comity/node/v1\0'],
] as const

for (const [name, member, domain] of SIGNED) {
  test(`${name}: its own text, after its domain, is what was signed`, () => {
    const { text, given } = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as {
      text: string
      given: { by?: { keys: Listed[] }; pinned?: Listed[] }
    }
    const whole = JSON.parse(text)
    const { signature } = whole.receipts?.[0] ?? whole
    const start = text.indexOf(`"${member}":{`) + member.length + 3
    const part = text.slice(start, text.indexOf(',"signature"', start))
    const [key] = given.by?.keys ?? given.pinned ?? []
    const publicKey = createPublicKey({
      key: Buffer.from(key?.publicKey ?? '', 'base64'),
      format: 'raw-public',
      asymmetricKeyType: 'ed25519',
    } as never)
    const bytes = Buffer.from(signature.value, 'base64')
    assert.equal(verify(null, Buffer.from(domain + part), publicKey, bytes), true)
  })
}
