/** Mails and hooks that were given up: that it happened and why, never what they say. */
import type { Instant } from '../../base/time.ts'

export type UndeliveredItem = {
  readonly kind: 'mail' | 'hook'
  readonly id: string
  /** The officer it was for; of a hook: the endpoint's name in the configuration. */
  readonly officer: string | undefined
  readonly endpoint: string | undefined
  readonly fault: string | undefined
  readonly attempts: number
  readonly endedAt: Instant
  /** False: it is too old, and its text is gone. */
  readonly isKept: boolean
}

export type Undelivered = {
  /** The latest first, at most a hundred. */
  list(): Promise<readonly UndeliveredItem[]>
  /** Puts it back into its queue; false if there is no such thing any more. */
  again(kind: UndeliveredItem['kind'], id: string): Promise<boolean>
  drop(kind: UndeliveredItem['kind'], id: string): Promise<boolean>
}
