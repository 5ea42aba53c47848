/** Acts on the law of a case: facts, competence, events that start clocks. */
import { Type } from '@sinclair/typebox'
import { permit } from '../../base/decision.ts'
import { instant } from '../../base/time.ts'
import {
  assessCaseCompetence,
  recordClockEvent as decideClockEvent,
  computeClocks as decideClocks,
  recordFacts as decideFacts,
} from '../../core/law/case-law.ts'
import type { Facts } from '../../core/law/condition.ts'
import { withClocks } from '../../core/law/follow-clocks.ts'
import { caseAct } from '../act.ts'

const factValue = Type.Union([
  Type.Boolean(),
  Type.Number(),
  Type.String({ maxLength: 200 }),
  Type.Array(Type.String({ maxLength: 60 }), { maxItems: 40 }),
])

export const recordFacts = caseAct({
  name: 'recordFacts',
  topic: 'law',
  group: 'handle',
  input: Type.Object({ facts: Type.Record(Type.String({ maxLength: 60 }), factValue) }),
  prepare: ({ kernel }) => kernel.law.context(),
  decide: ({ law: own }, { facts }, acting, law) => {
    const decided = decideFacts(own, { facts: facts as Facts }, acting)
    return decided.decision === 'refuse'
      ? decided
      : permit(withClocks(own, decided.value, acting, law))
  },
})

export const assessCompetence = caseAct({
  name: 'assessCompetence',
  topic: 'law',
  group: 'handle',
  input: Type.Object({}),
  prepare: ({ kernel }) => kernel.law.context(),
  decide: (state, _input, acting, law) => assessCaseCompetence(state.law, {}, acting, law),
})

export const recordClockEvent = caseAct({
  name: 'recordClockEvent',
  topic: 'law',
  group: 'handle',
  input: Type.Object({
    event: Type.String({ maxLength: 60 }),
    clock: Type.Union([Type.String({ maxLength: 80 }), Type.Null()]),
    at: Type.String({ maxLength: 30 }),
    zone: Type.String({ maxLength: 60 }),
    evidence: Type.String({ minLength: 1, maxLength: 2000 }),
  }),
  prepare: ({ kernel }) => kernel.law.context(),
  decide: ({ law: own }, input, acting, law) => {
    const decided = decideClockEvent(own, { ...input, at: instant(input.at, 'at') }, acting, law)
    return decided.decision === 'refuse'
      ? decided
      : permit(withClocks(own, decided.value, acting, law))
  },
})

export const computeClocks = caseAct({
  name: 'computeClocks',
  topic: 'law',
  group: 'handle',
  input: Type.Object({ clocks: Type.Array(Type.String({ maxLength: 80 }), { maxItems: 50 }) }),
  prepare: ({ kernel }) => kernel.law.context(),
  decide: (state, { clocks }, acting, law) => decideClocks(state.law, { clocks }, acting, law),
})
