/**
 * What an officer asks to leave out, found in the record: fields by their path, words
 * wherever they stand in that field, rounded outwards to whole segments.
 */

import { findLeftovers, type Leftover, type PlacedText } from '../../core/evidence/leftovers.ts'
import { openedLevel, type TreePath } from '../../proof/hide-in-tree.ts'
import type { Hashing } from '../../proof/primitives.ts'
import type { HidePart, RedactedRecord } from '../../proof/redacted-record.ts'
import { segmentsAround } from '../../proof/text-segments.ts'
import type { TreeCopy, Why } from '../../proof/tree-copy.ts'
import { placeOf, rowsOf, textOfRow } from './record-rows.ts'

/** Without `path` the whole part; with `words` only these, each time they stand there. */
export type RedactionAsk = {
  readonly part: number
  readonly path?: TreePath
  readonly withName?: boolean
  readonly words?: string
} & Why

export type Placed =
  | { readonly hidden: readonly HidePart[] }
  /** The ask, from 0, that fits nothing in the record. */
  | { readonly notThere: number }

export function placeAsks(
  primitives: Hashing,
  { parts }: RedactedRecord,
  asks: readonly RedactionAsk[],
): Placed {
  const hidden: HidePart[] = []
  for (const [index, { part, path, withName = false, words, ground, reason }] of asks.entries()) {
    const source = parts[part]
    if (!source) return { notThere: index }
    if (path === undefined) {
      hidden.push({ part })
      continue
    }
    const node = 'tree' in source ? nodeAt(primitives, source.tree, path) : undefined
    if (!node || 'hidden' in node) return { notThere: index }
    if (words === undefined) {
      hidden.push({ part, inside: { path, withName, ground, reason } })
      continue
    }
    const spans = spansOf(primitives, node, words)
    if (spans.length === 0) return { notThere: index }
    for (const span of spans) hidden.push({ part, inside: { path, span, ground, reason } })
  }
  return { hidden }
}

/** Where the copy still shows what it hides elsewhere, or where a text beside it does. */
export function leftoversIn(
  original: RedactedRecord,
  copy: RedactedRecord,
  beside: readonly PlacedText[],
): readonly Leftover[] {
  const shown = rowsOf(copy).map((row) => ({ place: placeOf(row), text: textOfRow(row) }))
  const names = rowsOf(copy).flatMap(({ path, part }) => {
    const name = path.at(-1)
    return typeof name === 'string' ? [{ place: placeOf({ part, path }), text: name }] : []
  })
  const reasons = rowsOf(copy).flatMap((row) => {
    const runs = (row.runs ?? []).flatMap((run) => ('text' in run ? [] : [run.reason]))
    return [...runs, ...(row.why ? [row.why.reason] : [])].map((text) => {
      return { place: `reason at ${placeOf(row)}`, text }
    })
  })
  return findLeftovers(hiddenTexts(original, copy), [...shown, ...names, ...reasons, ...beside])
}

/** What the original shows and the copy does not, text by text. */
function hiddenTexts(original: RedactedRecord, copy: RedactedRecord): readonly string[] {
  const left = new Map(rowsOf(copy).map((row) => [placeOf(row), row]))
  return rowsOf(original).flatMap((row) => {
    if (row.kind !== 'text' && row.kind !== 'scalar') return []
    const now = left.get(placeOf(row))
    const before = textOfRow(row)
    if (!now || (now.kind !== 'text' && now.kind !== 'scalar')) return [before]
    return gapsOf(before, now.runs?.flatMap((run) => ('text' in run ? [run.text] : [null])) ?? [])
  })
}

/** The stretches of `before` that stand where a copy has a gap (null). */
function gapsOf(before: string, runs: readonly (string | null)[]): readonly string[] {
  const gaps: string[] = []
  let at = 0
  for (const [index, run] of runs.entries()) {
    if (run !== null) {
      at += run.length
      continue
    }
    // What follows until the next gap ends this one: texts are whole apart from their gaps.
    const rest = runs.slice(index + 1)
    const nextGap = rest.indexOf(null)
    const tail = (nextGap === -1 ? rest : rest.slice(0, nextGap)).join('')
    const end = nextGap === -1 ? before.length - tail.length : before.indexOf(tail, at)
    gaps.push(before.slice(at, Math.max(at, end)))
    at = Math.max(at, end)
  }
  return gaps
}

function nodeAt(primitives: Hashing, tree: TreeCopy, path: TreePath): TreeCopy | undefined {
  let node: TreeCopy | undefined = tree
  for (const step of path) {
    if (!node || 'hidden' in node) return undefined
    const level: TreeCopy = openedLevel(primitives, node)
    if ('list' in level && typeof step === 'number') node = level.list[step]
    else if ('members' in level && typeof step === 'string') {
      const found = level.members.find((member) => 'name' in member && member.name === step)
      node = found && 'node' in found ? found.node : undefined
    } else return undefined
  }
  return node
}

function spansOf(primitives: Hashing, node: TreeCopy, words: string) {
  const level = openedLevel(primitives, node)
  if (!('text' in level) || words === '') return []
  // A gap has no characters, only segments.
  const segments = level.text.flatMap((segment) =>
    'shown' in segment ? [segment.shown] : segment.hidden.map(() => ''),
  )
  const text = segments.join('')
  const spans = []
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + words.length)) {
    const span = segmentsAround(segments, at, at + words.length)
    if (span) spans.push(span)
  }
  return spans
}
