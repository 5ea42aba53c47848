/**
 * What a case is about, so that like is compared with like: a duty to report a data
 * breach does not fill the want of a duty to report an AI incident.
 *
 * Each instrument of a pack names its matter. That is an ordering for comparison, not
 * law: no competence follows from it.
 */
import { competenceUnder, type RuledFinding } from './competence.ts'
import type { Condition, Facts } from './condition.ts'
import type { LawPack, Matter } from './pack.ts'

/** By legal order, the matters in which somebody is competent there. */
export function competentMatters(
  packs: readonly LawPack[],
  findings: readonly RuledFinding[],
): ReadonlyMap<string, readonly Matter[]> {
  return new Map(
    packs.map(({ legalOrder, instruments }) => {
      const engaged = instruments.filter(({ id }) => competenceUnder(findings, id) === 'yes')
      return [legalOrder, compared(engaged.map(({ matter }) => matter))]
    }),
  )
}

/**
 * Matters that the facts bring up: somebody is competent by a fact that is true of the
 * case itself. A law that covers whoever offers anything in its country brings up none.
 */
export function mattersBroughtUp(
  packs: readonly LawPack[],
  findings: readonly RuledFinding[],
  facts: Facts,
): readonly Matter[] {
  const met = new Set(
    findings.filter(({ competent }) => competent === 'yes').map(({ rule }) => rule),
  )
  const instruments = packs.flatMap((pack) => pack.instruments)
  const about = instruments.filter(({ competence }) =>
    competence.some(({ id, when }) => met.has(id) && restsOnTruth(when, facts)),
  )
  return compared(about.map(({ matter }) => matter))
}

/** Each once; what is about something else has nothing to be compared with. */
function compared(matters: readonly Matter[]): readonly Matter[] {
  return [...new Set(matters)].filter((matter) => matter !== 'other')
}

function restsOnTruth(when: Condition, facts: Facts): boolean {
  if ('all' in when) return when.all.some((part) => restsOnTruth(part, facts))
  if ('any' in when) return when.any.some((part) => restsOnTruth(part, facts))
  return 'is' in when && when.is === true && facts[when.fact] === true
}
