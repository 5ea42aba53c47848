/**
 * The hand-over package of a released file: the four files of every hand-over, the file
 * sealed to a key of its recipient, and a manifest. `tar`, `sha256sum` and `age` open it.
 *
 * Page and instructions are derived from the signed release, and so is what the opened
 * file must hash to. The manifest is signed by nobody: it finds damage, and the digest in
 * the release finds everything else once the file is open.
 */
import { type Bytes, equalBytes, toHex, utf8 } from '../base/bytes.ts'
import { malformed } from '../base/errors.ts'
import type { FileFacts } from '../core/evidence/evidence.ts'
import { fileFollowing } from '../core/release/file-view.ts'
import type { ReleaseDecided } from '../core/release/release.ts'
import type { Hashing } from '../proof/primitives.ts'
import type { EventOpening } from './event-opening.ts'
import { todaysEvent } from './event-versions.ts'
import { sealedBytesMax } from './exchange/file-transfer.ts'
import { HAND_OVER_FILES, handOverFiles, handOverPage, readHandOverTar } from './hand-over.ts'
import { MANIFEST, manifestFaults, manifestFor } from './package/bag.ts'
import type { Checking } from './package/report.ts'
import type { Archive, Files, SealedFile } from './package/tar.ts'

export const SEALED_FILE = 'exhibit.age'
/** Written by the recipient's own hand; the name in the release is somebody else's text. */
const OPENED = 'opened-file'
const NAMES = [...Object.values(HAND_OVER_FILES), MANIFEST, SEALED_FILE]
const DIGEST = /^[0-9a-f]{64}$/

export function sealedHandOver(
  hashing: Hashing,
  opening: EventOpening,
  policy: Uint8Array,
  file: SealedFile,
): Archive {
  const plain = releasedFile(opening)
  if (!plain) throw malformed('the release is of no file', { field: HAND_OVER_FILES.opening })
  const files = new Map([
    ...handOverFiles(opening, policy),
    [HAND_OVER_FILES.page, sealedPage(opening, plain)] as const,
    [HAND_OVER_FILES.readme, readmeOf(plain)] as const,
  ])
  const sealed = new Map([[SEALED_FILE, file]])
  return { files: files.set(MANIFEST, manifestFor(hashing, { files, sealed })), sealed }
}

/** What the opened file must be; undefined: the release is of no file. */
export function releasedFile({ envelope }: EventOpening): FileFacts | undefined {
  const release = todaysEvent(envelope.event) as unknown as ReleaseDecided
  const file = fileFollowing(release.view)
  if (file && !(DIGEST.test(file.digest) && Number.isSafeInteger(file.sizeBytes))) {
    throw malformed('the release names no file', { field: HAND_OVER_FILES.opening })
  }
  return file
}

/** `undefined` if it is no hand-over package of either form. */
export function readHandOver(hashing: Hashing, bytes: Uint8Array): Archive | undefined {
  const files = readHandOverTar(bytes)
  const sealed = files?.get(SEALED_FILE)
  if (!files || !sealed) return files && asHandOver({ files, sealed: new Map() })
  const others = new Map([...files].filter(([path]) => path !== SEALED_FILE))
  const digest = toHex(hashing.sha256(sealed))
  const file = { digest, sizeBytes: sealed.length }
  return asHandOver({ files: others, sealed: new Map([[SEALED_FILE, file]]) })
}

/** It, if it has exactly the files of one of the forms. */
export function asHandOver(archive: Archive): Archive | undefined {
  const { files, sealed } = archive
  const isThere = (path: string) => files.has(path) || sealed.has(path)
  const names = sealed.size === 0 ? Object.values(HAND_OVER_FILES) : NAMES
  const isOne = files.size + sealed.size === names.length && names.every(isThere)
  return isOne && (sealed.size === 0 || sealed.has(SEALED_FILE)) ? archive : undefined
}

/** Whether everything in it is what the manifest and the release say. */
export function checkSealedHandOver(
  hashing: Hashing,
  checking: Checking,
  archive: Archive,
  opening: EventOpening,
): void {
  const { files, sealed } = archive
  const plain = releasedFile(opening)
  const file = sealed.get(SEALED_FILE)
  if (!plain || !file) {
    checking.fail(SEALED_FILE, plain ? 'the released file is missing' : 'the release is of no file')
    return
  }
  const others = [...files.keys(), ...sealed.keys()].filter((path) => path !== MANIFEST)
  checking.looked(...others, MANIFEST)
  for (const fault of manifestFaults(hashing, archive, MANIFEST, others)) {
    checking.fail(fault.file, fault.message)
  }
  requireSame(checking, files, HAND_OVER_FILES.page, sealedPage(opening, plain))
  requireSame(checking, files, HAND_OVER_FILES.readme, readmeOf(plain))
  if (file.sizeBytes <= plain.sizeBytes || file.sizeBytes > sealedBytesMax(plain.sizeBytes)) {
    checking.fail(SEALED_FILE, 'it cannot be the released file: its size is impossible')
  }
  checking.found(`the opened file must have SHA-256 ${plain.digest}`)
}

function requireSame(checking: Checking, files: Files, path: string, expected: Bytes): void {
  if (equalBytes(files.get(path) ?? new Uint8Array(), expected)) return
  checking.fail(path, 'it says something else than the release')
}

const commandsFor = ({ digest }: FileFacts): readonly string[] => [
  `sha256sum -c ${MANIFEST}`,
  `age -d -i key.txt -o ${OPENED} ${SEALED_FILE}`,
  `echo '${digest}  ${OPENED}' | sha256sum -c`,
]

function sealedPage(opening: EventOpening, plain: FileFacts): Bytes {
  const commands = commandsFor(plain).join('\n')
  return handOverPage(
    opening,
    `<h2>How to open the file</h2>
<p>The file is in <code>${SEALED_FILE}</code>, sealed with age to the key that the recipient gave. <code>key.txt</code> is the recipient's own identity file.</p>
<pre>${commands}</pre>
<p>The last line compares the opened file with the digest that the sender signed. If it does not say OK, it is not the released file.</p>
`,
  )
}

function readmeOf(plain: FileFacts): Bytes {
  const [check = '', open = '', compare = ''] = commandsFor(plain)
  return utf8(`A file that one authority hands over to another.

release.html         what was released, to read in a browser, without a network
release.json         the same for machines: the signed decision, its opening and its receipt
policy.txt           the log and witnesses by which the sender says that the receipt counts
exhibit.age          the file, sealed with age to the key that the recipient gave
manifest-sha256.txt  the digests of all of these

1. See that nothing was damaged on its way:
   ${check}
2. Open the file with your own key (key.txt is the identity file that belongs to it):
   ${open}
3. See that it is the file that the sender signed for:
   ${compare}

If step 3 does not say OK, it is not the released file: tell the sender.
Its name and type are on the page; they are what somebody said, so be careful with it.

To check the sender's signature and log:  comity verify THIS.tar --policy policy.txt
Get the policy from the sender by a second way before you trust the one in here.
`)
}
