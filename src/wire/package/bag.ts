/**
 * A bag (BagIt 1.0, RFC 8493) whose manifest is signed.
 *
 * Every payload file is in the manifest, every tag file in the tag manifest, and
 * the note signs the tag manifest. So no byte is outside a signature: what is not
 * listed is refused. Whose signature it is, and whether to trust it, is not
 * decided here.
 */
import { equalBytes, textFromUtf8, toHex, utf8 } from '../../base/bytes.ts'
import { malformed, unverified } from '../../base/errors.ts'
import type { Hashing, Primitives } from '../../proof/primitives.ts'
import {
  formatSignedNote,
  parseSignedNote,
  type SignedNote,
  verifySignedNote,
} from '../../proof/signed-note.ts'
import { KEY_TYPE, type NoteKey, noteKey } from '../../proof/vkey.ts'
import type { Archive, Files, SealedFiles } from './tar.ts'

const BAGIT = 'bagit.txt'
export const BAG_INFO = 'bag-info.txt'
export const MANIFEST = 'manifest-sha256.txt'
const TAG_MANIFEST = 'tagmanifest-sha256.txt'
export const SIGNATURE = 'signature.note'
export const PAYLOAD = 'data/'
const LISTED_TAG_FILES = [BAG_INFO, BAGIT, MANIFEST] as const
const TAG_FILES: readonly string[] = [...LISTED_TAG_FILES, TAG_MANIFEST, SIGNATURE]
const BAGIT_TEXT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'

/** The text that the signature note carries: first line names the format. */
export function bagStatement(node: string, digest: string): string {
  return `comity evidence package v1\n${node}\nsha256 ${digest}\n`
}

/**
 * A bag without its signature. Payload paths begin with `data/`; `info` becomes the
 * lines of bag-info.txt.
 */
export function writeBag(
  primitives: Hashing,
  payload: Files,
  info: readonly (readonly [label: string, value: string])[],
  sealed: SealedFiles = new Map(),
): { files: Map<string, Uint8Array<ArrayBuffer>>; tagManifestDigest: string } {
  const files = new Map(payload)
  const paths = [...payload.keys(), ...sealed.keys()]
  files.set(MANIFEST, manifestOf(digestsOf(primitives, { files: payload, sealed }, paths)))
  files.set(BAGIT, utf8(BAGIT_TEXT))
  files.set(BAG_INFO, bagInfo(info))
  const tagManifest = manifestOf(digestsOf(primitives, { files, sealed }, LISTED_TAG_FILES))
  files.set(TAG_MANIFEST, tagManifest)
  return { files, tagManifestDigest: toHex(primitives.sha256(tagManifest)) }
}

/** The manifest of all files of an archive. */
export function manifestFor(primitives: Hashing, { files, sealed }: Archive) {
  return manifestOf(digestsOf(primitives, { files, sealed }, [...files.keys(), ...sealed.keys()]))
}

export function bagInfo(info: readonly (readonly [label: string, value: string])[]) {
  return utf8(info.map(([label, value]) => `${label}: ${value}\n`).join(''))
}

export type BagFault = { readonly file: string; readonly message: string }

/**
 * Checks that the manifests name every file once and every digest is right.
 * Returns the digest that the signature must cover, and each file that is not what
 * its manifest says; none if the bag is sound.
 */
export function readBag(
  primitives: Hashing,
  archive: Archive,
): { readonly tagManifestDigest: string; readonly faults: readonly BagFault[] } {
  const { files } = archive
  const all = [...files.keys(), ...archive.sealed.keys()]
  const payload = all.filter((path) => path.startsWith(PAYLOAD))
  const strangers = all
    .filter((path) => !path.startsWith(PAYLOAD) && !TAG_FILES.includes(path))
    .map((file) => ({ file, message: 'the file is in no manifest' }))
  const absent = TAG_FILES.filter((path) => !files.has(path)).map(missing)
  const faults = [
    ...strangers,
    ...absent,
    ...manifestFaults(primitives, archive, TAG_MANIFEST, LISTED_TAG_FILES),
    ...manifestFaults(primitives, archive, MANIFEST, payload),
  ]
  const bagit = files.get(BAGIT)
  if (bagit && !equalBytes(bagit, utf8(BAGIT_TEXT))) {
    faults.push({ file: BAGIT, message: 'not a bag of version 1.0' })
  }
  const tagManifestDigest = toHex(primitives.sha256(files.get(TAG_MANIFEST) ?? new Uint8Array()))
  return { tagManifestDigest, faults }
}

