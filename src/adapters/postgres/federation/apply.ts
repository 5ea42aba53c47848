/**
 * The effects of messages that stand in their place, each with its receipt.
 *
 * A message whose handling fails is undone alone and kept for a human; only a
 * fault of the moment (a lost connection, a lost race) undoes the transaction,
 * which the origin then sends again.
 */
import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { Clocks } from '../../../app/ports/clocks.ts'
import type {
  ExchangeAlarm,
  MessageOutcome,
  PeerDirectory,
  ReceivedMessage,
} from '../../../app/ports/exchange.ts'
import { canonicalBytes, canonicalText } from '../../../base/canonical-json.ts'
import { ComityError } from '../../../base/errors.ts'
import type { Instant } from '../../../base/time.ts'
import {
  type ChannelPosition,
  EPOCH_OPENED,
  positionAfter,
} from '../../../wire/exchange/channel.ts'
import { DAILY_BOUND } from '../../../wire/exchange/daily-bound.ts'
import { contentOrOutcome } from '../../../wire/exchange/outcome.ts'
import type { Place } from '../../../wire/exchange/places.ts'
import {
  type Receipt,
  RULE_PATTERN,
  receiptDigest,
  type SignedReceipt,
} from '../../../wire/exchange/receipt.ts'
import { DOMAIN, type MessageSigner, signValue } from '../../../wire/exchange/signed.ts'
import type { Opening } from '../../../wire/exchange/transaction.ts'
import type { Exercise } from '../../../wire/exchange/world.ts'
import type { HttpPrimitives } from '../../../wire/http-signature.ts'
import {
  type ColumnSeal,
  contentContext,
  type FederationTransaction,
  isPassing,
  type LogIntent,
  runAhead,
} from './database.ts'
import { insertReceived, type ReceivedRow } from './rows-at-once.ts'
import type { FederationTables } from './tables.ts'
import { countTaken, type DailyBound, takenToday } from './taken-today.ts'

export type ApplyDeps<DB extends FederationTables> = {
  /** This node. */
  readonly node: string
  readonly primitives: HttpPrimitives
  readonly clocks: Clocks
  readonly atRest: ColumnSeal
  readonly signer: MessageSigner
  readonly peers: PeerDirectory
  readonly alarm: (alarm: ExchangeAlarm) => void
  readonly report: (error: unknown) => void
  readonly logIntent?: LogIntent
  /** Of a node that does not work on real cases. */
  readonly exercise?: Exercise | undefined
  /** A peer's log was closed; the signed notice names the one that follows. Idempotent. */
  readonly onLogNotice?: (origin: string, notice: string) => Promise<void>
  /**
   * What a message does here, inside the transaction that also stores its receipt.
   * Returns what goes into the receipt; `malformed` thrown is a rejection, too. It
   * may be called again for a message whose effect was undone: all that it does
   * must be in `tx`.
   */
  readonly apply: (tx: Transaction<DB>, message: ReceivedMessage) => Promise<MessageOutcome>
  /** The same for all messages of a transaction, which are undone together if one fails. */
  readonly applyTogether?: <T>(
    tx: Transaction<DB>,
    work: (apply: (message: ReceivedMessage) => Promise<MessageOutcome>) => Promise<T>,
  ) => Promise<T>
  readonly bound?: DailyBound
}

const RULE = new RegExp(RULE_PATTERN)

type Work = {
  readonly position: ChannelPosition
  readonly places: readonly Place[]
  readonly openings: readonly (Opening | null)[]
}

export async function applyMessages<DB extends FederationTables>(
  deps: ApplyDeps<DB>,
  tx: FederationTransaction,
  work: Work,
): Promise<{ readonly receipts: readonly SignedReceipt[]; readonly position: ChannelPosition }> {
  const outcomes = await outcomesOf(deps, tx, work)
  const receipts: SignedReceipt[] = []
  const rows = []
  let position = work.position
  for (const [index, place] of work.places.entries()) {
    const [outcome, opening = null] = [outcomes[index], work.openings[index]]
    if (!place.isRepeated) position = positionAfter(place.header, place.link)
    const signed = await sign(deps, receiptOf(deps, place, outcome, position))
    receipts.push(signed)
    if (!place.isRepeated) rows.push(rowOf(deps, place, { outcome, signed, opening }))
  }
  const digests = receipts.map(({ receipt }) => receiptDigest(deps.primitives, receipt))
  await deps.logIntent?.(tx, digests)
  await insertReceived(tx, position, rows)
  return { receipts, position }
}

