/**
 * Keeps one witness up to date: each head is sent once, a failed one again after
 * a while, and an idle log's head from time to time, so that its freshness shows.
 * One request at a time; a slow witness delays nobody else.
 */
import type { KnownWitness, SequencerParts } from './sequencer-parts.ts'
import { MustFreeze } from './stop-signals.ts'
import { requestCosignature, type SignedHead } from './witness-client.ts'

export type Cosigner = {
  /** Call it in each round; sends the head if that is due. */
  nudge(head: SignedHead): void
  /** Whether a witness that answered the last time is about to answer. */
  isAsked(): boolean
  /** Resolves when nothing is on its way to the witness. */
  settled(): Promise<void>
}

export type CosignerHooks = {
  readonly onCosigned: () => void
  readonly onFreeze: (error: MustFreeze) => void
}

const HEARTBEAT_MS = 600_000
const RETRY_MS = 5000

export function startCosigner(
  parts: SequencerParts,
  witness: KnownWitness,
  { onCosigned, onFreeze }: CosignerHooks,
): Cosigner {
  const { heartbeatMs = HEARTBEAT_MS, retryMs = RETRY_MS, onError } = parts
  let busy: Promise<void> | undefined
  let cosignedSize = -1
  let waitUntilMs = 0

  async function send(head: SignedHead): Promise<void> {
    try {
      await requestCosignature(parts, witness, head)
      cosignedSize = head.treeSize
      waitUntilMs = performance.now() + heartbeatMs
      onCosigned()
    } catch (error) {
      cosignedSize = -1
      waitUntilMs = performance.now() + retryMs
      if (error instanceof MustFreeze) onFreeze(error)
      else onError('warning', error as Error)
    } finally {
      busy = undefined
    }
  }

  return {
    nudge(head) {
      const isNew = cosignedSize >= 0 && cosignedSize !== head.treeSize
      if (busy === undefined && (isNew || performance.now() >= waitUntilMs)) busy = send(head)
    },
    isAsked: () => busy !== undefined && cosignedSize >= 0,
    settled: async () => busy,
  }
}
