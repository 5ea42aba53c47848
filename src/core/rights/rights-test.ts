/**
 * The rights test: the legal basis and five questions, each answered yes or no with a
 * reason by a named officer, without which no request and no release leaves. A no is
 * kept, and fails the test.
 *
 * The questions follow what an order must state under Regulation (EU) 2023/1543,
 * art. 5(5)(i) (necessity and proportionality); that regulation is a model here,
 * not a basis. The code checks that reasons were given, not that they are good.
 */
import type { Because } from '../../base/decision.ts'
import { FULL_REASON_MIN, isFullReason } from '../case/reason.ts'
import type { TestDetail } from './test-detail.ts'

export const RIGHTS_QUESTIONS = [
  'legalBasis',
  'necessity',
  'proportionality',
  'nonDiscrimination',
  'leastIntrusive',
  'expression',
] as const
export type RightsQuestion = (typeof RIGHTS_QUESTIONS)[number]

export type RightsAnswer = { readonly answer: 'yes' | 'no'; readonly reason: string }
export type RightsTest = Readonly<Record<Exclude<RightsQuestion, 'expression'>, RightsAnswer>> & {
  /**
   * Effect on expression and association: there is none, or it is justified. Absent in
   * tests of the first version, which were not asked; such a test lets nothing new out.
   */
  readonly expression?: RightsAnswer
  /** What a full test says besides; absent in a short one. */
  readonly detail?: TestDetail
}

/** The questions that are not answered with a reason. Empty: the test may be recorded. */
export function unansweredQuestions(test: RightsTest): readonly Because[] {
  return RIGHTS_QUESTIONS.filter((question) => !isAnswered(test[question])).map((question) => ({
    rule: `rightsTest:${question}`,
    text: `${question} needs an answer and a reason of at least ${FULL_REASON_MIN} characters`,
  }))
}

/** The questions answered with no, or never asked. Empty: the test is passed. */
export function failedQuestions(test: RightsTest): readonly Because[] {
  return RIGHTS_QUESTIONS.filter((question) => test[question]?.answer !== 'yes').map(
    (question) => ({
      rule: `rightsTest:${question}`,
      text: test[question]
        ? `the rights test answers no to ${question}`
        : `the rights test was recorded before it asked about ${question}: record another`,
    }),
  )
}

function isAnswered(answer: RightsAnswer | undefined): boolean {
  if (answer === undefined) return false
  return (answer.answer === 'yes' || answer.answer === 'no') && isFullReason(answer.reason)
}
