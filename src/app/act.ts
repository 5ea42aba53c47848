/**
 * An act: one thing that an officer can ask of this node.
 *
 * The same value serves the page, the API and the command line: its input schema
 * makes the form and the OpenAPI entry, `available` says why a control is
 * disabled and is asked again before anything is decided, `run` does it.
 * A refusal is recorded in the stream like any other event.
 */
import type { Static, TObject } from '@sinclair/typebox'
import type { Json } from '../base/canonical-json.ts'
import { type Because, type Decision, permit, type Refusal, refuse } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import type { Action, Grant, WhyNoAccess } from '../core/access/decide-access.ts'
import { type CaseActionGroup, ruleOf } from '../core/access/rules.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { ActRefused } from '../core/case/case-events.ts'
import type { Acting, Role } from '../core/case/recorded.ts'
import type { Side } from '../core/people/standing.ts'
import { type Asking, askingAbout, decideOnCase, proposerMayIn } from './access.ts'
import { type Approves, proposeInput, proposerOf, secondPerson } from './act-proposal.ts'
import { foldCaseStream, noSuchCase } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import type { LogBatch } from './ports/event-record.ts'
import type { AnyEvent, OpenStream, StreamView, Unit } from './ports/streams.ts'
import { calledBack, decideOnReading } from './read-exhibit-access.ts'

/** Groups acts on pages, in this order. */
export type ActTopic =
  | 'triage'
  | 'law'
  | 'disclosure'
  | 'release'
  | 'evidence'
  | 'records'
  | 'assistance'
  | 'enforcement'
  | 'rights'
  | 'publication'
  | 'letters'
  | 'joint'
  | 'access'

export type ActDone = {
  readonly streamId: string
  /** Types of the events that were appended, in order. */
  readonly events: readonly string[]
  /** What the caller needs to go on, e.g. the id of a new exhibit. */
  readonly result: object
}

export type ActCall<Input> = {
  readonly input: Input
  readonly acting: Acting
  /** The version of the case that the caller decided on; refused if the case has moved on. */
  readonly expectedVersion?: number
  /** The proposal of another person that this call approves, as the caller was shown it. */
  readonly approves?: Approves
}

/** An act on one case. */
export type CaseAct = {
  readonly name: string
  readonly topic: ActTopic
  /** What the decision about access is asked. */
  readonly action: Action
  /** Whose roles the rules name for it. */
  readonly roles: readonly Role[]
  readonly input: TObject
  available(state: CaseState, asking: Asking): Decision<null>
  /** Why it is, or may be, only proposed here and done when a second person approves. */
  secondPerson(state: CaseState): Because | undefined
  run(kernel: Kernel, caseId: string, call: ActCall<unknown>): Promise<Decision<ActDone>>
  /** The same in a unit of work that somebody holds: only of an act without slow work of its own. */
  judge(kernel: Kernel, unit: Unit, caseId: string, call: ActCall<unknown>): Promise<JudgedAct>
}

/** What was decided of an act, while nothing is on record yet. */
export type JudgedAct = {
  readonly decision: Decision<unknown>
  /** Appends what the decision leaves in the history, and does what follows from it. */
  record(): Promise<Decision<ActDone>>
}

