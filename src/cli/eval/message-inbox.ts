/**
 * The inbox of a node over a state that is given: the steps of the real one
 * (adapters/postgres/federation/inbox.ts), with the same functions, in memory. What a
 * message does to a case is not known here: what may have its effect is `applied`.
 */
import { httpPrimitives } from '../../adapters/keys/http-primitives.ts'
import type {
  ConflictCode,
  ExchangeInbox,
  MessageOutcome,
  TransactionAnswer,
} from '../../app/ports/exchange.ts'
import { toHex } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { ComityError } from '../../base/errors.ts'
import { openWithAny } from '../../seal/seal.ts'
import { type Arrival, type Arrived, readArrival } from '../../wire/exchange/arrival.ts'
import { type ChannelPosition, positionAfter } from '../../wire/exchange/channel.ts'
import { readContent } from '../../wire/exchange/contents.ts'
import type { ExchangePeer } from '../../wire/exchange/node-document.ts'
import { contentOrOutcome } from '../../wire/exchange/outcome.ts'
import { type HeldMessages, type Place, placeMessages } from '../../wire/exchange/places.ts'
import type { Opening } from '../../wire/exchange/transaction.ts'
import type { MessageLine } from './message-form.ts'

type State = MessageLine & {
  readonly peerFor: (node: string) => Pick<ExchangePeer, 'node' | 'messageKeys'> | undefined
}

/** Its receipts are not signed: they say what the node would decide, and how its channel stands. */
export function inboxOver(state: State): ExchangeInbox {
  const seen = new Set(state.nonces.map(({ keyId, nonce }) => `${keyId} ${nonce}`))
  return {
    rememberNonce: async (keyId, nonce) => !seen.has(`${keyId} ${nonce}`),
    receive: (arrived) => receive(state, arrived),
  }
}

async function receive(state: State, arrived: Arrived): Promise<TransactionAnswer> {
  const before = state.transactions.find(({ id }) => id === arrived.id)
  if (before?.digest === toHex(httpPrimitives.sha256(arrived.body))) {
    return receipts(arrived, { repeated: true, messages: [], channel: placeOf(state) })
  }
  if (before) return conflict('transaction-conflict', state)
  const { receiver, peerFor } = state
  const open = (sealed: Uint8Array) => openWithAny(receiver.identities, sealed)
  const deps = { node: receiver.node, primitives: httpPrimitives, peerFor, open }
  const read = await readArrival(deps, arrived)
  if (read === undefined) return { kind: 'misdirected' }
  if (state.channel.frozen) return conflict('channel-frozen', state)
  const start: ChannelPosition = {
    ...{ origin: arrived.origin, destination: receiver.node },
    ...placeOf(state),
  }
  const judged = placeMessages(start, read, heldIn(state, read))
  if (judged.kind === 'misfit') return conflict(judged.code, state)
  return receipts(arrived, {
    repeated: false,
    messages: judged.places.map((place, index) =>
      decisionOn(state, place, read.openings[index] ?? null),
    ),
    channel: placeAfter(start, judged.places),
  })
}

function heldIn({ messages }: State, { transaction }: Arrival): HeldMessages {
  const held = messages.map((message) => ({ ...message, reason: message.reason ?? null }))
  const inEpoch = held.filter(({ epoch }) => epoch === transaction.epoch)
  return {
    atPlace: new Map(inEpoch.map((message) => [message.seq, message])),
    byId: new Map(held.toReversed().map((message) => [message.id, message])),
  }
}

function decisionOn(state: State, place: Place, opening: Opening | null): object {
  const { header, link, first } = place
  const said = { seq: header.seq, id: header.id, link }
  if (first === undefined) return { ...said, ...outcomeOf(state, place, opening) }
  const { decision: firstDecision, reason } = first
  return { ...said, decision: 'duplicate', firstDecision, ...(reason ? { reason } : {}) }
}

function outcomeOf(
  { receiver: { exercise }, now, caseNow = now }: State,
  { header }: Place,
  opening: Opening | null,
): MessageOutcome {
  const context = { primitives: httpPrimitives, exercise, caseNow: () => caseNow }
  const judged = contentOrOutcome(context, header, opening)
  if ('outcome' in judged) return judged.outcome
  try {
    readContent(header.type, judged.content)
    return { decision: 'applied' }
  } catch (error) {
    if (error instanceof ComityError) return { decision: 'rejected', reason: 'schema' }
    throw error
  }
}

function placeOf({ channel: { epoch, seq, link } }: State) {
  return { epoch, seq, link }
}

function placeAfter(start: ChannelPosition, places: readonly Place[]) {
  const last = places.findLast(({ isRepeated }) => !isRepeated)
  const { epoch, seq, link } = last ? positionAfter(last.header, last.link) : start
  return { epoch, seq, link }
}

function receipts({ id }: Arrived, said: object): TransactionAnswer {
  return { kind: 'receipts', body: canonicalBytes({ transaction: id, ...said }) }
}

function conflict(code: ConflictCode, state: State): TransactionAnswer {
  const { epoch, seq, link } = placeOf(state)
  return { kind: 'conflict', code, expected: { epoch, seq: seq + 1, link } }
}
