/** How requests are changed: by the network, by other keys, by who signs requests only, by the origin. */
import { randomBytes } from 'node:crypto'
import { httpPrimitives } from '../../src/adapters/keys/http-primitives.ts'
import { signEd25519 } from '../../src/adapters/node-primitives.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { canonicalBytes, type Json } from '../../src/base/canonical-json.ts'
import { contentDigest } from '../../src/wire/content-digest.ts'
import { type ChannelPosition, channelStart } from '../../src/wire/exchange/channel.ts'
import type { SignedHeader } from '../../src/wire/exchange/transaction.ts'
import { forge, type Put, signedPut } from './exchange-forger.ts'
import type { Pair } from './exchange-pair.ts'
import { editedJson, flippedBit, flippedText, reordered, resized } from './mutated-traffic.ts'
import type { SeededRandom } from './seeded-random.ts'

export type Forged = Awaited<ReturnType<typeof forge>>
type Transaction = { messages: SignedHeader[]; [member: string]: unknown }

export const EARLIER = 3
export const MESSAGES = 4

export type Scene = {
  readonly pair: Pair
  readonly random: SeededRandom
  readonly earlier: readonly Forged[]
  readonly puts: readonly Put[]
  readonly next: Forged
  readonly at: ChannelPosition
  /** Signed now, for the mutations of a while. */
  put: Put
}

export type Made = {
  readonly family: string
  readonly put: Put
  /** What is expected where it is no refusal of the whole request. */
  readonly verdict?: 'unread' | 'again' | 'negative' | 'equivocation'
}

type Family = (scene: Scene) => Promise<Made>

const onTheWay =
  (family: string, change: (put: Put, scene: Scene) => Put): Family =>
  async (scene) => ({ family, put: change(scene.put, scene) })

const field = (put: Put, name: string, change: (old: string) => string): Put => ({
  ...put,
  headers: put.headers.map(([each, old]) => [each, each === name ? change(old) : old]),
})

/** By somebody who can sign requests as the origin, and nothing else. */
const signedAnew =
  (family: string, change: (read: Transaction, scene: Scene) => Json | object): Family =>
  async (scene) => {
    const { pair, next } = scene
    const read = JSON.parse(Buffer.from(next.body).toString()) as Transaction
    const body = canonicalBytes(change(read, scene) as Json)
    return { family, put: await signedPut(pair.a, pair.toB, { id: next.id, body }) }
  }

const NETWORK: readonly Family[] = [
  onTheWay('a bit of the body', (put, { random }) => ({
    ...put,
    body: flippedBit(put.body, random),
  })),
  onTheWay('a bit of a header field', (put, { random }) => {
    const [name] = random.pick(put.headers)
    return field(put, name, (old) => flippedText(old, random))
  }),
  onTheWay('a header field taken away', (put, { random }) => {
    const gone = random.below(put.headers.length)
    return { ...put, headers: put.headers.filter((_, at) => at !== gone) }
  }),
  onTheWay('a header field twice', (put, { random }) => ({
    ...put,
    headers: [...put.headers, random.pick(put.headers)],
  })),
  onTheWay('a bit of the address', (put, { random, pair }) => {
    const path = put.url.slice(pair.toB.endpoint.length + 1)
    const changed = flippedText(path, random).replaceAll('#', '_')
    return { ...put, url: `${pair.toB.endpoint}/${changed}` }
  }),
  onTheWay('a body cut or longer', (put, { random }) => ({
    ...put,
    body: resized(put.body, random),
  })),
  onTheWay('a member of the body, its digest mended', (put, { random }) => {
    const value = editedJson(JSON.parse(Buffer.from(put.body).toString()) as Json, random)
    const body = canonicalBytes(value)
    const digest = contentDigest(httpPrimitives, body)
    return { ...field(put, 'content-digest', () => digest), body }
  }),
  onTheWay('the body of another transaction', (put, { random, earlier }) => ({
    ...put,
    body: random.pick(earlier).body,
  })),
  onTheWay('the signature of another request', (put, { random, puts }) => {
    const other = new Map(random.pick(puts).headers)
    const names = random.pick([
      ['signature'],
      ['signature', 'signature-input'],
      ['signature', 'signature-input', 'content-digest'],
    ])
    const headers = put.headers.map(([name, old]): [string, string] => [
      name,
      names.includes(name) ? (other.get(name) ?? old) : old,
    ])
    return { ...put, headers }
  }),
  onTheWay('a request that came before', (_, { random, puts }) => random.pick(puts)),
  onTheWay('another nonce', (put) =>
    field(put, 'signature-input', (old) =>
      old.replace(/nonce="[^"]+"/, `nonce="${randomBytes(16).toString('base64url')}"`),
    ),
  ),
]

