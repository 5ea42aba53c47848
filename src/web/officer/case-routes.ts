/** Cases: the list, the page of one, why a decision came out as it did, and what may be taken away. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { decideCaseAccess, listCases } from '../../app/access.ts'
import { findCaseAct } from '../../app/acts.ts'
import { requireCaseId } from '../../app/case-stream.ts'
import { exportEvidencePackage } from '../../app/export-evidence-package.ts'
import { readCase } from '../../app/read-case.ts'
import { contactTakenFor } from '../../app/sealed-contact.ts'
import { isAdmittedOnly } from '../../app/shared-cases.ts'
import type { Refusal } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import type { ActionGroup } from '../../core/access/rules.ts'
import { disposalClassOf } from '../../wire/disposal-classes.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, sendFile } from '../site-kit.ts'
import { sendStream } from '../streamed-file.ts'
import { PRIORITY_TABLES } from './act/hints-triage.ts'
import { namesOf } from './case/names.ts'
import { caseHead, presentCase } from './case/present-case.ts'
import { presentWhy } from './case/present-why.ts'
import { caseBoardModel } from './case-board/presenter.ts'
import { caseJointModel } from './case-joint/presenter.ts'
import { caseRightsModel } from './case-rights/presenter.ts'
import { casesModel, readFilter } from './cases/presenter.ts'
import { controlOf } from './control.ts'
import { recordsRequestsModel } from './records-requests/presenter.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

type CaseParams = {
  readonly caseId: string
  readonly decisionId: string
  readonly version: string
  readonly exhibitId: string
}

export function caseRoutes(server: FastifyInstance, kit: SiteKit): void {
  const get = (
    url: string,
    group: ActionGroup,
    handler: (
      turn: OfficerTurn,
      params: CaseParams,
      query: Query,
      reply: FastifyReply,
    ) => Promise<FastifyReply>,
  ) =>
    officerRoute(server, kit, {
      method: 'GET',
      url,
      group,
      handler: (turn, request, reply) =>
        handler(turn, request.params as CaseParams, request.query as Query, reply),
    })

  get(ROUTES.officerCases, 'listCases', casesPage)
  get(ROUTES.officerCase, 'read', casePage)
  get(ROUTES.officerCaseBoard, 'read', boardPage)
  get(ROUTES.officerCaseJoint, 'read', jointPage)
  get(ROUTES.officerCaseRights, 'read', rightsPage)
  get(ROUTES.officerRecordsRequests, 'read', recordsRequestsPage)
  get(ROUTES.officerWhy, 'read', whyPage)
  get(ROUTES.officerEventReceipt, 'read', eventReceipt)
  get(ROUTES.officerExhibit, 'read', exhibitFile)
  get(ROUTES.officerPackage, 'read', (turn, { caseId }) => packagePage(turn, caseId))
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerPackage,
    group: 'export',
    handler: (turn, request, reply) => makePackage(turn, request.params as CaseParams, reply),
  })
}

type Query = Readonly<Record<string, string | undefined>>

async function casesPage(
  turn: OfficerTurn,
  _params: CaseParams,
  query: Query,
  reply: FastifyReply,
) {
  const { kernel } = turn.kit
  const { roles } = turn.acting
  // People from outside have a place of their own; an auditor may hold a whole case.
  if (isAdmittedOnly(roles) && !roles.includes('auditor')) {
    const place = linkTo(turn.lang, 'officerShared')
    return reply.header('cache-control', 'no-store').redirect(place, 303)
  }
  const [rows, names] = await Promise.all([listCases(kernel, turn.acting), namesOf(kernel)])
  const { decisionTables, priorityTable } = kernel.vocabulary
  const tables = PRIORITY_TABLES.map((name) => decisionTables[name] ?? priorityTable)
  const priorities = tables.flatMap(({ outcome }) => outcome.values)
  return turn.page('officer/cases', casesModel(rows, { names, priorities }, readFilter(query)))
}

async function casePage(turn: OfficerTurn, { caseId }: CaseParams, { recorded }: Query) {
  const { kernel } = turn.kit
  const read = await readCase(kernel, requireCaseId(caseId), turn.acting)
  const { filingId } = read.state.triage
  const [names, law, filing] = await Promise.all([
    namesOf(kernel),
    kernel.law.context(),
    filingId && isUuid(filingId) ? kernel.filings.find(filingId) : undefined,
  ])
  const isDemo = kernel.node.profile === 'demo'
  const model = presentCase({ read, names, packs: law.packs, filing, isDemo })
  const isKnown = recorded !== undefined && findCaseAct(recorded) !== undefined
  const taken = contactTakenFor(read.events, turn.acting)
  return turn.page('officer/case', {
    ...model,
    ...(taken ? { hasOpenContact: true as const } : {}),
    ...(isKnown ? { recorded } : {}),
  })
}

async function boardPage(turn: OfficerTurn, { caseId }: CaseParams, { page = '1' }: Query) {
  const { acting, kit } = turn
  const [read, names] = await Promise.all([
    readCase(kit.kernel, requireCaseId(caseId), acting),
    namesOf(kit.kernel),
  ])
  const model = caseBoardModel({
    ...{ read, names, now: acting.now, page: numberOf(page) },
    hasNode: (id) => kit.kernel.peers.find(id) !== undefined,
  })
  return turn.page('officer/case-board', model)
}

async function jointPage(turn: OfficerTurn, { caseId }: CaseParams, { affected }: Query) {
  const { acting, kit } = turn
  const [read, names] = await Promise.all([
    readCase(kit.kernel, requireCaseId(caseId), acting),
    namesOf(kit.kernel),
  ])
  const model = caseJointModel({ read, names, now: acting.now, affected })
  return turn.page('officer/case-joint', model)
}

async function rightsPage(turn: OfficerTurn, { caseId }: CaseParams) {
  const { acting, kit } = turn
  const [read, names] = await Promise.all([
    readCase(kit.kernel, requireCaseId(caseId), acting),
    namesOf(kit.kernel),
  ])
  const classTitle = (classId: string) => disposalClassOf(classId)?.title ?? classId
  const model = caseRightsModel({
    read,
    names,
    classTitle,
    now: acting.now,
    zone: kit.kernel.node.zone,
  })
  return turn.page('officer/case-rights', model)
}

async function recordsRequestsPage({ acting, kit, page }: OfficerTurn, { caseId }: CaseParams) {
  const [read, names] = await Promise.all([
    readCase(kit.kernel, requireCaseId(caseId), acting),
    namesOf(kit.kernel),
  ])
  return page('officer/records-requests', recordsRequestsModel({ read, names, acting }))
}

async function whyPage(turn: OfficerTurn, { caseId, decisionId }: CaseParams) {
  const { kernel } = turn.kit
  const [read, names, law] = await Promise.all([
    readCase(kernel, requireCaseId(caseId), turn.acting),
    namesOf(kernel),
    kernel.law.context(),
  ])
  const view = { read, names, packs: law.packs, head: caseHead(read, names) }
  const model = presentWhy(view, numberOf(decisionId))
  if (!model) throw nothingHere()
  return turn.page('officer/why', model)
}

async function eventReceipt(
  { kit }: OfficerTurn,
  { caseId, version }: CaseParams,
  _query: Query,
  reply: FastifyReply,
) {
  const { streams, receipts } = kit.kernel
  const stream = await streams.read(requireCaseId(caseId))
  const event = stream?.kind === 'case' ? stream.sealedEvents[numberOf(version) - 1] : undefined
  const logged = event && (await receipts.of(event.logId))
  if (!logged?.receipt) throw nothingHere()
  const name = `event-${numberOf(version)}.tlog-proof`
  return sendFile(reply, { name, mediaType: 'text/plain; charset=utf-8', bytes: logged.receipt })
}

/** The age file as it stands at rest: nobody reads it without the node's key. */
async function exhibitFile(
  { kit, acting }: OfficerTurn,
  { caseId, exhibitId }: CaseParams,
  _query: Query,
  reply: FastifyReply,
) {
  const { state } = await readCase(kit.kernel, requireCaseId(caseId), acting)
  const exhibit = state.evidence.exhibits.find((one) => one.exhibitId === exhibitId)
  if (!exhibit || exhibit.isDestroyed) throw nothingHere()
  const bytes = await kit.kernel.exhibits.sealedBytes(exhibitId)
  return sendStream(reply, { name: `exhibit-${exhibitId}.age`, bytes })
}

