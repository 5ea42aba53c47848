/**
 * Acts about fines: an order that was not obeyed, fines of others, and a fine of one's
 * own, held to the statutory maximum and to what the law makes of the others.
 */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import { calendarDate, instant, utcDateOf } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { refusalEvent } from '../../core/enforcement/climb-ladder.ts'
import {
  imposeFine as decideFine,
  recordNonCompliance as decideNonCompliance,
} from '../../core/enforcement/decide-measure.ts'
import { takenMeasure } from '../../core/enforcement/enforcement.ts'
import type { FineLimit } from '../../core/enforcement/fine-limit.ts'
import { recordOtherFine as decideOtherFine } from '../../core/enforcement/other-fines.ts'
import type { LawContext } from '../../core/law/case-law.ts'
import { moneyFrom } from '../../core/law/money.ts'
import { packRef } from '../../core/law/pack.ts'
import {
  FINE_STATES,
  type FiningRules,
  type PriorFineFinding,
  priorFines,
  RELATIONS,
} from '../../core/law/prior-fines.ts'
import { findTier, sanctionCap } from '../../core/law/sanction-cap.ts'
import { PERSON_KINDS } from '../../core/law/sanction-tier.ts'
import { isSignedOff } from '../../core/law/sign-off.ts'
import { caseAct } from '../act.ts'
import type { Kernel } from '../kernel.ts'
import { hasOperator } from './enforcement-acts.ts'
import { id, reason } from './fields.ts'

const oneOf = <const Code extends string>(codes: readonly Code[]) =>
  Type.Union(codes.map((code) => Type.Literal(code)))
const amountMinor = Type.Integer({ minimum: 1 })
const currency = Type.String({ pattern: '^[A-Z]{3}$' })
const wholeUnits = Type.String({ pattern: '^\\d{1,18}(?:\\.\\d{1,3})?$', maxLength: 22 })
const lawId = Type.String({ pattern: '^[\\w./-]+$', maxLength: 160 })
const count = Type.Integer({ minimum: 1, maximum: 1_000_000_000 })

/** What the operator did not do after an order: without it there is no fine. */
export const recordNonCompliance = caseAct({
  name: 'recordNonCompliance',
  topic: 'enforcement',
  group: 'enforce',
  input: Type.Object({ measureId: id, sinceAt: Type.String({ maxLength: 30 }), facts: reason }),
  when: ({ enforcement }) => {
    if (takenMeasure(enforcement, 'correctiveOrder')) return permit(null)
    const text = 'no order was made that could be disobeyed'
    return refuse('notInForce', { rule: 'enforcement:notInForce', text })
  },
  decide: (state, { measureId, sinceAt, facts }, acting) => {
    const command = { measureId, since: instant(sinceAt, 'sinceAt'), facts }
    return decideNonCompliance(state.enforcement, command, acting)
  },
})

/** A fine of another, or that there is none; with `fineId` what has changed about it. */
export const recordOtherFine = caseAct({
  name: 'recordOtherFine',
  topic: 'enforcement',
  group: 'enforce',
  input: Type.Object({
    fineId: Type.Optional(id),
    authority: Type.String({ minLength: 1, maxLength: 200 }),
    instrument: Type.Optional(lawId),
    fineState: oneOf(FINE_STATES),
    sameInfringement: oneOf(RELATIONS),
    sameConduct: oneOf(RELATIONS),
    amountMinor: Type.Optional(amountMinor),
    currency: Type.Optional(currency),
    decidedOn: Type.Optional(Type.String({ maxLength: 10 })),
    source: reason,
  }),
  when: hasOperator,
  prepare: async ({ kernel, state, input }) => {
    const authority = authorityId(kernel, state, input.authority)
    const fineId = input.fineId ?? kernel.random.uuidByTime()
    return { fineId, authority, isOwn: authority === kernel.node.id }
  },
  decide: (state, { fineState, ...input }, acting, { fineId, authority, isOwn }) => {
    const { sameInfringement, sameConduct, source, decidedOn } = input
    const fine = {
      ...{ fineId, authority, isOwn, state: fineState, sameInfringement, sameConduct, source },
      instrument: input.instrument ?? null,
      amountMinor: input.amountMinor ?? null,
      currency: input.currency ?? null,
      decidedOn: decidedOn === undefined ? null : calendarDate(decidedOn, 'decidedOn'),
      isKnown: input.fineId !== undefined,
    }
    return decideOtherFine(state.enforcement, fine, acting)
  },
  finish: async (_step, { fineId }) => ({ fineId }),
})

