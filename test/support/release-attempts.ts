/**
 * Random attempts at a release, each put to the decision of the node, with its policy
 * engine, and to the slow model. What they do not agree on is handed back.
 */
import { createCedarPolicy } from '../../src/adapters/policy/cedar.ts'
import { type AgreementState, noAgreement } from '../../src/core/agreement/agreement.ts'
import { documentInEffect } from '../../src/core/agreement/clauses-in-effect.ts'
import { answerConditions } from '../../src/core/agreement/threshold.ts'
import type { Acting } from '../../src/core/case/recorded.ts'
import type { Exhibit } from '../../src/core/evidence/evidence.ts'
import type { ProtectiveOrder } from '../../src/core/evidence/protective-orders.ts'
import type { PrepareRelease, ReleaseBasis } from '../../src/core/release/basis.ts'
import {
  prepareRelease,
  releaseFaults,
  releaseQuestion,
} from '../../src/core/release/decide-release.ts'
import { type Duty, noReleases, type Release } from '../../src/core/release/release.ts'
import { askPolicy } from '../../src/core/release/request.ts'
import type { Consent } from '../../src/core/rights/consents.ts'
import { noRights, type RecordedTest, type Review } from '../../src/core/rights/rights.ts'
import { RIGHTS_QUESTIONS, type RightsTest } from '../../src/core/rights/rights-test.ts'
import { judge } from './release-model.ts'
import {
  type Person,
  randomDocument,
  randomSituation,
  type Situation,
} from './release-situation.ts'
import { MERIDIA } from './ring.ts'
import { seededRandom } from './seeded-random.ts'

export type Attempts = {
  readonly attempts: number
  readonly permitted: number
  readonly refused: number
  /** How often each reason stood. */
  readonly reasons: ReadonlyMap<string, number>
  readonly disagreements: readonly string[]
}

/** Reasons that tell of clauses: the model says only that clauses do not cover it. */
const OF_CLAUSES = new Set([
  'unknownConstraint',
  'policyFailed',
  'officerNotAuthorised',
  'recipientNotParty',
  'purposeNotCovered',
  'categoryNotReleasable',
  'clauseNotInEffect',
  'conditionNotMet',
  'noTransferInstrument',
])
const REASON = 'a reason of more than twenty characters'
const DISAGREEMENTS_MAX = 3
/** To compile a text takes longer than to decide by it. */
const OF_ONE_TEXT = 20

export function attemptReleases(seed: number, count: number): Attempts {
  const random = seededRandom(seed)
  const policy = createCedarPolicy()
  const reasons = new Map<string, number>()
  const disagreements: string[] = []
  let permitted = 0
  let attempts = 0
  let document = randomDocument(random)
  for (; attempts < count && disagreements.length < DISAGREEMENTS_MAX; attempts += 1) {
    if (attempts % OF_ONE_TEXT === 0) document = randomDocument(random)
    const situation = randomSituation(random, document)
    const found = decide(situation, policy.decide)
    const expected = judge(situation)
    const wanted = {
      isPermitted: expected.isPermitted,
      against: [...expected.against].filter((why) => why !== 'noInstrumentByLaw').sort(),
      duties: [...expected.duties].sort(),
    }
    for (const why of found.all) reasons.set(why, (reasons.get(why) ?? 0) + 1)
    if (found.isPermitted) permitted += 1
    const { all: _, ...told } = found
    if (JSON.stringify(told) !== JSON.stringify(wanted)) {
      disagreements.push(
        `seed ${seed}, attempt ${attempts}: decided ${JSON.stringify(found)}, the model ${JSON.stringify(wanted)} of ${JSON.stringify(situation)}`,
      )
    }
  }
  return { attempts, permitted, refused: attempts - permitted, reasons, disagreements }
}

type Decide = ReturnType<typeof createCedarPolicy>['decide']

