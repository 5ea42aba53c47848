/** Everything that people of the authority can ask about themselves and each other. */
import { type TSchema, Type } from '@sinclair/typebox'
import { isUuid } from '../../base/ids.ts'
import { instant } from '../../base/time.ts'
import { ROLES } from '../../core/case/recorded.ts'
import { endAbsence, setAbsence } from '../../core/people/absences.ts'
import {
  cancelLeaving,
  confirmAccount as decideConfirm,
  finishLeaving as decideFinish,
  handOverWork as decideHandOver,
  changeRoles as decideRoles,
  startLeaving,
} from '../../core/people/accounts.ts'
import { declareConflict, withdrawConflict } from '../../core/people/conflicts.ts'
import { giveDelegation, withdrawDelegation } from '../../core/people/delegations.ts'
import { acceptDuty, cancelShift, handOverDuty, planShift } from '../../core/people/duty.ts'
import { no } from '../../core/people/faults.ts'
import { nameSuccessor, rotateLiaison, setLiaisonTerm } from '../../core/people/liaison.ts'
import {
  CONFLICT_GROUNDS,
  CONFLICT_KINDS,
  type ConflictNote,
  LEAVING_GROUNDS,
  ROLE_GROUNDS,
  WITHDRAWAL_GROUNDS,
} from '../../core/people/note.ts'
import { id } from '../acts/fields.ts'
import { caseActs } from '../acts.ts'
import { endSealingKeyOfLeaver } from '../sealing-keys.ts'
import { openWorkOf } from './open-work.ts'
import { type PeopleAct, peopleAct } from './people-act.ts'

const oneOf = <T extends string>(values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)))
const roles = Type.Array(oneOf(ROLES), { minItems: 1, maxItems: ROLES.length })
const time = Type.String({ maxLength: 30 })
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
/** A box to tick where it hurts. */
const confirmed = Type.Literal(true)
const span = { fromAt: time, untilAt: time }

const spanOf = (input: { readonly fromAt: string; readonly untilAt: string }) => ({
  fromAt: instant(input.fromAt, 'fromAt'),
  untilAt: instant(input.untilAt, 'untilAt'),
})

type Declared = Pick<ConflictNote, 'kind' | 'subject' | 'ground'>

const UUID_IN_TEXT = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/

/** A case may be named by the address of its page. */
function declaredIn({ kind, subject, ground }: Declared): Declared {
  const found = kind === 'case' ? UUID_IN_TEXT.exec(subject.toLowerCase())?.[0] : undefined
  return { kind, subject: found ?? subject.trim(), ground }
}

/** A subject that nothing will ever match is no declaration. */
function subjectFault({ kind, subject }: Declared, peers: readonly string[]) {
  if (kind === 'case' && !isUuid(subject)) {
    return no('subjectUnclear', 'name the case by its number or by the address of its page')
  }
  if (kind === 'authority' && !peers.includes(subject)) {
    return no('subjectUnclear', 'name the authority by the id of its node')
  }
  return undefined
}

