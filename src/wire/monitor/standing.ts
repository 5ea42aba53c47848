/** How a watched log stands, in one word, for people and for exit codes. */
import { type Instant, msOf, SECOND_MS } from '../../base/time.ts'
import type { Look, Remembered } from './look.ts'

/**
 * `wrong`: something was found against it. `stale`: reached, but witnesses have confirmed no head
 * for too long. `unreached`: it did not answer; that is no misconduct. `uncosigned`: no witness
 * that is known has cosigned it, so its age is unknown.
 */
export type Standing = 'well' | 'wrong' | 'stale' | 'unreached' | 'uncosigned'

export type StandingFacts = Pick<Remembered, 'freshAt'> & {
  readonly findings: number
  readonly failure: string | undefined
  /** It was closed by a notice: it grows no older. */
  readonly isClosed: boolean
}

export function standingOf(facts: StandingFacts, now: Instant, staleMs: number): Standing {
  if (facts.findings > 0) return 'wrong'
  if (facts.failure !== undefined) return 'unreached'
  if (facts.isClosed) return 'well'
  if (facts.freshAt === undefined) return 'uncosigned'
  return msOf(now) - facts.freshAt * SECOND_MS > staleMs ? 'stale' : 'well'
}

/** What is kept after a look, beside what the look remembers. */
export function reachability(
  before: { readonly reachedAt: Instant | undefined; readonly failingSince: Instant | undefined },
  { failure }: Pick<Look, 'failure'>,
  now: Instant,
): { readonly reachedAt: Instant | undefined; readonly failingSince: Instant | undefined } {
  if (failure === undefined || failure === 'bad-signature') {
    return { reachedAt: now, failingSince: undefined }
  }
  return { reachedAt: before.reachedAt, failingSince: before.failingSince ?? now }
}
