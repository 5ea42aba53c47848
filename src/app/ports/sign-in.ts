/**
 * How people prove who they are: passkeys, identity providers, and codes with
 * which somebody enrols. What is used once is used up here, whoever else asks at the
 * same moment; secrets are kept as hashes.
 */
import type { Json } from '../../base/canonical-json.ts'
import type { Instant } from '../../base/time.ts'
import type { Role } from '../../core/case/recorded.ts'
import type { CalendarPasswords } from './calendar-passwords.ts'

export type Passkey = {
  readonly id: string
  /** As its holder calls it. */
  readonly name: string
  readonly createdAt: Instant
  readonly lastUsedAt: Instant | undefined
  /** Since then nobody signs in with it: its counter went back, so there may be a copy. */
  readonly suspendedAt: Instant | undefined
}

/** A passkey that a browser has just made and that nobody has kept yet. */
export type NewPasskey = {
  readonly credentialId: string
  readonly publicKey: Uint8Array
  readonly counter: number
  readonly transports: readonly string[]
}

/** `cloned` is known to the node only: whoever tries is told what `wrong` is told. */
export type ProofFailure = 'wrong' | 'cloned'

export type Passkeys = {
  /** What `navigator.credentials.create` takes, for a person who is or will be an officer. */
  beginRegistration(person: { readonly id: string; readonly name: string }): Promise<Json>
  /** `undefined` for an answer that is not a good one to what was asked of this person. */
  checkRegistration(personId: string, answer: unknown): Promise<NewPasskey | undefined>
  /** False if somebody has that passkey already. */
  add(officerId: string, name: string, passkey: NewPasskey): Promise<boolean>
  /** What `navigator.credentials.get` takes; with an officer: their own passkeys only. */
  beginProof(officerId?: string): Promise<Json>
  /** A passkey whose counter went back is suspended, and its holder's sessions end. */
  checkProof(answer: unknown, officerId?: string): Promise<{ officerId: string } | ProofFailure>
  of(officerId: string): Promise<readonly Passkey[]>
  remove(officerId: string, passkeyId: string): Promise<boolean>
}

/** Who came back from an identity provider. */
export type ProviderAccount = {
  readonly provider: string
  /** Never shown and never stored as it is. */
  readonly subject: string
  /** When the provider says that the person proved who they are; absent: it does not say. */
  readonly provedAt?: Instant
}

/** Why somebody went to a provider, kept until they are back. */
export type Errand =
  | { readonly kind: 'signIn' }
  | { readonly kind: 'stepUp'; readonly sessionId: string; readonly officerId: string }
  | { readonly kind: 'bind'; readonly sessionId: string; readonly officerId: string }
  | { readonly kind: 'enrol'; readonly ticket: string }

export type ProviderFailure =
  /** Not from this browser, used before, or older than ten minutes. */
  | 'attempt'
  /** The provider's answer does not hold: signature, issuer, audience, nonce, time. */
  | 'token'
  /** The person did not prove anew who they are, or not strongly enough. */
  | 'proof'
  /** The provider does not answer. */
  | 'outage'

export type Providers = {
  readonly list: readonly { readonly id: string; readonly name: string }[]
  /** Where to send the browser, and the secret that its cookie must bring back. */
  begin(provider: string, errand: Errand): Promise<{ url: string; browserSecret: string }>
  finish(
    provider: string,
    callback: { readonly query: string; readonly browserSecret: string | undefined },
  ): Promise<{ account: ProviderAccount; errand: Errand } | ProviderFailure>
  /** Why the browser that brings this back had gone there; `undefined`: not by us, or over. */
  errandOf(browserSecret: string | undefined): Errand | undefined
  officerOf(account: ProviderAccount): Promise<string | undefined>
  /** False if the account is somebody's already. */
  bind(officerId: string, account: ProviderAccount): Promise<boolean>
  boundTo(officerId: string): Promise<readonly { provider: string; boundAt: Instant }[]>
  unbind(officerId: string, provider: string): Promise<boolean>
}

export type Enrollee = {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
}

export type Enrolment = {
  readonly id: string
  readonly kind: 'setup' | 'invitation'
  readonly person: Enrollee
  readonly invitedBy: string | undefined
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly triesLeft: number
}

export type Enrolments = {
  /** Returns the code, which is nowhere else. A new setup code withdraws the one before. */
  make(kind: Enrolment['kind'], person: Enrollee, invitedBy?: string): Promise<MadeEnrolment>
  /** Uses up a try of an invitation. `setup` names the one setup code that counts. */
  acceptCode(id: string, typed: string): Promise<{ ticket: string } | undefined>
  /** Whose enrolment this browser may finish, without finishing it. */
  peek(ticket: string): Promise<Enrolment | undefined>
  /** Uses the enrolment up: of many at once, one gets it. */
  finish(ticket: string): Promise<Enrolment | undefined>
  pending(): Promise<readonly Enrolment[]>
  withdraw(id: string): Promise<boolean>
}

export type MadeEnrolment = {
  readonly id: string
  readonly code: string
  readonly expiresAt: Instant
}

/** What an administrator must see. */
export type SignInNotice = {
  readonly id: string
  readonly at: Instant
  readonly kind: 'passkeyCloned' | 'codeEmptied'
  readonly officerId: string | undefined
}

export type SignIn = {
  /** `undefined` where no browser takes a passkey: on plain http, under an IP address. */
  readonly passkeys: Passkeys | undefined
  readonly providers: Providers
  /** One-time sign-ins: in the demonstration only. */
  readonly oneTime: boolean
  readonly enrolments: Enrolments
  readonly notices: {
    unseen(): Promise<readonly SignInNotice[]>
    markSeen(id: string, by: string): Promise<void>
  }
  /** Anybody who could sign in to it now: without one a new setup code may be made. */
  hasAdministrator(): Promise<boolean>
  readonly tries: Tries
  readonly calendar: CalendarPasswords
}

/** Failed tries, in memory; no address of anybody is kept. */
export type Tries = {
  /** May wait a moment in a flood. False: from there, or at that, too many failed lately. */
  mayTry(one: Try): Promise<boolean>
  failed(one: Try): void
}

/** Who tries: somebody whose session is open, or anybody. */
export type Try =
  | { readonly session: string }
  | {
      /** The address that the door saw; `undefined` if it tells nobody apart. */
      readonly from: string | undefined
      /** A link or an invitation that is tried. */
      readonly at?: string
    }
