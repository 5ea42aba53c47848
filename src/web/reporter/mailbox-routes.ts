/**
 * The mailbox of a report, for a browser that keeps the code: it sends the mailbox id,
 * gets ciphertext, and sends ciphertext. A wrong id is answered like one that nobody has.
 */
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  deleteMessage,
  SEALED_MESSAGE_MAX_BYTES,
  writeFollowUp,
} from '../../app/mailbox-messages.ts'
import { type Mailbox, openMailboxById } from '../../app/open-mailbox.ts'
import { FOLLOW_UP_KINDS } from '../../app/ports/filings.ts'
import { chooseReporterCredit } from '../../app/reporter-credit.ts'
import { intakeRoster } from '../../app/sealing-keys.ts'
import { fromBase64, textFromUtf8, toBase64 } from '../../base/bytes.ts'
import { utcDateOf } from '../../base/time.ts'
import { SHOWN_AS } from '../../core/disclosure/recognition-events.ts'
import { problem, problemOfRefusal } from '../../wire/problem.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { languageOf, type SiteKit, sendJson, sendPage, sendProblemJson } from '../site-kit.ts'
import { unknownCode } from './notice-routes.ts'
import { clockStates } from './presenter.ts'
import { anyCodeId, idOrNobodys, paidFor, sealedPosts, strict } from './sealed-posts.ts'
import type { WorkTickets } from './work-tickets.ts'

const MESSAGE_TEXT_MAX = 64 * 1024
const BODY_MAX = 2 * SEALED_MESSAGE_MAX_BYTES

const openBody = Type.Object({ mailboxId: anyCodeId }, strict)
const writeBody = Type.Object(
  {
    mailboxId: anyCodeId,
    kind: Type.Optional(Type.Union(FOLLOW_UP_KINDS.map((kind) => Type.Literal(kind)))),
    ...paidFor(BODY_MAX),
  },
  strict,
)
const creditBody = Type.Object(
  {
    mailboxId: anyCodeId,
    shownAs: Type.Union(SHOWN_AS.map((as) => Type.Literal(as))),
    name: Type.String({ maxLength: 80 }),
  },
  strict,
)
const deleteBody = Type.Object(
  { mailboxId: anyCodeId, messageId: Type.String({ format: 'uuid', maxLength: 36 }) },
  strict,
)

export function mailboxRoutes(server: FastifyInstance, kit: SiteKit, tickets: WorkTickets): void {
  const { kernel } = kit
  const post = sealedPosts(server, BODY_MAX)

  server.get(ROUTES.reportMailbox, (request, reply) => mailboxPage(kit, request, reply))
  post(ROUTES.reportMailboxOpen, openBody, async (sent, reply) => {
    const mailbox = await openMailboxById(kernel, idOrNobodys(kernel, sent.mailboxId))
    if (!mailbox) return sendProblemJson(reply, unknownCode)
    const { packs } = await kernel.law.context()
    return sendJson(
      reply,
      mailboxJson(mailbox, {
        packs,
        today: utcDateOf(kernel.clocks.caseNow()),
        extensions: kernel.law.filingExtensions,
      }),
    )
  })
  post(
    ROUTES.reportMailboxWrite,
    writeBody,
    async ({ ticket, work, kind = 'followUp', ...sent }, reply) => {
      const workBits = tickets.bitsOf(ticket, kernel.clocks.wireNow())
      if (workBits === undefined) return sendProblemJson(reply, problem(400, 'expired'))
      const sealed = fromBase64(sent.sealed, 'sealed')
      const followUp = {
        mailboxId: idOrNobodys(kernel, sent.mailboxId),
        kind,
        sealed,
        ticket,
        work,
        workBits,
      }
      const written = await writeFollowUp(kernel, followUp)
      if (written.decision === 'permit') return sendJson(reply, {}, 201)
      const isUnknown = written.why === 'noMailbox'
      return sendProblemJson(reply, isUnknown ? unknownCode : problemOfRefusal(written))
    },
  )
  post(ROUTES.reportMailboxCredit, creditBody, async ({ mailboxId, ...choice }, reply) => {
    const chosen = await chooseReporterCredit(kernel, idOrNobodys(kernel, mailboxId), choice)
    if (chosen.decision === 'permit') return sendJson(reply, {})
    const isUnknown = chosen.why === 'noMailbox'
    return sendProblemJson(reply, isUnknown ? unknownCode : problemOfRefusal(chosen))
  })
  post(ROUTES.reportMailboxDelete, deleteBody, async (sent, reply) => {
    const isDeleted = await deleteMessage(
      kernel,
      idOrNobodys(kernel, sent.mailboxId),
      sent.messageId,
    )
    return isDeleted ? sendJson(reply, {}) : sendProblemJson(reply, unknownCode)
  })
}

async function mailboxPage(kit: SiteKit, request: FastifyRequest, reply: FastifyReply) {
  const lang = languageOf(kit, request)
  const { inner } = await intakeRoster(kit.kernel)
  return sendPage(kit, request, reply, 'reporter/mailbox', {
    mailbox: { origin: kit.kernel.node.id, inner },
    openAddress: linkTo(lang, 'reportMailboxOpen'),
    writeAddress: linkTo(lang, 'reportMailboxWrite'),
    deleteAddress: linkTo(lang, 'reportMailboxDelete'),
    creditAddress: linkTo(lang, 'reportMailboxCredit'),
    certificateAddress: linkTo(lang, 'certificate', { creditId: 'ID' }),
    ticketAddress: linkTo(lang, 'reportTicket'),
    textMax: MESSAGE_TEXT_MAX,
  })
}

function mailboxJson(mailbox: Mailbox, view: Parameters<typeof clockStates>[0]) {
  const { filing, stage, acknowledgedOn, sealedReceipt, messages, contactOpenings } = mailbox
  return {
    filedOn: filing.filedOn,
    stage,
    acknowledgedOn,
    notOpenedOn: filing.closedOn ?? null,
    clocks: clockStates(view, mailbox),
    messages: messages.map(({ sealed, ...message }) => ({
      ...message,
      sealed: sealed ? toBase64(sealed) : null,
    })),
    contactOpenings: contactOpenings.map(({ on, basis }) => ({ on, basis })),
    voice: mailbox.voice,
    acceptedReceipt: filing.acceptedReceipt,
    sealedReceipt: sealedReceipt ? textFromUtf8(sealedReceipt) : null,
  }
}
