/**
 * Proving who one is: to open a session, or again in one that is open (step-up). A
 * proof gives the session a new secret. Whoever fails learns only that it failed:
 * not whether there is such an account, passkey or one-time sign-in.
 */
import type { Kernel } from '../kernel.ts'
import type { Officer, Proof, SignedInOfficer } from '../ports/people.ts'
import type { Try } from '../ports/sign-in.ts'

export type ProveFailure = 'failed' | 'tooManyTries'

/** The secret for the session's cookie. */
export type Proved =
  | { readonly secret: string; readonly officer: Officer }
  | { readonly failure: ProveFailure }

type Parts = Pick<Kernel, 'people' | 'clocks' | 'signIn'>

/** The address that the door saw, to tell who floods from who does not. Kept nowhere. */
export type From = string | undefined

export function signInOnce(parts: Parts, secret: string, from: From): Promise<Proved> {
  return proved(parts, { from }, 'oneTime', () => ownerOfOneTime(parts, secret))
}

export function signInWithPasskey(parts: Parts, answer: unknown, from: From): Promise<Proved> {
  return proved(parts, { from }, 'passkey', () => ownerOfPasskey(parts, answer))
}

export function stepUpOnce(parts: Parts, who: SignedInOfficer, secret: string): Promise<Proved> {
  return proved(parts, who, 'oneTime', () => ownerOfOneTime(parts, secret))
}

/**
 * In the demonstration nobody holds a device. Whoever came in by a one-time sign-in is
 * given another one there, and it is taken at once: that shows the step, and proves
 * nothing. At any other node, and to anybody who has a real proof, it is refused.
 */
export async function stepUpInDemonstration(parts: Parts, who: SignedInOfficer): Promise<Proved> {
  if (!isGivenProofs(parts, who)) return { failure: 'failed' }
  return stepUpOnce(parts, who, await parts.people.newOneTimeSignIn(who.id))
}

export function isGivenProofs({ signIn }: Pick<Parts, 'signIn'>, who: SignedInOfficer): boolean {
  return signIn.oneTime && who.session.method === 'oneTime'
}

export function stepUpWithPasskey(
  parts: Parts,
  who: SignedInOfficer,
  answer: unknown,
): Promise<Proved> {
  return proved(parts, who, 'passkey', () => ownerOfPasskey(parts, answer, who.id))
}

async function ownerOfOneTime({ people, signIn }: Parts, secret: string) {
  return signIn.oneTime ? (await people.useOneTimeSignIn(secret))?.id : undefined
}

async function ownerOfPasskey({ signIn }: Parts, answer: unknown, officerId?: string) {
  const found = await signIn.passkeys?.checkProof(answer, officerId)
  return typeof found === 'object' ? found.officerId : undefined
}

async function proved(
  parts: Parts,
  by: { readonly from: From } | SignedInOfficer,
  method: Proof['method'],
  find: () => Promise<string | undefined>,
): Promise<Proved> {
  const { signIn, people, clocks } = parts
  const who = 'session' in by ? by : undefined
  const one: Try = 'session' in by ? { session: by.session.id } : by
  if (!(await signIn.tries.mayTry(one))) return { failure: 'tooManyTries' }
  const owner = await find()
  const isOwn = owner !== undefined && (who === undefined || who.id === owner)
  // Of somebody who has left a passkey may still be there.
  const officer = isOwn ? await people.officer(owner) : undefined
  if (!officer) {
    signIn.tries.failed(one)
    return { failure: 'failed' }
  }
  // Who opens a link may be anybody: to sign in by one is no strong proof.
  const isStrong = who !== undefined || method !== 'oneTime'
  const proof = { method, ...(isStrong ? { provedAt: clocks.wireNow() } : {}) }
  const secret = who
    ? await people.stepUp(who.session.id, officer.id, proof)
    : await people.openSession(officer.id, proof)
  return secret === undefined ? { failure: 'failed' } : { secret, officer }
}
