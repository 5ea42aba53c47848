/** The officers' workspace. Who may see a page is decided in session.ts, nowhere else. */
import type { FastifyInstance } from 'fastify'
import type { SiteKit } from '../site-kit.ts'
import { accessRoutes } from './access-routes.ts'
import { accountRoutes } from './account-routes.ts'
import { actRoutes } from './act-routes.ts'
import { agreementRoutes } from './agreement-routes.ts'
import { agreementTextRoutes } from './agreement-text-routes.ts'
import { attestationRoutes } from './attestation-routes.ts'
import { caseLawRoutes } from './case-law-routes.ts'
import { caseRoutes } from './case-routes.ts'
import { clockFeedRoutes } from './clock-feed-routes.ts'
import { clockRoutes } from './clock-routes.ts'
import { contactRoutes } from './contact-routes.ts'
import { deskRoutes } from './desk-routes.ts'
import { dutyBoardRoutes } from './duty-board-routes.ts'
import { enrolRoutes } from './enrol-routes.ts'
import { erasureRoutes } from './erasure-routes.ts'
import { exhibitRoutes } from './exhibit-routes.ts'
import { importRecordRoutes } from './import-record-routes.ts'
import { importRoutes } from './import-routes.ts'
import { inspectRoutes } from './inspect-routes.ts'
import { intakeRoutes } from './intake-routes.ts'
import { lawRoutes } from './law-routes.ts'
import { listRoutes } from './list-routes.ts'
import { noticeRoutes } from './notice-routes.ts'
import { originalRoutes } from './original-routes.ts'
import { oversightRoutes } from './oversight-routes.ts'
import { peerLogRoutes } from './peer-log-routes.ts'
import { peopleRoutes } from './people-routes.ts'
import { recordsOutRoutes } from './records-out-routes.ts'
import { recoveryRoutes } from './recovery-routes.ts'
import { redactRoutes } from './redact-routes.ts'
import { releasePreviewRoutes } from './release-preview-routes.ts'
import { releaseTogetherRoutes } from './release-together-routes.ts'
import { replyRoutes } from './reply-routes.ts'
import { resealRoutes } from './reseal-routes.ts'
import { safeHarbourRoutes } from './safe-harbour-routes.ts'
import { sealedContactRoutes } from './sealed-contact-routes.ts'
import { sealingRoutes } from './sealing-routes.ts'
import { searchRoutes } from './search-routes.ts'
import { sharedRoutes } from './shared-routes.ts'
import { signInDeskRoutes } from './sign-in-desk-routes.ts'
import { signInRoutes } from './sign-in-routes.ts'
import { undeliveredRoutes } from './undelivered-routes.ts'
import { vulnerabilityReportRoutes } from './vulnerability-report-routes.ts'
import { workRoutes } from './work-routes.ts'

export async function officerRoutes(server: FastifyInstance, kit: SiteKit): Promise<void> {
  signInRoutes(server, kit)
  enrolRoutes(server, kit)
  accountRoutes(server, kit)
  signInDeskRoutes(server, kit)
  caseRoutes(server, kit)
  recordsOutRoutes(server, kit)
  vulnerabilityReportRoutes(server, kit)
  caseLawRoutes(server, kit)
  releasePreviewRoutes(server, kit)
  releaseTogetherRoutes(server, kit)
  redactRoutes(server, kit)
  inspectRoutes(server, kit)
  await server.register((scope) => actRoutes(scope, kit))
  await server.register((scope) => exhibitRoutes(scope, kit))
  intakeRoutes(server, kit)
  originalRoutes(server, kit)
  replyRoutes(server, kit)
  deskRoutes(server, kit)
  agreementRoutes(server, kit)
  agreementTextRoutes(server, kit)
  accessRoutes(server, kit)
  sharedRoutes(server, kit)
  peopleRoutes(server, kit)
  contactRoutes(server, kit)
  workRoutes(server, kit)
  noticeRoutes(server, kit)
  erasureRoutes(server, kit)
  undeliveredRoutes(server, kit)
  peerLogRoutes(server, kit)
  sealingRoutes(server, kit)
  recoveryRoutes(server, kit)
  resealRoutes(server, kit)
  sealedContactRoutes(server, kit)
  searchRoutes(server, kit)
  lawRoutes(server, kit)
  oversightRoutes(server, kit)
  safeHarbourRoutes(server, kit)
  listRoutes(server, kit)
  clockRoutes(server, kit)
  dutyBoardRoutes(server, kit)
  clockFeedRoutes(server, kit)
  await server.register((scope) => importRoutes(scope, kit))
  await server.register((scope) => importRecordRoutes(scope, kit))
  await server.register((scope) => attestationRoutes(scope, kit))
}
