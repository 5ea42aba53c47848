/**
 * Drafts of the sealed form: sealed on the device to a key from the code, kept by the node
 * as ciphertext for a few days, and opened again with the code. Nothing of a draft is kept
 * in the browser, and files are not part of it.
 */
import type * as SealReport from './seal-report.ts'
import type { Draft } from './seal-report.ts'

type Sealer = Pick<typeof SealReport, 'sealedDraft' | 'draftKeysOf' | 'openDraft'>
type Ticket = { readonly ticket: string; readonly workBits: number }

export type Drafts = {
  /** The last day on which it is kept. */
  readonly save: (code: string, draft: Draft, ticket: Ticket) => Promise<string>
  /** @returns undefined if there is none for this code */
  readonly open: (typed: string) => Promise<Draft | undefined>
  readonly remove: (code: string) => Promise<void>
}

/** @param post gives the answer's JSON, or undefined for nothing there; throws to stop */
export function drafts(
  sealer: () => Promise<Sealer>,
  origin: string,
  post: (what: 'save' | 'open' | 'delete', body: object) => Promise<object | undefined>,
): Drafts {
  return {
    async save(code, draft, ticket) {
      const { sealedDraft } = await sealer()
      const saved = await post('save', await sealedDraft(origin, code, draft, ticket))
      return (saved as { until: string }).until
    },
    async open(typed) {
      const { draftKeysOf, openDraft } = await sealer()
      const keys = draftKeysOf(typed, origin)
      const found = keys && (await post('open', { draftId: keys.draftId }))
      if (!keys || !found) return undefined
      return openDraft(keys, origin, (found as { sealed: string }).sealed)
    },
    async remove(code) {
      const { draftKeysOf } = await sealer()
      const keys = draftKeysOf(code, origin)
      if (keys) await post('delete', { draftId: keys.draftId })
    },
  }
}
