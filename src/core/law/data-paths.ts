/**
 * What data may move from one legal order to another, by the packs on both sides.
 *
 * Two ways are kept apart. `authority`: an authority here gives to an authority
 * there. `direct`: an authority there takes it from a company here. A hard block
 * (kind `block` that names data under `abroad`, e.g. PIPL 41 or GDPR 48) closes the
 * direct way, and closes the way between authorities too unless a rule of the same
 * legal order opens it. A rule whose text was read goes before one only recalled.
 *
 * The rules of the sender decide; those of the receiver say what then holds. It
 * never lifts a block: that takes the decision of people, which is recorded.
 */
import type { Because } from '../../base/decision.ts'
import type { CalendarDate } from '../../base/time.ts'
import { entryStanding } from './entry-standing.ts'
import type { EvidenceRule, Transfer } from './information-limits.ts'
import { onceADay } from './once.ts'
import { type Basis, cite, type Instrument, type LawPack } from './pack.ts'

export const DATA_KINDS = ['personal', 'confidential'] as const
export type DataKind = (typeof DATA_KINDS)[number]
export type PathEffect = 'permitted' | 'needs_instrument' | 'blocked' | 'open'

/** A transfer instrument that is in place, in one direction. */
export type InstrumentInPlace = {
  readonly from: string
  readonly to: string
  readonly name: string
}

export type DataPath = {
  /** `<from>><to>/<data>`. */
  readonly id: string
  readonly from: string
  readonly to: string
  readonly data: DataKind
  /** Between authorities. */
  readonly effect: PathEffect
  /** From a company straight to the authority of the other legal order. */
  readonly direct: 'blocked' | 'open'
  /** The rules that decided, with their articles. */
  readonly because: readonly Because[]
  /** What travels with the data: purpose, necessity, the originator's consent, secrecy. */
  readonly conditions: readonly Because[]
  /** What the receiver's own law says of it once it is there. */
  readonly onArrival: readonly Because[]
  readonly question: string | null
  /** Of the first rule that decided; `null`: no rule was found. */
  readonly basis: Basis | null
}

/** Every ordered pair of the packs, for both kinds of data. */
export function dataPaths(
  packs: readonly LawPack[],
  on: CalendarDate,
  inPlace: readonly InstrumentInPlace[] = [],
): readonly DataPath[] {
  const paths: DataPath[] = []
  for (const from of packs) {
    for (const to of packs) {
      if (to === from) continue
      const instrument = inPlace.find(
        (each) => each.from === from.legalOrder && each.to === to.legalOrder,
      )
      for (const path of pathsTo(from, to, on)) paths.push(withInstrument(path, instrument))
    }
  }
  return paths
}

/** By the packs alone: nothing is known of transfer instruments yet. */
function pathsTo(from: LawPack, to: LawPack, on: CalendarDate): readonly DataPath[] {
  const sent = rulesOf(from, on)
  const received = rulesOf(to, on)
  const known = sent.paths.get(received)
  if (known !== undefined) return known
  const paths = DATA_KINDS.map((data) => pathOf({ from, to, data }, sent, received))
  sent.paths.set(received, paths)
  return paths
}

function withInstrument(path: DataPath, instrument: InstrumentInPlace | undefined): DataPath {
  if (path.effect !== 'needs_instrument' || instrument === undefined) return path
  const inPlace = { rule: 'law:instrument-in-place', text: instrument.name }
  return { ...path, effect: 'permitted', because: [...path.because, inPlace] }
}

type Rules = {
  readonly transfers: readonly { readonly instrument: string; readonly rule: Transfer }[]
  readonly blocks: readonly EvidenceRule[]
  readonly abroad: readonly EvidenceRule[]
  readonly conditions: readonly Because[]
  readonly onArrival: readonly Because[]
  /** What was judged for receivers that no rule names, by kind of data. */
  readonly judged: Map<DataKind, Judgement>
  /** By the rules of the receiver on the same day. */
  readonly paths: WeakMap<Rules, readonly DataPath[]>
}

/** Rules that are law on the day. Recalled ones stay: what may be a block is treated as one. */
const rulesOf = onceADay((pack: LawPack, on: CalendarDate): Rules => {
  const isLaw = (instrument: Instrument, entry: Transfer | EvidenceRule) => {
    const { state } = entryStanding(instrument, entry, on)
    return state !== 'not_law' && state !== 'not_yet'
  }
  const evidence = pack.instruments.flatMap((instrument) =>
    instrument.evidenceRules.filter((rule) => isLaw(instrument, rule)),
  )
  return {
    transfers: pack.instruments.flatMap((instrument) =>
      instrument.transfers
        .filter((rule) => isLaw(instrument, rule))
        .map((rule) => ({ instrument: instrument.id, rule })),
    ),
    blocks: evidence.filter(({ kind, abroad }) => kind === 'block' && abroad !== null),
    abroad: evidence.filter(({ kind }) => kind === 'third_country'),
    conditions: evidence.filter(({ kind }) => TRAVELS.has(kind)).map(ground),
    onArrival: evidence.filter(({ kind }) => ARRIVES.has(kind)).map(ground),
    judged: new Map(),
    paths: new WeakMap(),
  }
})

type Ends = { readonly from: LawPack; readonly to: LawPack; readonly data: DataKind }

