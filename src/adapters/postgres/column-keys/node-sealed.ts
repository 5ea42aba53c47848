/**
 * Every column that is sealed or wrapped under the node's column key itself, and the
 * context of each row. A rotation seals all of them again; a column that is missing
 * here would be lost with the old key, so a test compares this list with the schema.
 */
import { WRAP_CONTEXT } from '../../keys/at-rest.ts'

export type NodeSealed = {
  readonly table: string
  /** The columns that tell rows apart. */
  readonly key: readonly KeyColumn[]
  readonly column: string
  /** From the key's columns as text. */
  readonly context: (key: readonly string[]) => string
}

export type KeyColumn = { readonly name: string; readonly type: 'uuid' | 'integer' | 'bytea' }

const ID: readonly KeyColumn[] = [{ name: 'id', type: 'uuid' }]

const byId = (table: string, column: string, context: (id: string) => string): NodeSealed => ({
  table,
  key: ID,
  column,
  context: ([id]) => context(id as string),
})

/** PostgreSQL writes bytes as `\\x` and hexadecimal digits. */
const hexOf = (bytea: string | undefined) => bytea?.slice(2)

export const NODE_SEALED: readonly NodeSealed[] = [
  byId('stream', 'wrapped_key', () => WRAP_CONTEXT),
  byId('affected_person', 'wrapped_key', () => WRAP_CONTEXT),
  {
    table: 'received_view',
    key: [{ name: 'release_id', type: 'uuid' }],
    column: 'wrapped_key',
    context: () => WRAP_CONTEXT,
  },
  byId('officer', 'sealed_name', (id) => `officer/${id}/name`),
  byId('officer', 'wrapped_private_key', (id) => `officer/${id}/private-key`),
  byId('filing', 'sealed_tags', (id) => `filing/${id}/tags`),
  byId('intake_batch', 'sealed_leaves', (id) => `intake-batch/${id}/leaves`),
  byId('fed_out_pending', 'sealed_content', (id) => `federation/out/${id}/content`),
  byId('fed_out', 'sealed_content', (id) => `federation/out/${id}/content`),
  byId('fed_in', 'sealed_content', (id) => `federation/in/${id}/content`),
  {
    table: 'exhibit_blob',
    key: [{ name: 'exhibit_id', type: 'uuid' }],
    column: 'wrapped_identity',
    context: ([id]) => `exhibit/${id}/identity`,
  },
  {
    table: 'people_note',
    key: [{ name: 'digest', type: 'bytea' }],
    column: 'sealed_note',
    context: ([digest]) => `people-note/${hexOf(digest)}`,
  },
  {
    table: 'contact_version',
    key: [
      { name: 'contact_id', type: 'uuid' },
      { name: 'version', type: 'integer' },
    ],
    column: 'sealed_contact',
    context: ([id, version]) => `contact/${id}/${version}`,
  },
  byId('passkey', 'sealed_name', (id) => `passkey/${id}/name`),
  byId('enrolment', 'sealed_person', (id) => `enrolment/${id}`),
  byId('mail_out', 'sealed_message', (id) => `mail-out/${id}`),
  {
    table: 'import_draft',
    key: [
      { name: 'id', type: 'uuid' },
      { name: 'officer_id', type: 'uuid' },
    ],
    column: 'sealed_table',
    context: ([id, officer]) => `import-draft/${id}/${officer}`,
  },
  {
    table: 'mail_check',
    key: [{ name: 'officer_id', type: 'uuid' }],
    column: 'sealed_wish',
    context: ([officer]) => `mail-check/${officer}`,
  },
  {
    table: 'mail_preference',
    key: [{ name: 'officer_id', type: 'uuid' }],
    column: 'sealed_address',
    context: ([officer]) => `mail-preference/${officer}`,
  },
  {
    table: 'own_log',
    key: [{ name: 'ordinal', type: 'integer' }],
    column: 'sealed_key',
    context: ([ordinal]) => `own-log/${ordinal}/key`,
  },
  {
    table: 'csaf_private_key',
    key: [{ name: 'ordinal', type: 'integer' }],
    column: 'sealed_key',
    context: ([ordinal]) => `csaf-key/${ordinal}/private`,
  },
]

/** Sealed under a key that is itself in the list above: a rotation does not touch them. */
export const SEALED_UNDER_OTHER_KEYS: readonly string[] = [
  'event.sealed_envelope',
  'affected_person.sealed_contact',
  'p_case.sealed_title',
  'p_case.sealed_access',
  'p_law_case.sealed_inputs',
  'guest_link.sealed_name',
  'letter.sealed_docx',
  'letter.sealed_pdf',
  'hand_over.sealed_package',
  'hand_over.sealed_receipt',
  'signature_file.sealed_file',
  'received_view.sealed_view',
  'work_task.sealed_title',
  'work_note.sealed_text',
]

/**
 * Sealed under the node key and not moved, because it is over within minutes. An old
 * key is not given up while one of them holds a row: it may be the one that opens it.
 */
export const NOT_MOVED: readonly string[] = ['sign_in_attempt.sealed_facts']
