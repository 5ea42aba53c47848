/** How answers and heads are changed: by the network, by other keys, by the node that signs them. */
import { randomBytes } from 'node:crypto'
import { httpPrimitives } from '../../src/adapters/keys/http-primitives.ts'
import { signEd25519 } from '../../src/adapters/node-primitives.ts'
import { canonicalBytes, type Json } from '../../src/base/canonical-json.ts'
import { DOMAIN, signValue } from '../../src/wire/exchange/signed.ts'
import type { HttpRequest, HttpResponse } from '../../src/wire/http-message.ts'
import { type Sign, signResponse } from '../../src/wire/http-signature.ts'
import type { ExchangeNode } from './exchange-node.ts'
import type { Pair } from './exchange-pair.ts'
import { editedJson, flippedBit, flippedText, reordered, resized } from './mutated-traffic.ts'
import type { SeededRandom } from './seeded-random.ts'

type Receipts = {
  transaction: string
  receipts: { receipt: Record<string, Json>; signature: Json }[]
  v: number
}

export type Scene = {
  readonly pair: Pair
  readonly random: SeededRandom
  /** Answers of before, to other requests. */
  readonly earlier: readonly HttpResponse[]
}

type Change = (scene: Scene, request: HttpRequest, answer: HttpResponse) => Promise<HttpResponse>
export type Family = { readonly name: string; readonly change: Change; readonly isUnread?: boolean }

const field = (answer: HttpResponse, name: string, change: (old: string) => string) => ({
  ...answer,
  headers: answer.headers.map(([each, old]): [string, string] => [
    each,
    each.toLowerCase() === name ? change(old) : old,
  ]),
})

const SIGNED_FIELDS = ['content-type', 'content-digest', 'signature-input', 'signature']

const NETWORK: readonly Family[] = [
  {
    name: 'a bit of an answer',
    change: async ({ random }, _, answer) => ({
      ...answer,
      body: flippedBit(answer.body, random),
    }),
  },
  {
    name: 'a bit of a signed field of an answer',
    change: async ({ random }, _, answer) =>
      field(answer, random.pick(SIGNED_FIELDS), (old) => flippedText(old, random)),
  },
  {
    name: 'a signed field of an answer taken away',
    change: async ({ random }, _, answer) => {
      const gone = random.pick(SIGNED_FIELDS)
      return { ...answer, headers: answer.headers.filter(([name]) => name.toLowerCase() !== gone) }
    },
  },
  {
    name: 'another status',
    change: async ({ random }, _, answer) => ({
      ...answer,
      status: random.pick([201, 204, 400, 403, 404, 409, 421, 429, 500]),
    }),
  },
  {
    name: 'an answer cut or longer',
    change: async ({ random }, _, answer) => ({ ...answer, body: resized(answer.body, random) }),
  },
  {
    name: 'the answer to an earlier request',
    change: async ({ random, earlier }) => random.pick(earlier),
  },
  {
    name: 'the signature of an earlier answer',
    change: async ({ random, earlier }, _, answer) => {
      const other = new Map(random.pick(earlier).headers.map(([k, v]) => [k.toLowerCase(), v]))
      const taken = (name: string, old: string) => other.get(name) ?? old
      return field(
        field(answer, 'signature', (old) => taken('signature', old)),
        'signature-input',
        (old) => taken('signature-input', old),
      )
    },
  },
]

/** The answering node signs it for this very request. */
const signedAnew =
  (make: (read: Receipts, scene: Scene) => Promise<unknown> | unknown, by?: Sign): Change =>
  async (scene, request, answer) => {
    const read = JSON.parse(Buffer.from(answer.body).toString()) as Receipts
    const body = canonicalBytes((await make(read, scene)) as Json)
    return answerOf(scene.pair.b, request, body, by)
  }

async function answerOf(
  { signer }: ExchangeNode,
  request: HttpRequest,
  body: Uint8Array<ArrayBuffer>,
  sign: Sign = signer.sign,
): Promise<HttpResponse> {
  const draft = { status: 200, contentType: 'application/json', body }
  const nonce = randomBytes(16).toString('base64url')
  const now = new Date().toISOString() as never
  const parameters = { keyId: signer.keyId, nonce, now }
  const signing = { primitives: httpPrimitives, sign }
  return { status: 200, headers: await signResponse(draft, request, parameters, signing), body }
}

const stranger = new Uint8Array(randomBytes(32))
const bySomebodyElse: Sign = (bytes) => signEd25519(stranger, bytes)

const receiptsOf = ({ body }: HttpResponse) =>
  (JSON.parse(Buffer.from(body).toString()) as Receipts).receipts

