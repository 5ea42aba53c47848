/**
 * Takes out of a picture what it says beside what it shows, by leaving out segments of
 * bytes: the picture itself is not written anew. What is kept is listed; whatever is not
 * on the list goes. Only which way up the picture stands is written again, alone.
 *
 * A PNG of several frames keeps its first one; a WebP that moves is refused. Nothing hidden
 * in colours is found. It does the same in a server and in a browser.
 */
import type { ScrubbedPicture, Unpack } from './picture-parts.ts'
import { scrubJpeg } from './scrub-jpeg.ts'
import { scrubPng } from './scrub-png.ts'
import { scrubWebp } from './scrub-webp.ts'
import type { Kind } from './sniff.ts'

/** @throws NotScrubbed, or RangeError where the bytes end too early */
export async function scrubPicture(
  kind: Exclude<Kind, 'application/pdf'>,
  file: Uint8Array,
  unpack: Unpack,
): Promise<ScrubbedPicture> {
  if (kind === 'image/jpeg') return scrubJpeg(file)
  return kind === 'image/png' ? scrubPng(file, unpack) : scrubWebp(file)
}
