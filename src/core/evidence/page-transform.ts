/**
 * How pages of a document or a picture were made into pictures with boxes painted over
 * them: enough for whoever has the original to do it again and get the same bytes.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'

/** Raised whenever the same input would give other bytes. */
export const PAGE_TOOL = { tool: 'comity-pages', version: '1' } as const

export const BOXES_MAX = 500
const REASON_MAX = 500
const DIGEST = /^[0-9a-f]{64}$/

/** In pixels of the page as this tool draws it, from the upper left corner. */
export type PageBox = {
  /** From 1. */
  readonly page: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly ground: string
  readonly reason: string
}

export type TransformedPage = {
  readonly page: number
  readonly width: number
  readonly height: number
  /** Of the PNG file, SHA-256, lower-case hex. */
  readonly digest: string
  readonly sizeBytes: number
}

export type PageTransform = {
  readonly tool: string
  readonly version: string
  readonly input: {
    readonly mediaType: string
    readonly digest: string
    readonly sizeBytes: number
  }
  readonly boxes: readonly PageBox[]
  readonly pages: readonly TransformedPage[]
}

export type WhyNoBoxes = 'noBox' | 'boxOutside' | 'boxFaulty' | 'tooManyBoxes'

/** Boxes on pages of these sizes, in the order of the pages. */
export function checkBoxes(
  boxes: readonly PageBox[],
  pages: readonly { readonly width: number; readonly height: number }[],
  isGround: (ground: string) => boolean,
): Decision<readonly PageBox[], WhyNoBoxes> {
  if (boxes.length === 0) return no('noBox', 'nothing was marked')
  if (boxes.length > BOXES_MAX) return no('tooManyBoxes', `at most ${BOXES_MAX} boxes`)
  for (const box of boxes) {
    const { x, y, width, height, page, ground, reason } = box
    const isNumbers = [x, y, width, height, page].every(Number.isSafeInteger)
    const hasReason = isGround(ground) && reason.trim() !== '' && reason.length <= REASON_MAX
    if (!isNumbers || width < 1 || height < 1 || !hasReason) {
      return no('boxFaulty', 'a box has whole numbers, a ground and a reason')
    }
    const size = pages[page - 1]
    const isInside =
      size && x >= 0 && y >= 0 && x + width <= size.width && y + height <= size.height
    if (!isInside) return no('boxOutside', `a box lies outside page ${page}`)
  }
  return permit(boxes)
}

/**
 * Where two records of a transform differ; undefined if whoever repeated it got the same
 * bytes from the same input.
 */
export function transformDifference(
  stated: PageTransform,
  repeated: PageTransform,
): string | undefined {
  if (stated.tool !== repeated.tool || stated.version !== repeated.version) return 'tool'
  if (stated.input.digest !== repeated.input.digest) return 'input'
  if (stated.pages.length !== repeated.pages.length) return 'pages'
  const page = stated.pages.find(({ digest }, index) => digest !== repeated.pages[index]?.digest)
  return page && `page ${page.page}`
}

/** Is it a record at all? It may come from a peer or a file. */
export function transformFault(transform: PageTransform): string | undefined {
  const { tool, version, input, boxes, pages } = transform
  if (tool === '' || version === '') return 'a transform names its tool and version'
  if (!DIGEST.test(input.digest) || !input.mediaType.includes('/')) return 'the input is not named'
  if (pages.length === 0) return 'there are no pages'
  const isInOrder = pages.every(({ page, digest, sizeBytes, width, height }, index) => {
    const isSize = [sizeBytes, width, height].every((n) => Number.isSafeInteger(n) && n > 0)
    return page === index + 1 && DIGEST.test(digest) && isSize
  })
  if (!isInOrder) return 'a page is not named by its place, size and digest'
  const checked = checkBoxes(boxes, pages, (ground) => ground !== '')
  return checked.decision === 'refuse' ? checked.because[0]?.text : undefined
}

function no(why: WhyNoBoxes, text: string) {
  return refuse(why, { rule: `evidence:${why}`, text })
}