type CaseActDefinition<Schema extends TObject, Made, Prepared> = {
  readonly name: string
  readonly topic: ActTopic
  /** Its row in the rules of access: who may do it, and for which purpose. */
  readonly group: CaseActionGroup
  /** Wants a strong proof of who acts, given lately. */
  readonly stepUp?: boolean
  /** The exhibit that the act reads: a protective order may limit it to some people. */
  readonly reads?: (input: Static<Schema>) => string
  /**
   * Why the act is only proposed, and done when a second person approves; undefined: it is
   * done at once. Asked without an input: whether there is one that takes a second person.
   */
  readonly secondPerson?: (state: CaseState, input?: Static<Schema>) => Because | undefined
  /**
   * A refusal for this reason makes the act a proposal: the decision itself asked for a
   * second person, and found nothing else that is missing.
   */
  readonly proposedOn?: string
  readonly input: Schema
  /** Beyond access: is there anything to do? Shown as the reason of a disabled control. */
  readonly when?: (state: CaseState, acting: Acting, asking: Asking) => Decision<null>
  /**
   * Slow work that an available act needs: a worker process, a validator. No transaction
   * is open meanwhile. It is done again, then inside, if the case has moved on.
   */
  readonly before?: (sight: Sight<Static<Schema>>) => Promise<Made>
  /**
   * Reads or makes what the decision needs, inside the transaction. Without it the
   * decision gets what `before` made.
   */
  readonly prepare?: (step: Step<Static<Schema>>, made: Made) => Promise<Prepared>
  readonly decide: (
    state: CaseState,
    input: Static<Schema>,
    acting: Acting,
    prepared: Prepared,
  ) => Decision<readonly CaseEvent[]>
  /** What a refusal leaves in the history, where it is more than the fact. */
  readonly refused?: (
    state: CaseState,
    acting: Acting,
    prepared: Prepared,
    refusal: Refusal,
  ) => readonly CaseEvent[]
  /** What follows a permit in the same transaction: messages, links. Returns the result. */
  readonly finish?: (step: Step<Static<Schema>>, prepared: Prepared) => Promise<object | undefined>
  /** Slow work once the act is on record and cannot be undone. Its result replaces that of `finish`. */
  readonly after?: (sight: Sight<Static<Schema>>) => Promise<object>
  /** Takes away what `before` made and nothing recorded: the act was refused, or the case moved on. */
  readonly discard?: (kernel: Kernel, made: Made) => Promise<void>
  readonly batch?: LogBatch
}

/** What an act sees outside its transaction. `state` may be out of date. */
export type Sight<Input> = {
  readonly kernel: Kernel
  readonly caseId: string
  readonly state: CaseState
  readonly input: Input
  readonly acting: Acting
}

export type Step<Input> = Sight<Input> & {
  readonly unit: Unit
  readonly stream: OpenStream
  /** Who proposed exactly this, where the acting person approves it. */
  readonly proposedBy: Side | null
}

export function caseAct<Schema extends TObject, Made = undefined, Prepared = Made>(
  definition: CaseActDefinition<Schema, Made, Prepared>,
): CaseAct {
  const { name, topic, group, input } = definition
  const action = actionOf(definition)
  const allow: Allow<Static<Schema>> = (state, asking, given) => {
    const access = definition.reads
      ? decideOnReading(state, action, asking, given && definition.reads(given))
      : decideOnCase(state, action, asking)
    if (access.decision === 'refuse') return access
    const retracted = given && definition.reads && calledBack(state, definition.reads(given))
    if (retracted) return retracted
    const possible = definition.when?.(state, access.value.acting, asking)
    return possible?.decision === 'refuse' ? possible : access
  }
  return {
    name,
    topic,
    action,
    roles: ruleOf(group).roles,
    input,
    available(state, asking) {
      const allowed = allow(state, asking)
      if (allowed.decision === 'permit') return permit(null, ...allowed.because)
      if (allowed.why !== 'stepUpNeeded') return allowed
      // A proof can be had at any moment; what else stands against the act cannot.
      const possible = definition.when?.(state, asking.acting, asking)
      return possible?.decision === 'refuse' ? possible : allowed
    },
    secondPerson: (state) => definition.secondPerson?.(state),
    async run(kernel, caseId, call) {
      const made: Made[] = []
      const work = { ...remembering(definition, made), allow }
      const { sight, decision } = await runOn(work, kernel, caseId, call).catch(async (error) => {
        await discardAll(definition, kernel, made)
        throw error
      })
      // What is recorded was made last.
      const unused = decision.decision === 'permit' ? made.slice(0, -1) : made
      await discardAll(definition, kernel, unused)
      if (decision.decision === 'refuse' || !definition.after) return decision
      const result = await definition.after(sight)
      return permit({ ...decision.value, result }, ...decision.because)
    },
    async judge(kernel, unit, caseId, call) {
      invariant(!definition.before && !definition.after, 'no slow work waits within a transaction')
      const { judged } = await judgeIn({ ...definition, allow }, { kernel, unit, caseId, call })
      return judged
    },
  }
}

