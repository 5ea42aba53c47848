/**
 * A foreign record while it is read: whatever is taken is marked, and in the end the
 * rest is listed with the reason why it has no place in a report. What is listed is
 * not kept, so a name that nobody needs does not come in.
 */
import type { Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { pointerTo } from '../json-pointer.ts'

export const WHY_NOT_CARRIED = [
  /** A report has no member for it. */
  'noPlace',
  /** It names a person whom the case does not need. */
  'personal',
  /** A case is about one flaw or incident: the first was carried. */
  'onlyFirst',
  /** The same text in another language. */
  'otherLanguage',
  /** Not of the type that the format says. */
  'wrongType',
  /** Longer than a report can hold, or more of them. */
  'tooMuch',
] as const
export type WhyNotCarried = (typeof WHY_NOT_CARRIED)[number]

export type NotCarried = {
  /** JSON pointer (RFC 6901) into the record. */
  readonly pointer: string
  readonly why: WhyNotCarried
}

type Step = string | number
type Path = readonly Step[]

export const TEXT_MAX = 64 * 1024
export const LIST_MAX = 1000

export type Source = {
  readonly at: (...path: Path) => Json | undefined
  /** How many items a list has; none where there is no list. */
  readonly count: (...path: Path) => number
  /** A text that is not empty, taken. */
  readonly text: (...path: Path) => string | undefined
  /** Texts of a list, or the one text that stands there instead, taken. */
  readonly texts: (...path: Path) => readonly string[]
  readonly number: (...path: Path) => number | undefined
  /** The day of a date or an instant, taken. Other texts are left. */
  readonly date: (...path: Path) => string | undefined
  /** Taken as a whole: how it is carried, the reader says. */
  readonly take: (...path: Path) => Json | undefined
  readonly leave: (why: WhyNotCarried, ...path: Path) => undefined
  /** What was neither taken nor empty. */
  readonly notCarried: () => readonly NotCarried[]
}

export function openSource(record: Json): Source {
  const taken = new Set<string>()
  const left = new Map<string, WhyNotCarried>()
  const pointerOf = (path: Path) => path.reduce<string>((at, step) => pointerTo(at, step), '')
  const at = (...path: Path) => path.reduce<Json | undefined>(childOf, record)
  const leave = (why: WhyNotCarried, ...path: Path) => {
    const pointer = pointerOf(path)
    // The first reason is the nearest.
    if (!isEmpty(at(...path)) && !left.has(pointer)) left.set(pointer, why)
    return undefined
  }
  const take = (...path: Path) => {
    taken.add(pointerOf(path))
    return at(...path)
  }
  const text = (...path: Path) => {
    const value = at(...path)
    if (isEmpty(value)) return undefined
    if (typeof value !== 'string') return leave('wrongType', ...path)
    if (value.length > TEXT_MAX) return leave('tooMuch', ...path)
    take(...path)
    return value.trim()
  }
  const count = (...path: Path) => {
    const value = at(...path)
    return Array.isArray(value) ? value.length : 0
  }
  return {
    at,
    count,
    text,
    take,
    leave,
    texts: (...path) => {
      if (typeof at(...path) === 'string') return present([text(...path)])
      if (count(...path) === 0) return []
      const all = Array.from({ length: count(...path) }, (_, index) =>
        index < LIST_MAX ? text(...path, index) : leave('tooMuch', ...path, index),
      )
      return present(all)
    },
    number: (...path) => {
      const value = at(...path)
      if (typeof value === 'number') return take(...path) as number
      return isEmpty(value) ? undefined : leave('wrongType', ...path)
    },
    date: (...path) => {
      const value = at(...path)
      const [day = ''] = typeof value === 'string' ? value.split('T') : []
      if (!isDay(day)) return undefined
      take(...path)
      return day
    },
    notCarried: () => leftOf(record, '', { taken, left }),
  }
}

/** @throws ComityError `malformed`: without it there is nothing to admit */
export function requirePart<T>(value: T | undefined, pointer: string): T {
  if (value !== undefined) return value
  throw malformed('a required member is missing', { field: pointer, reason: 'missing' })
}

export function present<T>(values: readonly (T | undefined)[]): readonly T[] {
  return values.filter((value) => value !== undefined)
}

/** A member that is there only if it has a value. */
export function maybe<K extends string, V>(key: K, value: V | undefined): { [k in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [k in K]: V })
}

export function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}

const TITLE_MAX = 300

/** The first sentence or line, where a format has no titles. */
export function titleFrom(text: string): string {
  const [first = ''] = text.split(/(?<=[.!?])\s|\n/)
  return first.length > TITLE_MAX ? `${first.slice(0, TITLE_MAX - 1)}…` : first
}

function isDay(day: string): boolean {
  const epochMs = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(day) : Number.NaN
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(day)
}

type Marks = {
  readonly taken: ReadonlySet<string>
  readonly left: ReadonlyMap<string, WhyNotCarried>
}

function leftOf(value: Json | undefined, pointer: string, marks: Marks): NotCarried[] {
  if (isEmpty(value) || marks.taken.has(pointer)) return []
  const why = marks.left.get(pointer)
  if (why !== undefined) return [{ pointer, why }]
  const isTouched = [...marks.taken, ...marks.left.keys()].some((one) =>
    one.startsWith(`${pointer}/`),
  )
  if (value === null || typeof value !== 'object' || !(isTouched || pointer === '')) {
    return [{ pointer, why: 'noPlace' }]
  }
  return Object.entries(value).flatMap(([key, item]) =>
    leftOf(item as Json | undefined, pointerTo(pointer, key), marks),
  )
}

function childOf(parent: Json | undefined, step: Step): Json | undefined {
  if (parent === null || typeof parent !== 'object' || !Object.hasOwn(parent, step)) {
    return undefined
  }
  return (parent as { readonly [key: string]: Json | undefined })[step]
}

/** Says nothing, so nothing is lost with it. */
function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  return typeof value === 'object' && Object.values(value).every((one) => isEmpty(one as Json))
}
