/** Keys, notes and receipts of small trees for tests; the seeds are published, never use them. */
import {
  mlDsa44Signer,
  nodePrimitives,
  publicKeyOf,
  signEd25519,
} from '../../src/adapters/node-primitives.ts'
import { utf8 } from '../../src/base/bytes.ts'
import { formatCheckpoint } from '../../src/proof/checkpoint.ts'
import { cosignatureLine, cosignedMessage } from '../../src/proof/cosignature.ts'
import type { NoteSignature, SignedNote } from '../../src/proof/signed-note.ts'
import type { TreeHead } from '../../src/proof/tree-hash.ts'
import { KEY_TYPE, type KeyType, type NoteKey, noteKey } from '../../src/proof/vkey.ts'

/** A note signer whose key is at hand, so that trees of tests are made without waiting. */
export type TestSigner = {
  readonly key: NoteKey
  readonly sign: (message: Uint8Array) => Uint8Array
}

export function testSigner(name: string, type: KeyType, seed: Uint8Array): TestSigner {
  const key = noteKey(nodePrimitives, name, type, publicKeyOf(seed))
  return { key, sign: (message) => signEd25519(seed, message) }
}

/** A second key of the same witness, of type 0x06. */
export function mlDsaSigner(name: string, seed: Uint8Array): TestSigner {
  const { publicKey, sign } = mlDsa44Signer(seed)
  return { key: noteKey(nodePrimitives, name, KEY_TYPE.mlDsa44Cosignature, publicKey), sign }
}

const upwards = Uint8Array.from({ length: 32 }, (_, i) => i)

/** Signs the checkpoints of `authority.example/ledger`. */
export const logSigner = testSigner('authority.example/ledger', KEY_TYPE.ed25519, upwards)
export const witnessSigner = testSigner(
  'witness.example/w1',
  KEY_TYPE.cosignature,
  upwards.toReversed(),
)

export const COSIGNED_AT_SECONDS = 1_800_000_000

type HeadOptions = {
  readonly signer?: TestSigner
  readonly origin?: string
  readonly cosigners?: readonly TestSigner[]
}

/** A signed note of a tree head, with cosignatures. */
export function signedHead(head: TreeHead, options: HeadOptions = {}): SignedNote {
  const { signer = logSigner, origin = signer.key.name, cosigners = [] } = options
  const text = formatCheckpoint({ origin, ...head, extensions: [] })
  const cosignatures = cosigners.map((each) => testCosignature(each, text, COSIGNED_AT_SECONDS))
  return { text, signatures: [testSignature(signer, text), ...cosignatures] }
}

export function testSignature({ key, sign }: TestSigner, text: string): NoteSignature {
  return { name: key.name, keyId: key.keyId, signature: sign(utf8(text)) }
}

export function testCosignature(
  { key, sign }: TestSigner,
  text: string,
  timeSeconds: number,
): NoteSignature {
  return cosignatureLine(key, timeSeconds, sign(cosignedMessage(key, text, timeSeconds)))
}
