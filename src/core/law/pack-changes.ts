/**
 * What differs between two versions of a law pack, entry by entry and in plain words.
 *
 * It compares whatever entries a pack holds, by their ids: nothing that a pack says can
 * change without standing here. It does not say what a change means for a case: see
 * effect.ts.
 */
import type { Instrument, LawPack } from './pack.ts'
import {
  type EntryKind,
  entryId,
  fieldsOf,
  fullId,
  isEntries,
  KIND_WORDS,
  type Tree,
  words,
} from './pack-entries.ts'

export type FieldChange = {
  /** In words, e.g. `period` or `basis article`. */
  readonly field: string
  /** As people read it; `null`: it was not there. */
  readonly before: string | null
  readonly after: string | null
}

export type PackChange = {
  readonly change: 'added' | 'removed' | 'changed'
  readonly kind: EntryKind
  /** Id of the pack, of the instrument, or `<instrument>/<entry>`. */
  readonly id: string
  /** Of an entry that was added or removed: what it says. Otherwise what differs. */
  readonly fields: readonly FieldChange[]
}

/** In the order of the newer version, what was removed last. */
export function packChanges(older: LawPack, newer: LawPack): readonly PackChange[] {
  const head = changed('pack', newer.id, headOf(older), headOf(newer))
  const before = new Map(older.instruments.map((each) => [each.id, each]))
  const after = new Map(newer.instruments.map((each) => [each.id, each]))
  const kept = newer.instruments.flatMap((each) => instrumentChanges(before.get(each.id), each))
  const gone = older.instruments.filter(({ id }) => !after.has(id))
  return [...head, ...kept, ...gone.flatMap((each) => instrumentChanges(each, undefined))]
}

/** One line of plain words. */
export function changeText({ change, kind, id, fields }: PackChange): string {
  const name = `${KIND_WORDS[kind] ?? words(kind)} ${id}`
  if (change === 'removed') return `${name} is gone.`
  const said = fields.map(({ field, before, after }) => {
    if (change === 'added') return `${field}: ${after}`
    if (before === null) return `${field} is now there: ${after}`
    if (after === null) return `${field} is no longer there (was: ${before})`
    return `${field} was ${before}, is ${after}`
  })
  return `${name} is ${change === 'added' ? 'new' : 'changed'}: ${said.join('; ')}.`
}

function headOf(pack: LawPack): Tree {
  const { instruments: _, digest: __, ...head } = pack
  return { ...head, validTo: null, replaces: null }
}

function instrumentChanges(
  before: Instrument | undefined,
  after: Instrument | undefined,
): readonly PackChange[] {
  const any = (after ?? before) as Instrument
  const old = split(before)
  const now = split(after)
  const own = compare('instrument', any.id, old.own, now.own)
  const keys = [...new Set([...now.lists.keys(), ...old.lists.keys()])]
  const entries = keys.flatMap((key) => {
    const was = old.lists.get(key) ?? new Map<string, Tree>()
    const is = now.lists.get(key) ?? new Map<string, Tree>()
    const ids = [...new Set([...is.keys(), ...was.keys()])]
    const kind = key as EntryKind
    return ids.flatMap((id) => compare(kind, fullId(any.id, id), was.get(id), is.get(id)))
  })
  return [...own, ...entries]
}

type Split = {
  readonly own: Tree | undefined
  readonly lists: ReadonlyMap<string, ReadonlyMap<string, Tree>>
}

/** Lists of entries with an id or a code are compared entry by entry, the rest as it stands. */
function split(instrument: Instrument | undefined): Split {
  const lists = new Map<string, ReadonlyMap<string, Tree>>()
  if (instrument === undefined) return { own: undefined, lists }
  const own: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(instrument)) {
    const entries = isEntries(value) ? value : undefined
    if (entries === undefined) own[key] = value
    else lists.set(key, new Map(entries.map((entry, n) => [entryId(entry, entries, n), entry])))
  }
  return { own, lists }
}

function compare(
  kind: EntryKind,
  id: string,
  before: Tree | undefined,
  after: Tree | undefined,
): readonly PackChange[] {
  if (before === undefined && after !== undefined) {
    const fields = [...fieldsOf(after)].map(([field, text]) => ({
      field,
      before: null,
      after: text,
    }))
    return [{ change: 'added', kind, id, fields }]
  }
  if (after === undefined) return [{ change: 'removed', kind, id, fields: [] }]
  return before === undefined ? [] : changed(kind, id, before, after)
}

function changed(kind: EntryKind, id: string, before: Tree, after: Tree): readonly PackChange[] {
  const old = fieldsOf(before)
  const now = fieldsOf(after)
  const names = [...new Set([...now.keys(), ...old.keys()])]
  const fields = names.flatMap((field) => {
    const was = old.get(field) ?? null
    const is = now.get(field) ?? null
    return was === is ? [] : [{ field, before: was, after: is }]
  })
  return fields.length === 0 ? [] : [{ change: 'changed', kind, id, fields }]
}
