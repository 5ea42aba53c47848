/**
 * Streams about the authority itself, kept as they were last read: nearly every act asks how
 * people stand and what was agreed, and both change seldom. Each use reads the stream's row
 * first; a version or a key that is another one makes it be read again. Cases are never kept:
 * what is destroyed in one must be in no memory.
 */
import type { StreamView } from '../../../app/ports/streams.ts'
import { equalBytes } from '../../../base/bytes.ts'

type Row = { readonly id: string; readonly version: number; readonly wrapped_key: Uint8Array }

export type KeptStreams = {
  find(row: Row): StreamView | undefined
  keep(row: Row, view: StreamView): void
}

const KEPT_MAX = 64
const KEPT_KINDS: readonly StreamView['kind'][] = ['agreement', 'authority', 'law']

export function keptStreams(): KeptStreams {
  const kept = new Map<string, { readonly key: Uint8Array; readonly view: StreamView }>()
  return {
    find({ id, version, wrapped_key }) {
      const known = kept.get(id)
      if (!known) return undefined
      const isCurrent = known.view.history.length === version && equalBytes(known.key, wrapped_key)
      if (!isCurrent) kept.delete(id)
      return isCurrent ? known.view : undefined
    },
    keep({ id, wrapped_key }, view) {
      if (!KEPT_KINDS.includes(view.kind)) return
      const [oldest] = kept.keys()
      if (kept.size >= KEPT_MAX && oldest !== undefined) kept.delete(oldest)
      kept.set(id, { key: new Uint8Array(wrapped_key), view })
    },
  }
}
