/**
 * Reports that were sealed in the reporter's browser: the page, the ticket that its script
 * asks for before it sends, and the way in. What comes in is ciphertext or is refused; no
 * other way is taken instead.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fileSealedReport, SEALED_FORM_ID } from '../../app/file-sealed-report.ts'
import { reportChannels } from '../../app/report-channels.ts'
import { intakeRoster } from '../../app/sealing-keys.ts'
import { utf8 } from '../../base/bytes.ts'
import { ComityError } from '../../base/errors.ts'
import { hmacSha256 } from '../../proof/hmac.ts'
import {
  ATTACHMENTS_MAX,
  SEALED_ATTACHMENT_MAX_BYTES,
  UPLOAD_MAX_BYTES,
} from '../../wire/intake/filing-upload.ts'
import { readUpload } from '../../wire/intake/read-upload.ts'
import { FORM_VERSION, formsDigest } from '../../wire/intake/report-forms.ts'
import { problem, problemOfError, problemOfRefusal } from '../../wire/problem.ts'
import { encodingFor } from '../public/page-cache.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { pageHeaders } from '../security-headers.ts'
import { languageOf, renderPage, type SiteKit, sendJson, sendProblemJson } from '../site-kit.ts'
import { draftRoutes } from './draft-routes.ts'
import { mailboxRoutes } from './mailbox-routes.ts'
import { sealedQuestions } from './report-form.ts'
import type { SealedReportModel } from './sealed/model.ts'
import { type UploadBodies, uploadBodies } from './upload-body.ts'
import { type WorkTickets, workTickets } from './work-tickets.ts'

export async function sealedRoutes(server: FastifyInstance, kit: SiteKit): Promise<void> {
  const { keys, primitives, random, clocks } = kit.kernel
  const key = hmacSha256(primitives, await keys.columnKey(), utf8('comity/work-ticket-key/v1'))
  const tickets = workTickets(primitives, key, (size) => random.bytes(size))
  const bodies = uploadBodies()
  server.get(ROUTES.reportSealed, (request, reply) => sealedPage(kit, request, reply))
  server.get(ROUTES.reportTicket, async (_request, reply) =>
    sendJson(reply, tickets.issue(clocks.wireNow())),
  )
  mailboxRoutes(server, kit, tickets)
  draftRoutes(server, kit, tickets)
  server.post(ROUTES.reportSealed, (request, reply) =>
    takeIn(kit, request, reply, { tickets, bodies }),
  )
}

async function sealedPage(kit: SiteKit, request: FastifyRequest, reply: FastifyReply) {
  const html = renderPage(kit, request, 'reporter/sealed', await sealedModel(kit, request))
  const encoding = encodingFor(request.headers['accept-encoding'] ?? '')
  // The same for every visitor, without a secret and without anything that they sent: its
  // compressed size tells nobody anything.
  const body = encoding === 'identity' ? html : await kit.compress(utf8(html), encoding)
  if (encoding !== 'identity') reply.header('content-encoding', encoding)
  return reply
    .headers({ ...pageHeaders('reporter/sealed'), vary: 'accept-encoding' })
    .type('text/html; charset=utf-8')
    .send(body)
}

async function sealedModel(kit: SiteKit, request: FastifyRequest): Promise<SealedReportModel> {
  const { kernel } = kit
  const lang = languageOf(kit, request)
  const [roster, channels] = await Promise.all([intakeRoster(kernel), reportChannels(kernel)])
  return {
    ...sealedQuestions(lang, channels),
    channels,
    sealing: {
      origin: kernel.node.id,
      formId: SEALED_FORM_ID,
      formVersion: FORM_VERSION,
      formDigest: formsDigest(kernel.primitives),
      inner: roster.inner,
      outer: roster.outer,
      recipientsDigest: roster.digest,
      bundleDigest: bundleDigest(kit),
    },
    ticketAddress: linkTo(lang, 'reportTicket'),
    sendAddress: linkTo(lang, 'reportSealed'),
    draftAddress: linkTo(lang, 'reportDraft'),
    draftOpenAddress: linkTo(lang, 'reportDraftOpen'),
    draftDeleteAddress: linkTo(lang, 'reportDraftDelete'),
    filesMax: ATTACHMENTS_MAX,
    fileMaxBytes: SEALED_ATTACHMENT_MAX_BYTES,
    allMaxBytes: UPLOAD_MAX_BYTES,
  }
}

/**
 * The script that seals, by its digest; it names by digest what it loads. It shows
 * afterwards which script was promised, not that a broken server sent that one.
 */
const bundleDigest = ({ renderer }: SiteKit) => renderer.assetDigest('report-sealed.js')

type WayIn = { readonly tickets: WorkTickets; readonly bodies: UploadBodies }

async function takeIn(
  kit: SiteKit,
  request: FastifyRequest,
  reply: FastifyReply,
  { tickets, bodies }: WayIn,
) {
  const body = await bodies.read(request)
  if (!(body instanceof Uint8Array)) {
    if (body.status === 503) reply.header('retry-after', '30')
    return sendProblemJson(reply, body)
  }
  try {
    const upload = readUpload(body)
    const now = kit.kernel.clocks.wireNow()
    const workBits = tickets.bitsOf(upload.header.ticket, now)
    if (workBits === undefined) return sendProblemJson(reply, problem(400, 'expired'))
    const filed = await fileSealedReport(kit.kernel, {
      upload,
      workBits,
      bundleDigest: bundleDigest(kit),
      language: languageOf(kit, request),
    })
    if (filed.decision === 'refuse') return sendProblemJson(reply, problemOfRefusal(filed))
    const { receipt, isRepeated } = filed.value
    if (!isRepeated) tickets.count(now)
    return sendJson(reply, { receipt }, isRepeated ? 200 : 201)
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    return sendProblemJson(reply, problemOfError(error))
  } finally {
    bodies.release(body)
  }
}
