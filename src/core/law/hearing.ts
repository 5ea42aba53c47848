/**
 * The hearing that must run out before a measure: the earliest moment at which an
 * order may be made after the operator was given the opportunity to be heard.
 *
 * A rule of urgency may let an authority act earlier; that is a decision of
 * people with a recorded reason, and is not made here.
 */
import type { Instant } from '../../base/time.ts'
import { type HolidaysOf, workCalendar } from './calendar.ts'
import type { Step } from './counting-step.ts'
import { dueDate } from './due-date.ts'
import type { EvidenceCode, LawPack } from './pack.ts'

export type HearingPeriod = {
  /** Id of the clock in the pack, e.g. `eu.msr/hearing`. */
  readonly clock: string
  /** The first moment at which the order may be made. */
  readonly earliest: Instant
  /** The same as RFC 9557 text with the zone. */
  readonly earliestText: string
  readonly steps: readonly Step[]
  readonly article: string
  readonly source: string
  readonly evidence: EvidenceCode
}

/**
 * @param from when the operator was given the opportunity to be heard
 * @param options `measure`: code of the measure, whose own hearing then counts;
 *   `zone` of the authority, without it the pack's first
 * @returns `undefined` if the pack names no hearing: then nobody may infer one, or none
 */
export function hearingPeriod(
  pack: LawPack,
  from: Instant,
  holidaysOf: HolidaysOf,
  options: { readonly measure?: string; readonly zone?: string } = {},
): HearingPeriod | undefined {
  const measures = pack.instruments.flatMap((instrument) => instrument.measures)
  const wanted = measures.find(
    ({ code, hearing }) =>
      hearing !== null && (options.measure === undefined || code === options.measure),
  )
  const clock = pack.instruments
    .flatMap(({ clocks }) => clocks)
    .find(({ id, kind }) => kind === 'min' && id === wanted?.hearing)
  if (clock === undefined || clock.period === null) return undefined
  const calendar = workCalendar(pack, holidaysOf, options.zone)
  // A floor: the later of the two results is the one to wait for.
  const { legalAt, legalDue, steps } = dueDate(from, clock.period, calendar, clock.counting)
  const { article, source, evidence } = clock.basis
  return {
    clock: clock.id,
    earliest: legalAt,
    earliestText: legalDue,
    steps,
    article,
    source,
    evidence,
  }
}
