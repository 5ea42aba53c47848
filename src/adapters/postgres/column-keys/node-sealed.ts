/**
 * Every column that is sealed or wrapped under the node's column key itself, and the
 * context of each row. A rotation seals all of them again; a column that is missing
 * here would be lost with the old key, so a test compares this list with the schema.
 */
import { WRAP_CONTEXT } from '../../keys/at-rest.ts'

export type NodeSealed = {
  readonly table: string
  /** A column that tells rows apart. */
  readonly key: string
  readonly keyType: 'uuid' | 'text' | 'bytea'
  readonly column: string
  /** From the key as text. */
  readonly context: (key: string) => string
}

const wrappedKey = (table: string): NodeSealed => ({
  table,
  key: 'id',
  keyType: 'uuid',
  column: 'wrapped_key',
  context: () => WRAP_CONTEXT,
})

const byId = (table: string, column: string, context: (id: string) => string): NodeSealed => ({
  table,
  key: 'id',
  keyType: 'uuid',
  column,
  context,
})

export const NODE_SEALED: readonly NodeSealed[] = [
  wrappedKey('stream'),
  wrappedKey('affected_person'),
  byId('officer', 'sealed_name', (id) => `officer/${id}/name`),
  byId('officer', 'wrapped_private_key', (id) => `officer/${id}/private-key`),
  byId('filing', 'sealed_tags', (id) => `filing/${id}/tags`),
  byId('intake_batch', 'sealed_leaves', (id) => `intake-batch/${id}/leaves`),
  {
    table: 'exhibit_blob',
    key: 'exhibit_id',
    keyType: 'uuid',
    column: 'wrapped_identity',
    context: (id) => `exhibit/${id}/identity`,
  },
  byId('fed_out_pending', 'sealed_content', (id) => `federation/out/${id}/content`),
  byId('fed_out', 'sealed_content', (id) => `federation/out/${id}/content`),
  byId('fed_in', 'sealed_content', (id) => `federation/in/${id}/content`),
]

/** Sealed under a key that is itself in the list above: a rotation does not touch them. */
export const SEALED_UNDER_OTHER_KEYS: readonly string[] = [
  'event.sealed_envelope',
  'affected_person.sealed_contact',
  'p_case.sealed_title',
]
