/**
 * Judges an order of the six events of a vulnerability's life. Of the 720 orders
 * 70 are legal (Vultron): V before F before D, and no step that a state which
 * does not last forbids.
 *
 * It judges an order only, not whether the events happened or were good.
 */
import { malformed } from '../../base/errors.ts'
import {
  type CaseState,
  caseStateAfter,
  initialCaseState,
  type Letter,
  letterDue,
  letters,
} from './case-state.ts'

export type HistoryJudgement =
  | { readonly legal: true }
  | { readonly legal: false; readonly why: string }

/**
 * @param history each of V, F, D, P, X and A once, e.g. `VFDPXA`
 * @throws ComityError `malformed` if it is no such order
 */
export function judgeHistory(history: string): HistoryJudgement {
  let state: CaseState = initialCaseState
  for (const [index, letter] of lettersOf(history).entries()) {
    const next = caseStateAfter(state, letter)
    if (next === undefined) {
      return { legal: false, why: `event ${index + 1}, ${letter}: ${whyNot(state, letter)}` }
    }
    state = next
  }
  return { legal: true }
}

function lettersOf(history: string): readonly Letter[] {
  const given = [...history]
  if (given.length !== letters.length || letters.some((letter) => !given.includes(letter))) {
    throw malformed('history is not an order of the six events V F D P X A', {
      field: 'history',
      reason: 'not-an-order-of-six',
    })
  }
  return given as Letter[]
}

function whyNot(state: CaseState, letter: Letter): string {
  const due = letterDue(state)
  if (due === 'V') return 'the public is aware and the vendor is not, so V must come next'
  if (due === 'P') return 'an exploit is public and the public is not aware, so P must come next'
  const needs = letter === 'D' ? 'a fix is ready' : 'the vendor is aware'
  return `it cannot come before ${needs}`
}
