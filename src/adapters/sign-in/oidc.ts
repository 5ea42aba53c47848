/**
 * Identity providers by OpenID Connect, with openid-client: code flow with PKCE, and
 * state and nonce that one browser holds for ten minutes. The signature of an ID
 * token is always checked, though it came straight from the provider.
 *
 * A provider says who came back and when they proved it. Who that is here was bound
 * before, by an invitation or by the person's own session; nobody gets an account by
 * being known to a provider.
 */
import * as client from 'openid-client'
import type { Random } from '../../app/ports/random.ts'
import type {
  Errand,
  ProviderAccount,
  ProviderFailure,
  Providers,
} from '../../app/ports/sign-in.ts'
import { toHex, utf8 } from '../../base/bytes.ts'
import type { Json } from '../../base/canonical-json.ts'
import { unavailable } from '../../base/errors.ts'
import { instantFromMs, SECOND_MS } from '../../base/time.ts'
import { nodePrimitives } from '../node-primitives.ts'
import type { Database } from '../postgres/database.ts'
import type { Attempts } from './attempts.ts'

export type ProviderConfig = {
  readonly id: string
  readonly name: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string
  /** The levels at which a proof counts as strong. */
  readonly acrValues?: readonly string[]
}

export type ProviderParts = {
  readonly database: Database
  readonly random: Random
  readonly attempts: Attempts
  readonly configs: readonly ProviderConfig[]
  /** Where a provider sends the browser back to. */
  readonly redirectUri: (provider: string) => string
}

/** How far the clocks of node and provider may be apart. */
const CLOCK_TOLERANCE_SECONDS = 60
const TIMEOUT_SECONDS = 10
const KIND = 'oidc'

type Facts = {
  readonly provider: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly startedMs: number
  readonly errand: Errand
}

export function oidcProviders(parts: ProviderParts): Providers {
  const { attempts, configs, random, redirectUri } = parts
  const known = new Map<string, Promise<client.Configuration>>()
  const configOf = (id: string) => configs.find((one) => one.id === id)

  /** Asked for once; after a failure the next one asks again. */
  function discovered(config: ProviderConfig): Promise<client.Configuration> {
    const asked = known.get(config.id) ?? discover(config)
    known.set(config.id, asked)
    asked.catch(() => known.delete(config.id))
    return asked
  }

  return {
    list: configs.map(({ id, name }) => ({ id, name })),
    async begin(provider, errand) {
      const config = configOf(provider)
      if (!config) throw unavailable('there is no such identity provider')
      const server = await discovered(config).catch((cause) => {
        throw unavailable('the identity provider does not answer', { cause })
      })
      const [state, nonce] = [toHex(random.bytes(32)), toHex(random.bytes(32))]
      const verifier = client.randomPKCECodeVerifier()
      const facts: Facts = { provider, state, nonce, verifier, startedMs: Date.now(), errand }
      const browserSecret = attempts.begin(KIND, facts as unknown as Json)
      const isAnew = errand.kind !== 'signIn'
      const url = client.buildAuthorizationUrl(server, {
        redirect_uri: redirectUri(provider),
        scope: 'openid',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(isAnew ? { prompt: 'login', max_age: '0' } : {}),
        ...(config.acrValues ? { acr_values: config.acrValues.join(' ') } : {}),
      })
      return { url: url.href, browserSecret }
    },
    async finish(provider, { query, browserSecret }) {
      const facts = attempts.look(KIND, browserSecret ?? '') as Facts | undefined
      const config = configOf(provider)
      if (!facts || !(await attempts.use(KIND, browserSecret ?? ''))) return 'attempt'
      if (!config || facts.provider !== provider) return 'attempt'
      if (new URLSearchParams(query).get('state') !== facts.state) return 'attempt'
      try {
        const server = await discovered(config)
        const back = new URL(`${redirectUri(provider)}?${query}`)
        const tokens = await client.authorizationCodeGrant(server, back, {
          expectedNonce: facts.nonce,
          expectedState: facts.state,
          pkceCodeVerifier: facts.verifier,
          idTokenExpected: true,
        })
        return accountOf(config, facts, tokens.claims())
      } catch (error) {
        return failureOf(error)
      }
    },
    errandOf: (browserSecret) =>
      (attempts.look(KIND, browserSecret ?? '') as Facts | undefined)?.errand,
    ...accountsIn(parts),
  }
}