type Outcomes = readonly (MessageOutcome | undefined)[]
type ApplyOne = (message: ReceivedMessage) => Promise<MessageOutcome>

/** One for each message; `undefined` where it was decided before. */
async function outcomesOf<DB extends FederationTables>(
  deps: ApplyDeps<DB>,
  tx: FederationTransaction,
  { places, openings, position: { origin } }: Work,
): Promise<Outcomes> {
  const now = deps.clocks.wireNow()
  const before = deps.bound ? await takenToday(tx, origin, now) : 0
  const all = async (applyOne: ApplyOne) => {
    const outcomes: (MessageOutcome | undefined)[] = []
    let taken = before
    for (const [index, place] of places.entries()) {
      const opening = openings[index] ?? null
      if (place.first) outcomes.push(undefined)
      else if (isTooMuch(deps.bound, taken, place, opening)) outcomes.push(TOO_MUCH)
      else {
        outcomes.push(await outcomeOf(deps, place, opening, applyOne))
        taken += 1
      }
    }
    return outcomes
  }
  // Hardly ever does one fail: then all are undone and each is done again by itself.
  const own = tx as unknown as Transaction<DB>
  const together = await undoOnFailure(tx, () =>
    deps.applyTogether ? deps.applyTogether(own, all) : all((message) => deps.apply(own, message)),
  )
  const outcomes =
    'value' in together ? together.value : await all((message) => applyAlone(deps, tx, message))
  if (deps.bound) await countOrAlarm(deps, tx, { origin, now, before, outcomes })
  return outcomes
}

const TOO_MUCH: MessageOutcome = { decision: 'rejected', reason: 'size', rule: DAILY_BOUND }

function isTooMuch(
  bound: DailyBound | undefined,
  taken: number,
  { header }: Place,
  opening: Opening | null,
): boolean {
  const opensEpoch = header.type === EPOCH_OPENED && header.seq === 1
  if (!bound || taken < bound.messagesPerDay || opensEpoch) return false
  return !bound.isNeverBound(header.type, opening?.content ?? null)
}

/** The alarm comes with the first that is refused, and once in a transaction. */
async function countOrAlarm<DB extends FederationTables>(
  { alarm }: ApplyDeps<DB>,
  tx: FederationTransaction,
  {
    origin,
    now,
    before,
    outcomes,
  }: {
    readonly origin: string
    readonly now: Instant
    readonly before: number
    readonly outcomes: Outcomes
  },
): Promise<void> {
  const refused = outcomes.filter((outcome) => outcome === TOO_MUCH).length
  const messages = outcomes.filter((outcome) => outcome && outcome !== TOO_MUCH).length
  await countTaken(tx, { origin, now, messages })
  if (refused > 0) alarm({ kind: 'peer-bound-reached', peer: origin, taken: before + messages })
}

async function outcomeOf<DB extends FederationTables>(
  deps: ApplyDeps<DB>,
  { header, link }: Place,
  opening: Opening | null,
  applyOne: ApplyOne,
): Promise<MessageOutcome> {
  const { primitives, exercise, clocks } = deps
  const context = { primitives, exercise, caseNow: () => clocks.caseNow() }
  const judged = contentOrOutcome(context, header, opening)
  if ('content' in judged) {
    return applyOne({ origin: header.origin, header, link, content: judged.content })
  }
  if (judged.outcome.decision === 'applied') await openEpoch(deps, header, opening)
  return judged.outcome
}

async function openEpoch<DB extends FederationTables>(
  { alarm, onLogNotice }: ApplyDeps<DB>,
  { origin, epoch }: Place['header'],
  opening: Opening | null,
): Promise<void> {
  alarm({ kind: 'epoch-opened', peer: origin, epoch })
  for (const notice of logNoticesOf(opening)) await onLogNotice?.(origin, notice)
}

