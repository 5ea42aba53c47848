/** Requests that were changed, or whose digest is wrong. */
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { toBase64, utf8 } from '../../src/base/bytes.ts'
import { contentDigest } from '../../src/wire/content-digest.ts'
import { sha512Digest } from '../vector-keys.ts'
import {
  add,
  BODY,
  bad,
  draft,
  field,
  golden,
  otherBody,
  replace,
  request,
  TARGET,
  type Vector,
  valid,
  without,
  withoutBody,
} from './drafts.ts'

export const MESSAGE_VECTORS: Readonly<Record<string, Vector>> = {
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
