/**
 * The report form that needs no script. Sealing happens in the server's memory
 * on arrival; the page says so before the first question and at the button.
 */
import { Type } from '@sinclair/typebox'
import { reportForm } from '../../../app/report-form.ts'
import type { Choice, FormHints, FormSchema } from '../../form/field-spec.ts'
import type { FormModel } from '../../form/form-model.ts'

export type BasicReportModel = { readonly form: FormModel }

const { properties: asked } = reportForm

/**
 * The questions of the use case in the order of the page, with the two that are
 * the page's own: the file, and the field that people leave empty.
 */
export const basicReportSchema: FormSchema = Type.Object({
  title: asked.title,
  whatHappened: asked.whatHappened,
  systemName: asked.systemName,
  developer: asked.developer,
  deployer: asked.deployer,
  isPublic: asked.isPublic,
  references: asked.references,
  language: asked.language,
  affected: asked.affected,
  attachment: Type.Optional(Type.String()),
  contact: asked.contact,
  website: Type.Optional(Type.String({ maxLength: 200 })),
})

/** Languages that a report is often written in; text in any other is welcome too. */
const LANGUAGES = ['en', 'fr', 'de', 'es', 'ar', 'it', 'nl', 'pl', 'pt', 'ro', 'uk', 'zh', 'ja']
const OTHER_LANGUAGE = 'und'

export function basicReportHints(lang: string): FormHints {
  const names = new Intl.DisplayNames(lang, { type: 'language' })
  const languages: Choice[] = LANGUAGES.map((code) => ({
    value: code,
    text: names.of(code) ?? code,
  }))
  const other: Choice = { value: OTHER_LANGUAGE, key: 'act.fileReport.language.other' }
  return {
    choices: { language: [...languages, other] },
    widgets: {
      language: 'select',
      whatHappened: 'textarea',
      attachment: 'file',
      website: 'honeypot',
      systemName: 'text',
      developer: 'text',
      deployer: 'text',
      title: 'text',
    },
  }
}