async function discover(config: ProviderConfig): Promise<client.Configuration> {
  const issuer = new URL(config.issuer)
  const execute = [
    client.enableNonRepudiationChecks,
    // The configuration lets plain http through on loopback only.
    ...(issuer.protocol === 'http:' ? [client.allowInsecureRequests] : []),
  ]
  const server = await client.discovery(
    issuer,
    config.clientId,
    { [client.clockTolerance]: CLOCK_TOLERANCE_SECONDS },
    config.clientSecret ? client.ClientSecretBasic(config.clientSecret) : client.None(),
    { execute, timeout: TIMEOUT_SECONDS },
  )
  return server
}

/** Refuses a proof that is older than the question, where a new one was asked for. */
function accountOf(
  { id, acrValues }: ProviderConfig,
  { errand, startedMs }: Facts,
  claims: client.IDToken | undefined,
): { account: ProviderAccount; errand: Errand } | ProviderFailure {
  if (!claims) return 'token'
  const toleranceMs = CLOCK_TOLERANCE_SECONDS * SECOND_MS
  const provedMs = claims.auth_time === undefined ? undefined : claims.auth_time * SECOND_MS
  const isStrong =
    acrValues === undefined || (typeof claims.acr === 'string' && acrValues.includes(claims.acr))
  if (provedMs !== undefined && provedMs > Date.now() + toleranceMs) return 'token'
  if (errand.kind !== 'signIn') {
    const isNew = provedMs !== undefined && provedMs >= startedMs - toleranceMs
    if (!isNew || !isStrong) return 'proof'
  }
  // An ordinary sign-in may be silent: without a named level it proves nothing new.
  const counts = provedMs !== undefined && (errand.kind !== 'signIn' || (acrValues && isStrong))
  const provedAt = counts ? { provedAt: instantFromMs(Math.min(provedMs, Date.now())) } : {}
  return { account: { provider: id, subject: claims.sub, ...provedAt }, errand }
}

function failureOf(error: unknown): ProviderFailure {
  if (error instanceof client.AuthorizationResponseError) return 'proof'
  const { code, cause } = error as { code?: string; cause?: unknown }
  const isOutage =
    error instanceof TypeError ||
    code === 'OAUTH_TIMEOUT' ||
    (cause instanceof Response && cause.status >= 500) ||
    (error instanceof client.ResponseBodyError && error.status >= 500)
  return isOutage ? 'outage' : 'token'
}

type Accounts = Pick<Providers, 'officerOf' | 'bind' | 'boundTo' | 'unbind'>

function accountsIn({ database, configs }: ProviderParts): Accounts {
  /** With the issuer, so that a provider under another address knows nobody of before. */
  function hashOf({ provider, subject }: ProviderAccount): Uint8Array {
    const issuer = configs.find(({ id }) => id === provider)?.issuer ?? ''
    return nodePrimitives.sha256(utf8(`comity/oidc-account/v1\n${issuer}\n${subject}`))
  }
  return {
    async officerOf(account) {
      const row = await database
        .selectFrom('oidc_account')
        .select('officer_id')
        .where('provider', '=', account.provider)
        .where('subject_hash', '=', hashOf(account))
        .executeTakeFirst()
      return row?.officer_id
    },
    async bind(officerId, account) {
      const { numInsertedOrUpdatedRows = 0n } = await database
        .insertInto('oidc_account')
        .values({
          provider: account.provider,
          subject_hash: hashOf(account),
          officer_id: officerId,
          bound_at: new Date(),
        })
        .onConflict((on) => on.doNothing())
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows > 0n
    },
    async boundTo(officerId) {
      const rows = await database
        .selectFrom('oidc_account')
        .select(['provider', 'bound_at'])
        .where('officer_id', '=', officerId)
        .orderBy('bound_at')
        .execute()
      return rows.map((row) => ({
        provider: row.provider,
        boundAt: instantFromMs(row.bound_at.getTime()),
      }))
    },
    async unbind(officerId, provider) {
      const { numDeletedRows } = await database
        .deleteFrom('oidc_account')
        .where('officer_id', '=', officerId)
        .where('provider', '=', provider)
        .executeTakeFirstOrThrow()
      return numDeletedRows > 0n
    },
  }
}
