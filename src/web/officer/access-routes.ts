/**
 * Who may see a case and why, what the reader may do there and why not, and the
 * proposals that wait for a second person. All from the decision that is enforced.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { accessContext, decideOnCase } from '../../app/access.ts'
import { actingAs } from '../../app/acting.ts'
import { findCaseAct } from '../../app/acts.ts'
import { ACTS_WITH_PROOF } from '../../app/acts-with-proof.ts'
import { requireCaseId } from '../../app/case-stream.ts'
import type { Officer } from '../../app/ports/people.ts'
import {
  approveProposal,
  type OpenProposal,
  openProposalsIn,
  rejectProposal,
  withdrawProposal,
} from '../../app/proposals.ts'
import { type ReadCase, readCase } from '../../app/read-case.ts'
import { fromBase64 } from '../../base/bytes.ts'
import type { Because, Decision } from '../../base/decision.ts'
import type { AccessContext } from '../../core/access/decide-access.ts'
import { DESK_ACTIONS, type DeskActionGroup } from '../../core/access/rules.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import { actItem } from '../parts.ts'
import { linkTo, ROUTES, type RouteName } from '../routes.ts'
import { type SiteKit, seeOther, sendFile } from '../site-kit.ts'
import type { AccessModel } from './access/model.ts'
import { type Names, namesOf } from './case/names.ts'
import { caseHead } from './case/present-case.ts'
import { controlOf } from './control.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

type Params = { readonly caseId: string; readonly proposalId: string }
type Answer = (turn: OfficerTurn, params: Params) => Promise<Decision<unknown>>

export function accessRoutes(server: FastifyInstance, kit: SiteKit): void {
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerOwnAccess,
    group: 'ownPlace',
    handler: ownAccessPage,
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerAccess,
    group: 'read',
    handler: (turn, request) => accessPage(turn, (request.params as Params).caseId),
  })
  const post = (name: RouteName, answer: Answer) =>
    officerRoute(server, kit, {
      method: 'POST',
      url: ROUTES[name],
      group: 'read',
      handler: (turn, request, reply) => answered(turn, request.params as Params, reply, answer),
    })
  post('officerApproveProposal', ({ kit: { kernel }, acting, sent }, params) =>
    approveProposal(kernel, { ...params, digest: textOf(sent['digest']) }, acting),
  )
  post('officerRejectProposal', ({ kit: { kernel }, acting, sent }, params) =>
    rejectProposal(kernel, { ...params, reason: textOf(sent['reason']) }, acting),
  )
  post('officerWithdrawProposal', ({ kit: { kernel }, acting }, params) =>
    withdrawProposal(kernel, params, acting),
  )
}

const TEXT_MAX = 2000
const textOf = (sent: unknown) => (typeof sent === 'string' ? sent.slice(0, TEXT_MAX) : '')

async function answered(turn: OfficerTurn, params: Params, reply: FastifyReply, answer: Answer) {
  const decision = await answer(turn, params)
  if (decision.decision === 'refuse') {
    const status = statusOfRefusal(decision.why)
    return accessPage(turn, params.caseId, decision.because, status)
  }
  const { sealedContact } = (decision.value as { result?: { sealedContact?: string } }).result ?? {}
  if (sealedContact !== undefined) return sendContact(reply, sealedContact)
  const place = linkTo(turn.lang, 'officerAccess', { caseId: params.caseId })
  return seeOther(reply, place)
}

/** Sealed in two layers; whoever approved that it is opened takes it away, once. */
function sendContact(reply: FastifyReply, sealed: string): FastifyReply {
  const mediaType = 'application/octet-stream'
  return sendFile(reply, { name: 'contact.age', mediaType, bytes: fromBase64(sealed) })
}

async function ownAccessPage(turn: OfficerTurn): Promise<FastifyReply> {
  const groups = Object.keys(DESK_ACTIONS) as DeskActionGroup[]
  return turn.page('officer/own-access', {
    roles: turn.acting.roles,
    actions: groups.map((group) => {
      const { decision, because } = turn.may({ name: group, group })
      const proved = ACTS_WITH_PROOF.filter((act) => act.group === group)
      const withProof = proved.map(({ name }) => name)
      return { action: group, isAllowed: decision === 'permit', because, withProof }
    }),
  })
}

async function accessPage(
  turn: OfficerTurn,
  caseId: string,
  refused?: readonly Because[],
  status = 200,
): Promise<FastifyReply> {
  const { kernel } = turn.kit
  requireCaseId(caseId)
  const [read, names, context, officers] = await Promise.all([
    readCase(kernel, caseId, turn.acting),
    namesOf(kernel),
    accessContext(kernel),
    kernel.people.officers(),
  ])
  const { access } = read.state
  const waiting = openProposalsIn(read.state, { caseId, acting: turn.acting, context })
  const model: AccessModel = {
    case: caseHead(read, names),
    formToken: turn.signedIn.formToken,
    classification: access.classification,
    purposes: access.purposes ?? [],
    legalOrders: access.legalOrders,
    proposals: waiting.map((one) => proposalRow(turn, caseId, names, one)),
    people: officers.map((one) => personRow(actingAs(one, kernel), one, read, context)),
    acts: read.acts.map(({ name, available }) => {
      const secondPerson = findCaseAct(name)?.secondPerson(read.state)
      return { ...actItem(name, available), ...(secondPerson ? { secondPerson } : {}) }
    }),
    ...(refused ? { refused } : {}),
  }
  return turn.page('officer/access', model, status)
}

function personRow(
  acting: Acting,
  { name, roles }: Officer,
  read: ReadCase,
  context: AccessContext,
) {
  const asking = { caseId: read.caseId, acting, context }
  const whole = decideOnCase(read.state, { name: 'read', group: 'read' }, asking)
  if (whole.decision === 'permit') {
    return { name, roles, sees: 'whole' as const, because: whole.because }
  }
  const shared = decideOnCase(read.state, { name: 'read', group: 'readShared' }, asking)
  const sees = shared.decision === 'permit' ? ('shared' as const) : ('nothing' as const)
  return { name, roles, sees, because: shared.because }
}

/** Each control from the decision that its answer will make. */
function proposalRow(
  { lang }: OfficerTurn,
  caseId: string,
  names: Names,
  proposal: OpenProposal,
): AccessModel['proposals'][number] {
  const { proposalId, digest, act, because, input } = proposal
  const control = (route: RouteName, decision: Decision<unknown>) =>
    controlOf(decision, linkTo(lang, route, { caseId, proposalId }))
  return {
    id: proposalId,
    act,
    because,
    by: names.officer(proposal.proposedBy),
    at: proposal.proposedAt,
    expiresAt: proposal.expiresAt,
    digest,
    facts: Object.entries((input ?? {}) as object).map(([name, value]) => ({
      name,
      value: typeof value === 'string' ? names.officer(value) : JSON.stringify(value),
    })),
    approve: control('officerApproveProposal', proposal.approve),
    reject: control('officerRejectProposal', proposal.reject),
    withdraw: control('officerWithdrawProposal', proposal.withdraw),
  }
}
