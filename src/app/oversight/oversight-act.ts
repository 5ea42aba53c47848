/**
 * One thing that oversight can do, or that the authority answers to it: the form of its
 * input, who may, the decision. What it decides is appended to the oversight stream.
 */
import type { Static, TObject } from '@sinclair/typebox'
import { type Decision, permit } from '../../base/decision.ts'
import { invariant } from '../../base/errors.ts'
import { type DeskActionGroup, ruleOf } from '../../core/access/rules.ts'
import type { Acting, Recorded, Role } from '../../core/case/recorded.ts'
import { noteLook } from '../../core/oversight/decide-oversight.ts'
import {
  foldOversight,
  noOversight,
  type OversightEvent,
  type OversightState,
} from '../../core/oversight/oversight.ts'
import { type DeskAction, decideDeskAccess } from '../access.ts'
import { type ActDone, actDone } from '../act.ts'
import type { Kernel } from '../kernel.ts'
import type { AnyEvent } from '../ports/streams.ts'

export type OversightAct = {
  readonly name: string
  readonly roles: readonly Role[]
  readonly action: DeskAction
  readonly input: TObject
  run(kernel: Kernel, input: unknown, acting: Acting): Promise<Decision<ActDone>>
}

type Definition<Schema extends TObject, Prepared> = {
  readonly name: string
  /** Default: people of oversight. */
  readonly group?: DeskActionGroup
  readonly stepUp?: boolean
  readonly input: Schema
  /** Reads or verifies what the decision needs beside the stream. */
  readonly prepare?: (kernel: Kernel, input: Static<Schema>, acting: Acting) => Promise<Prepared>
  readonly decide: (step: {
    readonly kernel: Kernel
    readonly state: OversightState
    readonly input: Static<Schema>
    readonly acting: Acting
    readonly prepared: Prepared
    newId(): string
  }) => Decision<readonly OversightEvent[]>
}

export function oversightAct<Schema extends TObject, Prepared = undefined>(
  definition: Definition<Schema, Prepared>,
): OversightAct {
  const { name, group = 'oversee', stepUp = false, input: schema } = definition
  const action: DeskAction = { name, group, stepUp }
  return {
    name,
    roles: ruleOf(group).roles,
    action,
    input: schema,
    async run(kernel, sent, acting) {
      const access = await decideDeskAccess(kernel, action, acting)
      if (access.decision === 'refuse') return access
      const input = sent as Static<Schema>
      // As it acts here: by a delegation it is the side of somebody else too.
      const { acting: inPlace } = access.value
      const prepared = (await definition.prepare?.(kernel, input, inPlace)) as Prepared
      return appendOversight(kernel, inPlace, (state) =>
        definition.decide({
          ...{ kernel, state, input, acting: inPlace, prepared },
          newId: () => kernel.random.uuidByTime(),
        }),
      )
    },
  }
}

export async function appendOversight(
  kernel: Pick<Kernel, 'streams' | 'oversightStreamId'>,
  { officer }: Acting,
  decide: (state: OversightState) => Decision<readonly OversightEvent[]>,
): Promise<Decision<ActDone>> {
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.oversightStreamId)
    invariant(stream, 'every node has an oversight stream')
    const decided = decide(foldOversightStream(stream.history))
    if (decided.decision === 'refuse') return decided
    await stream.append(decided.value, officer)
    return permit(actDone(stream, decided.value), ...decided.because)
  })
}

export async function readOversight({
  streams,
  oversightStreamId,
}: Pick<Kernel, 'streams' | 'oversightStreamId'>): Promise<OversightState> {
  const stream = await streams.read(oversightStreamId)
  return stream ? foldOversightStream(stream.history) : noOversight
}

export function foldOversightStream(history: readonly Recorded<AnyEvent>[]): OversightState {
  return (history as readonly Recorded<OversightEvent>[]).reduce(foldOversight, noOversight)
}

/** That a person of oversight opened this case: once a day, whatever it opens of it. */
export async function recordLook(
  kernel: Pick<Kernel, 'streams' | 'oversightStreamId'>,
  caseId: string,
  acting: Acting,
): Promise<void> {
  const known = noteLook(await readOversight(kernel), caseId, acting)
  if (known.decision === 'refuse') return
  await appendOversight(kernel, acting, (state) => noteLook(state, caseId, acting))
}
