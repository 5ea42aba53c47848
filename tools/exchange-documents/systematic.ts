/** Each signed document with each member left out or bent before it is signed, and each spelling of it. */
import { DOMAIN, type Domain } from '../../src/wire/exchange/signed.ts'
import { type Bent, eachMember, eachSpelling, eachWreck } from '../each-member.ts'
import { DOCUMENT_GIVEN } from './node-documents.ts'
import { ALBION, DOCUMENT, MERIDIA, TRANSACTION } from './parties.ts'
import { HEAD, OF_HEAD, RECEIPT, RECEIPT_GIVEN } from './receipts.ts'
import { canonical, type Key, signed, type Vector, type Vectors } from './vector.ts'

type Kind = {
  readonly name: string
  readonly reads: Vector['reads']
  readonly given: object
  readonly member: string
  readonly domain: Domain
  readonly key: Key
  readonly value: object
  readonly optional: readonly string[]
  /** What stands around the signed value. */
  readonly around: (signed: object) => object
}

const same = (made: object) => made

const KINDS: readonly Kind[] = [
  {
    ...{ name: 'receipt', reads: 'receipts', given: RECEIPT_GIVEN, member: 'receipt' },
    ...{ domain: DOMAIN.receipt, key: ALBION, value: RECEIPT, optional: [] },
    around: (made) => ({ v: 1, transaction: TRANSACTION, receipts: [made] }),
  },
  {
    ...{ name: 'channel-head', reads: 'channelHead', given: OF_HEAD, member: 'head' },
    ...{ domain: DOMAIN.channelHead, key: ALBION, value: HEAD, optional: [], around: same },
  },
  {
    ...{ name: 'node-document', reads: 'nodeDocument', given: DOCUMENT_GIVEN, member: 'document' },
    ...{ domain: DOMAIN.nodeDocument, key: MERIDIA, value: DOCUMENT, around: same },
    optional: ['endpoints.log'],
  },
]

export async function SYSTEMATIC(): Promise<Vectors> {
  const all = await Promise.all(KINDS.map(vectorsOf))
  return Object.fromEntries(all.flat())
}

async function vectorsOf(kind: Kind): Promise<[string, Vector][]> {
  const { name, reads, given, member, domain, key, value, optional, around } = kind
  const vector = (bent: Bent<string>, reason: string): [string, Vector] => [
    `${name}-each-${bent.name}`,
    { says: bent.says, reads, given, text: bent.made, expect: { reason } },
  ]
  const of = async (bent: object) => canonical(around(await signed(member, domain, bent, { key })))
  const good = await of(value)
  const bent = await Promise.all(
    eachMember(value, optional).map(async (each) => {
      return vector({ ...each, made: await of(each.made) }, 'schema')
    }),
  )
  return [
    ...bent,
    ...eachSpelling(good).map((each) => vector(each, 'not-canonical')),
    ...eachWreck(good).map((each) => vector(each, 'not-json')),
    ...(await signatures(kind, vector)),
  ]
}

/** The signature, bent around a value that is good. */
async function signatures(
  { member, domain, key, value, around }: Kind,
  vector: (bent: Bent<string>, reason: string) => [string, Vector],
): Promise<[string, Vector][]> {
  const good = (await signed(member, domain, value, { key })) as { signature: { value: string } }
  const made = (signature: unknown) => canonical(around({ ...good, signature }))
  const of = (name: string, says: string, signature: unknown, reason: string) =>
    vector({ name, says, made: made(signature) }, reason)
  const bytes = Buffer.from(good.signature.value, 'base64')
  const inverted = bytes.map((byte, index) => (index === 40 ? byte ^ 1 : byte))
  const otherDomain = await signed(member, DOMAIN.header, value, { key })
  return [
    ...eachMember(good.signature).map((each) =>
      of(`signature-${each.name}`, `signature.${each.says}`, each.made, 'schema'),
    ),
    of(
      'signature-unknown-member',
      'alg beside the signature',
      { ...good.signature, alg: 1 },
      'schema',
    ),
    of('signature-list', 'a list of signatures', [good.signature], 'schema'),
    of('signature-null', 'no signature', null, 'schema'),
    of(
      'signature-bit',
      'a bit of the signature turned',
      { ...good.signature, value: Buffer.from(inverted).toString('base64') },
      'signature',
    ),
    of(
      'signature-zero',
      '64 zero bytes',
      { ...good.signature, value: Buffer.alloc(64).toString('base64') },
      'signature',
    ),
    of(
      'signature-of-header-domain',
      'signed as if it were a header',
      (otherDomain as typeof good).signature,
      'signature',
    ),
  ]
}
