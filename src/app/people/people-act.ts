/**
 * One thing that somebody can ask about people: the form of its input, the roles, the
 * decision over how people stand. What it decides is appended to the authority stream;
 * what an account needs beside that follows after the commit and can be done again.
 */
import type { Static, TObject } from '@sinclair/typebox'
import { toHex } from '../../base/bytes.ts'
import { type Decision, permit } from '../../base/decision.ts'
import { invariant } from '../../base/errors.ts'
import { type DeskActionGroup, ruleOf } from '../../core/access/rules.ts'
import type { AuthorityEvent } from '../../core/authority/authority.ts'
import type { Acting, Role } from '../../core/case/recorded.ts'
import { type Note, noteDigest } from '../../core/people/note.ts'
import type { Standing } from '../../core/people/standing.ts'
import { type DeskAction, decideDeskAccess } from '../access.ts'
import { type ActDone, actDone } from '../act.ts'
import type { Kernel } from '../kernel.ts'
import { standingFrom } from './standing.ts'

export type PeopleAct = {
  readonly name: string
  readonly roles: readonly Role[]
  /** Wants a strong proof of who it is, given lately. */
  readonly action: DeskAction
  readonly stepUp: boolean
  readonly input: TObject
  /** What `run` would answer on this standing, with nothing done: the reason of a control. */
  ask(
    kernel: Kernel,
    standing: Standing,
    input: unknown,
    acting: Acting,
  ): Promise<Decision<unknown>>
  run(kernel: Kernel, input: unknown, acting: Acting): Promise<Decision<ActDone>>
}

type Definition<Schema extends TObject, Prepared> = {
  readonly name: string
  /** Its row in the rules of access. Default: everybody of the authority. */
  readonly group?: DeskActionGroup
  readonly stepUp?: boolean
  readonly input: Schema
  /** What the event names by its digest and the node keeps. */
  readonly note?: (input: Static<Schema>) => Note
  /** Reads what the decision needs beside the stream. */
  readonly prepare?: (kernel: Kernel, input: Static<Schema>) => Promise<Prepared>
  readonly decide: (
    step: PeopleStep<Static<Schema>, Prepared>,
  ) => Decision<readonly AuthorityEvent[]>
  readonly follow?: (kernel: Kernel, input: Static<Schema>, acting: Acting) => Promise<void>
}

export type PeopleStep<Input, Prepared> = {
  readonly standing: Standing
  readonly input: Input
  readonly acting: Acting
  readonly prepared: Prepared
  /** Digest of the note; empty where there is none. */
  readonly note: string
  newId(): string
}

export function peopleAct<Schema extends TObject, Prepared = undefined>(
  definition: Definition<Schema, Prepared>,
): PeopleAct {
  const { name, input: schema, group = 'ownMatters', stepUp = false } = definition
  return {
    name,
    roles: ruleOf(group).roles,
    action: { name, group, stepUp },
    stepUp,
    input: schema,
    async ask(kernel, standing, sent, acting) {
      const access = await decideDeskAccess(kernel, { name, group }, acting)
      if (access.decision === 'refuse') return access
      const input = sent as Static<Schema>
      const prepared = (await definition.prepare?.(kernel, input)) as Prepared
      const newId = () => kernel.random.uuidByTime()
      return definition.decide({ standing, input, acting, prepared, note: '', newId })
    },
    async run(kernel, sent, acting) {
      const access = await decideDeskAccess(kernel, { name, group, stepUp }, acting)
      if (access.decision === 'refuse') return access
      const input = sent as Static<Schema>
      const prepared = (await definition.prepare?.(kernel, input)) as Prepared
      const decision = await kernel.streams.transact(async (unit) => {
        const stream = await unit.open(kernel.authorityStreamId)
        invariant(stream, 'every node has an authority stream')
        const standing = await standingFrom(kernel, stream.history)
        const kept = saltedNote(kernel, definition.note?.(input))
        const note = kept?.digest ?? ''
        const newId = () => kernel.random.uuidByTime()
        const decided = definition.decide({ standing, input, acting, prepared, note, newId })
        if (decided.decision === 'refuse') return decided
        // Before the event that names it: a note that nothing names harms nobody.
        if (kept) await kernel.staff.keepNote(kept.digest, kept.note)
        await stream.append(decided.value, acting.officer)
        return permit(actDone(stream, decided.value), ...decided.because)
      })
      if (decision.decision === 'permit') await definition.follow?.(kernel, input, acting)
      return decision
    },
  }
}

function saltedNote({ random, primitives }: Kernel, note: Note | undefined) {
  if (!note) return undefined
  const salted = { ...note, salt: toHex(random.bytes(32)) }
  return { digest: noteDigest(salted, primitives.sha256), note: salted }
}
