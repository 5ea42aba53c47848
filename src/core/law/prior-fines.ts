/**
 * Fines of others, and earlier ones of one's own, for the same infringement or the
 * same conduct: what a regime's law says about them, as findings with reasons.
 *
 * It finds and cites; whether two infringements are the same is for people to say. A
 * relation that nobody has assessed is a question, and a bar of the law is shown as one.
 */
import type { Because } from '../../base/decision.ts'
import type { CalendarDate } from '../../base/time.ts'
import { evaluate, type Facts } from './condition.ts'
import { type Basis, cite, type Instrument, type LawPack } from './pack.ts'
import type { FiningBar } from './sanction-tier.ts'

export const FINE_STATES = ['none', 'proceedings', 'proposed', 'imposed', 'annulled'] as const
export type FineState = (typeof FINE_STATES)[number]
export const RELATIONS = ['yes', 'no', 'open'] as const
export type Relation = (typeof RELATIONS)[number]

/** What is known of one authority's fine against the operator of the case. */
export type KnownFine = {
  readonly fineId: string
  /** A node's id, or the name of an authority outside. */
  readonly authority: string
  readonly isOwn: boolean
  /** Id of the instrument that it rests on; `null`: not told, or one that no pack holds. */
  readonly instrument: string | null
  /** `none`: that authority said that there is none. */
  readonly state: FineState
  readonly sameInfringement: Relation
  readonly sameConduct: Relation
  readonly amountMinor: number | null
  readonly currency: string | null
  readonly decidedOn: CalendarDate | null
  /** How it is known: a release, a letter, a publication. */
  readonly source: string
}

export type PriorFineFinding = {
  /** Id of the instrument that says so. */
  readonly instrument: string
  readonly kind: 'bar' | 'factor' | 'sameWithoutRule' | 'relationOpen' | 'factOpen' | 'notAsked'
  /**
   * `bars`: no fine. `open`: something must be found out first. `weigh`: the decision takes
   * it into account and says how.
   */
  readonly effect: 'bars' | 'open' | 'weigh'
  readonly fineId: string | null
  /** Codes of the fining factors that look at it. */
  readonly factors: readonly string[]
  readonly because: Because
}

/** What is read of an instrument. */
export type FiningRules = Pick<Instrument, 'id' | 'fining'>

export type PriorFineInput = {
  readonly fines: readonly KnownFine[]
  /** Authorities that take part in the case, without one's own. */
  readonly participants: readonly string[]
  readonly facts: Facts
}

/** What the law of one instrument makes of the fines that are known. */
export function priorFines(
  pack: LawPack,
  instrument: FiningRules,
  { fines, participants, facts }: PriorFineInput,
): readonly PriorFineFinding[] {
  const counted = fines.filter(({ state }) => state !== 'annulled' && state !== 'none')
  const bars = (instrument.fining?.bars ?? []).flatMap((bar) =>
    barFindings(pack, instrument, bar, counted, facts),
  )
  const barred = new Set(bars.map(({ fineId }) => fineId))
  const others = counted
    .filter(({ fineId }) => !barred.has(fineId))
    .flatMap((fine) => fineFindings(instrument, fine))
  const silent = participants.filter((id) => fines.every(({ authority }) => authority !== id))
  return [...bars, ...others, ...silent.map((id) => notAsked(instrument, id))]
}

