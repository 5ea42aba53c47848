/** "My work", and the tasks and notes of a case. What may be done is decided in app/desk. */

import type { FastifyInstance, FastifyReply } from 'fastify'
import { requireCaseId } from '../../app/case-stream.ts'
import { nearnessOf } from '../../app/desk/due-board.ts'
import { dutyStanding, sideOfDuty } from '../../app/desk/duty-board.ts'
import { addNote, addTask, finishTask, noteForm, taskForm } from '../../app/desk/tasks.ts'
import { workListOf } from '../../app/desk/work-list.ts'
import { handOverPackage } from '../../app/hand-over-file.ts'
import { readCase } from '../../app/read-case.ts'
import { reportsOfCase } from '../../app/vulnerability-report.ts'
import type { Because, Decision } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import { type ActionGroup, ruleOf } from '../../core/access/rules.ts'
import type { Role } from '../../core/case/recorded.ts'
import { localDate } from '../../core/desk/local-time.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import type { FormHints, FormSchema } from '../form/field-spec.ts'
import { type FieldError, formModel, type RawValues } from '../form/form-model.ts'
import { readForm } from '../form/read-form.ts'
import { linkTo, ROUTES, type RouteName } from '../routes.ts'
import { type SiteKit, seeOther, sendFile } from '../site-kit.ts'
import { sendStream } from '../streamed-file.ts'
import { type Names, namesOf } from './case/names.ts'
import { caseHead, caseRef } from './case/present-case.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

type Params = {
  readonly caseId: string
  readonly taskId: string
  readonly letterId: string
  readonly format: string
}

export function workRoutes(server: FastifyInstance, kit: SiteKit): void {
  const route = (
    method: 'GET' | 'POST',
    name: RouteName,
    group: ActionGroup,
    handler: (turn: OfficerTurn, params: Params, reply: FastifyReply) => Promise<FastifyReply>,
  ) =>
    officerRoute(server, kit, {
      method,
      url: ROUTES[name],
      group,
      handler: (turn, request, reply) => handler(turn, request.params as Params, reply),
    })
  route('GET', 'officerWork', 'workspace', workPage)
  route('GET', 'officerCaseWork', 'read', (turn, { caseId }) => caseWorkPage(turn, caseId))
  route('POST', 'officerAddTask', 'note', taskAdded)
  route('POST', 'officerFinishTask', 'note', taskFinished)
  route('POST', 'officerAddNote', 'note', noteAdded)
  route('GET', 'officerLetter', 'read', letterFile)
  route('GET', 'officerHandOver', 'export', handOverFile)
}

async function workPage(turn: OfficerTurn): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const [list, names] = await Promise.all([workListOf(kernel, turn.acting), namesOf(kernel)])
  const today = localDate(turn.acting.now, kernel.node.zone)
  const line = (row: { caseId: string; caseTitle: string; caseOpenedAt: string }) => ({
    caseId: row.caseId,
    ref: caseRef(row.caseId, row.caseOpenedAt, kernel.node.id),
    title: row.caseTitle,
  })
  return turn.page('officer/my-work', {
    formToken: turn.signedIn.formToken,
    tasks: list.tasks.map((task) => ({
      id: task.id,
      title: task.title,
      setBy: names.officer(task.createdBy),
      isLate: task.dueOn !== null && task.dueOn < today,
      case: line(task),
      ...(task.dueOn === null ? {} : { dueOn: task.dueOn }),
    })),
    deadlines: list.deadlines.map((row) => ({
      clock: row.clock,
      state: row.overdueAt <= turn.acting.now ? 'overdue' : row.state,
      dueAt: row.dueAt,
      case: line(row),
    })),
    duties: list.duties.map((row) => ({
      id: row.dutyId,
      side: sideOfDuty(row),
      state: dutyStanding(row, turn.acting.now),
      case: line(row),
      ...(row.kind ? { kind: row.kind } : {}),
      ...(row.dueAt ? { dueAt: row.dueAt } : {}),
    })),
    dues: list.dues.map((row) => ({
      kind: row.kind,
      nearness: nearnessOf(row.dueAt, turn.acting.now),
      dueAt: row.dueAt,
      isToConfirm: row.isToConfirm,
      case: line(row),
    })),
    waiting: list.waiting.map((row) => ({ what: row.what, case: line(row) })),
    proposals: list.proposals.map(({ act, proposedBy, expiresAt, case: about }) => ({
      act,
      by: names.officer(proposedBy),
      expiresAt,
      place: about
        ? `${linkTo(turn.lang, 'officerAccess', { caseId: about.caseId })}#proposals`
        : linkTo(turn.lang, 'officerSealingRoster'),
      ...(about ? { case: line(about) } : {}),
    })),
  })
}

