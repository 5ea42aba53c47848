/**
 * Where sealed bytes lie: each blob under the SHA-256 of its own bytes, in a folder of
 * this machine or a bucket of a store that speaks S3. What is kept is ciphertext; a
 * store can lose it or keep it, and can neither read nor change it unnoticed.
 */
export type BlobFacts = {
  /** SHA-256, lower-case hex. */
  readonly digest: string
  readonly sizeBytes: number
}

export type BlobStore = {
  /** Keeps the stream as a whole, on disk before it answers; nothing of it if it ends with an error. */
  keep(bytes: AsyncIterable<Uint8Array>): Promise<BlobFacts>
  /** @throws ComityError `unavailable`, also on the way */
  read(digest: string): Promise<AsyncIterable<Uint8Array>>
  has(digest: string): Promise<boolean>
  /** Also where there is none. */
  remove(digest: string): Promise<void>
  /** What was cut short before this process began. */
  removeUnfinished(): Promise<void>
}

export const isBlobDigest = (digest: string) => /^[0-9a-f]{64}$/.test(digest)
