/**
 * Tasks and notes on a case. Whoever may read the case may write them; a task is
 * done by its assignee or by whoever set it. They leave no trace in the case.
 */
import { Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { calendarDate } from '../../base/time.ts'
import type { Acting, Role } from '../../core/case/recorded.ts'
import { requireRole } from '../act.ts'
import { caseStream } from '../case-stream.ts'
import type { Kernel } from '../kernel.ts'

/** Who does case work, or looks after it. */
const WORKERS: readonly Role[] = ['caseOfficer', 'reviewer', 'liaison', 'oversight']

export const taskForm = Type.Object({
  title: Type.String({ minLength: 1, maxLength: 300 }),
  assignee: Type.String({ maxLength: 40 }),
  dueOn: Type.Optional(Type.String({ maxLength: 10 })),
})

export const noteForm = Type.Object({
  text: Type.String({ minLength: 1, maxLength: 8000 }),
})

type AddTask = { readonly title: string; readonly assignee: string; readonly dueOn?: string }

export async function addTask(
  kernel: Kernel,
  caseId: string,
  { title, assignee, dueOn }: AddTask,
  acting: Acting,
): Promise<Decision<{ readonly taskId: string }>> {
  const role = requireRole('addTask', WORKERS, acting)
  if (role.decision === 'refuse') return role
  await caseStream(kernel, caseId)
  const person = await kernel.people.officer(assignee)
  if (!person?.roles.some((one) => WORKERS.includes(one))) {
    const text = 'a task is for an officer of this authority who may read cases'
    return refuse('noSuchAssignee', { rule: 'work:assignee', text })
  }
  const taskId = kernel.random.uuidByTime()
  await kernel.desk.records.addTask({
    id: taskId,
    caseId,
    title,
    assignee,
    dueOn: dueOn === undefined ? null : calendarDate(dueOn, 'dueOn'),
    createdBy: acting.officer,
    createdAt: acting.now,
  })
  return permit({ taskId })
}

export async function finishTask(
  kernel: Kernel,
  caseId: string,
  taskId: string,
  acting: Acting,
): Promise<Decision<null>> {
  const role = requireRole('finishTask', WORKERS, acting)
  if (role.decision === 'refuse') return role
  const tasks = await kernel.desk.records.tasksOf(caseId)
  const task = tasks.find(({ id }) => id === taskId)
  if (!task || task.doneAt !== null) {
    return refuse('noOpenTask', { rule: 'work:task', text: 'there is no such open task' })
  }
  if (task.assignee !== acting.officer && task.createdBy !== acting.officer) {
    const text = 'a task is done by its assignee or by whoever set it'
    return refuse('notYourTask', { rule: 'work:own', text })
  }
  const by = acting.officer
  const isDone = await kernel.desk.records.finishTask({ caseId, taskId, by, at: acting.now })
  if (isDone) return permit(null)
  return refuse('noOpenTask', { rule: 'work:task', text: 'there is no such open task' })
}

export async function addNote(
  kernel: Kernel,
  caseId: string,
  text: string,
  acting: Acting,
): Promise<Decision<null>> {
  const role = requireRole('addNote', WORKERS, acting)
  if (role.decision === 'refuse') return role
  await caseStream(kernel, caseId)
  await kernel.desk.records.addNote({
    id: kernel.random.uuidByTime(),
    caseId,
    text,
    writtenBy: acting.officer,
    writtenAt: acting.now,
  })
  return permit(null)
}
