/**
 * A form from the JSON Schema of a command: one description for the page, for
 * what is read back from a browser (read-form.ts), and for the use case.
 *
 * The model holds catalogue keys, no text: labels are `act.<act>.<field>`, hints
 * `act.<act>.<field>.hint`, choices `act.<act>.<field>.<value>`. A form that may
 * not be sent carries the reasons of the same decision that the server enforces;
 * it is a courtesy, not the guard.
 */
import type { Because } from '../../base/decision.ts'
import { invariant } from '../../base/errors.ts'

/** The part of JSON Schema that a form can show; TypeBox objects fit. */
export type FormSchema = {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, FieldSchema>>
  readonly required?: readonly string[]
}

/**
 * `widget` chooses where the type leaves a choice: `hidden`, `textarea`, `file`,
 * `honeypot`, `select`, `radios`. `widget: 'hidden'` fields are not the user's.
 */
export type FieldSchema = {
  readonly type?: string
  readonly const?: string | number | boolean
  readonly enum?: readonly (string | number)[]
  readonly anyOf?: readonly FieldSchema[]
  readonly items?: FieldSchema
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly widget?: string
  readonly autocomplete?: string
}

export type FieldKind =
  | 'text'
  | 'textarea'
  | 'select'
  | 'radios'
  | 'checkboxes'
  | 'confirm'
  | 'number'
  | 'date'
  | 'instant'
  | 'file'
  | 'honeypot'
  | 'hidden'

/** `text` is given for choices that are data (an exhibit, a peer); `key` for fixed ones. */
export type Choice = { readonly value: string } & (
  | { readonly text: string; readonly hint?: string }
  | { readonly key: string }
)

export type FieldModel = {
  readonly kind: FieldKind
  readonly name: string
  readonly id: string
  readonly labelKey: string
  readonly hintKey: string
  readonly isRequired: boolean
  /** What stands in the control: as typed by the user after an error. */
  readonly value: string
  readonly choices: readonly (Choice & { readonly isChosen: boolean })[]
  readonly error?: FieldError
  readonly maxLength?: number
  readonly autocomplete: string
}

/** `reason` is the end of a catalogue key, `form.error.<reason>`. */
export type FieldError = {
  readonly field: string
  readonly reason: string
  readonly limit?: number
}

export type RawValues = Readonly<Record<string, string | readonly string[] | undefined>>

export type FormModel = {
  readonly act: string
  /** Where the form is sent. */
  readonly action: string
  readonly isMultipart: boolean
  readonly hidden: readonly { readonly name: string; readonly value: string }[]
  readonly fields: readonly FieldModel[]
  readonly errors: readonly FieldError[]
  /** Given if the act is refused now: the button is disabled and says why. */
  readonly refused?: readonly Because[]
}

export type FormOptions = {
  readonly action: string
  /** Choices that are data, by field. */
  readonly choices?: Readonly<Record<string, readonly Choice[]>>
  /** Values that travel unseen, such as the form token. */
  readonly hidden?: Readonly<Record<string, string>>
  readonly decision?: { readonly decision: string; readonly because: readonly Because[] }
}

export function formModel(
  act: string,
  schema: FormSchema,
  values: RawValues,
  errors: readonly FieldError[],
  options: FormOptions,
): FormModel {
  const fields = Object.entries(schema.properties).map(([name, field]) =>
    fieldModel(act, name, field, {
      isRequired: schema.required?.includes(name) ?? false,
      raw: values[name],
      error: errors.find((error) => error.field === name),
      choices: options.choices?.[name],
    }),
  )
  const shown = fields.filter((field) => field.kind !== 'hidden')
  const unseen = fields.filter((field) => field.kind === 'hidden')
  const hidden = Object.entries(options.hidden ?? {}).map(([name, value]) => ({ name, value }))
  return {
    act,
    action: options.action,
    isMultipart: shown.some((field) => field.kind === 'file'),
    hidden: [...hidden, ...unseen.map(({ name, value }) => ({ name, value }))],
    fields: shown,
    errors,
    ...(options.decision?.decision === 'refuse' ? { refused: options.decision.because } : {}),
  }
}

type Given = {
  readonly isRequired: boolean
  readonly raw: string | readonly string[] | undefined
  readonly error: FieldError | undefined
  readonly choices: readonly Choice[] | undefined
}

function fieldModel(act: string, name: string, field: FieldSchema, given: Given): FieldModel {
  const labelKey = `act.${act}.${name}`
  const chosen = typeof given.raw === 'string' ? [given.raw] : (given.raw ?? [])
  const choices = given.choices ?? fixedChoices(field).map((value) => keyed(labelKey, value))
  return {
    kind: kindOf(field, choices.length, given.isRequired),
    name,
    id: `f-${name}`,
    labelKey,
    hintKey: `${labelKey}.hint`,
    isRequired: given.isRequired,
    value: typeof given.raw === 'string' ? given.raw : '',
    choices: choices.map((choice) => ({ ...choice, isChosen: chosen.includes(choice.value) })),
    ...(given.error === undefined ? {} : { error: given.error }),
    ...(field.maxLength === undefined ? {} : { maxLength: field.maxLength }),
    autocomplete: field.autocomplete ?? 'off',
  }
}

const keyed = (labelKey: string, value: string): Choice => ({ value, key: `${labelKey}.${value}` })

/** Longer texts get more room; the limit is one line of a wide page. */
const TEXT_LENGTH_MAX = 200
const RADIOS_MAX = 6

const KIND_BY_FORMAT: Readonly<Record<string, FieldKind>> = {
  date: 'date',
  'date-time': 'instant',
  instant: 'instant',
}

export function kindOf(field: FieldSchema, choiceCount: number, isRequired: boolean): FieldKind {
  const byWidget = WIDGETS[field.widget ?? '']
  if (byWidget !== undefined) return byWidget
  if (field.type === 'array') return 'checkboxes'
  if (field.type === 'boolean') return 'confirm'
  if (field.type === 'integer' || field.type === 'number') return 'number'
  const isChoice = choiceCount > 0 || fixedChoices(field).length > 0
  if (isChoice) return isRequired && choiceCount <= RADIOS_MAX ? 'radios' : 'select'
  invariant(field.type === 'string', 'a form field is text, number, choice or list')
  const byFormat = KIND_BY_FORMAT[field.format ?? '']
  if (byFormat !== undefined) return byFormat
  return (field.maxLength ?? 0) > TEXT_LENGTH_MAX ? 'textarea' : 'text'
}

const WIDGETS: Readonly<Record<string, FieldKind>> = {
  hidden: 'hidden',
  textarea: 'textarea',
  file: 'file',
  honeypot: 'honeypot',
  select: 'select',
  radios: 'radios',
  text: 'text',
}

/** The values of a union of literals or an enum; of its items for a list. */
export function fixedChoices(field: FieldSchema): string[] {
  if (field.type === 'array') return field.items === undefined ? [] : fixedChoices(field.items)
  if (field.enum !== undefined) return field.enum.map(String)
  const literals = (field.anyOf ?? []).map((option) => option.const)
  return literals.filter((value) => value !== undefined).map(String)
}
