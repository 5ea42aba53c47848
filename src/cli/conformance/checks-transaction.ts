/** Bad transactions of a peer that is who it says: refused as a whole, and no number is taken. */
import { randomBytes } from 'node:crypto'
import { signEd25519 } from '../../adapters/node-primitives.ts'
import { systemRandom } from '../../adapters/random.ts'
import { concatBytes, utf8 } from '../../base/bytes.ts'
import { generateIdentity, recipientOf } from '../../seal/seal.ts'
import { type Check, expectRefusal, next, put } from './check.ts'
import type { Bend } from './forge.ts'

const ONE_ID = '01940000-0000-7000-8000-000000000001'
const OTHER_LINK = 'f'.repeat(64)
const stranger = new Uint8Array(randomBytes(32))

function bad(
  requirement: string,
  does: string,
  code: string,
  bend: Bend | (() => Promise<Bend>),
): Check {
  return {
    requirement,
    does,
    async run(session) {
      const forged = await next(session, typeof bend === 'function' ? await bend() : bend)
      expectRefusal(await put(session, forged), 400, code)
    },
  }
}

/** Another spelling of the same transaction. */
function spelt(does: string, code: string, change: (text: string) => string): Check {
  return {
    requirement: 'exchange/canonical-json',
    does,
    async run(session) {
      const { id, body } = await next(session)
      const bent = utf8(change(Buffer.from(body).toString()))
      expectRefusal(await put(session, { id, body: bent }), 400, code)
    },
  }
}

const form = (does: string, change: object, code = 'schema') =>
  bad('exchange/canonical-json', does, code, { body: (value) => ({ ...value, ...change }) })
const place = (does: string, bend: Bend, code = 'sequence') =>
  bad('exchange/headers-in-place', does, code, bend)
const second = (change: object): Bend => ({
  messages: 3,
  header: (header, index) => (index === 1 ? { ...header, ...change } : header),
})
const STANZA = `-> x ${'A'.repeat(43)}\n${'B'.repeat(43)}\n`

export const TRANSACTION_CHECKS: readonly Check[] = [
  spelt('half a document', 'not-json', (text) => text.slice(0, -1)),
  spelt('a space', 'not-canonical', (text) => text.replace('{', '{ ')),
  spelt('a member twice', 'not-canonical', (text) => text.replace('"v":1', '"v":1,"v":1')),
  spelt('1.0 instead of 1', 'not-canonical', (text) => text.replace('"v":1', '"v":1.0')),
  spelt('33 levels', 'too-deep', (text) =>
    text.replace('"v":1', `"v":${'['.repeat(33)}${']'.repeat(33)}`),
  ),
  form('an unknown member', { more: 1 }),
  form('no epoch', { epoch: undefined }),
  form('a number as a text', { firstSeq: '1' }),
  form('no messages', { messages: [] }),
  bad('exchange/canonical-json', 'an unknown member of a header', 'schema', {
    header: (header) => ({ ...header, owner: 'me' }),
  }),
  bad('exchange/transaction-size', '51 messages', 'schema', { messages: 51 }),
  {
    requirement: 'exchange/transaction-size',
    does: 'a body above 1 MiB',
    async run(session) {
      const body = new Uint8Array(1024 * 1024 + 1).fill(0x20)
      expectRefusal(await put(session, { id: systemRandom.uuid(), body }), 413, 'size')
    },
  },
  {
    requirement: 'exchange/headers-in-place',
    does: 'another id in the path',
    async run(session) {
      const { body } = await next(session)
      expectRefusal(await put(session, { id: systemRandom.uuid(), body }), 400, 'id')
    },
  },
  {
    requirement: 'exchange/headers-in-place',
    does: 'an id in the path that is no UUID',
    async run(session) {
      const { body } = await next(session)
      expectRefusal(await put(session, { id: 'one', body }), 400, 'id')
    },
  },
  place('a number left out', second({ seq: 9_000_000 })),
  place('another link inside', second({ prev: OTHER_LINK })),
  place('a header of another epoch', second({ epoch: 9_000_000 })),
  place('a header to another destination', second({ destination: 'nobody.comity.example' })),
  place('one id twice', { messages: 2, header: (header) => ({ ...header, id: ONE_ID }) }, 'schema'),
  bad('exchange/headers-in-place', 'head is not the last link', 'head', {
    body: (value) => ({ ...value, head: OTHER_LINK }),
  }),
  bad('exchange/header-signature', 'headers that somebody else signed', 'header-signature', {
    signHeaders: (bytes) => signEd25519(stranger, bytes),
  }),
  bad('exchange/header-signature', 'a header altered after it was signed', 'header-signature', {
    body: (value) => ({ ...value, messages: zeroed(value['messages']) }),
  }),
  bad('exchange/seal', 'sealed to somebody else', 'sealed', async () => ({
    recipients: [await recipientOf(await generateIdentity())],
  })),
  bad('exchange/seal', 'no age file', 'sealed', { sealed: () => Uint8Array.of(1, 2, 3) }),
  bad('exchange/seal', 'a bit of the content turned', 'sealed', {
    sealed: (file) => file.map((byte, at) => (at === file.length - 20 ? byte ^ 1 : byte)),
  }),
  bad('exchange/header-limits', '65 stanzas', 'sealed', {
    sealed: (file) => concatBytes(file.subarray(0, 22), utf8(STANZA.repeat(64)), file.subarray(22)),
  }),
  bad('exchange/header-limits', 'digests of other headers', 'header-digests', {
    digests: () => [OTHER_LINK],
  }),
  bad('exchange/header-limits', 'two digests exchanged', 'header-digests', {
    messages: 2,
    digests: (links) => links.toReversed(),
  }),
]

/** The signatures of other bytes. */
function zeroed(messages: unknown): unknown {
  return (messages as { header: object; signature: object }[]).map(({ header, signature }) => ({
    header,
    signature: { ...signature, value: Buffer.alloc(64).toString('base64') },
  }))
}
