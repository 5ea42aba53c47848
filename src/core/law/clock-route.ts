/** To whom the act of a clock is owed by these facts, and which facts are still to be asked. */
import type { Clock } from './clock.ts'
import type { OpenQuestion } from './competence.ts'
import { type Condition, evaluate, type Facts } from './condition.ts'
import type { Instrument, LawPack } from './pack.ts'

export type Recipient = {
  /** An authority's id, or words of the pack; `null` while the facts leave it open. */
  readonly to: string | null
  readonly article: string | null
}

/** The first route whose condition holds, else the clock's own recipient. */
export function recipientOf(pack: LawPack, clock: Clock, facts: Facts): Recipient | undefined {
  for (const { when, to, basis } of clock.routes) {
    const { answer } = evaluate(when, facts, pack)
    if (answer === 'yes') return { to, article: basis.article }
    // An earlier route that may still hold: naming a later one would be a guess.
    if (answer === 'unknown') return { to: null, article: basis.article }
  }
  return clock.to === null ? undefined : { to: clock.to, article: clock.basis.article }
}

/** Where the report is filed, and whether this program was designated for it. */
export type Filing = {
  readonly where: string
  /** The act that designates it; `null`: it is not the official channel. */
  readonly designation: string | null
  readonly article: string
}

/** By the channel for this clock, or else for reports to that recipient; none while that is open. */
export function filingOf(
  { channels }: Instrument,
  clock: Clock,
  recipient: Recipient | undefined,
): Filing | undefined {
  const to = recipient?.to ?? null
  if (to === null) return undefined
  const own = channels.filter(({ clocks }) => clocks.includes(clock.id))
  const toIt = [...own, ...channels].find((channel) => channel.to === to)
  // The recipient may stand in words of the pack; then the clock's own channel is the one.
  const found = toIt ?? (to === clock.to ? own[0] : undefined)
  if (found === undefined) return undefined
  const { where, designation, basis } = found
  return { where, designation, article: basis.article }
}

/** Questions for the facts that its trigger, variants, routes and scope wait for. */
export function openQuestionsOf(
  pack: LawPack,
  clock: Clock,
  facts: Facts,
  others: readonly Condition[] = [],
): readonly OpenQuestion[] {
  const own = conditionsOf(clock)
  if (own.length + others.length === 0) return NO_QUESTIONS
  const missing = [...own, ...others].flatMap((each) => evaluate(each, facts, pack).missing)
  if (missing.length === 0) return NO_QUESTIONS
  return [...new Set(missing)].map((fact) => ({ fact, text: pack.questions[fact] ?? fact }))
}

const NO_QUESTIONS: readonly OpenQuestion[] = []
const conditions = new WeakMap<Clock, readonly Condition[]>()

/** A clock does not change; its conditions are gathered once. */
function conditionsOf(clock: Clock): readonly Condition[] {
  let known = conditions.get(clock)
  if (known === undefined) {
    known = [
      clock.trigger?.when ?? null,
      ...clock.variants.map(({ when }) => when),
      ...clock.routes.map(({ when }) => when),
      ...clock.applies.scopeFrom.map(({ when }) => when),
    ].filter((when) => when !== null)
    conditions.set(clock, known)
  }
  return known
}
