/**
 * The numbers of a channel: where it stands, under its lock; what stands open, taken back;
 * messages appended with the next numbers, each linked to the one before and signed.
 */
import { canonicalText } from '../../../base/canonical-json.ts'
import type { Hashing } from '../../../proof/primitives.ts'
import {
  type ChannelPosition,
  channelStart,
  nextHeader,
  positionAfter,
} from '../../../wire/exchange/channel.ts'
import {
  draftOf,
  linkOf,
  type MessageDraft,
  type MessageHeader,
} from '../../../wire/exchange/message-header.ts'
import { DOMAIN, type MessageSigner, signValue } from '../../../wire/exchange/signed.ts'
import { type FederationTransaction, type LogIntent, positionOf, runAhead } from './database.ts'
import { dropAllBatches } from './drop-batches.ts'
import { insertNumbered } from './rows-at-once.ts'

export type NumberingDeps = {
  /** This node. */
  readonly node: string
  readonly primitives: Hashing
  readonly signer: MessageSigner
  readonly logIntent?: LogIntent
}

/**
 * What has no receipt gets a number of the new epoch. Its old number may be one
 * that was used twice; its id shows the peer whether it had the message already.
 */
export async function takeBackOpen(tx: FederationTransaction, destination: string) {
  await dropAllBatches(tx, destination)
  const rows = await tx
    .deleteFrom('fed_out')
    .where('destination', '=', destination)
    .where('decision', 'is', null)
    .returning(['epoch', 'seq', 'header', 'sealed_content'])
    .execute()
  rows.sort((a, b) => Number(a.epoch) - Number(b.epoch) || Number(a.seq) - Number(b.seq))
  return rows.map(({ header, sealed_content }) => ({
    draft: draftOf(JSON.parse(header) as MessageHeader),
    sealedContent: sealed_content,
  }))
}

export async function lockChannel(
  { node }: Pick<NumberingDeps, 'node'>,
  tx: FederationTransaction,
  destination: string,
): Promise<ChannelPosition> {
  const { link } = channelStart(node, destination)
  await runAhead(
    tx,
    tx
      .insertInto('fed_out_channel')
      .values({ destination, link })
      .onConflict((on) => on.column('destination').doNothing()),
  )
  const row = await tx
    .selectFrom('fed_out_channel')
    .select(['epoch', 'seq', 'link'])
    .where('destination', '=', destination)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return positionOf(node, destination, row)
}

export async function appendNumbered(
  deps: NumberingDeps,
  tx: FederationTransaction,
  start: ChannelPosition,
  messages: readonly { readonly draft: MessageDraft; readonly sealedContent: Uint8Array | null }[],
): Promise<void> {
  let position = start
  const rows = []
  for (const { draft, sealedContent } of messages) {
    const header = nextHeader(position, draft)
    const link = linkOf(deps.primitives, header)
    rows.push({ ...(await signedRow(deps, header)), link, sealedContent })
    position = positionAfter(header, link)
  }
  await deps.logIntent?.(
    tx,
    rows.map(({ link }) => link),
  )
  const { destination, epoch, seq, link } = position
  await insertNumbered(tx, { destination, epoch }, rows)
  await runAhead(
    tx,
    tx
      .updateTable('fed_out_channel')
      .set({ epoch, seq, link })
      .where('destination', '=', destination),
  )
}

async function signedRow({ signer }: NumberingDeps, header: MessageHeader) {
  const { seq, id, objectId } = header
  return {
    ...{ seq, id, objectId },
    header: canonicalText(header),
    signature: canonicalText(await signValue(DOMAIN.header, header, signer)),
  }
}
