/** What an officer admits of a report: the answers that every kind of case needs. */
import { Type } from '@sinclair/typebox'

import {
  everyQuestion,
  type FormAnswers,
  LANGUAGE_PATTERN,
  REPORT_KINDS,
  REPORT_TEXT_MAX,
  type ReportKind,
  valueSchema,
} from '../wire/intake/report-forms.ts'

const text = (maxLength: number) => Type.String({ maxLength })

/** Few answers are needed, because every question asked costs reports. */
export const reportForm = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 300 }),
    whatHappened: Type.String({ minLength: 1, maxLength: REPORT_TEXT_MAX }),
    systemName: Type.Optional(text(300)),
    developer: Type.Optional(text(300)),
    deployer: Type.Optional(text(300)),
    affected: Type.Optional(text(4000)),
    isPublic: Type.Optional(
      Type.Union([Type.Literal('no'), Type.Literal('yes'), Type.Literal('unknown')]),
    ),
    references: Type.Optional(text(8000)),
    language: Type.String({ maxLength: 35, pattern: LANGUAGE_PATTERN }),
    contact: Type.Optional(text(2000)),
    kind: Type.Optional(Type.Union(REPORT_KINDS.map((kind) => Type.Literal(kind)))),
  },
  { additionalProperties: false },
)

export type ReportAnswers = {
  readonly title: string
  readonly whatHappened: string
  readonly systemName?: string
  readonly developer?: string
  readonly deployer?: string
  readonly affected?: string
  readonly isPublic?: 'no' | 'yes' | 'unknown'
  readonly references?: string
  readonly language: string
  readonly kind?: ReportKind
}

const OWN = new Set(Object.keys(reportForm.properties))

/** Questions of the guided forms besides those above, all open. */
const furtherQuestions = Object.fromEntries(
  everyQuestion()
    .filter(({ id, sealedApart }) => !OWN.has(id) && !sealedApart)
    .map((question) => [question.id, Type.Optional(valueSchema(question))]),
)

/** Answers as they lie in a sealed report, without the contact, which never enters a case. */
export const admittedAnswersForm = Type.Object(
  {
    ...Type.Omit(reportForm, ['contact']).properties,
    ...furtherQuestions,
    /** The other answers in words, as an officer takes them over. */
    furtherAnswers: Type.Optional(text(REPORT_TEXT_MAX)),
  },
  { additionalProperties: false },
)

export type AdmittedAnswers = ReportAnswers & {
  readonly sector?: string
  readonly furtherAnswers?: string
}

/** What was said beside what every case needs. */
export function furtherOf(answers: AdmittedAnswers): FormAnswers {
  const said = Object.entries(answers as unknown as FormAnswers)
  return Object.fromEntries(said.filter(([id]) => id in furtherQuestions && id !== 'sector'))
}
