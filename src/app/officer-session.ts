/**
 * What the pages and the officers' interface share about a session: the name and
 * the attributes of its cookie, whose it is, and whether a request is our own.
 */
import type { Kernel, NodeSelf } from './kernel.ts'
import type { SignedInOfficer } from './ports/people.ts'

/**
 * The name carries the node: browsers do not part cookies by port. Behind https it
 * has the prefix by which a browser takes it from this very host only; on plain http,
 * which only loopback uses, a browser would refuse that name.
 */
export function sessionCookieName(node: NodeSelf): string {
  return cookieNameOf(node, '')
}

/** Of another cookie of this node, e.g. of a sign-in that has begun. */
export function cookieNameOf({ id, urls }: NodeSelf, suffix: string): string {
  const prefix = urls.officers.startsWith('https:') ? '__Host-' : ''
  return `${prefix}comity-${id.replace(/[^a-z0-9]/g, '-')}${suffix}`
}

export function sessionCookieOptions({ urls }: NodeSelf) {
  const secure = urls.officers.startsWith('https:')
  return { path: '/', httpOnly: true, sameSite: 'strict', secure } as const
}

/** The officer of a live session. `secret` is the value of the cookie. */
export async function officerOf(
  kernel: Kernel,
  secret: string | undefined,
): Promise<SignedInOfficer | undefined> {
  return secret ? kernel.people.session(secret) : undefined
}

type OriginHeaders = {
  readonly origin?: string | undefined
  readonly 'sec-fetch-site'?: string | readonly string[] | undefined
}

/**
 * False for a request that another site made the browser send. A browser always
 * names its origin with a request that changes something; a program need not.
 * From a page without referrer a browser names its origin as `null`: then only
 * its own word that the request is of the same origin counts.
 */
export function isOwnOrigin(headers: OriginHeaders, { urls }: NodeSelf): boolean {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  if (origin === 'null') return site === 'same-origin'
  const isOwn = origin === undefined || origin === urls.officers
  return isOwn && (site === undefined || site === 'same-origin' || site === 'none')
}
