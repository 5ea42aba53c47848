/** How people sign in. Without a word here they use passkeys. */
import { type Static, Type } from '@sinclair/typebox'
import { malformed } from '../../base/errors.ts'
import { NameForm, PathForm, section, UrlForm } from './text.ts'

export const SignInForm = section({
  /** Where passkeys are bound to another place than the officers' door. */
  passkeys: Type.Optional(
    section({
      /** The domain that passkeys belong to; the officers' address lies in it. */
      rpId: Type.String({ pattern: '^[a-z0-9]([a-z0-9.-]{0,98}[a-z0-9])?$' }),
      /** What the browser shows as its address, if a proxy changes it. */
      origin: Type.Optional(UrlForm),
    }),
  ),
  /** Identity providers (OpenID Connect) of the authority. */
  oidc: Type.Optional(
    Type.Array(
      section({
        /** Stands in addresses, and in the return address registered with the provider. */
        id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,29}$' }),
        name: NameForm,
        issuer: UrlForm,
        clientId: NameForm,
        clientSecretFile: Type.Optional(PathForm),
        /** A proof counts as strong only at one of these levels. None named: never at sign-in. */
        acrValues: Type.Optional(Type.Array(NameForm, { maxItems: 10 })),
      }),
      { maxItems: 10 },
    ),
  ),
  /** One-time sign-ins for whoever knows the secret: in the demonstration only. */
  oneTime: Type.Optional(section({ secret: Type.String({ pattern: '^[0-9a-f]{64}$' }) })),
})

export type SignInConfig = Static<typeof SignInForm>

/** What passkeys are bound to: a domain, and the address that the browser shows. */
export type PasskeyPlace = { readonly rpId: string; readonly origin: string }

/** `undefined` where no browser takes a passkey: on plain http, or under a bare IP address. */
export function passkeyPlaceOf(
  officersUrl: string,
  { passkeys }: SignInConfig,
): PasskeyPlace | undefined {
  const { origin, hostname, protocol } = new URL(passkeys?.origin ?? officersUrl)
  const isSecure = protocol === 'https:' || hostname === 'localhost'
  const isDomain = !/^[0-9.]+$|^\[/.test(hostname)
  return isSecure && isDomain ? { rpId: passkeys?.rpId ?? hostname, origin } : undefined
}

/** @throws ComityError `malformed` whose field names the member */
export function requireSignIn(profile: string, officersUrl: string, signIn: SignInConfig): void {
  if (profile !== 'demo' && signIn.oneTime) {
    throw malformed(`a ${profile} node has no one-time sign-ins`, { field: 'signIn.oneTime' })
  }
  const ids = (signIn.oidc ?? []).map(({ id }) => id)
  if (new Set(ids).size !== ids.length) {
    throw malformed('two identity providers have one id', { field: 'signIn.oidc' })
  }
  for (const { issuer } of signIn.oidc ?? []) {
    const { protocol, hostname } = new URL(issuer)
    if (protocol !== 'https:' && !['localhost', '127.0.0.1'].includes(hostname)) {
      throw malformed('an identity provider is reached by https', { field: 'signIn.oidc.issuer' })
    }
  }
  const place = passkeyPlaceOf(officersUrl, signIn)
  if (signIn.passkeys && !place) {
    throw malformed('passkeys need https and a host that is no IP address', {
      field: 'signIn.passkeys',
    })
  }
  const host = place && new URL(place.origin).hostname
  if (place && host !== place.rpId && !host?.endsWith(`.${place.rpId}`)) {
    throw malformed('the address of the officers does not lie in the domain of their passkeys', {
      field: 'signIn.passkeys.rpId',
    })
  }
  // Nobody could ever sign in: better not to start.
  if (profile === 'production' && !place && ids.length === 0) {
    throw malformed(
      'a production node needs a sign-in method and none is configured: give the officers’ door an https address, or name an identity provider',
      { field: 'signIn', reason: 'no-sign-in-method' },
    )
  }
}
