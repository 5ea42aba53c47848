/** The parts of a case that a line of `comity eval release` states, in the form that the decision reads. */
import { type Instant, instant } from '../../base/time.ts'
import type { HandlingCode, Tlp } from '../../core/agreement/clause.ts'
import type { HeldContent, ReleaseBasis } from '../../core/release/basis.ts'
import { noRights, type Review, type RightsState } from '../../core/rights/rights.ts'
import { RIGHTS_QUESTIONS, type RightsTest } from '../../core/rights/rights-test.ts'
import type { ReleaseLine } from './release-form.ts'

export const EVAL_IDS = { release: 'release', test: 'test', exhibit: 'exhibit' } as const

/** A test that passed has a yes to every question; one that failed, one no. */
export function rightsOf({ context, recipient }: ReleaseLine, now: Instant): RightsState {
  const { rightsTest = 'missing', reviewedBy, purpose, categories } = context
  const subject = { kind: 'release', id: EVAL_IDS.release } as const
  const covers = {
    recipient,
    purpose,
    categories,
    ...(context.held ? { exhibitId: EVAL_IDS.exhibit } : {}),
  }
  const review: Review = {
    ...{ reviewId: 'review', subject, covers, reviewerMustNotBe: [], openedAt: now },
    ...{ outcome: 'approved', reason: STATED, remedy: null, reviewer: reviewedBy ?? null },
  }
  return {
    ...noRights,
    tests:
      rightsTest === 'missing'
        ? []
        : [{ testId: EVAL_IDS.test, subject, test: testOf(rightsTest), officer: 'eval', at: now }],
    reviews: reviewedBy === undefined ? [] : [review],
    persons: (context.persons ?? []).map((personId) => ({ personId, delay: null })),
    consents: consentsOf(context, now),
    authorisations: (context.authorisations ?? []).map(
      ({ by, recipients, categories: of, until }, n) => ({
        authorisationId: `authorisation ${n + 1}`,
        body: 'court' as const,
        ...{ by, reference: by, recipients, categories: of, from: now, documentDigest: '' },
        until: instant(until, `context/authorisations/${n}/until`),
        ...{ recordedAt: now, endedAt: null },
      }),
    ),
  }
}

const STATED = 'as the line states'

function testOf(outcome: 'passed' | 'failed'): RightsTest {
  const answers = RIGHTS_QUESTIONS.map((question, n) => {
    const answer = outcome === 'failed' && n === 0 ? 'no' : 'yes'
    return [question, { answer, reason: 'taken as the line states it' }]
  })
  return Object.fromEntries(answers) as RightsTest
}

function consentsOf({ consents = [] }: ReleaseLine['context'], now: Instant) {
  return consents.map(({ person, state, recipients, categories, purposes }, n) => ({
    consentId: `consent ${n + 1}`,
    personId: person,
    covers: { recipients, categories, purposes },
    state,
    ...{ question: null, how: null, shownBy: STATED },
    givenAt: state === 'refused' ? null : now,
    endedAt: state === 'given' ? null : now,
  }))
}

export function evidenceOf({ context }: ReleaseLine, now: Instant): ReleaseBasis['evidence'] {
  const orders = (context.orders ?? []).map(({ by, mayReceive, purposes, until }, n) => ({
    orderId: `${n + 1}`,
    ...{ orderedBy: by, reference: by, exhibits: null, maySee: [], mayReceive, purposes },
    until: until === undefined ? null : instant(until, `context/orders/${n}/until`),
    ...{ recordedAt: now, recordedBy: 'eval', lifted: null },
  }))
  return { exhibits: [], orders }
}

export function heldOf({ context }: ReleaseLine): readonly HeldContent[] {
  return (context.held ?? []).map(
    ({ originator, tlp, codes = [], consentedTo = [], isRetracted = false }, n) => ({
      originator,
      releaseId: `held ${n + 1}`,
      categories: context.categories,
      exhibitIds: [EVAL_IDS.exhibit],
      ...(tlp === undefined
        ? {}
        : { handling: { tlp: tlp as Tlp, codes: codes as readonly HandlingCode[] } }),
      duties: [],
      consentedTo: consentedTo.map((one) =>
        typeof one === 'string' ? { recipient: one, purpose: context.purpose } : one,
      ),
      isRetracted,
    }),
  )
}