type Tried = { readonly values: RawValues; readonly errors: readonly FieldError[] }
type Shown = {
  readonly task?: Tried
  readonly note?: Tried
  readonly refused?: readonly Because[]
}

const NOTHING: Tried = { values: {}, errors: [] }

export async function caseWorkPage(turn: OfficerTurn, id: string, shown: Shown = {}, status = 200) {
  const { kernel } = turn.kit
  const caseId = requireCaseId(id)
  const read = await readCase(kernel, caseId, turn.acting)
  const [tasks, notes, names, hints] = await Promise.all([
    kernel.desk.records.tasksOf(caseId),
    kernel.desk.records.notesOf(caseId),
    namesOf(kernel),
    taskHints(turn),
  ])
  const hidden = { formToken: turn.signedIn.formToken }
  const { task = NOTHING, note = NOTHING, refused } = shown
  const model = {
    case: caseHead(read, names),
    formToken: turn.signedIn.formToken,
    tasks: tasks.map((one) => taskRow(turn, names, one)),
    notes: notes.map(({ text, writtenBy, writtenAt }) => ({
      text,
      by: names.officer(writtenBy),
      at: writtenAt,
    })),
    letters: read.state.desk.letters.map((one) => ({
      id: one.letterId,
      subject: one.subject,
      to: one.to,
      by: names.officer(one.by),
      at: one.madeAt,
      hasPdf: one.pdfDigest !== null,
      sha256: one.docxDigest,
    })),
    handOvers: read.state.desk.handOvers.map((one) => ({
      id: one.handOverId,
      to: names.authority(one.recipient).name,
      at: one.madeAt,
      by: names.officer(one.by),
      sha256: one.digest,
      ...(one.receipt ? { receivedOn: one.receipt.receivedOn } : {}),
    })),
    reports: reportsOfCase(kernel, caseId, read.state).map(({ release, fits }) => ({
      id: release.releaseId,
      to: names.authority(release.recipient).name,
      at: release.decidedAt,
      ...(fits.decision === 'refuse' ? { because: fits.because } : {}),
    })),
    taskForm: formModel('addTask', taskForm as FormSchema, task.values, task.errors, {
      ...hints,
      action: linkTo(turn.lang, 'officerAddTask', { caseId }),
      hidden,
    }),
    noteForm: formModel('addNote', noteForm as FormSchema, note.values, note.errors, {
      action: linkTo(turn.lang, 'officerAddNote', { caseId }),
      hidden,
    }),
    ...(refused ? { refused } : {}),
  }
  return turn.page('officer/case-tasks', model, status)
}

type TaskRow = Awaited<
  ReturnType<OfficerTurn['kit']['kernel']['desk']['records']['tasksOf']>
>[number]

function taskRow({ acting, kit }: OfficerTurn, names: Names, task: TaskRow) {
  const { id, title, assignee, createdBy, dueOn, doneAt } = task
  return {
    id,
    title,
    assignee: names.officer(assignee),
    setBy: names.officer(createdBy),
    isLate: dueOn !== null && dueOn < localDate(acting.now, kit.kernel.node.zone),
    isOwn: assignee === acting.officer || createdBy === acting.officer,
    ...(dueOn === null ? {} : { dueOn }),
    ...(doneAt === null ? {} : { doneAt }),
  }
}

