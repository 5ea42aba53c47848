/**
 * One request of the exchange under construction, for vectors: good as it stands, and every
 * part of it may be bent before what signs, seals or carries it is made.
 */
import { httpPrimitives } from '../../src/adapters/keys/http-primitives.ts'
import { signEd25519 } from '../../src/adapters/node-primitives.ts'
import { textFromUtf8, toBase64, toHex, utf8 } from '../../src/base/bytes.ts'
import { canonicalBytes, canonicalText } from '../../src/base/canonical-json.ts'
import { type Instant, instant } from '../../src/base/time.ts'
import {
  type ChannelPosition,
  channelStart,
  nextHeader,
  positionAfter,
} from '../../src/wire/exchange/channel.ts'
import {
  commitToContent,
  linkOf,
  type MessageHeader,
} from '../../src/wire/exchange/message-header.ts'
import { DOMAIN, signValue } from '../../src/wire/exchange/signed.ts'
import { signRequest } from '../../src/wire/http-signature.ts'
import { vectorKey } from '../vector-keys.ts'
import { fixedIdentity, fixedSeal } from './fixed-seal.ts'

export const NOW = '2027-01-15T08:00:00.000Z'
export const MERIDIA = vectorKey('meridia.example/msg1', 0)
export const ALBION = vectorKey('albion.example/msg1', 32)
export const SERENA = vectorKey('serena.example/msg1', 64)
export const BASE = 'https://albion.example'
export const MINE = await fixedIdentity(96)
export const FORMER = await fixedIdentity(128)
export const OTHERS = await fixedIdentity(160)

type Value = { [member: string]: unknown }
type Fields = [name: string, value: string][]

/** Members that end in a change get what was made so far and give what goes on. */
export type Draft = {
  readonly after: ChannelPosition
  readonly contents: readonly object[]
  readonly type: string
  readonly header: (header: MessageHeader, index: number) => object
  readonly signingHeaders: Uint8Array
  readonly headerSignature: (signature: object, index: number) => object
  readonly plaintext: (value: { headerDigests: string[]; contents: (object | null)[] }) => object
  readonly plaintextText: (text: string) => string
  readonly recipients: readonly string[]
  readonly sealed: (sealed: Uint8Array) => Uint8Array
  readonly transactionId: string
  readonly transaction: (value: Value & { messages: Value[] }) => object
  readonly body: (text: string) => string
  readonly request: Parameters<typeof signRequest>[0] extends infer R ? (draft: R) => R : never
  readonly keyId: string
  readonly signing: Uint8Array
  readonly signedAt: Instant
  readonly fields: (fields: Fields) => Fields
  readonly sentBody: (body: Uint8Array) => Uint8Array
  readonly target: (target: string) => string
  readonly method: (method: string) => string
  readonly state: (state: State) => object
}

export type State = ReturnType<typeof stateOf>
export type Bend = Partial<Draft>

export const ORIGIN = 'meridia.example'
export const DESTINATION = 'albion.example'
export const START = channelStart(ORIGIN, DESTINATION)
export const TRANSACTION = '01940000-0000-7000-8000-000000000100'
export const NONCE = 'AAECAwQFBgcICQoLDA0ODw'
export const CASE = '01940000-0000-7000-8000-0000000000aa'

export const same = <Made>(made: Made) => made

const GOOD: Draft = {
  after: START,
  contents: [{ caseId: CASE, keepsEmbargo: true, participant: ORIGIN }],
  type: 'participantLeft',
  header: same,
  signingHeaders: MERIDIA.seed,
  headerSignature: same,
  plaintext: same,
  plaintextText: same,
  recipients: [MINE.recipient],
  sealed: same,
  transactionId: TRANSACTION,
  transaction: same,
  body: same,
  request: same,
  keyId: MERIDIA.listed.id,
  signing: MERIDIA.seed,
  signedAt: instant(NOW),
  fields: same,
  sentBody: same,
  target: same,
  method: same,
  state: same,
}

export type Made = {
  readonly body: string
  readonly headers: readonly MessageHeader[]
  readonly links: readonly string[]
  readonly input: object
}

