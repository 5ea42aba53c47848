/** How the bytes of a released file travel between nodes: `protocol/spec/exchange.md`. */
import type { Static } from '@sinclair/typebox'
import { Type } from '@sinclair/typebox'
import { HashForm, strictObject, UuidForm, Version1 } from './form.ts'

/** Every piece has so many bytes, but for the last. */
export const PIECE_BYTES = 1024 * 1024

/** What lies there for the peer that asks. */
export const SealedFileForm = strictObject({
  v: Version1,
  releaseId: UuidForm,
  /** SHA-256 of the age file. */
  digest: HashForm,
  sizeBytes: Type.Integer({ minimum: 1 }),
})
export type SealedFile = Static<typeof SealedFileForm>

const AGE_HEADER_MAX = 64 * 1024
const AGE_CHUNK = 64 * 1024
const AGE_TAG = 16

/** The most bytes that an age file of so much plaintext may have. */
export function sealedBytesMax(plainBytes: number): number {
  return AGE_HEADER_MAX + plainBytes + AGE_TAG * (Math.ceil(plainBytes / AGE_CHUNK) + 2)
}
