/** Acts on protective orders and legal holds. */
import { Type } from '@sinclair/typebox'
import { type Because, permit, type Refusal, refuse } from '../../base/decision.ts'
import { isUuid } from '../../base/ids.ts'
import { instant } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import { liftHold, placeHold } from '../../core/evidence/legal-holds.ts'
import { isBinding, liftOrder, recordOrder } from '../../core/evidence/protective-orders.ts'
import { accessContext, thoseWhoMay } from '../access.ts'
import { caseAct } from '../act.ts'
import type { Kernel } from '../kernel.ts'
import { id, reason } from './fields.ts'

const LIST_MAX = 200
const keeping = { topic: 'records', group: 'keepRecords', stepUp: true } as const
const instantText = Type.String({ maxLength: 30 })
const line = Type.String({ minLength: 1, maxLength: 300 })

/** What it is about: the whole case, or the exhibits that are named. */
export const scopeFields = {
  scope: Type.Union([Type.Literal('wholeCase'), Type.Literal('exhibits')]),
  exhibits: Type.Array(id, { maxItems: LIST_MAX }),
}

export function exhibitsIn(input: {
  readonly scope: 'wholeCase' | 'exhibits'
  readonly exhibits: readonly string[]
}): readonly string[] | null {
  return input.scope === 'wholeCase' ? null : input.exhibits
}

export const recordProtectiveOrder = caseAct({
  name: 'recordProtectiveOrder',
  ...keeping,
  input: Type.Object({
    orderedBy: line,
    reference: line,
    ...scopeFields,
    maySee: Type.Array(Type.String({ maxLength: 100 }), { maxItems: LIST_MAX }),
    mayReceive: Type.Array(Type.String({ maxLength: 100 }), { maxItems: LIST_MAX }),
    purposes: Type.Array(Type.String({ maxLength: 60 }), { maxItems: 20 }),
    until: Type.Optional(instantText),
  }),
  prepare: async ({ kernel, input }) => ({
    orderId: kernel.random.uuidByTime(),
    stranger: await strangerIn(kernel, input),
  }),
  decide: ({ evidence }, input, acting, { orderId, stranger }) => {
    if (stranger) return stranger
    const { orderedBy, reference, maySee, mayReceive, purposes } = input
    const until = input.until === undefined ? null : instant(input.until, 'until')
    const who = { maySee, mayReceive, purposes }
    const exhibits = exhibitsIn(input)
    return recordOrder(evidence, { orderId, orderedBy, reference, exhibits, ...who, until }, acting)
  },
  finish: async (_step, { orderId }) => ({ orderId }),
})

/** A name that is nobody's lets nobody in, and hides that somebody was meant. */
async function strangerIn(
  { people, peers }: Kernel,
  input: { readonly maySee: readonly string[]; readonly mayReceive: readonly string[] },
): Promise<Refusal | undefined> {
  const found = await Promise.all(
    input.maySee.map(async (one) => (isUuid(one) ? people.officer(one) : undefined)),
  )
  if (found.some((officer) => !officer)) {
    const text = 'the order names somebody who has no account here'
    return refuse('unknownPerson', { rule: 'order:people', text })
  }
  if (input.mayReceive.some((node) => !peers.find(node))) {
    const text = 'the order names an authority that this node does not know'
    return refuse('unknownAuthority', { rule: 'order:authorities', text })
  }
  return undefined
}

export const liftProtectiveOrder = caseAct({
  name: 'liftProtectiveOrder',
  ...keeping,
  proposedOn: 'secondPersonMissing',
  input: Type.Object({ orderId: id, liftedBy: line, reference: line }),
  // With an input the decision itself says so, once nothing else stands against it.
  secondPerson: (_state, input) => (input ? undefined : liftingTakesTwo),
  when: ({ evidence }, { now }) =>
    evidence.orders.some((order) => isBinding(order, now))
      ? permit(null)
      : none('order:none', 'no protective order binds this case'),
  prepare: async ({ kernel, caseId, state, acting, proposedBy, input }) => {
    const order = state.evidence.orders.find(({ orderId }) => orderId === input.orderId)
    const asking = { caseId, acting, context: await accessContext(kernel) }
    const action = { name: 'liftProtectiveOrder', group: keeping.group } as const
    return { proposedBy, able: thoseWhoMay(state, action, order?.maySee ?? [], asking) }
  },
  decide: ({ evidence }, input, acting, lifting) => liftOrder(evidence, input, acting, lifting),
})

const liftingTakesTwo: Because = {
  rule: 'order:lifting',
  text: 'an order is lifted by two persons, whom it lets see as far as there are such people',
}

export const placeLegalHold = caseAct({
  name: 'placeLegalHold',
  ...keeping,
  input: Type.Object({ ground: reason, ...scopeFields, reviewAt: instantText }),
  prepare: async ({ kernel }) => kernel.random.uuidByTime(),
  decide: ({ evidence }, input, acting, holdId) => {
    const reviewAt = instant(input.reviewAt, 'reviewAt')
    const exhibits = exhibitsIn(input)
    return placeHold(evidence, { holdId, ground: input.ground, exhibits, reviewAt }, acting)
  },
  finish: async (_step, holdId) => ({ holdId }),
})

export const liftLegalHold = caseAct({
  name: 'liftLegalHold',
  ...keeping,
  input: Type.Object({ holdId: id, reason }),
  when: hasHold,
  decide: ({ evidence }, input, acting) => liftHold(evidence, input, acting),
})

function hasHold({ evidence }: CaseState) {
  const stands = evidence.holds.some(({ lifted }) => lifted === null)
  return stands ? permit(null) : none('hold:none', 'no legal hold stands in this case')
}

function none(rule: string, text: string): Refusal {
  return refuse('nothingThere', { rule, text })
}
