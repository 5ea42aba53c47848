/**
 * What was shared with a person: the cases to which it was admitted, and of each what it
 * may see. A look of somebody from outside is an event of the case, like a guest's.
 */
import { type Decision, permit, refuse } from '../base/decision.ts'
import { addMs, MINUTE_MS } from '../base/time.ts'
import type { Admission, CaseAccessEvent } from '../core/access/case-access.ts'
import type { Action } from '../core/access/decide-access.ts'
import { LOOKS_MAX } from '../core/access/guests.ts'
import {
  ADMITTED_ROLES,
  type AnsweringRole,
  SHARED_PARTS,
  type SharedPart,
} from '../core/access/rules.ts'
import { type SharedView, sharedView } from '../core/access/shared-view.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting, Recorded, Role } from '../core/case/recorded.ts'
import { type SeatView, seatView } from '../core/disclosure/seat-view.ts'
import {
  type Answerable,
  answerableTo,
  answeringRole,
  type WhyNoStatement,
} from '../core/rights/statements.ts'
import { type Asking, accessContext, decideOnCase, listCases } from './access.ts'
import { caseStream, foldCaseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import { type OpenToOtherSide, openToOtherSide } from './open-to-other-side.ts'
import type { MadeLetter } from './ports/letters.ts'
import type { AnyEvent } from './ports/streams.ts'

export type SharedCase = {
  readonly caseId: string
  readonly openedAt: CaseState['openedAt']
  readonly sees: readonly SharedPart[]
  readonly view: SharedView
  /** By what the person is let in; undefined for an officer, who reads the case anyway. */
  readonly admission: Admission | undefined
  /** In which place the person answers; undefined for whoever only looks. */
  readonly answersAs: AnsweringRole | undefined
  /** What the person may answer; undefined for whoever was not admitted. */
  readonly answerable: Decision<Answerable, WhyNoStatement> | undefined
  /** Of an operator or its counsel: what may be claimed, challenged and appealed. */
  readonly otherSide: OpenToOtherSide | undefined
  /** Of somebody who speaks for a participant of the disclosure. */
  readonly seat: SeatView | undefined
}

type Needed = Pick<Kernel, 'access' | 'clocks' | 'node' | 'peers' | 'registers' | 'streams'>

const READ_SHARED: Action = { name: 'readShared', group: 'readShared' }

/** Whoever holds no other role has no place in the workspace but what was shared. */
export function isAdmittedOnly(roles: readonly Role[]): boolean {
  const admitted: readonly Role[] = ADMITTED_ROLES
  return roles.length > 0 && roles.every((role) => admitted.includes(role))
}

/** Only those that somebody admitted the person to: what a role opens is in the list of cases. */
export async function sharedCases(kernel: Needed, acting: Acting): Promise<readonly SharedCase[]> {
  const admitted: readonly Role[] = ADMITTED_ROLES
  if (!acting.roles.some((role) => admitted.includes(role))) return []
  const rows = await listCases(kernel, acting)
  const found: SharedCase[] = []
  for (const { id } of rows) {
    const decision = await readShared(kernel, id, acting)
    if (decision.decision === 'permit' && decision.value.admission) found.push(decision.value)
  }
  return found
}

/** @throws ComityError `malformed` if there is no such case */
export async function readShared(
  kernel: Pick<Kernel, 'access' | 'clocks' | 'node' | 'peers' | 'streams'>,
  caseId: string,
  acting: Acting,
): Promise<Decision<SharedCase>> {
  const { history } = await caseStream(kernel, caseId)
  const asking = { caseId, acting, context: await accessContext(kernel) }
  return decideShared(kernel, foldCaseStream(history), asking)
}

/** An officer who reads the case anyway sees what all parts together show to anybody. */
export function decideShared(
  { node, peers }: Pick<Kernel, 'node' | 'peers'>,
  state: CaseState,
  asking: Omit<Asking, 'timeStamps'>,
): Decision<SharedCase> {
  const access = decideOnCase(state, READ_SHARED, asking)
  if (access.decision === 'refuse') return access
  const { tie } = access.value
  const sees = access.value.sees ?? SHARED_PARTS
  const { caseId, acting } = asking
  const admission =
    tie === 'admitted'
      ? state.access.admitted.find(({ person }) => person === acting.officer)
      : undefined
  const view = sharedView(state, { sees, person: acting.officer }, acting.now)
  const answerable = admission && answerableTo(state, admission, acting.now)
  const answersAs = admission && answeringRole(state, admission)
  const { openedAt } = state
  const otherSide = admission && openToOtherSide(state, admission)
  const isNode = (id: string) => id === node.id || peers.find(id) !== undefined
  const seat = admission && seatView(state, admission, isNode)
  const facts = { caseId, openedAt, sees, view, admission, answersAs, answerable }
  return permit({ ...facts, otherSide, seat }, ...access.because)
}

/** What was asked for, if it is shared at all: nothing else gets into the history. */
export function letterAmong(
  { view }: Pick<SharedCase, 'view'>,
  letterId: string | undefined,
): string | undefined {
  return view.letters?.find((one) => one.letterId === letterId)?.letterId
}

/** Looks at the same within a minute count as one: nobody fills the history with them. */
const ONE_LOOK_MS = MINUTE_MS

/**
 * What is shared with somebody who has an account, and the record that they looked.
 * `documentId`: the document that they take away.
 *
 * @throws ComityError `malformed` if there is no such case
 */
export async function lookAsPerson(
  kernel: Pick<Kernel, 'access' | 'clocks' | 'node' | 'peers' | 'streams'>,
  caseId: string,
  acting: Acting,
  documentId?: string,
): Promise<Decision<SharedCase>> {
  const context = await accessContext(kernel)
  await caseStream(kernel, caseId)
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    const state = foldCaseStream(stream?.history ?? [])
    const shared = decideShared(kernel, state, { caseId, acting, context })
    if (shared.decision === 'refuse' || !shared.value.admission || !stream) return shared
    const { admission, sees } = shared.value
    const { person, capacity } = admission
    const taken = letterAmong(shared.value, documentId)
    const { looks = [] } = state.access.views.find((one) => one.person === person) ?? {}
    const last = looks.findLast((look) => look.documentId === (taken ?? null))
    if (last === undefined || last.at <= addMs(acting.now, -ONE_LOOK_MS)) {
      if (looksOf(stream.history, person) >= LOOKS_MAX) return noLooksLeft()
      const document = taken === undefined ? {} : { documentId: taken }
      const viewed: CaseAccessEvent = { type: 'sharedViewed', person, capacity, sees, ...document }
      await stream.append([viewed], kernel.node.id)
    }
    return shared
  })
}

/** Since the person was admitted the last time. */
function looksOf(history: readonly Recorded<AnyEvent>[], person: string): number {
  const events = history.map(({ event }) => event as CaseEvent)
  const admitted = events.findLastIndex(
    (event) => event.type === 'personAdmitted' && event.person === person,
  )
  const since = events.slice(admitted + 1)
  return since.filter((event) => event.type === 'sharedViewed' && event.person === person).length
}

const noLooksLeft = () =>
  refuse('noLooksLeft', {
    rule: 'access:looks',
    text: `you have looked ${LOOKS_MAX} times; ask the authority to admit you again`,
  })

/** A letter that is shared with the person who looks; undefined for every other. */
export async function sharedLetter(
  { desk }: Pick<Kernel, 'desk'>,
  { caseId, view }: SharedCase,
  letterId: string,
): Promise<MadeLetter | undefined> {
  const own = letterAmong({ view }, letterId)
  return own === undefined ? undefined : desk.letters.kept(caseId, own)
}
