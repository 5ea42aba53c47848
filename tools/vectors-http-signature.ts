/**
 * Writes the vectors of the HTTP signature profile, one file each, named by what
 * was done to the message: `protocol/vectors/http-signature/*.json`. Keys are fixed
 * and public; Ed25519 has no randomness, so every run gives the same bytes.
 * `--check` only compares.
 */

import { nodePrimitives, signEd25519 } from '../src/adapters/node-primitives.ts'
import { toBase64, utf8 } from '../src/base/bytes.ts'
import { contentDigest } from '../src/wire/content-digest.ts'
import { jsonText, writeOrCheck } from './generated-files.ts'
import { sha512Digest, vectorKey } from './vector-keys.ts'

type Fields = [name: string, value: string][]

/** A message under construction; every member may be bent before signing. */
type Draft = {
  method: string
  targetUri: string
  fields: Fields
  body: string
  /** Identifiers of covered components, in order. */
  covered: string[]
  label: string
  parameters: [name: string, value: string | number][]
  seed: Uint8Array
}

type Vector = {
  says: string
  now?: string
  keys?: object[]
  node?: string
  request: object
  response?: object
  signatureBase?: string
  expect: 'verified' | { reason: string }
}

const A = vectorKey('a.example/msg1', 0)
const B = vectorKey('b.example/msg1', 32)
const NOW = '2027-01-15T08:00:00.000Z'
const CREATED_S = 1_800_000_000
const TARGET = 'https://b.example/federation/v1/transactions/0001'
const BODY = '{"v":1}'
const NONCE = 'AAECAwQFBgcICQoLDA0ODw'
const COVERED = ['@method', '@target-uri', 'comity-origin', 'comity-destination']
const CONTENT = ['content-type', 'content-digest']

function draft(change: (draft: Draft) => void = () => {}): Draft {
  const made: Draft = {
    method: 'PUT',
    targetUri: TARGET,
    fields: [
      ['comity-origin', 'a.example'],
      ['comity-destination', 'b.example'],
      ['content-type', 'application/json'],
      ['content-digest', contentDigest(nodePrimitives, utf8(BODY))],
    ],
    body: BODY,
    covered: [...COVERED, ...CONTENT],
    label: 'comity',
    parameters: parameters('a.example/msg1'),
    seed: A.seed,
  }
  change(made)
  return made
}

function parameters(keyId: string): [string, string | number][] {
  return [
    ['created', CREATED_S],
    ['expires', CREATED_S + 300],
    ['nonce', NONCE],
    ['keyid', keyId],
    ['alg', 'ed25519'],
    ['tag', 'comity'],
  ]
}

const set = (name: string, value: string | number) => (made: Draft) => {
  made.parameters = made.parameters.map(([each, old]) => [each, each === name ? value : old])
}
const drop = (name: string) => (made: Draft) => {
  made.parameters = made.parameters.filter(([each]) => each !== name)
}
const field = (name: string, value: string) => (made: Draft) => {
  made.fields = made.fields.map(([each, old]) => [each, each === name ? value : old])
}
const cover =
  (...covered: string[]) =>
  (made: Draft) => {
    made.covered = covered
  }

function parametersText({ covered, parameters: given }: Draft): string {
  const identifiers = covered.map(identifier).join(' ')
  const rest = given.map(([name, value]) => {
    return `;${name}=${typeof value === 'number' ? value : `"${value}"`}`
  })
  return `(${identifiers})${rest.join('')}`
}

const identifier = (component: string) => (component.startsWith('"') ? component : `"${component}"`)

function baseOf(made: Draft): string {
  const values: Record<string, string> = {
    '@method': made.method,
    '@target-uri': made.targetUri,
    '@authority': 'b.example',
    '"@method";req': made.method,
    ...Object.fromEntries(made.fields),
  }
  const lines = made.covered.map((each) => `${identifier(each)}: ${values[each] ?? ''}`)
  return [...lines, `"@signature-params": ${parametersText(made)}`].join('\n')
}

/** Signs what was drafted; `after` bends the finished fields. */
function request(made: Draft, after: (fields: Fields) => Fields = (fields) => fields) {
  const signature = toBase64(signEd25519(made.seed, utf8(baseOf(made))))
  const fields = after([
    ...made.fields,
    ['signature-input', `${made.label}=${parametersText(made)}`],
    ['signature', `${made.label}=:${signature}:`],
  ])
  return {
    method: made.method,
    targetUri: made.targetUri,
    headers: fields,
    body: toBase64(utf8(made.body)),
  }
}

