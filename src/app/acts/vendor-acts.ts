/** What the lead records of vendors that have no node: how their products stand. */
import { Type } from '@sinclair/typebox'
import { PRODUCT_JUSTIFICATIONS, PRODUCT_STATUSES } from '../../core/disclosure/events.ts'
import { stateProduct } from '../../core/disclosure/product-status.ts'
import { caseAct } from '../act.ts'
import { common, leads, oneOf, party, speaker } from './coordination-lead.ts'
import { ownAnswer } from './coordination-reasons.ts'
import { reason } from './fields.ts'

export const product = Type.String({ maxLength: 200, pattern: '^\\S(.*\\S)?$' })

export const recordProductStatus = caseAct({
  ...common,
  name: 'recordProductStatus',
  input: Type.Object({
    participant: party,
    product,
    status: oneOf(PRODUCT_STATUSES),
    justification: Type.Optional(oneOf(PRODUCT_JUSTIFICATIONS)),
    evidence: reason,
  }),
  when: leads,
  prepare: ({ kernel, input }) => speaker(kernel, input.participant),
  decide: ({ disclosure }, input, acting, { isPeer }) =>
    isPeer ? ownAnswer : stateProduct(disclosure, input, acting),
})
