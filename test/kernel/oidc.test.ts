/**
 * Identity providers: a real one, and one that forges. What does not hold signs
 * nobody in, and what was begun works once, in the browser that began it.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { postgresPeople } from '../../src/adapters/postgres/people/people.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { postgresAttempts } from '../../src/adapters/sign-in/attempts.ts'
import { oidcProviders, type ProviderConfig } from '../../src/adapters/sign-in/oidc.ts'
import type { Errand, Providers } from '../../src/app/ports/sign-in.ts'
import { CLIENT, type Forgery, startForgingProvider } from '../support/forging-provider.ts'
import { kernelDatabase, parts } from '../support/kernel-database.ts'
import { startRealProvider } from '../support/real-provider.ts'

const REDIRECT = 'http://localhost:1/en/officer/provider/staff/back'
const SIGN_IN: Errand = { kind: 'signIn' }
const STEP_UP: Errand = { kind: 'stepUp', sessionId: 'session', officerId: 'officer' }

async function withProvider(t: TestContext, issuer: string, more: Partial<ProviderConfig> = {}) {
  const database = await kernelDatabase(t)
  const attempts = postgresAttempts({
    database,
    atRest: parts.atRest,
    randomBytes: systemRandom.bytes,
  })
  const config = { id: 'staff', name: 'Staff', issuer, clientId: CLIENT.id, ...more }
  const configs = [{ ...config, clientSecret: CLIENT.secret }]
  const redirectUri = () => REDIRECT
  const providers = oidcProviders({
    database,
    random: systemRandom,
    attempts,
    configs,
    redirectUri,
  })
  return { database, providers }
}

test('a real provider: there and back, once', async (t) => {
  const real = await startRealProvider(REDIRECT)
  t.after(real.close)
  const { providers, database } = await withProvider(t, real.issuer)
  for (const errand of [SIGN_IN, STEP_UP]) {
    const { url, browserSecret } = await providers.begin('staff', errand)
    const asked = new URL(url).searchParams
    assert.equal(asked.get('code_challenge_method'), 'S256')
    assert.equal(asked.get('prompt'), errand === STEP_UP ? 'login' : null)
    const query = await real.visit(url)
    const back = await providers.finish('staff', { query, browserSecret })
    assert.ok(typeof back === 'object', String(back))
    assert.equal(back.account.subject, 'person-1')
    assert.equal(back.account.provedAt !== undefined, errand === STEP_UP)
    assert.deepEqual(back.errand, errand)
    assert.equal(await providers.finish('staff', { query, browserSecret }), 'attempt')
    const again = await providers.begin('staff', errand)
    const replayed = query.replace(
      /state=[^&]*/,
      `state=${new URL(again.url).searchParams.get('state')}`,
    )
    const code = await providers.finish('staff', {
      query: replayed,
      browserSecret: again.browserSecret,
    })
    assert.equal(code, 'token', 'a code works once, with the verifier of its own attempt')
  }
  const people = postgresPeople({ ...parts, database })
  const enrolled = [1, 2].map(() =>
    people.enrol({ id: systemRandom.uuid(), name: 'One (invented)', roles: ['reviewer'] }),
  )
  const [first, second] = await Promise.all(enrolled)
  assert.ok(first && second)
  const account = { provider: 'staff', subject: 'person-1' }
  assert.equal(
    await providers.officerOf(account),
    undefined,
    'nobody is let in by being known there',
  )
  assert.equal(await providers.bind(first.id, account), true)
  assert.equal(await providers.bind(second.id, account), false)
  assert.equal(await providers.officerOf(account), first.id)
  assert.equal(await providers.officerOf({ ...account, subject: 'person-2' }), undefined)
})

const now = () => Math.floor(Date.now() / 1000)

const FORGED: Readonly<Record<string, Forgery>> = {
  'no signature': { alg: 'none' },
  'the client secret as key': { alg: 'HS256' },
  'another key': { otherKey: true },
  'another audience': { claims: { aud: 'another-client' } },
  'several audiences without ours': { claims: { aud: ['a', 'b'], azp: 'a' } },
  'another issuer': { claims: { iss: 'https://another.example' } },
  'an old nonce': { claims: { nonce: 'f'.repeat(64) } },
  'no nonce': { claims: { nonce: undefined } },
  expired: { claims: { iat: now() - 900, exp: now() - 300 } },
  'not yet': { claims: { nbf: now() + 600 } },
  'nobody in it': { claims: { sub: undefined } },
  'no expiry': { claims: { exp: undefined } },
  'proved in the future': { claims: { auth_time: now() + 600 } },
  'a provider two minutes ahead': {
    claims: { iat: now() + 120, nbf: now() + 120, auth_time: now() + 120 },
  },
  'a provider six minutes behind': {
    claims: { iat: now() - 360, exp: now() - 61, auth_time: now() - 360 },
  },
  'no token': { answer: { status: 200, body: { access_token: 'x', token_type: 'Bearer' } } },
  'a refused code': { answer: { status: 400, body: { error: 'invalid_grant' } } },
}