/**
 * Verifies the signature note: one line, by this key, over exactly the statement.
 *
 * @param key a message key that the caller trusts; its id is the name in the note
 * @throws ComityError `malformed`, `unverified`
 */
export function verifyBagSignature(
  primitives: Primitives,
  bytes: Uint8Array,
  expected: { readonly node: string; readonly tagManifestDigest: string; readonly key: NoteKey },
): void {
  const note = readSignatureNote(bytes)
  if (note.text !== bagStatement(expected.node, expected.tagManifestDigest)) {
    throw unverified('the signed statement is not about this bag', { field: SIGNATURE })
  }
  verifySignedNote(primitives, note, [expected.key])
}

/** @throws ComityError `malformed` unless it is one signature line and nothing else */
export function readSignatureNote(bytes: Uint8Array): SignedNote & { readonly keyName: string } {
  const note = parseSignedNote(bytes, SIGNATURE)
  const [only, ...others] = note.signatures
  if (!only || others.length > 0 || !equalBytes(formatSignedNote(note), bytes)) {
    throw malformed('a package has exactly one signature', { field: SIGNATURE })
  }
  return { ...note, keyName: only.name }
}

/** The key of the note: a message key, its id as the name. */
export function packageKey(primitives: Hashing, id: string, publicKey: Uint8Array): NoteKey {
  return noteKey(primitives, id, KEY_TYPE.ed25519, publicKey)
}

const missing = (file: string): BagFault => ({ file, message: 'the file is missing' })

type Digests = ReadonlyMap<string, string>

function digestsOf(
  { sha256 }: Hashing,
  { files, sealed }: Archive,
  paths: readonly string[],
): Digests {
  const present = paths.flatMap((path) => {
    const large = sealed.get(path)
    if (large) return [[path, large.digest] as const]
    const content = files.get(path)
    return content ? [[path, toHex(sha256(content))] as const] : []
  })
  return new Map(present)
}

/** Sorted by path, so that there is one manifest for one set of files. */
function manifestOf(digests: Digests) {
  const sorted = [...digests].sort(([a], [b]) => (a < b ? -1 : 1))
  return utf8(sorted.map(([path, digest]) => `${digest}  ${path}\n`).join(''))
}

/** What is not as that manifest says, of these paths; none if the manifest is exactly theirs. */
export function manifestFaults(
  primitives: Hashing,
  archive: Archive,
  manifest: string,
  paths: readonly string[],
): BagFault[] {
  const bytes = archive.files.get(manifest)
  if (!bytes) return []
  const digests = digestsOf(primitives, archive, paths)
  if (equalBytes(manifestOf(digests), bytes)) return []
  const stated = statedDigests(bytes)
  if (!stated) return [{ file: manifest, message: 'a manifest line is damaged' }]
  const wrong = [...digests]
    .filter(([path, digest]) => stated.get(path) !== digest)
    .map(([file]) => {
      const listed = stated.has(file)
      return { file, message: listed ? `not what ${manifest} says` : `not in ${manifest}` }
    })
  const gone = [...stated.keys()].filter((path) => !digests.has(path)).map(missing)
  if (wrong.length > 0 || gone.length > 0) return [...wrong, ...gone]
  return [{ file: manifest, message: 'the manifest is not in its canonical form' }]
}

function statedDigests(manifest: Uint8Array): ReadonlyMap<string, string> | undefined {
  const stated = new Map<string, string>()
  let text: string
  try {
    text = textFromUtf8(manifest)
  } catch {
    return undefined
  }
  for (const line of text.split('\n').slice(0, -1)) {
    const [, digest, path] = /^([0-9a-f]{64}) {2}([A-Za-z0-9._/-]+)$/.exec(line) ?? []
    if (!digest || !path) return undefined
    stated.set(path, digest)
  }
  return stated
}
