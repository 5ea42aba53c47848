/**
 * `comity eval note|checkpoint|cosignature|tlog-proof`: who signed a text, what a log
 * says of itself, who saw it, and whether an entry is in it (C2SP signed-note,
 * tlog-checkpoint, tlog-cosignature, tlog-proof).
 */
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { toBase64, utf8 } from '../../base/bytes.ts'
import type { Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { type Checkpoint, parseCheckpoint, verifyCheckpoint } from '../../proof/checkpoint.ts'
import { type Cosignature, verifyCosignatures } from '../../proof/cosignature.ts'
import { parsePolicy } from '../../proof/policy.ts'
import { verifyReceipt } from '../../proof/receipt.ts'
import {
  knownSignatures,
  parseSignedNote,
  type SignedNote,
  verifySignedNote,
} from '../../proof/signed-note.ts'
import { formatVkey, KEY_TYPE, type NoteKey, parseVkey } from '../../proof/vkey.ts'
import { bytesIn, type Line, objectIn, textIn } from './fields.ts'

export const VKEYS_MAX = 256

/** Plain signatures and, where the text is a checkpoint, cosignatures. @throws ComityError */
export function evalNote(input: Json): Json {
  const line = objectIn(input)
  const note = noteIn(line, 'note')
  const keys = keysIn(line)
  const cosigned = verifyCosignatures(nodePrimitives, note, keys).map(({ key }) => key)
  const isPlain = knownSignatures(note, keys.filter(signsTexts)).length > 0
  // Without a cosignature either, it is this that says that nobody known signed.
  const signed =
    isPlain || cosigned.length === 0 ? verifySignedNote(nodePrimitives, note, keys) : []
  return { text: note.text, signedBy: [...signed, ...cosigned].map(formatVkey) }
}

/** @throws ComityError `malformed`, or `unverified` if no key of the log signed */
export function evalCheckpoint(input: Json): Json {
  const line = objectIn(input)
  const note = noteIn(line, 'checkpoint')
  const keys = keysIn(line)
  const checkpoint = verifyCheckpoint(nodePrimitives, note, keys)
  const cosignatures = verifyCosignatures(nodePrimitives, note, keys)
  return { ...headOf(checkpoint), cosignatures: cosignatures.map(cosignatureOf) }
}

/** Of a checkpoint whose log need not be known. @throws ComityError */
export function evalCosignature(input: Json): Json {
  const line = objectIn(input)
  const note = noteIn(line, 'checkpoint')
  parseCheckpoint(note.text)
  const found = verifyCosignatures(nodePrimitives, note, keysIn(line))
  return { cosignatures: found.map(cosignatureOf) }
}

/** @throws ComityError `malformed`, or `unverified` with the failed step as reason */
export function evalTlogProof(input: Json): Json {
  const line = objectIn(input)
  const verified = verifyReceipt(nodePrimitives, {
    receipt: utf8(textIn(line, 'proof')),
    entry: bytesIn(line, 'entry'),
    policy: parsePolicy(nodePrimitives, utf8(textIn(line, 'policy'))),
  })
  const { leafIndex, checkpoint, cosignatures } = verified
  return {
    ok: true,
    index: leafIndex,
    ...headOf(checkpoint),
    cosignatures: cosignatures.map(cosignatureOf),
  }
}

function noteIn(line: Line, field: string): SignedNote {
  return parseSignedNote(utf8(textIn(line, field)), field)
}

function keysIn({ vkeys }: Line): NoteKey[] {
  const field = 'vkeys'
  if (!Array.isArray(vkeys)) throw malformed('not a list', { field })
  if (vkeys.length > VKEYS_MAX) throw malformed(`more than ${VKEYS_MAX} keys`, { field })
  return vkeys.map((vkey: Json, index) => {
    if (typeof vkey !== 'string') throw malformed('not a text', { field: `${field}/${index}` })
    return parseVkey(nodePrimitives, vkey, `${field}/${index}`)
  })
}

const signsTexts = ({ type }: NoteKey) => type === KEY_TYPE.ed25519

function headOf({ origin, treeSize, rootHash, extensions }: Checkpoint) {
  return { origin, treeSize, rootHash: toBase64(rootHash), extensions }
}

function cosignatureOf({ key, timeSeconds }: Cosignature) {
  return { vkey: formatVkey(key), name: key.name, timeSeconds }
}
