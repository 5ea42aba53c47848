/**
 * Writes an evidence package: `protocol/spec/evidence-package.md`. The same record
 * gives the same bytes. What goes in is the caller's to gather; the verifier is in
 * verify-package.ts.
 */
import { type Bytes, concatBytes, toHex, utf8 } from '../../base/bytes.ts'
import type { Instant } from '../../base/time.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { formatSignedNote } from '../../proof/signed-note.ts'
import { bagStatement, packageKey, SIGNATURE, writeBag } from './bag.ts'
import { exhibitPath, type PackageContent, type PackageStream, primaryFiles } from './content.ts'
import { bagInfoOf, caseOf, countsOf, derivedFiles } from './derived.ts'
import { type ChannelLine, type PackageFacts, STREAM_KINDS } from './forms.ts'
import { type SealedFile, sizeOfPart, type TarPart, tarParts } from './tar.ts'

export type PackageInput = {
  readonly node: string
  readonly caseId: string
  readonly madeAt: { readonly caseNow: Instant; readonly wireNow: Instant }
  readonly simulatedClock: boolean
  readonly clockOffsetMs: number
  /** The case stream, the authority stream, the law stream, the agreements relied on. */
  readonly streams: readonly PackageStream[]
  /** Age files of the exhibits sealed here, by exhibit id. */
  readonly exhibits: ReadonlyMap<string, Bytes>
  /** Files that were attached as signatures, by signature id. */
  readonly signatures?: ReadonlyMap<string, Bytes>
  readonly channel: readonly ChannelLine[]
}

/** The node's message key. `sign` is plain Ed25519 over the bytes. */
export type PackageSigner = {
  readonly keyId: string
  readonly publicKey: Uint8Array
  readonly sign: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>
}

export type PlannedInput = Omit<PackageInput, 'exhibits'> & {
  readonly exhibits: ReadonlyMap<string, SealedFile>
}

/** An archive whose sealed files are still elsewhere: their bytes go where their parts stand. */
export type PackagePlan = { readonly parts: readonly TarPart[]; readonly sizeBytes: number }

/** The signature needs only digests, so a package of any size is planned in little memory. */
export async function planPackage(
  primitives: Primitives,
  input: PlannedInput,
  signer: PackageSigner,
): Promise<PackagePlan> {
  const content = contentOf(primitives, input)
  const sealed = new Map(
    [...content.exhibits].map(([id, file]) => [exhibitPath(id), file] as const),
  )
  const payload = new Map([...primaryFiles(content), ...derivedFiles(primitives, content)])
  const { files, tagManifestDigest } = writeBag(
    primitives,
    payload,
    bagInfoOf(content.facts, payload, sealed),
    sealed,
  )
  const text = bagStatement(input.node, tagManifestDigest)
  const { name, keyId } = packageKey(primitives, signer.keyId, signer.publicKey)
  const signature = await signer.sign(utf8(text))
  const note = formatSignedNote({ text, signatures: [{ name, keyId, signature }] })
  files.set(SIGNATURE, new Uint8Array(note))
  const parts = tarParts({ files, sealed })
  return { parts, sizeBytes: parts.reduce((sum, part) => sum + sizeOfPart(part), 0) }
}

/** As a whole, where the exhibits are at hand. `digest`: SHA-256 of the archive, lower-case hex. */
export async function writePackage(
  primitives: Primitives,
  { exhibits, ...input }: PackageInput,
  signer: PackageSigner,
): Promise<{ readonly bytes: Bytes; readonly digest: string }> {
  const sealed = [...exhibits].map(([id, bytes]) => {
    const file = { digest: toHex(primitives.sha256(bytes)), sizeBytes: bytes.length }
    return [id, file] as const
  })
  const { parts } = await planPackage(primitives, { ...input, exhibits: new Map(sealed) }, signer)
  const byPath = new Map([...exhibits].map(([id, bytes]) => [exhibitPath(id), bytes]))
  const bytes = concatBytes(
    ...parts.map((part) =>
      part instanceof Uint8Array ? part : (byPath.get(part.path) ?? new Uint8Array()),
    ),
  )
  return { bytes, digest: toHex(primitives.sha256(bytes)) }
}

function contentOf(primitives: Primitives, input: PlannedInput): PackageContent {
  const { node, caseId, madeAt, simulatedClock, clockOffsetMs, exhibits, channel } = input
  const streams = [...input.streams].sort(inPackageOrder)
  const record = { streams, exhibits, signatures: input.signatures ?? new Map(), channel }
  const facts: PackageFacts = {
    v: 1,
    kind: 'comity-evidence-package',
    node,
    caseId,
    madeAt,
    simulatedClock,
    clockOffsetMs,
    streams: streams.map(({ id, kind, events }) => ({ id, kind, events: events.length })),
    counts: countsOf(primitives, record, caseOf(record)),
  }
  return { facts, ...record, hasGraph: true }
}

/** By kind, then by id. */
function inPackageOrder(
  a: Pick<PackageStream, 'kind' | 'id'>,
  b: Pick<PackageStream, 'kind' | 'id'>,
): number {
  const byKind = STREAM_KINDS.indexOf(a.kind) - STREAM_KINDS.indexOf(b.kind)
  return byKind || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
