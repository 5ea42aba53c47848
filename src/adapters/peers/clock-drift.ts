/**
 * How far the clocks of peers are from ours, by the Date of their answers. A hint
 * for people: nobody signs that field, and half the way there and back is in it.
 */
import type { HeaderList } from '../../wire/http-message.ts'
import type { Transport } from './http-transport.ts'

export type WatchedTransport = {
  readonly transport: Transport
  /** Clock of each peer minus ours, when it last answered. */
  readonly driftMs: ReadonlyMap<string, number>
}

export function watchClocks(transport: Transport, nowMs: () => number): WatchedTransport {
  const driftMs = new Map<string, number>()
  return {
    driftMs,
    async transport(request, signal) {
      const sentAt = nowMs()
      const response = await transport(request, signal)
      const theirs = Date.parse(first(response.headers, 'date') ?? '')
      const peer = first(request.headers, 'comity-destination')
      if (peer !== undefined && !Number.isNaN(theirs)) {
        driftMs.set(peer, driftOf(theirs, (sentAt + nowMs()) / 2))
      }
      return response
    },
  }
}

/** The field tells whole seconds: within the second there is no difference. */
function driftOf(theirs: number, ours: number): number {
  if (ours >= theirs && ours < theirs + 1000) return 0
  return ours < theirs ? theirs - ours : theirs + 1000 - ours
}

/** Whatever else the answer holds, a hint is no reason to refuse it. */
function first(headers: HeaderList, name: string): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1]
}
