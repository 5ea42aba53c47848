/**
 * Every column of the stored exchange and of the witness is changed in turn, byte by byte.
 * What `comity doctor` looks with names each change, but for the columns of `UNSEEN`: there
 * stands what nobody signed, and what becomes of a change.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Kysely, sql } from 'kysely'
import { httpPrimitives } from '../../../src/adapters/keys/http-primitives.ts'
import { nodePrimitives } from '../../../src/adapters/node-primitives.ts'
import { pin, pinnedPeers } from '../../../src/adapters/peers/pinned-folder.ts'
import type { Database } from '../../../src/adapters/postgres/database.ts'
import type { FederationDatabase } from '../../../src/adapters/postgres/federation/database.ts'
import { alteredRows } from '../../../src/adapters/postgres/federation/stored-channels.ts'
import { alteredCosignatures } from '../../../src/adapters/postgres/log/stored-cosignatures.ts'
import { alteredWitnessRows } from '../../../src/adapters/postgres/log/stored-witness.ts'
import { ComityError } from '../../../src/base/errors.ts'
import { messageKeysOf } from '../../../src/wire/exchange/node-document.ts'
import { applyAsEffect, type ExchangeNode } from '../../support/exchange-node.ts'
import { openMessages, until, withPair } from '../../support/exchange-pair.ts'
import { faultRandom, rounds, told } from '../../support/fault-run.ts'
import { withLogNode } from '../../support/log-node.ts'
import type { SeededRandom } from '../../support/seeded-random.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { startWitness } from '../../support/witness-server.ts'

/** One in so many changes in the short set; all in the long one. */
const ONE_IN = rounds(150, 3)

/** Columns whose change cannot be seen in the rows, and what becomes of it. */
const UNSEEN: Readonly<Record<string, string>> = {
  'fed_out_channel.fence': 'a writer that it does not name loses its turn; the next one takes over',
  'fed_out_channel.lease_holder': 'as the fence',
  'fed_out_channel.lease_until': 'as the fence',
  'fed_out_channel.stopped_reason': 'delivery stops or goes on; the check `exchange` shows it',
  'fed_in_channel.frozen_at': 'messages are not taken; the check `exchange` shows it',
  'fed_out.sealed_content': 'it does not open: the column key seals it with its id',
  'fed_in.sealed_content': 'it does not open: the column key seals it with its id',
  'fed_head.signed_by': 'the head counts as not yet asked for, and is asked for again',
  'fed_head.seen_at': 'an alarm of silence comes early or late',
  'witness_state.updated_at': 'a later time is signed again until the clock is past it',
}
/** Tables of what is under way, or of what is counted. */
const UNSEEN_TABLES: Readonly<Record<string, string>> = {
  fed_out_pending: 'not numbered yet: the content does not open, the draft is signed as it stands',
  fed_out_transaction: 'the peer refuses bytes that nobody signed; the batch is made again',
  fed_in_transaction: 'the answer to a repeat: the sender refuses a receipt that does not verify',
  fed_nonce: 'a request could come twice; its messages are duplicates',
  fed_in_day: 'the bound of a day comes early or late',
  fed_equivocation: 'evidence: both signed headers verify by themselves, or convict nobody',
}

type Field = { readonly table: string; readonly column: string; readonly ctid: string }
type Look = (db: Kysely<never>) => Promise<readonly string[]>

async function columnsOf(db: Kysely<never>, like: string) {
  const { rows } = await sql<{ table: string; column: string; type: string }>`
    select table_name as table, column_name as column, data_type as type
    from information_schema.columns
    where table_schema = 'public' and table_name like ${like} order by 1, 2`.execute(db)
  return rows
}

/** New values of a field as SQL. */
async function changes(db: Kysely<never>, { table, column, ctid }: Field, type: string) {
  if (column === 'decision') {
    return [`case decision when 'applied' then 'rejected' else 'applied' end`]
  }
  if (type === 'bigint' || type === 'integer') return [`${column} + 1`, `${column} - 1`]
  if (type === 'uuid') return ['gen_random_uuid()']
  if (type.startsWith('timestamp')) return [`${column} + interval '1 day'`]
  // Of a note its text: a line below that is nobody's any more is left out by who reads it.
  const end =
    column === 'note' ? `position('\\012\\012'::bytea in note)` : `octet_length(${column})`
  const { rows } = await sql<{ length: number | null }>`
    select ${sql.raw(end)} as length from ${sql.table(table)}
    where ctid = ${ctid}::tid`.execute(db)
  const length = rows[0]?.length
  if (length === null || length === undefined) return [type === 'bytea' ? `'\\x00'` : `'applied'`]
  const places = Array.from({ length }, (_, at) => at)
  return type === 'bytea'
    ? places.map((at) => `set_byte(${column}, ${at}, get_byte(${column}, ${at}) # 1)`)
    : places.map((at) => {
        const old = `substring(${column} from ${at + 1} for 1)`
        return `overlay(${column} placing chr(ascii(${old}) # 1) from ${at + 1} for 1)`
      })
}

class Undo extends Error {}

