/** Who asks: signatures, times, digests, nonces, media types. Nothing of it reaches the channel. */
import { randomBytes } from 'node:crypto'
import { signEd25519 } from '../../adapters/node-primitives.ts'
import { addMs, MINUTE_MS, SECOND_MS } from '../../base/time.ts'
import type { HeaderList } from '../../wire/http-message.ts'
import { type Check, expectRefusal, next, put, taken } from './check.ts'
import { type Ask, newNonce, now } from './talk.ts'

const stranger = new Uint8Array(randomBytes(32))
const byStranger = (bytes: Uint8Array) => signEd25519(stranger, bytes)
const altered = (bytes: Uint8Array) =>
  bytes.map((byte, index) => (index === Math.floor(bytes.length / 2) ? byte ^ 1 : byte))

const without = (name: string) => (headers: HeaderList) => headers.filter(([each]) => each !== name)
const replace = (name: string, change: (value: string) => string) => (headers: HeaderList) =>
  headers.map(([each, value]) => [each, each === name ? change(value) : value] as const)
const more =
  (name: string, value: string) =>
  (headers: HeaderList): HeaderList => [...headers, [name, value]]

type Bent = (body: Uint8Array) => Partial<Ask>

/** A good transaction, in a request that is bent. */
function refused(
  requirement: string,
  does: string,
  [status, code]: readonly [number, string],
  bent: Bent,
): Check {
  return {
    requirement,
    does,
    async run(session) {
      const forged = await next(session)
      expectRefusal(await put(session, forged, bent(forged.body)), status, code)
    },
  }
}

const profile = (does: string, code: string, headers: NonNullable<Ask['headers']>) =>
  refused('exchange/request-components', does, [401, code], () => ({ headers }))
const single = (does: string, code: string, headers: NonNullable<Ask['headers']>) =>
  refused('exchange/one-signature', does, [401, code], () => ({ headers }))
const inInput = (change: (value: string) => string) => replace('signature-input', change)

