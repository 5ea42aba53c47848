/** Duties after releases, across cases, as a page and as a list. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import {
  type BoardDuty,
  DUTY_SIDES,
  DUTY_STANDINGS,
  type DutyFilter,
  dutyBoard,
  sideOfDuty,
} from '../../app/desk/duty-board.ts'
import { ROUTES } from '../routes.ts'
import type { SiteKit } from '../site-kit.ts'
import { wordFor } from '../words.ts'
import { caseRef } from './case/present-case.ts'
import { messagesOf, sendList } from './send-list.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

export function dutyBoardRoutes(server: FastifyInstance, kit: SiteKit): void {
  const group = 'workspace'
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerReleaseDuties,
    group,
    handler: (turn, request) => dutiesPage(turn, filterOf(request.query)),
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerReleaseDutiesFile,
    group,
    handler: (turn, _request, reply) => dutiesFile(turn, reply),
  })
}

/** What is not a known value chooses nothing. */
function filterOf(query: unknown): DutyFilter {
  const asked = query as Readonly<Record<string, unknown>>
  const side = DUTY_SIDES.find((one) => one === asked['side'])
  const state = DUTY_STANDINGS.find((one) => one === asked['state'])
  return { ...(side ? { side } : {}), ...(state ? { state } : {}) }
}

async function dutiesPage(turn: OfficerTurn, filter: DutyFilter): Promise<FastifyReply> {
  const rows = await dutyBoard(turn.kit.kernel, turn.acting, filter)
  return turn.page('officer/release-duties', {
    formToken: turn.signedIn.formToken,
    filter: { side: filter.side ?? '', state: filter.state ?? '' },
    sides: DUTY_SIDES,
    states: DUTY_STANDINGS,
    duties: rows.map((row) => ({
      id: row.dutyId,
      side: sideOfDuty(row),
      otherSide: nameOf(turn, row),
      state: row.state,
      case: { caseId: row.caseId, ref: refOf(turn, row), title: row.caseTitle },
      ...(row.kind ? { kind: row.kind } : {}),
      ...(row.dueAt ? { dueAt: row.dueAt } : {}),
      ...(row.dischargedAt ? { dischargedAt: row.dischargedAt } : {}),
      ...(row.breachedAt ? { breachedAt: row.breachedAt } : {}),
    })),
  })
}

async function dutiesFile(turn: OfficerTurn, reply: FastifyReply): Promise<FastifyReply> {
  const messages = messagesOf(turn)
  const all = await dutyBoard(turn.kit.kernel, turn.acting)
  const rows = all.map((row) => [
    refOf(turn, row),
    row.caseTitle,
    row.dutyId,
    row.kind ? wordFor(messages, 'dutyKind', row.kind) : '',
    wordFor(messages, 'dutySide', sideOfDuty(row)),
    nameOf(turn, row),
    row.dueAt ?? '',
    wordFor(messages, 'duty', row.state),
  ])
  const columns = [
    'search.column.number',
    'search.column.title',
    'duties.clause',
    'duties.duty',
    'duties.side',
    'duties.otherSide',
    'duties.dueAt',
    'common.state',
  ]
  return sendList(turn, reply, { name: 'duties', columns, rows })
}

function nameOf({ kit }: OfficerTurn, { otherSide }: BoardDuty): string {
  return kit.kernel.peers.find(otherSide ?? '')?.name ?? otherSide ?? '–'
}

function refOf({ kit }: OfficerTurn, { caseId, caseOpenedAt }: BoardDuty): string {
  return caseRef(caseId, caseOpenedAt, kit.kernel.node.id)
}
