/**
 * The questions of one kind of report, for the way that needs no script. Sealing happens in
 * the server's memory on arrival; the page says so before the first question and where the
 * report is sent.
 */
import type { KindChannel } from '../../../app/report-channels.ts'
import type { ReportKind } from '../../../wire/intake/report-forms.ts'
import type { FieldModel, FormModel } from '../../form/form-model.ts'
import type { StepModel } from '../report-form.ts'

export type BasicReportModel = {
  /** Its errors, and where it is sent. */
  readonly form: FormModel
  readonly kind: ReportKind
  readonly steps: readonly StepModel[]
  /** The field that people leave empty. */
  readonly trap: readonly FieldModel[]
  readonly hidden: readonly { readonly name: string; readonly value: string }[]
  readonly channel: KindChannel
}
