/**
 * Reads and drops what is left of a body that was refused for its size, so that its
 * sender gets to read the answer: a connection that closes on unread bytes is reset,
 * and a reset can overtake the answer. Bounded in bytes and in time; whoever sends
 * more than that sees the reset.
 */
import type { IncomingMessage } from 'node:http'
import { SECOND_MS } from '../base/time.ts'

const DRAIN_BYTES_MAX = 64 * 1024 * 1024
const DRAIN_WITHIN_MS = 5 * SECOND_MS

export function drainRequest(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve()
  return new Promise((done) => {
    let sizeBytes = 0
    const stop = () => {
      clearTimeout(timer)
      for (const name of ['close', 'end', 'error']) request.off(name, stop)
      request.off('data', count)
      done()
    }
    const count = (chunk: Uint8Array) => {
      sizeBytes += chunk.length
      if (sizeBytes > DRAIN_BYTES_MAX) stop()
    }
    const timer = setTimeout(stop, DRAIN_WITHIN_MS)
    for (const name of ['close', 'end', 'error']) request.on(name, stop)
    request.on('data', count).resume()
  })
}
