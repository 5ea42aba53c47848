/**
 * A bag (BagIt 1.0, RFC 8493) whose manifest is signed.
 *
 * Every payload file is in the manifest, every tag file in the tag manifest, and
 * the note signs the tag manifest. So no byte is outside a signature: what is not
 * listed is refused.
 */
import { type Bytes, equalBytes, textFromUtf8, toHex, utf8 } from '../../base/bytes.ts'
import { malformed, unverified } from '../../base/errors.ts'
import type { Primitives } from '../../proof/primitives.ts'
import type { Files } from './tar.ts'

const BAGIT = 'bagit.txt'
const BAG_INFO = 'bag-info.txt'
const MANIFEST = 'manifest-sha256.txt'
const TAG_MANIFEST = 'tagmanifest-sha256.txt'
export const SIGNATURE = 'signature.note'
const TAG_FILES = [BAG_INFO, BAGIT, MANIFEST]
const BAGIT_TEXT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'

/** The text that the signature note carries: first line names the format. */
export function bagStatement(node: string, digest: string): string {
  return `comity evidence package v1\n${node}\nsha256 ${digest}\n`
}

/** Payload paths begin with `data/`. `info` lines are shown to people first. */
export function writeBag(
  primitives: Primitives,
  payload: Files,
  info: ReadonlyMap<string, string>,
): { files: Map<string, Bytes>; tagManifestDigest: string } {
  const files = new Map(payload)
  files.set(MANIFEST, manifestOf(primitives, payload, [...payload.keys()]))
  files.set(BAGIT, utf8(BAGIT_TEXT))
  files.set(BAG_INFO, utf8([...info].map(([key, value]) => `${key}: ${value}\n`).join('')))
  const tagManifest = manifestOf(primitives, files, TAG_FILES)
  files.set(TAG_MANIFEST, tagManifest)
  return { files, tagManifestDigest: toHex(primitives.sha256(tagManifest)) }
}

/**
 * Checks that the manifests name every file once and every digest is right.
 * Returns the digest that the signature must cover; the signature itself is the
 * caller's to verify, with a key that the caller trusts.
 *
 * @throws ComityError `malformed` or `unverified`, with the file as field
 */
export function readBag(primitives: Primitives, files: Files): { tagManifestDigest: string } {
  const payload = [...files.keys()].filter((path) => path.startsWith('data/'))
  for (const path of files.keys()) {
    const known = path.startsWith('data/') || [...TAG_FILES, TAG_MANIFEST, SIGNATURE].includes(path)
    if (!known) throw unverified('a file is in no manifest', { field: path })
  }
  const tagManifest = requireFile(files, TAG_MANIFEST)
  requireDigests(primitives, files, tagManifest, TAG_MANIFEST, TAG_FILES)
  requireDigests(primitives, files, requireFile(files, MANIFEST), MANIFEST, payload)
  if (textFromUtf8(requireFile(files, BAGIT)) !== BAGIT_TEXT) {
    throw malformed('not a bag of version 1.0', { field: BAGIT })
  }
  return { tagManifestDigest: toHex(primitives.sha256(tagManifest)) }
}

export function requireFile(files: Files, path: string): Bytes {
  const content = files.get(path)
  if (!content) throw malformed('a file is missing', { field: path })
  return content
}

function manifestOf(primitives: Primitives, files: Files, paths: readonly string[]): Bytes {
  const line = (path: string) => `${toHex(primitives.sha256(requireFile(files, path)))}  ${path}\n`
  return utf8([...paths].sort().map(line).join(''))
}

function requireDigests(
  primitives: Primitives,
  files: Files,
  manifest: Uint8Array,
  name: string,
  paths: readonly string[],
): void {
  const stated = new Map<string, string>()
  for (const line of textFromUtf8(manifest, name).split('\n').slice(0, -1)) {
    const [, digest, path] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? []
    if (!digest || !path) throw unverified('a manifest line is damaged', { field: name })
    stated.set(path, digest)
  }
  for (const path of paths) {
    const digest = toHex(primitives.sha256(requireFile(files, path)))
    if (!stated.has(path)) throw unverified('a file is not in the manifest', { field: path })
    if (stated.get(path) !== digest) {
      throw unverified('a file is not what the manifest says', { field: path })
    }
  }
  if (!equalBytes(manifestOf(primitives, files, paths), manifest)) {
    throw unverified('a manifest is not canonical or names a missing file', { field: name })
  }
}
