/**
 * What differs between two versions of a law pack, entry by entry and in plain words.
 *
 * It compares whatever entries a pack holds, by their ids: nothing that a pack says can
 * change without standing here. It does not say what a change means for a case: see
 * effect.ts.
 */
import type { Instrument, LawPack } from './pack.ts'

/** `pack`: its head. `instrument`: what an instrument says of itself. Otherwise a kind of entry. */
export type ChangedKind = 'pack' | 'instrument' | keyof Instrument

export type FieldChange = {
  /** In words, e.g. `period` or `basis article`. */
  readonly field: string
  /** As people read it; `null`: it was not there. */
  readonly before: string | null
  readonly after: string | null
}

export type PackChange = {
  readonly change: 'added' | 'removed' | 'changed'
  readonly kind: ChangedKind
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

/** Singular, for lists of entries. */
export const KIND_WORDS: Readonly<Partial<Record<ChangedKind, string>>> = {
  authorities: 'authority',
  channels: 'channel for reports',
  clocks: 'clock',
  competence: 'rule of competence',
  lead: 'rule of lead',
  measures: 'measure',
  sanctions: 'tier of sanctions',
  evidenceRules: 'rule of evidence',
  refusalGrounds: 'ground of refusal',
  remedies: 'remedy',
  transfers: 'rule of transfer',
  definitions: 'definition',
  protections: 'protection',
  thresholds: 'threshold',
  equivalents: 'regime that stands in',
}

type Tree = { readonly [key: string]: unknown }

/** They name the entry. */
const NOT_COMPARED = new Set(['id', 'instrument'])

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
    const kind = key as ChangedKind
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

/** One code may stand twice, for two authorities. */
function entryId(entry: Tree, all: readonly Tree[], index: number): string {
  const id = String(entry['id'] ?? entry['code'])
  const before = all.slice(0, index).filter((each) => (each['id'] ?? each['code']) === id)
  return before.length === 0 ? id : `${id}#${before.length + 1}`
}

function isEntries(value: unknown): value is readonly Tree[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => isTree(each) && ('id' in each || 'code' in each))
  )
}

function compare(
  kind: ChangedKind,
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

function changed(kind: ChangedKind, id: string, before: Tree, after: Tree): readonly PackChange[] {
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

/** Every value that the entry holds, by its path in words. */
function fieldsOf(tree: Tree): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const walk = (value: unknown, path: readonly string[]) => {
    if (value === null || value === undefined) return
    const text = textOf(value)
    const key = path.at(-1) ?? ''
    if (path.length === 1 && NOT_COMPARED.has(key)) return
    if (text !== undefined) {
      if (text !== '') found.set(path.map(words).join(' '), text)
    } else if (Array.isArray(value)) {
      value.forEach((each, n) => {
        walk(each, value.length === 1 ? path : [...path, `${n + 1}`])
      })
    } else {
      for (const [name, each] of Object.entries(value)) walk(each, [...path, name])
    }
  }
  walk(tree, [])
  return found
}

/** A value that people read at once; `undefined` for what must be taken apart. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) {
    const texts = value.map(textOf)
    return texts.every((text) => text !== undefined) ? texts.join(', ') : undefined
  }
  if (!isTree(value)) return undefined
  return periodText(value) ?? conditionText(value)
}

function periodText({ count, unit, ...rest }: Tree): string | undefined {
  if (typeof count !== 'number' || typeof unit !== 'string') return undefined
  if (Object.keys(rest).length > 0) return undefined
  return `${count} ${words(unit)}${count === 1 ? '' : 's'}`
}

/** A condition in words; `undefined` if it is none. */
export function conditionText(value: unknown): string | undefined {
  if (!isTree(value)) return undefined
  const { fact } = value
  if (typeof fact === 'string') {
    if ('is' in value) return `${words(fact)} is ${textOf(value['is'])}`
    if ('has' in value) return `${words(fact)} has ${String(value['has'])}`
    if ('here' in value) return `${words(fact)} is in this legal order`
    const [rest] = Object.entries(value).filter(([key]) => key !== 'fact')
    return rest && `${words(fact)} ${words(rest[0])} ${textOf(rest[1])}`
  }
  if ('not' in value) return `not (${conditionText(value['not'])})`
  const joined = Array.isArray(value['all']) ? 'all' : Array.isArray(value['any']) ? 'any' : ''
  if (joined === '') return undefined
  const parts = (value[joined] as readonly unknown[]).map(conditionText)
  return parts.length === 1
    ? parts[0]
    : parts.map((part) => `(${part})`).join(joined === 'all' ? ' and ' : ' or ')
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fullId(instrument: string, entry: string): string {
  return entry.startsWith(`${instrument}/`) ? entry : `${instrument}/${entry}`
}

/** `appliesFrom` and `calendar_day` as people write them. */
function words(code: string): string {
  return code
    .replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .replaceAll('_', ' ')
}
