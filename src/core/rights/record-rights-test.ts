/** Recording a rights test for one release or request, and finding it again. */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import type { RecordedTest, RightsEvent, RightsState, RightsSubject } from './rights.ts'
import { failedQuestions, type RightsTest, unansweredQuestions } from './rights-test.ts'

export type WhyRightsTest = 'rightsTestIncomplete' | 'alreadyRecorded'

export function recordRightsTest(
  state: RightsState,
  command: {
    readonly testId: string
    readonly subject: RightsSubject
    readonly test: RightsTest
  },
  _acting: Acting,
): Decision<readonly RightsEvent[], WhyRightsTest> {
  const { testId, subject, test } = command
  const unanswered = unansweredQuestions(test)
  if (unanswered.length > 0) return refuse('rightsTestIncomplete', ...unanswered)
  if (state.tests.some((recorded) => recorded.testId === testId)) {
    const text = 'a recorded test is not changed; record another'
    return refuse('alreadyRecorded', { rule: 'rightsTest:once', text })
  }
  return permit([{ type: 'rightsTestRecorded', testId, subject, test }])
}

/** The recorded test `testId`, if it is about `subject` and every answer in it is yes. */
export function requireRightsTest(
  state: RightsState,
  testId: string | null,
  subject: RightsSubject,
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
  return permit(found, { rule: 'rightsTest:passed', text: 'the rights test is recorded' })
}

export function isSameSubject(a: RightsSubject, b: RightsSubject): boolean {
  return a.kind === b.kind && a.id === b.id
}
