/**
 * One case against many packs, at once: competence, powers, clocks, maxima of
 * sanctions, data paths, the matrix and its gaps.
 *
 * Legal orders that the facts do not touch are left out, unless they were asked
 * for by name. Nothing is stored: the same question has the same answer.
 */
import { type CompetenceAnswer, caseCompetence, type LawQuestion } from './case-competence.ts'
import type { ClockResult } from './clock-result.ts'
import { type ClockInput, evaluateClock } from './clock-state.ts'
import { competenceUnder } from './competence.ts'
import { evaluate } from './condition.ts'
import { type DataPath, dataPaths, type InstrumentInPlace } from './data-paths.ts'
import { gapMatrix, linkOf, type MatrixColumn } from './gap-matrix.ts'
import { findGaps, type GapReport } from './gaps.ts'
import type { LawPack } from './pack.ts'
import { type Power, powersOf } from './powers.ts'
import { findTier, isModifier, type SanctionCap, sanctionCap } from './sanction-cap.ts'
import type { Yardstick } from './yardstick.ts'

export type GapQuestion = LawQuestion & {
  readonly yardstick: Yardstick | null
  /** Transfer instruments that are in place. */
  readonly inPlace: readonly InstrumentInPlace[]
  /** True: every pack is a column, touched or not, as the question named it. */
  readonly isEveryPackAsked: boolean
}

export type GapAnswer = GapReport & {
  readonly competence: CompetenceAnswer
  readonly columns: readonly MatrixColumn[]
  readonly powers: readonly Power[]
  readonly paths: readonly DataPath[]
}

/** Competence, matrix and gaps. */
export function caseGaps(packs: readonly LawPack[], question: GapQuestion): GapAnswer {
  const competence = caseCompetence(packs, question)
  const { findings } = competence
  const asked = question.isEveryPackAsked ? packs : touchedPacks(packs, competence, question)
  const powers = powersOf(asked, findings, question)
  const paths = dataPaths(endsOf(asked, competence, question), question.on, question.inPlace)
  const { facts, on, yardstick } = question
  const columns = gapMatrix(asked, { findings, powers, paths, facts, on })
  const gaps = findGaps({ packs: asked, columns, findings, paths, facts, on, yardstick })
  return { ...gaps, competence, columns, powers, paths }
}

export type CaseOverview = GapAnswer & {
  /** Of instruments that are, or may be, engaged; not those whose trigger is not met. */
  readonly clocks: readonly ClockResult[]
  /** Of tiers that apply; with the turnover of the yardstick, where it states one. */
  readonly caps: readonly SanctionCap[]
}

/** Everything that the packs say on one case. */
export function caseOverview(
  packs: readonly LawPack[],
  question: GapQuestion,
  clockInput: Omit<ClockInput, 'facts'>,
): CaseOverview {
  const answer = caseGaps(packs, question)
  const orders = new Set(answer.columns.map(({ legalOrder }) => legalOrder))
  const asked = packs.filter(({ legalOrder }) => orders.has(legalOrder))
  const input = { ...clockInput, facts: question.facts }
  const clocks = asked.flatMap((pack) => clocksOf(pack, answer, input))
  const caps = asked.flatMap((pack) => capsOf(pack, answer, question))
  return { ...answer, clocks, caps }
}

/** Where nobody could send or receive there is no path, unless the packs were asked for by name. */
function endsOf(
  packs: readonly LawPack[],
  { findings }: CompetenceAnswer,
  { isEveryPackAsked }: GapQuestion,
): readonly LawPack[] {
  if (isEveryPackAsked) return packs
  const able = new Set(
    findings.flatMap(({ competent, legalOrder }) => (competent === 'no' ? [] : [legalOrder])),
  )
  return packs.filter(({ legalOrder }) => able.has(legalOrder))
}

function touchedPacks(
  packs: readonly LawPack[],
  { findings }: CompetenceAnswer,
  { facts }: GapQuestion,
): readonly LawPack[] {
  const competent = new Set(
    findings.filter((each) => each.competent === 'yes').map(({ legalOrder }) => legalOrder),
  )
  return packs.filter((pack) => competent.has(pack.legalOrder) || linkOf(pack, facts) === 'yes')
}

function clocksOf(
  pack: LawPack,
  { competence }: GapAnswer,
  input: ClockInput,
): readonly ClockResult[] {
  return pack.instruments
    .filter(({ id }) => competenceUnder(competence.findings, id) !== 'no')
    .flatMap(({ clocks }) => clocks)
    .filter(({ trigger }) => {
      const when = trigger?.when ?? null
      return when === null || evaluate(when, input.facts, pack).answer !== 'no'
    })
    .map(({ id }) => evaluateClock(pack, id, input))
}

function capsOf(
  pack: LawPack,
  { columns }: GapAnswer,
  { facts, on, yardstick }: GapQuestion,
): readonly SanctionCap[] {
  const cells = columns.find(({ legalOrder }) => legalOrder === pack.legalOrder)?.cells
  const usable = (cells?.sanctions ?? []).filter(
    ({ state }) => state === 'applies' || state === 'confirm',
  )
  return usable.flatMap(({ id }) => {
    const found = findTier(pack, id)
    if (found === undefined || isModifier(found.tier)) return []
    const turnovers = yardstick?.turnovers ?? []
    const turnover = turnovers.find(({ currency }) => currency === found.tier.currency) ?? null
    const told = { turnover, benefit: null, violations: null, days: null }
    const cap = sanctionCap(pack, found, { ...told, facts, is: [], on }, true)
    return cap.decision === 'permit' ? [cap.value] : []
  })
}
