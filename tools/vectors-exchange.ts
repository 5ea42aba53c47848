/**
 * Writes one example of each signed document of the exchange, with the bytes that
 * are hashed and signed: `protocol/vectors/exchange/*.json`. Keys and salts are
 * fixed and public. Sealed files are not among them: age is random by design.
 * `--check` only compares.
 */
import {
  mlDsa44Signer,
  nodePrimitives,
  publicKeyOf,
  signEd25519,
} from '../src/adapters/node-primitives.ts'
import { textFromUtf8, toBase64, toHex } from '../src/base/bytes.ts'
import { instant } from '../src/base/time.ts'
import { formatVkey, KEY_TYPE, type KeyType, noteKey } from '../src/proof/vkey.ts'
import { channelStart, nextHeader, positionAfter } from '../src/wire/exchange/channel.ts'
import { commitToContent, linkOf } from '../src/wire/exchange/message-header.ts'
import type { NodeDocument } from '../src/wire/exchange/node-document.ts'
import { type Receipt, receiptDigest } from '../src/wire/exchange/receipt.ts'
import { DOMAIN, type Domain, domainBytes, signValue } from '../src/wire/exchange/signed.ts'
import { encodeContents } from '../src/wire/exchange/transaction.ts'
import { jsonText, writeOrCheck } from './generated-files.ts'
import { vectorKey } from './vector-keys.ts'

const MERIDIA = vectorKey('meridia.example/msg1', 0)
const ALBION = vectorKey('albion.example/msg1', 32)
const AT = instant('2027-01-15T08:00:00.000Z')

type Key = ReturnType<typeof vectorKey>

const signerOf = ({ seed, listed }: Key) => ({
  keyId: listed.id,
  sign: (bytes: Uint8Array) => signEd25519(seed, bytes),
})

/** A document, what is signed of it, by which key, and the signature. */
async function signed(says: string, member: string, domain: Domain, value: object, key: Key) {
  return {
    says,
    publicKey: key.listed.publicKey,
    signedBytes: toHex(domainBytes(domain, value)),
    [member]: value,
    signature: await signValue(domain, value, signerOf(key)),
  }
}

const salt = Uint8Array.from({ length: 32 }, (_, index) => 255 - index)
const content = { text: 'a first message', n: 1 }
const start = channelStart('meridia.example', 'albion.example')
const header = nextHeader(start, {
  id: '01940000-0000-7000-8000-000000000001',
  type: 'example',
  objectId: '01940000-0000-7000-8000-0000000000aa',
  version: 1,
  agreement: null,
  contentCommitment: commitToContent(nodePrimitives, salt, content),
  notAfter: instant('2030-01-01T00:00:00.000Z'),
})
const link = linkOf(nodePrimitives, header)
const { epoch, seq } = header
const opening = { salt: toBase64(salt), content }

const receipt: Receipt = {
  v: 1,
  origin: header.origin,
  destination: header.destination,
  epoch,
  seq,
  link,
  decision: 'rejected',
  reason: 'policy:p.4',
  rule: 'clause:4.2',
  at: AT,
  headSeen: { epoch, seq, link },
}

const head = { v: 1, ...positionAfter(header, link), at: AT }

const vkey = (name: string, type: KeyType, firstByte: number) => {
  const publicKey = publicKeyOf(vectorKey(`meridia.example/${name}`, firstByte).seed)
  return formatVkey(noteKey(nodePrimitives, `meridia.example/${name}`, type, publicKey))
}

const mlDsaVkey = (name: string, firstByte: number) => {
  const { publicKey } = mlDsa44Signer(vectorKey(`meridia.example/${name}`, firstByte).seed)
  const type = KEY_TYPE.mlDsa44Cosignature
  return formatVkey(noteKey(nodePrimitives, `meridia.example/${name}`, type, publicKey))
}

const document: NodeDocument = {
  v: 1,
  node: 'meridia.example',
  name: 'Meridia AI Safety Authority (fictional)',
  legalOrder: 'EU',
  endpoints: { federation: 'https://meridia.example', log: 'https://meridia.example/ledger' },
  messageKeys: [
    {
      id: MERIDIA.listed.id,
      alg: 'ed25519',
      key: MERIDIA.listed.publicKey,
      validFrom: instant(MERIDIA.listed.validFrom),
      validUntil: instant(MERIDIA.listed.validUntil),
    },
  ],
  encryptionRecipient: 'age1c2h2knpnvd0gyay4du7p6xfhx9l7nz92xm5glpgq572wjeylhvasgw0art',
  logKey: vkey('ledger', KEY_TYPE.ed25519, 64),
  witnessKey: vkey('witness', KEY_TYPE.cosignature, 96),
  issuedAt: AT,
}

const files = {
  'message.json': {
    ...(await signed('a first message', 'header', DOMAIN.header, header, MERIDIA)),
    link,
    linkedBytes: toHex(domainBytes(DOMAIN.link, header)),
    opening,
    sealedContents: textFromUtf8(encodeContents([link], [opening])),
  },
  'receipt.json': {
    ...(await signed('a negative receipt for it', 'receipt', DOMAIN.receipt, receipt, ALBION)),
    digest: receiptDigest(nodePrimitives, receipt),
  },
  'channel-head.json': await signed(
    'the head of the channel, as its destination saw it',
    'head',
    DOMAIN.channelHead,
    head,
    ALBION,
  ),
  'node-document.json': await signed(
    'a node document',
    'document',
    DOMAIN.nodeDocument,
    document,
    MERIDIA,
  ),
  'node-document-two-witness-keys.json': await signed(
    'a node document with a second key of the witness, by ML-DSA-44',
    'document',
    DOMAIN.nodeDocument,
    { ...document, witnessKeyMlDsa44: mlDsaVkey('witness', 128) },
    MERIDIA,
  ),
}

await writeOrCheck(
  'protocol/vectors/exchange',
  new Map(Object.entries(files).map(([name, value]) => [name, jsonText(value)])),
)
