/**
 * Intake: the sealed reports that wait, the page on which an officer opens one in
 * the browser, and its admission into a case. The server hands out sealed bytes
 * and gets back what the officer writes into the form, nothing else.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { maySayNotOpened, sayNotOpened, triedToOpen } from '../../app/close-filing.ts'
import { type OpenCase, openCase } from '../../app/open-case.ts'
import type { Filing } from '../../app/ports/filings.ts'
import type { AdmittedAnswers } from '../../app/report-form.ts'
import { readSealingKeys } from '../../app/sealing-keys.ts'
import { toHex } from '../../base/bytes.ts'
import type { Json } from '../../base/canonical-json.ts'
import { ComityError, malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import { utcDateOf } from '../../base/time.ts'
import type { WhyNotOpened } from '../../core/sealing/events.ts'
import type { SealingKeys } from '../../core/sealing/sealing-keys.ts'
import type { FiledContext } from '../../wire/intake/report-document.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import { type FieldError, formModel, type ShownForm } from '../form/form-model.ts'
import { readForm } from '../form/read-form.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, seeOther, sendFile } from '../site-kit.ts'
import { admitForm, notOpenedSchema } from './open-report/model.ts'
import { reportWords } from './open-report/report-words.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

const BODY_MAX = 2 * 1024 * 1024

/** Two forms stand on the page. */
type ShownReport = ShownForm & { readonly notOpened?: ShownForm }

type FilingParams = { readonly filingId: string }

export function intakeRoutes(server: FastifyInstance, kit: SiteKit): void {
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerIntake,
    group: 'intake',
    handler: intakePage,
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerOpenReport,
    group: 'intake',
    handler: async (turn, request) => {
      const { filingId } = request.params as FilingParams
      return reportPage(turn, filingId, { values: {}, errors: [] })
    },
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerSealedReport,
    group: 'sealedReport',
    handler: async (_turn, request, reply) => {
      const { filingId } = request.params as FilingParams
      const bytes = await sealedReport(kit, filingId)
      return sendFile(reply, { name: 'report.age', mediaType: 'application/octet-stream', bytes })
    },
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerSealedAttachment,
    group: 'sealedReport',
    handler: async (_turn, request, reply) => {
      const { filingId, position } = request.params as FilingParams & { readonly position: string }
      const bytes = await sealedAttachment(kit, filingId, position)
      return sendFile(reply, { name: 'file.age', mediaType: 'application/octet-stream', bytes })
    },
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerAdmit,
    group: 'intake',
    bodyLimit: BODY_MAX,
    handler: (turn, request, reply) => admit(turn, request.params as FilingParams, reply),
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerNotOpened,
    group: 'openCase',
    handler: (turn, request, reply) =>
      sayItDoesNotOpen(turn, request.params as FilingParams, reply),
  })
}

async function sayItDoesNotOpen(
  turn: OfficerTurn,
  { filingId }: FilingParams,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { kit, sent } = turn
  await waitingFiling(kit, filingId)
  const read = readForm(notOpenedSchema, sent, { zone: kit.site.zone })
  if (!read.isValid) {
    const shown = { values: {}, errors: [], notOpened: { values: sent, errors: read.errors } }
    return reportPage(turn, filingId, shown, 400)
  }
  const why = read.input['why'] as WhyNotOpened
  const said = await sayNotOpened(kit.kernel, { filingId, why }, turn.acting)
  if (said.decision === 'permit') return seeOther(reply, linkTo(turn.lang, 'officerIntake'))
  const shown = { values: {}, errors: [], refusedNow: said.because }
  return reportPage(turn, filingId, shown, statusOfRefusal(said.why))
}

async function intakePage(turn: OfficerTurn): Promise<FastifyReply> {
  const { filings, clocks } = turn.kit.kernel
  const today = utcDateOf(clocks.caseNow())
  const [waiting, closed] = await Promise.all([filings.waiting(), filings.closed()])
  return turn.page('officer/intake', {
    closed: closed.flatMap(({ id, filedOn, closedOn }) =>
      closedOn ? [{ id, filedOn, closedOn }] : [],
    ),
    filings: waiting.map(
      ({ id, filedOn, language, hasContact, saysRetaliation, acceptedReceipt }) => {
        const { mode, clocks: owed } = acceptedReceipt.receipt
        const due = owed.find(({ kind }) => kind === ACKNOWLEDGE_CLOCK)
        const state = due && due.dueOn < today ? 'overdue' : 'confirm'
        return {
          id,
          filedOn,
          level: mode,
          language,
          hasContact,
          saysRetaliation,
          state: 'waiting',
          ...(due ? { acknowledgeBy: { due: { on: due.dueOn }, state } } : {}),
        }
      },
    ),
  })
}

/** The period in which a reporter hears that the report arrived. */
const ACKNOWLEDGE_CLOCK = 'eu.whistle/ack'

