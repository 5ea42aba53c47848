/**
 * The bytes of an exhibit that is a picture or a document: a file, or one part with the
 * member `base64`. Every call opens the exhibit, which is an act of custody.
 */
import { concatBytes, fromBase64, toHex } from '../../base/bytes.ts'
import type { CaseState } from '../../core/case/case.ts'
import { type Exhibit, exhibitOf } from '../../core/evidence/evidence.ts'
import type { RedactedRecord } from '../../proof/redacted-record.ts'
import type { Kernel } from '../kernel.ts'
import { PAGE_FILE_BYTES_MAX } from '../ports/pages.ts'

export type PageSource = { readonly bytes: Uint8Array; readonly digest: string }

/** Undefined: the exhibit holds no file. */
export async function pageSource(
  { exhibits, primitives }: Kernel,
  { evidence }: CaseState,
  exhibitId: string,
): Promise<PageSource | undefined> {
  const exhibit = exhibitOf(evidence, exhibitId)
  if (!exhibit || exhibit.isDestroyed || !mayHoldPages(exhibit)) return undefined
  const bytes = exhibit.file
    ? await fileBytes({ exhibits }, exhibitId, exhibit.file.sizeBytes)
    : fileIn(await exhibits.open(exhibitId))
  return bytes && { bytes, digest: toHex(primitives.sha256(bytes)) }
}

/** Longer files are not drawn, so they are not read. */
export async function fileBytes(
  { exhibits }: Pick<Kernel, 'exhibits'>,
  exhibitId: string,
  sizeBytes: number,
): Promise<Uint8Array> {
  if (sizeBytes > PAGE_FILE_BYTES_MAX) return new Uint8Array(PAGE_FILE_BYTES_MAX + 1)
  const chunks: Uint8Array[] = []
  for await (const chunk of await exhibits.openFile(exhibitId)) chunks.push(chunk)
  return concatBytes(...chunks)
}

export function mayHoldPages({ mediaType, transform }: Exhibit): boolean {
  return !transform && /^(image\/(png|jpeg|webp)|application\/pdf)$/.test(mediaType)
}

/** Made by the transform: what it says, then a part for each page. */
export function pagesIn(record: RedactedRecord): readonly Uint8Array[] {
  return record.parts.slice(1).flatMap((part) => base64In('part' in part ? part.part : undefined))
}

function fileIn({ parts }: RedactedRecord): Uint8Array | undefined {
  const [only] = parts
  if (!only || parts.length > 1 || 'commitment' in only) return undefined
  if ('part' in only) return base64In(only.part)[0]
  return 'value' in only.tree ? base64In(only.tree.value)[0] : undefined
}

function base64In(value: unknown): readonly Uint8Array[] {
  const base64 = (value as { readonly base64?: unknown } | null | undefined)?.base64
  return typeof base64 === 'string' ? [fromBase64(base64)] : []
}
