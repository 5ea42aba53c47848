/**
 * Makes a task of what no list of clocks holds and nobody did on its day: the review of a
 * legal hold, and a remedy that was ordered. One task for each, for whoever answers for it,
 * or else for one who handles the case. Its id is derived from the thing that it is about,
 * so a later run makes no second one, and one that is done stays done.
 */
import { toHex, utf8 } from '../../base/bytes.ts'
import type { CaseState } from '../../core/case/case.ts'
import { localDate } from '../../core/desk/local-time.ts'
import { foldCaseStream } from '../case-stream.ts'
import type { Kernel } from '../kernel.ts'
import type { Officer } from '../ports/people.ts'
import type { OverdueThing } from '../ports/work.ts'
import { toldOf } from './notice-timers.ts'

const TITLES: Readonly<Record<OverdueThing['kind'], string>> = {
  holdReview: 'A legal hold is due for review: lift it, or say why it still stands',
  remedy: 'A remedy that was ordered has passed its day: finish it, or tell the person why not',
  playbookItem: 'An item of a playbook has passed its day: finish it, pass it on or skip it',
}

/** @returns how many tasks were made */
export async function askForOverdueWork(kernel: Kernel): Promise<number> {
  const { records } = kernel.desk
  const things = (await records.overdueThings(kernel.clocks.caseNow())).map((thing) => ({
    ...thing,
    taskId: taskIdOf(kernel, thing),
  }))
  const known = new Set(await records.knownTasks(things.map(({ taskId }) => taskId)))
  const open = things.filter(({ taskId }) => !known.has(taskId))
  if (open.length === 0) return 0
  const officers = await kernel.people.officers()
  for (const thing of open) await makeTask(kernel, thing, officers)
  return open.length
}

async function makeTask(
  { streams, clocks, node }: Kernel,
  thing: OverdueThing & { readonly taskId: string },
  officers: readonly Officer[],
): Promise<void> {
  const { caseId, kind, taskId } = thing
  await streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    if (stream?.kind !== 'case') return
    const assignee = ownerOf(foldCaseStream(stream.history), thing, officers)
    if (!assignee) return
    const now = clocks.caseNow()
    await unit.addTask({
      ...{ id: taskId, caseId, title: TITLES[kind], assignee, createdBy: assignee },
      ...{ dueOn: localDate(now, node.zone), createdAt: now },
    })
  })
}

function ownerOf(
  state: CaseState,
  { owner }: OverdueThing,
  officers: readonly Officer[],
): string | undefined {
  const named = officers.find(({ id }) => id === owner)
  return (named ?? toldOf(state, officers, ['caseOfficer', 'liaison'])[0])?.id
}

/** In the form of a random UUID, which is what ids of tasks look like. */
function taskIdOf(
  { primitives }: Pick<Kernel, 'primitives'>,
  { caseId, kind, subjectId }: OverdueThing,
): string {
  const hex = toHex(primitives.sha256(utf8(`task/${caseId}/${kind}/${subjectId}`)))
  const [a, b, c, d] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16), hex.slice(17, 20)]
  return `${a}-${b}-4${c}-8${d}-${hex.slice(20, 32)}`
}
