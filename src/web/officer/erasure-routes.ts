/** What was erased, for everybody who works on cases. */
import type { FastifyInstance } from 'fastify'
import { readErasures } from '../../app/erasure/read-erasures.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { ROUTES } from '../routes.ts'
import { type SiteKit, sendFile } from '../site-kit.ts'
import { namesOf } from './case/names.ts'
import { erasuresModel } from './erasures/presenter.ts'
import { officerRoute } from './session.ts'

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
