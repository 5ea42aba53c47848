/**
 * Transactions from stored messages: as many in a row as fit, sealed to the peer.
 * Contents that were erased, or whose time is over, are left out: their headers
 * keep the chain whole.
 */
import type { Random } from '../../../app/ports/random.ts'
import type { Bytes } from '../../../base/bytes.ts'
import type { Instant } from '../../../base/time.ts'
import { sealTo } from '../../../seal/seal.ts'
import type { MessageHeader } from '../../../wire/exchange/message-header.ts'
import type { ExchangePeer } from '../../../wire/exchange/node-document.ts'
import type { NodeSignature } from '../../../wire/exchange/signed.ts'
import {
  encodeContents,
  encodeTransaction,
  type Opening,
  TRANSACTION_BYTES_MAX,
  TRANSACTION_MESSAGES_MAX,
} from '../../../wire/exchange/transaction.ts'
import type { ColumnSeal } from './database.ts'
import { openOutgoing } from './outbox.ts'

export type StoredMessage = {
  readonly id: string
  readonly epoch: string
  readonly seq: string
  readonly link: string
  readonly header: string
  readonly signature: string
  readonly sealed_content: Uint8Array | null
}

export type Batch = {
  readonly id: string
  readonly epoch: number
  readonly firstSeq: number
  readonly lastSeq: number
  readonly body: Bytes
}

export type BatchDeps = {
  readonly random: Random
  readonly atRest: ColumnSeal
  readonly caseNow: () => Instant
}

/** Age's own bytes, the frame and base64's line ends; more than they are. */
const FRAME_BYTES = 4096

/** @param stored in order of epoch and seq; at least one */
export async function makeBatch(
  deps: BatchDeps,
  peer: ExchangePeer,
  stored: readonly StoredMessage[],
): Promise<Batch> {
  const chosen = choose(stored)
  const now = deps.caseNow()
  const messages = chosen.map(({ header, signature }) => ({
    header: JSON.parse(header) as MessageHeader,
    signature: JSON.parse(signature) as NodeSignature,
  }))
  const contents = chosen.map((row, index) => contentOf(deps, row, messages[index]?.header, now))
  const links = chosen.map(({ link }) => link)
  const plaintext = encodeContents(links, contents)
  const sealed = await sealTo([peer.encryptionRecipient], plaintext, { minimumRecipients: 1 })
  const id = deps.random.uuidByTime()
  const [first, last] = [chosen[0], chosen.at(-1)]
  return {
    id,
    epoch: Number(first?.epoch),
    firstSeq: Number(first?.seq),
    lastSeq: Number(last?.seq),
    body: encodeTransaction(id, messages, { head: last?.link ?? '', sealed }),
  }
}

/** The longest row of messages of one epoch that fits into a transaction. */
function choose(stored: readonly StoredMessage[]): readonly StoredMessage[] {
  const chosen: StoredMessage[] = []
  let size = FRAME_BYTES
  for (const row of stored.slice(0, TRANSACTION_MESSAGES_MAX)) {
    if (row.epoch !== stored[0]?.epoch) break
    size += sizeOf(row)
    if (size > TRANSACTION_BYTES_MAX && chosen.length > 0) break
    chosen.push(row)
  }
  return chosen
}

/** What a message takes on the wire: header and signature as they are, content in base64. */
function sizeOf({ header, signature, sealed_content }: StoredMessage): number {
  const content = (sealed_content?.length ?? 0) + 128
  return header.length + signature.length + 64 + Math.ceil((content * 4) / 3)
}

function contentOf(
  { atRest }: BatchDeps,
  { id, sealed_content }: StoredMessage,
  header: MessageHeader | undefined,
  now: Instant,
): Opening | null {
  const isOver = header?.notAfter !== undefined && header.notAfter <= now
  return sealed_content === null || isOver ? null : openOutgoing(atRest, id, sealed_content)
}
