/** The contact directory on PostgreSQL: every version sealed, none ever changed. */
import type { Contacts, ContactVersion, StoredContact } from '../../../app/ports/contacts.ts'
import { textFromUtf8, utf8 } from '../../../base/bytes.ts'
import { isUuid } from '../../../base/ids.ts'
import { instantFromMs } from '../../../base/time.ts'
import type { Contact } from '../../../core/people/contact.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'

export function postgresContacts({
  database,
  atRest,
}: {
  readonly database: Database
  readonly atRest: AtRest
}): Contacts {
  const all = async (id?: string): Promise<StoredContact[]> => {
    const query = database.selectFrom('contact_version').selectAll()
    const one = id === undefined ? query : query.where('contact_id', '=', id)
    const rows = await one.orderBy('contact_id').orderBy('version').execute()
    const found = new Map<string, ContactVersion[]>()
    for (const { contact_id, version, change, at, by, sealed_contact } of rows) {
      const bytes = atRest.node.open(place(contact_id, version), sealed_contact)
      const contact = JSON.parse(textFromUtf8(bytes)) as Contact
      const entry = { version, change, at: instantFromMs(at.getTime()), by, contact }
      found.set(contact_id, [...(found.get(contact_id) ?? []), entry])
    }
    return [...found].map(([key, history]) => ({ id: key, history }))
  }
  return {
    all: () => all(),
    async find(id) {
      if (!isUuid(id)) return undefined
      const [found] = await all(id)
      return found
    },
    async write(id, { version, change, at, by, contact }) {
      const { numInsertedOrUpdatedRows } = await database
        .insertInto('contact_version')
        .values({
          contact_id: id,
          version,
          change,
          at,
          by,
          sealed_contact: atRest.node.seal(place(id, version), utf8(JSON.stringify(contact))),
        })
        .onConflict((on) => on.doNothing())
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows === 1n
    },
  }
}

const place = (id: string, version: number) => `contact/${id}/${version}`
