/**
 * The form of one kind of report as a schema for the pages: what the documents ask
 * (`wire/intake/report-forms.ts`), with the controls and the choices that are data.
 */
import { Type } from '@sinclair/typebox'
import { type KindChannel, OTHER_LAW } from '../../app/report-channels.ts'
import {
  everyQuestion,
  type FormAnswers,
  isReportKind,
  type Question,
  questionsOf,
  REPORT_FORMS,
  REPORT_SECTORS,
  type ReportForm,
  type ReportKind,
  reportFormOf,
  valueSchema,
} from '../../wire/intake/report-forms.ts'
import type { Choice, FieldKind, FormHints, FormSchema } from '../form/field-spec.ts'
import { type FieldModel, formModel, type RawValues } from '../form/form-model.ts'
import type { SealedReportModel } from './sealed/model.ts'

/** What programs mean that name no kind, as they did before there were kinds. */
const KIND_IF_NOT_SAID: ReportKind = 'incident'

export type ChosenForm = {
  readonly form: ReportForm
  readonly sector: string | undefined
  readonly questions: readonly Question[]
}

/** @returns undefined if what was sent names a kind or a sector that is none */
export function chosenForm(values: RawValues): ChosenForm | undefined {
  const kind = textOf(values['kind']) || KIND_IF_NOT_SAID
  const sector = textOf(values['sector']) || undefined
  if (!isReportKind(kind)) return undefined
  if (sector !== undefined && !REPORT_SECTORS.some((one) => one === sector)) return undefined
  const form = reportFormOf(kind)
  return { form, sector, questions: questionsOf(form, sector) }
}

const textOf = (value: RawValues[string]) => (typeof value === 'string' ? value.trim() : '')

/** The sector is chosen before, with the kind. */
const ASKED_BEFORE = ['sector']

export function schemaOf(
  { questions }: Pick<ChosenForm, 'questions'>,
  askedBefore: readonly string[] = ASKED_BEFORE,
): FormSchema {
  const members = questions
    .filter(({ id }) => !askedBefore.includes(id))
    .map((question) => {
      const value = valueSchema(question)
      return [question.id, question.required ? value : Type.Optional(value)] as const
    })
  return Type.Object({
    ...Object.fromEntries(members),
    website: Type.Optional(Type.String({ maxLength: 200 })),
  }) as FormSchema
}

/** Languages that a report is often written in; text in any other is welcome too. */
const LANGUAGES = [
  'en',
  'fr',
  'de',
  'es',
  'ar',
  'it',
  'nl',
  'pl',
  'pt',
  'ro',
  'uk',
  'zh',
  'ja',
  'ko',
]
const OTHER_LANGUAGE = 'und'

export function languageChoices(lang: string): readonly Choice[] {
  const names = new Intl.DisplayNames(lang, { type: 'language' })
  const languages: Choice[] = LANGUAGES.map((code) => ({
    value: code,
    text: names.of(code) ?? code,
  }))
  return [...languages, { value: OTHER_LANGUAGE, key: 'act.fileReport.language.other' }]
}

export function lawChoices(channels: readonly KindChannel[]): readonly Choice[] {
  const routes = channels.find(({ kind }) => kind === 'seriousIncident')?.routes ?? []
  return [
    ...routes.map(({ id, law, authority }) => ({
      value: id,
      text: authority === null ? law : `${law} (${authority})`,
      lang: 'en',
    })),
    { value: OTHER_LAW, key: 'act.fileReport.law.other' },
  ]
}

const WIDGETS: Readonly<Record<Question['type'], FieldKind>> = {
  text: 'text',
  longText: 'textarea',
  one: 'radios',
  many: 'checkboxes',
  date: 'date',
  language: 'select',
  law: 'select',
}

export function hintsOf(
  questions: readonly Question[],
  lang: string,
  channels: readonly KindChannel[],
): FormHints {
  return {
    choices: { language: languageChoices(lang), law: lawChoices(channels) },
    widgets: {
      ...Object.fromEntries(questions.map(({ id, type }) => [id, WIDGETS[type]])),
      website: 'honeypot',
    },
  }
}

export type StepModel = { readonly id: string; readonly fields: readonly FieldModel[] }

/** The fields of a page under the steps of its form; a step without a question is left out. */
export function stepsOf({ steps }: ReportForm, fields: readonly FieldModel[]): StepModel[] {
  return steps
    .map(({ id, questions }) => ({
      id,
      fields: questions.flatMap((question) => fields.filter(({ name }) => name === question.id)),
    }))
    .filter((step) => step.fields.length > 0)
}

/** What was read, as it lies in a sealed report: with its kind, without what is sealed apart. */
export function answersOf(
  { form, sector, questions }: ChosenForm,
  input: Readonly<Record<string, unknown>>,
): FormAnswers & { readonly language: string } {
  const apart = new Set(questions.filter((one) => one.sealedApart).map(({ id }) => id))
  const said = Object.entries(input as FormAnswers).filter(
    ([id, value]) => !apart.has(id) && value.length > 0,
  )
  const chosen = { kind: form.kind, ...(sector === undefined ? {} : { sector }) }
  return { language: 'und', ...Object.fromEntries(said), ...chosen }
}

/** For the page that seals: every question once, and what each kind asks. */
export function sealedQuestions(
  lang: string,
  channels: readonly KindChannel[],
): Pick<SealedReportModel, 'fields' | 'steps' | 'forms'> {
  const questions = everyQuestion()
  const hints = hintsOf(questions, lang, channels)
  // Radio buttons belong together by their name; these controls have none.
  const lists = questions.filter(({ type }) => type === 'one').map(({ id }) => [id, 'select'])
  const widgets = { ...hints.widgets, ...Object.fromEntries(lists) }
  const schema = schemaOf({ questions }, [])
  const { fields } = formModel('fileReport', schema, {}, [], { ...hints, widgets, action: '' })
  const steps = REPORT_FORMS.flatMap((form) => form.steps.map(({ id }) => id))
  return {
    fields: fields.filter(({ kind }) => kind !== 'honeypot'),
    steps: [...new Set(steps)],
    forms: REPORT_FORMS.map(({ kind, steps: asked }) => ({
      kind,
      steps: asked.map((step) => ({ id: step.id, questions: step.questions.map(askedOf) })),
    })),
  }
}

function askedOf({ id, required, sector }: Question) {
  return { id, ...(required ? { required } : {}), ...(sector ? { sector } : {}) }
}
