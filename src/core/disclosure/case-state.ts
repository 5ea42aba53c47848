/**
 * The state of a vulnerability towards one vendor: 4 vendor states times 8 public
 * states are 32, with 58 legal steps between them (Vultron, case state).
 *
 * Two kinds of state do not last. While the public knows and the vendor does not,
 * only V may come next; while an exploit is public and the public is said not to
 * know, only P may. The two never hold together.
 */
import { destination } from './machine.ts'
import {
  type PublicLetter,
  type PublicState,
  publicLetters,
  publicMachine,
  publicStates,
  type VendorLetter,
  type VendorState,
  vendorLetters,
  vendorMachine,
  vendorStates,
} from './machines.ts'

export type Letter = VendorLetter | PublicLetter
export type CaseState = `${VendorState}${PublicState}`

export const letters: readonly Letter[] = [...vendorLetters, ...publicLetters]
export const initialCaseState: CaseState = 'vfdpxa'
export const caseStates: readonly CaseState[] = vendorStates.flatMap((vendor) =>
  publicStates.map((publicState): CaseState => `${vendor}${publicState}`),
)

/** The one letter that must come next in a state that does not last; else undefined. */
export function letterDue(state: CaseState): 'V' | 'P' | undefined {
  if (state.includes('X') && state.includes('p')) return 'P'
  if (state.includes('P') && state.includes('v')) return 'V'
  return undefined
}

/** The state after `letter`; undefined if that step is not legal. */
export function caseStateAfter(state: CaseState, letter: Letter): CaseState | undefined {
  const due = letterDue(state)
  if (due !== undefined && due !== letter) return undefined
  const vendor = state.slice(0, 3) as VendorState
  const publicState = state.slice(3) as PublicState
  if (isVendorLetter(letter)) {
    const next = destination(vendorMachine, vendor, letter)
    return next && `${next}${publicState}`
  }
  const next = destination(publicMachine, publicState, letter)
  return next && `${vendor}${next}`
}

export function isVendorLetter(letter: Letter): letter is VendorLetter {
  return letter === 'V' || letter === 'F' || letter === 'D'
}
