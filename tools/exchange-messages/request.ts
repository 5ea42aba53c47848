/** Requests that end before their body is read. What a signature must cover has vectors of its own. */
import { addMs, instant, MINUTE_MS } from '../../src/base/time.ts'
import { type Bend, MERIDIA, NONCE, NOW, SERENA } from './draft.ts'
import { having, malformed, refused, unverified, type Vector } from './vector.ts'

const bare = (says: string, status: number, code: string, bend: Bend) => () =>
  refused(says, { status, code, signed: false }, bend)
const no = (says: string, code: string, bend: Bend) => () => unverified(says, code, bend)
const signed = (says: string, status: number, code: string, bend: Bend) => () =>
  refused(says, { status, code, signed: true }, bend)

const field = (name: string, value: string) => (fields: [string, string][]) =>
  fields.map(([each, old]): [string, string] => [each, each === name ? value : old])
const key = (change: object): Bend => ({
  state: (state) => ({
    ...state,
    peers: [
      { node: 'meridia.example', messageKeys: [{ ...listed, ...change }] },
      ...state.peers.slice(1),
    ],
  }),
})
const { node: _, ...listed } = MERIDIA.listed
const at = (ms: number): Bend => ({ state: having({ now: addMs(instant(NOW), ms) }) })

export const REQUEST: Readonly<Record<string, () => Promise<Vector>>> = {
  'method-post': bare('POST', 404, 'not-found', { method: () => 'POST' }),
  'path-other': bare('a door that there is not', 404, 'not-found', {
    target: (target) => target.replace('v1', 'v9'),
  }),
  'path-id-no-uuid': signed('an id in the path that is no UUID', 400, 'id', {
    transactionId: 'one',
  }),
  'content-type-other': bare('another media type', 415, 'content-type', {
    fields: field('content-type', 'text/plain'),
  }),
  'content-type-charset': bare('a charset', 415, 'content-type', {
    fields: field('content-type', 'application/json; charset=utf-8'),
  }),
  'content-encoding': bare('coded content', 415, 'content-encoding', {
    fields: (fields) => [...fields, ['content-encoding', 'gzip']],
  }),
  'body-altered': no('a byte of the body altered on the way', 'digest', {
    sentBody: (body) => body.map((byte, index) => (index === 600 ? byte ^ 1 : byte)),
  }),
  'body-cut': no('the body cut on the way', 'digest', { sentBody: (body) => body.subarray(0, -1) }),
  'body-missing': no('no body', 'profile', { sentBody: () => new Uint8Array() }),
  'path-altered': no('another id in the path than was signed', 'signature', {
    target: (target) => target.replace('100', '101'),
  }),
  'query-added': no('a query added on the way', 'signature', {
    target: (target) => `${target}?x=1`,
  }),
  'signed-for-another-address': no('signed for another base URL', 'signature', {
    request: (draft) => ({
      ...draft,
      targetUri: draft.targetUri.replace('albion', 'serena'),
    }),
  }),
  unsigned: no('no signature', 'field-missing', {
    fields: (fields) => fields.filter(([name]) => name !== 'signature'),
  }),
  'header-field-twice': no('the origin twice', 'field-repeated', {
    fields: (fields) => [...fields, ['comity-origin', 'meridia.example']],
  }),
  'origin-other': no('another origin than the key is of', 'key-node', {
    fields: field('comity-origin', 'serena.example'),
  }),
  'origin-unknown': no('a node that is not pinned', 'key-unknown', {
    keyId: 'zenobia.example/msg1',
  }),
  'key-unlisted': no('a key that the pinned document does not list', 'key-unknown', {
    keyId: 'meridia.example/msg2',
  }),
  'key-of-another-peer': no('signed by another peer in this one’s name', 'key-node', {
    keyId: SERENA.listed.id,
    signing: SERENA.seed,
  }),
  'key-stolen-id': no('signed with another key under this id', 'signature', {
    signing: SERENA.seed,
  }),
  'key-retired': no(
    'the key is over',
    'key-validity',
    key({ validUntil: '2027-01-15T07:59:59.999Z' }),
  ),
  'key-not-begun': no(
    'the key has not begun',
    'key-validity',
    key({ validFrom: '2027-01-15T08:00:00.001Z' }),
  ),
  'key-revoked': no('the node has revoked the key', 'key-revoked', key({ revokedAt: NOW })),
  'time-late': no('six minutes and a second late', 'time-expired', at(6 * MINUTE_MS + 1000)),
  'time-early': no('61 seconds ahead', 'time-created', at(-61_000)),
  'nonce-replayed': no('the nonce came before', 'replay', {
    state: having({ nonces: [{ keyId: MERIDIA.listed.id, nonce: NONCE }] }),
  }),
  'destination-other': signed('signed for another node', 421, 'misdirected', {
    request: (draft) => ({ ...draft, destination: 'serena.example' }),
  }),
  'transaction-for-another': signed(
    'a transaction for another node, in a request for this one',
    421,
    'misdirected',
    {
      header: (header) => ({ ...header, destination: 'serena.example' }),
    },
  ),
  'transaction-of-another-origin': () =>
    malformed('a transaction of another peer', 'origin', {
      header: (header) => ({ ...header, origin: 'serena.example' }),
    }),
  'no-agreement': signed('nothing under which they talk', 403, 'no-agreement', {
    state: having({ agreement: false }),
  }),
  'peer-of-an-exercise': signed(
    'a peer that trains, at a node that works on real cases',
    403,
    'exercise',
    {
      state: (state) => ({
        ...state,
        peers: state.peers.map((peer) => ({ ...peer, exercise: 'training' })),
      }),
    },
  ),
  'node-of-an-exercise': signed(
    'a peer that works on real cases, at a node that trains',
    403,
    'exercise',
    {
      state: (state) => ({ ...state, receiver: { ...state.receiver, exercise: 'training' } }),
    },
  ),
}
