/**
 * The report form that needs no script. Sealing happens in the server's memory
 * on arrival; the page says so before the first question and at the button.
 */
import { Type } from '@sinclair/typebox'
import type { FormModel } from '../../form/form-model.ts'

export type BasicReportModel = { readonly form: FormModel }

/** Few fields are needed: what happened, and a title. The names are those in a sealed report. */
export const basicReportSchema = Type.Object({
  title: Type.String({ minLength: 3, maxLength: 160 }),
  whatHappened: Type.String({ minLength: 10, maxLength: 60_000, widget: 'textarea' }),
  systemName: Type.Optional(Type.String({ maxLength: 160 })),
  developer: Type.Optional(Type.String({ maxLength: 160 })),
  deployer: Type.Optional(Type.String({ maxLength: 160 })),
  alreadyPublic: Type.Union(
    [Type.Literal('yes'), Type.Literal('no'), Type.Literal('unknown')],
    { widget: 'radios' },
  ),
  references: Type.Optional(Type.String({ maxLength: 4000, widget: 'textarea' })),
  language: Type.Optional(Type.String({ maxLength: 60 })),
  affected: Type.Optional(Type.String({ maxLength: 4000, widget: 'textarea' })),
  attachment: Type.Optional(Type.String({ widget: 'file' })),
  contact: Type.Optional(Type.String({ maxLength: 1000, widget: 'textarea' })),
  website: Type.Optional(Type.String({ maxLength: 200, widget: 'honeypot' })),
})
