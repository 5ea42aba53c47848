/**
 * The package by which a released file is handed over: the file sealed anew to a key of its
 * recipient, kept as ciphertext that this node cannot open, and the small files beside it.
 */
import { type Refusal, refuse } from '../base/decision.ts'
import type { CaseState } from '../core/case/case.ts'
import type { HandOver } from '../core/desk/desk-events.ts'
import { type Exhibit, exhibitOf } from '../core/evidence/evidence.ts'
import { fileFollowing } from '../core/release/file-view.ts'
import { permittedRelease, type Release } from '../core/release/release.ts'
import type { EventOpening } from '../wire/event-opening.ts'
import { SEALED_FILE, sealedHandOver } from '../wire/hand-over-file.ts'
import { readTar, type SealedFile, sizeOfPart, tarParts, writeTar } from '../wire/package/tar.ts'
import { askingAbout } from './access.ts'
import type { Sight } from './act.ts'
import { exactly } from './export-evidence-package.ts'
import type { Kernel } from './kernel.ts'
import type { ByteStream } from './ports/exhibits.ts'
import { decideOnReading } from './read-exhibit-access.ts'

/** `digest`: SHA-256 of the whole archive, lower-case hex. */
export type PackedHandOver = {
  readonly handOverId: string
  /** What is kept of it apart: all files but the sealed one, as an archive. */
  readonly archive: Uint8Array
  readonly digest: string
  readonly sizeBytes: number
  readonly sealed?: SealedFile
  /** That what was sealed is, byte for byte, what was released. */
  readonly isAsReleased: boolean
}

/** The released file, if it is still there. */
export function fileToHandOver(state: CaseState, release: Release): Exhibit | undefined {
  const exhibit = exhibitOf(state.evidence, release.exhibitId ?? '')
  return exhibit?.file && !exhibit.isDestroyed ? exhibit : undefined
}

/** Why this person, with this key, makes no package of that release; undefined: none stands. */
export async function againstHandingFile(
  { kernel, caseId, state, acting }: Omit<Sight<unknown>, 'input'>,
  action: Parameters<typeof decideOnReading>[1],
  release: Release,
  key: { readonly recipientKey?: string; readonly isKeyConfirmed: boolean },
): Promise<Refusal | undefined> {
  const isKeyNamed = key.recipientKey !== undefined || key.isKeyConfirmed
  if (!fileFollowing(release.view)) return isKeyNamed ? noFileReleased : undefined
  const asking = await askingAbout(kernel, caseId, acting)
  const access = decideOnReading(state, action, asking, release.exhibitId)
  if (access.decision === 'refuse') return access
  if (!fileToHandOver(state, release)) return fileGone
  if (key.recipientKey === undefined) return keyMissing
  if (!kernel.sealing.isRecipient(key.recipientKey)) return keyBad
  return key.isKeyConfirmed ? undefined : keyUnconfirmed
}

export async function packFile(
  { kernel, caseId }: Pick<Sight<unknown>, 'kernel' | 'caseId'>,
  { exhibitId = '', view }: Release,
  opening: EventOpening,
  recipientKey: string,
): Promise<PackedHandOver> {
  const { exhibits, primitives, publicLog, random } = kernel
  const handOverId = random.uuidByTime()
  const place = { caseId, exhibitId: handOverId }
  const { plaintext, ...sealed } = await exhibits.sealFor(place, exhibitId, recipientKey)
  const released = fileFollowing(view)
  const isAsReleased =
    plaintext.digest === released?.digest && plaintext.sizeBytes === released.sizeBytes
  const { files } = sealedHandOver(primitives, opening, publicLog.policy, sealed)
  const archive = writeTar(files)
  const { bytes, sizeBytes } = wholePackage(kernel, handOverId, archive, sealed)
  const digest = await exhibits.digestOf(bytes)
  return { handOverId, archive, digest, sizeBytes, sealed, isAsReleased }
}

/** As it leaves. `undefined`: it was never made, or what it holds may be given to nobody now. */
export async function handOverPackage(
  kernel: Kernel,
  caseId: string,
  state: CaseState,
  handOverId: string,
): Promise<{ readonly bytes: ByteStream; readonly sizeBytes: number } | undefined> {
  const handOver = state.desk.handOvers.find((one) => one.handOverId === handOverId)
  const archive = handOver && (await kernel.desk.handOvers.kept(caseId, handOverId))
  if (!archive) return undefined
  if (!handOver.file) return { bytes: once(archive), sizeBytes: archive.length }
  return isGone(state, handOver)
    ? undefined
    : wholePackage(kernel, handOverId, archive, handOver.file)
}

/** Destroys an exhibit, and with it what was sealed of it for somebody outside. */
export async function destroyWithHandOvers(
  { exhibits }: Pick<Kernel, 'exhibits'>,
  { desk, releases }: CaseState,
  exhibitId: string,
): Promise<void> {
  await exhibits.destroy(exhibitId)
  for (const { handOverId, releaseId, file } of desk.handOvers) {
    const isOfIt = permittedRelease(releases, releaseId)?.exhibitId === exhibitId
    if (file && isOfIt) await exhibits.destroy(handOverId)
  }
}

function isGone(state: CaseState, { releaseId }: HandOver): boolean {
  const release = permittedRelease(state.releases, releaseId)
  return !release || release.withdrawn !== null || !fileToHandOver(state, release)
}

function wholePackage(
  kernel: Pick<Kernel, 'exhibits'>,
  handOverId: string,
  archive: Uint8Array,
  { digest, sizeBytes }: SealedFile,
) {
  const sealed = new Map([[SEALED_FILE, { digest, sizeBytes }]])
  const parts = tarParts({ files: readTar(archive), sealed })
  async function* bytes(): ByteStream {
    for (const part of parts) {
      if (part instanceof Uint8Array) yield part
      else yield* exactly(part.sizeBytes, await kernel.exhibits.sealedBytes(handOverId))
    }
  }
  return { bytes: bytes(), sizeBytes: parts.reduce((sum, part) => sum + sizeOfPart(part), 0) }
}

async function* once(bytes: Uint8Array): ByteStream {
  yield bytes
}

const no = (why: string, text: string) => refuse(why, { rule: `handOver:${why}`, text })
const noFileReleased = no('noFileReleased', 'no file was released: the package takes no key')
const fileGone = no('fileGone', 'the file that was released is not there any more')
const keyMissing = no('keyMissing', 'the file is sealed to a key of its recipient: name it')
const keyBad = no('keyBad', 'that is no age recipient, or it was mistyped: its checksum is wrong')
const keyUnconfirmed = no(
  'keyUnconfirmed',
  'say who at the recipient confirmed the key, and by which means',
)
