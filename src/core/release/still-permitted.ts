/**
 * Whether a release that was permitted may still leave: asked again when it is sent, which
 * may be long after the decision. The agreement may have ended meanwhile, a court may have
 * ordered something, a person may have taken consent back.
 *
 * It asks what may change by itself, the clauses too: one that permitted may be suspended,
 * in dispute or out of its phase, and the exemption from one that forbids may have ended.
 * Another text of the agreement stops it.
 */
import type { Refusal } from '../../base/decision.ts'
import { refuse } from '../../base/decision.ts'
import { requireInForce } from '../agreement/agreement.ts'
import { clausesOutOfEffect, documentInEffect } from '../agreement/clauses-in-effect.ts'
import type { AgreementDocument } from '../agreement/document.ts'
import type { ConditionAnswers } from '../agreement/threshold.ts'
import type { Acting } from '../case/recorded.ts'
import type { PrepareRelease, ReleaseBasis } from './basis.ts'
import { LASTING_CHECKS } from './checks/checks.ts'
import { RELEASING_ROLES } from './compile-agreement.ts'
import { releaseQuestion } from './decide-release.ts'
import { policyFaults } from './policy-faults.ts'
import type { Release, WhyStopped } from './release.ts'
import type { PolicyAnswers, ReleaseQuestion } from './request.ts'

export type AskedAgain = {
  /** As the facts of the case answer them now. */
  readonly conditions: ConditionAnswers
  /** Asks the policy engine. */
  readonly ask: (document: AgreementDocument, question: ReleaseQuestion) => PolicyAnswers
}

/** `undefined`: it may leave. */
export function standsAgainst(
  basis: ReleaseBasis,
  release: Release,
  acting: Acting,
  again: AskedAgain,
): Refusal<WhyStopped> | undefined {
  if (release.withdrawn) {
    const text = 'the release was called back before it left'
    return refuse('withdrawn', { rule: 'release:withdrawn', text })
  }
  const force = requireInForce(basis.agreement, acting.now)
  if (force.decision === 'refuse') return force
  if (release.agreement?.digest !== force.value.ref.digest) {
    const text = 'the release was decided under another text of the agreement'
    return refuse('anotherAgreement', { rule: 'release:anotherAgreement', text })
  }
  const document = documentInEffect(force.value.document, acting.now, new Set(basis.disputed))
  const command = commandOf(release)
  const faults = [
    ...clauseFaults({ ...again, whole: force.value.document, document }, basis, command, acting),
    ...LASTING_CHECKS.flatMap((check) => check(basis, document, command, acting)),
  ]
  const [first] = faults
  return first && refuse(first.why, ...faults.flatMap(({ because }) => because))
}

/** Whether the officer may release was asked when it was decided: the node itself sends it. */
function clauseFaults(
  {
    whole,
    document,
    conditions,
    ask,
  }: AskedAgain & { readonly whole: AgreementDocument; readonly document: AgreementDocument },
  { disputed }: ReleaseBasis,
  command: PrepareRelease,
  acting: Acting,
) {
  const question = releaseQuestion(
    { ...command, conditions },
    { ...acting, roles: RELEASING_ROLES },
  )
  const outOfEffect = clausesOutOfEffect(whole, acting.now, new Set(disputed))
  return policyFaults(document, question, ask(document, question), outOfEffect)
}

function commandOf(release: Release): PrepareRelease {
  const { releaseId, kind, recipient, purpose, legalBasis, categories, exhibitId } = release
  const { rightsTest: rightsTestId, policyDigest, passesOn } = release
  return {
    ...{ releaseId, kind, recipient, purpose, legalBasis, categories },
    ...(exhibitId === undefined ? {} : { exhibitId }),
    ...(passesOn === undefined ? {} : { passesOn }),
    ...{ rightsTestId, policyDigest, emergency: null, record: {} },
  }
}
