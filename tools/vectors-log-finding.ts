/**
 * Writes findings of a monitor about a log, good and bad ones, each named by what was done to
 * it: `protocol/vectors/log-finding/*.json`. Keys are fixed and public. `--check` only compares.
 */
import { nodePrimitives, publicKeyOf, signEd25519 } from '../src/adapters/node-primitives.ts'
import { textFromUtf8, toBase64, utf8 } from '../src/base/bytes.ts'
import { instant } from '../src/base/time.ts'
import { formatCheckpoint } from '../src/proof/checkpoint.ts'
import { buildConsistency } from '../src/proof/consistency.ts'
import { formatSignedNote, signNote } from '../src/proof/signed-note.ts'
import { hashLeaf, rootOf } from '../src/proof/tree-hash.ts'
import { formatVkey, KEY_TYPE, noteKey } from '../src/proof/vkey.ts'
import { signLogNotice } from '../src/wire/log-notice.ts'
import { finding, type LogFinding } from '../src/wire/monitor/finding.ts'
import { eachMember } from './each-member.ts'
import { jsonText, writeOrCheck } from './generated-files.ts'
import { vectorKey } from './vector-keys.ts'

const NODE = 'meridia.example'
const ORIGIN = `${NODE}/ledger`
const AT = instant('2027-01-15T08:00:00.000Z')
const LOG = vectorKey(`${NODE}/log`, 0).seed
const THIEF = vectorKey(`${NODE}/log`, 32).seed
const MESSAGE = vectorKey(`${NODE}/msg1`, 64)

const keyOf = (name: string, seed: Uint8Array) =>
  noteKey(nodePrimitives, name, KEY_TYPE.ed25519, publicKeyOf(seed))
const logKey = keyOf(ORIGIN, LOG)
const messageKey = keyOf(MESSAGE.listed.id, MESSAGE.seed)

const leavesOf = (history: string, size: number) =>
  Array.from({ length: size }, (_, i) => hashLeaf(nodePrimitives, utf8(`${history} ${i}`)))
const rootAt = (history: string, size: number) => rootOf(nodePrimitives, leavesOf(history, size))

async function head(history: string, treeSize: number, seed = LOG, origin = ORIGIN) {
  const rootHash = rootAt(history, treeSize)
  const text = formatCheckpoint({ origin, treeSize, rootHash, extensions: [] })
  const signer = { key: keyOf(origin, seed), sign: (bytes: Uint8Array) => signEd25519(seed, bytes) }
  const note = formatSignedNote({ text, signatures: [await signNote(signer, text)] })
  return { from: 'log', note: textFromUtf8(note) }
}

async function noticeAt(treeSize: number, rootHash: Uint8Array, seed = MESSAGE.seed) {
  const said = {
    node: NODE,
    closed: { origin: ORIGIN, treeSize, rootHash },
    opened: keyOf(`${NODE}/ledger/2`, THIEF),
    at: AT,
    reason: 'planned',
  } as const
  const signer = { keyId: MESSAGE.listed.id, sign: (bytes: Uint8Array) => signEd25519(seed, bytes) }
  return textFromUtf8(await signLogNotice(nodePrimitives, said, signer, publicKeyOf(seed)))
}

const about = { origin: ORIGIN, logKeys: [formatVkey(logKey)], foundAt: AT }
const proofFrom = (older: number, newer: number) =>
  buildConsistency(nodePrimitives, older, leavesOf('other', newer)).map(toBase64)

const equivocation = finding('equivocation', about, {
  notes: [await head('one', 20), await head('other', 20)],
})
async function unconnectedAt(older: number, newer: number): Promise<LogFinding> {
  return finding('unconnected', about, {
    notes: [await head('one', older), await head('other', newer)],
    otherRoot: toBase64(rootAt('other', older)),
    proof: proofFrom(older, newer),
  })
}
const unconnected = await unconnectedAt(20, 33)
const beyondNotice = finding('beyondNotice', about, {
  notes: [await head('one', 21)],
  notice: await noticeAt(20, rootAt('one', 20)),
  noticeKey: formatVkey(messageKey),
})
const rollback = finding('rollback', about, {
  notes: [await head('one', 20), await head('one', 7)],
})

const shown = (says: string, value: object) => ({
  says,
  verdict: 'shown',
  logKeys: about.logKeys,
  value,
})
const refused = (says: string, value: object) => ({ ...shown(says, value), verdict: 'refused' })
const signedBy = (one: LogFinding, index: number, note: LogFinding['notes'][number]) => ({
  ...one,
  notes: one.notes.map((each, i) => (i === index ? note : each)),
})

