/**
 * The report form as it was sent: read from the stream, checked by the form's own
 * schema, turned into the command of the use case. Changes nothing.
 */
import type { FastifyRequest } from 'fastify'
import { ATTACHMENT_MAX_BYTES, type FileReport } from '../../app/file-report.ts'
import { REPORT_TEXT_MAX, type ReportAnswers } from '../../app/report-form.ts'
import type { FieldError, RawValues } from '../form/form-model.ts'
import { readForm } from '../form/read-form.ts'
import { envelopeFault, readParts } from '../form/read-parts.ts'
import { basicReportHints, basicReportSchema } from './basic/model.ts'
import type { FormTokens } from './form-token.ts'

const TOKEN = 'formToken'
const HONEYPOT = 'website'
const FILE = 'attachment'

export type SentReport =
  | { readonly isValid: true; readonly report: FileReport }
  | {
      readonly isValid: false
      readonly status: number
      readonly errors: readonly FieldError[]
      /** To be shown again, so that nothing has to be typed twice. */
      readonly values: RawValues
    }

export type FormReading = {
  readonly tokens: FormTokens
  readonly lang: string
  readonly zone: string
  readonly now: Parameters<FormTokens['isValid']>[1]
}

const rules = {
  texts: [...Object.keys(basicReportSchema.properties).filter((name) => name !== FILE), TOKEN],
  textMaxBytes: REPORT_TEXT_MAX,
  file: { name: FILE, maxBytes: ATTACHMENT_MAX_BYTES },
}

export async function readReportForm(
  request: FastifyRequest,
  { tokens, lang, zone, now }: FormReading,
): Promise<SentReport> {
  const envelope = envelopeFault(request)
  if (envelope) {
    const { status, ...fault } = envelope
    // Dropped, so that the answer reaches a client that is still sending.
    request.raw.resume()
    return { isValid: false, status, errors: [fault], values: {} }
  }
  const { values, file, errors: faults } = await readParts(request, rules)
  const form = readForm(basicReportSchema, values, { ...basicReportHints(lang), zone })
  const token = values[TOKEN] ?? ''
  const errors = [
    ...faults,
    ...(values[HONEYPOT] ? [{ field: HONEYPOT, reason: 'honeypot' }] : []),
    ...(form.isValid ? [] : form.errors.filter(({ field }) => !isAmong(faults, field))),
    ...(tokens.isValid(token, now) ? [] : [{ field: '', reason: 'expired' }]),
  ]
  if (!form.isValid || errors.length > 0) {
    return { isValid: false, status: statusOf(errors), errors, values }
  }
  const { contact, ...answers } = form.input
  return {
    isValid: true,
    report: {
      answers: answers as unknown as ReportAnswers,
      contact: contact as string | undefined,
      attachment: file,
      formToken: token,
    },
  }
}

/** A field that could not be read is not missing as well. */
function isAmong(faults: readonly FieldError[], name: string): boolean {
  return faults.some(({ field }) => field === name)
}

const TOO_LARGE = new Set(['size', 'textSize', 'tooManyParts'])

function statusOf(errors: readonly FieldError[]): number {
  return errors.some(({ reason }) => TOO_LARGE.has(reason)) ? 413 : 400
}
