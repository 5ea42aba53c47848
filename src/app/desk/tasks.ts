/**
 * Tasks and notes on a case. Whoever may read the case may write them; a task is
 * done by its assignee or by whoever set it. They leave no trace in the case.
 */
import { Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { isUuid } from '../../base/ids.ts'
import { calendarDate } from '../../base/time.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { decideCaseAccess } from '../access.ts'
import { actingAs } from '../acting.ts'
import type { Kernel } from '../kernel.ts'

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
  const access = await decideNoting(kernel, caseId, 'addTask', acting)
  if (access.decision === 'refuse') return access
  const person = isUuid(assignee) ? await kernel.people.officer(assignee) : undefined
  const theirs =
    person && (await decideNoting(kernel, caseId, 'finishTask', actingAs(person, kernel)))
  if (theirs?.decision !== 'permit') {
    const text = 'a task is for an officer of this authority who may work on the case'
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
  const access = await decideNoting(kernel, caseId, 'finishTask', acting)
  if (access.decision === 'refuse') return access
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
  const access = await decideNoting(kernel, caseId, 'addNote', acting)
  if (access.decision === 'refuse') return access
  await kernel.desk.records.addNote({
    id: kernel.random.uuidByTime(),
    caseId,
    text,
    writtenBy: acting.officer,
    writtenAt: acting.now,
  })
  return permit(null)
}

function decideNoting(kernel: Kernel, caseId: string, name: string, acting: Acting) {
  return decideCaseAccess(kernel, caseId, { name, group: 'note' }, acting)
}
