/**
 * The crosswalk of definitions: what one term means in each legal order, side by
 * side, with the texts.
 *
 * It compares words, not meanings: `same` says that two texts are the same but for
 * case and punctuation. `differs` says that a lawyer must read both.
 */
import type { CalendarDate } from '../../base/time.ts'
import { type EntryState, entryStanding } from './entry-standing.ts'
import type { Basis, LawPack } from './pack.ts'

export type TermEntry = {
  readonly legalOrder: string
  readonly instrument: string
  readonly term: string
  /** In the pack's words; the words of the law are in `basis.quote`, where they were read. */
  readonly text: string
  readonly state: EntryState
  readonly basis: Basis
}

export type TermRow = {
  readonly term: string
  /** `same`: all texts agree. `differs`: at least two do not. `single`: one legal order has it. */
  readonly verdict: 'same' | 'differs' | 'single'
  readonly entries: readonly TermEntry[]
  /** Legal orders asked about whose packs do not define the term. */
  readonly missing: readonly string[]
}

/** One row for each term that any of the packs defines, in alphabetical order. */
export function definitionsCrosswalk(
  packs: readonly LawPack[],
  on: CalendarDate,
  terms?: readonly string[],
): readonly TermRow[] {
  const entries = packs.flatMap((pack) => entriesOf(pack, on))
  const wanted = terms ?? [...new Set(entries.map(({ term }) => term))].sort()
  const orders = packs.map(({ legalOrder }) => legalOrder)
  return wanted.map((term) => rowOf(term, entries, orders))
}

function entriesOf(pack: LawPack, on: CalendarDate): readonly TermEntry[] {
  return pack.instruments.flatMap((instrument) =>
    instrument.definitions.map((definition) => ({
      legalOrder: pack.legalOrder,
      instrument: instrument.id,
      term: definition.term,
      text: definition.text,
      state: entryStanding(instrument, definition, on).state,
      basis: definition.basis,
    })),
  )
}

function rowOf(term: string, all: readonly TermEntry[], orders: readonly string[]): TermRow {
  const entries = all.filter((entry) => entry.term === term)
  const having = new Set(entries.map(({ legalOrder }) => legalOrder))
  const missing = orders.filter((order) => !having.has(order))
  const wordings = [...having].map((order) =>
    entries.filter(({ legalOrder }) => legalOrder === order),
  )
  const isSame = wordings.every((wording) => agrees(wording, wordings[0] ?? []))
  const verdict = having.size < 2 ? 'single' : isSame ? 'same' : 'differs'
  return { term, verdict, entries, missing }
}

/** By the words of the law where all were read, else by those of the packs. */
function agrees(a: readonly TermEntry[], b: readonly TermEntry[]): boolean {
  const quotes = (entries: readonly TermEntry[]) => entries.map(({ basis }) => basis.quote)
  const areRead = [...quotes(a), ...quotes(b)].every((quote) => quote !== null)
  if (areRead && wordsOf(quotes(a)) === wordsOf(quotes(b))) return true
  return wordsOf(a.map(({ text }) => text)) === wordsOf(b.map(({ text }) => text))
}

function wordsOf(texts: readonly (string | null)[]): string {
  return texts
    .map((text) => plain(text ?? ''))
    .sort()
    .join(' / ')
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