const OTHER_KEYS: readonly Family[] = [
  async ({ pair, next }) => {
    const seed = new Uint8Array(randomBytes(32))
    const sign = (bytes: Uint8Array) => signEd25519(seed, bytes)
    return {
      family: 'signed with another key',
      put: await signedPut(pair.a, pair.toB, next, { sign }),
    }
  },
  async ({ pair, next }) => ({
    family: 'signed by the receiver itself',
    put: await signedPut(pair.b, pair.toB, next, { origin: pair.a.node }),
  }),
  async ({ pair, random, earlier }) => ({
    family: 'an earlier transaction, signed with another key',
    put: await signedPut(pair.b, pair.toB, random.pick(earlier), { origin: pair.a.node }),
  }),
  async ({ pair, next, random }) => {
    const lateMs = (random.chance(0.5) ? -1 : 1) * (400_000 + random.below(10 ** 9))
    const put = await signedPut(pair.a, pair.toB, next, { nowMs: Date.now() + lateMs })
    return { family: 'of another time', put }
  },
  async ({ pair, next, random }) => ({
    family: 'for another node',
    put: await signedPut(pair.a, pair.toB, next, { destination: `n${random.below(99)}.example` }),
  }),
]

const REQUEST_KEY: readonly Family[] = [
  signedAnew('a header edited under a good request', (read, { random }) => {
    const at = random.below(read.messages.length)
    const message = read.messages[at] as SignedHeader
    const header = editedJson(message.header as unknown as Json, random)
    return { ...read, messages: read.messages.with(at, { ...message, header } as never) }
  }),
  signedAnew('a member of the transaction edited', (read, { random }) =>
    editedJson(read as unknown as Json, random),
  ),
  signedAnew('messages in another order', (read, { random }) => ({
    ...read,
    messages: reordered(read.messages, random),
  })),
  signedAnew('a message left out', (read, { random }) => {
    const gone = random.below(read.messages.length)
    const messages = read.messages.filter((_, at) => at !== gone)
    const [first] = messages
    return { ...read, firstSeq: first?.header.seq, messages }
  }),
  signedAnew('a message twice', (read, { random }) => {
    const again = random.pick(read.messages)
    return { ...read, messages: read.messages.toSpliced(random.below(5), 0, again) }
  }),
  signedAnew('an earlier message in the place of one', (read, { random, earlier }) => {
    const other = JSON.parse(Buffer.from(random.pick(earlier).body).toString()) as Transaction
    const at = random.below(read.messages.length)
    return { ...read, messages: read.messages.with(at, random.pick(other.messages)) }
  }),
  signedAnew('signatures of headers exchanged', (read, { random }) => {
    const signatures = reordered(read.messages, random).map(({ signature }) => signature)
    const messages = read.messages.map(({ header }, at) => ({ header, signature: signatures[at] }))
    return { ...read, messages }
  }),
  signedAnew('what is sealed, of another transaction', (read, { random, earlier }) => {
    const other = JSON.parse(Buffer.from(random.pick(earlier).body).toString()) as Transaction
    return { ...read, sealed: other['sealed'] }
  }),
  signedAnew('a bit of what is sealed', (read, { random }) => {
    const sealed = flippedBit(Buffer.from(String(read['sealed']), 'base64'), random)
    return { ...read, sealed: Buffer.from(sealed).toString('base64') }
  }),
]

