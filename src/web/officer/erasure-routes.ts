/** What was erased, for everybody who works on cases. */
import type { FastifyInstance } from 'fastify'
import { readErasures } from '../../app/erasure/read-erasures.ts'
import { ROUTES } from '../routes.ts'
import type { SiteKit } from '../site-kit.ts'
import { namesOf } from './case/names.ts'
import { erasuresModel } from './erasures/presenter.ts'
import { officerRoute } from './session.ts'

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
}
