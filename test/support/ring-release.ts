/** A release of the ring that is permitted, and the basis on which it is: tests change one thing. */
import { documentInEffect } from '../../src/core/agreement/clauses-in-effect.ts'
import type { Acting } from '../../src/core/case/recorded.ts'
import type { PrepareRelease, ReleaseBasis, Safeguards } from '../../src/core/release/basis.ts'
import {
  prepareRelease,
  type ReleaseDecision,
  releaseQuestion,
} from '../../src/core/release/decide-release.ts'
import { noReleases } from '../../src/core/release/release.ts'
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
    reporterContact: 'someone@meridia.example',
    coordinationStub: { reference: 'case 1' },
  },
  rightsTestId: 't1',
  emergency: null,
  policyDigest: 'aa',
}

/** Every question answered with yes, but for `no`. */
export function ringTest(no?: string): RightsTest {
  const answers = RIGHTS_QUESTIONS.map((question) => [
    question,
    { answer: question === no ? 'no' : 'yes', reason: 'a reason of more than twenty characters' },
  ])
  return Object.fromEntries(answers) as RightsTest
}

export function ringTested(no?: string): RightsEvent {
  const subject = { kind: 'release', id: 'r1' } as const
  return { type: 'rightsTestRecorded', testId: 't1', subject, test: ringTest(no) }
}

/** Nothing else that bars a release. */
export const NO_SAFEGUARDS: Safeguards = {
  law: { isAbroad: true, paths: [] },
  evidence: { exhibits: [], orders: [] },
  held: [],
  disputed: [],
  proposedBy: null,
  isExercise: false,
}

export function ringBasis(changes: Partial<ReleaseBasis> = {}): ReleaseBasis {
  return {
    ...NO_SAFEGUARDS,
    isExercise: true,
    releases: noReleases,
    agreement: ringInForce(),
    rights: folded(foldRights, noRights, [ringTested()]),
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
): ReleaseDecision {
  const text = basis.agreement.document ?? ringAgreement()
  const document = documentInEffect(text, acting.now, new Set(basis.disputed))
  const answers = readAgreement(document, releaseQuestion(command, acting))
  return prepareRelease(basis, command, acting, answers)
}
