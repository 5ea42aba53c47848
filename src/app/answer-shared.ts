/**
 * Somebody from outside answers to what was shared: with an account, or as a guest. The
 * answer is an event of the case, with a receipt of the log; the officers who handle the
 * case get a task. It decides nothing.
 */
import { Type } from '@sinclair/typebox'
import { toHex, utf8 } from '../base/bytes.ts'
import { type Decision, permit, refuse } from '../base/decision.ts'
import { isUuid } from '../base/ids.ts'
import { addMs, calendarDate, DAY_MS, type Instant } from '../base/time.ts'
import type { Action } from '../core/access/decide-access.ts'
import { ruleOf } from '../core/access/rules.ts'
import type { CaseState } from '../core/case/case.ts'
import type { Acting, Role } from '../core/case/recorded.ts'
import { localDate } from '../core/desk/local-time.ts'
import { fileStatement, STATEMENT_TEXT_MAX } from '../core/rights/statements.ts'
import type { EventOpening } from '../wire/event-opening.ts'
import { accessContext, decideOnCase } from './access.ts'
import { foldCaseStream, noSuchCase } from './case-stream.ts'
import { openingOf } from './event-openings.ts'
import { actingOf } from './guests.ts'
import type { Kernel } from './kernel.ts'
import type { Officer } from './ports/people.ts'
import type { NewTask } from './ports/work.ts'
import { decideShared, type SharedCase } from './shared-cases.ts'

const text = Type.String({ minLength: 1, maxLength: STATEMENT_TEXT_MAX })

/** One form for each place in which somebody answers; respondents and counsel share theirs. */
export const ANSWER_FORMS = {
  hearing: Type.Object({ subjectId: Type.String({ maxLength: 40 }), text }),
  report: Type.Object({
    acknowledges: Type.Boolean(),
    text: Type.Optional(text),
    fixOn: Type.Optional(Type.String({ maxLength: 10 })),
  }),
  notice: Type.Object({ text }),
} as const

export type AnswerInput = {
  readonly subjectId?: string
  readonly text?: string
  readonly acknowledges?: boolean
  readonly fixOn?: string
}

export type Answered = {
  readonly statementId: string
  readonly filedAt: Instant
  /** SHA-256 of the words as they were received, lower-case hex. */
  readonly digest: string
}

const ANSWER: Action = { name: 'answerShared', group: 'answerShared' }

/** `undefined`: the guest has no session, or nothing is shared with it any more. */
export async function answerAsGuest(
  kernel: Kernel,
  door: { readonly linkId: string; readonly secret: string },
  input: AnswerInput,
): Promise<Decision<Answered> | undefined> {
  const link = await kernel.desk.guests.look(door.linkId, door.secret)
  return link && answerShared(kernel, link.caseId, input, actingOf(kernel, link))
}

/** @throws ComityError `malformed` if there is no such case, or a date is none */
export async function answerShared(
  kernel: Kernel,
  caseId: string,
  input: AnswerInput,
  acting: Acting,
): Promise<Decision<Answered>> {
  const context = await accessContext(kernel)
  const { fixOn } = input
  const command = {
    text: input.text ?? '',
    statementId: kernel.random.uuid(),
    ...(input.subjectId === undefined ? {} : { subjectId: input.subjectId }),
    acknowledges: input.acknowledges ?? false,
    fixOn: fixOn === undefined ? null : calendarDate(fixOn, 'fixOn'),
  }
  const officers = await kernel.people.officers()
  const decision = await kernel.streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    if (stream?.kind !== 'case') throw noSuchCase()
    const before = foldCaseStream(stream.history)
    const access = decideOnCase(before, ANSWER, { caseId, acting, context })
    if (access.decision === 'refuse') return access
    const admission = before.access.admitted.find(({ person }) => person === acting.officer)
    // Who reads the case by another tie does not answer for somebody from outside.
    if (!admission || access.value.tie !== 'admitted') return notAdmitted()
    const decided = fileStatement(before, admission, command, acting)
    if (decided.decision === 'refuse') return decided
    await stream.append(decided.value.events, kernel.node.id)
    for (const task of readingTasks(kernel, caseId, toldOf(before, officers), acting.now)) {
      await unit.addTask(task)
    }
    return decided
  })
  if (decision.decision === 'refuse') return decision
  const { statementId, text: words } = decision.value.filed
  const digest = toHex(kernel.primitives.sha256(utf8(words)))
  return permit({ statementId, filedAt: acting.now, digest })
}

const notAdmitted = () =>
  refuse('notAdmitted', {
    rule: 'access:notAdmitted',
    text: 'nothing of this case is shared with you',
  })

/** At most as many get a task: it is one piece of work, not a circular. */
const TOLD_MAX = 3

/**
 * Those who are assigned, or else those who handled the case, or else some who could handle it;
 * never who is kept out of it, also if they handled it before.
 */
export function toldOf(
  { access, handlers }: Pick<CaseState, 'access' | 'handlers'>,
  officers: readonly Officer[],
) {
  const able: readonly Role[] = ruleOf('handle').roles
  const working = officers.filter(
    ({ id, roles }) => roles.some((role) => able.includes(role)) && !access.barred?.includes(id),
  )
  const among = (ids: readonly string[]) => working.filter(({ id }) => ids.includes(id))
  const [first = working] = [among(access.assigned), among(handlers)].filter(
    (some) => some.length > 0,
  )
  return first.slice(0, TOLD_MAX)
}

export function readingTasks(
  { random, node }: Kernel,
  caseId: string,
  officers: readonly Officer[],
  now: Instant,
  title = 'Read the answer that came in from outside',
): readonly NewTask[] {
  return officers.map(({ id }) => ({
    id: random.uuidByTime(),
    caseId,
    title,
    assignee: id,
    dueOn: localDate(addMs(now, DAY_MS), node.zone),
    createdBy: id,
    createdAt: now,
  }))
}

/**
 * What shows that the log holds an answer: the event as it was signed, with its receipt.
 * `undefined`: there is no such answer of this person, or the receipt is not sealed yet.
 */
export async function answerReceipt(
  kernel: Kernel,
  { caseId, view }: Pick<SharedCase, 'caseId' | 'view'>,
  statementId: string,
): Promise<EventOpening | undefined> {
  if (!view.answers?.some((one) => one.statementId === statementId)) return undefined
  const stream = await kernel.streams.read(caseId)
  if (!stream) return undefined
  const filed = foldCaseStream(stream.history).statements.find(
    (one) => one.statementId === statementId,
  )
  return filed && openingOf(kernel, stream, filed.version)
}

/** What a guest sees at this moment, without a look on record: for a form that is shown again. */
export async function sharedWithGuest(
  kernel: Kernel,
  door: { readonly linkId: string; readonly secret: string },
): Promise<(SharedCase & { readonly until: Instant }) | undefined> {
  const link = await kernel.desk.guests.look(door.linkId, door.secret)
  if (!link || !isUuid(link.caseId)) return undefined
  const stream = await kernel.streams.read(link.caseId)
  if (!stream) return undefined
  const asking = {
    caseId: link.caseId,
    acting: actingOf(kernel, link),
    context: await accessContext(kernel),
  }
  const shared = decideShared(kernel, foldCaseStream(stream.history), asking)
  return shared.decision === 'permit' ? { ...shared.value, until: link.expiresAt } : undefined
}
