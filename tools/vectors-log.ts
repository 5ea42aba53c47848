/**
 * Writes notices that close a log, good and bad ones, each named by what was done to
 * it: `protocol/vectors/log/*.json`. Keys are fixed and public. `--check` only compares.
 */
import { nodePrimitives, publicKeyOf, signEd25519 } from '../src/adapters/node-primitives.ts'
import { textFromUtf8, toHex } from '../src/base/bytes.ts'
import { invariant } from '../src/base/errors.ts'
import { instant } from '../src/base/time.ts'
import { formatSignedNote, signNote } from '../src/proof/signed-note.ts'
import { KEY_TYPE, noteKey } from '../src/proof/vkey.ts'
import { type LogNotice, signLogNotice } from '../src/wire/log-notice.ts'
import { jsonText, writeOrCheck } from './generated-files.ts'
import { vectorKey } from './vector-keys.ts'

const NODE = 'meridia.example'
const MERIDIA = vectorKey(`${NODE}/msg1`, 0)
const OTHER = vectorKey(`${NODE}/msg1`, 32)
const ALBION = vectorKey('albion.example/msg1', 32)
const AT = instant('2027-01-15T08:00:00.000Z')

const opened = (name: string) =>
  noteKey(
    nodePrimitives,
    name,
    KEY_TYPE.ed25519,
    publicKeyOf(vectorKey(MERIDIA.listed.id, 64).seed),
  )

const notice: LogNotice = {
  node: NODE,
  closed: { origin: `${NODE}/ledger`, treeSize: 110, rootHash: new Uint8Array(32).fill(7) },
  opened: opened(`${NODE}/ledger/2`),
  at: AT,
  reason: 'restored',
}

type Key = ReturnType<typeof vectorKey>

async function textOf(changed: Partial<LogNotice> = {}, { seed, listed }: Key = MERIDIA) {
  const sign = (bytes: Uint8Array) => signEd25519(seed, bytes)
  const signer = { keyId: listed.id, sign }
  const bytes = await signLogNotice(
    nodePrimitives,
    { ...notice, ...changed },
    signer,
    publicKeyOf(seed),
  )
  return textFromUtf8(bytes)
}

type Context = { readonly keys?: readonly object[]; readonly now?: string }

function vector(
  says: string,
  verdict: 'accepted' | 'refused',
  note: string,
  context: Context = {},
) {
  const { keys = [MERIDIA.listed], now = AT } = context
  return { says, verdict, keys, now, note }
}

const good = await textOf()
const accepted = async (says: string, changed: Partial<LogNotice>) => {
  const note = await textOf(changed)
  const commitment = toHex(nodePrimitives.sha256(new TextEncoder().encode(note)))
  return { ...vector(says, 'accepted', note), commitmentOfEntry0: commitment }
}
const edited = (says: string, from: string, to: string) =>
  vector(says, 'refused', good.replace(from, to))
const closed = (origin: string) => ({ ...notice.closed, origin })
const revoked = (revokedAt: string) => ({ keys: [{ ...MERIDIA.listed, revokedAt }] })

