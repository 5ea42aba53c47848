/**
 * What a browser sent, read by the same schema that made the form: text is
 * trimmed, empty means absent, local times become instants. Gives either typed
 * values or errors by field. Fields that the schema does not name are ignored.
 *
 * It checks form, not meaning: the use case decides, and checks again.
 */
import { calendarDate, type Instant, instantFromMs } from '../../base/time.ts'
import {
  type FieldError,
  type FieldSchema,
  type FormSchema,
  fixedChoices,
  kindOf,
  type RawValues,
} from './form-model.ts'

export type FormValue = string | number | boolean | readonly string[]
export type ReadForm =
  | { readonly isValid: true; readonly values: Readonly<Record<string, FormValue>> }
  | { readonly isValid: false; readonly errors: readonly FieldError[] }

/** `zone` is the one that the form names beside its times. File fields are not read here. */
export function readForm(schema: FormSchema, raw: RawValues, zone: string): ReadForm {
  const values: Record<string, FormValue> = {}
  const errors: FieldError[] = []
  for (const [name, field] of Object.entries(schema.properties)) {
    const kind = kindOf(field, 0, true)
    if (kind === 'file') continue
    const isRequired = schema.required?.includes(name) ?? false
    const read = kind === 'checkboxes' ? readList(field, raw[name]) : readOne(field, raw[name], zone)
    if ('reason' in read) errors.push({ field: name, ...read })
    else if (read.value !== undefined) values[name] = read.value
    else if (isRequired) errors.push({ field: name, reason: 'required' })
  }
  return errors.length === 0 ? { isValid: true, values } : { isValid: false, errors }
}

type Read = { readonly value: FormValue | undefined } | Omit<FieldError, 'field'>

function readList(field: FieldSchema, raw: RawValues[string]): Read {
  const list = (typeof raw === 'string' ? [raw] : (raw ?? [])).filter((item) => item !== '')
  const allowed = fixedChoices(field)
  if (allowed.length > 0 && list.some((item) => !allowed.includes(item))) return { reason: 'choice' }
  if (list.length < (field.minItems ?? 0)) return { reason: 'required' }
  return { value: list }
}

function readOne(field: FieldSchema, raw: RawValues[string], zone: string): Read {
  if (raw !== undefined && typeof raw !== 'string') return { reason: 'repeated' }
  const text = (raw ?? '').replaceAll('\r\n', '\n').trim()
  if (field.type === 'boolean') return { value: text === 'true' ? true : undefined }
  if (text === '') return { value: undefined }
  if (!text.isWellFormed() || text.includes('\0')) return { reason: 'characters' }
  if (field.type === 'integer' || field.type === 'number') return readNumber(field, text)
  const allowed = fixedChoices(field)
  if (allowed.length > 0) return allowed.includes(text) ? { value: text } : { reason: 'choice' }
  if (field.format === 'date') return readDate(text)
  if (field.format === 'instant' || field.format === 'date-time') return readInstant(text, zone)
  return readText(field, text)
}

function readText(field: FieldSchema, text: string): Read {
  const { minLength = 0, maxLength, pattern } = field
  if (text.length < minLength) return { reason: 'tooShort', limit: minLength }
  if (maxLength !== undefined && text.length > maxLength) {
    return { reason: 'tooLong', limit: maxLength }
  }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(text)) return { reason: 'pattern' }
  return { value: text }
}

function readNumber(field: FieldSchema, text: string): Read {
  const value = /^-?\d{1,15}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(value)) return { reason: 'number' }
  if (field.type === 'integer' && !Number.isInteger(value)) return { reason: 'number' }
  if (field.minimum !== undefined && value < field.minimum) {
    return { reason: 'tooSmall', limit: field.minimum }
  }
  if (field.maximum !== undefined && value > field.maximum) {
    return { reason: 'tooLarge', limit: field.maximum }
  }
  return { value }
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
