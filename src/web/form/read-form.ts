/**
 * What a browser sent, read by the schema that made the form: text is trimmed,
 * empty means absent, local times become instants, dotted names become objects.
 * Gives either the command's input or errors by field. Names that the schema
 * does not know are ignored.
 *
 * It checks form, not meaning: the use case decides, and checks again.
 */

import type { TObject } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { utf8 } from '../../base/bytes.ts'
import { type Json, parseJson } from '../../base/canonical-json.ts'
import { calendarDate, type Instant, instantFromMs } from '../../base/time.ts'
import {
  type FieldSpec,
  type FormHints,
  type FormSchema,
  fieldsOf,
  fixedChoices,
} from './field-spec.ts'
import type { FieldError, RawValues } from './form-model.ts'

export type ReadForm =
  | { readonly isValid: true; readonly input: Readonly<Record<string, Json>> }
  | { readonly isValid: false; readonly errors: readonly FieldError[] }

/** `zone` is the one that the form names beside its times. File fields are not read here. */
export function readForm(
  schema: FormSchema,
  raw: RawValues,
  options: FormHints & { readonly zone: string },
): ReadForm {
  const input: Record<string, Json> = {}
  const errors: FieldError[] = []
  // A record is given with whatever entries were answered, also with none.
  for (const name of Object.keys(options.records ?? {})) input[name] = {}
  for (const spec of fieldsOf('', schema, options)) {
    if (spec.kind === 'file' || spec.kind === 'honeypot') continue
    const read = readField(spec, raw[spec.name], options.zone)
    if ('reason' in read) errors.push({ field: spec.name, ...read })
    else if (isLeftOpen(spec, read.value, options)) continue
    else if (read.value !== undefined) place(input, spec.path, read.value)
    else if (spec.isRequired) errors.push({ field: spec.name, reason: 'required' })
    else if (spec.isNullable) place(input, spec.path, null)
  }
  return errors.length === 0 ? { isValid: true, input } : { isValid: false, errors }
}

/** The same, and then the whole schema: patterns and lengths that no control of a form holds to. */
export function readSoundForm(
  schema: TObject,
  raw: RawValues,
  options: FormHints & { readonly zone: string },
): ReadForm {
  return soundInput(schema, readForm(schema as FormSchema, raw, options))
}

/** What was read, if the schema takes it too; names the first field that it does not take. */
export function soundInput(schema: TObject, read: ReadForm): ReadForm {
  if (!read.isValid) return read
  const fault = Value.Errors(schema, read.input).First()
  if (!fault) return read
  const [, field = ''] = fault.path.split('/')
  return { isValid: false, errors: [{ field, reason: 'schema' }] }
}

/** A list without a tick in a record whose entries may be left open: nothing was said. */
function isLeftOpen({ path }: FieldSpec, value: Json | undefined, { openRecords }: FormHints) {
  const isOpen = path.length > 1 && openRecords?.includes(path[0] ?? '')
  return isOpen === true && Array.isArray(value) && value.length === 0
}

function place(input: Record<string, Json>, path: readonly string[], value: Json): void {
  const [head = '', ...rest] = path
  if (rest.length === 0) {
    input[head] = value
    return
  }
  const inner = (input[head] ?? {}) as Record<string, Json>
  input[head] = inner
  place(inner, rest, value)
}

type Read = { readonly value: Json | undefined } | Omit<FieldError, 'field'>

function readField(spec: FieldSpec, raw: RawValues[string], zone: string): Read {
  if (spec.kind === 'checkboxes') return readList(spec, raw)
  if (spec.kind === 'zone') return { value: zone }
  if (raw !== undefined && typeof raw !== 'string') return { reason: 'repeated' }
  const text = (raw ?? '').replaceAll('\r\n', '\n').trim()
  if (spec.kind === 'checkbox') return { value: text === 'true' }
  if (spec.kind === 'confirm') return { value: text === 'true' ? true : undefined }
  if (text === '') return { value: undefined }
  if (!text.isWellFormed() || text.includes('\0')) return { reason: 'characters' }
  return READERS[spec.kind]?.(spec, text, zone) ?? readText(spec, text)
}

