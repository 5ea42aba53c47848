/** Transactions of a wrong form: refused as a whole, before anything of them is opened. */
import { NOW } from './draft.ts'
import { CONTENT, SECOND_ID, THREE } from './good.ts'
import { malformed, type Vector } from './vector.ts'

const schema = (says: string, bend: Parameters<typeof malformed>[2]) => () =>
  malformed(says, 'schema', bend)

/** In the transaction, around the headers. */
const around =
  (says: string, change: object, code = 'schema') =>
  () =>
    malformed(says, code, { transaction: (value) => ({ ...value, ...change }) })

/** In the header, which is signed and linked so. */
const inHeader =
  (says: string, change: object, code = 'schema') =>
  () =>
    malformed(says, code, { header: (header) => ({ ...header, ...change }) })

/** In the second of three headers. */
const inSecond =
  (says: string, change: object, code = 'sequence') =>
  () =>
    malformed(says, code, {
      ...THREE,
      header: (header, index) => (index === 1 ? { ...header, ...change } : header),
    })

const body = (says: string, code: string, change: (text: string) => string) => () =>
  malformed(says, code, { body: change })

const OTHER_LINK = 'f'.repeat(64)

export const FORM: Readonly<Record<string, () => Promise<Vector>>> = {
  'body-not-json': body('half a document', 'not-json', (text) => text.slice(0, -1)),
  'body-not-utf-8': () =>
    malformed('a byte that no UTF-8 has', 'malformed', {
      request: (draft) => ({ ...draft, body: Uint8Array.of(...draft.body, 0xff) }),
    }),
  'body-space': body('a space', 'not-canonical', (text) => text.replace('{', '{ ')),
  'body-line-end': body('a line end after it', 'not-canonical', (text) => `${text}\n`),
  'body-member-order': body('version first', 'not-canonical', (text) =>
    text.replace(',"v":1}', '}').replace('{"destination"', '{"v":1,"destination"'),
  ),
  'body-member-twice': body('the id twice', 'not-canonical', (text) =>
    text.replace('"id":', '"id":"01940000-0000-7000-8000-000000000999","id":'),
  ),
  'body-number-spelling': body('1.0 instead of 1', 'not-canonical', (text) =>
    text.replace('"firstSeq":1', '"firstSeq":1.0'),
  ),
  'body-escape': body('a letter as an escape', 'not-canonical', (text) =>
    text.replace('meridia', '\\u006deridia'),
  ),
  'body-too-deep': body('33 levels', 'too-deep', (text) =>
    text.replace('"firstSeq":1', `"firstSeq":${'['.repeat(33)}${']'.repeat(33)}`),
  ),
  'body-list': body('a list of one transaction', 'schema', (text) => `[${text}]`),
  'version-2': around('version 2', { v: 2 }, 'version'),
  'version-missing': around('no version', { v: undefined }),
  'unknown-member': around('a member more', { more: 1 }),
  'epoch-missing': around('no epoch', { epoch: undefined }),
  'epoch-zero': around('epoch 0', { epoch: 0 }),
  'epoch-unsafe': around('an epoch of 2^53', { epoch: 2 ** 53 }),
  'first-seq-text': around('a number as a text', { firstSeq: '1' }),
  'first-seq-other': around('firstSeq is not the number of the first', { firstSeq: 2 }, 'sequence'),
  'id-no-uuid': around('an id that is no UUID', { id: '1' }),
  'id-other-than-the-path': around('another id than in the path', { id: SECOND_ID }, 'id'),
  'origin-upper-case': around('an origin in upper case', { origin: 'Meridia.example' }),
  'origin-one-label': around('an origin of one label', { origin: 'meridia' }),
  'head-other': around('head is not the link of the last', { head: OTHER_LINK }, 'head'),
  'head-upper-case': around('head in upper case', { head: OTHER_LINK.toUpperCase() }),
  'messages-none': around('no messages', { messages: [] }),
  'messages-51': schema('51 messages', { contents: Array(51).fill(CONTENT) }),
  'sealed-empty': around('nothing sealed', { sealed: '' }),
  'sealed-stray-bits': around('base64 with stray bits', { sealed: 'QR==' }, 'malformed'),
  'sealed-url-base64': around('the other base64', { sealed: 'a-b_' }),
  'signature-short': schema('a signature of 63 bytes', {
    headerSignature: (signature) => ({
      ...signature,
      value: Buffer.alloc(63).toString('base64'),
    }),
  }),
  'signature-unknown-member': schema('a signature with a member more', {
    headerSignature: (signature) => ({ ...signature, alg: 'ed25519' }),
  }),
  'header-version-2': inHeader('a header of version 2', { v: 2 }),
  'header-unknown-member': inHeader('a header with a member more', { owner: 'meridia.example' }),
  'header-agreement-missing': inHeader('no agreement, not even null', { agreement: undefined }),
  'header-agreement-empty': inHeader('an empty agreement', { agreement: '' }),
  'header-type-with-space': inHeader('a type with a space', { type: 'case note' }),
  'header-type-long': inHeader('a type of 101 letters', { type: 'a'.repeat(101) }),
  'header-id-version-1': inHeader('an id of UUID version 1', {
    id: '01940000-0000-1000-8000-000000001001',
  }),
  'header-seq-zero': inHeader('number 0', { seq: 0 }),
  'header-commitment-short': inHeader('a commitment of 31 bytes', {
    contentCommitment: '0'.repeat(62),
  }),
  'header-object-with-space': inHeader('an object id with a space', { objectId: 'a case' }),
  'header-object-version-zero': inHeader('version 0 of the object', { version: 0 }),
  'header-exercise-other': inHeader('an exercise of another name', { exercise: 'test' }),
  'header-not-after-seconds': inHeader('an instant without milliseconds', {
    notAfter: NOW.replace('.000', ''),
  }),
  'header-not-after-no-day': inHeader(
    'the thirtieth of February',
    { notAfter: '2027-02-30T00:00:00.000Z' },
    'malformed',
  ),
  'header-to-itself': () =>
    malformed('a node that sends to itself', 'schema', {
      header: (header) => ({ ...header, destination: header.origin }),
      transaction: (value) => ({ ...value, destination: 'albion.example' }),
    }),
  'header-prev-of-the-first': inHeader(
    'a first message with a link before it',
    { prev: OTHER_LINK },
    'sequence',
  ),
  'header-of-another-origin': () =>
    malformed('a header of another origin than the transaction', 'sequence', {
      header: (header) => ({ ...header, origin: 'serena.example' }),
      transaction: (value) => ({ ...value, origin: 'meridia.example' }),
    }),
  'header-to-another-destination': () =>
    malformed('a header to another destination than the transaction', 'sequence', {
      header: (header) => ({ ...header, destination: 'serena.example' }),
      transaction: (value) => ({ ...value, destination: 'albion.example' }),
    }),
  'header-of-another-epoch': inSecond('the second header of another epoch', { epoch: 2 }),
  'header-number-left-out': inSecond('the second number left out', { seq: 3 }),
  'header-number-twice': inSecond('the first number again', { seq: 1, prev: '0'.repeat(64) }),
  'header-link-inside': inSecond('the second header after another first', { prev: OTHER_LINK }),
  'header-link-zero-inside': inSecond('the second header after nothing', { prev: '0'.repeat(64) }),
  'header-id-twice': inSecond(
    'one id for two messages',
    { id: '01940000-0000-7000-8000-000000001001' },
    'schema',
  ),
  'headers-swapped': () =>
    malformed('the first two messages exchanged', 'sequence', {
      ...THREE,
      transaction: (value) => ({ ...value, messages: swapped(value.messages) }),
    }),
  'header-left-out': () =>
    malformed('the second message taken out', 'sequence', {
      ...THREE,
      transaction: (value) => ({
        ...value,
        messages: value.messages.filter((_, index) => index !== 1),
      }),
    }),
  'header-last-left-out': () =>
    malformed('the last message taken out', 'head', {
      ...THREE,
      transaction: (value) => ({ ...value, messages: value.messages.slice(0, 2) }),
    }),
}

const swapped = <Item>([first, second, ...rest]: readonly Item[]) => [second, first, ...rest]