async function packagePage(turn: OfficerTurn, caseId: string, refused?: Refusal) {
  const { kernel } = turn.kit
  const [read, names] = await Promise.all([
    readCase(kernel, requireCaseId(caseId), turn.acting),
    namesOf(kernel),
  ])
  const taking = { name: 'export', group: 'export' } as const
  const mayTake = await decideCaseAccess(kernel, caseId, taking, turn.acting)
  const model = {
    case: caseHead(read, names),
    register: controlOf(mayTake, linkTo(turn.lang, 'officerRegisterFile', { caseId })),
    action: linkTo(turn.lang, 'officerPackage', { caseId }),
    formToken: turn.signedIn.formToken,
    events: read.events.length,
    waiting: read.events.filter(({ receipt }) => receipt !== 'sealed').length,
    ...(refused ? { refused: refused.because } : {}),
  }
  return turn.page('officer/package', model, refused ? statusOfRefusal(refused.why) : 200)
}

async function makePackage(turn: OfficerTurn, { caseId }: CaseParams, reply: FastifyReply) {
  const made = await exportEvidencePackage(turn.kit.kernel, requireCaseId(caseId), turn.acting)
  if (made.decision === 'refuse') return packagePage(turn, caseId, made)
  const { bytes, digest, sizeBytes } = made.value
  reply.header('x-comity-digest', digest)
  return sendStream(reply, { name: `evidence-${caseId}.tar`, sizeBytes, bytes })
}

function numberOf(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}

function nothingHere() {
  return malformed('there is nothing here', { reason: 'not-found' })
}
