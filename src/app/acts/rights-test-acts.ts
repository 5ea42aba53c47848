/** The full rights test of one release, recorded before anybody asks to release. */
import { type Static, Type } from '@sinclair/typebox'
import { recordFullTest } from '../../core/rights/record-rights-test.ts'
import type { RightsTest } from '../../core/rights/rights-test.ts'
import { SERIOUSNESS, type TestDetail, TOUCHED_SPHERES } from '../../core/rights/test-detail.ts'
import { caseAct } from '../act.ts'
import { agreementWith } from '../release-basis.ts'
import { id, reason } from './fields.ts'

const answer = Type.Union([Type.Literal('yes'), Type.Literal('no')])
const words = Type.String({ minLength: 1, maxLength: 2000 })

const fullTest = Type.Object({
  /** An earlier test of the case that was taken as a start. */
  takenFrom: Type.Optional(id),
  recipient: Type.String({ maxLength: 100 }),
  purpose: Type.String({ maxLength: 60 }),
  /** A release that a reviewer was asked to let go already. */
  releaseId: Type.Optional(id),
  exhibitId: Type.Optional(id),
  /** The release of a peer whose content is to go on. */
  passesOn: Type.Optional(id),
  legalBasis: Type.Object({ answer, reason }),
  necessity: Type.Object({ aim: words, alternatives: words, answer, reason }),
  /** Category to why it is needed; those left out are not covered. */
  categories: Type.Record(Type.String({ maxLength: 60 }), words),
  proportionality: Type.Object({
    seriousness: Type.Union(SERIOUSNESS.map((one) => Type.Literal(one))),
    people: Type.Integer({ minimum: 0, maximum: 8_000_000_000 }),
    safeguards: words,
    answer,
    reason,
  }),
  nonDiscrimination: Type.Object({
    groups: words,
    effect: words,
    mitigation: words,
    answer,
    reason,
  }),
  leastIntrusive: Type.Object({ answer, reason }),
  expression: Type.Object({
    touches: Type.Array(Type.Union(TOUCHED_SPHERES.map((one) => Type.Literal(one))), {
      maxItems: TOUCHED_SPHERES.length,
    }),
    answer,
    reason,
  }),
  /** Every answer was read for this release, also those that were taken over. */
  confirmed: Type.Literal(true),
})

/** A no is recorded like a yes, and lets nothing out. */
export const recordRightsTest = caseAct({
  name: 'recordRightsTest',
  topic: 'rights',
  group: 'exchange',
  input: fullTest,
  prepare: async ({ kernel, input }) => {
    const { document } = await agreementWith(kernel, input.recipient)
    return {
      testId: kernel.random.uuidByTime(),
      releaseId: input.releaseId ?? kernel.random.uuidByTime(),
      reviewId: kernel.random.uuidByTime(),
      guarded: (document?.categories ?? []).flatMap((one) => (one.reviewRequired ? one.id : [])),
    }
  },
  decide: (state, input, acting, { testId, releaseId, reviewId, guarded }) => {
    const { recipient, purpose, categories, exhibitId, passesOn, takenFrom } = input
    const covers = {
      ...{ recipient, purpose, categories: Object.keys(categories) },
      ...(exhibitId === undefined ? {} : { exhibitId }),
      ...(passesOn === undefined ? {} : { passesOn }),
    }
    const command = {
      testId,
      subject: { kind: 'release', id: releaseId } as const,
      test: testOf(input),
      covers,
      ...(takenFrom === undefined ? {} : { takenFrom }),
    }
    const caseHandlers = state.handlers
    return recordFullTest(state.rights, { ...command, guarded, reviewId, caseHandlers }, acting)
  },
  finish: async (_step, { testId, releaseId }) => ({ testId, releaseId }),
})

function testOf(input: Static<typeof fullTest>): RightsTest & { readonly detail: TestDetail } {
  const { categories } = input
  const { aim, alternatives, ...necessity } = input.necessity
  const { seriousness, people, safeguards, ...proportionality } = input.proportionality
  const { groups, effect, mitigation, ...nonDiscrimination } = input.nonDiscrimination
  const { touches, ...expression } = input.expression
  const weighed = { seriousness, people, safeguards, groups, effect, mitigation, touches }
  return {
    legalBasis: input.legalBasis,
    necessity,
    proportionality,
    nonDiscrimination,
    leastIntrusive: input.leastIntrusive,
    expression,
    detail: { aim, categories, alternatives, ...weighed },
  }
}
