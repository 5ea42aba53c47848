/** What a clock of a law pack must hold beyond its form, so that it can be computed. */
import type { Clock } from '../core/law/clock.ts'
import { isElapsed } from '../core/law/due-date.ts'
import type { LawPack } from '../core/law/pack.ts'
import { INSTRUMENT_AT } from './law-instrument.ts'
import type { Known, PackFails } from './law-pack-checks.ts'
import type { Fail } from './law-pack-error.ts'
import { saysPeriod } from './law-quote.ts'

export function requireSoundClock(clock: Clock, known: Known, at: string, fail: Fail): void {
  const { kind, period, start, backwardsFrom, basis, extension, variants } = clock
  if ((kind === 'qualitative') !== (period === null)) {
    throw fail(`${at}/period`, 'period', 'a clock has a period unless it is qualitative')
  }
  if (period !== null && start === null && backwardsFrom === null) {
    throw fail(`${at}/start`, 'no-start', 'a period needs the event that it runs from')
  }
  if (start !== null && backwardsFrom !== null) {
    throw fail(`${at}/start`, 'two-starts', 'a period runs from an event or back from an end')
  }
  if (start?.ofClock && !known.clocks.has(start.ofClock)) {
    throw fail(`${at}/start/ofClock`, 'unknown-clock', 'no such clock in the pack')
  }
  if (backwardsFrom !== null && (known.clocks.get(backwardsFrom)?.period ?? null) === null) {
    throw fail(`${at}/start/endOf`, 'unknown-clock', 'no such clock with an end in the pack')
  }
  const otherKind = period && extension && isElapsed(period) !== isElapsed(extension.period)
  if (otherKind) {
    throw fail(
      `${at}/extension/unit`,
      'extension-unit',
      'hours are extended by hours, days by days',
    )
  }
  const periods = [
    { at: `${at}/basis`, basis, period },
    ...variants.map((variant, n) => ({ ...variant, at: `${at}/variants/${n}/basis` })),
    { at: `${at}/extension/basis`, basis: null, ...extension },
  ]
  for (const { at: path, basis: own, period: said } of periods) {
    if (!own || !said || saysPeriod(own, said)) continue
    throw fail(`${path}/quote`, 'quote-number', 'the quote does not hold the number')
  }
}

/** Follows each chain of starts to its end; one that returns to itself never starts. */
export function requireNoCycle(
  pack: LawPack,
  clocks: ReadonlyMap<string, Clock>,
  fails: PackFails,
): void {
  for (const [n, instrument] of pack.instruments.entries()) {
    for (const [m, { id }] of instrument.clocks.entries()) {
      const seen = new Set<string>()
      for (let at: string | null = id; at !== null; at = nextOf(clocks.get(at))) {
        if (seen.has(at)) {
          const path = `${INSTRUMENT_AT}/clocks/${m}/start`
          const fail = fails.ofInstrument[n] ?? fails.head
          throw fail(path, 'cycle', 'clocks start from each other')
        }
        seen.add(at)
      }
    }
  }
}

function nextOf(clock: Clock | undefined): string | null {
  return clock?.backwardsFrom ?? clock?.start?.ofClock ?? null
}