function decide(situation: Situation, engine: Decide) {
  const { document, now, disputed, asked } = situation
  const basis = basisOf(situation)
  const acting = actingOf(situation)
  const inEffect = documentInEffect(document, now, new Set(disputed))
  const region = { legalOrder: 'EU', members: [], within: [] }
  const { isAiSystem } = situation
  const facts = isAiSystem === undefined ? {} : { isAiSystem }
  const command = commandOf(situation, answerConditions(inEffect.clauses, facts, region))
  const answers = askPolicy(inEffect, releaseQuestion(command, acting), engine)
  const decided = prepareRelease(basis, command, acting, answers)
  if (decided.decision === 'permit') {
    const [event] = decided.value
    const { duties = [], view = null } = event?.type === 'releaseDecided' ? event : {}
    // What goes on as it came is kept apart: no event holds it.
    const shown = asked.passesOn === null ? viewOf(asked.categories) : {}
    const isExact = JSON.stringify(view) === JSON.stringify(shown)
    const clauses = document.clauses.map(({ id }) => id)
    const own = duties.map(({ dutyId }) => dutyId).filter((id) => clauses.includes(id))
    return { isPermitted: isExact, against: [], duties: own.sort(), all: [] }
  }
  const isTold = ['alreadyDecided', 'agreementNotInForce'].includes(decided.why)
  const faults = isTold
    ? [decided.why]
    : releaseFaults(basis, inEffect, command, { acting, answers }).map(({ why }) => why)
  const all = [...new Set(faults)]
  const against = all.filter((why) => !OF_CLAUSES.has(why)).sort()
  return { isPermitted: false, against, duties: [], all }
}

function viewOf(categories: readonly string[]) {
  return Object.fromEntries([...new Set(categories)].map((id) => [id, `content of ${id}`]))
}

const side = ({ officer, inPlaceOf }: Person) => ({ officer, inPlaceOf })

function actingOf({ now, asked }: Situation): Acting {
  const { person, roles, authority } = asked
  const { officer, inPlaceOf } = person
  return { officer, roles, authority, now, ...(inPlaceOf ? { inPlaceOf } : {}) }
}

function commandOf(
  { asked }: Situation,
  conditions: NonNullable<PrepareRelease['conditions']>,
): PrepareRelease {
  const { recipient, purpose, kind, categories, exhibitId, passesOn } = asked
  const { legalBasis, emergency, holds } = asked
  return {
    ...{ releaseId: 'r1', rightsTestId: 't1', policyDigest: 'aa' },
    ...{ recipient, purpose, kind, categories, legalBasis, conditions },
    ...(exhibitId === null ? {} : { exhibitId }),
    ...(passesOn === null ? {} : { passesOn }),
    record: viewOf(holds),
    emergency: emergency && { threat: 'life', reason: emergency.reason },
  }
}

function basisOf(situation: Situation): ReleaseBasis {
  const { embargo, accepted, left, withoutReport, conflicted, proposedBy, isExercise, disputed } =
    situation
  const permitted = situation.wasPermitted ? [{ releaseId: 'r1' } as Release] : []
  return {
    releases: { ...noReleases, permitted },
    agreement: agreementOf(situation),
    rights: rightsOf(situation),
    embargo: { state: embargo, signatories: accepted, left, withoutReport },
    conflicted,
    law: {
      isAbroad: situation.isAbroad,
      paths: situation.blocks.map((data) => ({
        ...{ id: `EU>GB/${data}`, from: 'EU', to: 'GB', data, effect: 'blocked' as const },
        direct: 'blocked' as const,
        because: [{ rule: 'law:eu.invented/blocks', text: 'It does not leave (invented).' }],
        ...{ conditions: [], onArrival: [], question: null, basis: null },
      })),
    },
    evidence: { exhibits: exhibitsOf(situation), orders: ordersOf(situation) },
    held: situation.held.map(({ tlp, codes, mustStay, ...one }, n) => ({
      ...one,
      releaseId: `held-${n}`,
      categories: [],
      duties: mustStay ? [MUST_STAY] : [],
      ...(tlp === null ? {} : { handling: { tlp, codes } }),
    })),
    disputed,
    proposedBy: proposedBy && side(proposedBy),
    isExercise,
  }
}

const MUST_STAY: Duty = {
  ...{ dutyId: 'stay', kind: 'noOnwardTransfer', text: 'It stays (invented).' },
  ...{ owedBy: MERIDIA, dueAt: null },
}

const LINEAGE = [
  { exhibitId: 'x1', derivedFrom: null },
  { exhibitId: 'x2', derivedFrom: 'x1' },
  { exhibitId: 'x3', derivedFrom: 'x2' },
] as unknown as readonly Exhibit[]

