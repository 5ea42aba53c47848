/**
 * The reporter's portal and the notices for affected persons. No cookie is set
 * here, no address holds a code, nothing is kept by a cache, and what is sent is
 * held in memory only. Every answer comes as a page or, for programs, as JSON.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ATTACHMENT_MAX_BYTES } from '../../app/file-report.ts'
import { openMailbox } from '../../app/open-mailbox.ts'
import { intakeRoster } from '../../app/sealing-keys.ts'
import { textFromUtf8, utf8 } from '../../base/bytes.ts'
import { utcDateOf } from '../../base/time.ts'
import { hmacSha256 } from '../../proof/hmac.ts'
import { problem } from '../../wire/problem.ts'
import { acceptParts } from '../form/read-parts.ts'
import { readSent } from '../form/read-sent.ts'
import { linkTo, ROUTES } from '../routes.ts'
import {
  languageOf,
  type SiteKit,
  sendFile,
  sendJson,
  sendPage,
  sendProblem,
  sendProblemJson,
  wantsJson,
} from '../site-kit.ts'
import { basicReportRoutes } from './basic-report.ts'
import { formTokens } from './form-token.ts'
import { addressOf, noticeRoutes, unknownCode } from './notice-routes.ts'
import {
  ACCEPTED_FILE,
  acceptedBytes,
  type ReporterView,
  SEALED_FILE,
  statusModel,
} from './presenter.ts'
import { sealedRoutes } from './sealed-routes.ts'

export async function reporterRoutes(server: FastifyInstance, kit: SiteKit): Promise<void> {
  const { keys, primitives, random } = kit.kernel
  const key = hmacSha256(primitives, await keys.columnKey(), utf8('comity/form-token-key/v1'))
  const tokens = formTokens(primitives, key, (size) => random.bytes(size))
  await acceptParts(server)
  // Any other body is not read: the form's own reader says what was wrong with it.
  server.addContentTypeParser('*', (_request, _payload, done) => done(null))
  server.get(ROUTES.report, (request, reply) => startPage(kit, request, reply))
  basicReportRoutes(server, kit, tokens, (request) => viewOf(kit, request))
  await sealedRoutes(server, kit)
  statusRoutes(server, kit)
  noticeRoutes(server, kit)
}

async function startPage(kit: SiteKit, request: FastifyRequest, reply: FastifyReply) {
  const { people, clocks } = kit.kernel
  const [officers, roster] = await Promise.all([people.officers(), intakeRoster(kit.kernel)])
  const holders = roster.entries.flatMap(({ layer, holder }) =>
    layer === 'inner' && 'officer' in holder ? [holder.officer] : [],
  )
  const openers = officers.filter(({ id }) => holders.includes(id))
  return sendPage(kit, request, reply, 'reporter/start', {
    recipients: {
      names: openers.map(({ name }) => name),
      sha256: roster.digest,
      since: utcDateOf(roster.since ?? clocks.caseNow()),
    },
    attachmentSizeMaxBytes: ATTACHMENT_MAX_BYTES,
  })
}

function statusRoutes(server: FastifyInstance, kit: SiteKit): void {
  const signIn = (request: FastifyRequest, reply: FastifyReply, isUnknown: boolean) => {
    if (isUnknown && wantsJson(request)) return sendProblemJson(reply, unknownCode)
    const action = linkTo(languageOf(kit, request), 'reportSignIn')
    const model = { action, formToken: '', ...(isUnknown ? { failure: 'unknown' as const } : {}) }
    const options = { path: addressOf('reportSignIn'), status: isUnknown ? 404 : 200 }
    return sendPage(kit, request, reply, 'reporter/sign-in', model, options)
  }
  const mailboxOf = async (request: FastifyRequest) => {
    const { code = '' } = await readSent(request, ['code'])
    return { code, mailbox: await openMailbox(kit.kernel, code) }
  }

  server.get(ROUTES.reportSignIn, async (request, reply) => signIn(request, reply, false))
  server.get(ROUTES.reportStatus, async (request, reply) => signIn(request, reply, false))
  for (const address of [ROUTES.reportSignIn, ROUTES.reportStatus]) {
    server.post(address, async (request, reply) => {
      const { code, mailbox } = await mailboxOf(request)
      if (!mailbox) return signIn(request, reply, true)
      const view = await viewOf(kit, request)
      const model = statusModel(view, code, mailbox)
      if (!wantsJson(request)) {
        const options = { path: addressOf('reportSignIn') }
        return sendPage(kit, request, reply, 'reporter/status', model, options)
      }
      const { sealedReceipt, filing, stage, acknowledgedOn } = mailbox
      return sendJson(reply, {
        state: stage,
        status: model.state,
        filedOn: filing.filedOn,
        acknowledgedOn,
        clocks: model.clocks,
        acceptedReceipt: filing.acceptedReceipt,
        ...(sealedReceipt ? { sealedReceipt: JSON.parse(textFromUtf8(sealedReceipt)) } : {}),
      })
    })
  }
  server.post<{ Params: { file: string } }>(ROUTES.reportReceiptFile, async (request, reply) => {
    const { mailbox } = await mailboxOf(request)
    if (!mailbox) return signIn(request, reply, true)
    const { file: name } = request.params
    const accepted = acceptedBytes(mailbox.filing.acceptedReceipt)
    const files = new Map([
      [ACCEPTED_FILE, accepted],
      [SEALED_FILE, mailbox.sealedReceipt],
    ])
    const bytes = files.get(name)
    if (!bytes) return sendProblem(kit, request, reply, problem(404, 'not-found'))
    return sendFile(reply, { name, mediaType: 'application/json', bytes })
  })
}

async function viewOf(kit: SiteKit, request: FastifyRequest): Promise<ReporterView> {
  const { kernel, renderer } = kit
  const { packs } = await kernel.law.context()
  return {
    hashing: kernel.primitives,
    packs,
    messages: renderer.catalogues.messagesFor(languageOf(kit, request), 'public'),
    today: utcDateOf(kernel.clocks.caseNow()),
    extensions: kernel.law.filingExtensions,
  }
}
