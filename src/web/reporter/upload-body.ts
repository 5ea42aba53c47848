/**
 * The body of a sealed filing, read into memory with every limit checked on the way.
 * Nothing is written before the whole is here, so a broken line leaves nothing behind.
 *
 * Large filings share a reserve of memory: when it is used up they are asked to come
 * again, while reports without files still get in.
 */
import type { FastifyRequest } from 'fastify'
import { concatBytes } from '../../base/bytes.ts'
import {
  SEALED_CONTACT_MAX_BYTES,
  SEALED_REPORT_MAX_BYTES,
  UPLOAD_MAX_BYTES,
  UPLOAD_TYPE,
} from '../../wire/intake/filing-upload.ts'
import { type Problem, problem } from '../../wire/problem.ts'

/** Two of the largest at a time, or very many small ones. */
export const RESERVE_BYTES = 2 * UPLOAD_MAX_BYTES
/** A report without files, whatever it says. */
const SMALL_BYTES = SEALED_REPORT_MAX_BYTES + SEALED_CONTACT_MAX_BYTES + 64 * 1024

export type UploadBodies = {
  read(request: FastifyRequest): Promise<Uint8Array | Problem>
  /** To be called once what was read is not needed any more. */
  release(body: Uint8Array): void
}

export type Patience = {
  /** A line on which nothing comes for so long is gone, also if nobody closed it. */
  readonly idleMs: number
  /** Slower on the whole, and it keeps its place from others: a bad line of a telephone is faster. */
  readonly bytesPerSecond: number
}
const PATIENCE: Patience = { idleMs: 60_000, bytesPerSecond: 16 * 1024 }

export function uploadBodies(reserveBytes = RESERVE_BYTES, patience = PATIENCE): UploadBodies {
  let taken = 0
  return {
    async read(request) {
      const { headers, raw } = request
      const length = Number(headers['content-length'])
      const refuseWith = (status: number, reason: string) => {
        // Dropped, so that the answer reaches a client that is still sending.
        raw.resume()
        return problem(status, reason)
      }
      if (headers['content-type'] !== UPLOAD_TYPE) return refuseWith(415, 'filing-type')
      if (!Number.isSafeInteger(length)) return refuseWith(411, 'no-length')
      if (length > UPLOAD_MAX_BYTES) return refuseWith(413, 'size')
      const held = length > SMALL_BYTES ? length : 0
      if (taken + held > reserveBytes) return refuseWith(503, 'busy')
      taken += held
      // A phone that lost its network would keep its part of the reserve for ever.
      raw.setTimeout(patience.idleMs, () => raw.destroy())
      const deadline = setTimeout(() => raw.destroy(), wholeMs(length, patience))
      try {
        const body = await wholeOf(raw, length)
        if (body.length === length) return body
      } catch {
        // The line broke: like a body that ends early.
      } finally {
        raw.setTimeout(0)
        clearTimeout(deadline)
      }
      taken -= held
      return problem(400, 'truncated')
    },
    release({ length }) {
      if (length > SMALL_BYTES) taken -= length
    },
  }
}

function wholeMs(length: number, { idleMs, bytesPerSecond }: Patience): number {
  return idleMs + (length / bytesPerSecond) * 1000
}

async function wholeOf(stream: AsyncIterable<Uint8Array>, length: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > length) break
    chunks.push(chunk)
  }
  return concatBytes(...chunks)
}
