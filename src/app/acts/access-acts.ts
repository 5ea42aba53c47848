/**
 * Acts that say who is let into a case and for what it may be used. What lets in more
 * than before is only proposed, and done when a second person approves it.
 */
import { Type } from '@sinclair/typebox'
import { type Because, permit, type Refusal, refuse } from '../../base/decision.ts'
import { isUuid } from '../../base/ids.ts'
import { instant } from '../../base/time.ts'
import {
  shareDocument as decideSharing,
  withdrawDocument as decideWithdrawal,
  shareableDocuments,
} from '../../core/access/documents.ts'
import { admitGuest as decideGuest, GUEST_DAYS_MAX } from '../../core/access/guests.ts'
import {
  ADMITTED_ROLES,
  ANSWERING_ROLES,
  CLASSIFICATIONS,
  GUEST_PARTS,
  PURPOSES,
  SHARED_PARTS,
} from '../../core/access/rules.ts'
import {
  closesOnBar,
  admitPerson as decideAdmission,
  assignOfficer as decideAssignment,
  barOfficer as decideBar,
  classifyCase as decideClassification,
  liftBar as decideLift,
  declarePurposes as decidePurposes,
  removePerson as decideRemoval,
  unassignOfficer as decideUnassignment,
  loosensClassification,
  loosensPurposes,
  whyTwoLetIn,
} from '../../core/access/steer-case.ts'
import { type CaseState, caseForAccess } from '../../core/case/case.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { seatBar } from '../../core/disclosure/seat.ts'
import { conflictIn } from '../../core/people/standing.ts'
import { caseAct } from '../act.ts'
import type { Kernel } from '../kernel.ts'
import { othersWhoSteer } from '../others-who-steer.ts'
import type { Officer } from '../ports/people.ts'
import { isPeerHere, leads } from './coordination-lead.ts'
import { ownAct, peerSpeaks } from './coordination-reasons.ts'
import { reason } from './fields.ts'

const person = Type.String({ minLength: 1, maxLength: 100 })
const oneOf = <const Words extends readonly string[]>(words: Words) =>
  Type.Union(words.map((word) => Type.Literal(word as Words[number])))

const steering = { topic: 'access', group: 'steer' } as const

export const classifyCase = caseAct({
  name: 'classifyCase',
  ...steering,
  input: Type.Object({ classification: oneOf(CLASSIFICATIONS), reason }),
  secondPerson: ({ access }, input) =>
    loosensClassification(access, input ?? { classification: 'open' })
      ? takesTwo('classification', 'a case is opened further by two persons')
      : input && closesOnBar(access, input)
        ? closedByTwo
        : undefined,
  decide: ({ access }, input, acting) => decideClassification(access, input, acting),
})

export const assignOfficer = caseAct({
  name: 'assignOfficer',
  ...steering,
  input: Type.Object({ officer: person, reason }),
  secondPerson: ({ access }) => whyTwoLetIn(access),
  prepare: async ({ kernel, caseId, state, input: { officer } }) => {
    const [found, standing] = await Promise.all([
      accountOf(kernel, officer),
      kernel.access.standing(),
    ])
    const isConflicted = conflictIn(standing, officer, caseForAccess(caseId, state)) !== undefined
    return { roles: found?.roles ?? [], isConflicted }
  },
  decide: ({ access }, input, acting, facts) =>
    decideAssignment(access, { ...input, ...facts }, acting),
})

export const unassignOfficer = caseAct({
  name: 'unassignOfficer',
  ...steering,
  input: Type.Object({ officer: person, reason }),
  when: ({ access }) => (access.assigned.length > 0 ? permit(null) : nobody('assigned')),
  decide: ({ access }, input, acting) => decideUnassignment(access, input, acting),
})

export const barOfficer = caseAct({
  name: 'barOfficer',
  ...steering,
  input: Type.Object({
    officer: person,
    ground: oneOf(['namedByReporter', 'other'] as const),
    reason,
  }),
  secondPerson: ({ access }) => (access.classification === 'open' ? undefined : closedByTwo),
  prepare: ({ kernel, acting }) => othersWhoSteer(kernel, acting.officer),
  decide: ({ access }, input, acting, others) => decideBar(access, { ...input, others }, acting),
})

const closedByTwo = takesTwo(
  'closedBar',
  'a case is closed, and somebody kept out of it, only by two persons',
)

/** Letting somebody in again takes two, whatever the case is. */
export const liftBar = caseAct({
  name: 'liftBar',
  ...steering,
  input: Type.Object({ officer: person, reason }),
  when: ({ access }) => ((access.barred ?? []).length > 0 ? permit(null) : nobody('barred')),
  secondPerson: () => takesTwo('bar', 'who was kept out of a case is let in again by two persons'),
  decide: ({ access }, input, acting) => decideLift(access, input, acting),
})

const admission = Type.Object({
  person,
  capacity: oneOf(ADMITTED_ROLES),
  sees: Type.Array(oneOf(SHARED_PARTS), { minItems: 1, maxItems: SHARED_PARTS.length }),
  legalOrder: Type.String({ pattern: '^[A-Z]{2}(-[A-Z0-9]{1,3})?$' }),
  until: Type.String({ maxLength: 30 }),
  reason,
})

