/**
 * The entries of a law pack as people read them: each with its id, what it says in plain
 * words, and where that was read. It knows no kind of entry by heart: whatever an
 * instrument holds is here, so that no page leaves a value out.
 */
import type { Basis, Instrument } from './pack.ts'

/** `pack`: its head. `instrument`: what an instrument says of itself. Otherwise a kind of entry. */
export type EntryKind = 'pack' | 'instrument' | keyof Instrument

export type PackEntry = {
  readonly kind: EntryKind
  /** `<instrument>/<entry>`. */
  readonly id: string
  /** By name in words, without where it was read. */
  readonly fields: readonly { readonly field: string; readonly text: string }[]
  readonly basis: Basis | null
}

export type Tree = { readonly [key: string]: unknown }

/** Every entry of the instrument with an id or a code, in its order. */
export function entriesOf(instrument: Instrument): readonly PackEntry[] {
  return Object.entries(instrument).flatMap(([key, value]) => {
    if (!isEntries(value)) return []
    return value.map((entry, n) => {
      const { basis, ...rest } = entry
      return {
        kind: key as EntryKind,
        id: fullId(instrument.id, entryId(entry, value, n)),
        fields: [...fieldsOf(rest)].map(([field, text]) => ({ field, text })),
        basis: (basis as Basis | undefined) ?? null,
      }
    })
  })
}

/** Singular, for lists of entries. */
export const KIND_WORDS: Readonly<Partial<Record<EntryKind, string>>> = {
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

/** They name the entry. */
const NOT_TOLD = new Set(['id', 'instrument'])

/** One code may stand twice, for two authorities. */
export function entryId(entry: Tree, all: readonly Tree[], index: number): string {
  const id = String(entry['id'] ?? entry['code'])
  const before = all.slice(0, index).filter((each) => (each['id'] ?? each['code']) === id)
  return before.length === 0 ? id : `${id}#${before.length + 1}`
}

export function isEntries(value: unknown): value is readonly Tree[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => isTree(each) && ('id' in each || 'code' in each))
  )
}

/** Every value that the entry holds, by its path in words. */
export function fieldsOf(tree: Tree): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const walk = (value: unknown, path: readonly string[]) => {
    if (value === null || value === undefined) return
    const text = textOf(value)
    const key = path.at(-1) ?? ''
    if (path.length === 1 && NOT_TOLD.has(key)) return
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

export function fullId(instrument: string, entry: string): string {
  return entry.startsWith(`${instrument}/`) ? entry : `${instrument}/${entry}`
}

/** `appliesFrom` and `calendar_day` as people write them. */
export function words(code: string): string {
  return code
    .replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .replaceAll('_', ' ')
}
