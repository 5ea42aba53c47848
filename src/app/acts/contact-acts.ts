/**
 * Opening the reporter's contact: an act of two officers who hold keys of different groups,
 * on a recorded ground, told to the reporter unless the ground forbids it, and looked at by
 * oversight.
 *
 * The node hands out what is sealed; it cannot see that the two opened it, nor who reads it.
 */
import { type Static, Type } from '@sinclair/typebox'
import { toBase64 } from '../../base/bytes.ts'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, utcDateOf } from '../../base/time.ts'
import { CONTACT_BASES, type ContactTakenOut } from '../../core/case/case-events.ts'
import type { IntakeLayer } from '../../core/sealing/events.ts'
import { currentRoster, type SealingKeys } from '../../core/sealing/sealing-keys.ts'
import { caseAct, type Step } from '../act.ts'
import { readingTasks } from '../answer-shared.ts'
import { readSealingKeys } from '../sealing-keys.ts'

const GROUND_MIN = 20
/** At most as many of oversight get a task. */
const OVERSEERS_MAX = 3

const input = Type.Object({
  ground: Type.String({ minLength: GROUND_MIN, maxLength: 2000 }),
  basis: Type.Union(CONTACT_BASES.map((basis) => Type.Literal(basis))),
  /** Left out: the reporter is told. */
  notToldBecause: Type.Optional(Type.String({ minLength: GROUND_MIN, maxLength: 2000 })),
})
type OpenContact = Static<typeof input>

export const openContact = caseAct({
  name: 'openContact',
  topic: 'rights',
  group: 'openContact',
  stepUp: true,
  input,
  secondPerson: () => ({
    rule: 'fourEyes:contact',
    text: 'who reported is opened by two officers, one of each group that it is sealed to',
  }),
  when: ({ triage }) =>
    triage.filingId
      ? permit(null)
      : refuse('noFiling', { rule: 'intake:filing', text: 'no filing led to this case' }),
  prepare,
  decide: ({ triage }, { ground, basis, notToldBecause = null }, _acting, prepared) => {
    const { filingId } = triage
    if (!prepared.contact || !filingId) {
      return refuse('noContact', { rule: 'intake:contact', text: 'the reporter left no contact' })
    }
    const groups = bothGroups(prepared)
    if (groups.decision === 'refuse') return groups
    const { proposedBy } = prepared
    const event: ContactTakenOut = {
      type: 'contactTakenOut',
      ...{ filingId, ground, basis, proposedBy, notToldBecause },
    }
    return permit([event])
  },
  finish: async (step, { contact }) => {
    await follow(step)
    return { sealedContact: toBase64(contact ?? new Uint8Array()) }
  },
  batch: 'intake',
})

type Prepared = {
  readonly contact: Uint8Array | undefined
  readonly proposedBy: string
  /** Which group's keys each of the two holds, of the roster that the contact is sealed to. */
  readonly layers: readonly [readonly IntakeLayer[], readonly IntakeLayer[]]
}

async function prepare({
  kernel,
  state,
  acting,
  proposedBy,
}: Step<OpenContact>): Promise<Prepared> {
  const [part, keys] = await Promise.all([
    kernel.filings.sealedPart(state.triage.filingId ?? '', 'contact'),
    readSealingKeys(kernel),
  ])
  const first = proposedBy?.officer ?? ''
  const layersOf = (officer: string) => layersHeld(keys, part?.sealedFor ?? '', officer)
  return {
    contact: part?.bytes,
    proposedBy: first,
    layers: [layersOf(first), layersOf(acting.officer)],
  }
}

/** Of the roster that the contact is sealed to, or else of today's. */
export function layersHeld(keys: SealingKeys, sealedFor: string, officer: string): IntakeLayer[] {
  const roster = keys.rosters.findLast(({ digest }) => digest === sealedFor) ?? currentRoster(keys)
  return (roster?.entries ?? []).flatMap(({ layer, holder }) =>
    'officer' in holder && holder.officer === officer ? [layer] : [],
  )
}

function bothGroups({ layers: [first, second] }: Prepared): Decision<null, 'sameGroup'> {
  const isPair = (one: IntakeLayer, other: IntakeLayer) =>
    first.includes(one) && second.includes(other)
  if (isPair('inner', 'outer') || isPair('outer', 'inner')) return permit(null)
  return refuse('sameGroup', {
    rule: 'intake:bothGroups',
    text: 'one of the two holds a key of the inner group, the other of the outer group',
  })
}

/** The reporter reads it in the mailbox; oversight gets a task. */
async function follow({ kernel, unit, caseId, state, acting, input }: Step<OpenContact>) {
  const { filingId } = state.triage
  if (filingId && input.notToldBecause === undefined) {
    await unit.tellContactOpened({
      id: kernel.random.uuid(),
      filingId,
      on: utcDateOf(kernel.clocks.caseNow()),
      basis: input.basis,
    })
  }
  const officers = await kernel.people.officers()
  const overseers = officers.filter(
    ({ id, roles }) => roles.includes('oversight') && id !== acting.officer,
  )
  const title = 'Look whether the ground for opening who reported holds'
  const told = overseers.slice(0, OVERSEERS_MAX)
  for (const task of readingTasks(kernel, caseId, told, addMs(acting.now, 6 * DAY_MS), title)) {
    await unit.addTask({ ...task, createdAt: acting.now })
  }
}
