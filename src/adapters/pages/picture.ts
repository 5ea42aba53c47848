/** Pictures as bytes of red, green, blue and alpha, a row after the other. */

export type Picture = {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray | Uint8Array
}

export type Box = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Longer pictures are made smaller by a whole number. */
export const SIDE_MAX = 2000

/**
 * On white, and no longer than allowed. What lay under a transparent pixel is gone:
 * a file can hide colours there.
 */
export function flattened(picture: Picture): Picture {
  const factor = Math.max(1, Math.ceil(Math.max(picture.width, picture.height) / SIDE_MAX))
  const width = Math.max(1, Math.floor(picture.width / factor))
  const height = Math.max(1, Math.floor(picture.height / factor))
  const data = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      averageInto(data, (y * width + x) * 4, picture, { x, y, width: factor, height: factor })
    }
  }
  return { width, height, data }
}

/** Whole numbers only, so that every machine gets the same. */
function averageInto(out: Uint8Array, at: number, from: Picture, block: Box): void {
  const sum = [0, 0, 0]
  let count = 0
  const right = Math.min(from.width, (block.x + 1) * block.width)
  const lower = Math.min(from.height, (block.y + 1) * block.height)
  for (let y = block.y * block.height; y < lower; y++) {
    for (let x = block.x * block.width; x < right; x++) {
      const i = (y * from.width + x) * 4
      const alpha = from.data[i + 3] ?? 0
      for (let c = 0; c < 3; c++) {
        const colour = from.data[i + c] ?? 0
        sum[c] = (sum[c] ?? 0) + Math.floor((colour * alpha + 255 * (255 - alpha)) / 255)
      }
      count++
    }
  }
  for (let c = 0; c < 3; c++) out[at + c] = Math.floor((sum[c] ?? 0) / Math.max(1, count))
  out[at + 3] = 255
}

/** Black and nothing else under each box. Changes the picture itself: no other copy is kept. */
export function paintBoxes({ width, height, data }: Picture, boxes: readonly Box[]): boolean {
  for (const box of boxes) {
    const isInside =
      box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height
    if (!isInside || box.width < 1 || box.height < 1) return false
    for (let y = box.y; y < box.y + box.height; y++) {
      for (let x = box.x; x < box.x + box.width; x++) {
        const i = (y * width + x) * 4
        data[i] = 0
        data[i + 1] = 0
        data[i + 2] = 0
        data[i + 3] = 255
      }
    }
  }
  return true
}
