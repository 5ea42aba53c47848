/**
 * Lists to take away as CSV or XLSX: my work, the tasks of a case, its register of
 * events. Each holds what the page of the same name shows to the same person, and no
 * content of an event.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { requireCaseId } from '../../app/case-stream.ts'
import { workListOf } from '../../app/desk/work-list.ts'
import { readCase } from '../../app/read-case.ts'
import { ROUTES } from '../routes.ts'
import type { SiteKit } from '../site-kit.ts'
import { wordFor } from '../words.ts'
import { namesOf } from './case/names.ts'
import { caseRef } from './case/present-case.ts'
import { messagesOf, sendList } from './send-list.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

type Params = { readonly caseId: string }

export function listRoutes(server: FastifyInstance, kit: SiteKit): void {
  const method = 'POST'
  officerRoute(server, kit, {
    method,
    url: ROUTES.officerWorkFile,
    group: 'workspace',
    handler: (turn, _request, reply) => workFile(turn, reply),
  })
  officerRoute(server, kit, {
    method,
    url: ROUTES.officerTasksFile,
    group: 'read',
    handler: (turn, request, reply) => tasksFile(turn, (request.params as Params).caseId, reply),
  })
  officerRoute(server, kit, {
    method,
    url: ROUTES.officerRegisterFile,
    group: 'export',
    handler: (turn, request, reply) => registerFile(turn, (request.params as Params).caseId, reply),
  })
}

async function workFile(turn: OfficerTurn, reply: FastifyReply): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const [list, names] = await Promise.all([workListOf(kernel, turn.acting), namesOf(kernel)])
  const { t } = messagesOf(turn)
  type Line = { caseId: string; caseTitle: string; caseOpenedAt: string }
  const caseCells = ({ caseId, caseTitle, caseOpenedAt }: Line) => [
    caseRef(caseId, caseOpenedAt, kernel.node.id),
    caseTitle,
  ]
  const rows = [
    ...list.tasks.map((one) => [
      t('lists.task'),
      one.title,
      one.dueOn ?? '',
      ...caseCells(one),
      names.officer(one.createdBy),
    ]),
    ...list.deadlines.map((one) => [
      t('lists.period'),
      one.clock,
      one.dueAt,
      ...caseCells(one),
      '',
    ]),
    ...list.duties.map((one) => [
      t('work.duties'),
      one.dutyId,
      one.dueAt ?? '',
      ...caseCells(one),
      '',
    ]),
    ...list.dues.map((one) => [
      t('work.dues'),
      wordFor(messagesOf(turn), 'dueKind', one.kind),
      one.dueAt,
      ...caseCells(one),
      '',
    ]),
    ...list.waiting.map((one) => [
      t('lists.waiting'),
      t(`work.waiting.${one.what}`),
      '',
      ...caseCells(one),
      '',
    ]),
    ...list.proposals.map((one) => [
      t('lists.proposal'),
      t(`act.${one.act}`),
      one.expiresAt,
      ...(one.case ? caseCells(one.case) : ['', '']),
      names.officer(one.proposedBy),
    ]),
  ]
  const columns = [
    'lists.kind',
    'lists.what',
    'work.due',
    'search.column.number',
    'search.column.title',
    'work.setBy',
  ]
  return sendList(turn, reply, { name: 'work', columns, rows })
}

async function tasksFile(turn: OfficerTurn, caseId: string, reply: FastifyReply) {
  const { kernel } = turn.kit
  const [tasks, names] = await Promise.all([
    kernel.desk.records.tasksOf(requireCaseId(caseId)),
    namesOf(kernel),
  ])
  const rows = tasks.map((one) => [
    one.title,
    names.officer(one.assignee),
    one.dueOn ?? '',
    names.officer(one.createdBy),
    one.createdAt,
    one.doneAt ?? '',
    one.doneBy ? names.officer(one.doneBy) : '',
  ])
  const columns = [
    'lists.task',
    'lists.assignee',
    'work.due',
    'work.setBy',
    'lists.setAt',
    'caseWork.doneAt',
    'lists.doneBy',
  ]
  return sendList(turn, reply, { name: 'tasks', columns, rows })
}

/** What happened, when, by whom, and how far the log has come with it. */
async function registerFile(turn: OfficerTurn, caseId: string, reply: FastifyReply) {
  const { kernel } = turn.kit
  const [read, names] = await Promise.all([
    readCase(kernel, requireCaseId(caseId), turn.acting),
    namesOf(kernel),
  ])
  const messages = messagesOf(turn)
  const rows = read.events.map((recorded) => {
    const cause = names.causeOf(recorded)
    return [
      String(recorded.version),
      recorded.at,
      wordFor(messages, 'event', recorded.event.type),
      recorded.event.type,
      'name' in cause ? cause.name : wordFor(messages, 'actor', cause.kind),
      wordFor(messages, 'stage', recorded.receipt ?? 'accepted'),
      recorded.logId,
    ]
  })
  const columns = [
    'search.column.number',
    'lists.at',
    'lists.event',
    'lists.type',
    'lists.by',
    'lists.receipt',
    'lists.logId',
  ]
  return sendList(turn, reply, { name: 'register', columns, rows })
}
