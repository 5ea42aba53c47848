/**
 * The report form as it was sent: read from the stream, checked by the form of its kind,
 * turned into the command of the use case. Changes nothing.
 */
import type { FastifyRequest } from 'fastify'
import { ATTACHMENT_MAX_BYTES, type FileReport } from '../../app/file-report.ts'
import type { KindChannel } from '../../app/report-channels.ts'
import { everyQuestion, REPORT_TEXT_MAX } from '../../wire/intake/report-forms.ts'
import type { FieldError, RawValues } from '../form/form-model.ts'
import { readForm } from '../form/read-form.ts'
import { envelopeFault, readParts } from '../form/read-parts.ts'
import { type FormTokens, type Opened, secondsEarly } from './form-token.ts'
import { answersOf, type ChosenForm, chosenForm, hintsOf, schemaOf } from './report-form.ts'

export const TOKEN = 'formToken'
const HONEYPOT = 'website'
const FILE = 'attachment'
const STEP = 'step'

/** What the button asked for. Programs that say nothing send at once. */
export type Step = 'kind' | 'choose' | 'change' | 'review' | 'send'
const STEPS: readonly string[] = ['kind', 'choose', 'change', 'review', 'send'] satisfies Step[]

export type SentReport = {
  readonly step: Step
  /** To be shown again, so that nothing has to be typed twice. */
  readonly values: RawValues
  readonly chosen: ChosenForm | undefined
  /** Of its token; absent: it has none that counts. */
  readonly opened?: Opened | undefined
} & (
  | { readonly isValid: true; readonly report: FileReport }
  | {
      readonly isValid: false
      readonly status: number
      readonly errors: readonly FieldError[]
    }
)

export type FormReading = {
  readonly tokens: FormTokens
  readonly lang: string
  readonly zone: string
  readonly now: Parameters<FormTokens['openedAt']>[1]
  readonly channels: readonly KindChannel[]
}

const ALL = everyQuestion()
const rules = {
  texts: [...ALL.map(({ id }) => id), 'kind', HONEYPOT, STEP, TOKEN],
  lists: ALL.filter(({ type }) => type === 'many').map(({ id }) => id),
  textMaxBytes: REPORT_TEXT_MAX,
  file: { name: FILE, maxBytes: ATTACHMENT_MAX_BYTES },
}

export async function readReportForm(
  request: FastifyRequest,
  reading: FormReading,
): Promise<SentReport> {
  const envelope = envelopeFault(request)
  if (envelope) {
    const { status, ...fault } = envelope
    // Dropped, so that the answer reaches a client that is still sending.
    request.raw.resume()
    const chosen = chosenForm({})
    return { step: 'send', isValid: false, status, errors: [fault], values: {}, chosen }
  }
  const { file, errors: faults, ...parts } = await readParts(request, rules)
  const values: RawValues = { ...parts.values, ...parts.lists }
  const step = stepOf(values[STEP])
  const chosen = chosenForm(values)
  const read = chosen && { chosen, ...checkAnswers(chosen, values, reading) }
  const token = String(values[TOKEN] ?? '')
  const opened = reading.tokens.openedAt(token, reading.now)
  const errors = [
    ...faults,
    ...(values[HONEYPOT] ? [{ field: HONEYPOT, reason: 'honeypot' }] : []),
    ...(read ? read.errors.filter(({ field }) => !isAmong(faults, field)) : [NO_KIND]),
    ...(opened ? tooEarly(step, opened, reading.now) : [{ field: '', reason: 'expired' }]),
  ]
  if (!read || errors.length > 0) {
    return { step, isValid: false, status: statusOf(errors), errors, values, chosen, opened }
  }
  const { contact } = read.input
  const report = {
    answers: answersOf(read.chosen, read.input),
    contact: contact as string | undefined,
    attachment: file,
    formToken: token,
  }
  return { step, isValid: true, report, values, chosen, opened }
}

/** Programs that fill in whatever they find send at once; nobody reads a form in that time. */
function tooEarly(step: Step, opened: Opened, now: FormReading['now']): readonly FieldError[] {
  const limit = step === 'send' ? secondsEarly(opened, now) : 0
  return limit > 0 ? [{ field: '', reason: 'tooEarly', limit }] : []
}

const NO_KIND: FieldError = { field: 'kind', reason: 'choice' }

function stepOf(value: RawValues[string]): Step {
  return STEPS.includes(String(value)) ? (value as Step) : 'send'
}

function checkAnswers(
  chosen: ChosenForm,
  values: RawValues,
  { lang, zone, channels }: FormReading,
) {
  const asked = new Set([...chosen.questions.map(({ id }) => id), 'kind', HONEYPOT, STEP, TOKEN])
  const strange = Object.keys(values)
    .filter((name) => !asked.has(name))
    .map((field) => ({ field, reason: 'unknownField' }))
  const hints = hintsOf(chosen.questions, lang, channels)
  const form = readForm(schemaOf(chosen), values, { ...hints, zone })
  const errors = form.isValid ? strange : [...strange, ...form.errors]
  return { errors, input: form.isValid ? form.input : {} }
}

/** A field that could not be read is not missing as well. */
function isAmong(faults: readonly FieldError[], name: string): boolean {
  return faults.some(({ field }) => field === name)
}

const TOO_LARGE = new Set(['size', 'textSize', 'tooManyParts'])

function statusOf(errors: readonly FieldError[]): number {
  if (errors.every(({ reason }) => reason === 'tooEarly')) return 429
  return errors.some(({ reason }) => TOO_LARGE.has(reason)) ? 413 : 400
}