const ofPeople: readonly PeopleAct[] = [
  peopleAct({
    name: 'declareConflict',
    input: Type.Object({
      kind: oneOf(CONFLICT_KINDS),
      subject: Type.String({ minLength: 1, maxLength: 200 }),
      ground: oneOf(CONFLICT_GROUNDS),
    }),
    note: (input) => ({ about: 'conflict', ...declaredIn(input) }),
    prepare: async ({ peers }) => peers.all().map((peer) => peer.id),
    decide: ({ standing, input, acting, prepared, note, newId }) => {
      const declared = declaredIn(input)
      const command = { conflictId: newId(), officer: acting.officer, declared, note }
      return subjectFault(declared, prepared) ?? declareConflict(standing, command, acting)
    },
  }),
  peopleAct({
    name: 'declareConflictOf',
    group: 'oversee',
    input: Type.Object({
      officer: id,
      kind: oneOf(CONFLICT_KINDS),
      subject: Type.String({ minLength: 1, maxLength: 200 }),
      ground: oneOf(CONFLICT_GROUNDS),
    }),
    note: (input) => ({ about: 'conflict', ...declaredIn(input) }),
    prepare: async ({ peers }) => peers.all().map((peer) => peer.id),
    decide: ({ standing, input, acting, prepared, note, newId }) => {
      const declared = declaredIn(input)
      const command = { conflictId: newId(), officer: input.officer, declared, note }
      return subjectFault(declared, prepared) ?? declareConflict(standing, command, acting)
    },
  }),
  peopleAct({
    name: 'withdrawConflict',
    group: 'control',
    stepUp: true,
    input: Type.Object({ conflictId: id, ground: oneOf(WITHDRAWAL_GROUNDS), confirmed }),
    note: ({ ground }) => ({ about: 'withdrawal', ground }),
    decide: ({ standing, input, acting, note }) =>
      withdrawConflict(standing, { conflictId: input.conflictId, note }, acting),
  }),
  peopleAct({
    name: 'setAbsence',
    input: Type.Object(span),
    decide: ({ standing, input, acting, newId }) =>
      setAbsence(
        standing,
        { absenceId: newId(), officer: acting.officer, ...spanOf(input) },
        acting,
      ),
  }),
  peopleAct({
    name: 'setAbsenceOf',
    group: 'administer',
    input: Type.Object({ officer: id, ...span }),
    decide: ({ standing, input, acting, newId }) =>
      setAbsence(
        standing,
        { absenceId: newId(), officer: input.officer, ...spanOf(input) },
        acting,
      ),
  }),
  peopleAct({
    name: 'endAbsence',
    input: Type.Object({ absenceId: id }),
    decide: ({ standing, input, acting }) => endAbsence(standing, input, acting),
  }),
  peopleAct({
    name: 'giveDelegation',
    stepUp: true,
    input: Type.Object({
      to: id,
      roles,
      acts: Type.Array(Type.String({ maxLength: 60 }), { maxItems: 50 }),
      ...span,
      confirmed,
    }),
    decide: ({ standing, input, acting, newId }) => {
      const { to, acts } = input
      const some = acts.length === 0 ? null : acts
      const what = { delegationId: newId(), to, roles: input.roles, acts: some }
      return giveDelegation(standing, { ...what, ...spanOf(input) }, acting, actNames())
    },
  }),
  peopleAct({
    name: 'withdrawDelegation',
    input: Type.Object({ delegationId: id }),
    decide: ({ standing, input, acting }) => withdrawDelegation(standing, input, acting),
  }),
]

const ofDuty: readonly PeopleAct[] = [
  peopleAct({
    name: 'planShift',
    group: 'control',
    input: Type.Object({ officer: id, ...span }),
    decide: ({ standing, input, acting, newId }) =>
      planShift(standing, { shiftId: newId(), officer: input.officer, ...spanOf(input) }, acting),
  }),
  peopleAct({
    name: 'cancelShift',
    group: 'control',
    input: Type.Object({ shiftId: id, confirmed }),
    decide: ({ standing, input, acting }) => cancelShift(standing, input, acting),
  }),
  peopleAct({
    name: 'handOverDuty',
    input: Type.Object({ shiftId: id }),
    decide: ({ standing, input, acting }) => handOverDuty(standing, input, acting),
  }),
  peopleAct({
    name: 'acceptDuty',
    input: Type.Object({ shiftId: id }),
    decide: ({ standing, input, acting }) => acceptDuty(standing, input, acting),
  }),
  peopleAct({
    name: 'setLiaisonTerm',
    group: 'control',
    input: Type.Object({
      officer: id,
      peer: orNull(Type.String({ maxLength: 100 })),
      successor: orNull(id),
      ...span,
    }),
    decide: ({ standing, input, acting, newId }) => {
      const { officer, peer, successor } = input
      const term = { termId: newId(), officer, peer, successor, ...spanOf(input) }
      return setLiaisonTerm(standing, term, acting)
    },
  }),
  peopleAct({
    name: 'nameSuccessor',
    group: 'control',
    input: Type.Object({ termId: id, successor: id }),
    decide: ({ standing, input, acting }) => nameSuccessor(standing, input, acting),
  }),
  peopleAct({
    name: 'rotateLiaison',
    group: 'control',
    input: Type.Object({ termId: id, confirmed }),
    decide: ({ standing, input, acting, newId }) =>
      rotateLiaison(standing, { termId: input.termId, nextTermId: newId() }, acting),
  }),
]

