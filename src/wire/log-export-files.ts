/**
 * The files of a node export: all logs of a node with what is needed to read them. What
 * is not accounted for by a tree stands in a manifest that the node signed.
 */
import { type Bytes, toHex, utf8 } from '../base/bytes.ts'
import { unverified } from '../base/errors.ts'
import type { Primitives } from '../proof/primitives.ts'
import { verifySignedNote } from '../proof/signed-note.ts'
import type { MessageKey } from './http-signature.ts'
import { MANIFEST, packageKey, readSignatureNote, SIGNATURE } from './package/bag.ts'

export const EXPORT = {
  readme: 'README.txt',
  manifest: MANIFEST,
  signature: SIGNATURE,
  policy: 'policy.txt',
  document: 'node.json',
  /** Stands in the folder of a log of which the node itself has nothing left. */
  lost: 'lost.txt',
} as const

export const LOST_TEXT = utf8('This log was lost with a backup. Only its closing notice is left.\n')

export const logPath = (ordinal: number) => `ledger/${ordinal}/`
export const documentPath = (version: number) =>
  `documents/${String(version).padStart(8, '0')}.json`

/** Which log a path of an export is of, and where in it; undefined: it is a file of the whole. */
export function placeInLog(path: string): { ordinal: number; path: string } | undefined {
  const [, ordinal, rest] = /^ledger\/([1-9][0-9]{0,3})\/(.+)$/.exec(path) ?? []
  return ordinal && rest ? { ordinal: Number(ordinal), path: rest } : undefined
}

/** The text that the signature note carries. */
export function exportStatement(primitives: Primitives, node: string, manifest: Uint8Array) {
  return `comity log export v1\n${node}\nsha256 ${toHex(primitives.sha256(manifest))}\n`
}

/** @throws ComityError `malformed`, `unverified` */
export function verifyExportSignature(
  primitives: Primitives,
  bytes: Uint8Array,
  { node, manifest, keys }: { node: string; manifest: Uint8Array; keys: readonly MessageKey[] },
): string {
  const note = readSignatureNote(bytes)
  const named = keys.filter(({ id, node: owner }) => id === note.keyName && owner === node)
  verifySignedNote(
    primitives,
    note,
    named.slice(-1).map(({ id, publicKey }) => packageKey(primitives, id, publicKey)),
  )
  if (note.text !== exportStatement(primitives, node, manifest)) {
    throw unverified('it is not the manifest that the node signed', { field: MANIFEST })
  }
  return note.keyName
}

/** An export is compared with it: after a release the text of before must stay known beside a new one. */
export const README: Bytes =
  utf8(`The logs of a node of Comity, for whoever wants to keep or check them.

policy.txt           the logs and witnesses by which the node says that its logs count (C2SP tlog-policy)
node.json            the node's document: its name, addresses and keys, signed by one of them
documents/           every document that the node published: the events that did, with their proofs
ledger/1/            its first log; ledger/2/ the one that followed, and so on
  checkpoint         the signed head: origin, number of entries, root hash, signatures (C2SP tlog-checkpoint)
  tile/0/000 …       hashes, 32 bytes each, up to 256 in a file: level, then number (C2SP tlog-tiles)
  tile/entries/000 … the entries: up to 256 in a file, each after its length, two bytes, big-endian
  log-notice         of a closed log: the signed notice that closed it
manifest-sha256.txt  digests of all of these but checkpoints and tiles, which the tree accounts for
signature.note       the node's signature on the manifest (C2SP signed-note)

Numbers from 1000 on are cut into groups: tile/0/x001/x234/067 is number 1234067. A file that is not
full ends in .p/ and the number of its hashes or entries: tile/0/003.p/17.

With Comity:     comity verify THIS_FOLDER --policy policy.txt
Get the policy from somebody else before you trust the one in here.

Without Comity:  sha256sum -c manifest-sha256.txt
  The leaf hash of an entry is SHA-256(0x00 || entry); that of two hashes is SHA-256(0x01 || left || right)
  (RFC 9162, section 2.1). Hash i of tile/0/N is the leaf hash of entry 256 N + i; hash i of tile/L/N is the
  root over the 256 hashes of tile/(L-1)/(256 N + i). The root in the checkpoint is that over all leaf hashes.
  The text of a checkpoint up to its blank line is signed with Ed25519 by the key of the log in policy.txt;
  a cosignature by Ed25519 is over "cosignature/v1\\ntime SECONDS\\n" and that text (C2SP tlog-cosignature,
  which also says what one by ML-DSA-44 is over).
  An entry is JSON: an hour, a commitment, a random tag. Its content is not here: whoever was given it, with
  its salt, checks that HMAC-SHA256(salt, content) is the commitment. That of a batch of reports has more
  tags and digests of scripts; its commitment is the root over commitments to the reports.
`)
