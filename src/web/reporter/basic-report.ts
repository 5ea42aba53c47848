/**
 * The way to report that needs no script: choose the kind, answer, check, send. Nothing is
 * kept between the pages: what was written travels with the form, and the address stays
 * the same, so that no history tells how far somebody came or what they chose.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fileReport } from '../../app/file-report.ts'
import { type KindChannel, reportChannels } from '../../app/report-channels.ts'
import { canonicalText, type Json } from '../../base/canonical-json.ts'
import { MINUTE_MS, msOf, SECOND_MS } from '../../base/time.ts'
import { REPORT_FORMS } from '../../wire/intake/report-forms.ts'
import { problem, problemOfRefusal } from '../../wire/problem.ts'
import type { FieldError, RawValues } from '../form/form-model.ts'
import { formModel } from '../form/form-model.ts'
import { linkTo, ROUTES } from '../routes.ts'
import {
  languageOf,
  type SiteKit,
  sendJson,
  sendPage,
  sendProblemJson,
  wantsJson,
} from '../site-kit.ts'
import { BASIC_LIMITS, type BasicIntake, basicIntake, DEMO_LIMITS } from './basic-intake.ts'
import { chooseHints, chooseSchema } from './choose/model.ts'
import { readReportForm, type SentReport, TOKEN } from './file-form.ts'
import { type FormTokens, type Opened, openedNow } from './form-token.ts'
import { addressOf } from './notice-routes.ts'
import { type ReporterView, receiptModel } from './presenter.ts'
import { type ChosenForm, chosenForm, hintsOf, schemaOf, stepsOf } from './report-form.ts'

type ViewOf = (request: FastifyRequest) => Promise<ReporterView>

export function basicReportRoutes(
  server: FastifyInstance,
  kit: SiteKit,
  tokens: FormTokens,
  viewOf: ViewOf,
): void {
  const { kernel } = kit
  const intake = basicIntake(limitsOf(kit))
  const served = { tokens, intake }
  server.get(ROUTES.reportBasic, async (request, reply) => {
    const now = kernel.clocks.wireNow()
    const formToken = tokens.issue(openedNow(now, intake.dwellSeconds(now)))
    if (wantsJson(request)) return sendJson(reply, { formToken, forms: REPORT_FORMS })
    return choosePage(await turnOf(kit, request, reply, served), { values: {}, errors: [] })
  })
  // The form is read by its own reader, so whatever its type says nothing else parses it.
  server.post(ROUTES.reportBasic, async (request, reply) => {
    const first = await turnOf(kit, request, reply, served)
    const sent = await readReportForm(request, first)
    const turn = sent.opened ? { ...first, opened: sent.opened } : first
    const page = nextPage(turn, sent)
    if (page) return page
    if (!sent.isValid) return answerErrors(turn, sent)
    if (sent.step === 'review') return reviewPage(turn, { ...sent, errors: [] })
    const refused = await refusedNow(turn, sent)
    if (refused) return refused
    const filed = await fileReport(kernel, sent.report)
    if (filed.decision === 'refuse') {
      if (wantsJson(request)) return sendProblemJson(reply, problemOfRefusal(filed))
      const errors = [{ field: '', reason: filed.why }]
      return writePage(turn, { ...sent, values: {}, errors, status: 409 })
    }
    const { code, receipt, statement } = filed.value
    const named = statement ? { statement } : {}
    if (wantsJson(request)) return sendJson(reply, { code, receipt, ...named }, 201)
    const shown = statement ? { statement: canonicalText(statement as unknown as Json) } : {}
    const model = { ...receiptModel(await viewOf(request), code, receipt), ...shown }
    const path = addressOf('report')
    return sendPage(kit, request, reply, 'reporter/receipt', model, { path, status: 201 })
  })
}

/** When the disk gets full, room is kept for what is sealed in browsers; then the bucket. */
async function refusedNow(turn: Turn, sent: Extract<SentReport, { isValid: true }>) {
  const room = (await turn.kit.kernel.intake.room?.()) ?? 'ample'
  if (room === 'scarce' && sent.report.attachment) {
    const errors = [{ field: 'attachment', reason: 'noRoom' }]
    return answerErrors(turn, { ...sent, isValid: false, status: 503, errors })
  }
  if (room === 'none') {
    return answerErrors(turn, { ...sent, isValid: false, status: 503, errors: [FULL] })
  }
  const place = turn.intake.take(turn.now)
  if (place.isTaken) return undefined
  const minutes = Math.ceil((msOf(place.from) - msOf(turn.now)) / MINUTE_MS)
  const errors = [{ field: '', reason: 'busy', limit: minutes }]
  turn.reply.header('retry-after', String((minutes * MINUTE_MS) / SECOND_MS))
  return answerErrors(turn, { ...sent, isValid: false, status: 429, errors })
}

const FULL: FieldError = { field: '', reason: 'full' }

function limitsOf({ kernel: { node, intake } }: SiteKit) {
  return intake.basic ?? (node.profile === 'demo' ? DEMO_LIMITS : BASIC_LIMITS)
}

/** What every page of one request needs. */
type Turn = {
  readonly kit: SiteKit
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly tokens: FormTokens
  readonly intake: BasicIntake
  /** When its first page was shown. */
  readonly opened: Opened
  readonly lang: string
  readonly zone: string
  readonly now: ReturnType<SiteKit['kernel']['clocks']['wireNow']>
  readonly channels: readonly KindChannel[]
}

