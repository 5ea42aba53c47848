/**
 * A real OpenID provider (`oidc-provider`) on a free port, with one client and one
 * person who always agrees; and a browser that only follows redirects.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CLIENT } from './forging-provider.ts'

export type RealProvider = {
  readonly issuer: string
  /** Follows an authorization request to the end: the query that comes back. */
  visit(url: string): Promise<string>
  close(): Promise<void>
}

export async function startRealProvider(redirectUri: string): Promise<RealProvider> {
  const { default: Provider } = await import('oidc-provider')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    cookies: { keys: ['a-key-of-the-test'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_ctx: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    loadExistingGrant: async (ctx: GrantContext) => {
      const { client, session } = ctx.oidc
      const grant = new ctx.oidc.provider.Grant({
        clientId: client.clientId,
        accountId: session.accountId,
      })
      grant.addOIDCScope('openid')
      await grant.save()
      return grant
    },
  } as never)
  const callback = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return callback(request, response)
    const login = { accountId: 'person-1', amr: ['pwd'] }
    return provider.interactionFinished(request, response, { login } as never)
  })
  const jar = new Map<string, string>()
  return {
    issuer,
    visit: (url) => follow(url, jar),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

type Grant = { addOIDCScope(scope: string): void; save(): Promise<string> }
type GrantContext = {
  readonly oidc: {
    readonly client: { readonly clientId: string }
    readonly session: { readonly accountId: string }
    readonly provider: { readonly Grant: new (facts: object) => Grant }
  }
}

async function follow(url: string, jar: Map<string, string>): Promise<string> {
  const { origin } = new URL(url)
  let at = url
  for (let hops = 0; hops < 10; hops++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    const place = response.headers.get('location')
    if (place === null) throw new Error(`${at}: ${response.status} ${await response.text()}`)
    at = new URL(place, at).href
    if (new URL(at).origin !== origin) return new URL(at).search.slice(1)
  }
  throw new Error('the provider leads nowhere')
}
