/**
 * The one decision point for whatever crosses a border.
 *
 * A release is permitted if the agreement is in force, its clauses permit every
 * requested category (the policy engine's answers), and no check in `checks/` finds
 * anything missing. One missing and the whole release is refused; all that is missing
 * is named.
 *
 * Nothing is cut out silently: what was not permitted refuses the release, and the
 * view holds exactly the requested categories.
 */
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { type AgreementRef, requireInForce } from '../agreement/agreement.ts'
import { clausesOutOfEffect, documentInEffect } from '../agreement/clauses-in-effect.ts'
import type { AgreementDocument } from '../agreement/document.ts'
import type { Acting } from '../case/recorded.ts'
import { sideOf } from '../people/standing.ts'
import { approvalOf } from '../rights/review.ts'
import type { PrepareRelease, ReleaseBasis } from './basis.ts'
import { type Check, type Fault, ruleOrClause } from './checks/check.ts'
import { CHECKS, FIRST_CHECKS } from './checks/checks.ts'
import { waivedBy } from './checks/emergency.ts'
import { markingDuties, releaseDuties, validateBy } from './duties.ts'
import { handlingOf, heldIn } from './handling.ts'
import { minimise } from './minimise.ts'
import { policyFaults } from './policy-faults.ts'
import {
  permittedRelease,
  type ReleaseDecided,
  type ReleaseEvent,
  type ReleaseView,
  type WhyRelease,
} from './release.ts'
import type { PolicyAnswers, ReleaseQuestion } from './request.ts'

export type ReleaseDecision = Decision<readonly ReleaseEvent[], WhyRelease>

/**
 * All that bars the release, in the order in which it is told; empty: nothing does.
 * `document`: with the clauses in effect (`documentInEffect`).
 */
export function releaseFaults(
  basis: ReleaseBasis,
  document: AgreementDocument,
  command: PrepareRelease,
  { acting, answers }: { readonly acting: Acting; readonly answers: PolicyAnswers },
): readonly Fault[] {
  const found = (checks: readonly Check[]) =>
    checks.flatMap((check) => check(basis, document, command, acting))
  const whole = basis.agreement.document ?? document
  const outOfEffect = clausesOutOfEffect(whole, acting.now, new Set(basis.disputed))
  return [
    ...found(FIRST_CHECKS),
    ...policyFaults(document, releaseQuestion(command, acting), answers, outOfEffect),
    ...found(CHECKS),
  ]
}

/** What to ask the policy engine for `command`; answer it with `askPolicy`. */
export function releaseQuestion(command: PrepareRelease, acting: Acting): ReleaseQuestion {
  const { recipient, purpose, legalBasis, kind, categories, emergency, conditions } = command
  const { officer, roles, authority } = acting
  const asked = { recipient, purpose, legalBasis, kind, categories }
  const met = conditions === undefined ? {} : { conditions }
  return { officer, roles, authority, ...asked, ...met, emergency: emergency !== null }
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
  const { ref } = force.value
  const document = documentInEffect(force.value.document, acting.now, new Set(basis.disputed))

  const faults = releaseFaults(basis, document, command, { acting, answers })
  const [first] = faults
  if (first) return refuse(first.why, ...faults.flatMap(({ because }) => because))

  const policyIds = command.categories.flatMap((id) => answers.get(id)?.policyIds ?? [])
  const inside = heldIn(basis.held, command)
  const { because: marked, ...handling } = handlingOf(document, command.categories, inside)
  const clauses = [...clausesOf(document, policyIds), ...marked]
  const because = [...force.because, ...clauses, ...rulesOf(document)]
  const agreed = releaseDuties(document, command, policyIds, { acting, inside })
  const emergency = command.emergency && {
    ...command.emergency,
    validateBy: validateBy(document, acting.now),
    waives: waivedBy(document, command.categories),
  }
  const event: ReleaseDecided = {
    ...decided(basis, command, acting, ref),
    emergency,
    handling,
    decision: 'permit',
    why: null,
    because,
    duties: [...agreed, ...markingDuties(handling, command.recipient, agreed)],
    view: command.passesOn === undefined ? shownOf(command) : {},
  }
  return permit([event], ...because)
}

/** What a permitted release shows to its recipient. */
export function shownOf({ record, categories }: PrepareRelease): ReleaseView {
  return minimise(record, categories)
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
  { rights, proposedBy }: ReleaseBasis,
  command: PrepareRelease,
  acting: Acting,
  agreement: AgreementRef | null,
) {
  const { releaseId, kind, recipient, policyDigest, purpose, legalBasis, emergency } = command
  const review = approvalOf(rights, { kind: 'release', id: releaseId })
  const prepared = proposedBy ?? sideOf(acting)
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
    preparedBy: prepared.officer,
    ...(prepared.inPlaceOf ? { preparedInPlaceOf: prepared.inPlaceOf } : {}),
    ...(proposedBy ? { secondOfficer: acting.officer } : {}),
    ...(command.exhibitId === undefined ? {} : { exhibitId: command.exhibitId }),
    ...(command.passesOn === undefined ? {} : { passesOn: command.passesOn }),
    ...(command.together ? { together: command.together } : {}),
    reviewedBy: review?.reviewer ?? null,
  } as const
}

function clausesOf(document: AgreementDocument, policyIds: readonly string[]): Because[] {
  return document.clauses
    .filter(({ id }) => policyIds.includes(`clause:${id}`))
    .map(({ id, text }) => ({ rule: `clause:${id}`, text }))
}

function rulesOf(document: AgreementDocument): Because[] {
  return [ruleOrClause(document, 'requireRightsTest', 'the rights test is recorded and passed')]
}
