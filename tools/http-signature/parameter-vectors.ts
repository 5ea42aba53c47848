/** Requests with a wrong parameter, time or key. */
import {
  A,
  B,
  bad,
  CREATED_S,
  draft,
  drop,
  farFuture,
  golden,
  NONCE,
  replace,
  request,
  set,
  type Vector,
  valid,
} from './drafts.ts'

export const PARAMETER_VECTORS: Readonly<Record<string, Vector>> = {
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
  'key-revoked': bad('the node has revoked the key', 'key-revoked', valid, {
    keys: [{ ...A.listed, revokedAt: '2027-01-15T08:00:00.000Z' }],
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
}
