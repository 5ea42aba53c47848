/**
 * Drafts, for the script of the sealed page: ciphertext comes and goes. A wrong code, one that
 * nobody has and a draft that is too old are answered alike.
 */
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
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
import { anyCodeId, codeId, idOrNobodys, paidFor, sealedPosts, strict } from './sealed-posts.ts'
import type { WorkTickets } from './work-tickets.ts'

const BODY_MAX = 2 * SEALED_DRAFT_MAX_BYTES

const oneBody = Type.Object({ draftId: anyCodeId }, strict)
const saveBody = Type.Object({ draftId: codeId, ...paidFor(BODY_MAX) }, strict)

export function draftRoutes(server: FastifyInstance, kit: SiteKit, tickets: WorkTickets): void {
  const { kernel } = kit
  const post = sealedPosts(server, BODY_MAX)

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
    const sealed = await openDraft(kernel, idOrNobodys(kernel, sent.draftId))
    return sealed
      ? sendJson(reply, { sealed: toBase64(sealed) })
      : sendProblemJson(reply, unknownCode)
  })
  post(ROUTES.reportDraftDelete, oneBody, async (sent, reply) => {
    await deleteDraft(kernel, idOrNobodys(kernel, sent.draftId))
    return sendJson(reply, {})
  })
}
