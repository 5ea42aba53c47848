/**
 * Thresholds: whether the conditions hold that clauses which permit set on a case.
 *
 * A fact that nobody recorded meets nothing; the answer then names the fact to record.
 */
import { type Answer, evaluate, type Facts, type Region } from '../law/condition.ts'
import { type Clause, isUnderstood } from './clause.ts'

/** By clause id, of every clause that permits under a condition. `here`: the sender's legal order. */
export type ConditionAnswers = ReadonlyMap<string, Answer>

export function answerConditions(
  clauses: readonly Clause[],
  facts: Facts,
  sender: Region,
): ConditionAnswers {
  const answers = new Map<string, Answer>()
  for (const clause of clauses) {
    if (clause.kind !== 'permitRelease' || !clause.when || !isUnderstood(clause)) continue
    answers.set(clause.id, evaluate(clause.when, facts, sender))
  }
  return answers
}
