/**
 * What each door of a node may do in its database. Every door connects with a role
 * of its own, so that a fault behind one is stopped by the server at what that door
 * has no business with: the public door reads no officer's key and no session, the
 * peers' door no filing, and none of them changes the log.
 *
 * It does not keep the rows of one case from a door that may read the table; that is
 * decided in `core/access`, and what rows hold is sealed.
 */
import { type Kysely, sql } from 'kysely'
import { DOORS, type Door, type OfDoors } from '../../app/ports/door.ts'
import type { Database, Schema } from './database.ts'

type Right = 'select' | 'insert' | 'update' | 'delete'
type Rights = Readonly<Record<string, readonly Right[]>>

const READ = ['select'] as const
const APPEND = ['select', 'insert'] as const
const CHANGE = ['select', 'insert', 'update'] as const
const TAKE_BACK = ['select', 'insert', 'delete'] as const
const WRITE = ['select', 'insert', 'update', 'delete'] as const

/** To append an event, besides what is derived from it: the stream, its log entry, its messages. */
const APPEND_EVENTS: Rights = {
  stream: CHANGE,
  event: APPEND,
  case_link: APPEND,
  log_pending: APPEND,
  fed_out_channel: CHANGE,
  fed_out_pending: APPEND,
  node_setting: READ,
}

const RIGHTS: Omit<OfDoors<Rights>, 'officers'> = {
  public: {
    ...APPEND_EVENTS,
    // A person who takes consent back takes back what still waits under it.
    fed_out_pending: TAKE_BACK,
    filing: APPEND,
    filing_attachment: APPEND,
    filing_message: CHANGE,
    filing_contact_opened: READ,
    intake_batch: READ,
    intake_tag: READ,
    // Drafts are replaced and deleted by who has their code.
    report_draft: WRITE,
    used_form_token: APPEND,
    affected_person: READ,
    // The advisories as they are served, and the public keys that signed them.
    csaf_file: READ,
    csaf_key: READ,
    // What a person writes is work for officers, in the same transaction.
    work_task: ['insert'],
  },
  federation: {
    ...APPEND_EVENTS,
    fed_out_pending: WRITE,
    fed_out: WRITE,
    fed_out_transaction: WRITE,
    fed_in_channel: CHANGE,
    fed_in: WRITE,
    // How much of each peer was taken in today.
    fed_in_day: WRITE,
    fed_in_transaction: WRITE,
    fed_nonce: WRITE,
    fed_head: CHANGE,
    fed_equivocation: APPEND,
    witness_state: CHANGE,
    witness_evidence: APPEND,
    exhibit_blob: APPEND,
    // How often each peer asked for a match today.
    match_question: WRITE,
    received_view: CHANGE,
    affected_person: READ,
    // A peer says how it is reached.
    contact_version: APPEND,
    // A document that follows the pinned one, and which logs notices lead to.
    peer_document: CHANGE,
    log_notice: READ,
  },
}

/** Who someone is, without the key that the node holds for them. */
const OFFICER_COLUMNS = [
  'id',
  'sealed_name',
  'roles',
  'public_key',
  'sealing_recipient',
  'intake_layer',
  'left_at',
] as const

/** The officers' door does everything but what only the sequencer does. */
const SEQUENCER_ONLY = ['log_entry', 'log_head', 'log_checkpoint', 'log_cosig', 'witness_cursor']

/** Takes every right from the roles and gives each its own. To run after every migration. */
export async function grantDoorRights(database: Database, roles: OfDoors<string>): Promise<void> {
  await database.transaction().execute(async (tx) => {
    const run = (text: string) => sql.raw(text).execute(tx)
    await run('revoke all on schema public from public')
    const projections = await projectionTables(tx)
    for (const door of DOORS) {
      const role = quoted(roles[door])
      await run(`revoke all on all tables in schema public from ${role}`)
      await run(`grant usage on schema public to ${role}`)
      for (const text of grantsOf(door, role, projections)) await run(text)
    }
  })
}

function grantsOf(door: Door, role: string, projections: string): string[] {
  if (door === 'officers') {
    return [
      `grant ${WRITE.join()} on all tables in schema public to ${role}`,
      `revoke insert, update, delete on ${SEQUENCER_ONLY.join()} from ${role}`,
      `revoke all on own_log, csaf_private_key, kysely_migration, kysely_migration_lock from ${role}`,
    ]
  }
  const tables = Object.entries(RIGHTS[door])
  return [
    ...tables.map(([table, rights]) => `grant ${rights.join()} on ${table} to ${role}`),
    `grant ${WRITE.join()} on ${projections} to ${role}`,
    `grant select (${OFFICER_COLUMNS.join()}) on officer to ${role}`,
  ]
}

/** What is derived from streams, and changes with them. */
async function projectionTables(database: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename like 'p\\_%'
  `.execute(database)
  return rows.map(({ name }) => quoted(name)).join()
}

/** An identifier, whatever it holds. */
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
