/** Transactions of the acting peer: good as they stand, and bent in one place. */
import { randomBytes } from 'node:crypto'
import { httpPrimitives } from '../../adapters/keys/http-primitives.ts'
import { systemRandom } from '../../adapters/random.ts'
import { type Bytes, toBase64 } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { sealTo } from '../../seal/seal.ts'
import { type ChannelPosition, nextHeader, positionAfter } from '../../wire/exchange/channel.ts'
import { commitToContent, linkOf, type MessageHeader } from '../../wire/exchange/message-header.ts'
import { DOMAIN, signValue } from '../../wire/exchange/signed.ts'
import type { Opening, SignedHeader } from '../../wire/exchange/transaction.ts'
import type { Sign } from '../../wire/http-signature.ts'
import type { Actor } from './actor.ts'

export type Bend = {
  /** How many messages; one unless said. */
  readonly messages?: number
  readonly id?: string
  readonly type?: string
  readonly content?: Opening['content']
  readonly header?: (header: MessageHeader, index: number) => object
  readonly signHeaders?: Sign
  readonly opening?: (opening: Opening, index: number) => Opening | null
  readonly digests?: (links: readonly string[]) => readonly string[]
  readonly recipients?: readonly string[]
  readonly sealed?: (sealed: Uint8Array) => Uint8Array
  readonly body?: (value: Record<string, unknown>) => object
}

export type Forged = {
  readonly id: string
  readonly body: Bytes
  readonly headers: readonly MessageHeader[]
  readonly links: readonly string[]
  readonly after: ChannelPosition
}

/** No node knows the type: whoever takes it decides that it means nothing. */
const TYPE = 'conformanceProbe'

export async function forge(
  { node, signer, exercise }: Actor,
  to: { readonly encryptionRecipient: string },
  start: ChannelPosition,
  bend: Bend = {},
): Promise<Forged> {
  const messages: SignedHeader[] = []
  const openings: (Opening | null)[] = []
  const links: string[] = []
  let after = start
  for (let index = 0; index < (bend.messages ?? 1); index++) {
    const salt = new Uint8Array(randomBytes(32))
    const content = bend.content ?? { text: `a conformance test of ${node}` }
    const drafted = nextHeader(after, {
      id: systemRandom.uuid(),
      type: bend.type ?? TYPE,
      objectId: 'conformance',
      version: 1,
      agreement: null,
      contentCommitment: commitToContent(httpPrimitives, salt, content),
      ...(exercise ? { exercise } : {}),
    })
    const header = (bend.header?.(drafted, index) ?? drafted) as MessageHeader
    const sign = bend.signHeaders ?? signer.sign
    messages.push({
      header,
      signature: await signValue(DOMAIN.header, header, { ...signer, sign }),
    })
    const opening = { salt: toBase64(salt), content }
    openings.push(bend.opening ? bend.opening(opening, index) : opening)
    links.push(linkOf(httpPrimitives, header))
    after = positionAfter(header, links[index] as string)
  }
  const plaintext = canonicalBytes({
    headerDigests: bend.digests?.(links) ?? links,
    contents: openings,
  })
  const recipients = bend.recipients ?? [to.encryptionRecipient]
  const file = await sealTo(recipients, plaintext, { minimumRecipients: 1 })
  const id = bend.id ?? systemRandom.uuid()
  const { origin, destination, epoch, seq } = start
  const value = {
    ...{ v: 1, id, origin, destination, epoch, firstSeq: seq + 1, head: links.at(-1), messages },
    sealed: toBase64(bend.sealed?.(file) ?? file),
  }
  const body = canonicalBytes(bend.body?.(value) ?? value)
  return { id, body, headers: messages.map(({ header }) => header), links, after }
}

export const putPath = (id: string) => `/federation/v1/transactions/${id}`