const replace = (name: string, change: (value: string) => string) => (fields: Fields) =>
  fields.map(([each, value]): [string, string] => [each, each === name ? change(value) : value])
const add =
  (name: string, value: string) =>
  (fields: Fields): Fields => [...fields, [name, value]]
const without = (name: string) => (fields: Fields) => fields.filter(([each]) => each !== name)

const bad = (says: string, reason: string, made: object, rest: Partial<Vector> = {}): Vector => ({
  says,
  request: made,
  ...rest,
  expect: { reason },
})

const golden = draft()
const valid = request(golden)
const withoutBody = draft((made) => {
  made.method = 'GET'
  made.body = ''
  made.fields = made.fields.slice(0, 2)
  made.covered = COVERED
})
const otherBody = toBase64(utf8('{"v":2}'))
const secondInput = `, sig2=${parametersText(golden)}`
const farFuture = '2027-01-15T08:06:01.000Z'

const requests: Record<string, Vector> = {
  'valid-with-body': {
    says: 'the golden vector',
    request: valid,
    signatureBase: baseOf(golden),
    expect: 'verified',
  },
  'valid-without-body': {
    says: 'GET covers four components',
    request: request(withoutBody),
    signatureBase: baseOf(withoutBody),
    expect: 'verified',
  },
  'valid-sha-512': {
    says: 'a digest of SHA-512 is taken as well',
    request: request(draft(field('content-digest', sha512Digest(BODY)))),
    expect: 'verified',
  },
  'valid-at-the-last-second': {
    says: 'expires and skew have just not passed',
    now: '2027-01-15T08:06:00.000Z',
    request: valid,
    expect: 'verified',
  },
  'valid-ahead-by-the-skew': {
    says: 'created is 60 s ahead of our clock',
    now: '2027-01-15T07:59:00.000Z',
    request: valid,
    expect: 'verified',
  },

  unsigned: bad(
    'no signature at all',
    'field-missing',
    request(golden, (fields) => fields.slice(0, 4)),
  ),
  'signature-input-missing': bad(
    'signature without its input',
    'field-missing',
    request(golden, without('signature-input')),
  ),
  'signature-missing': bad(
    'input without its signature',
    'field-missing',
    request(golden, without('signature')),
  ),
  'signature-input-no-dictionary': bad(
    'the field does not parse',
    'signature-form',
    request(
      golden,
      replace('signature-input', () => 'comity=("@method'),
    ),
  ),
  'signature-member-no-inner-list': bad(
    'the member is a token',
    'parameter-alg',
    request(
      golden,
      replace('signature-input', () => 'comity=x'),
    ),
  ),
  'signature-wrong': bad(
    'one bit of the signature is turned',
    'signature',
    request(
      golden,
      replace('signature', (value) => value.replace('=:T', '=:U')),
    ),
  ),
  'signature-too-short': bad(
    '63 bytes',
    'signature-form',
    request(
      golden,
      replace('signature', () => `comity=:${toBase64(new Uint8Array(63))}:`),
    ),
  ),
  'signature-stray-bits': bad(
    'base64 with unused bits set',
    'signature-form',
    request(
      golden,
      replace('signature', (value) => value.replace(/Q==:$/, 'R==:')),
    ),
  ),
  'signature-with-parameter': bad(
    'a parameter after the bytes',
    'signature-form',
    request(
      golden,
      replace('signature', (value) => `${value};x=1`),
    ),
  ),
  'signature-all-zero': bad(
    '64 zero bytes',
    'signature',
    request(
      golden,
      replace('signature', () => `comity=:${toBase64(new Uint8Array(64))}:`),
    ),
  ),

  'label-other': bad(
    'label sig1',
    'signature-label',
    request(
      draft((made) => {
        made.label = 'sig1'
      }),
    ),
  ),
  'label-differs-in-signature': bad(
    'input comity, signature sig1',
    'signature-label',
    request(
      golden,
      replace('signature', (value) => value.replace('comity', 'sig1')),
    ),
  ),
  'second-signature-after': bad(
    'a second member follows',
    'signature-several',
    request(
      golden,
      replace('signature-input', (value) => value + secondInput),
    ),
  ),
  'second-signature-before': bad(
    'a broken first, a right second: some libraries accept it',
    'signature-several',
    request(golden, (fields) =>
      replace(
        'signature',
        (value) => `sig2=:${toBase64(new Uint8Array(64))}:, ${value}`,
      )(replace('signature-input', (value) => `sig2=${parametersText(golden)}, ${value}`)(fields)),
    ),
  ),
  'second-signature-field': bad(
    'the field comes twice',
    'field-repeated',
    request(golden, add('signature-input', `comity=${parametersText(golden)}`)),
  ),
  'member-repeated': bad(
    'the label comes twice in one field: the last would win',
    'profile',
    request(
      golden,
      replace('signature-input', (value) => `${value}, ${value}`),
    ),
  ),

  'component-method-missing': bad(
    '@method is not covered',
    'profile',
    request(draft(cover(...COVERED.slice(1), ...CONTENT))),
  ),
  'component-target-uri-missing': bad(
    '@target-uri is not covered',
    'profile',
    request(draft(cover('@method', ...COVERED.slice(2), ...CONTENT))),
  ),
  'component-origin-missing': bad(
    'comity-origin is not covered',
    'profile',
    request(draft(cover('@method', '@target-uri', 'comity-destination', ...CONTENT))),
  ),
  'component-destination-missing': bad(
    'comity-destination is not covered',
    'profile',
    request(draft(cover(...COVERED.slice(0, 3), ...CONTENT))),
  ),
  'component-digest-missing': bad(
    'content-digest is not covered',
    'profile',
    request(draft(cover(...COVERED, 'content-type'))),
  ),
  'component-content-missing': bad(
    'a body, but nothing of it covered',
    'profile',
    request(draft(cover(...COVERED))),
  ),
  'component-order': bad(
    'the right components in another order',
    'profile',
    request(draft(cover('@target-uri', '@method', ...COVERED.slice(2), ...CONTENT))),
  ),
  'component-more': bad(
    'one component more',
    'profile',
    request(draft(cover(...COVERED, ...CONTENT, '@authority'))),
  ),
  'component-repeated': bad(
    'one component twice',
    'profile',
    request(draft(cover('@method', ...COVERED, ...CONTENT))),
  ),
  'component-method-of-request': bad(
    '"@method";req in a request: bare names would be equal',
    'profile',
    request(draft(cover('"@method";req', ...COVERED.slice(1), ...CONTENT))),
  ),
  'components-none': bad('nothing covered', 'profile', request(draft(cover()))),

  'parameter-order': bad(
    'nonce before created',
    'profile',
    request(
      draft((made) => {
        made.parameters = [
          ...made.parameters.slice(2, 3),
          ...made.parameters.slice(0, 2),
          ...made.parameters.slice(3),
        ]
      }),
    ),
  ),
  'parameter-more': bad(
    'one parameter more',
    'profile',
    request(
      draft((made) => {
        made.parameters.push(['x', 1])
      }),
    ),
  ),
  'parameter-spelling': bad(
    'a space that the profile has not',
    'profile',
    request(
      golden,
      replace('signature-input', (value) => value.replace(';created', '; created')),
    ),
  ),
  'created-missing': bad('no created', 'parameter-created', request(draft(drop('created')))),
  'created-no-integer': bad(
    'created as a text',
    'parameter-created',
    request(draft(set('created', String(CREATED_S)))),
  ),
  'created-in-the-future': bad('created 61 s ahead of our clock', 'time-created', valid, {
    now: '2027-01-15T07:58:59.000Z',
  }),
  'expires-missing': bad('no expires', 'parameter-expires', request(draft(drop('expires')))),
  'expires-too-late': bad(
    'lives 301 s',
    'time-lifetime',
    request(draft(set('expires', CREATED_S + 301))),
  ),
  'expires-before-created': bad(
    'ends before it begins',
    'time-lifetime',
    request(draft(set('expires', CREATED_S - 1))),
  ),
  expired: bad('one second after expires and skew', 'time-expired', valid, { now: farFuture }),
  'nonce-missing': bad('no nonce', 'parameter-nonce', request(draft(drop('nonce')))),
  'nonce-short': bad(
    'a nonce of 120 bits',
    'parameter-nonce',
    request(draft(set('nonce', NONCE.slice(0, 20)))),
  ),
  'keyid-missing': bad('no key id', 'parameter-keyid', request(draft(drop('keyid')))),
  'keyid-unknown': bad(
    'a key that nobody pinned',
    'key-unknown',
    request(draft(set('keyid', 'a.example/msg9'))),
  ),
  'key-of-another-node': bad(
    'signed by b.example in the name of a.example',
    'key-node',
    request(
      draft((made) => {
        set('keyid', 'b.example/msg1')(made)
        made.seed = B.seed
      }),
    ),
  ),
  'key-other-seed': bad(
    'signed with another key under this id',
    'signature',
    request(
      draft((made) => {
        made.seed = B.seed
      }),
    ),
  ),
  'key-retired': bad('the key has ended', 'key-validity', valid, {
    keys: [{ ...A.listed, validUntil: '2027-01-15T07:59:59.999Z' }],
  }),
  'key-not-yet-valid': bad('the key has not begun', 'key-validity', valid, {
    keys: [{ ...A.listed, validFrom: '2027-01-15T08:00:00.001Z' }],
  }),
  'alg-missing': bad('no alg', 'parameter-alg', request(draft(drop('alg')))),
  'alg-other': bad(
    'alg rsa-pss-sha512',
    'parameter-alg',
    request(draft(set('alg', 'rsa-pss-sha512'))),
  ),
  'tag-missing': bad('no tag', 'parameter-tag', request(draft(drop('tag')))),
  'tag-other': bad(
    'tag of another application',
    'parameter-tag',
    request(draft(set('tag', 'web-bot-auth'))),
  ),

  'method-other': bad('signed as PUT, sent as POST', 'signature', { ...valid, method: 'POST' }),
  'target-uri-other': bad('sent to another transaction', 'signature', {
    ...valid,
    targetUri: TARGET.replace('0001', '0002'),
  }),
  'target-uri-other-host': bad('sent to another node', 'signature', {
    ...valid,
    targetUri: TARGET.replace('b.example', 'c.example'),
  }),
  'target-uri-query': bad('a query added', 'signature', { ...valid, targetUri: `${TARGET}?x=1` }),
  'destination-other': bad(
    'destination changed on the way',
    'signature',
    request(
      golden,
      replace('comity-destination', () => 'c.example'),
    ),
  ),
  'destination-repeated': bad(
    'destination comes twice',
    'field-repeated',
    request(golden, add('comity-destination', 'c.example')),
  ),
  'origin-other': bad(
    'origin changed on the way',
    'key-node',
    request(
      golden,
      replace('comity-origin', () => 'b.example'),
    ),
  ),
  'origin-missing': bad('no origin', 'field-missing', request(golden, without('comity-origin'))),
  'field-with-tab': bad(
    'a control character in a field',
    'field-form',
    request(
      golden,
      replace('comity-destination', () => 'b.example\tx'),
    ),
  ),
  'content-type-other': bad(
    'content type changed on the way',
    'signature',
    request(
      golden,
      replace('content-type', () => 'text/plain'),
    ),
  ),
  'content-encoding': bad(
    'content is coded',
    'content-encoding',
    request(golden, add('content-encoding', 'gzip')),
  ),
  'body-changed': bad('one byte of the body is another', 'digest', { ...valid, body: otherBody }),
  'body-removed': bad('signed with a body, sent without', 'profile', { ...valid, body: '' }),
  'body-added': bad('signed without a body, sent with one', 'field-missing', {
    ...request(withoutBody),
    body: toBase64(utf8(BODY)),
  }),
  'digest-missing': bad(
    'no content-digest',
    'field-missing',
    request(golden, without('content-digest')),
  ),
  'digest-md5': bad(
    'a weak digest',
    'digest-algorithm',
    request(draft(field('content-digest', 'md5=:K8YfZUoWxgO5NbHyFmIOzA==:'))),
  ),
  'digest-md5-beside-sha-256': bad(
    'a weak digest beside a good one',
    'digest-algorithm',
    request(
      draft(
        field(
          'content-digest',
          `${contentDigest(nodePrimitives, utf8(BODY))}, md5=:K8YfZUoWxgO5NbHyFmIOzA==:`,
        ),
      ),
    ),
  ),
  'digest-one-of-two-wrong': bad(
    'SHA-256 is right, SHA-512 is not',
    'digest',
    request(
      draft(
        field(
          'content-digest',
          `${contentDigest(nodePrimitives, utf8(BODY))}, ${sha512Digest('x')}`,
        ),
      ),
    ),
  ),
  'digest-no-bytes': bad(
    'a digest as a text',
    'digest-form',
    request(draft(field('content-digest', 'sha-256="x"'))),
  ),
  'digest-of-other-body': bad(
    'signed, but over other bytes',
    'digest',
    request(draft(field('content-digest', contentDigest(nodePrimitives, utf8('{}'))))),
  ),
}

