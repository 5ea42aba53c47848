/** Recording a rights test for one release or request, and finding it again. */
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import { openReview } from './review.ts'
import {
  isSameSubject,
  type RecordedTest,
  type RightsEvent,
  type RightsState,
  type RightsSubject,
  type TestCover,
} from './rights.ts'
import { failedQuestions, type RightsTest, unansweredQuestions } from './rights-test.ts'
import { missingDetail, reviewNeededBy, type TestDetail } from './test-detail.ts'

export type WhyRightsTest =
  | 'rightsTestIncomplete'
  | 'alreadyRecorded'
  | 'unknownTest'
  | 'alreadyOpen'
  | 'coverMissing'

type RecordTest = {
  readonly testId: string
  readonly subject: RightsSubject
  readonly test: RightsTest
  readonly covers?: TestCover
  readonly takenFrom?: string
}

export function recordRightsTest(
  state: RightsState,
  command: RecordTest,
  _acting: Acting,
): Decision<readonly RightsEvent[], WhyRightsTest> {
  const { testId, test, takenFrom } = command
  const { detail } = test
  const missing = [...unansweredQuestions(test), ...(detail ? missingDetail(detail) : [])]
  if (missing.length > 0) return refuse('rightsTestIncomplete', ...missing)
  if (state.tests.some((recorded) => recorded.testId === testId)) {
    const text = 'a recorded test is not changed; record another'
    return refuse('alreadyRecorded', { rule: 'rightsTest:once', text })
  }
  if (takenFrom !== undefined && !state.tests.some((one) => one.testId === takenFrom)) {
    const text = 'there is no such earlier test in this case'
    return refuse('unknownTest', { rule: 'rightsTest:takenFrom', text })
  }
  return permit([{ type: 'rightsTestRecorded', ...command }])
}

/**
 * A full test for one release. Where it, or one of `guarded` (categories that the
 * agreement puts under review), calls for an independent reviewer, the review of exactly
 * this release opens with it. A test that fails asks nobody to review.
 */
export function recordFullTest(
  state: RightsState,
  command: RecordTest & {
    readonly test: RightsTest & { readonly detail: TestDetail }
    readonly covers: TestCover
    readonly guarded: readonly string[]
    readonly reviewId: string
    readonly caseHandlers: readonly string[]
  },
  acting: Acting,
): Decision<readonly RightsEvent[], WhyRightsTest> {
  const { guarded, reviewId, caseHandlers, ...recording } = command
  const recorded = recordRightsTest(state, recording, acting)
  if (recorded.decision === 'refuse') return recorded
  const { test, covers, subject } = recording
  const failed = failedQuestions(test)
  if (failed.length > 0) return permit(recorded.value, ...failed)
  const needed = reviewNeededBy(test.detail)
  const isOpen = state.reviews.some((review) => isSameSubject(review.subject, subject))
  const isGuarded = covers.categories.some((category) => guarded.includes(category))
  if (isOpen || (needed.length === 0 && !isGuarded)) return permit(recorded.value, ...needed)
  const opened = openReview(state, { reviewId, subject, covers, caseHandlers }, acting)
  if (opened.decision === 'refuse') return opened as Refusal<'alreadyOpen' | 'coverMissing'>
  return permit([...recorded.value, ...opened.value], ...needed)
}

export type TestedRelease = TestCover

/**
 * The recorded test `testId`, if it is about `subject`, every answer in it is yes, and it
 * covers what is asked, where it says what it covers.
 */
export function requireRightsTest(
  state: RightsState,
  testId: string | null,
  subject: RightsSubject,
  asked?: TestedRelease,
): Decision<RecordedTest, 'rightsTestMissing' | 'rightsTestFailed'> {
  const found = state.tests.find(
    (recorded) => recorded.testId === testId && isSameSubject(recorded.subject, subject),
  )
  if (found === undefined) {
    const text = `no rights test is recorded for this ${subject.kind}`
    return refuse('rightsTestMissing', { rule: 'rightsTest:recorded', text })
  }
  const failed = failedQuestions(found.test)
  if (failed.length > 0) return refuse('rightsTestFailed', ...failed)
  const outside = asked ? uncovered(found, asked) : []
  if (outside.length > 0) return refuse('rightsTestMissing', ...outside)
  return permit(found, { rule: 'rightsTest:passed', text: 'the rights test is recorded' })
}

function uncovered({ covers }: RecordedTest, asked: TestedRelease): readonly Because[] {
  if (covers === undefined) return []
  const extra = asked.categories.filter((category) => !covers.categories.includes(category))
  const isSame =
    covers.recipient === asked.recipient &&
    covers.purpose === asked.purpose &&
    covers.exhibitId === asked.exhibitId &&
    covers.passesOn === asked.passesOn
  const rule = 'rightsTest:covers'
  const more = extra.map((id) => ({ rule, text: `the rights test says nothing about ${id}` }))
  if (isSame) return more
  const text = 'the rights test is about another recipient, purpose or content'
  return [...more, { rule, text }]
}