type Reader = (spec: FieldSpec, text: string, zone: string) => Read

const READERS: Partial<Record<FieldSpec['kind'], Reader>> = {
  radios: readChoice,
  select: readChoice,
  number: readNumber,
  json: (_, text) => readJson(text),
  lines: readLines,
  date: (_, text) => readDate(text),
  instant: (_, text, zone) => readInstant(text, zone),
}

function readList({ schema, choices }: FieldSpec, raw: RawValues[string]): Read {
  const list = (typeof raw === 'string' ? [raw] : (raw ?? [])).filter((item) => item !== '')
  if (list.some((item) => !isOffered(choices, item))) return { reason: 'choice' }
  if (list.length < (schema.minItems ?? 0)) return { reason: 'required' }
  const isObjects = schema.items?.type === 'object'
  return { value: isObjects ? list.map((item) => JSON.parse(item) as Json) : list }
}

function readChoice({ choices, schema }: FieldSpec, text: string): Read {
  if (!isOffered(choices, text)) return { reason: 'choice' }
  if (schema.type === 'integer' || schema.type === 'number') return { value: Number(text) }
  // A record of mixed values: its choices are ours, so what parses is meant so.
  const isMixed = schema.anyOf !== undefined && fixedChoices(schema).length === 0
  return { value: isMixed ? jsonOrText(text) : text }
}

function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

const isOffered = (choices: FieldSpec['choices'], text: string) =>
  choices.some(({ value }) => value === text)

function readText({ schema }: FieldSpec, text: string): Read {
  const { minLength = 0, maxLength, pattern } = schema
  if (text.length < minLength) return { reason: 'tooShort', limit: minLength }
  if (maxLength !== undefined && text.length > maxLength) {
    return { reason: 'tooLong', limit: maxLength }
  }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(text)) return { reason: 'pattern' }
  return { value: text }
}

function readLines(spec: FieldSpec, text: string): Read {
  const lines = text.split('\n').map((line) => line.trim())
  const filled = lines.filter((line) => line !== '')
  const item = { ...spec, schema: spec.schema.items ?? {} }
  for (const line of filled) {
    const read = readText(item, line)
    if ('reason' in read) return read
  }
  if (filled.length < (spec.schema.minItems ?? 0)) return { reason: 'required' }
  return { value: filled }
}

function readNumber({ schema }: FieldSpec, text: string): Read {
  const value = /^-?\d{1,15}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(value)) return { reason: 'number' }
  if (schema.type === 'integer' && !Number.isInteger(value)) return { reason: 'number' }
  if (schema.minimum !== undefined && value < schema.minimum) {
    return { reason: 'tooSmall', limit: schema.minimum }
  }
  if (schema.maximum !== undefined && value > schema.maximum) {
    return { reason: 'tooLarge', limit: schema.maximum }
  }
  return { value }
}

function readJson(text: string): Read {
  try {
    return { value: parseJson(utf8(text)) }
  } catch {
    return { reason: 'json' }
  }
}

function readDate(text: string): Read {
  try {
    return { value: calendarDate(text) }
  } catch {
    return { reason: 'date' }
  }
}

const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/

/** A local time that a change of the clock skips or repeats is refused, not guessed. */
function readInstant(text: string, zone: string): Read {
  if (!LOCAL_TIME.test(text)) return { reason: 'instant' }
  try {
    const local = Temporal.PlainDateTime.from(text)
    const zoned = local.toZonedDateTime(zone, { disambiguation: 'reject' })
    return { value: instantFromMs(zoned.epochMilliseconds) }
  } catch {
    return { reason: 'instant' }
  }
}

/** The text that a time control shows for an instant. */
export function localTimeOf(at: Instant, zone: string): string {
  const zoned = Temporal.Instant.from(at).toZonedDateTimeISO(zone)
  return zoned.toPlainDateTime().toString({ smallestUnit: 'minute' })
}
