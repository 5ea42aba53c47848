/** The board of clocks across cases, as a page, as a list and for a calendar. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type BoardClock, type BoardFilter, clockBoard } from '../../app/desk/clock-board.ts'
import { dueBoard } from '../../app/desk/due-board.ts'
import { CLOCK_STATES } from '../../core/law/clock-result.ts'
import { ROUTES } from '../routes.ts'
import { type SiteKit, sendFile } from '../site-kit.ts'
import { wordFor } from '../words.ts'
import { dueOf } from './case/due.ts'
import { caseRef } from './case/present-case.ts'
import { clockName } from './case/present-law.ts'
import type { ClocksModel } from './clocks/model.ts'
import { CALENDAR_TYPE, writeCalendar } from './clocks/write-calendar.ts'
import { messagesOf, sendList } from './send-list.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

export function clockRoutes(server: FastifyInstance, kit: SiteKit): void {
  const group = 'workspace'
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerClocks,
    group,
    handler: (turn, request) => clocksPage(turn, filterOf(request.query)),
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerClocksFile,
    group,
    handler: (turn, _request, reply) => clocksFile(turn, reply),
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerClocksCalendar,
    group,
    handler: (turn, _request, reply) => calendarFile(turn, reply),
  })
}

/** What is not a known value chooses nothing. */
function filterOf(query: unknown): BoardFilter {
  const { order, state, all } = query as Readonly<Record<string, unknown>>
  const known = CLOCK_STATES.find((one) => one === state)
  return {
    isComplete: all === 'yes',
    ...(typeof order === 'string' && order !== '' ? { legalOrder: order } : {}),
    ...(known ? { state: known } : {}),
  }
}

async function clocksPage(turn: OfficerTurn, filter: BoardFilter): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const [rows, { packs }, others] = await Promise.all([
    clockBoard(kernel, turn.acting, filter),
    kernel.law.context(),
    dueBoard(kernel, turn.acting),
  ])
  const model: ClocksModel = {
    formToken: turn.signedIn.formToken,
    filter: {
      legalOrder: filter.legalOrder ?? '',
      state: filter.state ?? '',
      isComplete: filter.isComplete ?? false,
    },
    legalOrders: packs.map(({ legalOrder }) => legalOrder),
    states: CLOCK_STATES,
    clocks: rows.map((row) => ({
      id: row.clock,
      name: clockName(row.clock, packs),
      legalOrder: row.legalOrder ?? '–',
      state: row.state,
      nearness: row.nearness,
      ...(row.strictDue ? { strictDue: dueOf(row.strictDue), zone: zoneOf(row.strictDue) } : {}),
      ...(row.legalDue ? { legalDue: dueOf(row.legalDue) } : {}),
      case: { caseId: row.caseId, ref: refOf(turn, row), title: row.caseTitle },
    })),
    others: others.map((row) => ({
      kind: row.kind,
      nearness: row.nearness,
      dueAt: row.dueAt,
      isToConfirm: row.isToConfirm,
      case: { caseId: row.caseId, ref: refOf(turn, row), title: row.caseTitle },
    })),
  }
  return turn.page('officer/clocks', model)
}

async function clocksFile(turn: OfficerTurn, reply: FastifyReply): Promise<FastifyReply> {
  const messages = messagesOf(turn)
  const all = await clockBoard(turn.kit.kernel, turn.acting, { isComplete: true })
  const rows = all.map((row) => [
    refOf(turn, row),
    row.caseTitle,
    row.clock,
    row.legalOrder ?? '',
    wordFor(messages, 'clock', row.state),
    row.strictDue ?? '',
    row.legalDue ?? '',
  ])
  const columns = [
    'search.column.number',
    'search.column.title',
    'clocks.duty',
    'clocks.legalOrder',
    'common.state',
    'clocks.strict',
    'clocks.legal',
  ]
  return sendList(turn, reply, { name: 'clocks', columns, rows })
}

async function calendarFile(turn: OfficerTurn, reply: FastifyReply): Promise<FastifyReply> {
  const { now } = turn.acting
  const clocks = await clockBoard(turn.kit.kernel, turn.acting)
  const bytes = await writeCalendar(turn.kit, turn.lang, { clocks, now })
  return sendFile(reply, { name: 'clocks.ics', mediaType: CALENDAR_TYPE, bytes })
}

type OfCase = Pick<BoardClock, 'caseId' | 'caseOpenedAt'>

function refOf({ kit }: OfficerTurn, { caseId, caseOpenedAt }: OfCase): string {
  return caseRef(caseId, caseOpenedAt, kit.kernel.node.id)
}

function zoneOf(due: string): string {
  return Temporal.ZonedDateTime.from(due).timeZoneId
}
