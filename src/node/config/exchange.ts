/** How a node exchanges with its peers, where that is not the usual way. */
import { type Static, Type } from '@sinclair/typebox'
import { section } from './text.ts'

export const ExchangeForm = section({
  /**
   * Behind a firewall that lets nobody in: there is no door for peers. The node sends
   * as ever, and fetches what waits for it. Its node document says so from its next
   * start on, and peers take that by themselves.
   */
  outboundOnly: Type.Boolean(),
  /** How often it asks; 3 seconds if nothing is said. */
  pollIntervalMs: Type.Optional(Type.Integer({ minimum: 500, maximum: 600_000 })),
  /** What the files of one peer may weigh together while they come; 20 GiB if nothing is said. */
  pendingFileBytesMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 1024 ** 4 })),
  /**
   * How many messages of one peer are taken in on a day; 10,000 if nothing is said. The
   * others come again the next day. Withdrawals, deletions and emergencies always come in.
   */
  messagesPerPeerAndDay: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000_000 })),
})

export type ExchangeConfig = Static<typeof ExchangeForm>

export const PENDING_FILE_BYTES_MAX = 20 * 1024 ** 3
export const MESSAGES_PER_PEER_AND_DAY = 10_000
export const POLL_INTERVAL_MS = 3_000