export async function made(bend: Bend = {}): Promise<Made> {
  const draft: Draft = { ...GOOD, ...bend }
  const { headers, links, openings, signed } = await messagesOf(draft)
  const sealed = await sealedContents(draft, links, openings)
  const first = headers[0] as MessageHeader
  const { origin, destination, epoch, seq: firstSeq } = first
  const value = {
    ...{ v: 1, id: draft.transactionId, origin, destination, epoch, firstSeq },
    ...{ head: links.at(-1), messages: signed, sealed: toBase64(sealed) },
  }
  const body = draft.body(canonicalText(draft.transaction(value) as never))
  return {
    body,
    headers,
    links,
    input: { request: await requestOf(draft, body), ...inputOf(draft) },
  }
}

async function messagesOf(draft: Draft) {
  const headers: MessageHeader[] = []
  const links: string[] = []
  const openings: object[] = []
  const signed: Value[] = []
  let at = draft.after
  for (const [index, content] of draft.contents.entries()) {
    const salt = Uint8Array.from({ length: 32 }, (_, byte) => (at.seq + byte * 7) % 256)
    const drafted = nextHeader(at, {
      id: idOf(at.epoch, at.seq + 1),
      type: draft.type,
      objectId: CASE,
      version: 1,
      agreement: null,
      contentCommitment: commitToContent(httpPrimitives, salt, content),
    })
    const header = draft.header(drafted, index) as MessageHeader
    const sign = (bytes: Uint8Array) => signEd25519(draft.signingHeaders, bytes)
    const signature = await signValue(DOMAIN.header, header, { keyId: MERIDIA.listed.id, sign })
    signed.push({ header, signature: draft.headerSignature(signature, index) })
    headers.push(header)
    links.push(linkOf(httpPrimitives, header))
    openings.push({ salt: toBase64(salt), content })
    at = positionAfter(header, links.at(-1) as string)
  }
  return { headers, links, openings, signed }
}

export function idOf(epoch: number, seq: number): string {
  return `01940000-0000-7000-8000-${String(epoch * 1000 + seq).padStart(12, '0')}`
}

function sealedContents(draft: Draft, links: string[], contents: object[]) {
  const value = draft.plaintext({ headerDigests: [...links], contents: [...contents] })
  const text = draft.plaintextText(textFromUtf8(canonicalBytes(value)))
  return fixedSeal(draft.recipients, utf8(text)).then(draft.sealed)
}

async function requestOf(draft: Draft, body: string) {
  const target = `/federation/v1/transactions/${draft.transactionId}`
  const drafted = draft.request({
    method: 'PUT',
    targetUri: `${BASE}${target}`,
    origin: ORIGIN,
    destination: DESTINATION,
    contentType: 'application/json',
    body: utf8(body),
  })
  const headers = await signRequest(
    drafted,
    { keyId: draft.keyId, nonce: NONCE, now: draft.signedAt },
    { primitives: httpPrimitives, sign: (bytes) => signEd25519(draft.signing, bytes) },
  )
  return {
    method: draft.method(drafted.method),
    target: draft.target(target),
    headers: draft.fields(headers.map(([name, value]) => [name, value])),
    body: toBase64(draft.sentBody(drafted.body)),
  }
}

const peerOf = ({ listed: { node, ...key } }: ReturnType<typeof vectorKey>) => ({
  node,
  messageKeys: [key] as Value[],
})

function stateOf() {
  return {
    receiver: { node: DESTINATION, baseUrl: BASE, identities: [MINE.identity, FORMER.identity] },
    peers: [peerOf(MERIDIA), peerOf(SERENA)] as Value[],
    now: NOW,
    agreement: true,
    nonces: [] as Value[],
    channel: { epoch: 1, seq: 0, link: START.link } as Value,
    messages: [] as Value[],
    transactions: [] as Value[],
  }
}

function inputOf(draft: Draft) {
  return draft.state(stateOf())
}

export function digestOf(body: string): string {
  return toHex(httpPrimitives.sha256(utf8(body)))
}

/** The channel after `before` was taken, and what is kept of it. */
export const afterTaking =
  (before: Made, decision: object = { decision: 'applied' }) =>
  (state: State) => {
    const last = before.headers.at(-1) as MessageHeader
    return {
      ...state,
      channel: { epoch: last.epoch, seq: last.seq, link: before.links.at(-1) },
      messages: before.headers.map(({ epoch, seq, id }, index) => ({
        ...{ epoch, seq, id, link: before.links[index] },
        ...decision,
      })),
    }
  }

export const positionOf = ({ headers, links }: Made): ChannelPosition =>
  positionAfter(headers.at(-1) as MessageHeader, links.at(-1) as string)
