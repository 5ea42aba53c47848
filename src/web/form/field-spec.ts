/**
 * The fields of a form, from the JSON Schema of a command. The page and the
 * reader of what comes back both start here, so they cannot disagree.
 *
 * Objects become fields with dotted names, lists of fixed values become
 * checkboxes. What has no better form is shown as JSON, so that every command
 * has a page. Names follow the house: `…At` and `until` are instants, `…On` dates.
 */
import { invariant } from '../../base/errors.ts'

/** The part of JSON Schema that is read here; TypeBox objects fit. */
export type FieldSchema = {
  readonly type?: string
  readonly const?: string | number | boolean
  readonly enum?: readonly (string | number)[]
  readonly anyOf?: readonly FieldSchema[]
  readonly items?: FieldSchema
  readonly properties?: Readonly<Record<string, FieldSchema>>
  readonly required?: readonly string[]
  readonly patternProperties?: Readonly<Record<string, FieldSchema>>
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
}

export type FormSchema = FieldSchema & {
  readonly properties: Readonly<Record<string, FieldSchema>>
}

export type FieldKind =
  | 'text'
  | 'textarea'
  | 'lines'
  | 'json'
  | 'select'
  | 'radios'
  | 'checkboxes'
  | 'checkbox'
  /** A box that must be ticked. */
  | 'confirm'
  | 'number'
  | 'date'
  | 'instant'
  | 'zone'
  | 'file'
  | 'honeypot'
  | 'hidden'

/** `text` for choices that are data (an exhibit, a peer); `key` for fixed ones. */
export type Choice = { readonly value: string } & (
  | { readonly text: string; readonly hint?: string; readonly lang?: string }
  | { readonly key: string; readonly hintKey?: string }
)

/** What a schema cannot say. Names are dotted for fields inside objects. */
export type FormHints = {
  /** Names with the choices that are data. A value of a list of objects is JSON. */
  readonly choices?: Readonly<Record<string, readonly Choice[]>>
  readonly widgets?: Readonly<Record<string, FieldKind>>
  /** The entries that a record asks for, each with its choices; values that are no text are JSON. */
  readonly records?: Readonly<Record<string, Readonly<Record<string, readonly Choice[]>>>>
  /** Names of records whose entries may be left open. */
  readonly openRecords?: readonly string[]
  /** Labels that are data, such as the questions of a law pack. */
  readonly labels?: Readonly<Record<string, string>>
  /**
   * A long form in sections: catalogue keys below `act.<act>.section`. A field belongs to
   * the section of its own name or of the object that it stands in; all others to the
   * first.
   */
  readonly sections?: readonly string[]
}

export type FieldSpec = {
  readonly name: string
  /** Where the value stands in the command; a key of a record may hold dots. */
  readonly path: readonly string[]
  readonly schema: FieldSchema
  readonly kind: FieldKind
  readonly isRequired: boolean
  /** The command wants `null` where nothing was given. */
  readonly isNullable: boolean
  readonly choices: readonly Choice[]
  /** In English, where the catalogues have no words for it. */
  readonly label?: string
}

export function fieldsOf(act: string, schema: FormSchema, hints: FormHints = {}): FieldSpec[] {
  return objectFields(act, schema, hints, '', true)
}

function objectFields(
  act: string,
  schema: FieldSchema,
  hints: FormHints,
  prefix: string,
  isAsked: boolean,
): FieldSpec[] {
  return Object.entries(schema.properties ?? {}).flatMap(([leaf, property]) => {
    const name = prefix + leaf
    const isNullable = property.anyOf?.some((option) => option.type === 'null') ?? false
    const isRequired = isAsked && (schema.required?.includes(leaf) ?? false)
    const plain = isNullable ? withoutNull(property) : property
    const record = hints.records?.[name]
    if (record !== undefined) return recordFields(name, plain, record, hints, isRequired)
    if (plain.properties !== undefined) {
      return objectFields(act, plain, hints, `${name}.`, isRequired && !isNullable)
    }
    const choices =
      hints.choices?.[name] ?? fixedChoices(plain).map((value) => keyed(act, name, value))
    const isAnswered = isRequired && !isNullable
    const kind = hints.widgets?.[name] ?? kindOf(leaf, plain, choices.length, isAnswered)
    const path = name.split('.')
    return [{ name, path, schema: plain, kind, isRequired: isAnswered, isNullable, choices }]
  })
}

function recordFields(
  name: string,
  schema: FieldSchema,
  record: Readonly<Record<string, readonly Choice[]>>,
  hints: FormHints,
  isAsked: boolean,
): FieldSpec[] {
  const [value = { type: 'string' }] = Object.values(schema.patternProperties ?? {})
  const isRequired = isAsked && !hints.openRecords?.includes(name)
  return Object.entries(record).map(([key, choices]) => {
    const entry = `${name}.${key}`
    const label = hints.labels?.[entry]
    const kind = hints.widgets?.[entry] ?? (choices.length === 0 ? 'text' : 'select')
    return {
      name: entry,
      path: [name, key],
      schema: kind === 'checkboxes' ? TEXT_LIST : value,
      kind,
      isRequired,
      isNullable: false,
      choices,
      ...(label === undefined ? {} : { label }),
    }
  })
}

const TEXT_LIST: FieldSchema = { type: 'array', items: { type: 'string' } }

function withoutNull(schema: FieldSchema): FieldSchema {
  const options = (schema.anyOf ?? []).filter((option) => option.type !== 'null')
  const [only, ...more] = options
  return only !== undefined && more.length === 0 ? only : { ...schema, anyOf: options }
}

const keyed = (act: string, name: string, value: string): Choice => ({
  value,
  key: `act.${act}.${name}.${value}`,
})

/** Longer texts get more room; the limit is one line of a wide page. */
const TEXT_LENGTH_MAX = 300
const RADIOS_MAX = 6

function kindOf(
  leaf: string,
  schema: FieldSchema,
  choiceCount: number,
  isRequired: boolean,
): FieldKind {
  if (schema.type === 'array') {
    if (choiceCount > 0) return 'checkboxes'
    return schema.items?.type === 'string' ? 'lines' : 'json'
  }
  if (choiceCount > 0) return isRequired && choiceCount <= RADIOS_MAX ? 'radios' : 'select'
  if (schema.type === 'boolean') return 'checkbox'
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  if (schema.type === 'string') return textKindOf(leaf, schema)
  invariant(schema.type !== 'null', 'a field has a value')
  return 'json'
}

function textKindOf(leaf: string, { format, maxLength = 0 }: FieldSchema): FieldKind {
  if (format === 'date' || leaf.endsWith('On')) return 'date'
  if (format === 'date-time' || /(?:^at|At|^until|Until)$/.test(leaf)) return 'instant'
  if (leaf === 'zone') return 'zone'
  return maxLength > TEXT_LENGTH_MAX ? 'textarea' : 'text'
}

/** The values of a union of literals or an enum; of its items for a list. */
export function fixedChoices(schema: FieldSchema): string[] {
  if (schema.type === 'array') return schema.items === undefined ? [] : fixedChoices(schema.items)
  if (schema.enum !== undefined) return schema.enum.map(String)
  if (schema.const !== undefined) return [String(schema.const)]
  const options = schema.anyOf ?? []
  const literals = options.map((option) => option.const).filter((value) => value !== undefined)
  return literals.length === options.length ? literals.map(String) : []
}
