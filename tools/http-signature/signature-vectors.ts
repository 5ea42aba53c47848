/** Requests that are right, and requests with a wrong signature, label or list of components. */
import { toBase64 } from '../../src/base/bytes.ts'
import { sha512Digest } from '../vector-keys.ts'
import {
  add,
  BODY,
  bad,
  baseOf,
  CONTENT,
  COVERED,
  cover,
  draft,
  field,
  golden,
  parametersText,
  replace,
  request,
  secondInput,
  type Vector,
  valid,
  without,
  withoutBody,
} from './drafts.ts'

export const SIGNATURE_VECTORS: Readonly<Record<string, Vector>> = {
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
}
