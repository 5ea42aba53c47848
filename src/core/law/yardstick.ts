/**
 * Sanctions against a yardstick that the question states: a share of turnover.
 *
 * It compares statutory maxima, never fines. A maximum in another currency than the
 * turnover stated is a question, because nothing here converts; so is a share of a
 * turnover that is not the worldwide one.
 */

import type { CalendarDate } from '../../base/time.ts'
import type { Facts } from './condition.ts'
import { type CitedEntry, type Gap, type Gaps, gapId, type UndecidedGap } from './gap.ts'
import type { CellEntry, MatrixColumn } from './gap-matrix.ts'
import { type Money, moneyWords, percentWords, shareOf } from './money.ts'
import type { LawPack, Matter } from './pack.ts'
import { ceilingOf, type FoundTier, findTier, isModifier, sanctionCap } from './sanction-cap.ts'
import type { TurnoverBase } from './sanction-tier.ts'

export type Yardstick = {
  /** The least that a maximum should be: 300 is 3 % of turnover. */
  readonly basisPoints: number
  /** The turnover, as the asker states it in each currency. */
  readonly turnovers: readonly Money[]
}

export type MeasuredInput = {
  readonly packs: readonly LawPack[]
  readonly columns: readonly MatrixColumn[]
  /** By legal order, the matters that the facts bring up and somebody is competent for there. */
  readonly matters: ReadonlyMap<string, readonly Matter[]>
  readonly facts: Facts
  readonly on: CalendarDate
}

/** One gap at most for each legal order and matter of `input.matters`. */
export function sanctionsTooLow(input: MeasuredInput, yardstick: Yardstick): Gaps {
  const gaps: Gap[] = []
  const undecided: UndecidedGap[] = []
  for (const column of input.columns.filter(({ linked }) => linked === 'yes')) {
    for (const matter of input.matters.get(column.legalOrder) ?? []) {
      const found = tooLow(input, column, matter, yardstick)
      if (found === undefined) continue
      if ('openQuestions' in found) undecided.push(found)
      else gaps.push(found)
    }
  }
  return { gaps, undecided }
}

type Judged = { readonly entry: CellEntry; readonly verdict: Verdict }
type Verdict = { readonly is: 'enough' | 'low' | 'unknown'; readonly text: string }

function tooLow(
  input: MeasuredInput,
  column: MatrixColumn,
  matter: Matter,
  yardstick: Yardstick,
): Gap | UndecidedGap | undefined {
  const { legalOrder } = column
  const pack = input.packs.find((each) => each.legalOrder === legalOrder)
  if (pack === undefined) return undefined
  const own = column.cells.sanctions.filter((entry) => entry.matter === matter)
  const usable = own.filter(({ state }) => state === 'applies' || state === 'confirm')
  const judged = usable.flatMap((entry): Judged[] => {
    const tier = findTier(pack, entry.id)
    if (tier === undefined || isModifier(tier.tier)) return []
    return [{ entry, verdict: verdictOn(pack, tier, input, yardstick) }]
  })
  if (judged.some(({ verdict }) => verdict.is === 'enough')) return undefined
  const id = gapId('sanctionTooLow', [legalOrder], matter, 'maximum')
  const blank = { id, type: 'sanctionTooLow', legalOrders: [legalOrder], matter } as const
  const open = own.flatMap(({ state, openQuestions }) => (state === 'open' ? openQuestions : []))
  const unknown = judged.filter(({ verdict }) => verdict.is === 'unknown')
  const questions = unknown.map(({ entry, verdict }) => ({ fact: entry.id, text: verdict.text }))
  if (questions.length + open.length > 0) {
    return { ...blank, subject: 'maximum', openQuestions: [...questions, ...open] }
  }
  const wanted = `${percentWords(yardstick.basisPoints)} of turnover, the yardstick of the question`
  const maxima = judged.map(({ entry, verdict }) => `${entry.id}: ${verdict.text}`)
  const text =
    maxima.length === 0
      ? `The pack of ${legalOrder} holds no sanction for ${matter.replaceAll('_', ' ')} that applies (${wanted}).`
      : `In ${legalOrder} no maximum reaches ${wanted}: ${maxima.join('; ')}.`
  const near = own.filter((entry) => !usable.includes(entry))
  return { ...blank, subject: 'maximum', text, articles: own.flatMap(cited), near }
}

/** Shares of these are shares of all that the operator turns over. */
const WORLDWIDE: ReadonlySet<TurnoverBase | null> = new Set<TurnoverBase | null>([
  'worldwide_group_prev_fy',
  'worldwide_prev_fy',
])

function verdictOn(
  pack: LawPack,
  found: FoundTier,
  { facts, on }: MeasuredInput,
  { basisPoints, turnovers }: Yardstick,
): Verdict {
  const { tier } = found
  const isFullShare = tier.basisPoints !== null && WORLDWIDE.has(tier.base) && !tier.percentWhen
  const isOpenUpwards = tier.cap === 'higher_of' || tier.cap === 'pct_only'
  if (isFullShare && isOpenUpwards && (tier.basisPoints ?? 0) >= basisPoints) {
    return {
      is: 'enough',
      text: `${percentWords(tier.basisPoints ?? 0)} of the worldwide turnover`,
    }
  }
  const turnover = turnovers.find(
    ({ currency }) => tier.currency === null || currency === tier.currency,
  )
  if (turnover === undefined) {
    return {
      is: 'unknown',
      text: `What is the turnover in ${tier.currency}? Nothing is converted.`,
    }
  }
  const question = { turnover, benefit: null, violations: null, days: null, facts, is: [], on }
  const cap = sanctionCap(pack, found, question, true)
  if (cap.decision === 'refuse')
    return { is: 'low', text: cap.because[0]?.text ?? 'does not apply' }
  const ceiling = ceilingOf(cap.value)
  if (ceiling === null)
    return { is: 'unknown', text: `The maximum is not known: ${cap.value.formula}` }
  const wanted = shareOf(turnover.minor, BigInt(basisPoints), 10_000n).minor
  return { is: ceiling.minor >= wanted ? 'enough' : 'low', text: `at most ${moneyWords(ceiling)}` }
}

function cited({ legalOrder, id, basis }: CellEntry): readonly CitedEntry[] {
  return basis === null ? [] : [{ legalOrder, id, basis }]
}
