/**
 * The people of this node: who they are, what they may sign, where to seal for
 * them, and their sessions. Of every secret only a hash is kept.
 */

import type { Bytes } from '../../base/bytes.ts'
import type { Instant } from '../../base/time.ts'
import type { Role } from '../../core/case/recorded.ts'

export type Officer = {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly publicKey: Bytes
  /** What the setup listed. Which key holds now is in the authority stream: sealing-keys.ts. */
  readonly sealingRecipient: string | undefined
  /** Which layer of a reporter's contact this officer opens; undefined: none. */
  readonly intakeLayer: 'inner' | 'outer' | undefined
}

export type NewOfficer = {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly sealingRecipient?: string
  readonly intakeLayer?: 'inner' | 'outer'
}

/** How somebody proved who they are. `oneTime` exists in the demonstration only. */
export type SignInMethod = 'passkey' | 'oidc' | 'oneTime'

/** All times are wire time. */
export type Session = {
  readonly id: string
  readonly method: SignInMethod
  readonly signedInAt: Instant
  readonly lastSeenAt: Instant
  /** An hour without use ends it earlier. */
  readonly expiresAt: Instant
  /** The last strong proof, at sign-in or since; undefined: there was none. */
  readonly steppedUpAt: Instant | undefined
  /** What its forms are bound to. Stays when its secret changes. */
  readonly formKey: Bytes
}

/** A person at work: who it is, and the session through which they act. */
export type SignedInOfficer = Officer & { readonly session: Session }

export type Proof = {
  readonly method: SignInMethod
  /** When the person proved it, if that counts as a strong proof. */
  readonly provedAt?: Instant
}

export type People = {
  officers(): Promise<readonly Officer[]>
  officer(id: string): Promise<Officer | undefined>
  /** Creates the officer's signing key, which the node holds. */
  enrol(officer: NewOfficer): Promise<Officer>

  /** The secret of a one-time sign-in, valid for ten minutes of real time. */
  newOneTimeSignIn(officerId: string): Promise<string>
  /** Whose it is, without using it up. */
  peekOneTimeSignIn(secret: string): Promise<Officer | undefined>
  /** Uses it up; `undefined` if it is unknown, used or too old. */
  useOneTimeSignIn(secret: string): Promise<Officer | undefined>

  /** Opens a session and returns its secret, which is nowhere else. */
  openSession(officerId: string, proof: Proof): Promise<string>
  /** The officer of a live session, whose idle time starts anew. */
  session(secret: string): Promise<SignedInOfficer | undefined>
  /**
   * Records a strong proof and returns the session's new secret; the old one is
   * worth nothing any more. `undefined` if there is no such session of this officer.
   */
  stepUp(sessionId: string, officerId: string, proof: Proof): Promise<string | undefined>
  signOut(secret: string): Promise<void>
  /** Live ones, the newest first. */
  sessionsOf(officerId: string): Promise<readonly Session[]>
  /** False if this officer has no such session. */
  revokeSession(officerId: string, sessionId: string): Promise<boolean>
  /** All of an officer's sessions, except one. Returns how many there were. */
  revokeSessions(officerId: string, exceptSessionId?: string): Promise<number>
}
