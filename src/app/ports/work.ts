/**
 * How an authority organises its own work on cases: tasks, notes, and what waits.
 *
 * None of it is the case. Tasks and notes decide nothing, go to nobody outside, and
 * are in no evidence package; whoever sets a task does not become a handler of the
 * case by that. So they are sealed rows under the case's key, not events.
 */
import type { CalendarDate, Instant } from '../../base/time.ts'
import type { CalendarFiles } from './calendar-files.ts'
import type { Guests } from './guests.ts'
import type { HandOvers } from './hand-overs.ts'
import type { Imports } from './imports.ts'
import type { Letters } from './letters.ts'
import type { NoticeRules, Notices } from './notices.ts'
import type { DueRow } from './registers.ts'
import type { Search } from './search.ts'
import type { Tables } from './tables.ts'
import type { Undelivered } from './undelivered.ts'

export type Task = {
  readonly id: string
  readonly caseId: string
  readonly title: string
  readonly assignee: string
  readonly dueOn: CalendarDate | null
  readonly createdBy: string
  readonly createdAt: Instant
  readonly doneAt: Instant | null
  readonly doneBy: string | null
}

/** Something whose day has passed; `owner`: the one officer who answers for it, if there is one. */
export type OverdueThing = {
  readonly caseId: string
  readonly kind: 'holdReview' | 'remedy' | 'playbookItem'
  readonly subjectId: string
  readonly owner: string | null
}

export type NewTask = Omit<Task, 'doneAt' | 'doneBy'>

export type Note = {
  readonly id: string
  readonly caseId: string
  readonly text: string
  readonly writtenBy: string
  readonly writtenAt: Instant
}

export type OpenTask = Task & { readonly caseTitle: string; readonly caseOpenedAt: Instant }

/** A period of law in a case that an officer handles, not yet met. */
export type OpenDeadline = {
  readonly caseId: string
  readonly caseTitle: string
  readonly caseOpenedAt: Instant
  readonly clock: string
  readonly state: string
  /** The stricter date, on which one's own duty is done. */
  readonly dueAt: Instant
  /** The later one: from then on it is overdue. */
  readonly overdueAt: Instant
}

/** A duty after a release, in a case that an officer handles. */
export type OpenDuty = {
  readonly caseId: string
  readonly caseTitle: string
  readonly caseOpenedAt: Instant
  readonly releaseId: string
  readonly dutyId: string
  readonly kind: string | null
  readonly state: string
  readonly isOwedByUs: boolean
  readonly dueAt: Instant | null
}

export type CaseOfWork = {
  readonly caseId: string
  readonly caseTitle: string
  readonly caseOpenedAt: Instant
}

/** A case in which something waits for a person: a peer's message, or a review. */
export type Waiting = {
  readonly caseId: string
  readonly caseTitle: string
  readonly caseOpenedAt: Instant
  readonly what: 'invitation' | 'assistance' | 'consultation' | 'lead' | 'review'
}

/** How much there is, by kind; what a notice by mail may say. */
export type WorkCounts = {
  readonly tasks: number
  readonly deadlines: number
  readonly reviews: number
  readonly messages: number
  /** What waits for this officer as the second person. */
  readonly proposals: number
  readonly duties: number
  /** Requests for records, remedies and the like that are due within two weeks or late. */
  readonly dues: number
  /** Of tasks, deadlines and proposals: those that are due within a day or late. */
  readonly urgent: number
}

export type WorkRecords = {
  addTask(task: NewTask): Promise<void>
  /** `false` if there is no such task in this case, or it is done. */
  finishTask(done: {
    readonly caseId: string
    readonly taskId: string
    readonly by: string
    readonly at: Instant
  }): Promise<boolean>
  tasksOf(caseId: string): Promise<readonly Task[]>
  openTasksFor(officer: string): Promise<readonly OpenTask[]>
  addNote(note: Note): Promise<void>
  notesOf(caseId: string): Promise<readonly Note[]>
  /** Of cases that the officer handles, the next first. */
  deadlinesFor(officer: string): Promise<readonly OpenDeadline[]>
  /** Of every case, those that end by then and are not met. */
  deadlinesUntil(
    until: Instant,
  ): Promise<readonly Omit<OpenDeadline, 'caseTitle' | 'caseOpenedAt' | 'overdueAt'>[]>
  /** Of cases that the officer handles: ours due by then, and discharges of others to answer. */
  dutiesFor(officer: string, until: Instant): Promise<readonly OpenDuty[]>
  /** Of cases that the officer handles, and whatever the officer answers for: due by then. */
  duesFor(officer: string, until: Instant): Promise<readonly DueRow[]>
  /** Reviews assigned to the officer, and messages that wait for anybody. */
  waitingFor(officer: string): Promise<readonly Waiting[]>
  /** Where a proposal was not answered; it may have expired. */
  casesWithProposals(): Promise<readonly CaseOfWork[]>
  /** Holds to look at again and remedies not done, whose day has come: the oldest 1,000. */
  overdueThings(now: Instant): Promise<readonly OverdueThing[]>
  /** Those of these tasks that are there, done or not. */
  knownTasks(ids: readonly string[]): Promise<readonly string[]>
  /** Cases with somebody who was not told yet. */
  casesWithUntold(): Promise<readonly string[]>
}

/** What this part of the kernel holds; the composition root fills it. */
export type Desk = {
  readonly records: WorkRecords
  readonly notices: Notices
  readonly rules: NoticeRules | undefined
  readonly search: Search
  readonly tables: Tables
  readonly calendars: CalendarFiles
  readonly imports: Imports
  readonly letters: Letters
  readonly handOvers: HandOvers
  readonly guests: Guests
  readonly undelivered: Undelivered
}
