/**
 * Opening a sealed report in the officer's browser. The identity is read there
 * and is never sent; opening is recorded when the officer admits or declines.
 */
import { reportForm } from '../../../app/report-form.ts'
import type { Because } from '../../../base/decision.ts'
import type { CalendarDate } from '../../../base/time.ts'
import { WHY_NOT_OPENED, type WhyNotOpened } from '../../../core/sealing/events.ts'
import type { FiledContext } from '../../../wire/intake/report-document.ts'
import { REPORT_KINDS, REPORT_SECTORS } from '../../../wire/intake/report-forms.ts'
import type { ReportWords } from '../../../wire/intake/report-words.ts'
import type { FormHints, FormSchema } from '../../form/field-spec.ts'
import type { FormModel } from '../../form/form-model.ts'
import { languageChoices } from '../../reporter/report-form.ts'

export type OpenReportModel = {
  readonly filing: {
    readonly id: string
    readonly filedOn: CalendarDate
    readonly level: string
    readonly sealedSizeBytes: number
    readonly sha256: string
    readonly recipients: readonly string[]
    /** What the signed receipt says: an opened report must say the same. */
    readonly context: FiledContext
    /** Sealed files are below it, by their position. */
    readonly attachmentsAddress: string
    /** Where it is recorded that somebody opens an original beside its cleaned copy. */
    readonly originalsAddress: string
    /** Of files that were sealed again: digests of what is inside, by position; hex. */
    readonly attachmentDigests: readonly (string | null)[]
  }
  /** The questions of the forms in the officer's words. */
  readonly words: ReportWords
  /** The admit form; the script fills the fields whose names the report uses. */
  readonly form: FormModel
  /** For a report that does not open. */
  readonly notOpened: {
    readonly form: FormModel
    readonly tried: readonly { readonly name: string; readonly why: WhyNotOpened }[]
    readonly closedOn?: CalendarDate
  }
  /** Why the form that was just sent was refused. */
  readonly refusedNow?: readonly Because[]
}

const { properties: asked } = reportForm

/**
 * The reporter's questions without the contact, which never enters a case. Where
 * a record in AVID's form was attached, it is admitted instead of the answers.
 */
export const admitSchema: FormSchema = {
  type: 'object',
  required: ['title'],
  properties: {
    title: asked.title,
    whatHappened: asked.whatHappened,
    systemName: asked.systemName,
    developer: asked.developer,
    deployer: asked.deployer,
    isPublic: asked.isPublic,
    references: asked.references,
    language: asked.language,
    affected: asked.affected,
    kind: { type: 'string', enum: [...REPORT_KINDS] },
    sector: { type: 'string', enum: [...REPORT_SECTORS] },
    furtherAnswers: { type: 'string', maxLength: 65_536 },
    avid: {},
  },
}

/** With the colleagues who can be kept out of the case; whoever admits it is none of them. */
export function admitForm(
  lang: string,
  officers: readonly { readonly id: string; readonly name: string }[],
  own: string,
): { readonly schema: FormSchema; readonly hints: FormHints } {
  const others = officers.filter(({ id }) => id !== own)
  const hints = admitHints(lang)
  if (others.length === 0) return { schema: admitSchema, hints }
  const barred = { type: 'array', items: { type: 'string', enum: others.map(({ id }) => id) } }
  const { avid, ...answers } = admitSchema.properties ?? {}
  const choices = others.map(({ id, name }) => ({ value: id, text: name }))
  return {
    schema: { ...admitSchema, properties: { ...answers, barred, ...(avid ? { avid } : {}) } },
    hints: { ...hints, choices: { ...hints.choices, barred: choices } },
  }
}

export const notOpenedSchema: FormSchema = {
  type: 'object',
  required: ['why'],
  properties: { why: { type: 'string', enum: [...WHY_NOT_OPENED] } },
}

export function admitHints(lang: string): FormHints {
  const keyed = (name: string, values: readonly string[]) =>
    values.map((value) => ({ value, key: `act.fileReport.${name}.${value}` }))
  return {
    choices: {
      language: languageChoices(lang),
      kind: keyed('kind', REPORT_KINDS),
      sector: keyed('sector', REPORT_SECTORS),
    },
    widgets: {
      title: 'text',
      systemName: 'text',
      developer: 'text',
      deployer: 'text',
      whatHappened: 'textarea',
      furtherAnswers: 'textarea',
      language: 'select',
      kind: 'select',
      sector: 'select',
      isPublic: 'radios',
      avid: 'json',
    },
  }
}