/** The officers to whom a task may be given. */
async function taskHints({ kit }: OfficerTurn): Promise<FormHints> {
  const officers = await kit.kernel.people.officers()
  const noting: readonly Role[] = ruleOf('note').roles
  const able = officers.filter(({ roles }) => roles.some((role) => noting.includes(role)))
  const assignee = able.map(({ id, name }) => ({ value: id, text: name }))
  return { choices: { assignee }, widgets: { assignee: 'select' } }
}

async function taskAdded(turn: OfficerTurn, { caseId }: Params, reply: FastifyReply) {
  const read = readForm(taskForm as FormSchema, turn.sent, {
    ...(await taskHints(turn)),
    zone: turn.kit.site.zone,
  })
  const task = { values: turn.sent, errors: read.isValid ? [] : read.errors }
  if (!read.isValid) return caseWorkPage(turn, caseId, { task }, 400)
  const input = read.input as Parameters<typeof addTask>[2]
  const added = await addTask(turn.kit.kernel, requireCaseId(caseId), input, turn.acting)
  return answered(turn, reply, caseId, added, { task })
}

async function noteAdded(turn: OfficerTurn, { caseId }: Params, reply: FastifyReply) {
  const read = readForm(noteForm as FormSchema, turn.sent, { zone: turn.kit.site.zone })
  const note = { values: turn.sent, errors: read.isValid ? [] : read.errors }
  if (!read.isValid) return caseWorkPage(turn, caseId, { note }, 400)
  const text = String(read.input['text'])
  const added = await addNote(turn.kit.kernel, requireCaseId(caseId), text, turn.acting)
  return answered(turn, reply, caseId, added, { note })
}

async function taskFinished(turn: OfficerTurn, { caseId, taskId }: Params, reply: FastifyReply) {
  const id = isUuid(taskId) ? taskId : ''
  const done = await finishTask(turn.kit.kernel, requireCaseId(caseId), id, turn.acting)
  if (done.decision === 'permit' && turn.sent['from'] === 'work') {
    return seeOther(reply, linkTo(turn.lang, 'officerWork'))
  }
  return answered(turn, reply, caseId, done, {})
}

const LETTER_TYPES: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
}

async function letterFile(turn: OfficerTurn, params: Params, reply: FastifyReply) {
  const { kernel } = turn.kit
  const { letterId, format } = params
  const caseId = requireCaseId(params.caseId)
  // Whoever may not read the case gets no letter of it.
  const { state } = await readCase(kernel, caseId, turn.acting)
  const isOfCase = state.desk.letters.some((one) => one.letterId === letterId)
  const letter = isOfCase ? await kernel.desk.letters.kept(caseId, letterId) : undefined
  const mediaType = LETTER_TYPES[format]
  const bytes = format === 'pdf' ? letter?.pdf : letter?.docx
  if (!bytes || !mediaType) throw malformed('there is no such letter', { reason: 'not-found' })
  return sendFile(reply, { name: `letter-${letterId.slice(-6)}.${format}`, mediaType, bytes })
}

async function handOverFile(turn: OfficerTurn, params: Params, reply: FastifyReply) {
  const { kernel } = turn.kit
  const { letterId: handOverId } = params
  const caseId = requireCaseId(params.caseId)
  const { state } = await readCase(kernel, caseId, turn.acting)
  const made = await handOverPackage(kernel, caseId, state, handOverId)
  if (!made) throw malformed('there is no such package', { reason: 'not-found' })
  return sendStream(reply, { name: `hand-over-${handOverId.slice(-6)}.tar`, ...made })
}

function answered(
  turn: OfficerTurn,
  reply: FastifyReply,
  caseId: string,
  decision: Decision<unknown>,
  shown: Shown,
) {
  if (decision.decision === 'permit') {
    return seeOther(reply, linkTo(turn.lang, 'officerCaseWork', { caseId }))
  }
  const status = statusOfRefusal(decision.why)
  return caseWorkPage(turn, caseId, { ...shown, refused: decision.because }, status)
}
