/** What became of the newest document of each peer: one setting of the node a peer. */
import type { RenewalNote, RenewalNotes } from '../../app/ports/peers.ts'
import type { Database } from './database.ts'

const PREFIX = 'peer-document/'

export function postgresRenewalNotes(database: Database): RenewalNotes {
  const read = async () => {
    const rows = await database
      .selectFrom('node_setting')
      .select('value')
      .where('key', 'like', `${PREFIX}%`)
      .orderBy('key')
      .execute()
    return rows.map(({ value }) => value as RenewalNote)
  }
  return {
    all: read,
    async keep(note) {
      const before = (await read()).find(({ node }) => node === note.node)
      const isSame =
        before?.outcome === note.outcome &&
        before.why === note.why &&
        before.fingerprint === note.fingerprint
      if (isSame) return false
      const value = JSON.stringify(note)
      await database
        .insertInto('node_setting')
        .values({ key: `${PREFIX}${note.node}`, value })
        .onConflict((on) => on.column('key').doUpdateSet({ value }))
        .execute()
      return true
    },
    async drop(node) {
      await database.deleteFrom('node_setting').where('key', '=', `${PREFIX}${node}`).execute()
    },
  }
}
