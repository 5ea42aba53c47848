/**
 * The one decision point for whatever crosses a border.
 *
 * A release is permitted if the agreement is in force, its clauses permit every
 * requested category (the policy engine's answers), the recipient accepted an
 * embargo that binds the case or gets only a stub, the rights test is recorded
 * and passed, an independent reviewer approved what needs review, and neither the
 * officer nor that reviewer declared a conflict of interest. One missing and the whole
 * release is refused; all that is missing is named.
 *
 * Nothing is cut out silently: what was not permitted refuses the release, and the
 * view holds exactly the requested categories.
 */
import type { Json } from '../../base/canonical-json.ts'
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { type AgreementRef, type AgreementState, requireInForce } from '../agreement/agreement.ts'
import type { ReleaseKind } from '../agreement/clause.ts'
import { type AgreementDocument, clauseOfKind } from '../agreement/document.ts'
import type { Acting } from '../case/recorded.ts'
import { isSameSide, sideOf } from '../people/standing.ts'
import { requireRightsTest } from '../rights/record-rights-test.ts'
import { approvalOf, reviewerOf } from '../rights/review.ts'
import type { RightsState } from '../rights/rights.ts'
import { releaseDuties } from './duties.ts'
import { minimise } from './minimise.ts'
import { type PolicyFault, policyFaults } from './policy-faults.ts'
import {
  permittedRelease,
  type ReleaseDecided,
  type ReleaseEvent,
  type ReleaseState,
  type WhyRelease,
} from './release.ts'
import type { PolicyAnswers, ReleaseQuestion } from './request.ts'

/** Everything of the case and its agreement that the decision reads. */
export type ReleaseBasis = {
  readonly releases: ReleaseState
  readonly agreement: AgreementState
  readonly rights: RightsState
  readonly embargo: {
    /** Vultron's embargo states. */
    readonly state: 'none' | 'proposed' | 'active' | 'revise' | 'exited'
    /** Node ids of the participants who accepted. */
    readonly signatories: readonly string[]
  }
  /** Officers with an open conflict of interest in this case, with its operator or the recipient. */
  readonly conflicted: readonly string[]
}

/** Regulation (EU) 2023/1543, art. 3(18), names these threats; a model here, not a basis. */
export type EmergencyThreat = 'life' | 'physicalIntegrity' | 'safety' | 'criticalInfrastructure'

export type PrepareRelease = {
  readonly releaseId: string
  readonly kind: ReleaseKind
  readonly recipient: string
  readonly purpose: string
  /** Citation or IRI. */
  readonly legalBasis: string
  readonly categories: readonly string[]
  /** The exhibit that leaves, if one does: an approval is for this very one. */
  readonly exhibitId?: string
  /** The case record by category; it may hold more than is asked for. */
  readonly record: { readonly [category: string]: Json }
  readonly rightsTestId: string | null
  /** Waives the review beforehand if the agreement has an emergency clause, nothing else. */
  readonly emergency: { readonly threat: EmergencyThreat; readonly reason: string } | null
  /** SHA-256 of `compileAgreement(document)`, lower-case hex. */
  readonly policyDigest: string
}

export type ReleaseDecision = Decision<readonly ReleaseEvent[], WhyRelease>

type Fault = PolicyFault | { readonly why: WhyRelease; readonly because: readonly Because[] }

/** What to ask the policy engine for `command`; answer it with `askPolicy`. */
export function releaseQuestion(command: PrepareRelease, acting: Acting): ReleaseQuestion {
  const { recipient, purpose, legalBasis, kind, categories, emergency } = command
  const { officer, roles, authority } = acting
  const asked = { recipient, purpose, legalBasis, kind, categories }
  return { officer, roles, authority, ...asked, emergency: emergency !== null }
}

/** Permits with one `releaseDecided`, or refuses; record a refusal with `refusedRelease`. */
export function prepareRelease(
  basis: ReleaseBasis,
  command: PrepareRelease,
  acting: Acting,
  answers: PolicyAnswers,
): ReleaseDecision {
  if (permittedRelease(basis.releases, command.releaseId)) {
    const text = 'a permitted release is not decided again'
    return refuse('alreadyDecided', { rule: 'release:once', text })
  }
  const force = requireInForce(basis.agreement, acting.now)
  if (force.decision === 'refuse') return force
  const { document, ref } = force.value

  const faults: readonly Fault[] = [
    ...contentFaults(command),
    ...policyFaults(document, releaseQuestion(command, acting), answers),
    ...embargoFaults(basis, document, command),
    ...rightsFaults(basis, document, command),
    ...reviewFaults(basis, document, command, acting),
    ...conflictFaults(basis, command, acting),
  ]
  const [first] = faults
  if (first) return refuse(first.why, ...faults.flatMap(({ because }) => because))

  const policyIds = command.categories.flatMap((id) => answers.get(id)?.policyIds ?? [])
  const because = [...force.because, ...clausesOf(document, policyIds), ...rulesOf(document)]
  const duties = releaseDuties(document, command, policyIds, acting)
  const event: ReleaseDecided = {
    ...decided(basis, command, acting, ref),
    decision: 'permit',
    why: null,
    because,
    duties,
    view: minimise(command.record, command.categories),
  }
  return permit([event], ...because)
}