/** A node that takes part by its id, however it was named; others stay as they were written. */
function authorityId({ node, peers }: Kernel, state: CaseState, told: string): string {
  const ids = [node.id, ...state.disclosure.participants.map((participant) => participant.id)]
  const isNamed = (id: string) =>
    id === told || (id === node.id ? node.name : peers.find(id)?.name) === told
  return ids.find(isNamed) ?? told
}

const fineInput = Type.Object({
  tier: Type.Optional(lawId),
  turnover: Type.Optional(wholeUnits),
  benefit: Type.Optional(wholeUnits),
  violations: Type.Optional(count),
  days: Type.Optional(count),
  addressee: Type.Optional(oneOf(PERSON_KINDS)),
  amountMinor,
  currency,
  basis: reason,
  reason,
  gravity: reason,
  factors: Type.Optional(Type.Record(Type.String({ maxLength: 80 }), reason)),
  otherFines: reason,
})

/** Proposes a fine. With `tier`: at most what the law allows, for what is told of the operator. */
export const imposeFine = caseAct({
  name: 'imposeFine',
  topic: 'enforcement',
  group: 'enforce',
  stepUp: true,
  input: fineInput,
  when: hasOperator,
  prepare: async ({ kernel, state, input, acting }) => {
    const law = await kernel.law.context()
    const measureId = kernel.random.uuidByTime()
    const asked = { ...input, ownPack: kernel.law.ownPackId(), ownId: kernel.node.id }
    return { measureId, ...limitsOf(law, state, asked, acting) }
  },
  decide: (state, input, acting, prepared) => {
    const { gravity, factors, amountMinor, currency, basis, reason, otherFines } = input
    const fine = { amountMinor, currency, basis, reason, otherFines }
    const found = { ...fine, ...prepared, factors: { ...factors, gravity } }
    return decideFine(state.enforcement, found, acting)
  },
  refused: (_state, _acting, { measureId }, refusal) => [refusalEvent('fine', measureId, refusal)],
  finish: async (_step, { measureId }) => ({ measureId }),
})

type Asked = (typeof fineInput)['static'] & { readonly ownPack: string; readonly ownId: string }

/** The maximum of the tier, if one is named, and what the law makes of the fines of others. */
function limitsOf(
  { packs, signOffs }: LawContext,
  state: CaseState,
  { tier, ownPack, ownId, ...input }: Asked,
  { now }: Acting,
): { readonly limit?: FineLimit; readonly priorFines?: readonly PriorFineFinding[] } {
  const pack = packs.find((each) => each.id === ownPack)
  if (pack === undefined) return {}
  const found = tier === undefined ? undefined : findTier(pack, tier)
  const rules: FiningRules = found?.instrument ?? { id: '', fining: null }
  const participants = state.disclosure.participants
    .filter(({ id, roles }) => id !== ownId && roles.includes('coordinator'))
    .map((participant) => participant.id)
  const facts = state.law.facts
  const others = { fines: state.enforcement.otherFines, participants, facts }
  const findings = priorFines(pack, rules, others)
  if (tier === undefined) return { priorFines: findings }
  const money = (amount: string | undefined, field: string) =>
    amount === undefined ? null : moneyFrom(amount, input.currency, field)
  const question = {
    turnover: money(input.turnover, 'turnover'),
    benefit: money(input.benefit, 'benefit'),
    violations: input.violations ?? null,
    days: input.days ?? null,
    is: input.addressee === undefined ? [] : [input.addressee],
    facts,
    on: utcDateOf(now),
  }
  const cap = found && sanctionCap(pack, found, question, isSignedOff(signOffs, pack))
  return { limit: { tier, cap, pack: packRef(pack) }, priorFines: findings }
}
