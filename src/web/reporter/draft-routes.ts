/**
 * Drafts, for the script of the sealed page: ciphertext comes and goes. A wrong code, one that
 * nobody has and a draft that is too old are answered alike.
 */
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import {
  deleteDraft,
  openDraft,
  SEALED_DRAFT_MAX_BYTES,
  saveDraft,
} from '../../app/report-drafts.ts'
import { fromBase64, fromHex, toBase64 } from '../../base/bytes.ts'
import { problem, problemOfRefusal } from '../../wire/problem.ts'
import { ROUTES } from '../routes.ts'
import { type SiteKit, sendJson, sendProblemJson } from '../site-kit.ts'
import { unknownCode } from './notice-routes.ts'
import type { WorkTickets } from './work-tickets.ts'

const BODY_MAX = 2 * SEALED_DRAFT_MAX_BYTES

const draftId = Type.String({ pattern: '^[0-9a-f]{64}$' })
const strict = { additionalProperties: false }
const oneBody = Type.Object({ draftId }, strict)
const saveBody = Type.Object(
  {
    draftId,
    ticket: Type.String({ maxLength: 200 }),
    work: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    sealed: Type.String({ maxLength: BODY_MAX, pattern: '^[A-Za-z0-9+/]+={0,2}$' }),
  },
  strict,
)

type Sent = {
  readonly draftId: string
  readonly ticket: string
  readonly work: number
  readonly sealed: string
}

export function draftRoutes(server: FastifyInstance, kit: SiteKit, tickets: WorkTickets): void {
  const { kernel } = kit
  const post = (
    url: string,
    body: object,
    answer: (sent: Sent, reply: FastifyReply) => Promise<FastifyReply>,
  ) =>
    server.post(url, { bodyLimit: BODY_MAX, schema: { body, hide: true } }, (request, reply) =>
      answer(request.body as Sent, reply),
    )

  post(ROUTES.reportDraft, saveBody, async ({ ticket, work, ...sent }, reply) => {
    const workBits = tickets.bitsOf(ticket, kernel.clocks.wireNow())
    if (workBits === undefined) return sendProblemJson(reply, problem(400, 'expired'))
    const sealed = fromBase64(sent.sealed, 'sealed')
    const draft = { draftId: fromHex(sent.draftId), sealed, ticket, work, workBits }
    const saved = await saveDraft(kernel, draft)
    if (saved.decision === 'permit') return sendJson(reply, saved.value, 201)
    const isFull = saved.why === 'draftsFull'
    return sendProblemJson(reply, isFull ? problem(507, saved.why) : problemOfRefusal(saved))
  })
  post(ROUTES.reportDraftOpen, oneBody, async (sent, reply) => {
    const sealed = await openDraft(kernel, fromHex(sent.draftId))
    return sealed
      ? sendJson(reply, { sealed: toBase64(sealed) })
      : sendProblemJson(reply, unknownCode)
  })
  post(ROUTES.reportDraftDelete, oneBody, async (sent, reply) => {
    await deleteDraft(kernel, fromHex(sent.draftId))
    return sendJson(reply, {})
  })
}