export const FAMILIES: readonly Family[] = [
  ...NETWORK,
  {
    name: 'receipts exchanged',
    change: signedAnew((read, { random }) => ({
      ...read,
      receipts: reordered(read.receipts, random),
    })),
  },
  {
    name: 'a receipt left out',
    change: signedAnew((read, { random }) => ({
      ...read,
      receipts: read.receipts.toSpliced(random.below(read.receipts.length), 1),
    })),
  },
  {
    name: 'a receipt twice',
    change: signedAnew((read, { random }) => ({
      ...read,
      receipts: [...read.receipts, random.pick(read.receipts)],
    })),
  },
  {
    name: 'receipts of an earlier transaction',
    change: signedAnew((read, { random, earlier }) => ({
      ...read,
      receipts: receiptsOf(random.pick(earlier)),
    })),
  },
  {
    name: 'an earlier receipt in the place of one',
    change: signedAnew((read, { random, earlier }) => ({
      ...read,
      receipts: read.receipts.with(
        random.below(read.receipts.length),
        random.pick(receiptsOf(random.pick(earlier))) as never,
      ),
    })),
  },
  {
    name: 'a receipt edited, its signature kept',
    change: signedAnew((read, { random }) => editedJson(read as unknown as Json, random)),
  },
  {
    name: 'a receipt about another message, signed by the peer',
    change: signedAnew(async (read, { random, pair }) => {
      const at = random.below(read.receipts.length)
      const { receipt } = read.receipts[at] as Receipts['receipts'][number]
      const changed = {
        ...receipt,
        ...random.pick<Record<string, Json>>([
          { seq: Number(receipt['seq']) + 1 + random.below(9) },
          { epoch: Number(receipt['epoch']) + 1 },
          { link: randomBytes(32).toString('hex') },
          { origin: 'sierra.example' },
          { destination: 'sierra.example' },
        ]),
      }
      const signature = await signValue(DOMAIN.receipt, changed, pair.b.signer)
      return { ...read, receipts: read.receipts.with(at, { receipt: changed, signature } as never) }
    }),
  },
  {
    name: 'a receipt signed by somebody else',
    change: signedAnew(async (read, { random, pair }) => {
      const at = random.below(read.receipts.length)
      const { receipt } = read.receipts[at] as Receipts['receipts'][number]
      const signer = { keyId: pair.b.signer.keyId, sign: bySomebodyElse }
      const signature = await signValue(DOMAIN.receipt, receipt, signer)
      return { ...read, receipts: read.receipts.with(at, { receipt, signature } as never) }
    }),
  },
  { name: 'an answer signed by somebody else', change: signedAnew((read) => read, bySomebodyElse) },
]

export const UNREAD: Family = {
  name: 'a field of an answer that no signature covers and nobody reads',
  change: async (_, __, answer) => ({ ...answer, headers: [...answer.headers, ['server', 'x']] }),
}

type Head = { head: Record<string, Json>; signature: Json }

/** The peer signs another head than the true one. */
const otherHead = (change: (head: Head['head'], scene: Scene) => Record<string, Json>): Change =>
  signedAnew(async (read, scene) => {
    const { head } = read as unknown as Head
    if (head === undefined) return read
    const changed = { ...head, ...change(head, scene) }
    return {
      head: changed,
      signature: await signValue(DOMAIN.channelHead, changed, scene.pair.b.signer),
    }
  })

export const HEAD_FAMILIES: readonly Family[] = [
  ...NETWORK,
  {
    name: 'a head edited, its signature kept',
    change: signedAnew((read, { random }) => editedJson(read as unknown as Json, random)),
  },
  {
    name: 'an old head, signed again',
    change: otherHead((head, { random }) => ({
      seq: random.below(Number(head['seq'])),
      link: randomBytes(32).toString('hex'),
    })),
  },
  {
    name: 'the head of a channel on which nothing was sent',
    change: otherHead(() => ({ seq: 0, link: '0'.repeat(64) })),
  },
  {
    name: 'a head with another link',
    change: otherHead(() => ({ link: randomBytes(32).toString('hex') })),
  },
  {
    name: 'a head of another epoch',
    change: otherHead((head, { random }) => ({
      epoch: Number(head['epoch']) + 1 + random.below(3),
    })),
  },
  {
    name: 'a head ahead of what is given',
    change: otherHead((head, { random }) => ({
      seq: Number(head['seq']) + 1 + random.below(60),
      link: randomBytes(32).toString('hex'),
    })),
  },
  {
    name: 'a head of another channel',
    change: otherHead((head) => ({
      origin: head['destination'] as Json,
      destination: head['origin'] as Json,
    })),
  },
  { name: 'a head signed by somebody else', change: signedAnew((read) => read, bySomebodyElse) },
]
