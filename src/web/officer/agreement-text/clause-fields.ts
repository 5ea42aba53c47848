/**
 * What a clause of each kind is made of, as fields of a form: one table, from which the form
 * is shown, read and filled. Conditions of a clause (`when`) have no field: they stay as
 * they are, and are written as data.
 */
import { type TSchema, Type } from '@sinclair/typebox'
import { canonicalText, type Json } from '../../../base/canonical-json.ts'
import { type Instant, isInstant } from '../../../base/time.ts'
import {
  AGREEMENT_PHASES,
  CARVE_OUTS,
  CLAUSE_MEMBERS,
  type Clause,
  type ClauseKind,
  COST_BEARERS,
  DUTY_KINDS,
  HANDLING_CODES,
  isLasting,
  JOINING_CONSENTS,
  RAPID_MEMBERS,
  RELEASE_KINDS,
  SAFE_HARBOURS,
  TLP_LABELS,
} from '../../../core/agreement/clause.ts'
import type { AgreementDocument } from '../../../core/agreement/document.ts'
import type { Choice, FieldKind, FormHints, FormSchema } from '../../form/field-spec.ts'
import type { FieldError, RawValues } from '../../form/form-model.ts'
import { localTimeOf, readForm } from '../../form/read-form.ts'

export const CLAUSE_FORM = 'agreementClause'

type Field = {
  readonly schema: TSchema
  readonly choices?: (document: AgreementDocument) => readonly Choice[]
  readonly widget?: FieldKind
}

const Word = Type.String({ maxLength: 128 })
const Days = Type.Integer({ minimum: 1, maximum: 36_600 })
const Lines = Type.Array(Type.String({ maxLength: 400 }), { maxItems: 20 })
const Way = Type.Object({ from: Word, to: Word })

/** Fixed words, with their texts in the catalogue. */
const fixed =
  (group: string, words: readonly string[]): NonNullable<Field['choices']> =>
  () =>
    words.map((value) => ({ value, key: `word.${group}.${value}` }))
const plainly = (words: readonly string[]) => () => words.map((value) => ({ value, text: value }))
type Named = { readonly id: string; readonly text: string }
const named = (list: (document: AgreementDocument) => readonly Named[]): Field['choices'] => {
  return (document) =>
    list(document).map(({ id, text }) => ({ value: id, text: `${id}: ${text}`, lang: 'en' }))
}
const some = (choices: Field['choices']): Field => ({
  schema: Type.Array(Word),
  ...(choices ? { choices } : {}),
  widget: 'checkboxes',
})
const one = (choices: Field['choices']): Field => ({
  schema: Word,
  ...(choices ? { choices } : {}),
  widget: 'select',
})

const categories = some(named((document) => document.categories))
const days: Field = { schema: Days }
const ways: Field = {
  schema: Type.Array(Way),
  widget: 'checkboxes',
  choices: ({ parties }) =>
    parties.flatMap(({ node: from }) =>
      parties
        .filter(({ node }) => node !== from)
        .map(({ node: to }) => ({ value: canonicalText({ from, to }), text: `${from} → ${to}` })),
    ),
}
const orders = some(({ parties }) =>
  [...new Set(parties.map(({ legalOrder }) => legalOrder))].map((value) => ({
    value,
    text: value,
  })),
)

export const CLAUSE_FIELDS: Readonly<Record<ClauseKind, Readonly<Record<string, Field>>>> = {
  permitRelease: {
    categories,
    purposes: some(named((document) => document.purposes)),
    releaseKinds: some(fixed('releaseKind', RELEASE_KINDS)),
    duties: some(named(({ clauses }) => clauses.filter(({ kind }) => kind === 'duty'))),
    between: ways,
    phases: some(fixed('cooperationPhase', AGREEMENT_PHASES)),
  },
  forbidRelease: { categories, to: orders },
  requireTransferInstrument: {},
  requireConsent: { categories },
  requireAuthorisation: { categories },
  requireSecondOfficer: { categories },
  handling: {
    categories,
    tlp: one(plainly(TLP_LABELS)),
    codes: some(fixed('handlingCode', HANDLING_CODES)),
  },
  exempt: {
    clauses: some(named(({ clauses }) => clauses)),
    until: { schema: Type.String({ maxLength: 40 }), widget: 'instant' },
  },
  carveOut: { ground: one(fixed('carveOut', CARVE_OUTS)) },
  phase: {
    phase: one(fixed('cooperationPhase', AGREEMENT_PHASES)),
    fromAt: { schema: Type.String({ maxLength: 40 }), widget: 'instant' },
  },
  duty: {
    'duty.kind': one(fixed('dutyKind', DUTY_KINDS)),
    'duty.withinDays': { schema: Type.Optional(Days) },
  },
  rapidAmendment: { noticeDays: days, members: some(fixed('rapidMember', RAPID_MEMBERS)) },
  dispute: {
    steps: { schema: Lines, widget: 'lines' },
    suspendsClause: { schema: Type.Boolean() },
  },
  membership: { joining: one(fixed('joiningConsent', JOINING_CONSENTS)), noticeDays: days },
  safeHarbour: { protects: one(fixed('safeHarbour', SAFE_HARBOURS)) },
  costs: { borneBy: one(fixed('costBearer', COST_BEARERS)) },
  confidentiality: { survivesDays: days },
  exchangeVersion: { minimum: { schema: Type.Integer({ minimum: 1, maximum: 1000 }) } },
  requireRightsTest: {},
  requireReview: {},
  requireEmbargoConsent: {},
  statement: {},
}