function barFindings(
  pack: LawPack,
  { id: instrument }: FiningRules,
  bar: FiningBar,
  fines: readonly KnownFine[],
  facts: Facts,
): readonly PriorFineFinding[] {
  const condition = bar.when === null ? null : evaluate(bar.when, facts, pack)
  if (condition?.answer === 'no') return []
  const under = bar.instrument ?? instrument
  const hits = fines.filter(
    (fine) =>
      (!fine.isOwn || bar.instrument !== null) &&
      (fine.instrument === under || fine.instrument === null) &&
      (bar.trigger === 'proceedings' || fine.state === 'imposed') &&
      relationTo(fine, bar.same) !== 'no',
  )
  return hits.map(({ fineId, authority, instrument: told, ...fine }) => {
    const isSame = relationTo(fine, bar.same) === 'yes' && told !== null
    const isCertain = isSame && condition?.answer !== 'unknown'
    const missing = condition?.missing ?? []
    const text = isCertain
      ? `${authority}: ${bar.text}`
      : `${authority}: find out first ${doubtOf(bar, told, isSame, missing)}. ${bar.text}`
    return {
      instrument,
      kind: isCertain ? 'bar' : isSame ? 'factOpen' : 'relationOpen',
      effect: isCertain ? 'bars' : 'open',
      fineId,
      factors: [],
      because: because(`bar-${bar.id}`, text, bar.basis),
    }
  })
}

function doubtOf(
  { same }: FiningBar,
  instrument: string | null,
  isSame: boolean,
  missing: readonly string[],
): string {
  if (isSame) return `whether ${missing.join(', ')} holds`
  if (instrument === null) return 'under which law it acted'
  return `whether it is the same ${same}`
}

function fineFindings({ id, fining }: FiningRules, fine: KnownFine): readonly PriorFineFinding[] {
  const { fineId, authority, state, sameInfringement, sameConduct } = fine
  if (sameInfringement === 'no' && sameConduct === 'no') return []
  if (sameInfringement !== 'yes' && sameConduct !== 'yes') {
    const text = `${authority}: nobody has said whether its fine is for the same infringement or conduct.`
    const open = { kind: 'relationOpen', effect: 'open' } as const
    return [{ instrument: id, ...open, fineId, factors: [], because: because('relation', text) }]
  }
  const same = sameInfringement === 'yes' ? 'infringement' : 'conduct'
  const factors = (fining?.priorFines ?? []).filter((code) => looksAt(code, same))
  const done = DONE[state]
  const isRuled = factors.length > 0
  const text = isRuled
    ? `${authority} has ${done} for the same ${same}: the fining factors look at it (${factors.join(', ')}).`
    : `${authority} has ${done} for the same ${same}. The pack names no rule of this law for it; whether nobody may be punished twice for it is for counsel.`
  return [
    {
      instrument: id,
      kind: isRuled ? 'factor' : 'sameWithoutRule',
      effect: 'weigh',
      fineId,
      factors,
      because: because('prior-fine', text, isRuled ? fining?.basis : undefined),
    },
  ]
}

const DONE: Readonly<Record<FineState, string>> = {
  none: 'imposed no fine',
  proceedings: 'opened proceedings',
  proposed: 'proposed a fine',
  imposed: 'imposed a fine',
  annulled: 'imposed a fine that was annulled',
}

/** By the words of its code: a factor that names neither looks at both. */
function looksAt(code: string, same: 'infringement' | 'conduct'): boolean {
  if (code.includes('same_conduct')) return same === 'conduct'
  if (code.includes('infringement')) return same === 'infringement'
  return true
}

function notAsked({ id }: FiningRules, authority: string): PriorFineFinding {
  const text = `${authority} takes part in the case, and nothing is recorded about fines of its own.`
  const open = { kind: 'notAsked', effect: 'weigh', fineId: null, factors: [] } as const
  return { instrument: id, ...open, because: because('not-asked', text) }
}

function relationTo(
  { sameInfringement, sameConduct }: Pick<KnownFine, 'sameInfringement' | 'sameConduct'>,
  same: 'infringement' | 'conduct',
): Relation {
  // The same infringement is always the same conduct, not the other way round.
  if (same === 'infringement') return sameInfringement
  return sameInfringement === 'yes' ? 'yes' : sameConduct
}

function because(rule: string, text: string, basis?: Basis): Because {
  const id = `law:${rule}`
  return basis === undefined ? { rule: id, text } : { rule: id, text, source: cite(basis) }
}
