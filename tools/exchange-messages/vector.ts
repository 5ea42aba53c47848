/** A line of `comity eval message`, and what its answer must say at least. */
import { type Bend, made, type State } from './draft.ts'

export type Vector = { readonly says: string; readonly input: object; readonly expect: object }

type Decided = {
  readonly seq: number
  readonly decision: string
  readonly firstDecision?: string
  readonly reason?: string
}

export async function accepted(
  says: string,
  messages: readonly Decided[],
  bend: Bend = {},
): Promise<Vector> {
  const expect = { decision: 'accepted', status: 200, signed: true, repeated: false, messages }
  return { says, input: (await made(bend)).input, expect }
}

type No = { readonly status: number; readonly code: string; readonly signed: boolean }

export async function refused(says: string, no: No & object, bend: Bend): Promise<Vector> {
  return { says, input: (await made(bend)).input, expect: { decision: 'refused', ...no } }
}

/** Of an authenticated peer: the answer is signed. */
export const malformed = (says: string, code: string, bend: Bend) =>
  refused(says, { status: 400, code, signed: true }, bend)

/** Nobody knows who asks: the answer is not signed. */
export const unverified = (says: string, code: string, bend: Bend) =>
  refused(says, { status: 401, code, signed: false }, bend)

export const conflict = (says: string, code: string, expected: object, bend: Bend) =>
  refused(says, { ...{ status: 409, code, signed: true }, ...{ expected } }, bend)

export const having = (change: object) => (state: State) => ({ ...state, ...change })
