/**
 * A network between nodes of one process, with a clock of its own: requests get lost, their
 * answers too, they come twice, late, slowly, or not at all between parts of the network that
 * do not see each other. What happens a random source decides, so a seed fixes the faults.
 *
 * It knows nothing of what it carries. It simulates no bandwidth and no broken bytes.
 */
import type { Transport } from '../adapters/peers/http-transport.ts'
import { invariant, unavailable } from '../base/errors.ts'
import type { HttpRequest, HttpResponse } from '../wire/http-message.ts'

export type NetworkFault = 'lost' | 'unanswered' | 'twice' | 'late' | 'slow' | 'refused'

export type Chance = {
  below(count: number): number
  chance(share: number): boolean
  pick<T>(list: readonly T[]): T
}

export type Serve = (request: HttpRequest) => Promise<HttpResponse>

export type Network = {
  /** Milliseconds since 1970 by the network's clock; it moves only by `pass` and by slow requests. */
  nowMs(): number
  pass(ms: number): void
  /** Who answers at this base URL. */
  attach(baseUrl: string, serve: Serve): void
  transportFrom(baseUrl: string): Transport
  /** From now on these do not reach the others, nor they them. */
  cutOff(baseUrls: readonly string[]): void
  /** Something happens to this share of requests. */
  disturb(share: number): void
  /** Everybody reaches everybody, and nothing goes wrong. */
  heal(): void
  /** Delivers what was held back, in another order than it was sent; nobody waits for answers. */
  deliverLate(): Promise<void>
  /** How often each fault has happened. */
  readonly counts: ReadonlyMap<NetworkFault | 'passed' | 'cut off', number>
}

export type NetworkOptions = {
  readonly startMs: number
  readonly random: Chance
  /** A slow request takes up to so long. */
  readonly slowMs: number
}

const FAULTS: readonly NetworkFault[] = ['lost', 'unanswered', 'twice', 'late', 'slow', 'refused']
const REFUSED: HttpResponse = { status: 503, headers: [], body: new Uint8Array() }

export function createNetwork({ startMs, random, slowMs }: NetworkOptions): Network {
  const served = new Map<string, Serve>()
  const counts = new Map<NetworkFault | 'passed' | 'cut off', number>()
  let heldBack: (() => Promise<unknown>)[] = []
  let apart = new Set<string>()
  let share = 0
  let nowMs = startMs

  const count = (what: NetworkFault | 'passed' | 'cut off') =>
    counts.set(what, (counts.get(what) ?? 0) + 1)
  const lost = (why: string) => unavailable('a peer does not answer', { cause: new Error(why) })

  const under: Record<NetworkFault, (send: () => Promise<HttpResponse>) => Promise<HttpResponse>> =
    {
      lost: async () => {
        throw lost('the request was lost')
      },
      async unanswered(send) {
        await send()
        throw lost('the answer was lost')
      },
      async twice(send) {
        const [answer] = await Promise.all([send(), send()])
        return answer
      },
      late: async (send) => {
        heldBack.push(send)
        throw lost('the request is late')
      },
      async slow(send) {
        nowMs += random.below(slowMs)
        return send()
      },
      refused: async () => REFUSED,
    }

  return {
    counts,
    nowMs: () => nowMs,
    pass(ms) {
      nowMs += ms
    },
    attach: (baseUrl, serve) => void served.set(baseUrl, serve),
    transportFrom: (from) => async (request) => {
      const to = new URL(request.targetUri).origin
      const serve = served.get(to)
      invariant(serve !== undefined, 'somebody is attached')
      if (apart.has(from) !== apart.has(to)) {
        count('cut off')
        throw lost('the network is parted')
      }
      const send = () => serve(request)
      if (!random.chance(share)) {
        count('passed')
        return send()
      }
      const fault = random.pick(FAULTS)
      count(fault)
      return under[fault](send)
    },
    cutOff(baseUrls) {
      apart = new Set(baseUrls)
    },
    disturb(newShare) {
      share = newShare
    },
    heal() {
      apart = new Set()
      share = 0
    },
    async deliverLate() {
      const due = heldBack
      heldBack = []
      while (due.length > 0) {
        const [send] = due.splice(random.below(due.length), 1)
        await send?.()
      }
    },
  }
}
