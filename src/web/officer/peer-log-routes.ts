/** Logs of peers, for administrators and oversight: how they stand, and the evidence to hand on. */
import type { FastifyInstance } from 'fastify'
import { readOversight } from '../../app/oversight/oversight-act.ts'
import { utf8 } from '../../base/bytes.ts'
import { malformed } from '../../base/errors.ts'
import { ROUTES } from '../routes.ts'
import type { SiteKit } from '../site-kit.ts'
import { fileHeaders } from '../streamed-file.ts'
import { peerLogsModel } from './peer-logs/presenter.ts'
import { officerRoute } from './session.ts'

const GROUP = 'control'

export function peerLogRoutes(server: FastifyInstance, kit: SiteKit): void {
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerPeerLogs,
    group: GROUP,
    handler: async (turn) => turn.page('officer/peer-logs', await peerLogsModel(turn)),
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerPeerLogEvidence,
    group: GROUP,
    handler: async ({ kit: { kernel } }, request, reply) => {
      const { findingId } = request.params as { findingId: string }
      const { logFindings } = await readOversight(kernel)
      const found = logFindings.find((one) => one.findingId === findingId)
      if (!found) throw malformed('there is no such finding')
      const bytes = Buffer.from(utf8(found.evidence))
      const name = `log-finding-${found.findingId}.json`
      return reply.headers(fileHeaders({ name, sizeBytes: bytes.length })).send(bytes)
    },
  })
}
