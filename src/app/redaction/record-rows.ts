/**
 * A record as rows that an officer reads, marks and compares: one a field, item or text,
 * in the order of the record, with what is hidden in its place. No hash is computed.
 */
import type { Json } from '../../base/canonical-json.ts'
import type { TreePath } from '../../proof/hide-in-tree.ts'
import type { RedactedPart, RedactedRecord } from '../../proof/redacted-record.ts'
import type { SegmentCopy, TreeCopy, Why } from '../../proof/tree-copy.ts'

/** What stands in a text: words, or a mark that some are hidden. */
export type Run = { readonly text: string } | ({ readonly segments: number } & Why)

export type RecordRow = {
  readonly part: number
  /** From the part inwards; of something hidden, of what holds it. */
  readonly path: TreePath
  /** `group`: it holds the rows that follow. `part`: left out as a whole. */
  readonly kind: 'text' | 'scalar' | 'group' | 'hidden' | 'part'
  /** A flat part can be left out as a whole only. */
  readonly isFlat?: true
  readonly runs?: readonly Run[]
  readonly why?: Why
}

export function rowsOf({ parts }: RedactedRecord): readonly RecordRow[] {
  return parts.flatMap((part, index) => rowsOfPart(part, index))
}

/** The text of a row as it is shown; hidden words are a mark. */
export function textOfRow({ runs = [] }: RecordRow): string {
  return runs.map((run) => ('text' in run ? run.text : ' █ ')).join('')
}

/** A part as one text; undefined: it is left out as a whole. */
export function textOfPart({ parts }: RedactedRecord, index: number): string | undefined {
  const part = parts[index]
  if (!part || 'commitment' in part) return undefined
  const value = 'part' in part ? part.part : 'value' in part.tree ? part.tree.value : undefined
  if (typeof value === 'string') return value
  if (value !== undefined) return JSON.stringify(value, null, 2)
  return rowsOfPart(part, index)
    .filter(({ kind }) => kind !== 'group')
    .map((row) => {
      const name = row.path.at(-1)
      const text = row.kind === 'hidden' ? `█ (${row.why?.reason})` : textOfRow(row)
      return name === undefined ? text : `${name}: ${text}`
    })
    .join('\n')
}

/** `2 › person › name`, parts and items from 1 as people count. */
export function placeOf({ part, path }: Pick<RecordRow, 'part' | 'path'>): string {
  return [part, ...path].map((step) => (typeof step === 'number' ? step + 1 : step)).join(' › ')
}

function rowsOfPart(part: RedactedPart, index: number): readonly RecordRow[] {
  if ('commitment' in part) return [{ part: index, path: [], kind: 'part' }]
  if ('tree' in part) return rowsOfNode(part.tree, index, [])
  const rows = rowsOfValue(part.part, index, [])
  return rows.map((row) => ({ ...row, isFlat: true as const }))
}

function rowsOfNode(node: TreeCopy, part: number, path: TreePath): readonly RecordRow[] {
  if ('hidden' in node) return [hiddenRow(node, part, path)]
  if ('value' in node) return rowsOfValue(node.value, part, path)
  if ('text' in node) return [{ part, path, kind: 'text', runs: node.text.map(runOf) }]
  const group = { part, path, kind: 'group' } as const
  if ('list' in node) {
    const items = node.list.flatMap((item, i) => rowsOfNode(item, part, [...path, i]))
    return [group, ...items]
  }
  const members = node.members.flatMap((member) =>
    'hidden' in member
      ? [hiddenRow(member, part, path)]
      : rowsOfNode(member.node, part, [...path, member.name]),
  )
  return [group, ...members]
}

function rowsOfValue(value: Json, part: number, path: TreePath): readonly RecordRow[] {
  if (typeof value === 'string') return [{ part, path, kind: 'text', runs: [{ text: value }] }]
  if (value === null || typeof value !== 'object' || Object.keys(value).length === 0) {
    return [{ part, path, kind: 'scalar', runs: [{ text: JSON.stringify(value) }] }]
  }
  const inside = Object.entries(value).flatMap(([key, item]) =>
    rowsOfValue(item as Json, part, [...path, Array.isArray(value) ? Number(key) : key]),
  )
  return [{ part, path, kind: 'group' }, ...inside]
}

function hiddenRow({ ground, reason }: Why, part: number, path: TreePath): RecordRow {
  return { part, path, kind: 'hidden', why: { ground, reason } }
}

function runOf(segment: SegmentCopy): Run {
  if ('shown' in segment) return { text: segment.shown }
  const { hidden, ground, reason } = segment
  return { segments: hidden.length, ground, reason }
}