function agreementOf({ document, phase, retiresAt }: Situation): AgreementState {
  const retirement =
    retiresAt === null
      ? null
      : { party: 'x', reason: 'it ends', endsAt: retiresAt, survivingDuties: [] }
  return { ...noAgreement, document, digest: 'dd', phase, retirement }
}

function exhibitsOf({ rejected, now }: Situation): readonly Exhibit[] {
  return LINEAGE.map((one) =>
    rejected.includes(one.exhibitId)
      ? { ...one, acknowledged: { answer: 'rejected', reason: 'r', at: now, by: 'ada' } }
      : one,
  )
}

function ordersOf({ orders, now }: Situation): readonly ProtectiveOrder[] {
  return orders.map(({ isLifted, ...one }, n) => ({
    ...one,
    ...{ orderId: `o${n}`, orderedBy: 'a court (invented)', reference: 'ref', maySee: [] },
    ...{ recordedAt: now, recordedBy: 'ada' },
    lifted: isLifted ? { at: now, liftedBy: 'a court (invented)', reference: 'ref' } : null,
  }))
}

function rightsOf(situation: Situation): ReleaseBasis['rights'] {
  const { persons, consents, authorisations, now } = situation
  return {
    ...noRights,
    tests: testsOf(situation),
    reviews: reviewsOf(situation),
    persons: persons.map((personId) => ({ personId })) as never,
    consents: consents.map(
      ({ person, recipients, purposes, categories, state, saidAt }, n): Consent => ({
        ...{ consentId: `k${n}`, personId: person, question: null, how: 'onPage', shownBy: 'x' },
        covers: { recipients, purposes, categories },
        state,
        givenAt: state === 'given' ? saidAt : null,
        endedAt: state === 'refused' || state === 'withdrawn' ? saidAt : null,
      }),
    ),
    authorisations: authorisations.map(({ isEnded, ...one }, n) => ({
      ...one,
      ...{ authorisationId: `a${n}`, body: 'court', by: 'a court', reference: 'ref' },
      ...{ documentDigest: 'd'.repeat(64), recordedAt: now },
      endedAt: isEnded ? now : null,
    })) as never,
  }
}

function testsOf({ test, now }: Situation): readonly RecordedTest[] {
  if (test === null) return []
  const yes = Object.fromEntries(
    RIGHTS_QUESTIONS.map((question) => [question, { answer: 'yes', reason: REASON }]),
  ) as unknown as RightsTest
  const failed = { necessity: { answer: 'no' as const, reason: REASON } }
  const { sensitive } = test
  const detail = sensitive && {
    ...{ aim: REASON, categories: {}, alternatives: REASON, safeguards: REASON, groups: 'none' },
    ...{ effect: REASON, mitigation: 'none' },
    seriousness: sensitive === 'severe' ? ('severe' as const) : ('minor' as const),
    people: sensitive === 'many' ? 100 : 99,
    touches: sensitive === 'press' ? (['journalists'] as const) : [],
  }
  return [
    {
      testId: 't1',
      subject: { kind: 'release', id: test.isForAnother ? 'r2' : 'r1' },
      test: { ...yes, ...(test.failed ? failed : {}), ...(detail ? { detail } : {}) },
      officer: 'ada',
      at: now,
    } as RecordedTest,
  ]
}

function reviewsOf({ review, now }: Situation): readonly Review[] {
  if (review === null) return []
  const { by, outcome, recipient, purpose, categories, exhibitId, passesOn, isForAnother } = review
  const covered = { recipient, ...(purpose === null ? {} : { purpose }), categories }
  return [
    {
      reviewId: 'v1',
      subject: { kind: 'release', id: isForAnother ? 'r2' : 'r1' },
      covers: {
        ...covered,
        ...(exhibitId === null ? {} : { exhibitId }),
        ...(passesOn === null ? {} : { passesOn }),
      },
      ...{ reviewerMustNotBe: [], openedAt: now, reason: REASON, remedy: null },
      reviewer: outcome === null ? null : by.officer,
      ...(by.inPlaceOf ? { inPlaceOf: by.inPlaceOf } : {}),
      outcome,
    },
  ]
}
