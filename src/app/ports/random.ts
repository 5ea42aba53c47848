/** Randomness, passed in. Ids that carry a time never touch what a reporter does. */
import type { Bytes } from '../../base/bytes.ts'

export type Random = {
  bytes(size: number): Bytes
  /** UUID of version 4: says nothing about when it was made. */
  uuid(): string
  /** UUID of version 7: sorts by the real time at which it was made. */
  uuidByTime(): string
}