async function reportPage(
  turn: OfficerTurn,
  filingId: string,
  { values, errors, refusedNow, notOpened = { values: {}, errors: [] } }: ShownReport,
  status = 200,
): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const filing = await waitingFiling(turn.kit, filingId)
  const [bytes, officers, digests, tried] = await Promise.all([
    sealedReport(turn.kit, filingId),
    kernel.people.officers(),
    kernel.filings.attachmentDigests(filingId),
    triedToOpen(kernel, filingId),
  ])
  const openers = openersOf(filing, await readSealingKeys(kernel))
  const asked = admitForm(turn.lang, officers, turn.acting.officer)
  const form = formModel('admitReport', asked.schema, values, errors, {
    ...asked.hints,
    action: linkTo(turn.lang, 'officerAdmit', { filingId }),
    hidden: { formToken: turn.signedIn.formToken },
  })
  const model = {
    filing: {
      id: filingId,
      filedOn: filing.filedOn,
      level: filing.acceptedReceipt.receipt.mode,
      sealedSizeBytes: bytes.length,
      sha256: toHex(kernel.primitives.sha256(bytes)),
      context: contextOf(filing),
      attachmentsAddress: linkTo(turn.lang, 'officerSealedAttachments', { filingId }),
      originalsAddress: linkTo(turn.lang, 'officerOriginals', { filingId }),
      attachmentDigests: digests.map((digest) => (digest ? toHex(digest) : null)),
      recipients: officers.filter(({ id }) => openers.includes(id)).map(({ name }) => name),
    },
    words: reportWords(turn.kit.renderer.catalogues.messagesFor(turn.lang, 'officers')),
    form,
    notOpened: {
      form: formModel('sayReportNotOpened', notOpenedSchema, notOpened.values, notOpened.errors, {
        action: linkTo(turn.lang, 'officerNotOpened', { filingId }),
        hidden: { formToken: turn.signedIn.formToken },
        idPrefix: 'not-opened',
        widgets: { why: 'radios' },
        decision: await maySayNotOpened(kernel, filing, tried, turn.acting),
      }),
      tried: tried.map(({ officer, why }) => ({
        name: officers.find(({ id }) => id === officer)?.name ?? officer,
        why,
      })),
      ...(filing.closedOn ? { closedOn: filing.closedOn } : {}),
    },
    ...(refusedNow ? { refusedNow } : {}),
  }
  return turn.page('officer/open-report', model, status)
}

async function admit(
  turn: OfficerTurn,
  { filingId }: FilingParams,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { kit, sent } = turn
  await waitingFiling(kit, filingId)
  const officers = await kit.kernel.people.officers()
  const asked = admitForm(turn.lang, officers, turn.acting.officer)
  const read = readForm(asked.schema, sent, { ...asked.hints, zone: kit.site.zone })
  const errors = read.isValid ? missingAnswers(read.input) : read.errors
  if (!read.isValid || errors.length > 0) {
    return reportPage(turn, filingId, { values: sent, errors }, 400)
  }
  try {
    const opened = await openCase(kit.kernel, commandOf(read.input, filingId), turn.acting)
    if (opened.decision === 'refuse') {
      const shown = { values: sent, errors: [], refusedNow: opened.because }
      return reportPage(turn, filingId, shown, statusOfRefusal(opened.why))
    }
    const { streamId: caseId } = opened.value
    const place = linkTo(turn.lang, 'officerCase', { caseId })
    return seeOther(reply, place)
  } catch (error) {
    // A record that is not in AVID's form names where it is wrong.
    if (!(error instanceof ComityError) || error.code !== 'malformed') throw error
    return reportPage(
      turn,
      filingId,
      { values: sent, errors: [{ field: 'avid', reason: 'avid' }] },
      400,
    )
  }
}

/** Who stood in the roster that the report is sealed to. */
function openersOf(filing: Filing, { rosters }: SealingKeys): readonly string[] {
  const roster = rosters.findLast(({ digest }) => digest === filing.sealedFor)
  return (roster?.entries ?? []).flatMap(({ layer, holder }) =>
    layer === 'inner' && 'officer' in holder ? [holder.officer] : [],
  )
}

/** Only what the opened report is compared with. */
function contextOf({ acceptedReceipt: { receipt } }: Filing): FiledContext {
  const { origin, formDigest, recipientsDigest, bundleDigest, mode, statementDigest } = receipt
  const script = bundleDigest === undefined ? {} : { bundleDigest }
  const statement = statementDigest === undefined ? {} : { statementDigest }
  return { origin, formDigest, recipientsDigest, mode, ...script, ...statement }
}

type Admitted = Readonly<Record<string, Json>>

/** Without an attached record the answers are the record. */
function missingAnswers(input: Admitted): FieldError[] {
  if (input['avid'] !== undefined) return []
  const needed = ['whatHappened', 'language']
  return needed
    .filter((field) => input[field] === undefined)
    .map((field) => ({ field, reason: 'required' }))
}

function commandOf(input: Admitted, filingId: string): OpenCase {
  const { avid, barred, ...answers } = input
  const keptOut = barred === undefined ? {} : { barred: barred as readonly string[] }
  const title = String(input['title'])
  if (avid !== undefined) return { filingId, title, avid, ...keptOut }
  return { filingId, title, ...keptOut, answers: answers as unknown as AdmittedAnswers }
}

async function waitingFiling({ kernel }: SiteKit, filingId: string): Promise<Filing> {
  const filing = isUuid(filingId) ? await kernel.filings.find(filingId) : undefined
  if (!filing || filing.caseId !== undefined) throw nothingHere()
  return filing
}

async function sealedReport({ kernel }: SiteKit, filingId: string): Promise<Uint8Array> {
  const bytes = isUuid(filingId) ? await kernel.filings.sealedReport(filingId) : undefined
  if (!bytes) throw nothingHere()
  return bytes
}

async function sealedAttachment({ kernel }: SiteKit, filingId: string, position: string) {
  const isPosition = /^1?[0-9]$/.test(position)
  const bytes =
    isUuid(filingId) && isPosition
      ? await kernel.filings.sealedAttachment(filingId, Number(position))
      : undefined
  if (!bytes) throw nothingHere()
  return bytes
}

function nothingHere() {
  return malformed('no filing with this id waits', { field: 'filingId', reason: 'not-found' })
}