test('a forged token signs nobody in', async (t) => {
  const forger = await startForgingProvider()
  t.after(forger.close)
  const { providers } = await withProvider(t, forger.issuer)
  assert.equal(typeof (await trip(providers, forger, {})), 'object', 'the unchanged token holds')
  for (const [what, forgery] of Object.entries(FORGED)) {
    assert.equal(await trip(providers, forger, forgery), 'token', what)
  }
  const skewed = { claims: { iat: now() + 30, auth_time: now() + 30 } }
  assert.equal(
    typeof (await trip(providers, forger, skewed)),
    'object',
    'clocks may differ a little',
  )
  const outage = { answer: { status: 503, body: { error: 'temporarily_unavailable' } } }
  assert.equal(await trip(providers, forger, outage), 'outage')
})

test('a fresh proof is one that was made since it was asked for, at the level asked for', async (t) => {
  const forger = await startForgingProvider()
  t.after(forger.close)
  const { providers } = await withProvider(t, forger.issuer, { acrValues: ['strong'] })
  const weak: Forgery[] = [
    {},
    { claims: { acr: 'weak' } },
    { claims: { acr: ['strong'] } },
    { claims: { acr: 'strong', auth_time: now() - 900 } },
    { claims: { acr: 'strong', auth_time: now() - 120 } },
    { claims: { acr: 'strong', auth_time: undefined } },
  ]
  for (const forgery of weak) {
    assert.equal(await trip(providers, forger, forgery, STEP_UP), 'proof', JSON.stringify(forgery))
  }
  const strong = await trip(providers, forger, { claims: { acr: 'strong' } }, STEP_UP)
  assert.ok(typeof strong === 'object' && strong.account.provedAt)
  const silent = await trip(providers, forger, { claims: { acr: 'weak' } })
  assert.ok(typeof silent === 'object' && silent.account.provedAt === undefined)
})

test('what another browser began, another provider, or nobody, is refused and changes nothing', async (t) => {
  const forger = await startForgingProvider()
  t.after(forger.close)
  const { providers } = await withProvider(t, forger.issuer)
  const [own, other] = [
    await providers.begin('staff', SIGN_IN),
    await providers.begin('staff', SIGN_IN),
  ]
  const stateOf = ({ url }: { url: string }) => new URL(url).searchParams.get('state')
  const good = `code=x&state=${stateOf(own)}&iss=${encodeURIComponent(forger.issuer)}`
  const finish = (query: string, browserSecret: string | undefined, provider = 'staff') =>
    providers.finish(provider, { query, browserSecret })
  assert.equal(await finish(good, undefined), 'attempt')
  assert.equal(await finish(good, ''), 'attempt')
  assert.equal(await finish(good, 'f'.repeat(64)), 'attempt')
  assert.equal(await finish(good, other.browserSecret), 'attempt')
  assert.equal(await finish(good, own.browserSecret, 'elsewhere'), 'attempt')
  assert.equal(await finish(good, own.browserSecret), 'attempt', 'used up by the try before')
  const denied = await providers.begin('staff', SIGN_IN)
  const no = `error=access_denied&state=${stateOf(denied)}`
  assert.equal(await finish(no, denied.browserSecret), 'proof')
  const empty = await providers.begin('staff', SIGN_IN)
  assert.equal(await finish(`state=${stateOf(empty)}`, empty.browserSecret), 'token')
})

test('a provider that is not there, or not who it says: told, and asked again later', async (t) => {
  const forger = await startForgingProvider()
  const { providers } = await withProvider(t, forger.issuer)
  await forger.close()
  await assert.rejects(providers.begin('staff', SIGN_IN), { code: 'unavailable' })
  await assert.rejects(providers.begin('nobody', SIGN_IN), { code: 'unavailable' })
})

async function trip(
  providers: Providers,
  forger: Awaited<ReturnType<typeof startForgingProvider>>,
  forgery: Forgery,
  errand: Errand = SIGN_IN,
) {
  const { url, browserSecret } = await providers.begin('staff', errand)
  const asked = new URL(url).searchParams
  forger.forge(forgery, asked.get('nonce') ?? '')
  return providers.finish('staff', { query: `code=x&state=${asked.get('state')}`, browserSecret })
}
