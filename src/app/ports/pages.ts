/**
 * Pages of documents and pictures as pictures: what an officer looks at without opening
 * the file, and what leaves with boxes painted over it.
 *
 * The file is read in a process of its own without network, files, children or native
 * code, and with bounds on memory and time. A hostile file costs that process, nothing else.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { PageBox, PageTransform } from '../../core/evidence/page-transform.ts'
import type { Scrub } from '../../core/evidence/scrub.ts'

/** A PNG file that holds the picture and nothing else. */
export type PagePicture = { readonly width: number; readonly height: number; readonly png: Bytes }

export const PAGE_FILE_BYTES_MAX = 50 * 1024 * 1024

export const WHY_NO_PAGES = {
  notPages: 'the file is no PDF, PNG, JPEG or WebP',
  encrypted: 'the PDF is protected by a password; it must be opened by who has it',
  damaged: 'the file cannot be read to its end; it may be damaged or made to do harm',
  tooLarge: 'the file or a picture in it is too large to be drawn here',
  tooManyPages: 'the document has more pages than can be drawn at once',
  tooSlow: 'drawing the file took too long; it may be made to do harm',
  boxOutside: 'a box lies outside its page',
  noSuchPage: 'the document has no such page, or it comes after the last that is shown here',
} as const
export type WhyNoPages = keyof typeof WHY_NO_PAGES

export type RefusedPages = { readonly refused: WhyNoPages }

/** Pages that are looked at together, and how many of a document are shown at all. */
export const SHEET_PAGES = 10
export const LOOK_PAGES_MAX = 500

/** Some pages of a document, in their order from `first`, which counts from 1. */
export type PageSheet = {
  readonly first: number
  readonly pages: readonly PagePicture[]
  /** Of the whole document, shown or not. */
  readonly count: number
  /** What it was drawn as, whatever it is said to be. */
  readonly mediaType: string
}

export type ScrubbedFile = {
  readonly bytes: Bytes
  readonly mediaType: string
  readonly scrub: Scrub
}

export type Pages = {
  /** A sheet of pages as they are; of a document of any length. */
  look(file: Uint8Array, first: number): Promise<PageSheet | RefusedPages>
  /**
   * The same picture, or the same pages, without what the file says beside them: of a picture
   * its own bytes less some, of a document a PDF of its pages as pictures.
   */
  scrub(file: Uint8Array): Promise<ScrubbedFile | RefusedPages>
  /** The pages as they are. */
  draw(file: Uint8Array): Promise<{ readonly pages: readonly PagePicture[] } | RefusedPages>
  /** The pages with every box painted black. The same file and boxes give the same bytes. */
  paint(
    file: Uint8Array,
    boxes: readonly PageBox[],
  ): Promise<
    { readonly pages: readonly PagePicture[]; readonly transform: PageTransform } | RefusedPages
  >
}
