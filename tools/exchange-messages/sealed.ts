/** Headers that their origin did not sign, and contents that do not open or are of others. */
import { httpPrimitives } from '../../src/adapters/keys/http-primitives.ts'
import { concatBytes, utf8 } from '../../src/base/bytes.ts'
import { linkOf, type MessageHeader } from '../../src/wire/exchange/message-header.ts'
import { ALBION, MINE, OTHERS, SERENA } from './draft.ts'
import { THREE } from './good.ts'
import { malformed, type Vector } from './vector.ts'

type Bend = Parameters<typeof malformed>[2]
const signature = (says: string, bend: Bend) => () => malformed(says, 'header-signature', bend)
const sealed = (says: string, bend: Bend) => () => malformed(says, 'sealed', bend)
const digests = (says: string, bend: Bend) => () => malformed(says, 'header-digests', bend)

const stanza = `-> x ${'A'.repeat(43)}\n${'B'.repeat(43)}\n`

/** Stanzas that mean nothing, before the one that opens; the header's MAC no longer fits. */
const withStanzas = (count: number) => (file: Uint8Array) =>
  concatBytes(file.subarray(0, 22), utf8(stanza.repeat(count)), file.subarray(22))

const flipped = (at: (length: number) => number) => (file: Uint8Array) =>
  file.map((byte, index) => (index === at(file.length) ? byte ^ 1 : byte))

const values = (file: string) => ({
  headerSignature: (given: object) => ({ ...given, value: file }),
})

export const SEALED: Readonly<Record<string, () => Promise<Vector>>> = {
  'signature-by-another-key': signature('headers signed with another key under this id', {
    signingHeaders: SERENA.seed,
  }),
  'signature-by-another-node': signature('headers signed by another pinned node, in its name', {
    signingHeaders: SERENA.seed,
    headerSignature: (given) => ({ ...given, keyId: SERENA.listed.id }),
  }),
  'signature-by-the-destination': signature('headers signed with the key of the destination', {
    signingHeaders: ALBION.seed,
    headerSignature: (given) => ({ ...given, keyId: ALBION.listed.id }),
  }),
  'signature-key-unknown': signature('headers signed with a key that is not listed', {
    headerSignature: (given) => ({ ...given, keyId: 'meridia.example/msg9' }),
  }),
  'signature-zero': signature('a signature of zeros', values(Buffer.alloc(64).toString('base64'))),
  'signature-of-another-header': signature('the signatures of two headers exchanged', {
    ...THREE,
    transaction: (value) => {
      const [first, second, ...rest] = value.messages
      return {
        ...value,
        messages: [
          { ...first, signature: second?.['signature'] },
          { ...second, signature: first?.['signature'] },
          ...rest,
        ],
      }
    },
  }),
  'header-altered': signature('a header altered after it was signed', {
    transaction: (value) => ({ ...value, ...alteredFirst(value.messages) }),
  }),
  'sealed-to-another': sealed('sealed to somebody else', { recipients: [OTHERS.recipient] }),
  'sealed-no-age-file': sealed('no age file', { sealed: () => Uint8Array.of(1, 2, 3) }),
  'sealed-other-version': sealed('an age file of another version', {
    sealed: (file) => concatBytes(utf8('age-encryption.org/v2\n'), file.subarray(22)),
  }),
  'sealed-stanzas-65': sealed('65 stanzas', { sealed: withStanzas(64) }),
  'sealed-stanza-more': sealed('a stanza added afterwards', { sealed: withStanzas(1) }),
  'sealed-header-altered': sealed('a bit of the wrapped key turned', { sealed: flipped(() => 90) }),
  'sealed-content-altered': sealed('a bit of the content turned', {
    sealed: flipped((length) => length - 30),
  }),
  'sealed-cut': sealed('the last byte cut off', { sealed: (file) => file.subarray(0, -1) }),
  'sealed-longer': sealed('a byte after its end', {
    sealed: (file) => concatBytes(file, Uint8Array.of(0)),
  }),
  'sealed-of-another-transaction': digests('contents that were sealed for another header', {
    plaintext: (value) => ({ ...value, headerDigests: ['f'.repeat(64)] }),
  }),
  'digests-swapped': digests('the digests of two headers exchanged', {
    ...THREE,
    plaintext: ({ headerDigests: [first, second, third], ...value }) => ({
      ...value,
      headerDigests: [second, first, third],
    }),
  }),
  'digests-one-less': digests('a digest left out', {
    ...THREE,
    plaintext: ({ headerDigests, ...value }) => ({
      ...value,
      headerDigests: headerDigests.slice(0, 2),
    }),
  }),
  'contents-one-less': digests('a content left out', {
    ...THREE,
    plaintext: ({ contents, ...value }) => ({ ...value, contents: contents.slice(0, 2) }),
  }),
  'contents-one-more': digests('a content more than headers', {
    plaintext: ({ contents, ...value }) => ({ ...value, contents: [...contents, null] }),
  }),
  'contents-unknown-member': sealed('a member more inside what was sealed', {
    plaintext: (value) => ({ ...value, more: 1 }),
  }),
  'contents-salt-short': sealed('a salt of 31 bytes', {
    plaintext: ({ contents: [opening], ...value }) => ({
      ...value,
      contents: [{ ...opening, salt: Buffer.alloc(31).toString('base64') }],
    }),
  }),
  'contents-not-canonical': sealed('a space inside what was sealed', {
    plaintextText: (text) => text.replace('{', '{ '),
  }),
  'contents-not-json': sealed('half a document inside what was sealed', {
    plaintextText: (text) => text.slice(0, -1),
  }),
  'identity-none': () =>
    malformed('the node has no identity that opens it', 'sealed', {
      recipients: [MINE.recipient],
      state: (state) => ({
        ...state,
        receiver: { ...state.receiver, identities: [OTHERS.identity] },
      }),
    }),
}

/** Number, order and links stay as they are: only the type is another one. */
function alteredFirst([first]: readonly Record<string, unknown>[]) {
  const header = { ...(first?.['header'] as object), objectId: 'another' }
  return { messages: [{ ...first, header }], head: headOf(header) }
}

function headOf(header: object): string {
  return linkOf(httpPrimitives, header as MessageHeader)
}
