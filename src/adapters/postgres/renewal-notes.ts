/** What became of the documents of each peer, and how often they renewed themselves. */
import type { PastRenewal, RenewalNote, RenewalNotes } from '../../app/ports/peers.ts'
import { DAY_MS, msOf } from '../../base/time.ts'
import type { Database } from './database.ts'

type Known = { readonly note: RenewalNote | null; readonly renewals: readonly PastRenewal[] }

/** The running node alone writes; what it has read stays true until then. */
export function postgresRenewalNotes(database: Database): RenewalNotes {
  let known: Promise<ReadonlyMap<string, Known>> | undefined
  const query = async () => {
    const rows = await database.selectFrom('peer_document').selectAll().orderBy('node').execute()
    return new Map(
      rows.map(({ node, note, renewals }) => [
        node,
        { note: note as RenewalNote | null, renewals: renewals as unknown as PastRenewal[] },
      ]),
    )
  }
  const read = () => {
    known ??= query().catch((error) => {
      known = undefined
      throw error
    })
    return known
  }
  const write = async (node: string, change: { note?: string | null; renewals?: string }) => {
    try {
      await database
        .insertInto('peer_document')
        .values({ node, ...change })
        .onConflict((on) => on.column('node').doUpdateSet(change))
        .execute()
    } finally {
      known = undefined
    }
  }
  return {
    async all() {
      return [...(await read()).values()].flatMap(({ note }) => (note ? [note] : []))
    },
    async keep(note) {
      const before = (await read()).get(note.node)?.note
      const isSame =
        before?.outcome === note.outcome &&
        before.why === note.why &&
        before.fingerprint === note.fingerprint
      if (isSame) return false
      await write(note.node, { note: JSON.stringify(note) })
      return true
    },
    drop: (node) => write(node, { note: null }),
    async renewals(node) {
      return (await read()).get(node)?.renewals ?? []
    },
    async count(node, renewal) {
      const before = (await read()).get(node)?.renewals ?? []
      // A clock that was wrong by more than a day counts for nothing.
      const kept = before.filter(({ at }) => Math.abs(msOf(at) - msOf(renewal.at)) < DAY_MS)
      await write(node, { renewals: JSON.stringify([...kept, renewal]) })
    },
  }
}