export const isKnownKind = (kind: string): kind is ClauseKind => Object.hasOwn(CLAUSE_FIELDS, kind)

/** The form of a clause of this kind; one that is not known has its words only. */
export function clauseForm(
  kind: string,
  document: AgreementDocument,
): { readonly schema: FormSchema; readonly hints: FormHints } {
  const fields = Object.entries(isKnownKind(kind) ? CLAUSE_FIELDS[kind] : {})
  const may: readonly string[] = isKnownKind(kind) ? (CLAUSE_MEMBERS[kind].may ?? []) : []
  const properties: Record<string, TSchema> = {
    id: Type.String({ minLength: 1, maxLength: 128 }),
    text: Type.String({ minLength: 1, maxLength: 4000 }),
  }
  for (const [name, { schema }] of fields) {
    properties[name.replace('.', '_')] = may.includes(name) ? Type.Optional(schema) : schema
  }
  const choices: Record<string, readonly Choice[]> = {}
  const widgets: Record<string, FieldKind> = { text: 'textarea' }
  for (const [name, field] of fields) {
    const shown = name.replace('.', '_')
    if (field.choices) choices[shown] = field.choices(document)
    if (field.widget) widgets[shown] = field.widget
  }
  return { schema: Type.Object(properties) as unknown as FormSchema, hints: { choices, widgets } }
}

/** What stands in the fields: the clause as it is. */
export function clauseValues(clause: Clause, zone: string): RawValues {
  const { id, text, kind, ...members } = clause as Clause & Record<string, unknown>
  const values: Record<string, string | readonly string[]> = { id, text }
  for (const name of Object.keys(isKnownKind(kind) ? CLAUSE_FIELDS[kind] : {})) {
    const [head = '', leaf] = name.split('.')
    const whole = (members as Record<string, unknown>)[head]
    const value = leaf ? (whole as Record<string, unknown> | undefined)?.[leaf] : whole
    if (value !== undefined) values[name.replace('.', '_')] = shownValue(name, value, zone)
  }
  return values
}

function shownValue(name: string, value: unknown, zone: string): string | readonly string[] {
  if (name === 'steps') return (value as readonly Step[]).map(lineOf).join('\n')
  if (Array.isArray(value)) {
    return value.map((item) => (typeof item === 'string' ? item : canonicalText(item)))
  }
  const text = String(value)
  return isInstant(text) ? localTimeOf(text as Instant, zone) : text
}

type Step = { readonly before: string; readonly withinDays: number }
const lineOf = ({ before, withinDays }: Step) => `${before}: ${withinDays}`
const STEP_LINE = /^(.{1,300}?)\s*:\s*([1-9][0-9]{0,4})$/

export type ReadClause = { readonly clause: Clause } | { readonly errors: readonly FieldError[] }

/** The clause that a form sent, in the place of `before`. */
export function readClause(
  before: Clause,
  raw: RawValues,
  document: AgreementDocument,
  zone: string,
): ReadClause {
  const { kind } = before
  const { schema, hints } = clauseForm(kind, document)
  const read = readForm(schema, raw, { ...hints, zone })
  if (!read.isValid) return { errors: read.errors }
  const { id, text, ...members } = read.input
  if (!isKnownKind(kind)) return { clause: { ...before, id, text } as unknown as Clause }
  const made = membersOf(kind, members)
  if (made.errors.length > 0) return { errors: made.errors }
  const when = 'when' in before ? { when: before.when } : {}
  return { clause: { id, text, kind, ...made.members, ...when } as unknown as Clause }
}

function membersOf(kind: ClauseKind, given: Readonly<Record<string, Json>>) {
  const may: readonly string[] = CLAUSE_MEMBERS[kind].may ?? []
  const members: Record<string, Json> = {}
  const errors: FieldError[] = []
  for (const [name, value] of Object.entries(given)) {
    const isLeftOut = may.includes(name) && Array.isArray(value) && value.length === 0
    if (name === 'steps') {
      const steps = (value as readonly string[]).map((line) => STEP_LINE.exec(line))
      if (steps.some((step) => step === null)) errors.push({ field: name, reason: 'steps' })
      members[name] = steps.flatMap((step) =>
        step ? [{ before: step[1] ?? '', withinDays: Number(step[2]) }] : [],
      )
    } else if (!isLeftOut && !name.startsWith('duty_')) members[name] = value
  }
  if (kind === 'duty') {
    const { duty_kind: of = '', duty_withinDays: withinDays } = given
    const isForGood = isLasting(String(of))
    if (!isForGood && withinDays === undefined) {
      errors.push({ field: 'duty_withinDays', reason: 'required' })
    }
    members['duty'] =
      isForGood || withinDays === undefined ? { kind: of } : { kind: of, withinDays }
  }
  return { errors, members }
}