/** The act, which keeps in `made` what its slow work makes. */
function remembering<Schema extends TObject, Made, Prepared>(
  definition: CaseActDefinition<Schema, Made, Prepared>,
  made: Made[],
): CaseActDefinition<Schema, Made, Prepared> {
  const { before } = definition
  if (!before) return definition
  return {
    ...definition,
    before: async (sight) => {
      const one = await before(sight)
      made.push(one)
      return one
    },
  }
}

async function discardAll<Schema extends TObject, Made, Prepared>(
  { discard }: CaseActDefinition<Schema, Made, Prepared>,
  kernel: Kernel,
  made: readonly Made[],
): Promise<void> {
  for (const one of made) await discard?.(kernel, one)
}

async function runOn<Schema extends TObject, Made, Prepared>(
  work: Work<Schema, Made, Prepared>,
  kernel: Kernel,
  caseId: string,
  call: ActCall<unknown>,
) {
  const ahead = await workAhead(work, kernel, caseId, call)
  return kernel.streams.transact(async (unit) => {
    const { step, judged } = await judgeIn(work, { kernel, unit, caseId, call }, ahead)
    return { sight: step, decision: await judged.record() }
  })
}

type Called = {
  readonly kernel: Kernel
  readonly unit: Unit
  readonly caseId: string
  readonly call: ActCall<unknown>
}

async function judgeIn<Schema extends TObject, Made, Prepared>(
  work: Work<Schema, Made, Prepared>,
  { kernel, unit, caseId, call }: Called,
  ahead?: Ahead<Made>,
) {
  const stream = await unit.open(caseId)
  if (!stream) throw noSuchCase()
  const seen = sightOf<Static<Schema>>(kernel, stream, call)
  const step = { ...seen, unit, stream, proposedBy: proposerOf(seen.state, call) }
  const moved = movedOn(stream, call)
  const judged = moved
    ? { decision: moved, record: async () => moved }
    : await judgeAct(work, step, ahead, call.approves)
  return { step, judged }
}

function actionOf({
  name,
  group,
  stepUp,
}: Pick<CaseActDefinition<TObject, unknown, unknown>, 'name' | 'group' | 'stepUp'>): Action {
  return { name, group, ...(stepUp ? { stepUp } : {}) }
}

/** Nothing was decided, so nothing is recorded: the caller looks again. */
function movedOn(
  { history }: Pick<OpenStream, 'history'>,
  { expectedVersion }: ActCall<unknown>,
): Refusal<'caseMovedOn'> | undefined {
  if (expectedVersion === undefined || expectedVersion === history.length) return undefined
  const text = `the case is at version ${history.length}, not ${expectedVersion}; look again`
  return refuse('caseMovedOn', { rule: 'case:version', text })
}

/** Without an input: for a control that is shown before anybody has filled in anything. */
type Allow<Input> = (state: CaseState, asking: Asking, input?: Input) => Decision<Grant>

type Work<Schema extends TObject, Made, Prepared> = CaseActDefinition<Schema, Made, Prepared> & {
  readonly allow: Allow<Static<Schema>>
}

type Ahead<Made> = { readonly version: number; readonly made: Made }

async function workAhead<Schema extends TObject, Made, Prepared>(
  { before, allow }: Work<Schema, Made, Prepared>,
  kernel: Kernel,
  caseId: string,
  call: ActCall<unknown>,
): Promise<Ahead<Made> | undefined> {
  if (!before) return undefined
  const stream = await kernel.streams.read(caseId)
  if (!stream) throw noSuchCase()
  const sight = sightOf<Static<Schema>>(kernel, stream, call)
  if (movedOn(stream, call)) return undefined
  const allowed = allow(sight.state, await askingOf(sight), sight.input)
  if (allowed.decision === 'refuse') return undefined
  const { acting } = allowed.value
  return { version: stream.history.length, made: await before({ ...sight, acting }) }
}

