/**
 * An act: one thing that an officer can ask of this node.
 *
 * The same value serves the page, the API and the command line: its input schema
 * makes the form and the OpenAPI entry, `available` says why a control is
 * disabled and is asked again before anything is decided, `run` does it.
 * A refusal is recorded in the stream like any other event.
 */
import type { Static, TObject } from '@sinclair/typebox'
import { type Decision, permit, type Refusal, refuse } from '../base/decision.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { ActRefused } from '../core/case/case-events.ts'
import type { Acting, Role } from '../core/case/recorded.ts'
import { foldCaseStream, noSuchCase } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import type { LogBatch } from './ports/event-record.ts'
import type { AnyEvent, OpenStream, StreamView, Unit } from './ports/streams.ts'

/** Groups acts on pages, in this order. */
export type ActTopic =
  | 'triage'
  | 'law'
  | 'disclosure'
  | 'release'
  | 'evidence'
  | 'assistance'
  | 'enforcement'
  | 'rights'
  | 'publication'
  | 'letters'

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
}

/** An act on one case. */
export type CaseAct = {
  readonly name: string
  readonly topic: ActTopic
  readonly roles: readonly Role[]
  readonly input: TObject
  available(state: CaseState, acting: Acting): Decision<null>
  run(kernel: Kernel, caseId: string, call: ActCall<unknown>): Promise<Decision<ActDone>>
}

type CaseActDefinition<Schema extends TObject, Made, Prepared> = {
  readonly name: string
  readonly topic: ActTopic
  readonly roles: readonly Role[]
  readonly input: Schema
  /** Beyond the role: is there anything to do? Shown as the reason of a disabled control. */
  readonly when?: (state: CaseState, acting: Acting) => Decision<null>
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

export type Step<Input> = Sight<Input> & { readonly unit: Unit; readonly stream: OpenStream }

export function caseAct<Schema extends TObject, Made = undefined, Prepared = Made>(
  definition: CaseActDefinition<Schema, Made, Prepared>,
): CaseAct {
  const { name, topic, roles, input } = definition
  const available = (state: CaseState, acting: Acting): Decision<null> => {
    const role = requireRole(name, roles, acting)
    if (role.decision === 'refuse') return role
    return definition.when?.(state, acting) ?? role
  }
  return {
    name,
    topic,
    roles,
    input,
    available,
    async run(kernel, caseId, call) {
      const work = { ...definition, available }
      const ahead = await workAhead(work, kernel, caseId, call)
      const { sight, decision } = await kernel.streams.transact(async (unit) => {
        const stream = await unit.open(caseId)
        if (!stream) throw noSuchCase()
        const step = { ...sightOf<Static<Schema>>(kernel, stream, call), unit, stream }
        const moved = movedOn(stream, call)
        if (moved) return { sight: step, decision: moved }
        return { sight: step, decision: await decideAct(work, step, ahead) }
      })
      if (decision.decision === 'refuse' || !definition.after) return decision
      const result = await definition.after(sight)
      return permit({ ...decision.value, result }, ...decision.because)
    },
  }
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

type Work<Schema extends TObject, Made, Prepared> = CaseActDefinition<Schema, Made, Prepared> &
  Pick<CaseAct, 'available'>

type Ahead<Made> = { readonly version: number; readonly made: Made }

async function workAhead<Schema extends TObject, Made, Prepared>(
  { before, available }: Work<Schema, Made, Prepared>,
  kernel: Kernel,
  caseId: string,
  call: ActCall<unknown>,
): Promise<Ahead<Made> | undefined> {
  if (!before) return undefined
  const stream = await kernel.streams.read(caseId)
  if (!stream) throw noSuchCase()
  const sight = sightOf<Static<Schema>>(kernel, stream, call)
  if (movedOn(stream, call)) return undefined
  if (available(sight.state, sight.acting).decision === 'refuse') return undefined
  return { version: stream.history.length, made: await before(sight) }
}

async function decideAct<Schema extends TObject, Made, Prepared>(
  work: Work<Schema, Made, Prepared>,
  step: Step<Static<Schema>>,
  ahead: Ahead<Made> | undefined,
): Promise<Decision<ActDone>> {
  const { name, available, before, prepare, decide, refused, finish, batch } = work
  const { stream, state, acting, input } = step
  const allowed = available(state, acting)
  if (allowed.decision === 'refuse') return recordRefusal(step, name, allowed)
  const isCurrent = ahead?.version === stream.history.length
  const made = (isCurrent ? ahead.made : await before?.(step)) as Made
  const prepared = (prepare ? await prepare(step, made) : made) as Prepared
  const decision = decide(state, input, acting, prepared)
  if (decision.decision === 'refuse') {
    const events = refused?.(state, acting, prepared, decision)
    return recordRefusal(step, name, decision, events)
  }
  await stream.append(decision.value, acting.officer, batch)
  const result = await finish?.({ ...step, state: foldCaseStream(stream.history) }, prepared)
  return permit(actDone(stream, decision.value, result), ...decision.because)
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

export function requireRole(
  act: string,
  roles: readonly Role[],
  acting: Acting,
): Decision<null, 'roleMissing'> {
  if (roles.some((role) => acting.roles.includes(role))) return permit(null)
  const text = `this act needs one of these roles: ${roles.join(', ')}`
  return refuse('roleMissing', { rule: `role:${act}`, text })
}

/** A no of someone without the role is not an act on the case, so it leaves no trace in it. */
async function recordRefusal(
  { stream, acting }: Step<unknown>,
  act: string,
  refusal: Refusal,
  events: readonly CaseEvent[] = [actRefused(act, refusal)],
): Promise<Refusal> {
  if (refusal.why !== 'roleMissing') await stream.append(events, acting.officer)
  return refusal
}

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
