/**
 * A scrubbed file, with proof by trial: the picture that it shows is, pixel for pixel, the
 * one that its original shows, or there is no copy.
 */
import type { Removed } from '../../core/evidence/scrub.ts'
import { NotScrubbed } from '../../wire/pictures/picture-parts.ts'
import { scrubPicture } from '../../wire/pictures/scrub-picture.ts'
import { sniff } from '../../wire/pictures/sniff.ts'
import { type PdfPicture, packedPicture, pdfOfPictures } from './picture-pdf.ts'
import { NoPages, openPages, picturesOf } from './raster.ts'
import { unpack } from './unpack.ts'

export type ScrubbedBytes = { readonly bytes: Uint8Array; readonly removed: readonly Removed[] }

/** @throws NoPages */
export async function scrubbed(file: Uint8Array): Promise<ScrubbedBytes> {
  const kind = sniff(file)?.kind
  if (!kind) throw new NoPages('notPages')
  if (kind === 'application/pdf') return scrubbedPdf(file)
  const before = await pictureOf(file)
  const copy = await cut(() => scrubPicture(kind, file, unpack))
  const after = await pictureOf(copy.bytes)
  const isSame =
    before.width === after.width && Buffer.from(before.data).equals(Buffer.from(after.data))
  if (!isSame) throw new NoPages('damaged')
  return copy
}

async function scrubbedPdf(file: Uint8Array): Promise<ScrubbedBytes> {
  const pages: PdfPicture[] = []
  for await (const picture of picturesOf(file)) pages.push(packedPicture(picture))
  return { bytes: pdfOfPictures(pages), removed: [{ what: 'document', sizeBytes: file.length }] }
}

async function pictureOf(file: Uint8Array) {
  return (await openPages(file)).page(1)
}

/** Bytes that end too early throw as they are read. */
async function cut<Value>(make: () => Promise<Value>): Promise<Value> {
  try {
    return await make()
  } catch (cause) {
    if (cause instanceof NotScrubbed || cause instanceof RangeError) {
      throw new NoPages('damaged', cause)
    }
    throw cause
  }
}
