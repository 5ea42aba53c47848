/** The questions of a report, the same however it is sealed. */
import { Type } from '@sinclair/typebox'

export const REPORT_TEXT_MAX = 64 * 1024

const text = (maxLength: number) => Type.String({ maxLength })

/** The form: few questions are required, because every question asked costs reports. */
export const reportForm = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 300 }),
    whatHappened: Type.String({ minLength: 1, maxLength: REPORT_TEXT_MAX }),
    systemName: Type.Optional(text(300)),
    developer: Type.Optional(text(300)),
    deployer: Type.Optional(text(300)),
    affected: Type.Optional(text(4000)),
    isPublic: Type.Union([Type.Literal('no'), Type.Literal('yes'), Type.Literal('unknown')]),
    references: Type.Optional(text(8000)),
    language: Type.String({ maxLength: 35, pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$' }),
    contact: Type.Optional(text(2000)),
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
  readonly isPublic: 'no' | 'yes' | 'unknown'
  readonly references?: string
  readonly language: string
}
