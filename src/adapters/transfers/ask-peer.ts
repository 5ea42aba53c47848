/** Asking a peer for a file that it released. What it did not sign decides nothing. */
import type { PeerFile, SealedBytes } from '../../app/ports/transfers.ts'
import { parseJson } from '../../base/canonical-json.ts'
import { ComityError } from '../../base/errors.ts'
import { SealedFileForm } from '../../wire/exchange/file-transfer.ts'
import { requireForm } from '../../wire/exchange/form.ts'
import type { ExchangePeer } from '../../wire/exchange/node-document.ts'
import type { PeerAnswer, PeerClient } from '../peers/peer-client.ts'

const LATER = { kind: 'later' } as const

/** @throws ComityError `unavailable` if there was no complete answer */
export async function askPeerFile(
  call: PeerClient,
  peer: ExchangePeer,
  releaseId: string,
): Promise<PeerFile<SealedBytes>> {
  const answer = await call(peer, { method: 'GET', path: `/federation/v1/files/${releaseId}` })
  return given(answer, (body) => sealedIn(body, releaseId))
}

/** @throws ComityError `unavailable` if there was no complete answer */
export async function askPeerPiece(
  call: PeerClient,
  peer: ExchangePeer,
  releaseId: string,
  from: number,
): Promise<PeerFile<Uint8Array>> {
  const path = `/federation/v1/files/${releaseId}/bytes?from=${from}`
  return given(await call(peer, { method: 'GET', path }), (body) => body)
}

const STOPS: readonly number[] = [403, 404]

function given<Value>(
  { response, isVerified }: PeerAnswer,
  read: (body: Uint8Array) => Value | undefined,
): PeerFile<Value> {
  // Nobody signed it: something on the way. It is asked again.
  if (!isVerified) return LATER
  if (STOPS.includes(response.status)) return { kind: 'stopped' }
  const value = response.status === 200 ? read(response.body) : undefined
  return value === undefined ? LATER : { kind: 'given', value }
}

function sealedIn(body: Uint8Array, releaseId: string): SealedBytes | undefined {
  try {
    const value = parseJson(body, 'file')
    requireForm(SealedFileForm, value, '/file')
    const { digest, sizeBytes, ...named } = value as unknown as SealedBytes & {
      readonly releaseId: string
    }
    return named.releaseId === releaseId ? { digest, sizeBytes } : undefined
  } catch (error) {
    if (error instanceof ComityError) return undefined
    throw error
  }
}
