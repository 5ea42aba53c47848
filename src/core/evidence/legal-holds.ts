/**
 * Legal holds: while one stands, nothing that it covers is destroyed, whatever is due.
 *
 * A hold does not end by itself. `reviewAt` is the day on which somebody has to look at it
 * again; until a person other than the one who placed it lifts it, it blocks.
 */
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import { isSameSide, sideOf } from '../people/standing.ts'
import type { Lineage } from './protective-orders.ts'

export type LegalHoldFacts = {
  readonly holdId: string
  readonly ground: string
  /** Ids; null: the whole case. */
  readonly exhibits: readonly string[] | null
  readonly reviewAt: Instant
}

export type HoldEvent =
  | ({
      readonly type: 'legalHoldPlaced'
      /** In whose place it was placed, where that was by a delegation. */
      readonly inPlaceOf: string | null
    } & LegalHoldFacts)
  | { readonly type: 'legalHoldLifted'; readonly holdId: string; readonly reason: string }

export type LegalHold = LegalHoldFacts & {
  readonly placedAt: Instant
  readonly placedBy: string
  readonly inPlaceOf: string | null
  readonly lifted: { readonly at: Instant; readonly by: string; readonly reason: string } | null
}

export type WhyHold =
  | 'holdExists'
  | 'holdFaulty'
  | 'unknownExhibit'
  | 'unknownHold'
  | 'alreadyLifted'
  | 'samePerson'

export type HoldDecision = Decision<readonly HoldEvent[], WhyHold>

type Basis = { readonly exhibits: Lineage; readonly holds: readonly LegalHold[] }

export function placeHold(
  { exhibits, holds }: Basis,
  command: LegalHoldFacts,
  acting: Acting,
): HoldDecision {
  if (holds.some(({ holdId }) => holdId === command.holdId)) {
    return no('holdExists', 'the hold is recorded')
  }
  if (command.ground.trim() === '') return no('holdFaulty', 'a legal hold states its ground')
  if (command.reviewAt <= acting.now) {
    return no('holdFaulty', 'the review of a legal hold lies ahead')
  }
  if (command.exhibits?.length === 0) return no('holdFaulty', 'a legal hold covers some exhibit')
  const known = (id: string) => exhibits.some(({ exhibitId }) => exhibitId === id)
  if (command.exhibits && !command.exhibits.every(known)) {
    return no('unknownExhibit', 'the hold names an exhibit that this case does not have')
  }
  const { inPlaceOf } = sideOf(acting)
  return permit([{ type: 'legalHoldPlaced', ...command, inPlaceOf }])
}

export function liftHold(
  { holds }: Basis,
  { holdId, reason }: { readonly holdId: string; readonly reason: string },
  acting: Acting,
): HoldDecision {
  const hold = holds.find((one) => one.holdId === holdId)
  if (!hold) return no('unknownHold', 'there is no such legal hold')
  if (hold.lifted) return no('alreadyLifted', 'the legal hold was lifted')
  if (isSameSide({ officer: hold.placedBy, inPlaceOf: hold.inPlaceOf }, sideOf(acting))) {
    return no('samePerson', 'whoever placed a legal hold does not lift it: a second person must')
  }
  if (reason.trim() === '') return no('holdFaulty', 'lifting a legal hold has its reason')
  return permit([{ type: 'legalHoldLifted', holdId, reason }])
}

export function foldHolds(
  holds: readonly LegalHold[],
  { event, at, by }: Recorded<HoldEvent>,
): readonly LegalHold[] {
  switch (event.type) {
    case 'legalHoldPlaced': {
      const { type: _, ...facts } = event
      return [...holds, { ...facts, placedAt: at, placedBy: by, lifted: null }]
    }
    case 'legalHoldLifted': {
      const { holdId, reason } = event
      const isIt = (hold: LegalHold) => hold.holdId === holdId
      return changeWhere(holds, isIt, (hold) => ({ ...hold, lifted: { at, by, reason } }))
    }
    default:
      return holds
  }
}

/**
 * The holds that stand and cover this exhibit: by its own id, as one from which it was
 * made, or with the whole case. Without an id: those on the whole case.
 */
export function holdsOn(
  { exhibits, holds }: Basis,
  exhibitId: string | null,
): readonly LegalHold[] {
  const own = exhibitId === null ? [] : withSources(exhibits, exhibitId)
  return holds.filter(
    ({ lifted, exhibits: named }) =>
      lifted === null && (named === null || named.some((id) => own.includes(id))),
  )
}

export function becauseOfHold({ holdId, ground }: LegalHold): Because {
  return { rule: `hold:${holdId}`, text: `a legal hold stands: ${ground}` }
}

function withSources(exhibits: Lineage, exhibitId: string): readonly string[] {
  const found: string[] = []
  let next: string | null = exhibitId
  while (next !== null && !found.includes(next)) {
    found.push(next)
    next = exhibits.find((one) => one.exhibitId === next)?.derivedFrom ?? null
  }
  return found
}

function no(why: WhyHold, text: string): Refusal<WhyHold> {
  return refuse(why, { rule: `hold:${why}`, text })
}
