/** Responses, right and wrong, to the golden request. */
import { nodePrimitives, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { toBase64, utf8 } from '../../src/base/bytes.ts'
import { contentDigest } from '../../src/wire/content-digest.ts'
import {
  A,
  add,
  B,
  draft,
  type Fields,
  golden,
  parameters,
  parametersText,
  replace,
  request,
  set,
  type Vector,
  valid,
  without,
} from './drafts.ts'

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

export const RESPONSE_VECTORS: Readonly<Record<string, Vector>> = {
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