async function judgeAct<Schema extends TObject, Made, Prepared>(
  work: Work<Schema, Made, Prepared>,
  called: Step<Static<Schema>>,
  ahead: Ahead<Made> | undefined,
  approves: ActCall<unknown>['approves'],
): Promise<JudgedAct> {
  const { name, allow, before, prepare, decide, refused, finish, batch } = work
  const { kernel, stream, state, input } = called
  const asking = await askingOf(called)
  const allowed = allow(state, asking, input)
  if (allowed.decision === 'refuse') return refusing(called, name, allowed)
  const { acting } = allowed.value
  const step = { ...called, acting }
  const proposerMay = proposerMayIn(state, actionOf(work), asking)
  const why = work.secondPerson?.(state, input)
  const second = secondPerson(kernel, state, { name, input, acting, why, approves, proposerMay })
  if (second && !approves) return proposing(work, step, second)
  if (second?.decision === 'refuse') return refusing(step, name, second)
  const isCurrent = ahead?.version === stream.history.length
  const made = (isCurrent ? ahead.made : await before?.(step)) as Made
  const prepared = (prepare ? await prepare(step, made) : made) as Prepared
  const decision = decide(state, input, acting, prepared)
  if (decision.decision === 'refuse') {
    return !approves && work.proposedOn === decision.why
      ? proposing(work, step, proposeHere(name, step, decision.because))
      : refusing(step, name, decision, refused?.(state, acting, prepared, decision))
  }
  const events = [...(second?.value ?? []), ...decision.value]
  return {
    decision,
    async record() {
      await stream.append(events, acting.officer, batch)
      const result = await finish?.({ ...step, state: foldCaseStream(stream.history) }, prepared)
      return permit(actDone(stream, events, result), ...decision.because)
    },
  }
}

/** Instead of the act, whose decision found that only the second person is missing. */
function proposeHere(
  name: string,
  { kernel, state, input, acting }: Step<unknown>,
  because: readonly Because[],
): Decision<readonly CaseEvent[]> {
  const proposed = proposeInput(kernel, state, { act: name, input: input as Json, because }, acting)
  return proposed.decision === 'refuse'
    ? proposed
    : permit(proposed.value, ...proposed.because, ...because)
}

function proposing(
  { name, batch }: { readonly name: string; readonly batch?: LogBatch | undefined },
  step: Step<unknown>,
  proposed: Decision<readonly CaseEvent[]>,
): JudgedAct {
  if (proposed.decision === 'refuse') return refusing(step, name, proposed)
  const { stream, acting } = step
  return {
    decision: proposed,
    async record() {
      await stream.append(proposed.value, acting.officer, batch)
      return permit(actDone(stream, proposed.value, proposed.value[0]), ...proposed.because)
    },
  }
}

function sightOf<Input>(
  kernel: Kernel,
  stream: StreamView | OpenStream,
  { input, acting }: ActCall<unknown>,
): Sight<Input> {
  if (stream.kind !== 'case') throw noSuchCase()
  const state = foldCaseStream(stream.history)
  return { kernel, caseId: stream.id, state, acting, input: input as Input }
}

async function askingOf({ kernel, caseId, acting }: Sight<unknown>): Promise<Asking> {
  return askingAbout(kernel, caseId, acting)
}

/** A no of someone who has no part in the case is not an act on it, so it leaves no trace in it. */
function refusing(
  { stream, acting }: Step<unknown>,
  act: string,
  refusal: Refusal,
  events: readonly CaseEvent[] = [actRefused(act, refusal)],
): JudgedAct {
  return {
    decision: refusal,
    async record() {
      if (!LEAVES_NO_TRACE.includes(refusal.why)) await stream.append(events, acting.officer)
      return refusal
    },
  }
}

const LEAVES_NO_TRACE: readonly string[] = [
  'notInOffice',
  'roleMissing',
  'notAssigned',
  'notAdmitted',
  'notShared',
  'stepUpNeeded',
] satisfies WhyNoAccess[]

export function actRefused(act: string, { why, because }: Refusal): ActRefused {
  return { type: 'actRefused', act, why, because }
}

export function actDone(
  { id }: Pick<OpenStream, 'id'>,
  events: readonly AnyEvent[],
  result: object = {},
): ActDone {
  return { streamId: id, events: events.map(({ type }) => type), result }
}