const vectors = {
  'valid-restored': await accepted('a node that came back from a backup', {}),
  'valid-planned': await accepted('a planned change of the log key', { reason: 'planned' }),
  'valid-compromised': await accepted('the log key is in other hands', { reason: 'compromised' }),
  'valid-third-log': await accepted('the second log is followed by the third', {
    closed: closed(`${NODE}/ledger/2`),
    opened: opened(`${NODE}/ledger/3`),
  }),
  'size-changed': edited('the size was changed after signing', ' 110 ', ' 109 '),
  'size-with-leading-zero': edited('a size is written with a leading zero', ' 110 ', ' 0110 '),
  'root-changed': edited('the root was changed after signing', ' Bwc', ' Bwd'),
  'reason-changed': edited('the reason was changed after signing', 'restored', 'planned'),
  'reason-unknown': edited('an unknown reason', 'restored', 'tired'),
  'version-other': edited('another version', 'log-notice/v1', 'log-notice/v2'),
  'line-missing': edited('without the time', `at ${AT}\n`, ''),
  'line-added': edited('with a line more', 'reason restored\n', 'reason restored\nmore text\n'),
  'signature-missing': vector('nobody signed', 'refused', good.slice(0, good.indexOf('\n\n') + 2)),
  'signature-by-other-key': vector(
    'signed with another key under the same id',
    'refused',
    await textOf({}, OTHER),
  ),
  'signature-by-other-node': vector('signed by another node', 'refused', await textOf({}, ALBION), {
    keys: [MERIDIA.listed, ALBION.listed],
  }),
  'key-revoked-before': vector('the key was revoked before', 'refused', good, revoked(AT)),
  'key-revoked-since': vector('the key was revoked since', 'refused', good, {
    ...revoked('2027-02-01T00:00:00.000Z'),
    now: '2027-02-01T00:00:00.000Z',
  }),
  'key-over-since': vector('the key is over since', 'refused', good, {
    now: '2028-01-01T00:00:00.001Z',
  }),
  'key-not-begun': vector('the key had not begun', 'refused', good, {
    keys: [{ ...MERIDIA.listed, validFrom: '2027-01-15T08:00:00.001Z' }],
  }),
  'at-in-the-future': vector('more than 60 s ahead', 'refused', good, {
    now: '2027-01-15T07:58:59.999Z',
  }),
  'log-skipped': vector(
    'the opened log does not follow',
    'refused',
    await textOf({ opened: opened(`${NODE}/ledger/3`) }),
  ),
  'log-of-another-node': vector(
    'it closes the log of another node',
    'refused',
    await textOf({ closed: closed('albion.example/ledger') }),
  ),
  'log-opened-elsewhere': vector(
    'it opens a log of another node',
    'refused',
    await textOf({ opened: opened('albion.example/ledger/2') }),
  ),
}

/** Signed as it stands, whatever it says. */
async function signedText(text: string): Promise<string> {
  const { seed, listed } = MERIDIA
  const key = noteKey(nodePrimitives, listed.id, KEY_TYPE.ed25519, publicKeyOf(seed))
  const sign = (bytes: Uint8Array) => signEd25519(seed, bytes)
  return textFromUtf8(formatSignedNote({ text, signatures: [await signNote({ key, sign }, text)] }))
}

const body = good.slice(0, good.indexOf('\n\n') + 1)
invariant((await signedText(body)) === good, 'a notice is a signed note')
const lines = body.trimEnd().split('\n')

/** What becomes of one line, in a notice that is signed so. */
const WAYS: Readonly<Record<string, readonly [says: string, change: (line: string) => string[]]>> =
  {
    missing: ['left out', () => []],
    twice: ['twice', (line) => [line, line]],
    'space-before': ['with a space before it', (line) => [` ${line}`]],
    'space-after': ['with a space after it', (line) => [`${line} `]],
    'upper-case': ['in upper case', (line) => [line.toUpperCase()]],
    'word-missing': ['without its last word', (line) => [line.replace(/ ?[^ ]+$/, '') || 'x']],
    'word-added': ['with a word more', (line) => [`${line} x`]],
    'two-spaces': [
      'with two spaces',
      (line) => [line.replace(' ', '  ').replace(/^([^ ]+)$/, '$1  ')],
    ],
  }

const bentLines = await Promise.all(
  lines.flatMap((line, at) =>
    Object.entries(WAYS).map(async ([way, [says, change]]) => {
      const text = `${lines.toSpliced(at, 1, ...change(line)).join('\n')}\n`
      const name = at === 0 ? 'version' : line.slice(0, line.indexOf(' '))
      const made = vector(`the line ${name} ${says}, signed so`, 'refused', await signedText(text))
      return [`line-${name}-${way}`, made] as const
    }),
  ),
)

const bentNotes = {
  ...Object.fromEntries(bentLines),
  'note-empty': vector('nothing', 'refused', ''),
  'note-byte-after': vector('a byte after it', 'refused', `${good}x`),
  'note-line-end-missing': vector('no line end at its end', 'refused', good.slice(0, -1)),
  'note-carriage-returns': vector('CRLF line ends', 'refused', good.replaceAll('\n', '\r\n')),
  'note-hyphen': vector('a hyphen for the dash', 'refused', good.replace('—', '-')),
  'note-bit-turned': vector('a letter of the signature changed', 'refused', bitTurned(good)),
}

function bitTurned(note: string): string {
  const at = note.length - 20
  return `${note.slice(0, at)}${note[at] === 'A' ? 'B' : 'A'}${note.slice(at + 1)}`
}

await writeOrCheck(
  'protocol/vectors/log',
  new Map(
    Object.entries({ ...vectors, ...bentNotes }).map(([name, value]) => [
      `notice-${name}.json`,
      jsonText(value),
    ]),
  ),
)
