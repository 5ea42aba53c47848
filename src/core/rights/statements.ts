/**
 * What people from outside say to a case on its page: a respondent to a hearing, a
 * vendor to the report, an affected person to the notice. Their words stand in the
 * case as they were sent. They decide nothing: an officer reads and acts.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { addMs, type CalendarDate, DAY_MS, type Instant } from '../../base/time.ts'
import type { Admission } from '../access/case-access.ts'
import { documentsOf } from '../access/documents.ts'
import { ANSWERING_ROLES, type AnsweringRole } from '../access/rules.ts'
import type { CaseState } from '../case/case.ts'
import type { Acting, Recorded } from '../case/recorded.ts'

export const STATEMENT_TEXT_MAX = 20_000
const STATEMENTS_A_DAY = 5
const STATEMENTS_MAX = 40

export type StatementSubject =
  | { readonly kind: 'hearing'; readonly id: string }
  | { readonly kind: 'report' }
  | { readonly kind: 'notice'; readonly id: string }

export type StatementFiled = {
  readonly type: 'statementFiled'
  readonly statementId: string
  /** As the case's history calls the person: an account, or a guest. */
  readonly person: string
  readonly capacity: AnsweringRole
  readonly about: StatementSubject
  readonly text: string
  /** A vendor has received the report. */
  readonly acknowledges: boolean
  /** When a vendor means to have it mended. */
  readonly fixOn: CalendarDate | null
}

export type Statement = Omit<StatementFiled, 'type'> & {
  readonly filedAt: Instant
  readonly version: number
}

export type WhyNoStatement =
  | 'notAsked'
  | 'hearingNotShared'
  | 'hearingNotOpen'
  | 'noNotice'
  | 'nothingSaid'
  | 'textTooLong'
  | 'dateImpossible'
  | 'alreadyFiled'
  | 'tooManyStatements'

/** What a person may answer to at this moment, and until when. */
export type Answerable = {
  readonly capacity: AnsweringRole
  readonly subjects: readonly {
    readonly about: StatementSubject
    readonly dueAt: Instant | null
    /** Of a hearing: the measure that is heard about. */
    readonly measure?: string
  }[]
}

/** By default nothing: a guest answers only in the place that the admission names. */
export function answerableTo(
  state: CaseState,
  admission: Admission,
  now: Instant,
): Decision<Answerable, WhyNoStatement> {
  const capacity = answeringRole(state, admission)
  if (!capacity) return no('notAsked', 'this admission is for looking only')
  if (capacity === 'vendor') {
    const subjects = [{ about: { kind: 'report' }, dueAt: embargoEnd(state, admission) } as const]
    return permit({ capacity, subjects })
  }
  if (capacity === 'affectedPerson') {
    const [id] = documentsOf(state.access, admission, 'notices')
    if (id === undefined) return no('noNotice', 'no notice is shared with you')
    return permit({ capacity, subjects: [{ about: { kind: 'notice', id }, dueAt: null }] })
  }
  if (!admission.sees.includes('hearing')) {
    return no('hearingNotShared', 'no hearing is shared with you')
  }
  const open = state.enforcement.hearings.filter(
    ({ opensAt, endsAt }) => opensAt <= now && now < endsAt,
  )
  if (open.length === 0) return no('hearingNotOpen', 'no hearing is open at this moment')
  const subjects = open.map(({ measureId, endsAt, rung }) => ({
    about: { kind: 'hearing', id: measureId } as const,
    dueAt: endsAt,
    measure: rung,
  }))
  return permit({ capacity, subjects })
}

export type FileStatement = {
  readonly statementId: string
  /** Of a hearing: which one. */
  readonly subjectId?: string
  readonly text: string
  readonly acknowledges?: boolean
  readonly fixOn?: CalendarDate | null
}