const vectors = {
  'valid-equivocation': shown('two roots at one size', equivocation),
  'valid-unconnected': shown('a head of 20 that is no beginning of one of 33', unconnected),
  'valid-unconnected-power-of-two': shown(
    'the smaller tree is one complete subtree, which the proof does not repeat',
    await unconnectedAt(16, 33),
  ),
  'valid-beyond-notice': shown('a head after the end', beyondNotice),
  'valid-beyond-notice-other-root': shown('a head of the last size with another root', {
    ...beyondNotice,
    notes: [await head('other', 20)],
  }),
  'valid-rollback': shown('a smaller head after a larger one: the word of the monitor', rollback),
  'equivocation-same-head-twice': refused(
    'one head is named twice',
    signedBy(equivocation, 1, await head('one', 20)),
  ),
  'equivocation-two-sizes': refused(
    'heads of two sizes convict nobody without a proof',
    signedBy(equivocation, 1, await head('other', 21)),
  ),
  'equivocation-signed-by-other-key': refused(
    'the second head is signed by a key that nobody trusts',
    signedBy(equivocation, 1, await head('other', 20, THIEF)),
  ),
  'equivocation-signature-of-other-text': refused(
    'the signature is that of another head',
    signedBy(equivocation, 1, {
      from: 'log',
      note: `${equivocation.notes[1]?.note.split('\n\n')[0]}\n\n${equivocation.notes[0]?.note.split('\n\n')[1]}`,
    }),
  ),
  'equivocation-one-head': refused('one head only', {
    ...equivocation,
    notes: equivocation.notes.slice(0, 1),
  }),
  'equivocation-other-log': refused(
    'the second head is of another log',
    signedBy(equivocation, 1, await head('other', 20, LOG, 'albion.example/ledger')),
  ),
  'equivocation-origin-changed': refused('the finding names another log than the heads', {
    ...equivocation,
    origin: 'albion.example/ledger',
  }),
  'unconnected-honest-growth': refused('the larger head extends the smaller one', {
    ...unconnected,
    notes: [await head('other', 20), await head('other', 33)],
  }),
  'unconnected-no-proof': refused('without a proof', { ...unconnected, proof: [] }),
  'unconnected-proof-left-out': refused('without the members of the proof', {
    ...equivocation,
    finding: 'unconnected',
    notes: unconnected.notes,
  }),
  'unconnected-proof-of-other-size': refused('the proof is from another size', {
    ...unconnected,
    proof: proofFrom(19, 33),
  }),
  'unconnected-other-root-made-up': refused('the other root does not lead to the larger head', {
    ...unconnected,
    otherRoot: toBase64(new Uint8Array(32).fill(7)),
  }),
  'unconnected-heads-swapped': refused('the larger head stands first', {
    ...unconnected,
    notes: unconnected.notes.toReversed(),
  }),
  'beyond-notice-within': refused('the head is the one that the notice names', {
    ...beyondNotice,
    notes: [await head('one', 20)],
  }),
  'beyond-notice-smaller': refused('a smaller head is allowed', {
    ...beyondNotice,
    notes: [await head('one', 19)],
  }),
  'beyond-notice-signed-by-other-key': refused('the notice is signed by another key', {
    ...beyondNotice,
    notice: await noticeAt(20, rootAt('one', 20), THIEF),
  }),
  'beyond-notice-key-of-other-node': refused('the key is named after another node', {
    ...beyondNotice,
    noticeKey: formatVkey(keyOf('albion.example/msg1', MESSAGE.seed)),
  }),
  'rollback-grown': refused('the second head is larger', {
    ...rollback,
    notes: rollback.notes.toReversed(),
  }),
  'form-unknown-member': refused('a member that no finding has', { ...equivocation, note: 'x' }),
  'form-unknown-finding': refused('a name that no finding has', {
    ...equivocation,
    finding: 'fork',
  }),
  'form-three-heads': refused('three heads', {
    ...equivocation,
    notes: [...equivocation.notes, ...equivocation.notes.slice(0, 1)],
  }),
  'form-version-other': refused('another version', { ...equivocation, v: 2 }),
}

const kinds = { equivocation, unconnected, 'beyond-notice': beyondNotice, rollback }
const bent = Object.entries(kinds).flatMap(([kind, value]) =>
  eachMember(value).map(
    ({ name, says, made }) => [`${kind}-each-${name}`, refused(says, made)] as const,
  ),
)

await writeOrCheck(
  'protocol/vectors/log-finding',
  new Map(
    [...Object.entries(vectors), ...bent].map(([name, value]) => [`${name}.json`, jsonText(value)]),
  ),
)
