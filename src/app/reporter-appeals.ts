/**
 * An appeal from the mailbox becomes an event of the case and a task for officers who took
 * no part in it. Its words stay sealed. Who decides is asked again when it is decided, with
 * conflicts of interest and absences, which this door does not read.
 */

import { type Decision, permit } from '../base/decision.ts'
import { utcDateOf } from '../base/time.ts'
import type { CaseState } from '../core/case/case.ts'
import type { AppealSubject } from '../core/disclosure/recognition-events.ts'
import {
  DECIDING_ROLES,
  fileAppeal,
  mayAppeal,
  type WhyNoAppeal,
} from '../core/disclosure/reporter-appeal.ts'
import { readingTasks } from './answer-shared.ts'
import { foldCaseStream, noSuchCase } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import type { Filing, FollowUpKind, MailboxMessage } from './ports/filings.ts'
import type { Officer } from './ports/people.ts'
import type { Unit } from './ports/streams.ts'
import { appealFactsOf, waitingFacts } from './recognition-facts.ts'
import { type IntakeRoster, intakeRoster } from './sealing-keys.ts'

export const APPEAL_KINDS = {
  appealRejection: 'rejection',
  appealDelay: 'delay',
  appealCredit: 'credit',
} as const satisfies Partial<Record<FollowUpKind, AppealSubject>>

export function appealOf(kind: string): AppealSubject | undefined {
  return Object.hasOwn(APPEAL_KINDS, kind)
    ? APPEAL_KINDS[kind as keyof typeof APPEAL_KINDS]
    : undefined
}

const TITLE = 'Decide an appeal of a reporter: you took no part in what it is about'

/** Asked before the message is taken. Before it is admitted, a report can only be late. */
export async function mayAppealNow(
  kernel: Kernel,
  filing: Pick<Filing, 'caseId' | 'acceptedReceipt'>,
  about: AppealSubject,
): Promise<Decision<null, WhyNoAppeal>> {
  const stream = filing.caseId ? await kernel.streams.read(filing.caseId) : undefined
  const facts = stream
    ? appealFactsOf(foldCaseStream(stream.history))
    : waitingFacts(filing.acceptedReceipt.receipt.clocks)
  return mayAppeal(facts, about, utcDateOf(kernel.clocks.caseNow()))
}

type Said = { readonly id: string; readonly about: AppealSubject }

/**
 * In the transaction that keeps the message, or that admits its report: what was late then
 * was late, although it is acknowledged now. A refusal leaves nothing.
 */
export async function startAppeal(
  kernel: Kernel,
  unit: Unit,
  caseId: string,
  { id, about }: Said,
  isFromBefore = false,
): Promise<Decision<null, WhyNoAppeal>> {
  const stream = await unit.open(caseId)
  if (stream?.kind !== 'case') throw noSuchCase()
  const state = foldCaseStream(stream.history)
  const now = kernel.clocks.caseNow()
  const facts = appealFactsOf(state)
  const may = mayAppeal(facts, about, utcDateOf(now))
  if (may.decision === 'refuse' && !(isFromBefore && may.why === 'notLate')) return may
  const able = ableToDecide(state, await kernel.people.officers(), await intakeRoster(kernel))
  const { escalation } = kernel.intake
  const ids = able.map((officer) => officer.id)
  const events = fileAppeal(facts, { appealId: id, about, now, able: ids, escalation })
  // With the intake's own entries, so that the log does not tell when a reporter wrote.
  await stream.append(events, kernel.node.id, 'intake')
  const asked = able.filter(({ id }) =>
    events.some((one) => 'asked' in one && one.asked.includes(id)),
  )
  for (const task of readingTasks(kernel, caseId, asked, now, TITLE)) await unit.addTask(task)
  return permit(null)
}

/** What was said while the report waited: the last one says it. */
export async function startHeldAppeal(
  kernel: Kernel,
  unit: Unit,
  caseId: string,
  messages: readonly Pick<MailboxMessage, 'id' | 'kind'>[],
): Promise<void> {
  const last = messages.findLast(({ kind }) => appealOf(kind) === 'delay')
  if (last) await startAppeal(kernel, unit, caseId, { id: last.id, about: 'delay' }, true)
}

/** Those first who hold a key and can read the words; nobody who is kept out of the case. */
export function ableToDecide(
  { access }: Pick<CaseState, 'access'>,
  officers: readonly Officer[],
  { entries }: Pick<IntakeRoster, 'entries'>,
): readonly Officer[] {
  // Into a case that is not open only a review lets somebody who has no part in it.
  const needed: readonly string[] = access.classification === 'open' ? DECIDING_ROLES : ['reviewer']
  const holdsKey = ({ id }: Officer) =>
    entries.some(
      ({ layer, holder }) => layer === 'inner' && 'officer' in holder && holder.officer === id,
    )
  const able = officers.filter(
    ({ id, roles }) => roles.some((role) => needed.includes(role)) && !access.barred?.includes(id),
  )
  return [...able.filter(holdsKey), ...able.filter((one) => !holdsKey(one))]
}