/** Oldest first; each is judged by itself. What is not text is none. */
function logNoticesOf(opening: Opening | null): readonly string[] {
  type Content = { readonly logNotice?: unknown; readonly earlierLogNotices?: unknown }
  const { logNotice, earlierLogNotices } = (opening?.content ?? {}) as Content
  const earlier = Array.isArray(earlierLogNotices) ? earlierLogNotices : []
  return [...earlier, logNotice].filter((notice) => typeof notice === 'string')
}

async function applyAlone<DB extends FederationTables>(
  deps: ApplyDeps<DB>,
  tx: FederationTransaction,
  message: ReceivedMessage,
): Promise<MessageOutcome> {
  const done = await undoOnFailure(tx, () => deps.apply(tx as unknown as Transaction<DB>, message))
  return 'value' in done ? done.value : outcomeOfFailure(deps, message, done.error)
}

/** What failed work has written is undone; the rest of the transaction stays. */
async function undoOnFailure<T>(
  tx: FederationTransaction,
  work: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly error: unknown }> {
  await runAhead(tx, sql`savepoint messages`)
  try {
    const value = await work()
    await run(tx, sql`release savepoint messages`)
    return { value }
  } catch (error) {
    if (isPassing(error)) throw error
    await run(tx, sql`rollback to savepoint messages`)
    return { error }
  }
}

function outcomeOfFailure<DB extends FederationTables>(
  { alarm, report }: ApplyDeps<DB>,
  { origin, header }: ReceivedMessage,
  error: unknown,
): MessageOutcome {
  if (error instanceof ComityError) return { decision: 'rejected', reason: 'schema' }
  report(error)
  alarm({ kind: 'message-not-applied', peer: origin, id: header.id })
  return { decision: 'held', reason: 'internal' }
}

function receiptOf<DB extends FederationTables>(
  { node, clocks, report }: ApplyDeps<DB>,
  { header, link, first }: Place,
  outcome: MessageOutcome | undefined,
  { epoch, seq, link: headLink }: ChannelPosition,
): Receipt {
  const rule = outcome?.rule
  const isRule = rule !== undefined && RULE.test(rule)
  // A receipt that the origin cannot read would stop the channel: better without the rule.
  if (rule !== undefined && !isRule) report(new Error('a rule id has a form no receipt can hold'))
  const reason = outcome?.reason ?? first?.reason
  return {
    v: 1,
    origin: header.origin,
    destination: node,
    epoch: header.epoch,
    seq: header.seq,
    link,
    decision: outcome?.decision ?? 'duplicate',
    ...(first === undefined ? {} : { firstDecision: first.decision }),
    ...(reason ? { reason } : {}),
    ...(isRule ? { rule } : {}),
    at: clocks.wireNow(),
    headSeen: { epoch, seq, link: headLink },
  }
}

async function sign<DB extends FederationTables>(
  { signer }: ApplyDeps<DB>,
  receipt: Receipt,
): Promise<SignedReceipt> {
  return { receipt, signature: await signValue(DOMAIN.receipt, receipt, signer) }
}

function rowOf<DB extends FederationTables>(
  { atRest }: ApplyDeps<DB>,
  { header, signature, link, first }: Place,
  done: {
    readonly outcome: MessageOutcome | undefined
    readonly signed: SignedReceipt
    readonly opening: Opening | null
  },
): ReceivedRow {
  const isHeld = done.outcome?.decision === 'held' && done.opening !== null
  const { seq, id, type, objectId } = header
  return {
    ...{ seq, id, type, objectId, link },
    header: canonicalText(header),
    signature: canonicalText(signature),
    // Of a repeated id what was decided first, so that a third one still finds it.
    decision: done.outcome?.decision ?? first?.decision ?? 'duplicate',
    reason: done.outcome?.reason ?? first?.reason ?? null,
    receipt: canonicalText(done.signed),
    sealedContent: isHeld
      ? atRest.seal(contentContext('in', header.id), canonicalBytes(done.opening ?? {}))
      : null,
  }
}

async function run(tx: FederationTransaction, statement: RawBuilder<unknown>): Promise<void> {
  await statement.execute(tx)
}
