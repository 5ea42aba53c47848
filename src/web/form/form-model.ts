/**
 * A form as a value, made from the JSON Schema of a command.
 *
 * It holds catalogue keys, no text: labels are `act.<act>.<field>`, hints
 * `act.<act>.<field>.hint`, choices `act.<act>.<field>.<value>`. A form that may
 * not be sent carries the reasons of the same decision that the server enforces;
 * it is a courtesy, not the guard.
 */
import type { Because } from '../../base/decision.ts'
import { wantsOnlyProof } from '../parts.ts'
import {
  type Choice,
  type FieldKind,
  type FieldSpec,
  type FormHints,
  type FormSchema,
  fieldsOf,
} from './field-spec.ts'

export type FieldModel = {
  readonly kind: FieldKind
  readonly name: string
  readonly id: string
  readonly labelKey: string
  /** In English; stands for the catalogue's words where it is given. */
  readonly label?: string
  readonly hintKey: string
  readonly isRequired: boolean
  /** What stands in the control: as typed by the user after an error. */
  readonly value: string
  readonly choices: readonly (Choice & { readonly isChosen: boolean })[]
  /** Many choices of a few letters, such as codes of places: they stand in columns. */
  readonly areShort: boolean
  readonly error?: FieldError
  readonly maxLength?: number
}

/** `reason` is the end of a catalogue key, `form.error.<reason>`. */
export type FieldError = {
  readonly field: string
  readonly reason: string
  readonly limit?: number
  /** Of a field that has a label of its own. */
  readonly label?: string
}

/** As a browser sends them: always text, lists where a name is repeated. */
export type RawValues = Readonly<Record<string, string | readonly string[] | undefined>>

/** A form that is shown again: what was sent, what is wrong with it, why it was refused. */
export type ShownForm = {
  readonly values: RawValues
  readonly errors: readonly FieldError[]
  readonly refusedNow?: readonly Because[]
}

export type FormModel = {
  readonly act: string
  /** Where the form is sent. */
  readonly action: string
  readonly isMultipart: boolean
  readonly hidden: readonly { readonly name: string; readonly value: string }[]
  readonly fields: readonly FieldModel[]
  /** The same fields in sections that open one by one. */
  readonly sections?: readonly FormSection[]
  readonly errors: readonly FieldError[]
  /** Where several forms stand on a page: what the ids of this one begin with. Default: `f`. */
  readonly idPrefix?: string
  /** Where the same form is shown first as what it would make. */
  readonly preview?: string
  /** Given if the act is refused now: the button is disabled and says why. */
  readonly refused?: readonly Because[]
  /** Given if nothing but a fresh proof is missing: the form says where to give it, and waits. */
  readonly wantsProof?: readonly Because[]
}

export type FormSection = {
  readonly titleKey: string
  readonly fields: readonly FieldModel[]
  /** Stands open: the first, and those with something to mend. */
  readonly isOpen: boolean
}

export type FormOptions = FormHints & {
  readonly action: string
  /** Values that travel unseen, such as the form token. */
  readonly hidden?: Readonly<Record<string, string>>
  readonly preview?: string
  readonly idPrefix?: string
  readonly decision?: { readonly decision: string; readonly because: readonly Because[] }
}

export function formModel(
  act: string,
  schema: FormSchema,
  values: RawValues,
  errors: readonly FieldError[],
  options: FormOptions,
): FormModel {
  const specs = fieldsOf(act, schema, options)
  const unseen = specs.filter(({ kind }) => kind === 'hidden')
  const labels = new Map(specs.map(({ name, label }) => [name, label]))
  const labelled = errors.map((error) => {
    const label = labels.get(error.field)
    return label === undefined ? error : { ...error, label }
  })
  const prefix = options.idPrefix ?? 'f'
  const shown = specs.filter(({ kind }) => kind !== 'hidden' && kind !== 'zone')
  const hidden = Object.entries(options.hidden ?? {}).map(([name, value]) => ({ name, value }))
  return {
    act,
    action: options.action,
    isMultipart: shown.some(({ kind }) => kind === 'file'),
    hidden: [...hidden, ...unseen.map(({ name }) => ({ name, value: textOf(values[name]) }))],
    ...arranged(
      act,
      shown.map((spec) => ({
        ...fieldModel(act, spec, values[spec.name], labelled),
        id: `${prefix}-${spec.name}`,
      })),
      options.sections,
    ),
    errors: labelled,
    ...(options.idPrefix === undefined ? {} : { idPrefix: options.idPrefix }),
    ...(options.preview === undefined ? {} : { preview: options.preview }),
    ...hindrance(options.decision),
  }
}

function arranged(
  act: string,
  fields: readonly FieldModel[],
  names: readonly string[] = [],
): Pick<FormModel, 'fields' | 'sections'> {
  if (names.length === 0) return { fields }
  const [first = ''] = names
  const sectionOf = ({ name }: FieldModel) => {
    const [head = ''] = name.split('.')
    return names.find((one) => one === head || SECTION_OF[head] === one) ?? first
  }
  const sections = names.map((name) => {
    const own = fields.filter((field) => sectionOf(field) === name)
    const isOpen = name === first || own.some(({ error }) => error !== undefined)
    return { titleKey: `act.${act}.section.${name}`, fields: own, isOpen }
  })
  return { fields, sections }
}

/** Fields whose section is not their own name. */
const SECTION_OF: Readonly<Record<string, string>> = {
  categories: 'necessity',
  confirmed: 'confirm',
}

function hindrance(decision: FormOptions['decision']): Pick<FormModel, 'refused' | 'wantsProof'> {
  if (decision?.decision !== 'refuse') return {}
  const { because } = decision
  return wantsOnlyProof(decision) ? { wantsProof: because } : { refused: because }
}

function fieldModel(
  act: string,
  { name, kind, schema, isRequired, choices, label }: FieldSpec,
  raw: RawValues[string],
  errors: readonly FieldError[],
): Omit<FieldModel, 'id'> {
  const labelKey = `act.${act}.${name}`
  const chosen = typeof raw === 'string' ? [raw] : (raw ?? [])
  const error = errors.find(({ field }) => field === name)
  return {
    kind,
    name,
    labelKey,
    hintKey: `${labelKey}.hint`,
    isRequired,
    value: textOf(raw),
    choices: choices.map((choice) => ({ ...choice, isChosen: chosen.includes(choice.value) })),
    areShort: choices.length > SHORT_LIST && choices.every((choice) => isShort(choice)),
    ...(label === undefined ? {} : { label }),
    ...(error === undefined ? {} : { error }),
    ...(schema.maxLength === undefined ? {} : { maxLength: schema.maxLength }),
  }
}

const textOf = (raw: RawValues[string]) => (typeof raw === 'string' ? raw : (raw ?? []).join('\n'))

const SHORT_LIST = 12
const SHORT_TEXT = 8

function isShort(choice: Choice): boolean {
  return 'text' in choice && choice.text.length <= SHORT_TEXT
}
