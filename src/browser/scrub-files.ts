/**
 * Makes cleaned copies of pictures in the reporter's browser, before anything is sealed. It
 * is loaded when somebody chooses files.
 *
 * It leaves out segments of bytes and draws nothing, so that browsers that blur what
 * scripts read of a canvas do the same. What a picture shows it does not touch.
 */
import { NotScrubbed, type Unpack } from '../wire/pictures/picture-parts.ts'
import { scrubPicture } from '../wire/pictures/scrub-picture.ts'
import { sniff } from '../wire/pictures/sniff.ts'

export type Looked =
  | { readonly found: 'cleaned'; readonly copy: Blob; readonly removed: readonly string[] }
  | { readonly found: 'nothing' | 'notCleaned' | 'broken' }

export async function lookInto(file: Blob): Promise<Looked> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  try {
    const kind = sniff(bytes)?.kind
    if (!kind || kind === 'application/pdf') {
      return { found: isCalledPicture(file) ? 'broken' : 'notCleaned' }
    }
    const { bytes: copy, removed } = await scrubPicture(kind, bytes, unpack)
    if (removed.length === 0) return { found: 'nothing' }
    const what = removed.map((one) => one.what)
    return {
      found: 'cleaned',
      copy: new Blob([new Uint8Array(copy)], { type: kind }),
      removed: what,
    }
  } catch (error) {
    // Bytes that end too early throw as they are read.
    if (error instanceof NotScrubbed || error instanceof RangeError) return { found: 'broken' }
    throw error
  }
}

/** Whoever calls a file a picture expects it to be cleaned. */
const isCalledPicture = ({ type }: Blob) => /^image\/(?:jpeg|png|webp)$/.test(type)

const unpack: Unpack = async (packed, bytesMax) => {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  try {
    const plain = new Blob([new Uint8Array(packed)])
      .stream()
      .pipeThrough(new DecompressionStream('deflate'))
    const reader = plain.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.length
      if (size > bytesMax) return undefined
      chunks.push(value)
    }
  } catch {
    // No stream, one that is cut, or something behind it.
    return undefined
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}
