/** The first question: which kind of report it is, in plain words, and which sector. */
import { Type } from '@sinclair/typebox'
import { REPORT_KINDS, REPORT_SECTORS } from '../../../wire/intake/report-forms.ts'
import type { FormHints, FormSchema } from '../../form/field-spec.ts'
import type { FormModel } from '../../form/form-model.ts'

export type ChooseModel = {
  readonly form: FormModel
  /** The form's token, and what was written before. */
  readonly hidden: readonly { readonly name: string; readonly value: string }[]
}

const literals = (values: readonly string[]) =>
  Type.Union(values.map((value) => Type.Literal(value)))

export const chooseSchema: FormSchema = Type.Object({
  kind: literals(REPORT_KINDS),
  sector: Type.Optional(literals(REPORT_SECTORS)),
})

export const chooseHints: FormHints = {
  choices: {
    kind: REPORT_KINDS.map((value) => ({
      value,
      key: `act.fileReport.kind.${value}`,
      hintKey: `reportKind.${value}.hint`,
    })),
  },
  widgets: { kind: 'radios', sector: 'radios' },
}
