/**
 * Released files, for the peer to which each was released: what lies there sealed to it,
 * and its pieces. To anybody else there is no such file.
 */
import type { FileLender, Lent } from '../../app/travel/lend-files.ts'
import type { Bytes } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { isUuid } from '../../base/ids.ts'
import { type Answer, problem } from './problem.ts'

type Asked = { readonly params: { readonly releaseId: string }; readonly query: unknown }

export function getFile(files: FileLender) {
  return async (peer: string, { params: { releaseId } }: Asked): Promise<Answer> => {
    if (!isUuid(releaseId)) return problem(400, 'id', { field: 'releaseId' })
    return answer(await files.file(peer, releaseId), ({ digest, sizeBytes }) => ({
      status: 200,
      contentType: 'application/json',
      body: canonicalBytes({ v: 1, releaseId, digest, sizeBytes }),
    }))
  }
}

export function getPiece(files: FileLender) {
  return async (peer: string, { params: { releaseId }, query }: Asked): Promise<Answer> => {
    if (!isUuid(releaseId)) return problem(400, 'id', { field: 'releaseId' })
    const from = placeIn(query)
    if (from === undefined) return problem(400, 'place', { field: 'from' })
    return answer(await files.piece(peer, releaseId, from), (piece) => ({
      status: 200,
      contentType: 'application/octet-stream',
      body: piece as Bytes,
    }))
  }
}

function answer<Value>(lent: Lent<Value>, give: (value: Value) => Answer): Answer {
  if (lent.kind === 'lent') return give(lent.value)
  return lent.kind === 'later' ? problem(503, 'busy') : problem(404, 'not-found')
}

function placeIn(query: unknown): number | undefined {
  const { from, ...others } = query as Record<string, unknown>
  if (typeof from !== 'string' || Object.keys(others).length > 0) return undefined
  return /^(0|[1-9][0-9]{0,14})$/.test(from) ? Number(from) : undefined
}
