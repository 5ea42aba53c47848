/** The people of this node: who they are, what they may sign, where to seal for them. */

import type { Bytes } from '../../base/bytes.ts'
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

export type People = {
  officers(): Promise<readonly Officer[]>
  officer(id: string): Promise<Officer | undefined>
  /** Creates the officer's signing key, which the node holds. */
  enrol(officer: NewOfficer): Promise<Officer>
  /** A single-use link secret, valid for ten minutes of real time. */
  newSignInLink(officerId: string): Promise<string>
  /** Whose link it is, without using it up. */
  peekSignInLink(secret: string): Promise<Officer | undefined>
  /** Uses the link up and opens a session; `undefined` if it is unknown, used or too old. */
  signIn(linkSecret: string): Promise<string | undefined>
  /** The officer of a live session, whose idle time starts anew. */
  session(sessionSecret: string): Promise<Officer | undefined>
  signOut(sessionSecret: string): Promise<void>
}