export const SIGNATURE_CHECKS: readonly Check[] = [
  profile('no signature', 'field-missing', without('signature')),
  profile('no Signature-Input', 'field-missing', without('signature-input')),
  profile(
    'a component left out',
    'profile',
    inInput((text) => text.replace(' "@target-uri"', '')),
  ),
  profile(
    'two components exchanged',
    'profile',
    inInput((text) => text.replace('"@method" "@target-uri"', '"@target-uri" "@method"')),
  ),
  profile('no origin', 'field-missing', without('comity-origin')),
  profile('the origin twice', 'field-repeated', (headers) => [...headers, ...headers.slice(0, 1)]),
  single('a second signature', 'signature-several', (headers) =>
    replace(
      'signature',
      (value) => `${value}, other=${value.slice('comity='.length)}`,
    )(inInput((value) => `${value}, other=${value.slice('comity='.length)}`)(headers)),
  ),
  single(
    'a parameter more',
    'profile',
    inInput((text) => `${text};x=1`),
  ),
  single(
    'another spelling',
    'profile',
    inInput((text) => text.replace(';created', '; created')),
  ),
  single(
    'another label',
    'signature-label',
    inInput((text) => text.replace('comity=', 'other=')),
  ),
  single(
    'another tag',
    'parameter-tag',
    inInput((text) => text.replace('tag="comity"', 'tag="x"')),
  ),
  single(
    'another algorithm',
    'parameter-alg',
    inInput((text) => text.replace('"ed25519"', '"hmac-sha256"')),
  ),
  single(
    'no nonce',
    'parameter-nonce',
    inInput((text) => text.replace(/;nonce="[^"]*"/, '')),
  ),
  single(
    'a nonce of 120 bits',
    'parameter-nonce',
    inInput((text) => text.replace(/nonce="[^"]*"/, 'nonce="AAECAwQFBgcICQoLDA0O"')),
  ),
  single(
    'a life of 301 seconds',
    'time-lifetime',
    inInput((text) => text.replace(/expires=([0-9]+)/, (_, at) => `expires=${Number(at) + 1}`)),
  ),
  refused('exchange/digest-right', 'the body altered on the way', [401, 'digest'], (body) => ({
    sentBody: altered(body),
  })),
  refused('exchange/digest-right', 'a second digest that is wrong', [401, 'digest'], () => ({
    headers: replace(
      'content-digest',
      (text) => `${text}, sha-512=:${Buffer.alloc(64).toString('base64')}:`,
    ),
  })),
  refused(
    'exchange/digest-right',
    'a digest of another algorithm',
    [401, 'digest-algorithm'],
    () => ({
      headers: replace('content-digest', () => `md5=:${Buffer.alloc(16).toString('base64')}:`),
    }),
  ),
  refused('exchange/no-content-encoding', 'Content-Encoding', [415, 'content-encoding'], () => ({
    headers: more('content-encoding', 'gzip'),
  })),
  refused('exchange/media-type', 'another media type', [415, 'content-type'], () => ({
    contentType: 'text/plain',
  })),
  refused('exchange/media-type', 'a charset', [415, 'content-type'], () => ({
    contentType: 'application/json; charset=utf-8',
  })),
  refused('exchange/request-signature', 'signed with another key', [401, 'signature'], () => ({
    sign: byStranger,
  })),
  refused('exchange/request-signature', 'another path than was signed', [401, 'signature'], () => ({
    targetUri: 'https://elsewhere.example/federation/v1/transactions/1',
  })),
  {
    requirement: 'exchange/request-signature',
    does: 'a query added on the way',
    async run(session) {
      const forged = await next(session)
      const sentPath = `/federation/v1/transactions/${forged.id}?x=1`
      expectRefusal(await put(session, forged, { sentPath }), 401, 'signature')
    },
  },
  refused('exchange/key-of-origin', 'a key that nobody pinned', [401, 'key-unknown'], () => ({
    keyId: 'nobody.comity.example/msg1',
  })),
  {
    requirement: 'exchange/key-of-origin',
    does: 'a key that the pinned document does not list',
    async run(session) {
      const keyId = `${session.actor.node}/unlisted`
      expectRefusal(await put(session, await next(session), { keyId }), 401, 'key-unknown')
    },
  },
  refused('exchange/key-of-origin', 'the key of another origin', [401, 'key-node'], () => ({
    origin: 'nobody.comity.example',
  })),
  refused('exchange/times', 'signed seven minutes ago', [401, 'time-expired'], () => ({
    at: addMs(now(), -7 * MINUTE_MS),
  })),
  refused('exchange/times', 'signed two minutes ahead', [401, 'time-created'], () => ({
    at: addMs(now(), 2 * MINUTE_MS),
  })),
  {
    requirement: 'exchange/times',
    does: 'a clock that is 30 seconds ahead is good enough',
    async run(session) {
      const forged = await next(session)
      const heard = await put(session, forged, {
        at: addMs(now(), 30 * SECOND_MS),
        destination: 'nobody.comity.example',
      })
      expectRefusal(heard, 421, 'misdirected')
    },
  },
  {
    requirement: 'exchange/nonce-once',
    does: 'the very request again, and another request with its nonce',
    async run(session) {
      const nonce = newNonce()
      const path = `/federation/v1/channels/${session.actor.node}/head`
      const at = now()
      const ask = { method: 'GET', path, nonce, at }
      await session.talk.ask(ask)
      expectRefusal(await session.talk.ask(ask), 401, 'replay')
      expectRefusal(await put(session, await next(session), { nonce }), 401, 'replay')
    },
  },
  refused('exchange/for-this-node', 'a request for another node', [421, 'misdirected'], () => ({
    destination: 'nobody.comity.example',
  })),
  {
    requirement: 'exchange/status-200',
    does: 'after all these refusals, a good transaction is taken',
    async run(session) {
      await taken(session, await next(session))
    },
  },
]
