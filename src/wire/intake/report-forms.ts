/**
 * The guided forms of the portal, as data: one document for each kind of report
 * (`vocabulary/report-forms`). The same documents make the page without a script, the page
 * that seals in the browser, the officer's open page and the machine form of a report.
 *
 * A document says what is asked and in which order; the words are messages
 * (`act.fileReport.<question>`), so a better translation is no new form. What is signed into
 * a receipt is one digest over all offered forms together: it must not tell which kind of
 * report was sealed.
 */
import { type Static, Type } from '@sinclair/typebox'
import complaintFile from '../../../vocabulary/report-forms/complaint.json' with { type: 'json' }
import flawFile from '../../../vocabulary/report-forms/flaw.json' with { type: 'json' }
import incidentFile from '../../../vocabulary/report-forms/incident.json' with { type: 'json' }
import misconductFile from '../../../vocabulary/report-forms/misconduct.json' with { type: 'json' }
import seriousIncidentFile from '../../../vocabulary/report-forms/serious-incident.json' with {
  type: 'json',
}
import versionsFile from '../../../vocabulary/report-forms/versions.json' with { type: 'json' }
import { type Bytes, toHex } from '../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import type { Hashing } from '../../proof/primitives.ts'
import { requireForm, strictObject, Version1 } from '../exchange/form.ts'

export const REPORT_KINDS = [
  'flaw',
  'incident',
  'seriousIncident',
  'misconduct',
  'complaint',
] as const
export type ReportKind = (typeof REPORT_KINDS)[number]

export const REPORT_SECTORS = [
  'health',
  'finance',
  'criticalInfrastructure',
  'publicServices',
  'other',
] as const
export type ReportSector = (typeof REPORT_SECTORS)[number]

export const REPORT_TEXT_MAX = 64 * 1024

const NameForm = Type.String({ pattern: '^[a-z][A-Za-z]{1,39}$' })
const literals = <T extends readonly string[]>(values: T) =>
  Type.Union(values.map((value) => Type.Literal(value as T[number])))

export const QuestionForm = strictObject({
  /** Never used again for another meaning: opened reports are read by it. */
  id: NameForm,
  type: literals(['text', 'longText', 'one', 'many', 'date', 'language', 'law'] as const),
  required: Type.Optional(Type.Literal(true)),
  maxLength: Type.Optional(Type.Integer({ minimum: 1, maximum: REPORT_TEXT_MAX })),
  choices: Type.Optional(Type.Array(NameForm, { minItems: 2, maxItems: 20, uniqueItems: true })),
  /** Asked only of whoever chose this sector. */
  sector: Type.Optional(literals(REPORT_SECTORS)),
  /** Not among the answers: it is sealed in two layers, for two groups of officers. */
  sealedApart: Type.Optional(Type.Literal(true)),
})

export const ReportFormForm = strictObject({
  v: Version1,
  kind: literals(REPORT_KINDS),
  steps: Type.Array(
    strictObject({
      id: NameForm,
      questions: Type.Array(QuestionForm, { minItems: 1, maxItems: 40 }),
    }),
    { minItems: 1, maxItems: 20 },
  ),
})

export type Question = Static<typeof QuestionForm>
export type ReportForm = Static<typeof ReportFormForm>

/** As filed: text, or the chosen ones of several. */
export type FormAnswers = { readonly [question: string]: string | readonly string[] }

/** In the order in which a reporter is offered them. */
export const REPORT_FORMS: readonly ReportForm[] = [
  flawFile,
  incidentFile,
  seriousIncidentFile,
  misconductFile,
  complaintFile,
].map((file) => {
  requireForm(ReportFormForm, file as Json, '')
  return file as unknown as ReportForm
})

/** Every set of forms that was offered, by the digest that receipts name; the last is in use. */
export const FORM_VERSIONS: readonly { readonly version: number; readonly digest: string }[] =
  versionsFile.versions
export const FORM_VERSION = FORM_VERSIONS.at(-1)?.version ?? 0

/** Found once: no form changes while a program runs, and every filing asks. */
let knownDigest: string | undefined

export function formsDigest({ sha256 }: Hashing): string {
  knownDigest ??= toHex(sha256(formsBytes()))
  return knownDigest
}

function formsBytes(): Bytes {
  return canonicalBytes({ v: 1, forms: REPORT_FORMS as unknown as Json })
}

export function isReportKind(value: unknown): value is ReportKind {
  return REPORT_KINDS.some((kind) => kind === value)
}

export function reportFormOf(kind: ReportKind): ReportForm {
  return REPORT_FORMS.find((form) => form.kind === kind) as ReportForm
}

/** What is asked in this kind, of whoever chose that sector. */
export function questionsOf({ steps }: ReportForm, sector?: string): readonly Question[] {
  return steps
    .flatMap(({ questions }) => questions)
    .filter((question) => question.sector === undefined || question.sector === sector)
}

/** Every question of every kind, once. */
export function everyQuestion(): readonly Question[] {
  const all = REPORT_FORMS.flatMap((form) => form.steps.flatMap(({ questions }) => questions))
  return [...new Map(all.map((question) => [question.id, question])).values()]
}

/** The machine form: a JSON Schema of the answers of one kind, as they lie in a sealed report. */
export function answersSchema(form: ReportForm) {
  const members = form.steps
    .flatMap(({ questions }) => questions)
    .filter(({ sealedApart }) => !sealedApart)
    .map((question) => {
      const value = valueSchema(question)
      return [question.id, question.required ? value : Type.Optional(value)] as const
    })
  return Type.Object(
    { kind: Type.Literal(form.kind), ...Object.fromEntries(members) },
    { additionalProperties: false },
  )
}

export const LANGUAGE_PATTERN = '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
const LAW_MAX = 100

export function valueSchema({ type, maxLength, choices = [], required }: Question) {
  switch (type) {
    case 'one':
      return Type.Union(choices.map((choice) => Type.Literal(choice)))
    case 'many':
      return Type.Array(Type.Union(choices.map((choice) => Type.Literal(choice))), {
        maxItems: choices.length,
        uniqueItems: true,
      })
    case 'date':
      return Type.String({ format: 'date', maxLength: 10 })
    case 'language':
      return Type.String({ maxLength: 35, pattern: LANGUAGE_PATTERN })
    case 'law':
      return Type.String({ maxLength: LAW_MAX })
    default:
      return Type.String({
        maxLength: maxLength ?? REPORT_TEXT_MAX,
        ...(required ? { minLength: 1 } : {}),
      })
  }
}