/** A statement to a hearing counts as a representation too, so that it is not overlooked. */
export function fileStatement(
  state: CaseState,
  admission: Admission,
  { statementId, subjectId, text, acknowledges = false, fixOn = null }: FileStatement,
  { now }: Pick<Acting, 'now'>,
) {
  const answerable = answerableTo(state, admission, now)
  if (answerable.decision === 'refuse') return answerable
  const { capacity, subjects } = answerable.value
  const subject = subjects.find(({ about }) => about.kind !== 'hearing' || about.id === subjectId)
  if (!subject) return no('hearingNotOpen', 'this hearing is not open')
  const isVendor = capacity === 'vendor'
  const said = { text: plain(text), ...(isVendor ? { acknowledges, fixOn } : NOT_OF_A_VENDOR) }
  const filed: StatementFiled = {
    type: 'statementFiled',
    statementId,
    person: admission.person,
    capacity,
    about: subject.about,
    ...said,
  }
  const fault = faultOf(filed, now) ?? boundOf(state.statements, filed, now)
  if (fault) return fault
  return permit({ filed, events: [filed, ...representations(filed)] })
}

/** As it is kept: browsers end lines in two characters. */
const plain = (text: string) => text.replaceAll('\r\n', '\n').trim()

const NOT_OF_A_VENDOR = { acknowledges: false, fixOn: null } as const

function representations({ about, statementId }: StatementFiled) {
  if (about.kind !== 'hearing') return []
  const summary = `Written statement, filed on the page: ${statementId}`
  const received = { measureId: about.id, exhibitId: null, summary }
  return [{ type: 'representationReceived', ...received } as const]
}

function faultOf({ text, acknowledges, fixOn }: StatementFiled, now: Instant) {
  if (text === '' && !acknowledges && fixOn === null) return no('nothingSaid', 'nothing is said')
  if (text.length > STATEMENT_TEXT_MAX) {
    return no('textTooLong', `a statement has at most ${STATEMENT_TEXT_MAX} characters`)
  }
  // A day of room: elsewhere it is still yesterday.
  if (fixOn !== null && fixOn < addMs(now, -DAY_MS).slice(0, 10)) {
    return no('dateImpossible', 'a date for the fix lies ahead')
  }
  return undefined
}

function boundOf(statements: readonly Statement[], filed: StatementFiled, now: Instant) {
  const own = statements.filter(({ person }) => person === filed.person)
  if (own.some((one) => isSame(one, filed))) {
    return no('alreadyFiled', 'you have sent exactly this before, and it was received')
  }
  const aDayAgo = addMs(now, -DAY_MS)
  const today = own.filter(({ filedAt }) => filedAt > aDayAgo)
  if (own.length >= STATEMENTS_MAX || today.length >= STATEMENTS_A_DAY) {
    const text = `at most ${STATEMENTS_A_DAY} answers a day and ${STATEMENTS_MAX} in a case`
    return no('tooManyStatements', text)
  }
  return undefined
}

function isSame(a: Omit<StatementFiled, 'type'>, b: Omit<StatementFiled, 'type'>): boolean {
  const subject = ({ about }: typeof a) =>
    'id' in about ? `${about.kind} ${about.id}` : about.kind
  return (
    subject(a) === subject(b) &&
    a.text === b.text &&
    a.acknowledges === b.acknowledges &&
    a.fixOn === b.fixOn
  )
}

/** In which place the person answers; undefined: it only looks. */
export function answeringRole(
  { access }: CaseState,
  { person, capacity }: Admission,
): AnsweringRole | undefined {
  if (capacity !== 'guest') return ANSWERING_ROLES.find((role) => role === capacity)
  return access.guests.find((one) => one.person === person)?.answersAs ?? undefined
}

function embargoEnd({ disclosure }: CaseState, { sees }: Admission): Instant | null {
  if (!sees.includes('embargo')) return null
  return disclosure.terms?.until ?? disclosure.embargoEnd?.until ?? null
}

export function isStatementEvent(event: { readonly type: string }): event is StatementFiled {
  return event.type === 'statementFiled'
}

export function foldStatements(
  statements: readonly Statement[],
  { event, at, version }: Recorded<StatementFiled>,
): readonly Statement[] {
  const { type: _, ...facts } = event
  return [...statements, { ...facts, filedAt: at, version }]
}

function no(why: WhyNoStatement, text: string): Refusal<WhyNoStatement> {
  return refuse(why, { rule: `statement:${why}`, text })
}
