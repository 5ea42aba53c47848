/**
 * The measures that competent authorities may take on a day, on a set of facts.
 *
 * A measure without a legal basis in a pack is not offered; nor is one of an
 * authority that is not competent, or of a bill. What stands in the way of the
 * others (a hearing, a precondition, a court) is named, not decided here.
 */
import type { Because } from '../../base/decision.ts'
import type { CalendarDate } from '../../base/time.ts'
import { type Finding, type OpenQuestion, questionFor } from './competence.ts'
import { evaluate, type Facts } from './condition.ts'
import { type EntryStanding, entryStanding } from './entry-standing.ts'
import { onceADay } from './once.ts'
import { type Basis, cite, type Instrument, type LawPack } from './pack.ts'

type Measure = Instrument['measures'][number]

/**
 * `available`: now, once its preconditions are recorded. `confirm`: the same, but
 * read in a secondary source only. `advisory`: recalled only, so not to be relied on.
 * `open`: the facts leave it open. `not_yet`: law that applies only from `from` on.
 */
export type PowerState = 'available' | 'confirm' | 'advisory' | 'open' | 'not_yet'

export type Power = {
  readonly legalOrder: string
  readonly instrument: string
  readonly authority: string
  /** The instrument by which the authority is competent; the power may stand in another. */
  readonly competentUnder: string
  /** Code of the vocabulary, e.g. `interim_measure`. */
  readonly measure: string
  readonly rung: number
  readonly state: PowerState
  /** First day, where the state is `not_yet` and the pack names it. */
  readonly from: CalendarDate | null
  readonly track: Measure['track']
  readonly isCourtNeeded: boolean
  readonly preconditions: readonly string[]
  /** Id of the clock of the hearing that must have run out. */
  readonly hearing: string | null
  readonly compliance: string | null
  /** Id of the clock at whose end the measure ends. */
  readonly validity: string | null
  /** Limits on its use, in words. */
  readonly limits: readonly string[]
  readonly basis: Basis
  readonly because: readonly Because[]
  readonly openQuestions: readonly OpenQuestion[]
}

/** True for a measure that may be taken, be it after a lawyer confirmed its basis. */
export function isOffered({ state }: Power): boolean {
  return state === 'available' || state === 'confirm'
}

/** In the order of the ladder, the mildest first; within a rung in the order of the packs. */
export function powersOf(
  packs: readonly LawPack[],
  findings: readonly Finding[],
  { facts, on }: { readonly facts: Facts; readonly on: CalendarDate },
): readonly Power[] {
  const byAuthority = Map.groupBy(findings, ({ authority }) => authority)
  const found = packs.flatMap((pack) =>
    measuresOn(pack, on).flatMap((known) => {
      const holder = holderOf(byAuthority.get(known.measure.authority) ?? [], known.instrument)
      return holder === undefined ? [] : (powerOf(pack, known, holder, facts) ?? [])
    }),
  )
  return found.sort((a, b) => a.rung - b.rung)
}

/**
 * The finding that makes the measure's authority competent: under the same
 * instrument where that has rules for it, else under another one of the legal order.
 */
function holderOf(ofAuthority: readonly Finding[], instrument: Instrument): Finding | undefined {
  const own = ofAuthority.filter((each) => each.instrument === instrument.id)
  const counting = own.length > 0 ? own : ofAuthority
  return (
    counting.find(({ competent }) => competent === 'yes') ??
    counting.find(({ competent }) => competent === 'open')
  )
}

/** A measure that is law, or will be, and the power that it is where nothing is open. */
type Known = {
  readonly instrument: Instrument
  readonly measure: Measure
  readonly power: Power
}

const measuresOn = onceADay((pack: LawPack, on: CalendarDate): readonly Known[] =>
  pack.instruments.flatMap((instrument) =>
    instrument.measures.flatMap((measure) => {
      const standing = entryStanding(instrument, measure, on)
      if (standing.state === 'not_law') return []
      return [{ instrument, measure, power: closedPower(pack, instrument, measure, standing) }]
    }),
  ),
)

function powerOf(
  pack: LawPack,
  { instrument, measure, power }: Known,
  holder: Finding,
  facts: Facts,
): Power | undefined {
  const when = measure.when === null ? undefined : evaluate(measure.when, facts, pack)
  if (when?.answer === 'no') return undefined
  const openQuestions = [
    ...(when?.missing ?? []).map((fact) => questionFor(pack, fact)),
    ...(holder.competent === 'open' ? holder.openQuestions : []),
  ]
  const isOpen = openQuestions.length > 0
  if (!isOpen && holder.instrument === instrument.id) return power
  const state = isOpen && power.state !== 'not_yet' ? 'open' : power.state
  return { ...power, competentUnder: holder.instrument, state, openQuestions }
}

function closedPower(
  pack: LawPack,
  instrument: Instrument,
  measure: Measure,
  standing: EntryStanding,
): Power {
  const basis = { rule: `law:${measure.code}`, text: article(measure), source: cite(measure.basis) }
  return {
    legalOrder: pack.legalOrder,
    instrument: instrument.id,
    authority: measure.authority,
    competentUnder: instrument.id,
    measure: measure.code,
    rung: measure.rung,
    state: stateOf(standing),
    from: standing.from,
    track: measure.track,
    isCourtNeeded: measure.isCourtNeeded,
    preconditions: measure.preconditions,
    hearing: measure.hearing,
    compliance: measure.compliance,
    validity: measure.validity,
    limits: measure.limits,
    basis: measure.basis,
    because: [basis, ...standing.because],
    openQuestions: [],
  }
}

function stateOf({ state }: EntryStanding): PowerState {
  if (state === 'not_yet' || state === 'not_law') return 'not_yet'
  return state === 'applies' ? 'available' : state
}

function article({ code, basis }: Measure): string {
  return `${code.replaceAll('_', ' ')}: art. ${basis.article}`
}