/** What the look finds under the change, which is undone; undefined: the database refuses it. */
async function under(db: Kysely<never>, change: string, look: Look) {
  let found: readonly string[] | undefined
  try {
    await db.transaction().execute(async (tx) => {
      await sql.raw(change).execute(tx)
      found = await look(tx)
      throw new Undo()
    })
  } catch (error) {
    // 22: no such value, 23: a constraint.
    const isRefused = /^2[23]/.test(String((error as { code?: string }).code))
    if (!(error instanceof Undo) && !isRefused) throw error
  }
  return found
}

async function requireNamed(
  db: Kysely<never>,
  { look, like, random }: { look: Look; like: string; random: SeededRandom },
): Promise<number> {
  assert.deepEqual(await look(db), [], 'nothing is altered yet')
  let made = 0
  for (const { table, column, type } of await columnsOf(db, like)) {
    const name = `${table}.${column}`
    if (UNSEEN_TABLES[table] !== undefined || UNSEEN[name] !== undefined) continue
    const { rows } = await sql<{ ctid: string }>`
      select ctid::text as ctid from ${sql.table(table)}`.execute(db)
    for (const { ctid } of rows) {
      for (const [index, value] of (await changes(db, { table, column, ctid }, type)).entries()) {
        // Of each field one at least, and of numbers both.
        if (index > 1 && random.below(ONE_IN) > 0) continue
        const change = `update ${table} set ${column} = ${value} where ctid = '${ctid}'`
        const found = await under(db, change, look)
        if (found !== undefined) assert.notDeepEqual(found, [], `${name}: ${value}`)
        made += 1
      }
    }
  }
  return made
}

const endOf = ({ node, document }: ExchangeNode) => ({
  node,
  messageKeys: messageKeysOf(document),
})

test('each change of a stored message, link, receipt or head is named', () =>
  withPair(
    async ({ a, b }) => {
      for (let n = 0; n < 4; n++) await a.enqueue({ destination: b.node, content: { n } })
      await b.enqueue({ destination: a.node, content: { n: 0 } })
      for (const [from, to] of [
        [a, b],
        [b, a],
      ] as const) {
        await until('all have receipts', async () => {
          await from.deliverer.deliverOnce(to.node)
          return (await openMessages(from)) === 0
        })
        await from.reconcile(to.node)
      }
      let made = 0
      for (const [own, peer] of [
        [a, b],
        [b, a],
      ] as const) {
        const ends = { primitives: httpPrimitives, own: endOf(own), peer: endOf(peer) }
        const look: Look = (db) => alteredRows({ db: db as unknown as FederationDatabase, ...ends })
        const db = own.db as unknown as Kysely<never>
        made += await requireNamed(db, { look, like: 'fed_%', random: faultRandom(80) })
      }
      assert(made > 80)
      told('fields and bytes of stored messages changed', made)
    },
    {
      apply: async (tx, message) =>
        message.header.seq === 2
          ? { decision: 'rejected', reason: 'marking' }
          : applyAsEffect(tx, message),
    },
  ))

test('each change of what a witness cosigned, or keeps as evidence, is named', () =>
  withLogNode((elsewhere) =>
    withLogNode(async (node) => {
      const witness = await startWitness(elsewhere.database, 'w1.example')
      try {
        const sequencer = await node.start({ witnesses: [witness] })
        await node.accept(3)
        await sequencer.flush()
        const keys = [witness.key, ...(witness.moreKeys ?? [])]
        const look: Look = (db) =>
          alteredWitnessRows({
            database: db as unknown as Database,
            primitives: nodePrimitives,
            keys,
          })
        const db = elsewhere.database as unknown as Kysely<never>
        const made = await requireNamed(db, {
          look,
          like: 'witness_state',
          random: faultRandom(81),
        })
        assert(made >= 5)
        told('fields and bytes of a witness changed', made)
      } finally {
        await witness.stop()
      }
    }),
  ))

test('each change of a cosignature that our log got is named', () =>
  withLogNode((elsewhere) =>
    withLogNode(async (node) => {
      const witness = await startWitness(elsewhere.database, 'w1.example')
      try {
        const sequencer = await node.start({ witnesses: [witness] })
        for (let n = 0; n < 2; n++) {
          await node.accept(1)
          await sequencer.flush()
        }
        const look: Look = (db) => alteredCosignatures(db as unknown as Database, nodePrimitives)
        const db = node.database as unknown as Kysely<never>
        const made = await requireNamed(db, { look, like: 'log_cosig', random: faultRandom(82) })
        assert(made >= 20)
        told('fields and bytes of cosignatures changed', made)
      } finally {
        await witness.stop()
      }
    }),
  ))

test('each byte of a pinned document that is changed keeps the node from reading it', () =>
  withPair(async ({ a, b }) => {
    const folder = temporaryFolder()
    pin(folder, b.node, await b.nodeDocument())
    const [pinned] = pinnedPeers(folder)
    assert.deepEqual(pinned?.document, b.document)
    const file = join(folder, `${b.node}.json`)
    const whole = readFileSync(file)
    const random = faultRandom(83)
    for (const at of whole.keys()) {
      const altered = Buffer.from(whole)
      altered[at] = (altered[at] ?? 0) ^ (1 << random.below(8))
      writeFileSync(file, altered)
      assert.throws(() => pinnedPeers(folder), ComityError, `byte ${at}`)
    }
    // Also what is well signed, but by another node.
    writeFileSync(file, await a.nodeDocument())
    assert.throws(() => pinnedPeers(folder), ComityError)
    told('bytes of pinned documents changed', whole.length)
  }))
