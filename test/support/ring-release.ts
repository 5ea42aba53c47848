/** A release of the ring that is permitted, and the basis on which it is: tests change one thing. */
import type { Decision } from '../../src/base/decision.ts'
import { documentInEffect } from '../../src/core/agreement/clauses-in-effect.ts'
import type { Acting } from '../../src/core/case/recorded.ts'
import {
  NO_SAFEGUARDS,
  type PrepareRelease,
  type ReleaseBasis,
} from '../../src/core/release/basis.ts'
import { prepareRelease, releaseQuestion } from '../../src/core/release/decide-release.ts'
import { noReleases, type ReleaseEvent } from '../../src/core/release/release.ts'
import { foldRights, noRights, type RightsEvent } from '../../src/core/rights/rights.ts'
import { RIGHTS_QUESTIONS, type RightsTest } from '../../src/core/rights/rights-test.ts'
import { readAgreement } from './careful-reader.ts'
import { ALBION, folded, MERIDIA, officer, ringAgreement, ringInForce, SIERRA } from './ring.ts'

export const ringRelease: PrepareRelease = {
  releaseId: 'r1',
  kind: 'case',
  recipient: ALBION,
  purpose: 'investigation',
  legalBasis: 'statute 1, section 2',
  categories: ['caseSummary', 'technicalFacts'],
  record: {
    caseSummary: 'a companion app urged people to stop their treatment',
    technicalFacts: { model: 'Larkspur Companion' },
    exhibitTranscript: ['turn 1', 'turn 2'],
    personalData: { persons: 3 },
    coordinationStub: { reference: 'case 1' },
  },
  rightsTestId: 't1',
  emergency: null,
  policyDigest: 'aa',
}

const tested: RightsEvent = {
  type: 'rightsTestRecorded',
  testId: 't1',
  subject: { kind: 'release', id: 'r1' },
  test: Object.fromEntries(
    RIGHTS_QUESTIONS.map((question) => [
      question,
      { answer: 'yes', reason: 'a reason of more than twenty characters' },
    ]),
  ) as unknown as RightsTest,
}

export function ringBasis(changes: Partial<ReleaseBasis> = {}): ReleaseBasis {
  return {
    ...NO_SAFEGUARDS,
    isExercise: true,
    releases: noReleases,
    agreement: ringInForce(),
    rights: folded(foldRights, noRights, [tested]),
    embargo: { state: 'active', signatories: [MERIDIA, ALBION, SIERRA] },
    conflicted: [],
    ...changes,
  }
}

/** Decided with the answers of the careful reader, not of the engine. */
export function ringDecision(
  basis: ReleaseBasis,
  command: PrepareRelease = ringRelease,
  acting: Acting = officer('ada'),
): Decision<readonly ReleaseEvent[]> {
  const text = basis.agreement.document ?? ringAgreement()
  const document = documentInEffect(text, acting.now, new Set(basis.disputed))
  const answers = readAgreement(document, releaseQuestion(command, acting))
  return prepareRelease(basis, command, acting, answers)
}
