/** Whether both ends of a channel hold the same messages. */
import assert from 'node:assert/strict'
import type { Kysely } from 'kysely'
import type { FederationTables } from '../../src/adapters/postgres/federation/tables.ts'

type Tables = Pick<FederationTables, 'fed_in' | 'fed_out'>
export type ChannelEnd = { readonly node: string; readonly db: Kysely<Tables> }

const COLUMNS = ['epoch', 'seq', 'link', 'id', 'header', 'decision'] as const

/** Numbered without a gap, linked alike, each applied. @returns how many there are */
export async function requireSameMessages(from: ChannelEnd, to: ChannelEnd): Promise<number> {
  const sent = await from.db
    .selectFrom('fed_out')
    .select(COLUMNS)
    .where('destination', '=', to.node)
    .orderBy('epoch')
    .orderBy('seq')
    .execute()
  const received = await to.db
    .selectFrom('fed_in')
    .select(COLUMNS)
    .where('origin', '=', from.node)
    .orderBy('epoch')
    .orderBy('seq')
    .execute()
  assert.deepEqual(received, sent, `${from.node} to ${to.node}`)
  assert.deepEqual(
    sent.map(({ epoch, seq }) => `${epoch}/${seq}`),
    sent.map((_, index) => `1/${index + 1}`),
  )
  assert(sent.every(({ decision }) => decision === 'applied'))
  return sent.length
}
