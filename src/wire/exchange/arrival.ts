/**
 * A transaction as it arrives from an authenticated origin, up to the point where the
 * channel is asked: its parts fit each other, the origin signed each header, and the
 * contents open and are those of these headers. Nothing is stored, and where its
 * messages stand is not known yet.
 */
import type { Bytes } from '../../base/bytes.ts'
import { ComityError, malformed, unverified } from '../../base/errors.ts'
import type { Primitives } from '../../proof/primitives.ts'
import type { ExchangePeer } from './node-document.ts'
import { DOMAIN, type VerifyAside, verifyValueAside } from './signed.ts'
import { type Opening, type ReadTransaction, readContents, readTransaction } from './transaction.ts'

/** `origin` has signed the request, `id` stands in its path. */
export type Arrived = { readonly origin: string; readonly id: string; readonly body: Uint8Array }

/** Whoever may have signed the headers: keys of its pinned document, retired ones too. */
type Signer = Pick<ExchangePeer, 'node' | 'messageKeys'>

export type ArrivalDeps = {
  /** This node. */
  readonly node: string
  readonly primitives: Primitives & VerifyAside
  readonly peerFor: (node: string) => Signer | undefined | Promise<Signer | undefined>
  /** Opens an age file that was sealed to this node, now or before. */
  readonly open: (sealed: Uint8Array) => Promise<Bytes>
}

export type Arrival = ReadTransaction & { readonly openings: readonly (Opening | null)[] }

/**
 * @returns `undefined` for one that names another node as destination
 * @throws ComityError `malformed` with reason `size`, `not-json`, `not-canonical`, `schema`,
 * `sequence`, `head`, `origin`, `id`, `header-signature`, `sealed` or `header-digests`
 */
export async function readArrival(
  deps: ArrivalDeps,
  arrived: Arrived,
): Promise<Arrival | undefined> {
  const read = readTransaction(deps.primitives, arrived.body)
  if (read.transaction.destination !== deps.node) return undefined
  requireFits(arrived, read)
  const signer = await deps.peerFor(arrived.origin)
  if (signer === undefined) throw unverified('origin is not a peer', { reason: 'key-unknown' })
  const [signed, opened] = await Promise.allSettled([
    requireHeadersSigned(deps.primitives, signer, read),
    openContents(deps, read),
  ])
  // Who has signed no header hears nothing of what was sealed.
  if (signed.status === 'rejected') throw signed.reason
  if (opened.status === 'rejected') throw opened.reason
  return { ...read, openings: opened.value }
}

function requireFits({ origin, id }: Arrived, { transaction }: ReadTransaction): void {
  if (transaction.origin !== origin) {
    throw malformed('a transaction is of another origin', { field: '/origin', reason: 'origin' })
  }
  if (transaction.id !== id) {
    throw malformed('a transaction has another id', { field: '/id', reason: 'id' })
  }
}

/** A header that nobody signed cannot take a number: it spoils the whole transaction. */
async function requireHeadersSigned(
  primitives: Primitives & VerifyAside,
  signer: Signer,
  { transaction }: ReadTransaction,
): Promise<void> {
  const checked = await Promise.allSettled(
    transaction.messages.map(({ header, signature }) =>
      verifyValueAside(primitives, DOMAIN.header, header, signature, signer),
    ),
  )
  for (const [index, result] of checked.entries()) {
    if (result.status === 'fulfilled') continue
    const [field, cause] = [`/messages/${index}/signature`, result.reason]
    throw malformed('a header is not signed', { field, reason: 'header-signature', cause })
  }
}

async function openContents(
  { open }: ArrivalDeps,
  { sealed, links }: ReadTransaction,
): Promise<readonly (Opening | null)[]> {
  try {
    return readContents(await open(sealed), links)
  } catch (cause) {
    if (cause instanceof ComityError && cause.reason === 'header-digests') throw cause
    throw malformed('contents do not open', { field: '/sealed', reason: 'sealed', cause })
  }
}
