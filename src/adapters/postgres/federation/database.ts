/** How the exchange reaches its tables inside whatever database it was given. */
import type { Compilable, Kysely, RawBuilder, Transaction } from 'kysely'
import { ComityError, unavailable } from '../../../base/errors.ts'
import type { ChannelPosition } from '../../../wire/exchange/channel.ts'
import type { Schema } from '../database.ts'
import { sendAhead } from '../pipeline.ts'
import type { FederationTables } from './tables.ts'

export type FederationDatabase = Kysely<FederationTables>
export type FederationTransaction = Transaction<FederationTables>

/** Seals database columns. `context` names the row and column. */
export type ColumnSeal = {
  seal(context: string, plaintext: Uint8Array): Uint8Array
  open(context: string, sealed: Uint8Array): Uint8Array
}

/**
 * Puts what the exchange commits to into the node's own log, in the same transaction:
 * links, or digests of receipts, in lower-case hex, 32 bytes each, not guessable.
 */
export type LogIntent = (tx: FederationTransaction, digests: readonly string[]) => Promise<void>

/** Context under which the content of a message is sealed at rest. */
export function contentContext(direction: 'in' | 'out', id: string): string {
  return `federation/${direction}/${id}/content`
}

type PositionRow = { readonly epoch: string; readonly seq: string; readonly link: string }

export function positionOf(
  origin: string,
  destination: string,
  { epoch, seq, link }: PositionRow,
): ChannelPosition {
  return { origin, destination, epoch: Number(epoch), seq: Number(seq), link }
}

// Connection, resources, locks, operator's intervention, system (PostgreSQL, appendix A);
// and 40: the transaction lost against another one.
const PASSING_STATE = /^(?:08|40|53|55|57|58)/

/** True for faults of the moment, after which the same work may well succeed. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ComityError) return error.code === 'unavailable'
  const state = (error as { code?: unknown } | null)?.code
  return typeof state === 'string' && (PASSING_STATE.test(state) || /^E[A-Z]+$/.test(state))
}

/** Turns a fault of the moment into `unavailable`; anything else goes on as it is. */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (cause instanceof ComityError || !isPassing(cause)) throw cause
    throw unavailable('the database is not available', { cause })
  }
}

/** Why a channel is stopped whose other end could not be asked after a restore. */
export const STOPPED_UNTIL_ASKED = 'restored'

/** Nobody needs the answer: it leaves with the next statement, or with the commit. */
export async function runAhead(
  tx: FederationTransaction,
  statement: RawBuilder<unknown> | Compilable,
): Promise<void> {
  const compiled = 'isRawBuilder' in statement ? statement.compile(tx) : statement.compile()
  await sendAhead(tx as unknown as Transaction<Schema>, compiled)
}
