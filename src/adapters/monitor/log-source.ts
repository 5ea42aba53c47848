/** A log, a witness and a closing notice, as they are served over HTTP (C2SP tlog-tiles). */
import { toHex, utf8 } from '../../base/bytes.ts'
import { unavailable } from '../../base/errors.ts'
import { NOTE_SIZE_MAX } from '../../proof/signed-note.ts'
import { TILE_WIDTH, type TileRef, tilePath } from '../../proof/tile-path.ts'
import { HASH_SIZE } from '../../proof/tree-hash.ts'
import type { LogSource, WitnessSource } from '../../wire/monitor/look.ts'
import { nodePrimitives } from '../node-primitives.ts'
import { boundedGet, type GetLimits, type Got } from './bounded-get.ts'

export type SourceLimits = Pick<GetLimits, 'timeoutMs' | 'signal'>

const TILE_BYTES_MAX = TILE_WIDTH * HASH_SIZE
/** 256 entries of 65,535 bytes, each after its length. */
const BUNDLE_BYTES_MAX = TILE_WIDTH * (65_535 + 2)
const NOT_THERE = new Set([404, 410])
const NOT_FOR_US = new Set([401, 403, 404, 410])

export function httpLog(url: string, limits: SourceLimits): LogSource {
  const get = (path: string, bytesMax: number) =>
    boundedGet(`${url}/${path}`, { ...limits, bytesMax })
  return {
    checkpoint: async () => bodyOf(await get('checkpoint', NOTE_SIZE_MAX)),
    async tile(tile: TileRef) {
      const path = tilePath(tile)
      const answer = await get(path, TILE_BYTES_MAX)
      if (!NOT_THERE.has(answer.status)) return bodyOf(answer)
      // Once the full tile is there the partial one may be gone.
      const full = tilePath({ ...tile, width: TILE_WIDTH })
      const whole = full === path ? answer : await get(full, TILE_BYTES_MAX)
      if (!NOT_THERE.has(whole.status)) return bodyOf(whole)
      throw unavailable('a tile is not there', { reason: 'missing', field: path })
    },
    async bundle(tile: TileRef) {
      const answer = await get(tilePath(tile), BUNDLE_BYTES_MAX)
      return NOT_FOR_US.has(answer.status) ? undefined : bodyOf(answer)
    },
  }
}

/** Those with an address, each place once: a witness with two keys answers for both. */
export function httpWitnesses(
  known: readonly { readonly name: string; readonly url?: string | undefined }[],
  origin: string,
  limits: SourceLimits,
): readonly WitnessSource[] {
  const places = new Map(
    known.flatMap(({ name, url }) =>
      url === undefined ? [] : [[url, { name, url, origin }] as const],
    ),
  )
  return [...places.values()].map((place) => httpWitness(place, limits))
}

/** @param url the witness's monitoring prefix */
function httpWitness(
  { name, url, origin }: { readonly name: string; readonly url: string; readonly origin: string },
  limits: SourceLimits,
): WitnessSource {
  const hash = toHex(nodePrimitives.sha256(utf8(origin)))
  return {
    name,
    async checkpoint() {
      const at = `${url}/${hash}/checkpoint`
      const answer = await boundedGet(at, { ...limits, bytesMax: NOTE_SIZE_MAX })
      return NOT_THERE.has(answer.status) ? undefined : bodyOf(answer)
    },
  }
}

/** The notice that closed a log, where its node serves one; undefined while the log is open. */
export async function httpNotice(
  url: string,
  limits: SourceLimits,
): Promise<Uint8Array | undefined> {
  const answer = await boundedGet(`${url}/log-notice`, { ...limits, bytesMax: NOTE_SIZE_MAX })
  return NOT_THERE.has(answer.status) ? undefined : bodyOf(answer)
}

function bodyOf({ status, body }: Got): Uint8Array {
  if (status === 200) return body
  throw unavailable(`an answer of status ${status}`, { reason: `status-${status}` })
}