const ofAccounts: readonly PeopleAct[] = [
  peopleAct({
    name: 'changeRoles',
    group: 'administer',
    stepUp: true,
    input: Type.Object({ officer: id, roles, ground: oneOf(ROLE_GROUNDS), confirmed }),
    note: ({ ground }) => ({ about: 'roles', ground }),
    decide: ({ standing, input, acting, note }) =>
      decideRoles(standing, { officer: input.officer, roles: input.roles, note }, acting),
    follow: ({ staff }, { officer, roles: given }) => staff.setRoles(officer, given),
  }),
  peopleAct({
    name: 'confirmAccount',
    group: 'administer',
    stepUp: true,
    input: Type.Object({
      officer: id,
      roles,
      /** What the person still has, of what the backup knew. */
      means: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50 }),
      confirmed,
    }),
    prepare: ({ staff }, { officer }) => staff.meansOf(officer),
    decide: ({ standing, input, acting, prepared }) => {
      if (!input.means.every((one) => prepared.includes(one))) {
        return no('meansUnknown', 'the account has no such way to sign in')
      }
      const { officer, roles: given, means } = input
      const kept = new Set(means).size
      return decideConfirm(standing, { officer, roles: given, means: kept }, acting)
    },
    follow: async ({ staff }, { officer, roles: given, means }) => {
      await staff.setRoles(officer, given)
      await staff.confirm(officer, means)
    },
  }),
  peopleAct({
    name: 'endAccount',
    group: 'administer',
    stepUp: true,
    input: Type.Object({ officer: id, ground: oneOf(LEAVING_GROUNDS), confirmed }),
    note: ({ ground }) => ({ about: 'leaving', ground }),
    decide: ({ standing, input, acting, note }) =>
      startLeaving(standing, { officer: input.officer, note }, acting),
    follow: ({ staff }, { officer }) => staff.close(officer),
  }),
  peopleAct({
    name: 'keepAccount',
    group: 'administer',
    stepUp: true,
    input: Type.Object({ officer: id, confirmed }),
    decide: ({ standing, input, acting }) => cancelLeaving(standing, input, acting),
    follow: ({ staff }, { officer }) => staff.reopen(officer),
  }),
  peopleAct({
    name: 'handOverWork',
    group: 'administer',
    input: Type.Object({ officer: id, to: id }),
    prepare: async (kernel, { officer }) =>
      (await openWorkOf(kernel, officer)).filter(({ kind }) => kind === 'task').length,
    decide: ({ standing, input, acting, prepared }) => {
      const { officer: from, to } = input
      return decideHandOver(standing, { from, to, items: prepared }, acting)
    },
    follow: async ({ staff }, { officer, to }) => {
      await staff.handOverTasks(officer, to)
    },
  }),
  peopleAct({
    name: 'finishLeaving',
    group: 'control',
    stepUp: true,
    input: Type.Object({ officer: id, confirmed }),
    prepare: async (kernel, { officer }) => (await openWorkOf(kernel, officer)).length,
    decide: ({ standing, input, acting, prepared }) =>
      decideFinish(standing, { officer: input.officer, open: prepared }, acting),
    follow: async (kernel, { officer }, acting) => {
      const { staff } = kernel
      await endSealingKeyOfLeaver(kernel, officer, acting)
      await staff.close(officer)
      await staff.destroySigningKey(officer)
    },
  }),
]

export const PEOPLE_ACTS: readonly PeopleAct[] = [...ofPeople, ...ofDuty, ...ofAccounts]

export function findPeopleAct(name: string): PeopleAct | undefined {
  return PEOPLE_ACTS.find((act) => act.name === name)
}

const actNames = () => caseActs.map(({ name }) => name)
