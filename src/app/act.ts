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
import { malformed } from '../base/errors.ts'
import { type CaseEvent, type CaseState, foldCase } from '../core/case/case.ts'
import type { ActRefused } from '../core/case/case-events.ts'
import type { Acting, Recorded, Role } from '../core/case/recorded.ts'
import type { Kernel } from './kernel.ts'
import type { LogBatch } from './ports/event-record.ts'
import type { AnyEvent, OpenStream, Unit } from './ports/streams.ts'

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

export type ActDone = {
  readonly streamId: string
  /** Types of the events that were appended, in order. */
  readonly events: readonly string[]
  /** What the caller needs to go on, e.g. the id of a new exhibit. */
  readonly result: object
}

export type ActCall<Input> = { readonly input: Input; readonly acting: Acting }

/** An act on one case. */
export type CaseAct = {
  readonly name: string
  readonly topic: ActTopic
  readonly roles: readonly Role[]
  readonly input: TObject
  available(state: CaseState, acting: Acting): Decision<null>
  run(kernel: Kernel, caseId: string, call: ActCall<unknown>): Promise<Decision<ActDone>>
}

type CaseActDefinition<Schema extends TObject, Prepared> = {
  readonly name: string
  readonly topic: ActTopic
  readonly roles: readonly Role[]
  readonly input: Schema
  /** Beyond the role: is there anything to do? Shown as the reason of a disabled control. */
  readonly when?: (state: CaseState, acting: Acting) => Decision<null>
  /** Reads or makes what the decision needs; still inside the transaction. */
  readonly prepare?: (step: Step<Static<Schema>>) => Promise<Prepared>
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
  readonly then?: (step: Step<Static<Schema>>, prepared: Prepared) => Promise<object | undefined>
  readonly batch?: LogBatch
}

export type Step<Input> = {
  readonly kernel: Kernel
  readonly unit: Unit
  readonly stream: OpenStream
  readonly state: CaseState
  readonly input: Input
  readonly acting: Acting
}

export function caseAct<Schema extends TObject, Prepared = undefined>(
  definition: CaseActDefinition<Schema, Prepared>,
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
    run: (kernel, caseId, call) =>
      kernel.streams.transact(async (unit) => {
        const stream = await unit.open(caseId)
        if (stream?.kind !== 'case') throw noSuchCase()
        const { acting } = call
        const state = foldCase(stream.history as readonly Recorded<CaseEvent>[])
        const step = { kernel, unit, stream, state, acting, input: call.input as Static<Schema> }
        const allowed = available(state, acting)
        if (allowed.decision === 'refuse') return recordRefusal(step, name, allowed)
        const prepared = (await definition.prepare?.(step)) as Prepared
        const decision = definition.decide(state, step.input, acting, prepared)
        if (decision.decision === 'refuse') {
          const events = definition.refused?.(state, acting, prepared, decision)
          return recordRefusal(step, name, decision, events)
        }
        await stream.append(decision.value, acting.officer, definition.batch)
        const after = foldCase(stream.history as readonly Recorded<CaseEvent>[])
        const result = (await definition.then?.({ ...step, state: after }, prepared)) ?? {}
        return permit(done(stream, decision.value, result), ...decision.because)
      }),
  }
}

export function noSuchCase() {
  return malformed('there is no such case', { field: 'caseId', reason: 'unknown-case' })
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

function done(stream: OpenStream, events: readonly AnyEvent[], result: object): ActDone {
  return { streamId: stream.id, events: events.map(({ type }) => type), result }
}