const ANSWER = '{"ok":true}'
const RESPONSE_COVERED = [
  '"@status"',
  '"content-type"',
  '"content-digest"',
  '"@method";req',
  '"@target-uri";req',
  '"signature";req;key="comity"',
]

function response({
  to = valid,
  status = 200,
  covered = RESPONSE_COVERED,
  key = B,
  label = 'comity',
} = {}) {
  const digest = contentDigest(nodePrimitives, utf8(ANSWER))
  const signed = to.headers.find(([name]) => name === 'signature')?.[1] ?? ''
  const values: Record<string, string | number> = {
    '"@status"': status,
    '"content-type"': 'application/json',
    '"content-digest"': digest,
    '"@method";req': to.method,
    '"@target-uri";req': to.targetUri,
    '"signature";req;key="comity"': signed.slice(signed.indexOf('=') + 1),
    '"signature";req': signed,
  }
  const text = parametersText({ ...golden, covered, parameters: parameters(key.listed.id) })
  const base = [
    ...covered.map((each) => `${each}: ${values[each]}`),
    `"@signature-params": ${text}`,
  ].join('\n')
  const headers: Fields = [
    ['content-type', 'application/json'],
    ['content-digest', digest],
    ['signature-input', `${label}=${text}`],
    ['signature', `${label}=:${toBase64(signEd25519(key.seed, utf8(base)))}:`],
  ]
  return { base, message: { status, headers, body: toBase64(utf8(ANSWER)) } }
}

