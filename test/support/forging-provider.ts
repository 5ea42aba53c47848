/**
 * An identity provider that answers with whatever a test tells it to: tokens of the
 * wrong issuer, with another key, without a signature. On a free port of this machine.
 */
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Claims = Record<string, unknown>
export type Forgery = {
  /** Changes the claims of a good token. */
  readonly claims?: Claims
  readonly alg?: 'none' | 'HS256'
  readonly otherKey?: boolean
  readonly accessToken?: string
  /** What the token endpoint answers instead. */
  readonly answer?: { readonly status: number; readonly body: object }
}

export type ForgingProvider = {
  readonly issuer: string
  /** For the next token. */
  forge(forgery: Forgery, nonce: string): void
  close(): Promise<void>
}

export const CLIENT = { id: 'comity-node', secret: 'a-secret-of-the-test' } as const
const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
const KID = 'key-1'

export async function startForgingProvider(): Promise<ForgingProvider> {
  let issuer = ''
  let next: { forgery: Forgery; nonce: string } = { forgery: {}, nonce: '' }
  const server = createServer((request, response) => {
    const [status, body] = answer(request.url ?? '', issuer, next)
    request.resume()
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    issuer,
    forge: (forgery, nonce) => {
      next = { forgery, nonce }
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function answer(
  url: string,
  issuer: string,
  { forgery, nonce }: { forgery: Forgery; nonce: string },
): [number, object] {
  if (url.startsWith('/.well-known/')) return [200, metadata(issuer)]
  if (url === '/jwks') {
    const jwk = own.publicKey.export({ format: 'jwk' })
    return [200, { keys: [{ ...jwk, kid: KID, alg: 'RS256', use: 'sig' }] }]
  }
  if (url !== '/token') return [404, {}]
  if (forgery.answer) return [forgery.answer.status, forgery.answer.body]
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: issuer, aud: CLIENT.id, sub: 'someone', iat: now, exp: now + 300, nonce }
  const token = tokenOf({ ...claims, auth_time: now, ...forgery.claims }, forgery)
  return [200, { access_token: forgery.accessToken ?? 'x', token_type: 'Bearer', id_token: token }]
}

const metadata = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256', 'none', 'HS256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic'],
})

function tokenOf(claims: Claims, { alg, otherKey }: Forgery): string {
  const head = { alg: alg ?? 'RS256', kid: KID, typ: 'JWT' }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part(head)}.${part(claims)}`
  if (alg === 'none') return `${signed}.`
  if (alg === 'HS256') {
    return `${signed}.${createHmac('sha256', CLIENT.secret).update(signed).digest('base64url')}`
  }
  return `${signed}.${rsa(otherKey ? other.privateKey : own.privateKey, signed)}`
}

const rsa = (key: KeyObject, text: string) =>
  sign('sha256', Buffer.from(text), key).toString('base64url')