async function turnOf(
  kit: SiteKit,
  request: FastifyRequest,
  reply: FastifyReply,
  { tokens, intake }: Pick<Turn, 'tokens' | 'intake'>,
): Promise<Turn> {
  const lang = languageOf(kit, request)
  const now = kit.kernel.clocks.wireNow()
  const channels = await reportChannels(kit.kernel)
  const opened = openedNow(now, intake.dwellSeconds(now))
  const { zone } = kit.site
  return { kit, request, reply, tokens, intake, opened, lang, zone, now, channels }
}

type Shown = {
  readonly values: RawValues
  readonly errors: readonly FieldError[]
  readonly chosen?: ChosenForm | undefined
  readonly status?: number
}

/** For buttons that only lead to another page; what is missing there is no error yet. */
function nextPage(turn: Turn, { step, values, chosen }: SentReport) {
  if (wantsJson(turn.request)) return undefined
  if (step === 'kind') return choosePage(turn, { values, errors: [] })
  if (step !== 'choose' && step !== 'change') return undefined
  if (step === 'choose' && !values['kind']) {
    return choosePage(turn, {
      values,
      errors: [{ field: 'kind', reason: 'required' }],
      status: 400,
    })
  }
  return chosen && writePage(turn, { values, errors: [], chosen })
}

function answerErrors(
  turn: Turn,
  sent: Extract<SentReport, { isValid: false }>,
): FastifyReply | Promise<FastifyReply> {
  const { status, chosen } = sent
  if (wantsJson(turn.request)) {
    const errors = sent.errors.map(({ field, reason }) => ({ field: field || 'form', reason }))
    const [first = { field: 'form', reason: 'unreadable' }] = errors
    const detail = `${first.field}: ${first.reason}`
    const facts = { detail, field: first.field, errors }
    const [{ limit: seconds = 0 } = {}] = sent.errors
    if (first.reason === 'tooEarly') turn.reply.header('retry-after', String(seconds))
    return sendProblemJson(turn.reply, problem(status, first.reason, facts))
  }
  if (!chosen) return choosePage(turn, sent)
  const ofReview = ({ field, reason }: FieldError) =>
    field === 'attachment' || OF_REVIEW.has(reason)
  return sent.errors.every(ofReview) ? reviewPage(turn, { ...sent, chosen }) : writePage(turn, sent)
}

/** Who cannot be served here now is told how else to report. */
const OTHER_WAYS = new Set(['busy', 'full', 'noRoom'])

/** Faults of the moment: what was written is shown as it was, to be sent again. */
const OF_REVIEW = new Set(['tooEarly', 'busy', 'full'])

function choosePage(turn: Turn, { values, errors, status = 200 }: Shown) {
  const { kit, request, reply, lang } = turn
  const { kind: _kind, sector: _sector, step: _step, [TOKEN]: _token, ...carried } = values
  const form = formModel('fileReport', chooseSchema, values, errors, {
    ...chooseHints,
    action: linkTo(lang, 'reportBasic'),
  })
  const model = { form, hidden: hiddenOf(turn, carried) }
  return sendPage(kit, request, reply, 'reporter/choose', model, { status })
}

/** Every time with a token of its own: one that was used does not serve again. */
function hiddenOf({ tokens, opened }: Turn, values: RawValues) {
  const carried = Object.entries(values).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : (value ?? [])).map((one) => ({ name, value: one })),
  )
  return [
    { name: TOKEN, value: tokens.issue(opened) },
    ...carried.filter(({ value }) => value !== ''),
  ]
}

function fieldsOfPage({ lang, channels }: Turn, chosen: ChosenForm, { values, errors }: Shown) {
  return formModel('fileReport', schemaOf(chosen), values, errors, {
    ...hintsOf(chosen.questions, lang, channels),
    action: linkTo(lang, 'reportBasic'),
  })
}

const chosenValues = ({ form, sector }: ChosenForm): RawValues =>
  sector === undefined ? { kind: form.kind } : { kind: form.kind, sector }

function writePage(turn: Turn, shown: Shown) {
  const { kit, request, reply, channels } = turn
  const chosen = shown.chosen ?? (chosenForm({}) as ChosenForm)
  const form = fieldsOfPage(turn, chosen, shown)
  const model = {
    form,
    kind: chosen.form.kind,
    steps: stepsOf(chosen.form, form.fields),
    trap: form.fields.filter(({ kind }) => kind === 'honeypot'),
    hidden: hiddenOf(turn, chosenValues(chosen)),
    channel: channelOf(channels, chosen),
  }
  const { status = 200 } = shown
  return sendPage(kit, request, reply, 'reporter/basic', model, { status })
}

function reviewPage(turn: Turn, shown: Shown) {
  const { kit, request, reply, channels } = turn
  const chosen = shown.chosen as ChosenForm
  const { values, errors, status = 200 } = shown
  const form = fieldsOfPage(turn, chosen, { values, errors: [] })
  const asked = new Set(chosen.questions.map(({ id }) => id))
  const answers = Object.entries(values).filter(([name]) => asked.has(name) && name !== 'sector')
  const otherWays = errors.some(({ reason }) => OTHER_WAYS.has(reason))
  const model = {
    otherWays,
    form: { ...form, errors },
    kind: chosen.form.kind,
    ...(chosen.sector === undefined ? {} : { sector: chosen.sector }),
    steps: stepsOf(chosen.form, form.fields),
    hidden: hiddenOf(turn, { ...chosenValues(chosen), ...Object.fromEntries(answers) }),
    channel: channelOf(channels, chosen),
    law: String(values['law'] ?? ''),
  }
  return sendPage(kit, request, reply, 'reporter/review', model, { status })
}

function channelOf(channels: readonly KindChannel[], { form }: ChosenForm): KindChannel {
  const found = channels.find(({ kind }) => kind === form.kind)
  return found ?? { kind: form.kind, act: null, routes: [] }
}