export const admitPerson = caseAct({
  name: 'admitPerson',
  ...steering,
  stepUp: true,
  input: admission,
  secondPerson: ({ access }) => whyTwoLetIn(access),
  prepare: async ({ kernel, input }) => (await accountOf(kernel, input.person))?.roles ?? [],
  decide: ({ access }, input, acting, roles) => {
    const until = instant(input.until, 'until')
    return decideAdmission(access, { ...input, until, roles }, acting)
  },
})

/** A link with a code, for somebody without an account. The answer shows the code, once. */
export const admitGuest = caseAct({
  name: 'admitGuest',
  ...steering,
  stepUp: true,
  input: Type.Object({
    /** Kept apart from the case's history, sealed. */
    name: Type.String({ minLength: 1, maxLength: 200 }),
    sees: Type.Array(oneOf(GUEST_PARTS), { minItems: 1, maxItems: GUEST_PARTS.length }),
    legalOrder: admission.properties.legalOrder,
    /** Left out: the guest only looks. */
    answersAs: Type.Optional(oneOf(ANSWERING_ROLES)),
    /** Of a disclosure: the participant in whose name the guest takes steps. */
    speaksFor: Type.Optional(Type.String({ maxLength: 100, pattern: '^(\\S(.*\\S)?)?$' })),
    days: Type.Integer({ minimum: 1, maximum: GUEST_DAYS_MAX }),
    reason,
  }),
  when: ({ access }) =>
    access.classification === 'confidential'
      ? refuse('confidentialCase', {
          rule: 'guest:confidentialCase',
          text: 'nobody is let into a confidential case by a link',
        })
      : permit(null),
  prepare: async ({ kernel, input: { speaksFor } }) => ({
    person: kernel.random.uuid(),
    isPeer: speaksFor ? isPeerHere(kernel, speaksFor) : false,
  }),
  decide: (state, { name: _, speaksFor, ...input }, acting, { person, isPeer }) => {
    const bar = speaksFor ? speakerBar(state, speaksFor, acting, isPeer) : undefined
    const seat = speaksFor ? { speaksFor } : {}
    return bar ?? decideGuest(state.access, { ...input, ...seat, person }, acting)
  },
  finish: async ({ kernel, caseId, input: { name, days } }, { person }) =>
    kernel.desk.guests.make({ caseId, person, name, days }),
})

/** A guest speaks for a party without a node, in a case that is led here. */
function speakerBar(
  state: CaseState,
  participant: string,
  acting: Acting,
  isPeer: boolean,
): Refusal | undefined {
  const led = leads(state, acting)
  if (led.decision === 'refuse') return led
  if (isPeer) return refuse('speaksForItself', peerSpeaks)
  return participant === acting.authority
    ? refuse('ownAuthority', ownAct)
    : seatBar(state.disclosure, participant)
}

const document = Type.Object({
  documentId: Type.String({ minLength: 1, maxLength: 100 }),
  person,
  reason,
})

const sharing = Type.Object({
  ...document.properties,
  /** Of an exhibit: the order, or the undertaking, under which it may be read. */
  safeguard: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
})

/** One letter, notice or package, for one person who was admitted. */
export const shareDocument = caseAct({
  name: 'shareDocument',
  ...steering,
  stepUp: true,
  input: sharing,
  secondPerson: ({ access }) => whyTwoLetIn(access),
  when: (state) =>
    state.access.admitted.length === 0
      ? nobody('admitted')
      : shareableDocuments(state).length > 0
        ? permit(null)
        : refuse('nothingThere', {
            rule: 'document:nothingThere',
            text: 'the case has no letter, notice or package yet',
          }),
  decide: (state, input, acting) => decideSharing(state, input, acting),
})

export const withdrawDocument = caseAct({
  name: 'withdrawDocument',
  ...steering,
  input: document,
  when: ({ access }) =>
    access.documents.length > 0
      ? permit(null)
      : refuse('notSharedNow', { rule: 'document:notSharedNow', text: 'no document is shared' }),
  decide: ({ access }, input, acting) => decideWithdrawal(access, input, acting),
})

export const removePerson = caseAct({
  name: 'removePerson',
  ...steering,
  input: Type.Object({ person, reason }),
  when: ({ access }) => (access.admitted.length > 0 ? permit(null) : nobody('admitted')),
  decide: ({ access }, input, acting) => decideRemoval(access, input, acting),
})

export const declarePurposes = caseAct({
  name: 'declarePurposes',
  ...steering,
  input: Type.Object({
    purposes: Type.Array(oneOf(PURPOSES), { minItems: 1, maxItems: PURPOSES.length }),
    legalOrders: Type.Array(admission.properties.legalOrder, { maxItems: 20 }),
    reason,
  }),
  secondPerson: ({ access }, input) =>
    loosensPurposes(access, input ?? { purposes: PURPOSES, legalOrders: [] })
      ? takesTwo('purposes', 'a purpose or legal order that was excluded is let in by two persons')
      : undefined,
  prepare: async ({ kernel }) => kernel.node.legalOrder,
  decide: ({ access }, input, acting, ownLegalOrder) =>
    decidePurposes(access, { ...input, ownLegalOrder }, acting),
})

function takesTwo(rule: string, text: string): Because {
  return { rule: `fourEyes:${rule}`, text }
}

async function accountOf({ people }: Kernel, id: string): Promise<Officer | undefined> {
  return isUuid(id) ? people.officer(id) : undefined
}

function nobody(what: 'assigned' | 'admitted' | 'barred'): Refusal {
  return refuse('nobodyThere', { rule: `steering:${what}`, text: `nobody is ${what} yet` })
}
