/**
 * Shapes that map a foreign record to domain words and back. One table drives both
 * directions, so what is read is what can be written again.
 *
 * Members that a shape does not know are carried as extensions with their place;
 * `null`, absent and empty stay apart. Order of members is the table's.
 */
import type { Json } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import type { Extension, Remark } from '../core/triage/admitted-report.ts'
import { partsOf, pointerTo } from './json-pointer.ts'

export type JsonObject = { readonly [key: string]: Json | undefined }

/** What reading finds beside the record itself. */
export type Findings = { readonly extensions: Extension[]; readonly remarks: Remark[] }

export type Shape = {
  /** @throws ComityError `malformed` with the pointer as field */
  readonly read: (value: Json, at: string, findings: Findings) => Json
  readonly write: (value: Json) => Json
}

export type Member = {
  /** Name in the foreign record, and in the domain. */
  readonly foreign: string
  readonly ours: string
  readonly shape: Shape
  /** A required member is present and not null. */
  readonly isRequired: boolean
}

export function must(foreign: string, ours: string, shape: Shape): Member {
  return { foreign, ours, shape, isRequired: true }
}

export function may(foreign: string, ours: string, shape: Shape): Member {
  return { foreign, ours, shape, isRequired: false }
}

export const anything: Shape = { read: (value) => value, write: (value) => value }

export const text: Shape = { read: (value, at) => requireText(value, at), write: (value) => value }

export const number: Shape = {
  read: (value, at) => {
    if (typeof value === 'number') return value
    throw wrongType('a number', at)
  },
  write: (value) => value,
}

/** Text that a pattern must match: identifiers and versions. */
export function textLike(pattern: RegExp, what: string): Shape {
  return {
    read: (value, at) => {
      const given = requireText(value, at)
      if (pattern.test(given)) return given
      throw malformed(`text is not ${what}`, { field: at, reason: 'wrong-form' })
    },
    write: (value) => value,
  }
}

/** A word of an enumeration. Another one is kept and remarked on. */
export function wordOf(words: readonly string[]): Shape {
  return remarkUnless((given) => words.includes(given), 'outsideEnumeration')
}

/** A calendar date. Another text is kept and remarked on. */
export const dateText: Shape = remarkUnless((given) => {
  const epochMs = /^\d{4}-\d{2}-\d{2}$/.test(given) ? Date.parse(given) : Number.NaN
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(given)
}, 'notACalendarDate')

export function listOf(shape: Shape): Shape {
  return {
    read: (value, at, findings) => {
      if (!Array.isArray(value)) throw wrongType('a list', at)
      return value.map((item: Json, index) => shape.read(item, pointerTo(at, index), findings))
    },
    write: (value) => (value as readonly Json[]).map(shape.write),
  }
}

/**
 * @param rest the domain's member that takes members without a name of their own;
 * without it they become extensions
 */
export function recordOf(members: readonly Member[], rest?: string): Shape {
  return {
    read: (value, at, findings) =>
      readRecord(members, rest, requireObject(value, at), at, findings),
    write: (value) => writeRecord(members, rest, value as JsonObject),
  }
}

/** Puts extensions back where they were. The record is not shared: it was just written. */
export function restoreExtensions(record: Json, extensions: readonly Extension[]): void {
  for (const { pointer, value } of extensions) {
    const parts = partsOf(pointer)
    const name = parts.at(-1) ?? ''
    const parent = parts.slice(0, -1).reduce<Json | undefined>(childOf, record)
    if (parent === null || typeof parent !== 'object' || Array.isArray(parent)) {
      throw malformed('an extension has no place in the record', { field: pointer })
    }
    Object.assign(parent, { [name]: value })
  }
}

export function requireObject(value: Json | undefined, at: string): JsonObject {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return value as JsonObject
  }
  throw wrongType('an object', at)
}

function readRecord(
  members: readonly Member[],
  rest: string | undefined,
  record: JsonObject,
  at: string,
  findings: Findings,
): Json {
  const read: Record<string, Json> = {}
  for (const { foreign, ours, shape, isRequired } of members) {
    const value = Object.hasOwn(record, foreign) ? record[foreign] : undefined
    const field = pointerTo(at, foreign)
    if (isRequired && (value === undefined || value === null)) {
      throw malformed('a required member is missing', { field, reason: 'missing' })
    }
    if (value !== undefined) read[ours] = value === null ? null : shape.read(value, field, findings)
  }
  const named = new Set(members.map((member) => member.foreign))
  const others = Object.entries(record).filter(
    ([key, value]) => !named.has(key) && value !== undefined,
  )
  if (rest !== undefined && others.length > 0) {
    read[rest] = Object.fromEntries(others) as Json
  } else {
    for (const [key, value] of others) {
      findings.extensions.push({ pointer: pointerTo(at, key), value: value as Json })
    }
  }
  return read
}

function writeRecord(members: readonly Member[], rest: string | undefined, ours: JsonObject): Json {
  const written: Record<string, Json> = {}
  for (const member of members) {
    const value = ours[member.ours]
    if (value !== undefined)
      written[member.foreign] = value === null ? null : member.shape.write(value)
  }
  return rest === undefined ? written : { ...written, ...(ours[rest] as JsonObject | undefined) }
}

function childOf(parent: Json | undefined, part: string): Json | undefined {
  if (parent === null || typeof parent !== 'object' || !Object.hasOwn(parent, part))
    return undefined
  return (parent as JsonObject)[part]
}

function remarkUnless(isFine: (given: string) => boolean, remark: Remark['remark']): Shape {
  return {
    read: (value, at, findings) => {
      const given = requireText(value, at)
      if (!isFine(given)) findings.remarks.push({ pointer: at, remark })
      return given
    },
    write: (value) => value,
  }
}

function requireText(value: Json, at: string): string {
  if (typeof value === 'string') return value
  throw wrongType('a text', at)
}

function wrongType(expected: string, field: string) {
  return malformed(`value is not ${expected}`, { field, reason: 'wrong-type' })
}