/** The origin signs all of it: it breaks its own word. */
const bent =
  (
    family: string,
    verdict: Made['verdict'],
    make: (scene: Scene) => Promise<Pick<Forged, 'id' | 'body'>>,
  ): Family =>
  async (scene) => {
    const put = await signedPut(scene.pair.a, scene.pair.toB, await make(scene))
    return { family, put, ...(verdict ? { verdict } : {}) }
  }

const TWO = [{ other: 1 }, { other: 2 }]
const otherLink = () => randomBytes(32).toString('hex')

const ORIGIN: readonly Family[] = [
  bent('numbers left out', undefined, ({ pair: { a, toB }, at, random }) => {
    const position = { ...at, seq: at.seq + 1 + random.below(40), link: otherLink() }
    return forge(a, toB, TWO, { position })
  }),
  bent('another epoch', undefined, ({ pair: { a, toB }, at, random }) =>
    forge(a, toB, TWO, { position: { ...at, epoch: at.epoch + 1 + random.below(5) } }),
  ),
  bent('another message under a number that is taken', 'equivocation', (scene) => {
    const { pair, earlier, random } = scene
    const start = [channelStart(pair.a.node, pair.toB.node), ...earlier.map((one) => one.position)]
    return forge(pair.a, pair.toB, TWO, { position: start[random.below(EARLIER)] as never })
  }),
  bent('another history before the next number', 'equivocation', ({ pair: { a, toB }, at }) =>
    forge(a, toB, TWO, { position: { ...at, link: otherLink() } }),
  ),
  bent('other bytes under the id of a transaction', undefined, (scene) => {
    const { pair, earlier, at, random } = scene
    const bend = { id: random.pick(earlier).id }
    return forge(pair.a, pair.toB, TWO, { position: at, bend })
  }),
  bent('a transaction again under a new signature', 'again', async ({ random, earlier }) =>
    random.pick(earlier),
  ),
  bent('messages again in a transaction of a new id', undefined, async ({ random, earlier }) => {
    const { body } = random.pick(earlier)
    const id = systemRandom.uuid()
    const read = JSON.parse(Buffer.from(body).toString()) as object
    return { id, body: canonicalBytes({ ...read, id } as Json) }
  }),
  bent('contents exchanged', 'negative', ({ pair: { a, toB }, at }) => {
    const swapped = { opening: (one: object) => ({ ...one, content: { of: 'another' } }) as never }
    return forge(a, toB, TWO, { position: at, bend: swapped })
  }),
  bent('contents left out', 'negative', ({ pair: { a, toB }, at }) =>
    forge(a, toB, TWO, { position: at, bend: { opening: () => null } }),
  ),
  bent('links of other messages beside the contents', undefined, ({ pair: { a, toB }, at }) =>
    forge(a, toB, TWO, { position: at, bend: { links: (links) => links.toReversed() } }),
  ),
  bent('headers of somebody else', undefined, ({ pair: { a, b, toB }, at }) =>
    forge(a, toB, TWO, { position: at, bend: { signHeaders: b.signer.sign } }),
  ),
]

const UNREAD: Family = async ({ pair, next, random }) => {
  const put = await signedPut(pair.a, pair.toB, next)
  const extra: [string, string] = [
    random.pick(['user-agent', 'accept', 'x-forwarded-for', 'traceparent']),
    `x${random.below(10 ** 6)}`,
  ]
  return {
    family: 'a field that no signature covers and nobody reads',
    put: { ...put, headers: [...put.headers, extra] },
    verdict: 'unread',
  }
}

export const FAMILIES: readonly Family[] = [
  ...[...NETWORK, ...NETWORK, ...OTHER_KEYS, ...REQUEST_KEY, ...REQUEST_KEY, ...ORIGIN],
  UNREAD,
]
