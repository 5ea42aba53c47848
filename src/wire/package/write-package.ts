/**
 * Writes an evidence package: `protocol/spec/evidence-package.md`. The same record
 * gives the same bytes. What goes in is the caller's to gather; the verifier is in
 * verify-package.ts.
 */
import { type Bytes, toHex, utf8 } from '../../base/bytes.ts'
import type { Instant } from '../../base/time.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { formatSignedNote } from '../../proof/signed-note.ts'
import { bagStatement, packageKey, SIGNATURE, writeBag } from './bag.ts'
import { type PackageContent, type PackageStream, primaryFiles } from './content.ts'
import { bagInfoOf, caseOf, countsOf, derivedFiles } from './derived.ts'
import { type ChannelLine, type PackageFacts, STREAM_KINDS } from './forms.ts'
import { writeTar } from './tar.ts'

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

/** `digest`: SHA-256 of the archive, lower-case hex. @throws ComityError `malformed` */
export async function writePackage(
  primitives: Primitives,
  input: PackageInput,
  signer: PackageSigner,
): Promise<{ readonly bytes: Bytes; readonly digest: string }> {
  const content = contentOf(primitives, input)
  const payload = new Map([...primaryFiles(content), ...derivedFiles(primitives, content)])
  const { files, tagManifestDigest } = writeBag(
    primitives,
    payload,
    bagInfoOf(content.facts, payload),
  )
  const text = bagStatement(input.node, tagManifestDigest)
  const { name, keyId } = packageKey(primitives, signer.keyId, signer.publicKey)
  const signature = await signer.sign(utf8(text))
  const note = formatSignedNote({ text, signatures: [{ name, keyId, signature }] })
  files.set(SIGNATURE, new Uint8Array(note))
  const bytes = writeTar(files)
  return { bytes, digest: toHex(primitives.sha256(bytes)) }
}

function contentOf(primitives: Primitives, input: PackageInput): PackageContent {
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
  return { facts, ...record }
}

/** By kind, then by id. */
function inPackageOrder(
  a: Pick<PackageStream, 'kind' | 'id'>,
  b: Pick<PackageStream, 'kind' | 'id'>,
): number {
  const byKind = STREAM_KINDS.indexOf(a.kind) - STREAM_KINDS.indexOf(b.kind)
  return byKind || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
