/** Where the script says, before it fetches the original of a file, that and why it is opened. */
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { openOriginal, WHY_ORIGINAL_MAX } from '../../app/open-original.ts'
import { malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import { problemOfRefusal } from '../../wire/problem.ts'
import { ROUTES } from '../routes.ts'
import { type SiteKit, sendJson, sendProblemJson } from '../site-kit.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

const BODY_MAX = 16 * 1024

const asked = Type.Object(
  {
    formToken: Type.String({ maxLength: 200 }),
    position: Type.String({ pattern: '^1?[0-9]$' }),
    why: Type.String({ maxLength: WHY_ORIGINAL_MAX }),
  },
  { additionalProperties: false },
)

export function originalRoutes(server: FastifyInstance, kit: SiteKit): void {
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerOriginals,
    group: 'sealedReport',
    bodyLimit: BODY_MAX,
    handler: record,
  })
}

async function record(
  { kit, acting }: OfficerTurn,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { filingId } = request.params as { readonly filingId: string }
  const { body } = request
  if (!isUuid(filingId) || !Value.Check(asked, body)) throw malformed('not a file of a report')
  const { position, why } = body
  const named = { filingId, position: Number(position), why }
  const decided = await openOriginal(kit.kernel, named, acting)
  if (decided.decision === 'refuse') return sendProblemJson(reply, problemOfRefusal(decided))
  return sendJson(reply, {})
}
