/**
 * A look into a file, on record before a byte of it is opened: the pages of a picture or a
 * document as they are drawn elsewhere, the beginning of a text, or why nothing is shown.
 * What a file holds decides, not what it is said to be; nothing that is sent to a browser
 * is the file itself.
 */
import { concatBytes, textFromUtf8 } from '../base/bytes.ts'
import { type Decision, permit } from '../base/decision.ts'
import type { Acting } from '../core/case/recorded.ts'
import { DRAWN_TYPES, detectedTypes, isArchiveBehind } from '../core/evidence/detected-types.ts'
import { previewFile } from './acts/file-acts.ts'
import { type OpenedFile, openedFile } from './exhibit-files.ts'
import type { Kernel } from './kernel.ts'
import { PAGE_FILE_BYTES_MAX, type PageSheet, type WhyNoPages } from './ports/pages.ts'

export type FilePreview = {
  /** What its bytes say it is, most telling first; empty: no known kind. */
  readonly detected: readonly string[]
  readonly sheet?: PageSheet
  /** Why pages are not drawn, of a kind that has pages. */
  readonly undrawn?: WhyNoPages
  readonly text?: string
  /** All of the text is shown. */
  readonly isWhole: boolean
}

export const PREVIEW_BYTES_MAX = 64 * 1024

export type LookAsk = {
  readonly exhibitId: string
  readonly purpose: string
  /** Of a file that has a scrubbed copy. */
  readonly whyOriginal?: string
  /** The first page to look at, from 1. */
  readonly first?: number
}

/** @throws ComityError `unavailable` with reason `busy` while too many files are drawn */
export async function previewExhibit(
  kernel: Kernel,
  caseId: string,
  acting: Acting,
  { first = 1, ...input }: LookAsk,
): Promise<Decision<FilePreview>> {
  const decided = await previewFile.run(kernel, caseId, { input, acting })
  if (decided.decision === 'refuse') return decided
  const shown = await lookIntoExhibit(kernel, caseId, { exhibitId: input.exhibitId, first })
  return permit(shown, ...decided.because)
}

/** Asks nobody: whoever calls it has the look decided and on record. */
export async function lookIntoExhibit(
  kernel: Kernel,
  caseId: string,
  { exhibitId, first = 1 }: Pick<LookAsk, 'exhibitId' | 'first'>,
): Promise<FilePreview> {
  return lookInto(kernel, await openedFile(kernel, caseId, exhibitId), first)
}

async function lookInto(
  { pages }: Kernel,
  { bytes, sizeBytes }: OpenedFile,
  first: number,
): Promise<FilePreview> {
  const isDrawn = (head: Uint8Array) =>
    detectedTypes(head).some((type) => (DRAWN_TYPES as readonly string[]).includes(type))
  const read = await readSome(bytes, (head) => {
    return isDrawn(head) && sizeBytes <= PAGE_FILE_BYTES_MAX ? PAGE_FILE_BYTES_MAX : 0
  })
  const head = read.subarray(0, PREVIEW_BYTES_MAX)
  const isWhole = sizeBytes <= head.length
  if (!isDrawn(head)) {
    const text = textOf(head)
    return { detected: detectedTypes(head), isWhole, ...(text === undefined ? {} : { text }) }
  }
  const tail = sizeBytes === read.length ? read.subarray(-PREVIEW_BYTES_MAX) : new Uint8Array()
  const behind = isArchiveBehind(head, tail) ? ['application/zip'] : []
  const detected = [...detectedTypes(head), ...behind]
  if (sizeBytes > PAGE_FILE_BYTES_MAX) return { detected, undrawn: 'tooLarge', isWhole: false }
  const sheet = await pages.look(read, first)
  if ('refused' in sheet) return { detected, undrawn: sheet.refused, isWhole: false }
  return { detected, sheet, isWhole: sheet.pages.length === sheet.count }
}

/** The beginning; of what `more` wants more of, up to that many bytes. */
async function readSome(
  bytes: AsyncIterable<Uint8Array>,
  more: (head: Uint8Array) => number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  let limit = PREVIEW_BYTES_MAX
  for await (const chunk of bytes) {
    chunks.push(chunk)
    const before = size
    size += chunk.length
    if (before < PREVIEW_BYTES_MAX && size >= PREVIEW_BYTES_MAX) {
      limit = Math.max(limit, more(concatBytes(...chunks)))
    }
    if (size >= limit) break
  }
  return concatBytes(...chunks).subarray(0, limit)
}

/** UTF-8 without control characters other than white space; the end may be cut. */
function textOf(head: Uint8Array): string | undefined {
  for (let cut = 0; cut < Math.min(4, head.length + 1); cut++) {
    const text = decoded(head.subarray(0, head.length - cut))
    if (text !== undefined)
      return /[\u0000-\u0008\u000e-\u001f\u007f]/.test(text) ? undefined : text
  }
  return undefined
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return textFromUtf8(bytes)
  } catch {
    return undefined
  }
}
