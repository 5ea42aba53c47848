/** What was erased, for everybody who works on cases. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { erasureStatement } from '../../app/erasure/erasure-statement.ts'
import { readErasures } from '../../app/erasure/read-erasures.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import { malformed, unavailable } from '../../base/errors.ts'
import { ROUTES } from '../routes.ts'
import { type SiteKit, sendFile } from '../site-kit.ts'
import { namesOf } from './case/names.ts'
import { erasuresModel } from './erasures/presenter.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

/** While its receipt is not sealed there is nothing to hand out. */
async function statement({ kit }: OfficerTurn, erasureId: string, reply: FastifyReply) {
  const found = await erasureStatement(kit.kernel, erasureId)
  if (!found) throw unavailable('the statement waits for the witnesses of the log')
  const name = `erasure-${erasureId}.json`
  const bytes = canonicalBytes(found as unknown as Json)
  return sendFile(reply, { name, mediaType: 'application/json', bytes })
}

type Params = { readonly erasureId: string; readonly releaseId: string }

export function erasureRoutes(server: FastifyInstance, kit: SiteKit): void {
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerErasures,
    group: 'workspace',
    handler: async (turn) => {
      const { kernel } = turn.kit
      const [erasures, names] = await Promise.all([readErasures(kernel), namesOf(kernel)])
      return turn.page('officer/erasures', erasuresModel(erasures, names, turn.acting.now))
    },
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerErasureStatement,
    group: 'workspace',
    handler: (turn, request, reply) =>
      statement(turn, (request.params as { erasureId: string }).erasureId, reply),
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerErasureReceipt,
    group: 'workspace',
    handler: async (turn, request, reply) => {
      const { erasureId, releaseId } = request.params as Params
      const { erasures } = await readErasures(turn.kit.kernel)
      const receipt = erasures
        .find((one) => one.erasureId === erasureId)
        ?.requests.find((one) => one.releaseId === releaseId)?.receipt
      if (!receipt) throw malformed('there is no such receipt')
      const name = `erasure-answer-${releaseId}.json`
      const bytes = canonicalBytes(receipt.opening as Json)
      return sendFile(reply, { name, mediaType: 'application/json', bytes })
    },
  })
}
