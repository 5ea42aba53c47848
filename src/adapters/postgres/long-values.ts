/**
 * Many values of bytes as one long parameter, for statements about many rows whose text does
 * not grow with them: the driver writes an array of bytes as text with escapes.
 */
export type LongValue = {
  readonly bytes: Buffer
  /** Of each; -1 where there is none. */
  readonly sizes: readonly number[]
  /** Where each begins in all of them together; SQL counts from 1. */
  readonly starts: readonly number[]
}

export function longValue(values: readonly (Uint8Array | null)[]): LongValue {
  const sizes = values.map((value) => value?.length ?? -1)
  let next = 1
  const starts = sizes.map((size) => {
    const start = next
    next += Math.max(0, size)
    return start
  })
  return { bytes: Buffer.concat(values.filter((value) => value !== null)), sizes, starts }
}
