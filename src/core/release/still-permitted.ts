/**
 * Whether a release that was permitted may still leave: asked again when it is sent, which
 * may be long after the decision. The agreement may have ended meanwhile, a court may have
 * ordered something, a person may have taken consent back.
 *
 * It asks what may change by itself. The clauses are not asked again: they are those of
 * the text that it was decided under, and another text stops it.
 */
import type { Refusal } from '../../base/decision.ts'
import { refuse } from '../../base/decision.ts'
import { requireInForce } from '../agreement/agreement.ts'
import { documentInEffect } from '../agreement/clauses-in-effect.ts'
import type { Acting } from '../case/recorded.ts'
import type { PrepareRelease, ReleaseBasis } from './basis.ts'
import { LASTING_CHECKS } from './checks/checks.ts'
import type { Release, WhyStopped } from './release.ts'

/** `undefined`: it may leave. */
export function standsAgainst(
  basis: ReleaseBasis,
  release: Release,
  acting: Acting,
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
  const faults = LASTING_CHECKS.flatMap((check) => check(basis, document, command, acting))
  const [first] = faults
  return first && refuse(first.why, ...faults.flatMap(({ because }) => because))
}

function commandOf(release: Release): PrepareRelease {
  const { releaseId, kind, recipient, purpose, legalBasis, categories, exhibitId } = release
  const { rightsTest: rightsTestId, policyDigest } = release
  return {
    ...{ releaseId, kind, recipient, purpose, legalBasis, categories },
    ...(exhibitId === undefined ? {} : { exhibitId }),
    ...{ rightsTestId, policyDigest, emergency: null, record: {} },
  }
}