function pathOf(ends: Ends, sent: Rules, received: Rules): DataPath {
  const { from, to, data } = ends
  const { decided, direct, because } = judged(ends, sent)
  const { effect, deciding, blocks, question } = decided
  return {
    id: `${from.legalOrder}>${to.legalOrder}/${data}`,
    from: from.legalOrder,
    to: to.legalOrder,
    data,
    effect,
    direct,
    because,
    conditions: sent.conditions,
    onArrival: received.onArrival,
    question: question?.(to.legalOrder) ?? null,
    basis: (deciding[0] ?? blocks[0])?.basis ?? null,
  }
}

/** What the sender's rules say; the same for all receivers that no rule names. */
function judged(ends: Ends, sent: Rules): Judgement {
  const { to, data } = ends
  const isNamed = sent.transfers.some(
    ({ rule }) => rule.to.length > 0 && (names(rule, to) || isWider(rule, to)),
  )
  const known = isNamed ? undefined : sent.judged.get(data)
  if (known !== undefined) return known
  const blocks = sent.blocks.filter(({ abroad }) => abroad === 'any' || abroad === data)
  const decided = decide(ends, sent, blocks)
  const isBarred = sent.transfers.some(
    ({ rule }) => rule.effect === 'blocked' && isAbout(rule, ends),
  )
  const judgement: Judgement = {
    decided: { ...decided, blocks },
    direct: blocks.length > 0 || isBarred ? 'blocked' : 'open',
    because: [...blocks, ...decided.deciding].map(ground),
  }
  if (!isNamed) sent.judged.set(data, judgement)
  return judgement
}

const TRAVELS: ReadonlySet<string> = new Set([
  'purpose',
  'necessity',
  'originator',
  'third_country',
  'use_limit',
  'secrecy',
])
const ARRIVES: ReadonlySet<string> = new Set(['access_to_file', 'secrecy', 'exemption', 'purpose'])

type Decided = {
  readonly effect: PathEffect
  readonly deciding: readonly (Transfer | EvidenceRule)[]
  /** To ask about one receiver. */
  readonly question: ((to: string) => string) | null
}

type Judgement = Pick<DataPath, 'direct' | 'because'> & {
  readonly decided: Decided & { readonly blocks: readonly EvidenceRule[] }
}

/** Each instrument speaks by its most specific rule; the strictest of them decides. */
function decide(ends: Ends, rules: Rules, blocks: readonly EvidenceRule[]): Decided {
  const matching = rules.transfers.filter(({ rule }) => isAbout(rule, ends))
  const spoken = firstRead(mostSpecific(matching, ends.to))
  const worst = STRICTNESS.find((effect) => spoken.some((rule) => rule.effect === effect))
  if (worst !== undefined) {
    const deciding = spoken.filter(({ effect }) => effect === worst)
    return answered(ends, worst, deciding)
  }
  if (blocks.length > 0) return { effect: 'blocked', deciding: [], question: null }
  const { abroad } = rules
  if (abroad.length > 0 && ends.data === 'confidential') {
    return { effect: 'needs_instrument', deciding: abroad, question: null }
  }
  const { from, data } = ends
  const question = (to: string) =>
    `Does the law of ${from.legalOrder} let ${data} data go to an authority of ${to}? Its pack holds no rule.`
  return { effect: 'open', deciding: [], question }
}

/** Rules whose text was read go before those that were only recalled. */
function firstRead(rules: readonly Transfer[]): readonly Transfer[] {
  const read = rules.filter(({ basis, isBinding }) => isBinding && basis.evidence !== 'R')
  return read.length > 0 ? read : rules
}

const STRICTNESS = ['blocked', 'needs_instrument', 'permitted'] as const

/** A permission that was only recalled is a question; a block that was only recalled is a block. */
function answered(ends: Ends, effect: PathEffect, deciding: readonly Transfer[]): Decided {
  const isRecalled = deciding.every(({ basis }) => basis.evidence === 'R')
  const isWide = deciding.every((rule) => isWider(rule, ends.to))
  if (effect !== 'permitted' || !(isRecalled || isWide)) {
    return { effect, deciding, question: null }
  }
  const question = (to: string) =>
    isWide
      ? `The rule names ${deciding[0]?.to.join(', ')}: does it cover ${to}?`
      : 'The rule is recalled only: does the text of the law say so?'
  return { effect: 'open', deciding, question }
}

function isAbout(rule: Transfer, { to, data }: Ends): boolean {
  if (rule.data !== 'any' && rule.data !== data) return false
  return rule.to.length === 0 || names(rule, to) || isWider(rule, to)
}

/** The rule names a region that this legal order may only be a part of. */
function isWider(rule: Transfer, to: LawPack): boolean {
  return (
    rule.to.length > 0 && !names(rule, to) && rule.to.some((place) => to.within.includes(place))
  )
}

function names(rule: Transfer, { legalOrder }: LawPack): boolean {
  return rule.to.includes(legalOrder)
}

function mostSpecific(matching: Rules['transfers'], to: LawPack): readonly Transfer[] {
  const instruments = new Set(matching.map(({ instrument }) => instrument))
  return [...instruments].flatMap((id) => {
    const own = matching.filter(({ instrument }) => instrument === id).map(({ rule }) => rule)
    const named = own.filter((rule) => names(rule, to))
    const wider = own.filter((rule) => isWider(rule, to))
    return named.length > 0 ? named : wider.length > 0 ? wider : own
  })
}

function ground({ id, text, basis }: Transfer | EvidenceRule): Because {
  return { rule: `law:${id}`, text, source: cite(basis) }
}
