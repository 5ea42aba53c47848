/** Signing in once with a secret that was given out for it. */
import type { Kernel } from '../kernel.ts'

/** The session's secret; `undefined` if the one-time secret is unknown, used or too old. */
export async function signInOnce(
  { people, clocks }: Pick<Kernel, 'people' | 'clocks'>,
  secret: string,
): Promise<string | undefined> {
  const owner = await people.useOneTimeSignIn(secret)
  return owner && people.openSession(owner.id, { method: 'oneTime', provedAt: clocks.wireNow() })
}