/** The event that keeps a refusal in the history: shown, counted, open to challenge. */
export function refusedRelease(
  basis: ReleaseBasis,
  command: PrepareRelease,
  acting: Acting,
  { why, because }: Refusal<WhyRelease>,
): ReleaseDecided {
  const { document, digest } = basis.agreement
  const ref = document && digest ? { id: document.id, version: document.version, digest } : null
  const refused = { decision: 'refuse', why, because, duties: [], view: null } as const
  return { ...decided(basis, command, acting, ref), ...refused }
}

function decided(
  { rights }: ReleaseBasis,
  command: PrepareRelease,
  { officer }: Acting,
  agreement: AgreementRef | null,
) {
  const { releaseId, kind, recipient, policyDigest, purpose, legalBasis, emergency } = command
  const review = approvalOf(rights, { kind: 'release', id: releaseId })
  return {
    type: 'releaseDecided',
    releaseId,
    kind,
    recipient,
    agreement,
    policyDigest,
    purpose,
    legalBasis,
    categories: command.categories,
    rightsTest: command.rightsTestId,
    emergency,
    preparedBy: officer,
    reviewedBy: review?.reviewer ?? null,
  } as const
}

function contentFaults({ categories, record, legalBasis }: PrepareRelease): Fault[] {
  const absent = categories.filter((id) => !Object.hasOwn(record, id))
  if (categories.length > 0 && absent.length === 0 && legalBasis.trim() !== '') return []
  const text =
    categories.length === 0
      ? 'a release names at least one category'
      : absent.length > 0
        ? `the case record holds nothing for ${absent.join(', ')}`
        : 'a release names its legal basis'
  return [fault('nothingToRelease', { rule: 'release:content', text })]
}

function embargoFaults(
  { embargo }: ReleaseBasis,
  document: AgreementDocument,
  { kind, recipient }: PrepareRelease,
): Fault[] {
  const isBound = embargo.state !== 'none' && embargo.state !== 'exited'
  if (!isBound || kind === 'stub' || embargo.signatories.includes(recipient)) return []
  const text = `${recipient} has not accepted the embargo, so it may get only the invitation`
  return [fault('embargoConsentMissing', ruleOrClause(document, 'requireEmbargoConsent', text))]
}

function rightsFaults(
  { rights }: ReleaseBasis,
  document: AgreementDocument,
  { rightsTestId, releaseId }: PrepareRelease,
): Fault[] {
  const test = requireRightsTest(rights, rightsTestId, { kind: 'release', id: releaseId })
  if (test.decision === 'permit') return []
  const clause = ruleOrClause(document, 'requireRightsTest', 'no release without a rights test')
  return [fault(test.why, clause, ...test.because)]
}

function reviewFaults(
  { rights }: ReleaseBasis,
  document: AgreementDocument,
  command: PrepareRelease,
  acting: Acting,
): Fault[] {
  const { releaseId, recipient, categories, exhibitId, emergency } = command
  const guarded = reviewedCategories(document, categories)
  const isWaived = document.emergencyClause !== null && Boolean(emergency?.reason.trim())
  if (guarded.length === 0 || isWaived) return []
  const review = approvalOf(rights, { kind: 'release', id: releaseId })
  const isCovered =
    review?.covers?.recipient === recipient &&
    review.covers.exhibitId === exhibitId &&
    guarded.every((id) => review.covers?.categories.includes(id))
  const isIndependent = review !== undefined && !isSameSide(reviewerOf(review), sideOf(acting))
  if (isCovered && isIndependent) return []
  const text = isCovered
    ? 'the officer who prepares a release does not review it'
    : `${guarded.join(', ')} needs the approval of an independent reviewer for ${recipient}, for exactly this content`
  return [fault('reviewMissing', ruleOrClause(document, 'requireReview', text))]
}

/** An emergency waives the review, never this. */
function conflictFaults(
  { rights, conflicted }: ReleaseBasis,
  { releaseId }: PrepareRelease,
  { officer }: Acting,
): Fault[] {
  const review = approvalOf(rights, { kind: 'release', id: releaseId })
  const faults: Fault[] = []
  if (conflicted.includes(officer)) {
    const text = 'the officer who releases declared a conflict of interest in this case'
    faults.push(fault('officerConflict', { rule: 'release:noConflict', text }))
  }
  if (review?.reviewer && conflicted.includes(review.reviewer)) {
    const text = 'the reviewer who approved declared a conflict of interest in this case'
    faults.push(fault('reviewerConflict', { rule: 'release:noConflict', text }))
  }
  return faults
}

/** A category that the agreement does not list needs a review too. */
function reviewedCategories(document: AgreementDocument, ids: readonly string[]) {
  const free = document.categories.filter((category) => !category.reviewRequired)
  return ids.filter((id) => !free.some((category) => category.id === id))
}

/** These rules hold for every agreement; if a clause says so too, the clause is cited. */
function ruleOrClause(
  document: AgreementDocument,
  kind: 'requireRightsTest' | 'requireReview' | 'requireEmbargoConsent',
  text: string,
): Because {
  const clause = clauseOfKind(document, kind)
  return { rule: clause ? `clause:${clause.id}` : `release:${kind}`, text }
}

function clausesOf(document: AgreementDocument, policyIds: readonly string[]): Because[] {
  return document.clauses
    .filter(({ id }) => policyIds.includes(`clause:${id}`))
    .map(({ id, text }) => ({ rule: `clause:${id}`, text }))
}

function rulesOf(document: AgreementDocument): Because[] {
  return [ruleOrClause(document, 'requireRightsTest', 'the rights test is recorded and passed')]
}

function fault(why: WhyRelease, ...because: readonly Because[]): Fault {
  return { why, because }
}
