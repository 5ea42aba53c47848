/** Messages with a reporter. The server hands out ciphertext and takes ciphertext. */
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requireCaseId } from '../../app/case-stream.ts'
import { SEALED_MESSAGE_MAX_BYTES, writeToReporter } from '../../app/mailbox-messages.ts'
import { REPLY_KINDS, type ReplyKind } from '../../app/ports/filings.ts'
import { readCase } from '../../app/read-case.ts'
import { intakeRoster } from '../../app/sealing-keys.ts'
import { fromBase64, toBase64 } from '../../base/bytes.ts'
import { malformed } from '../../base/errors.ts'
import { problemOfRefusal } from '../../wire/problem.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, sendJson, sendProblemJson } from '../site-kit.ts'
import { namesOf } from './case/names.ts'
import { caseHead } from './case/present-case.ts'
import type { ReplyModel } from './reply/model.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

const TEXT_MAX = 64 * 1024
const BODY_MAX = 2 * SEALED_MESSAGE_MAX_BYTES

const replyForm = Type.Object({
  kind: Type.Union(REPLY_KINDS.map((kind) => Type.Literal(kind))),
  sealed: Type.String({ maxLength: BODY_MAX, pattern: '^[A-Za-z0-9+/]+={0,2}$' }),
})

export function replyRoutes(server: FastifyInstance, kit: SiteKit): void {
  const caseIdOf = ({ params }: FastifyRequest) =>
    requireCaseId((params as { readonly caseId: string }).caseId)
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerReply,
    group: 'handle',
    handler: (turn, request) => replyPage(turn, caseIdOf(request)),
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerReply,
    group: 'handle',
    bodyLimit: BODY_MAX,
    handler: (turn, request, reply) => takeReply(turn, caseIdOf(request), reply),
  })
}

async function replyPage(turn: OfficerTurn, caseId: string): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const [read, filing, roster] = await Promise.all([
    readCase(kernel, caseId, turn.acting),
    kernel.filings.findByCase(caseId),
    intakeRoster(kernel),
  ])
  const head = caseHead(read, await namesOf(kernel))
  if (!filing) return turn.page('officer/reply', { head })
  const messages = await kernel.filings.messages(filing.id)
  const mailbox: ReplyModel['mailbox'] = {
    sealedReport: linkTo(turn.lang, 'officerSealedReport', { filingId: filing.id }),
    sendAddress: linkTo(turn.lang, 'officerReply', { caseId }),
    kinds: REPLY_KINDS,
    textMax: TEXT_MAX,
    sealing: {
      origin: kernel.node.id,
      inner: roster.inner,
      formToken: turn.signedIn.formToken,
      messages: messages.map(({ on, isFromReporter, kind, sealed }) => ({
        ...{ on, isFromReporter, kind },
        sealed: sealed ? toBase64(sealed) : null,
      })),
    },
  }
  return turn.page('officer/reply', { head, mailbox })
}

async function takeReply(turn: OfficerTurn, caseId: string, reply: FastifyReply) {
  const { kind, sealed } = turn.sent
  if (!Value.Check(replyForm, { kind, sealed })) {
    throw malformed('not a sealed answer', { field: 'sealed', reason: 'schema' })
  }
  const answer = { caseId, kind: kind as ReplyKind, sealed: fromBase64(String(sealed), 'sealed') }
  const written = await writeToReporter(turn.kit.kernel, answer, turn.acting)
  if (written.decision === 'refuse') return sendProblemJson(reply, problemOfRefusal(written))
  return sendJson(reply, {}, 201)
}
