/**
 * Back from an identity provider. What follows depends on why the person went there:
 * to sign in, to prove anew who they are, to bind the account, or to enrol.
 */
import type { Kernel } from '../kernel.ts'
import type { ProviderAccount, ProviderFailure, Try } from '../ports/sign-in.ts'
import { finishEnrolment } from './enrol.ts'

export type CameBack =
  | { readonly did: 'signIn' | 'stepUp' | 'enrol'; readonly secret: string }
  | { readonly did: 'bind' }
  /** `unknownAccount`: the provider knows this person, this node does not. */
  | { readonly failure: ProviderFailure | 'unknownAccount' | 'otherAccount' | 'tooManyTries' }

export async function comeBack(
  kernel: Kernel,
  provider: string,
  callback: {
    readonly query: string
    readonly browserSecret: string | undefined
    readonly from: string | undefined
  },
): Promise<CameBack> {
  const { signIn } = kernel
  const errand = signIn.providers.errandOf(callback.browserSecret)
  const isSignedIn = errand?.kind === 'stepUp' || errand?.kind === 'bind'
  const one = isSignedIn ? { session: errand.sessionId } : { from: callback.from }
  if (!(await signIn.tries.mayTry(one))) return { failure: 'tooManyTries' }
  const back = await signIn.providers.finish(provider, callback)
  if (typeof back === 'string') {
    if (back !== 'outage') signIn.tries.failed(one)
    return { failure: back }
  }
  const { account, errand: done } = back
  if (done.kind === 'signIn') return signInAs(kernel, account, one)
  if (done.kind === 'stepUp') return stepUpAs(kernel, account, done)
  if (done.kind === 'enrol') {
    const means = { kind: 'provider', account } as const
    const enrolled = await finishEnrolment(kernel, done.ticket, { means })
    return enrolled ? { did: 'enrol', secret: enrolled.session } : { failure: 'otherAccount' }
  }
  // Ended meanwhile, the session that began this binds nothing any more.
  const sessions = await kernel.people.sessionsOf(done.officerId)
  if (!sessions.some(({ id }) => id === done.sessionId)) return { failure: 'attempt' }
  const isBound = await signIn.providers.bind(done.officerId, account)
  return isBound ? { did: 'bind' } : { failure: 'otherAccount' }
}

async function signInAs(
  { signIn, people }: Kernel,
  account: ProviderAccount,
  one: Try,
): Promise<CameBack> {
  const id = await signIn.providers.officerOf(account)
  const officer = id === undefined ? undefined : await people.officer(id)
  if (!officer) {
    signIn.tries.failed(one)
    return { failure: 'unknownAccount' }
  }
  const { provedAt } = account
  const proof = { method: 'oidc', ...(provedAt ? { provedAt } : {}) } as const
  return { did: 'signIn', secret: await people.openSession(officer.id, proof) }
}

async function stepUpAs(
  { signIn, people, clocks }: Kernel,
  account: ProviderAccount,
  { sessionId, officerId }: { readonly sessionId: string; readonly officerId: string },
): Promise<CameBack> {
  if ((await signIn.providers.officerOf(account)) !== officerId) return { failure: 'otherAccount' }
  const provedAt = clocks.wireNow()
  const secret = await people.stepUp(sessionId, officerId, { method: 'oidc', provedAt })
  return secret === undefined ? { failure: 'attempt' } : { did: 'stepUp', secret }
}