const answer = response()
const otherRequest = request(draft(set('nonce', 'DwECAwQFBgcICQoLDA0ODw')))
const bent = (says: string, reason: string, made: object, to: object = valid): Vector => ({
  says,
  node: 'b.example',
  request: to,
  response: made,
  expect: { reason },
})
const fields = (change: (given: Fields) => Fields) => ({
  ...answer.message,
  headers: change(answer.message.headers),
})

const responses: Record<string, Vector> = {
  'response-valid': {
    says: 'an answer to the golden request',
    node: 'b.example',
    request: valid,
    response: answer.message,
    signatureBase: answer.base,
    expect: 'verified',
  },
  'response-to-other-request': bent(
    'the same answer, moved to a request that differs only in its nonce',
    'signature',
    answer.message,
    otherRequest,
  ),
  'response-status-changed': bent('200 became 409', 'signature', {
    ...answer.message,
    status: 409,
  }),
  'response-body-changed': bent('another body', 'digest', {
    ...answer.message,
    body: toBase64(utf8('{"ok":null}')),
  }),
  'response-unsigned': bent(
    'no signature',
    'field-missing',
    fields((given) => given.slice(0, 2)),
  ),
  'response-by-another-node': bent(
    'signed by the asker itself',
    'key-node',
    response({ key: A }).message,
  ),
  'response-unbound': bent(
    'the request\u2019s signature is not covered',
    'profile',
    response({ covered: RESPONSE_COVERED.slice(0, 5) }).message,
  ),
  'response-bound-without-key': bent(
    '"signature";req without key: all signatures as one text',
    'profile',
    response({ covered: [...RESPONSE_COVERED.slice(0, 5), '"signature";req'] }).message,
  ),
  'response-label-other': bent(
    'label sig1',
    'signature-label',
    response({ label: 'sig1' }).message,
  ),
  'response-content-encoding': bent(
    'content is coded',
    'content-encoding',
    fields(add('content-encoding', 'gzip')),
  ),
  'response-content-type-changed': bent(
    'another content type',
    'signature',
    fields(replace('content-type', () => 'text/html')),
  ),
  'response-digest-missing': bent(
    'no content-digest',
    'field-missing',
    fields(without('content-digest')),
  ),
  'response-request-method-other': bent('the asker sent GET', 'signature', answer.message, {
    ...valid,
    method: 'GET',
  }),
}

const files = new Map(
  Object.entries({ ...requests, ...responses }).map(([name, vector]) => [
    `${name}.json`,
    jsonText({ now: NOW, keys: [A.listed, B.listed], ...vector }),
  ]),
)

await writeOrCheck('protocol/vectors/http-signature', files)
