/** One thing that is tried, and what makes it fail. */

import { httpPrimitives } from '../../adapters/keys/http-primitives.ts'
import type { ChannelPosition } from '../../wire/exchange/channel.ts'
import type { ExchangePeer, NodeDocument } from '../../wire/exchange/node-document.ts'
import type { Receipt } from '../../wire/exchange/receipt.ts'
import { verifyReceipts } from '../../wire/exchange/receipt.ts'
import type { Actor } from './actor.ts'
import { type Bend, type Forged, forge, putPath } from './forge.ts'
import type { Ask, Heard, Talk } from './talk.ts'

export type Session = {
  readonly actor: Actor
  /** Goes on as this peer with other keys. */
  changeKeys(change: (actor: Actor) => Promise<Actor>): Promise<void>
  readonly target: ExchangePeer
  /** As the target's fingerprint pinned it. */
  readonly document: NodeDocument
  readonly talk: Talk
  /** Where the channel to the target stands; moved on by what it takes. */
  position: ChannelPosition
  /** Asks the target where the channel stands, if it says so. */
  findPosition(): Promise<void>
  readonly options: { readonly freeze: boolean; readonly witnessUrl: string }
}

export type Check = {
  /** Id in `protocol/spec/requirements.json`. */
  readonly requirement: string
  readonly does: string
  readonly run: (session: Session) => Promise<void>
}

/** The node does not do what the requirement says. */
export class Failed extends Error {
  /** Another requirement that it does not meet with this. */
  readonly requirement: string | undefined

  constructor(message: string, requirement?: string) {
    super(message)
    this.requirement = requirement
  }
}

/** It cannot be said, and why. */
export class NotTested extends Error {}

export function expect(condition: unknown, said: string): asserts condition {
  if (!condition) throw new Failed(said)
}

const WITHOUT_PROOF = new Set([401, 413, 415])

/** A problem of this status and code; signed, unless nobody was proven to ask. */
export function expectRefusal(heard: Heard, status: number, code: string): void {
  const { code: given } = heard.said
  const answer = `${heard.status} ${typeof given === 'string' ? given : '(no code)'}`
  expect(heard.status === status && given === code, `answered ${answer}, not ${status} ${code}`)
  const { contentType } = heard
  expect(contentType === 'application/problem+json', `a problem of media type ${contentType}`)
  if (!WITHOUT_PROOF.has(status)) expectSigned(heard)
}

export function expectSigned({ proof, status }: Heard): void {
  if (proof === 'signed') return
  const message = `the answer of ${status} is not signed for this request (${proof})`
  throw new Failed(message, 'exchange/answers-signed')
}

export function put(
  session: Session,
  { id, body }: Pick<Forged, 'id' | 'body'>,
  ask: Partial<Ask> = {},
) {
  return session.talk.ask({ path: putPath(id), body, ...ask })
}

/** A transaction after what the target has, bent. */
export function next({ actor, target, position }: Session, bend: Bend = {}): Promise<Forged> {
  return forge(actor, target, position, bend)
}

/** Sends a transaction that is to be taken: its receipts, each verified. */
export async function taken(session: Session, forged: Forged): Promise<readonly Receipt[]> {
  const receipts = await receiptsIn(session, forged, await put(session, forged))
  session.position = forged.after
  return receipts
}

export async function receiptsIn(
  { target }: Session,
  { id, headers, links }: Forged,
  heard: Heard,
): Promise<readonly Receipt[]> {
  expect(heard.status === 200, `answered ${heard.status} ${String(heard.said['code'] ?? '')}`)
  expectSigned(heard)
  const messages = headers.map(({ origin, destination, epoch, seq }, index) => ({
    ...{ origin, destination, epoch, seq },
    link: links[index] as string,
  }))
  const expected = { transaction: id, messages, by: target }
  const receipts = await verifyReceipts(httpPrimitives, heard.body, expected)
  return receipts.map(({ receipt }) => receipt)
}
